//! The merchant and TikTok's warehouse.

use serde_json::json;

use crate::family::fbt::{warehouse_id, warehouse_name};
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

pub(super) fn get_fbt_merchant_mcf_status(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    shop_of(call, world)?;
    Ok(fitted(call, json!({ "mcf_status": { "is_mcf": 1 } })))
}

/// Every shop is onboarded in its own region.
pub(super) fn get_fbt_merchant_onboarded_regions(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let region = shop_of(call, world)?.region.code().to_owned();
    Ok(fitted(call, json!({ "onboarded_regions": [{ "region_code": region }] })))
}

pub(super) fn get_fbt_warehouse_list(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let address = json!({
        "region_code": shop.region.code(),
        "postal_code": "00000",
        "state": "",
        "district": "",
        "city": "",
        "address_line_1": "1 Fulfilment Way",
    });
    let warehouse = json!({
        "fbt_warehouse_id": warehouse_id(shop),
        "warehouse_ids": [shop.default_warehouse().to_string()],
        "name": warehouse_name(shop),
        "type": "PLATFORM_WAREHOUSE",
        "subscribed": true,
        "addresses": [address],
        "logistics_services": [],
    });
    Ok(fitted(call, json!({ "warehouses": [warehouse] })))
}
