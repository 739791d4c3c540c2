//! Plans of what will be sent in.

use std::time::Duration;

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::family::fbt::{warehouse_id, warehouse_name};
use crate::family::fit::fitted;
use crate::family::{shop_mut, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::fbt::{Inbound, InboundStatus, Plan};
use crate::world::{GoodsNo, InboundNo, PlanNo, Shop, World};

/// The request holds nothing (also of what it names nothing exists).
const EMPTY: i64 = 39_001_002;
/// Deliveries are taken from the day after tomorrow, for two weeks.
const EARLIEST: Duration = Duration::from_secs(2 * 86_400);
const LATEST: Duration = Duration::from_secs(16 * 86_400);

pub(super) fn create_or_update_inbound_plan(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_mut(call, world)?;
    let items = items(shop, &call.body)?;
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (id, key) = (text("plan_id"), text("idempotent_key"));
    let known = match (id, key) {
        (Some(id), _) => {
            Some(id.parse().ok().filter(|plan| shop.fbt.plans.contains_key(plan)).ok_or_else(no_plan)?)
        }
        (None, Some(key)) => {
            shop.fbt.plans.values().find(|plan| plan.key.as_deref() == Some(key)).map(|plan| plan.number)
        }
        (None, None) => None,
    };
    let number = known.unwrap_or_else(|| PlanNo(shop.chance.mint.thing(&mut shop.chance.dice)));
    if shop.fbt.plans.get(&number).is_some_and(|plan| plan.confirmed.is_some()) {
        return Err(Refusal::parameter("Invalid parameter 'plan_id'. The plan is confirmed already."));
    }
    let cartons = call.body.get("cartons").cloned().unwrap_or_else(|| json!([]));
    let plan = Plan { number, key: key.map(str::to_owned), items, cartons, confirmed: None };
    shop.fbt.plans.insert(number, plan);
    Ok(fitted(call, json!({ "inbound_plan": { "plan_id": number.to_string() } })))
}

/// The goods of a plan: named one by one, or in cartons.
fn items(shop: &Shop, body: &Value) -> Result<Vec<(GoodsNo, u32)>, Refusal> {
    let list =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut entries: Vec<(Value, i64)> =
        list(body, "goods_items").into_iter().map(|item| (item, 1)).collect();
    if entries.is_empty() {
        for carton in list(body, "cartons") {
            let cartons = carton.get("quantity").and_then(Value::as_i64).unwrap_or(1);
            entries.extend(list(&carton, "items").into_iter().map(|item| (item, cartons)));
        }
    }
    let mut items: Vec<(GoodsNo, u32)> = Vec::new();
    for (entry, cartons) in entries {
        let id = entry.get("goods_id").and_then(Value::as_str).unwrap_or_default();
        let goods = id.parse::<GoodsNo>().ok().filter(|goods| shop.fbt.goods.contains_key(goods));
        let goods = goods.ok_or_else(|| {
            Refusal::parameter(format!("Invalid parameter 'goods_id'. The goods '{id}' do not exist."))
        })?;
        let quantity = entry.get("quantity").and_then(Value::as_i64).unwrap_or(0).saturating_mul(cartons);
        let quantity = u32::try_from(quantity).ok().filter(|quantity| *quantity > 0);
        let quantity = quantity.ok_or_else(|| Refusal::parameter("Invalid parameter 'quantity'."))?;
        match items.iter_mut().find(|(known, _)| *known == goods) {
            Some((_, sum)) => *sum = sum.saturating_add(quantity),
            None => items.push((goods, quantity)),
        }
    }
    if items.is_empty() {
        return Err(Refusal::business(EMPTY, "The plan holds no goods."));
    }
    Ok(items)
}

pub(super) fn list_available_inbound_methods(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    plan_of(call, shop)?;
    let window = json!({
        "start_timestamp": (call.now + EARLIEST).as_seconds().to_string(),
        "end_timestamp": (call.now + LATEST).as_seconds().to_string(),
    });
    let method = json!({
        "inbound_method": "D2FC",
        "available_time_window_list": [window],
        "warehouse_list": [{ "warehouse_name": warehouse_name(shop), "warehouse_id": warehouse_id(shop) }],
        "placement_fee_estimate": { "amount": "0.00", "currency": shop.currency() },
    });
    Ok(fitted(call, json!({ "available_inbound_method_list": [method] })))
}

pub(super) fn get_inbound_method_detail(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let plan = plan_of(call, shop)?;
    method_is_offered(call)?;
    let items: Vec<Value> = plan
        .items
        .iter()
        .map(|(goods, quantity)| json!({ "goods_id": goods.to_string(), "quantity": quantity }))
        .collect();
    let info = json!({
        "placement_option_id": option_of(plan),
        "placement_fee_estimate": { "amount": "0.00", "currency": shop.currency() },
        "allocation_shipments": [{
            "warehouse_id": warehouse_id(shop),
            "goods_items": items,
            "cartons": plan.cartons,
            "shipment_options": [{ "shipping_method": "SMALL_PARCEL" }],
        }],
    });
    let expires = (call.now + EARLIEST).as_seconds().to_string();
    Ok(fitted(
        call,
        json!({ "info": [info], "placement_task_status": "SUCCESS", "expiration_timestamp": expires }),
    ))
}

/// Makes the plan an order that is ready to be shipped.
pub(super) fn confirm_inbound_method(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    method_is_offered(call)?;
    let shop = shop_mut(call, world)?;
    let plan = plan_of(call, shop)?.clone();
    if call.body.get("placement_option_id").and_then(Value::as_str) != Some(&option_of(&plan)) {
        return Err(Refusal::parameter(
            "Invalid parameter 'placement_option_id'. No such option of the plan.",
        ));
    }
    if plan.confirmed.is_some() {
        return Err(Refusal::parameter("Invalid parameter 'plan_id'. The plan is confirmed already."));
    }
    let expected = call.body.pointer("/estimate_arrival_time/start_timestamp").and_then(Value::as_str);
    let expected = expected.and_then(|seconds| seconds.parse().ok()).map(Timestamp::from_seconds);
    let number = InboundNo(shop.chance.mint.thing(&mut shop.chance.dice));
    let order = Inbound {
        number,
        plan: plan.number,
        status: InboundStatus::ReadyToShip,
        created: call.now,
        expected: expected.unwrap_or(call.now + EARLIEST),
        shipped: None,
        arrived: None,
        items: plan.items,
        cartons: plan.cartons,
        parcels: Vec::new(),
        received: Vec::new(),
        log: vec![(call.now.as_millis(), InboundStatus::ReadyToShip)],
    };
    shop.fbt.inbound.insert(number, order);
    if let Some(plan) = shop.fbt.plans.get_mut(&plan.number) {
        plan.confirmed = Some(number);
    }
    Ok(fitted(call, json!({ "inbound_order_ids": [number.to_string()] })))
}

fn plan_of<'s>(call: &Admitted<'_>, shop: &'s Shop) -> Result<&'s Plan, Refusal> {
    let number = call.body.get("plan_id").and_then(Value::as_str).and_then(|id| id.parse::<PlanNo>().ok());
    number.and_then(|number| shop.fbt.plans.get(&number)).ok_or_else(no_plan)
}

/// The shop sends straight to its one warehouse; there is no hub.
fn method_is_offered(call: &Admitted<'_>) -> Result<(), Refusal> {
    if call.body.get("inbound_method").and_then(Value::as_str) == Some("D2FC") {
        Ok(())
    } else {
        Err(Refusal::parameter("Invalid parameter 'inbound_method'. The method is not available."))
    }
}

/// A plan has one option.
fn option_of(plan: &Plan) -> String {
    plan.number.0.wrapping_add(1).to_string()
}

fn no_plan() -> Refusal {
    Refusal::parameter("Invalid parameter 'plan_id'. The plan does not exist.")
}
