//! Open collaborations.

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::listing::page;
use crate::family::{nothing, shop_mut, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::affiliate::OpenCollaboration;
use crate::world::product::Product;
use crate::world::{CollaborationNo, ProductNo, Shop, World};

const ALREADY_OPEN: i64 = 16_003_012;
const RATE: i64 = 16_003_033;
/// Between 1 and 80 percent, in hundredths of one (PLATFORM.md 4.7).
const RATES: std::ops::RangeInclusive<i64> = 100..=8_000;

pub(super) fn get_open_collaboration_settings(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let rate = shop_of(call, world)?.affiliate.auto_add_rate;
    let setting = json!({ "enable": rate.is_some(), "commission_rate": rate });
    Ok(fitted(call, json!({ "open_collaboration_settings": { "auto_add_product": setting } })))
}

pub(super) fn edit_open_collaboration_settings(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let setting = call.body.get("auto_add_product").cloned().unwrap_or_default();
    let enabled = setting.get("enable").and_then(Value::as_bool).unwrap_or(false);
    let rate = rate(&setting)?;
    shop_mut(call, world)?.affiliate.auto_add_rate = enabled.then_some(rate);
    Ok(nothing())
}

pub(super) fn create_open_collaboration(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_mut(call, world)?;
    let product = product_of(shop, call.body.get("product_id").and_then(Value::as_str))?.number;
    let rate = rate(&call.body)?;
    if shop.affiliate.open_at(product, call.now).is_some() {
        let message = "The product is in an open collaboration already.";
        return Err(Refusal::business(ALREADY_OPEN, message));
    }
    let number = CollaborationNo(shop.chance.mint.thing(&mut shop.chance.dice));
    let approves = call.body.get("require_seller_approve_creator").and_then(Value::as_bool);
    let open = OpenCollaboration {
        number,
        product,
        rate,
        needs_approval: approves.unwrap_or(false),
        begin: call.now,
        end: None,
    };
    shop.affiliate.open.insert(number, open);
    Ok(fitted(
        call,
        json!({ "open_collaboration": {
            "id": number.to_string(),
            "product_id": product.to_string(),
            "effective_time": call.now.as_seconds(),
        }}),
    ))
}

pub(super) fn remove_open_collaboration(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_mut(call, world)?;
    let product = product_of(shop, call.path_params.get("product_id"))?.number;
    let end = shop.affiliate.remove(product, call.now).ok_or_else(|| {
        Refusal::parameter("Invalid parameter 'product_id'. The product is in no open collaboration.")
    })?;
    Ok(fitted(call, json!({ "terminated_effective_time": end.as_seconds() })))
}

/// Newest first; what has ended is gone.
pub(super) fn search_open_collaborations(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let keyword = text("keyword");
    let found = shop.affiliate.open.values().rev().filter_map(|open| {
        let product = shop.products.iter().find(|product| product.number == open.product)?;
        let fits = match (text("keyword_type"), keyword) {
            (_, None) => true,
            (Some("PRODUCT_ID"), Some(id)) => product.number.to_string() == id,
            (_, Some(name)) => product.name.contains(name),
        };
        (open.counts(call.now) && fits).then_some((open, product))
    });
    let page = page(call, world, found.collect())?;
    let shown: Vec<Value> = page.rows.iter().map(|(open, product)| view(shop, open, product)).collect();
    Ok(fitted(
        call,
        json!({ "total_count": page.total, "next_page_token": page.next, "open_collaborations": shown }),
    ))
}

fn view(shop: &Shop, open: &OpenCollaboration, product: &Product) -> Value {
    let prices = || product.offered().map(|sku| sku.price);
    let text = |price: Option<crate::money::Minor>| price.unwrap_or_default().text(shop.decimals());
    json!({
        "id": open.number.to_string(),
        "status": if open.end.is_some() { "TERMINATING" } else { "NORMAL" },
        "current_commission": {
            "rate": open.rate,
            "start_time": open.begin.as_seconds(),
            "end_time": open.end.map(|end| end.as_seconds()),
        },
        "require_seller_approve_creator": open.needs_approval,
        "showcase_creator_count": 0,
        "content_creator_count": 0,
        "product": {
            "id": product.number.to_string(),
            "title": product.name,
            "main_image_url": product.skus.first().map(|sku| sku.image.as_str()),
            "original_price": {
                "currency": shop.currency(),
                "minimum_amount": text(prices().min()),
                "maximum_amount": text(prices().max()),
            },
        },
    })
}

fn product_of<'s>(shop: &'s Shop, id: Option<&str>) -> Result<&'s Product, Refusal> {
    let number = id.and_then(|id| id.parse::<ProductNo>().ok());
    let found = shop.products.iter().find(|product| Some(product.number) == number);
    found.ok_or_else(|| {
        Refusal::parameter("Invalid parameter 'product_id'. The product does not exist in the shop.")
    })
}

fn rate(body: &Value) -> Result<i64, Refusal> {
    let rate = body.get("commission_rate").and_then(Value::as_i64).filter(|rate| RATES.contains(rate));
    rate.ok_or_else(|| Refusal::business(RATE, "The commission rate must be between 100 and 8000."))
}
