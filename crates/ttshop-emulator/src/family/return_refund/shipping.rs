//! `POST /return_refund/202405/returns/shipping_documents`: the seller sends the buyer a label.

use crate::family::nothing;
use crate::family::return_refund::once::shop;
use crate::gateway::{Admitted, Refusal, Success};
use crate::upload::Part;
use crate::world::aftersale::{ReturnParcel, ReturnStatus};
use crate::world::{ReturnNo, RmaNo, Shop, World};

const UPLOADED_ALREADY: i64 = 25_021_022;
const UNKNOWN_IDS: i64 = 25_023_001;
const OF_ANOTHER_SELLER: i64 = 25_023_002;

pub(super) fn upload_return_shipping_information(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let found = shop(call, world)?;
    let number = found.number;
    let ids: Vec<&str> =
        call.call.param("return_ids").unwrap_or_default().split(',').map(str::trim).collect();
    let by_rma = call.call.param("return_id_type") == Some("RMA");
    let mut cases: Vec<ReturnNo> = Vec::new();
    for id in ids {
        match returns_of(id, by_rma, found) {
            Some(returns) => cases.extend(returns),
            None if world.shops.values().any(|shop| returns_of(id, by_rma, shop).is_some()) => {
                return Err(Refusal::business(OF_ANOTHER_SELLER, "A return belongs to another seller."));
            }
            None => return Err(Refusal::business(UNKNOWN_IDS, "A return does not exist.")),
        }
    }
    let text = |name: &str| {
        let part = call.call.parts().iter().find(|part| part.name == name);
        part.and_then(Part::as_text).unwrap_or_default()
    };
    let waits = |number: &ReturnNo| {
        found
            .aftersales
            .returns
            .get(number)
            .is_some_and(|case| case.status == ReturnStatus::AwaitingBuyerShip)
    };
    if !cases.iter().all(waits) {
        return Err(Refusal::business(UNKNOWN_IDS, "A return does not wait for a label."));
    }
    let has_label =
        |number: &ReturnNo| found.aftersales.returns.get(number).is_some_and(|case| case.parcel.is_some());
    if cases.iter().any(has_label) {
        return Err(Refusal::business(UPLOADED_ALREADY, "The label was uploaded already."));
    }
    let parcel = ReturnParcel {
        tracking_number: text("tracking_number").into(),
        provider_id: text("return_provider_id").into(),
        by_seller: true,
        arrived: false,
    };
    if let Some(shop) = world.shops.get_mut(&number) {
        for number in cases {
            if let Some(case) = shop.aftersales.returns.get_mut(&number) {
                case.parcel = Some(parcel.clone());
                case.updated = call.now;
            }
        }
    }
    Ok(nothing())
}

/// The returns that an id names: one, or all of an authorization.
fn returns_of(id: &str, by_rma: bool, shop: &Shop) -> Option<Vec<ReturnNo>> {
    if by_rma {
        return Some(shop.aftersales.rmas.get(&id.parse::<RmaNo>().ok()?)?.returns.clone());
    }
    let number = id.parse::<ReturnNo>().ok()?;
    shop.aftersales.returns.contains_key(&number).then(|| vec![number])
}
