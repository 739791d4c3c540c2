//! An order's lines. The platform prints one line a unit; equal units are one line here, with their ids kept.

use serde::Serialize;
use serde_json::Value;

use super::order_totals::{Discount, discounts};
use super::read::{flag, list, text};

/// Equal units of an order.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(super) struct OrderLine {
    #[serde(flatten)]
    what: LineKey,
    quantity: usize,
    unit_ids: Vec<String>,
    product_name: Option<String>,
    sku_name: Option<String>,
    image_url: Option<String>,
    bundled: Vec<Bundled>,
}

/// What makes two units equal.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
struct LineKey {
    sku_id: Option<String>,
    product_id: Option<String>,
    seller_sku: Option<String>,
    currency: Option<String>,
    price: Option<String>,
    price_before_discounts: Option<String>,
    discounts: Vec<Discount>,
    package_id: Option<String>,
    platform_status: Option<String>,
    tracking_number: Option<String>,
    cancel_reason: Option<String>,
    is_gift: bool,
}

/// A part of a bundle.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
struct Bundled {
    sku_id: Option<String>,
    product_id: Option<String>,
    seller_sku: Option<String>,
    quantity: Option<String>,
}

/// The lines in the order in which the platform printed their first units.
pub(super) fn order_lines(order: &Value) -> Vec<OrderLine> {
    let mut lines: Vec<OrderLine> = Vec::new();
    for unit in list(order, "line_items") {
        let what = line_key(unit);
        match lines.iter_mut().find(|line| line.what == what) {
            Some(line) => {
                line.quantity += 1;
                line.unit_ids.extend(text(unit, "id"));
            }
            None => lines.push(first_unit(what, unit)),
        }
    }
    lines
}

fn first_unit(what: LineKey, unit: &Value) -> OrderLine {
    let bundled = list(unit, "combined_listing_skus").iter().map(|part| Bundled {
        sku_id: text(part, "sku_id"),
        product_id: text(part, "product_id"),
        seller_sku: text(part, "seller_sku"),
        quantity: text(part, "sku_count"),
    });
    OrderLine {
        what,
        quantity: 1,
        unit_ids: text(unit, "id").into_iter().collect(),
        product_name: text(unit, "product_name"),
        sku_name: text(unit, "sku_name"),
        image_url: text(unit, "sku_image"),
        bundled: bundled.collect(),
    }
}

fn line_key(unit: &Value) -> LineKey {
    LineKey {
        sku_id: text(unit, "sku_id"),
        product_id: text(unit, "product_id"),
        seller_sku: text(unit, "seller_sku"),
        currency: text(unit, "currency"),
        price: text(unit, "sale_price"),
        price_before_discounts: text(unit, "original_price"),
        discounts: discounts(unit),
        package_id: text(unit, "package_id"),
        platform_status: text(unit, "display_status"),
        tracking_number: text(unit, "tracking_number"),
        cancel_reason: text(unit, "cancel_reason"),
        is_gift: flag(unit, "is_gift"),
    }
}
