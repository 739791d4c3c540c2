//! Activities as the API shows them.

use serde_json::{Value, json};

use crate::money::Minor;
use crate::world::Shop;
use crate::world::promotion::{Activity, Item, Offer, ProductLevel, SkuItem};

/// Everything that any operation shows of an activity; `id` and `activity_id` are the same.
pub(super) fn activity(shop: &Shop, activity: &Activity) -> Value {
    let products: Vec<Value> =
        activity.items.iter().map(|(number, item)| product(shop, activity.level, number.0, item)).collect();
    let benefits: Vec<Value> =
        activity.benefit_products.iter().map(|number| json!({ "id": number.to_string() })).collect();
    let mut shown = json!({
        "id": activity.number.to_string(),
        "activity_id": activity.number.to_string(),
        "title": activity.title,
        "activity_type": activity.kind,
        "product_level": activity.level,
        "duration_type": if activity.indefinite { "INDEFINITE" } else { "NORMAL" },
        "begin_time": activity.begin.as_seconds(),
        "end_time": activity.end.as_seconds(),
        "status": activity.status,
        "create_time": activity.created.as_millis(),
        "update_time": activity.updated.as_millis(),
        "activity_commands": [],
        "products": products,
        "benefit_products": benefits,
    });
    if let (Some(shown), Some(terms)) = (shown.as_object_mut(), activity.terms.as_object()) {
        shown.extend(terms.clone());
    }
    shown
}

fn product(shop: &Shop, level: ProductLevel, id: u64, item: &Item) -> Value {
    let skus: Vec<Value> = item.skus.iter().map(|(number, item)| sku(shop, number.0, item)).collect();
    let mut shown = json!({
        "id": id.to_string(),
        "quantity_limit": item.quantity_limit,
        "quantity_per_user": item.quantity_per_user,
        "used_quantity": item.used,
    });
    if level == ProductLevel::Variation {
        shown["skus"] = skus.into();
    }
    with_offer(shop, shown, item.offer)
}

fn sku(shop: &Shop, id: u64, item: &SkuItem) -> Value {
    let shown = json!({
        "id": id.to_string(),
        "quantity_limit": item.quantity_limit,
        "quantity_per_user": item.quantity_per_user,
        "used_quantity": item.used,
    });
    with_offer(shop, shown, item.offer)
}

fn with_offer(shop: &Shop, mut shown: Value, offer: Option<Offer>) -> Value {
    match offer {
        Some(Offer::Price(price)) => shown["activity_price"] = amount(shop, price),
        Some(Offer::PercentOff(percent)) => shown["discount"] = percent.to_string().into(),
        None => {}
    }
    shown
}

/// `amount` and `currency`.
pub(super) fn amount(shop: &Shop, amount: Minor) -> Value {
    json!({ "amount": amount.text(shop.decimals()), "currency": shop.currency() })
}
