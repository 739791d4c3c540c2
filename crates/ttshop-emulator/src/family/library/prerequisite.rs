//! `GET /product/{202309,202312}/prerequisites`: what keeps a shop from listing.

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::{Shop, World};

/// The newer version lists checks, the older one has a text for each, which is empty where nothing is wrong.
pub(super) fn check_listing_prerequisites(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let checks = checks(shop);
    let rows: Vec<Value> = checks
        .iter()
        .map(|(item, failure)| {
            let reasons: Vec<&str> = failure.iter().copied().collect();
            json!({ "check_item": item, "is_failed": failure.is_some(), "fail_reasons": reasons })
        })
        .collect();
    let text = |item: &str| {
        let failure = checks.iter().find(|(known, _)| *known == item).and_then(|(_, failure)| *failure);
        failure.unwrap_or_default()
    };
    let answer = json!({
        "check_results": rows,
        "shop": {
            "status": text("SHOP_STATUS"),
            "bank_account": "",
            "contact_info": text("CONTACT_INFO"),
            "tax_info": text("SHOP_TAX"),
            "gne": {
                "epr": text("EXTENDED_PRODUCER_RESPONSIBILITY"),
                "product_quantity_limit": text("PRODUCT_QUANTITY_LIMIT"),
            },
            "logistics": {
                "delivery_option": text("DELIVERY_OPTION"),
                "pickup_warehouse": text("PICKUP_WAREHOUSE"),
                "return_warehouse": text("RETURN_WAREHOUSE"),
                "shipping_template": text("SHIPPING_TEMPLATE"),
            },
        },
    });
    Ok(fitted(call, answer))
}

fn checks(shop: &Shop) -> [(&'static str, Option<&'static str>); 9] {
    let sends = shop.warehouses.iter().any(|warehouse| warehouse.sells());
    let takes_back = shop.warehouses.iter().any(|warehouse| !warehouse.sells());
    let unless = |fine: bool, reason: &'static str| (!fine).then_some(reason);
    [
        ("SHOP_STATUS", unless(shop.active, "The shop is not active.")),
        ("PICKUP_WAREHOUSE", unless(sends, "The shop has no pickup warehouse.")),
        ("RETURN_WAREHOUSE", unless(takes_back, "The shop has no return warehouse.")),
        ("PRODUCT_QUANTITY_LIMIT", None),
        ("DELIVERY_OPTION", None),
        ("CONTACT_INFO", None),
        ("SHOP_TAX", None),
        ("SHIPPING_TEMPLATE", None),
        ("EXTENDED_PRODUCER_RESPONSIBILITY", None),
    ]
}
