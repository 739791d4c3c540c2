//! Coupons, which the API only reads.

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::listing::page;
use crate::family::promotion::view::amount;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::Minor;
use crate::world::promotion::{Coupon, CouponDiscount};
use crate::world::{CouponNo, Shop, World};

pub(super) fn search_coupon_list(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let texts = |name: &str| call.body.get(name).and_then(Value::as_array).filter(|list| !list.is_empty());
    let keyword = call.body.get("title_keyword").and_then(Value::as_str).unwrap_or_default();
    let fits = |coupon: &&Coupon| {
        texts("status").is_none_or(|words| words.contains(&json!(coupon.status(call.now))))
            && texts("display_type").is_none_or(|words| words.contains(&json!(coupon.display_type)))
            && coupon.title.contains(keyword)
    };
    let found: Vec<&Coupon> = shop.promotions.coupons.values().rev().filter(fits).collect();
    let page = page(call, world, found)?;
    let coupons: Vec<Value> = page.rows.iter().map(|coupon| view(call, shop, coupon)).collect();
    Ok(fitted(call, json!({ "total_count": page.total, "next_page_token": page.next, "coupons": coupons })))
}

/// No code is documented for an unknown coupon; it is a wrong parameter here.
pub(super) fn get_coupon(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let number = call.path_params.get("coupon_id").and_then(|id| id.parse::<CouponNo>().ok());
    let coupon = number.and_then(|number| shop.promotions.coupons.get(&number));
    let coupon = coupon
        .ok_or_else(|| Refusal::parameter("Invalid parameter 'coupon_id'. The coupon does not exist."))?;
    Ok(fitted(call, json!({ "coupon": view(call, shop, coupon) })))
}

fn view(call: &Admitted<'_>, shop: &Shop, coupon: &Coupon) -> Value {
    let money = |minor: Minor| amount(shop, minor);
    let discount = match coupon.discount {
        CouponDiscount::Amount(off) => json!({ "type": "AMOUNT_OFF", "reduction_amount": money(off) }),
        CouponDiscount::Percent(percent) => {
            json!({ "type": "PERCENT_OFF", "percentage": percent.to_string() })
        }
    };
    let threshold = match coupon.min_spend {
        Some(least) => json!({ "type": "MIN_SPEND", "min_spend": money(least) }),
        None => json!({ "type": "NONE" }),
    };
    let products = coupon.products.iter().flatten().map(ToString::to_string);
    let (begin, end) = (coupon.begin.as_seconds(), coupon.end.as_seconds());
    json!({
        "id": coupon.number.to_string(),
        "title": coupon.title,
        "display_type": coupon.display_type,
        "status": coupon.status(call.now),
        "create_time": coupon.created.as_millis(),
        "update_time": coupon.updated.as_millis(),
        "claim_duration": { "start_time": begin, "end_time": end },
        "redemption_duration": { "type": "ABSOLUTE", "start_time": begin, "end_time": end },
        "display_channels": ["ALL"],
        "promo_code": coupon.promo_code,
        "target_buyer_segment": "ALL",
        "usage_limits": { "single_buyer_claim_limit": 1, "total_claim_limit": coupon.total_claim_limit },
        "usage_stats": { "claimed_count": 0, "redeemed_count": 0 },
        "discount": discount,
        "threshold": threshold,
        "product_scope": if coupon.products.is_some() { "SPECIFIC_PRODUCTS" } else { "FULL_SHOP" },
        "product_ids": products.collect::<Vec<_>>(),
        "creation_source": "SELLER_CENTER",
    })
}
