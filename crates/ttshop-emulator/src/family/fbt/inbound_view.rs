//! Inbound orders as the API shows them.

use serde_json::{Value, json};

use crate::family::fbt::{goods_name, warehouse_id, warehouse_name};
use crate::world::Shop;
use crate::world::fbt::Inbound;

/// Everything that either version shows.
pub(super) fn view(shop: &Shop, order: &Inbound) -> Value {
    let id = order.number.to_string();
    let warehouse = json!({
        "fbt_warehouse_id": warehouse_id(shop),
        "name": warehouse_name(shop),
        "type": "PLATFORM_WAREHOUSE",
        "warehouse_ids": [shop.default_warehouse().to_string()],
        "business_warehouse_ids": [shop.default_warehouse().to_string()],
    });
    let mut before = None;
    let logs = order.log.iter().map(|(at, status)| {
        let entry = json!({
            "operate_time": at / 1_000,
            "order_status": status,
            "new_status": status,
            "previous_status": before.replace(*status),
            "operator": "seller",
        });
        entry
    });
    let logs: Vec<Value> = logs.collect();
    json!({
        "id": id,
        "order_id": id,
        "order_id_string": id,
        "order_plan_id": order.plan.to_string(),
        "type": "REPLENISHMENT",
        "merchant": { "id": shop.seller.to_string(), "name": shop.name },
        "create_time": order.created.as_seconds(),
        "ship_time": order.shipped.map(|at| at.as_seconds()),
        "expect_arrive_time": order.expected.as_seconds(),
        "expected_arrival_time": order.expected.as_seconds(),
        "actual_arrive_time": order.arrived.map(|at| at.as_seconds()),
        "actual_arrival_time": order.arrived.map(|at| at.as_seconds()),
        "warehouse": warehouse,
        "order_operation_logs": logs,
        "status_logs": logs,
        "carriers": order.parcels.iter().map(|parcel| json!({
            "carrier_name": parcel.provider, "tracking_number": parcel.tracking_number,
        })).collect::<Vec<_>>(),
        "logistic_info_list": order.parcels.iter().map(|parcel| json!({
            "provider_name": parcel.provider, "waybill_number": parcel.tracking_number, "related_number": parcel.carton,
        })).collect::<Vec<_>>(),
        "planned_goods": planned(shop, order),
        "received_batches": batches(shop, order),
        "carton_details": order.cartons,
        "inbound_goods_lot_receive_item_details": received(order),
    })
}

fn planned(shop: &Shop, order: &Inbound) -> Vec<Value> {
    let planned = order.items.iter().map(|(goods, quantity)| {
        let mut shown = goods_name(shop, *goods);
        shown["quantity"] = (*quantity).into();
        shown["sku_ids"] = sku_ids(shop, *goods).into();
        shown
    });
    planned.collect()
}

fn batches(shop: &Shop, order: &Inbound) -> Vec<Value> {
    let batches = order.received.iter().map(|batch| {
        json!({
            "id": batch.batch.to_string(),
            "goods_id": batch.goods.to_string(),
            "normal_quantity": batch.normal,
            "defective_quantity": batch.defective,
            "total_quantity": batch.normal + batch.defective,
            "sku_ids": sku_ids(shop, batch.goods),
        })
    });
    batches.collect()
}

fn received(order: &Inbound) -> Vec<Value> {
    let items = order.items.iter().map(|(goods, planned)| {
        let (normal, defective) = order.received_of(*goods);
        json!({
            "goods_id": goods.to_string(),
            "planned_count": planned,
            "normal_received_count": normal,
            "defective_received_count": defective,
            "total_received_count": normal + defective,
        })
    });
    items.collect()
}

fn sku_ids(shop: &Shop, goods: crate::world::GoodsNo) -> Vec<String> {
    let goods = shop.fbt.goods.get(&goods);
    goods.map(|goods| goods.skus.iter().map(ToString::to_string).collect()).unwrap_or_default()
}
