//! A package as the API prints it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::Shop;
use crate::world::carrier::provider_by_id;
use crate::world::order::{Line, Order};
use crate::world::package::Package;

/// A package in a list.
pub(crate) fn package_value(shop: &Shop, package: &Package) -> Value {
    let mut value = json!({
        "id": package.number.to_string(),
        "status": package.status.as_str(),
        "create_time": package.created.as_seconds(),
        "update_time": package.updated.as_seconds(),
        "orders": orders_in(shop, package),
        "order_line_item_ids": line_ids_in(shop, package),
        "tracking_number": tracking_number(package),
    });
    if let Some(shipment) = &package.shipment {
        let provider = provider_by_id(shipment.provider);
        value["shipping_provider_id"] = provider.id.to_string().into();
        value["shipping_provider_name"] = provider.name.into();
    }
    value
}

/// Empty until shipment is arranged.
pub(super) fn tracking_number(package: &Package) -> &str {
    package.shipment.as_ref().map_or("", |shipment| &shipment.tracking_number)
}

/// The orders with what of them lies in the package.
pub(super) fn orders_in(shop: &Shop, package: &Package) -> Vec<Value> {
    let orders = package.orders.iter().filter_map(|order| shop.book.get(*order));
    let skus = |order: &Order| {
        let mut quantities = BTreeMap::new();
        for line in order.lines_in(package.number) {
            *quantities.entry((line.product, line.sku)).or_insert(0u32) += 1;
        }
        let sku = |((product, sku), quantity): ((u16, u16), u32)| {
            let sku = shop.sku(product, sku);
            json!({
                "id": sku.number.to_string(),
                "name": sku.name,
                "image_url": sku.image,
                "quantity": quantity,
            })
        };
        quantities.into_iter().map(sku).collect::<Vec<Value>>()
    };
    orders.map(|order| json!({ "id": order.number.to_string(), "skus": skus(order) })).collect()
}

/// The lines in the package, whatever order they belong to.
pub(super) fn lines_in<'w>(shop: &'w Shop, package: &'w Package) -> impl Iterator<Item = &'w Line> {
    let orders = package.orders.iter().filter_map(|order| shop.book.get(*order));
    orders.flat_map(|order| order.lines_in(package.number))
}

pub(super) fn line_ids_in(shop: &Shop, package: &Package) -> Vec<String> {
    lines_in(shop, package).map(|line| line.number.to_string()).collect()
}
