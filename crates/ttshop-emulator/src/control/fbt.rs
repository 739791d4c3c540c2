//! What happens in TikTok's warehouse.

use serde::Deserialize;
use serde_json::json;

use crate::control::reply::ok;
use crate::control::{ControlError, ControlRequest, Reply};
use crate::platform::Platform;
use crate::world::fbt::{Received, RecordKind, Step};
use crate::world::{GoodsNo, InboundNo, Shop, World};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Receipt {
    /// All that is missing, sellable, if empty.
    goods: Vec<Counted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    goods_id: String,
    #[serde(default)]
    normal: u32,
    #[serde(default)]
    defective: u32,
}

/// `POST fbt/inbound_orders/{id}/arrive`
pub(super) fn arrive(order: &str, platform: &Platform) -> Result<Reply, ControlError> {
    let now = platform.now();
    let mut world = platform.world();
    let (shop, number) = find(order, &mut world)?;
    let order = shop.fbt.inbound.get_mut(&number).ok_or(ControlError::NotFound("inbound order"))?;
    if !order.take(Step::Arrive, now) {
        return Err(ControlError::Conflict("the inbound order is not on its way".into()));
    }
    ok(&json!({ "inbound_order_id": number.to_string(), "status": order.status }))
}

/// `POST fbt/inbound_orders/{id}/receive`: what was counted is in stock from then on.
pub(super) fn receive(
    request: &ControlRequest<'_>,
    order: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let wanted: Receipt = request.json()?;
    let now = platform.now();
    let mut world = platform.world();
    let (shop, number) = find(order, &mut world)?;
    let counted = counted(shop, number, &wanted)?;
    let order = shop.fbt.inbound.get_mut(&number).ok_or(ControlError::NotFound("inbound order"))?;
    let mut after = order.clone();
    after.received.extend(&counted);
    let complete = after.items.iter().all(|(goods, planned)| {
        let (normal, defective) = after.received_of(*goods);
        normal + defective >= *planned
    });
    if !after.take(if complete { Step::ReceiveAll } else { Step::ReceiveSome }, now) {
        return Err(ControlError::Conflict("the inbound order is not on its way".into()));
    }
    let status = after.status;
    *order = after;
    for batch in counted {
        for (count, kind) in
            [(batch.normal, RecordKind::Inbound), (batch.defective, RecordKind::InboundDefective)]
        {
            if count > 0 {
                shop.fbt.move_stock(batch.goods, i64::from(count), kind, number.0, now);
            }
        }
    }
    ok(&json!({ "inbound_order_id": number.to_string(), "status": status }))
}

fn counted(shop: &mut Shop, number: InboundNo, wanted: &Receipt) -> Result<Vec<Received>, ControlError> {
    let order = shop.fbt.inbound.get(&number).ok_or(ControlError::NotFound("inbound order"))?;
    let mut counted: Vec<(GoodsNo, u32, u32)> = Vec::new();
    for entry in &wanted.goods {
        let goods = entry.goods_id.parse().ok();
        let planned = order.items.iter().find(|(known, _)| Some(*known) == goods);
        let (goods, _) = planned.ok_or(ControlError::NotFound("goods in the inbound order"))?;
        counted.push((*goods, entry.normal, entry.defective));
    }
    if counted.is_empty() {
        for (goods, planned) in &order.items {
            let (normal, defective) = order.received_of(*goods);
            counted.push((*goods, planned.saturating_sub(normal + defective), 0));
        }
    }
    let (mint, dice) = (&mut shop.chance.mint, &mut shop.chance.dice);
    let batch = |(goods, normal, defective)| Received { batch: mint.thing(dice), goods, normal, defective };
    Ok(counted.into_iter().map(batch).collect())
}

fn find<'w>(order: &str, world: &'w mut World) -> Result<(&'w mut Shop, InboundNo), ControlError> {
    let number: InboundNo = order.parse().map_err(|_| ControlError::NotFound("inbound order"))?;
    let mut shops = world.shops.values_mut();
    let shop = shops.find(|shop| shop.fbt.inbound.contains_key(&number));
    Ok((shop.ok_or(ControlError::NotFound("inbound order"))?, number))
}
