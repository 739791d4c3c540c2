//! Orders of other channels that TikTok ships.

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::{shop_mut, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::fbt::{Outbound, RecordKind};
use crate::world::{GoodsNo, OutboundNo, Shop, World};

const MALFORMED: i64 = 177_001_001;
const GOODS_UNKNOWN: i64 = 177_001_002;
const STOCK_SHORT: i64 = 177_001_004;
const EXTERNAL_ACTIVE: i64 = 177_001_007;
const NOT_FOUND: i64 = 177_001_010;
const INTERNAL: i64 = 177_001_009;
const TOO_MANY: i64 = 177_001_016;
const GOODS_MAX: usize = 99;

/// Stock leaves at once; there is no carrier to wait for.
pub(super) fn create_fbt_mcf_order(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_mut(call, world)?;
    let external = call.body.get("external_order_id").and_then(Value::as_str).unwrap_or_default();
    if external.is_empty() {
        return Err(Refusal::business(MALFORMED, "'external_order_id' is missing."));
    }
    if shop.fbt.outbound.values().any(|order| order.external == external && !order.cancelled) {
        return Err(Refusal::business(EXTERNAL_ACTIVE, "The external order has an active MCF order."));
    }
    let items = items(shop, &call.body)?;
    let number = OutboundNo(shop.chance.mint.thing(&mut shop.chance.dice));
    for (goods, quantity) in &items {
        shop.fbt.move_stock(*goods, -i64::from(*quantity), RecordKind::Outbound, number.0, call.now);
    }
    let order = Outbound { number, external: external.into(), items, cancelled: false, created: call.now };
    let shown = json!({ "mcf_order": view(&order) });
    shop.fbt.outbound.insert(number, order);
    Ok(fitted(call, shown))
}

fn items(shop: &Shop, body: &Value) -> Result<Vec<(GoodsNo, u32)>, Refusal> {
    let asked = body.get("goods").and_then(Value::as_array).cloned().unwrap_or_default();
    if asked.len() > GOODS_MAX {
        return Err(Refusal::business(TOO_MANY, "An order has at most 99 goods."));
    }
    let mut items: Vec<(GoodsNo, u32)> = Vec::new();
    for entry in &asked {
        let id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
        let goods = id.parse().ok().and_then(|number| shop.fbt.goods.get(&number));
        let goods = goods.ok_or_else(|| Refusal::business(GOODS_UNKNOWN, "The goods are unknown to FBT."))?;
        let quantity = entry.get("quantity").and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok());
        let quantity = quantity.filter(|quantity| *quantity > 0);
        let quantity = quantity.ok_or_else(|| Refusal::business(MALFORMED, "'quantity' is invalid."))?;
        let before = items.iter().filter(|(known, _)| *known == goods.number).map(|(_, it)| i64::from(*it));
        if before.sum::<i64>() + i64::from(quantity) > goods.available() {
            return Err(Refusal::business(STOCK_SHORT, "The stock is insufficient."));
        }
        items.push((goods.number, quantity));
    }
    if items.is_empty() { Err(Refusal::business(MALFORMED, "'goods' is empty.")) } else { Ok(items) }
}

pub(super) fn get_fbt_mcf_order_status(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let number = call.call.param("mcf_order_id").and_then(|id| id.parse::<OutboundNo>().ok());
    let order = number.and_then(|number| shop.fbt.outbound.get(&number));
    let order = order.ok_or_else(|| Refusal::business(NOT_FOUND, "The MCF order does not exist."))?;
    Ok(fitted(call, json!({ "mcf_order": view(order) })))
}

/// What was taken comes back into stock.
pub(super) fn cancel_fbt_mcf_order(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_mut(call, world)?;
    let number = call.body.get("mcf_order_id").and_then(Value::as_str);
    let number = number.and_then(|id| id.parse::<OutboundNo>().ok());
    let order = number.and_then(|number| shop.fbt.outbound.get_mut(&number));
    // The only code that is documented here.
    let order = order.filter(|order| !order.cancelled);
    let order = order.ok_or_else(|| Refusal::business(INTERNAL, "The MCF order cannot be cancelled."))?;
    order.cancelled = true;
    let order = order.clone();
    for (goods, quantity) in &order.items {
        shop.fbt.move_stock(*goods, i64::from(*quantity), RecordKind::Outbound, order.number.0, call.now);
    }
    Ok(fitted(call, json!({ "mcf_order": view(&order) })))
}

fn view(order: &Outbound) -> Value {
    let goods =
        order.items.iter().map(|(id, quantity)| json!({ "id": id.to_string(), "quantity": quantity }));
    json!({
        "external_order_id": order.external,
        "mcf_order_id": order.number.to_string(),
        "create_time": order.created.as_seconds(),
        "consign_orders": [{
            "id": order.number.0.wrapping_add(1).to_string(),
            "goods": goods.collect::<Vec<_>>(),
            "status": if order.cancelled { "CANCELLED" } else { "PROCESSING" },
            "is_platform_closed": false,
        }],
    })
}
