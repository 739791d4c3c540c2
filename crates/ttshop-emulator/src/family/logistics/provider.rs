//! `GET /logistics/202309/delivery_options/{delivery_option_id}/shipping_providers`

use serde_json::{Value, json};

use crate::family::data;
use crate::family::fulfillment::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::carrier::{DeliveryOption, option_by_id, providers};

/// The shop has no such delivery option.
const NO_OPTION: i64 = 21_008_116;
/// The platform carries what is sent under this option.
const NO_PROVIDERS: i64 = 21_008_117;

/// The carriers that a seller may name; whoever picks a platform option picks no carrier.
pub(super) fn get_shipping_providers(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let option = call.path_params.get("delivery_option_id").and_then(option_by_id);
    match option {
        None => Err(Refusal::business(NO_OPTION, "The delivery option is unknown.")),
        Some(DeliveryOption { by_seller: false, .. }) => {
            Err(Refusal::business(NO_PROVIDERS, "The platform ships what is sent under this option."))
        }
        Some(DeliveryOption { by_seller: true, .. }) => {
            let providers: Vec<Value> = providers(&shop.region)
                .iter()
                .map(|provider| json!({ "id": provider.id.to_string(), "name": provider.name }))
                .collect();
            Ok(data(&json!({ "shipping_providers": providers })))
        }
    }
}
