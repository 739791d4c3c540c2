//! What is in stock and how it got there.

use serde_json::{Value, json};

use crate::family::fbt::{goods_name, texts, warehouse_id};
use crate::family::fit::fitted;
use crate::family::listing::page;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::fbt::{Goods, InboundStatus, Record};
use crate::world::{GoodsNo, Shop, World};

pub(super) fn search_fbt_inventory(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let skus = texts(&call.body, "sku_ids");
    let here = is_here(call, shop);
    let fits = |goods: &&Goods| {
        let has_sku = |ids: &Vec<&str>| goods.skus.iter().any(|sku| ids.contains(&sku.to_string().as_str()));
        here && is_asked_for(call, goods.number) && skus.as_ref().is_none_or(has_sku)
    };
    let found: Vec<&Goods> = shop.fbt.goods.values().rev().filter(fits).collect();
    let page = page(call, world, found)?;
    let shown: Vec<Value> = page.rows.iter().map(|goods| view(shop, goods)).collect();
    Ok(fitted(call, json!({ "total_count": page.total, "next_page_token": page.next, "inventory": shown })))
}

fn view(shop: &Shop, goods: &Goods) -> Value {
    let on_hand = json!({
        "total_quantity": goods.on_hand + goods.defective,
        "available_quantity": goods.available(),
        "reserved_quantity": goods.reserved,
        "unfulfillable_quantity": goods.defective,
    });
    let mut named = goods_name(shop, goods.number);
    let skus = goods.skus.iter().map(|sku| json!({ "id": sku.to_string(), "on_hand_detail": on_hand }));
    named["skus"] = skus.collect();
    json!({
        "goods": named,
        "fbt_warehouse_id": warehouse_id(shop),
        "in_transit_quantity": in_transit(shop, goods.number),
        "on_hand_detail": on_hand,
    })
}

/// What was shipped and is not received yet.
fn in_transit(shop: &Shop, goods: GoodsNo) -> u32 {
    use InboundStatus::{PartiallyReceived, Receiving, ToBeReceived};
    let under_way = |status| matches!(status, ToBeReceived | Receiving | PartiallyReceived);
    let orders = shop.fbt.inbound.values().filter(|order| under_way(order.status));
    let missing = orders.flat_map(|order| {
        let own = order.items.iter().filter(move |(item, _)| *item == goods);
        own.map(move |(_, planned)| {
            let (normal, defective) = order.received_of(goods);
            planned.saturating_sub(normal + defective)
        })
    });
    missing.sum()
}

/// Newest first.
pub(super) fn search_fbt_inventory_record(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let bound = |name: &str| call.body.get(name).and_then(Value::as_i64);
    let here = is_here(call, shop);
    let fits = |record: &&Record| {
        let at = record.created.as_seconds();
        here && is_asked_for(call, record.goods)
            && bound("create_time_ge").is_none_or(|from| from <= at)
            && bound("create_time_le").is_none_or(|until| at <= until)
    };
    let found: Vec<&Record> = shop.fbt.records.iter().rev().filter(fits).collect();
    let page = page(call, world, found)?;
    let shown = page.rows.iter().map(|record| {
        let (order, stock) = record.kind.words();
        json!({
            "goods": goods_name(shop, record.goods),
            "fbt_warehouse_id": warehouse_id(shop),
            "order": { "id": record.order.to_string(), "type": order },
            "create_time": record.created.as_seconds(),
            "inventory_goods_type": stock,
            "initial_on_hand_quantity": record.before,
            "final_on_hand_quantity": record.after,
            "changed_quantity": record.after - record.before,
        })
    });
    let shown: Vec<Value> = shown.collect();
    Ok(fitted(
        call,
        json!({ "total_count": page.total, "next_page_token": page.next, "inventory_records": shown }),
    ))
}

pub(super) fn query_goods_inventory_for_mcf(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let asked = call.body.get("goods").and_then(Value::as_array);
    let shown = asked.into_iter().flatten().filter_map(|entry| {
        let goods = shop.fbt.goods.get(&entry.get("goods_id")?.as_str()?.parse().ok()?)?;
        Some(json!({ "goods_id": goods.number.to_string(), "available_qty": goods.available() }))
    });
    let shown: Vec<Value> = shown.collect();
    Ok(fitted(call, json!({ "goods_inventory_list": shown })))
}

fn is_asked_for(call: &Admitted<'_>, goods: GoodsNo) -> bool {
    texts(&call.body, "goods_ids").is_none_or(|ids| ids.contains(&goods.to_string().as_str()))
}

fn is_here(call: &Admitted<'_>, shop: &Shop) -> bool {
    texts(&call.body, "fbt_warehouse_ids").is_none_or(|ids| ids.contains(&warehouse_id(shop).as_str()))
}
