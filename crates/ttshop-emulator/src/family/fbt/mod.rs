//! Fulfilled by TikTok: goods, what is sent in, what is in stock, what is sent out.

mod goods;
mod inbound;
mod inbound_view;
mod merchant;
mod outbound;
mod plan;
mod stock;

use serde_json::{Value, json};
use ttshop_catalogue::Method;

use crate::family::Handlers;
use crate::world::{GoodsNo, Shop};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Post, "/fbt/202603/goods/create_goods", goods::create_goods),
    (Method::Post, "/fbt/202607/goods/create_goods", goods::create_goods),
    (
        Method::Post,
        "/fbt/202603/goods/hazmat_and_expiration_info/search",
        goods::search_goods_hazmat_and_expiration_info,
    ),
    (Method::Post, "/fbt/202409/goods/search", goods::search_goods_info),
    (Method::Post, "/fbt/202607/goods/search", goods::search_goods_info),
    (Method::Post, "/fbt/202603/goods/update_goods_info", goods::update_goods),
    (Method::Post, "/fbt/202607/goods/update_goods_info", goods::update_goods),
    (Method::Post, "/fbt/202603/goods/update_goods_sku_relation", goods::update_goods_sku_relations),
    (Method::Post, "/fbt/202602/create_update_inbound_plan", plan::create_or_update_inbound_plan),
    (Method::Post, "/fbt/202602/list_available_inbound_method", plan::list_available_inbound_methods),
    (Method::Post, "/fbt/202602/inbound_method_detail", plan::get_inbound_method_detail),
    (Method::Post, "/fbt/202603/confirm_inbound_method", plan::confirm_inbound_method),
    (Method::Get, "/fbt/202409/inbound_orders", inbound::get_inbound_order),
    (Method::Get, "/fbt/202602/inbound_orders", inbound::get_inbound_order),
    (Method::Post, "/fbt/202603/ship_inbound_order", inbound::ship_inbound_order),
    (Method::Post, "/fbt/202602/inbound_orders/cancel", inbound::cancel_inbound_order),
    (Method::Post, "/fbt/202602/inbound_orders/tracking_update", inbound::update_inbound_order_tracking),
    (Method::Post, "/fbt/202408/inventory/search", stock::search_fbt_inventory),
    (Method::Post, "/fbt/202410/inventory_records/search", stock::search_fbt_inventory_record),
    (Method::Post, "/fbt/202601/mcf/goods/inventory/search", stock::query_goods_inventory_for_mcf),
    (Method::Get, "/fbt/202601/mcf_outbound_orders", outbound::get_fbt_mcf_order_status),
    (Method::Post, "/fbt/202601/mcf_outbound_orders", outbound::create_fbt_mcf_order),
    (Method::Post, "/fbt/202607/mcf_outbound_orders", outbound::create_fbt_mcf_order),
    (Method::Post, "/fbt/202601/mcf_outbound_orders/cancel", outbound::cancel_fbt_mcf_order),
    (Method::Get, "/fbt/202601/merchants/mcf_status", merchant::get_fbt_merchant_mcf_status),
    (Method::Get, "/fbt/202409/merchants/onboarded_regions", merchant::get_fbt_merchant_onboarded_regions),
    (Method::Get, "/fbt/202408/warehouses", merchant::get_fbt_warehouse_list),
];

/// TikTok's warehouse for the shop; each shop has one.
fn warehouse_id(shop: &Shop) -> String {
    (WAREHOUSES + shop.number.0 % WAREHOUSES_SPAN).to_string()
}

const WAREHOUSES: u64 = 7_309_000_000_000_000_000;
const WAREHOUSES_SPAN: u64 = 1_000_000_000_000;

fn warehouse_name(shop: &Shop) -> String {
    format!("FBT {} 1", shop.region.code())
}

/// `goods` as lists of stock name them.
fn goods_name(shop: &Shop, number: GoodsNo) -> Value {
    let goods = shop.fbt.goods.get(&number);
    let text = |name: &str| goods.map(|goods| goods.text(name)).unwrap_or_default();
    json!({ "id": number.to_string(), "reference_code": text("reference_code"), "name": text("goods_name") })
}

/// The texts of a list in a body; none if it is missing or empty.
fn texts<'a>(body: &'a Value, name: &str) -> Option<Vec<&'a str>> {
    let list = body.get(name)?.as_array().filter(|list| !list.is_empty())?;
    Some(list.iter().filter_map(Value::as_str).collect())
}
