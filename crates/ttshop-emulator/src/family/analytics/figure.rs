//! Amounts, rates and averages as analytics print them.

use serde_json::{Value, json};

use crate::gateway::Admitted;
use crate::money::{Minor, decimals_of};
use crate::world::Shop;
use crate::world::sales::{Measures, Traffic};

/// Dollars of ten thousand units of a currency; the rates are ours and do not change.
const DOLLARS: [(&str, i64); 9] = [
    ("GBP", 12_500),
    ("EUR", 10_800),
    ("MXN", 540),
    ("BRL", 1_800),
    ("JPY", 67),
    ("SGD", 7_400),
    ("MYR", 2_200),
    ("THB", 280),
    ("PHP", 175),
];
/// The same of ten million, where ten thousand are worth less than a dollar.
const SMALL_DOLLARS: [(&str, i64); 2] = [("VND", 394), ("IDR", 615)];

/// The currency that the caller wants to see.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purse {
    currency: &'static str,
    /// Multiplied with this and divided by that.
    rate: (i64, i64),
}

impl Purse {
    pub(super) fn of(call: &Admitted<'_>, shop: &Shop) -> Self {
        let own = shop.currency();
        if call.call.param("currency") != Some("USD") || own == "USD" {
            return Self { currency: own, rate: (1, 1) };
        }
        let found =
            |table: &[(&str, i64)]| table.iter().find(|(currency, _)| *currency == own).map(|it| it.1);
        let cents = if decimals_of(own) == 0 { 100 } else { 1 };
        let rate = match (found(&SMALL_DOLLARS), found(&DOLLARS)) {
            (Some(rate), _) => (rate * cents, 10_000_000),
            (None, Some(rate)) => (rate * cents, 10_000),
            (None, None) => (cents, 1),
        };
        Self { currency: "USD", rate }
    }

    /// `amount` and `currency`.
    pub(super) fn show(self, minor: Minor) -> Value {
        let converted = Minor(minor.0.saturating_mul(self.rate.0) / self.rate.1);
        json!({ "amount": converted.text(decimals_of(self.currency)), "currency": self.currency })
    }
}

/// `of` as a part of `all`, with four digits; nothing of nothing.
pub(super) fn rate(of: u64, all: u64) -> Value {
    let parts = of.saturating_mul(10_000).checked_div(all).unwrap_or(0);
    json!(Minor(i64::try_from(parts).unwrap_or(i64::MAX)).text(4))
}

/// What a thousand impressions earned.
pub(super) fn per_mille(gmv: Minor, impressions: u64) -> Minor {
    let impressions = i64::try_from(impressions).unwrap_or(i64::MAX);
    Minor(gmv.0.saturating_mul(1_000).checked_div(impressions).unwrap_or(0))
}

/// Adds `more` to `shown`, both objects.
pub(super) fn with(mut shown: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (shown.as_object_mut(), more) {
        fields.extend(more);
    }
    shown
}

/// What every version says about sales, under all of its names.
pub(super) fn sales(purse: Purse, sum: &Measures) -> Value {
    json!({
        "gmv": purse.show(sum.gmv),
        "orders": sum.orders(),
        "orders_count": sum.orders(),
        "sku_orders": sum.sku_orders(),
        "sku_orders_count": sum.sku_orders(),
        "units_sold": sum.units,
        "unit_sold": sum.units,
        "items_sold": sum.units,
        "buyers": sum.buyers(),
        "customers": sum.buyers(),
        "customers_count": sum.buyers(),
        "estimated_customers": sum.buyers(),
        "refunds": purse.show(sum.refunds),
        "cancellations_and_returns": sum.refunded_orders(),
        "avg_order_value": purse.show(sum.order_value()),
        "aov": purse.show(sum.order_value()),
        "avg_sku_order_value": purse.show(sum.sku_order_value()),
        "tax": purse.show(sum.tax),
        "shipping_fees": purse.show(sum.shipping),
        "gmv_with_tax": purse.show(sum.gmv + sum.tax),
        "gmv_incl_tax": purse.show(sum.gmv + sum.tax),
        "gmv_with_tiktok_co_funding": purse.show(sum.gmv + sum.platform_discount),
    })
}

/// What every version says about traffic, under all of its names.
pub(super) fn traffic(seen: Traffic, sum: &Measures) -> Value {
    let sku_orders = u64::try_from(sum.sku_orders()).unwrap_or(u64::MAX);
    json!({
        "impressions": seen.impressions,
        "product_impressions": seen.impressions,
        "product_clicks": seen.clicks,
        "page_views": seen.clicks,
        "unique_product_impressions": seen.impressions / 2 + seen.visitors / 2,
        "unique_clicks": seen.visitors,
        "ctr": rate(seen.clicks, seen.impressions),
        "unique_ctr": rate(seen.visitors, seen.impressions / 2 + seen.visitors / 2),
        "click_through_rate": rate(seen.clicks, seen.impressions),
        "click_to_order_rate": rate(sku_orders, seen.clicks),
        "click_order_rate": rate(sku_orders, seen.clicks),
        "unique_click_order_rate": rate(sku_orders, seen.visitors),
        "add_cart_count": seen.carts,
        "add_cart_users": seen.carts,
        "atc_users": seen.carts,
        "add_cart_rate": rate(seen.carts, seen.clicks),
        "unique_atc_rate": rate(seen.carts, seen.visitors),
    })
}
