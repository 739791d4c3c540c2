//! How many there are: by variant and warehouse, always absolute (PLATFORM.md 12 #22).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::family::fit::fitted;
use crate::family::product::each::texts;
use crate::family::product::{code, find, foreign, named, number, shop, shop_no};
use crate::gateway::{Admitted, Refusal, Success};
use crate::webhook::Topic;
use crate::world::product::{Product, ProductStatus, QUANTITY_MAX, Sku};
use crate::world::{ProductNo, Shop, ShopNo, SkuNo, WarehouseNo, World};

/// Quantities for a variant: each warehouse once, all of them the shop's, all in range.
pub(super) fn quantities(listed: &[Value], shop: &Shop) -> Result<Vec<(WarehouseNo, u32)>, Refusal> {
    let mut seen = BTreeSet::new();
    let one = |entry: &Value| {
        let warehouse = match entry.get("warehouse_id").and_then(Value::as_str) {
            // Where there is but one, it need not be named.
            None | Some("") => shop.default_warehouse(),
            Some(id) => {
                let found = id.parse::<WarehouseNo>().ok();
                let own = shop.warehouses.iter().find(|warehouse| Some(warehouse.number) == found);
                let own = own.filter(|warehouse| warehouse.sells());
                let message = || format!("The shop has no sales warehouse {id}.");
                own.ok_or_else(|| Refusal::business(code::WAREHOUSE_UNKNOWN, message()))?.number
            }
        };
        if !seen.insert(warehouse) {
            return Err(Refusal::business(
                code::WAREHOUSES_MISSING,
                format!("The warehouse {warehouse} is there twice."),
            ));
        }
        let quantity =
            entry.get("quantity").and_then(Value::as_u64).and_then(|quantity| u32::try_from(quantity).ok());
        let quantity = quantity.filter(|quantity| *quantity <= QUANTITY_MAX);
        let message = || format!("A quantity lies between 1 and {QUANTITY_MAX}.");
        Ok((warehouse, quantity.ok_or_else(|| Refusal::business(code::QUANTITY, message()))?))
    };
    listed.iter().map(one).collect()
}

/// `POST /product/202309/products/{product_id}/inventory/update`
pub(super) fn update_inventory(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop_no = shop_no(call)?;
    let product = named(call, world)?;
    let (number, status) = (product.number, product.status);
    if matches!(status, ProductStatus::Freeze | ProductStatus::Deleted) {
        let message = format!("A product that is {} keeps its stock.", status.as_str());
        return Err(Refusal::business(code::STATUS_FORBIDS, message));
    }
    let listed = call.body.get("skus").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let ids = || listed.iter().filter_map(|sku| sku.get("id").and_then(Value::as_str));
    if let Some(twice) = ids().find(|id| !seen.insert(*id)) {
        return Err(Refusal::business(code::SKU_TWICE, format!("The SKU {twice} is there twice.")));
    }
    let mut errors = Vec::new();
    for sku in listed {
        let id = sku.get("id").and_then(Value::as_str).unwrap_or_default();
        if let Err(refusal) = set(world, shop_no, number, id, sku, call.now) {
            errors.push(json!({
                "code": refusal.code,
                "message": refusal.message,
                "detail": { "sku_id": id, "extra_errors": [] },
            }));
        }
    }
    Ok(fitted(call, json!({ "errors": errors })))
}

fn set(
    world: &mut World,
    shop_no: ShopNo,
    number: ProductNo,
    id: &str,
    sku: &Value,
    now: Timestamp,
) -> Result<(), Refusal> {
    let zero = world.switches.zero_quantity;
    let shop = world.shops.get_mut(&shop_no).ok_or_else(Refusal::pairing)?;
    let inventory = sku.get("inventory").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let wanted = quantities(inventory, shop)?;
    if !zero && wanted.iter().any(|(_, quantity)| *quantity == 0) {
        return Err(Refusal::business(
            code::QUANTITY,
            format!("A quantity lies between 1 and {QUANTITY_MAX}."),
        ));
    }
    let product = shop.products.iter_mut().find(|product| product.number == number);
    let unknown = || Refusal::business(code::SKU_UNKNOWN, format!("The product has no SKU {id}."));
    let sku = id.parse::<SkuNo>().ok().zip(product).and_then(|(id, product)| product.sku_mut(id));
    let sku = sku.ok_or_else(unknown)?;
    let named = |warehouse: WarehouseNo| wanted.iter().any(|(named, _)| *named == warehouse);
    if let Some(missing) = sku.stock.iter().find(|stock| !named(stock.warehouse)) {
        let message =
            format!("Every warehouse of the SKU has to be there, and {} is not.", missing.warehouse);
        return Err(Refusal::business(code::WAREHOUSES_MISSING, message));
    }
    let before = level(sku);
    for (warehouse, quantity) in wanted {
        sku.set_stock(warehouse, quantity);
    }
    let (after, facts) = (level(sku), status_change(number, sku, now));
    if before != after {
        world.announce(Topic::INVENTORY_STATUS_CHANGE, shop_no, &facts, now);
    }
    Ok(())
}

/// `POST /product/202309/inventory/search`; SKU ids win over product ids.
pub(super) fn search_inventory(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let sku_ids = texts(&call.body, "sku_ids");
    let mut found: Vec<(&Product, Vec<&Sku>)> = Vec::new();
    if sku_ids.is_empty() {
        for id in texts(&call.body, "product_ids") {
            let number = number(id)?;
            let product = find(shop, number).ok_or_else(|| foreign(world, number))?;
            found.push((product, product.offered().collect()));
        }
    } else {
        for product in &shop.products {
            let named = |sku: &&Sku| sku_ids.iter().any(|id| *id == sku.number.to_string());
            let skus: Vec<&Sku> = product.offered().filter(named).collect();
            if !skus.is_empty() {
                found.push((product, skus));
            }
        }
    }
    let inventory = found.into_iter().map(|(product, skus)| {
        json!({
            "product_id": product.number.to_string(),
            "skus": skus.into_iter().map(sku_stock).collect::<Vec<_>>(),
        })
    });
    Ok(fitted(call, json!({ "inventory": inventory.collect::<Vec<_>>() })))
}

fn sku_stock(sku: &Sku) -> Value {
    let warehouses = sku.stock.iter().map(|stock| {
        json!({
            "warehouse_id": stock.warehouse.to_string(),
            "available_quantity": stock.available,
            "committed_quantity": stock.committed,
        })
    });
    json!({
        "id": sku.number.to_string(),
        "seller_sku": sku.seller_sku,
        "total_available_quantity": sku.available(),
        "total_committed_quantity": sku.committed(),
        "warehouse_inventory": warehouses.collect::<Vec<_>>(),
        "total_available_inventory_distribution": {
            "in_shop_inventory": { "quantity": sku.available() },
            "campaign_inventory": [],
            "creator_inventory": [],
        },
    })
}

/// Units below which stock is low; the number is ours.
const LOW: u64 = 10;

fn level(sku: &Sku) -> &'static str {
    match sku.available() {
        0 => "OUT_OF_STOCK",
        1..LOW => "LOW",
        _ => "SUFFICIENT",
    }
}

/// `data` of type 27.
fn status_change(product: ProductNo, sku: &Sku, now: Timestamp) -> Value {
    json!({
        "product_id": product.to_string(),
        "sku_id": sku.number.to_string(),
        "trigger_reason": { "alert_type": "REALTIME", "low_stock_threshold": LOW },
        "current_inventory_status": level(sku),
        "inventory_distribution": {
            "total_quantity": sku.available() + sku.committed(),
            "available_quantity": sku.available(),
            "creator_reserved_quantity": 0,
            "campaign_reserved_quantity": 0,
            "committed_quantity": sku.committed(),
        },
        "update_time": now.as_seconds(),
    })
}
