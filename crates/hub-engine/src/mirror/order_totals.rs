//! What an order costs, and who pays each discount.

use serde::Serialize;
use serde_json::Value;

use super::read::text;

/// Sums of an order, as the platform printed them.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(super) struct OrderTotals {
    currency: Option<String>,
    total: Option<String>,
    products: Option<String>,
    products_before_discounts: Option<String>,
    shipping: Option<String>,
    shipping_before_discounts: Option<String>,
    discounts: Vec<Discount>,
    taxes: Vec<Amount>,
    fees: Vec<Amount>,
}

/// A discount and its funder.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Debug)]
pub(super) struct Discount {
    on: &'static str,
    funder: &'static str,
    amount: String,
}

/// A named amount.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
struct Amount {
    kind: &'static str,
    amount: String,
}

const DISCOUNTS: [(&str, &str, &str); 6] = [
    ("seller_discount", "products", "seller"),
    ("platform_discount", "products", "platform"),
    ("payment_platform_discount", "payment", "payment_platform"),
    ("shipping_fee_seller_discount", "shipping", "seller"),
    ("shipping_fee_platform_discount", "shipping", "platform"),
    ("shipping_fee_cofunded_discount", "shipping", "cofunded"),
];

const TAXES: [(&str, &str); 4] = [
    ("tax", "total"),
    ("product_tax", "products"),
    ("shipping_fee_tax", "shipping"),
    ("item_insurance_tax", "item_insurance"),
];

const FEES: [(&str, &str); 9] = [
    ("small_order_fee", "small_order"),
    ("retail_delivery_fee", "retail_delivery"),
    ("buyer_service_fee", "buyer_service"),
    ("handling_fee", "handling"),
    ("shipping_insurance_fee", "shipping_insurance"),
    ("item_insurance_fee", "item_insurance"),
    ("payment_discount_service_fee", "payment_discount_service"),
    ("distance_shipping_fee", "distance_shipping"),
    ("distance_fee", "distance"),
];

impl OrderTotals {
    pub(super) fn of(order: &Value) -> Self {
        let payment = order.get("payment").unwrap_or(&Value::Null);
        let amounts = |fields: &[(&str, &'static str)]| {
            let found = fields
                .iter()
                .filter_map(|(field, kind)| Some(Amount { kind, amount: text(payment, field)? }));
            found.collect::<Vec<_>>()
        };
        Self {
            currency: text(payment, "currency"),
            total: text(payment, "total_amount"),
            products: text(payment, "sub_total"),
            products_before_discounts: text(payment, "original_total_product_price"),
            shipping: text(payment, "shipping_fee"),
            shipping_before_discounts: text(payment, "original_shipping_fee"),
            discounts: discounts(payment),
            taxes: amounts(&TAXES),
            fees: amounts(&FEES),
        }
    }
}

/// The discounts that an order's payment or a line names.
pub(super) fn discounts(holder: &Value) -> Vec<Discount> {
    let found = DISCOUNTS
        .iter()
        .filter_map(|(field, on, funder)| Some(Discount { on, funder, amount: text(holder, field)? }));
    found.collect()
}
