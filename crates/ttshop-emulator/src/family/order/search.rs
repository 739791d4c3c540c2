//! `POST /order/202309/orders/search`

use std::ops::Range;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::family::order::view::{ORDER_BYTES, Orders};
use crate::gateway::{Admitted, Refusal, Success};
use crate::page_token::PageToken;
use crate::world::book::{OrderFilter, PageRequest, SortField};
use crate::world::order::{OrderStatus, ShippingType};
use crate::world::{OrderNo, WarehouseNo, World};

/// Orders on a page when the caller does not say (PLATFORM.md 6.2).
const PAGE_SIZE_DEFAULT: usize = 20;

#[derive(Serialize)]
struct Found<'a> {
    next_page_token: String,
    total_count: u64,
    orders: Orders<'a>,
}

pub(crate) fn search_orders(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = call.shop.ok_or_else(Refusal::cipher_missing)?;
    let shop = world.shops.get(&number).ok_or_else(Refusal::pairing)?;
    let delay = Duration::from_secs(world.switches.search_delay_seconds);
    let visible_until = (!delay.is_zero()).then(|| call.now - delay);
    let filter = OrderFilter { visible_until, ..filter(&call.body)? };
    let mut page = page(call)?;
    let search = format!("{number}|{}|{:?}|{}", call.body, page.field, page.descending);
    let life = Duration::from_secs(world.switches.page_token_seconds);
    let token = match call.call.param("page_token") {
        Some(text) => {
            Some(PageToken::open(text, world.seed, search.as_bytes(), call.now, life).ok_or_else(|| {
                Refusal::parameter("Invalid parameter 'page_token'. It does not fit this search.")
            })?)
        }
        None => None,
    };
    page.after = token.map(|token| (token.position[0].cast_signed(), OrderNo(token.position[1])));
    let count = || u64::try_from(shop.book.count(&filter, page.field)).unwrap_or(u64::MAX);
    let total = token.map_or_else(count, |token| token.total);
    let found = shop.book.search(&filter, page);
    let position = |(time, order): (i64, OrderNo)| [time.cast_unsigned(), order.0];
    let next = found.next.map(|last| PageToken { position: position(last), total, issued: call.now });
    let answer = Found {
        next_page_token: next.map_or_else(String::new, |next| next.seal(world.seed, search.as_bytes())),
        total_count: total,
        orders: Orders { shop, orders: &found.orders, switches: &world.switches },
    };
    Ok(Success::new(ORDER_BYTES * (found.orders.len() + 1), &answer))
}

fn page(call: &Admitted<'_>) -> Result<PageRequest, Refusal> {
    let field = match call.call.param("sort_field") {
        None | Some("create_time") => SortField::Created,
        Some("update_time") => SortField::Updated,
        Some(_) => {
            return Err(Refusal::parameter("sort_field is invalid, allowed: create_time, update_time"));
        }
    };
    // The gateway has checked both against the catalogue.
    let descending = call.call.param("sort_order") != Some("ASC");
    let size = call.call.param("page_size").and_then(|size| size.parse().ok()).unwrap_or(PAGE_SIZE_DEFAULT);
    Ok(PageRequest { field, descending, after: None, size })
}

fn filter(body: &Value) -> Result<OrderFilter, Refusal> {
    let invalid = |name: &str| Refusal::parameter(format!("Invalid parameter '{name}'."));
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let status =
        text("order_status").map(|word| OrderStatus::parse(word).ok_or_else(|| invalid("order_status")));
    let shipping_type = match text("shipping_type") {
        None => None,
        Some("TIKTOK") => Some(ShippingType::Tiktok),
        Some("SELLER") => Some(ShippingType::Seller),
        Some(_) => return Err(invalid("shipping_type")),
    };
    let buyer = text("buyer_user_id").map(|id| id.parse().map_err(|_| invalid("buyer_user_id")));
    let warehouses = body.get("warehouse_ids").and_then(Value::as_array).map(|ids| {
        let parsed = ids.iter().filter_map(Value::as_str).filter_map(|id| id.parse::<WarehouseNo>().ok());
        parsed.collect::<Vec<_>>()
    });
    Ok(OrderFilter {
        status: status.transpose()?,
        created: range(body, "create_time_ge", "create_time_lt"),
        updated: range(body, "update_time_ge", "update_time_lt"),
        shipping_type,
        buyer: buyer.transpose()?,
        cancel_requested: body.get("is_buyer_request_cancel").and_then(Value::as_bool),
        warehouses: warehouses.filter(|list| !list.is_empty()),
        visible_until: None,
    })
}

/// Lower bound inclusive, upper bound exclusive.
fn range(body: &Value, from: &str, until: &str) -> Range<i64> {
    let bound = |name: &str| body.get(name).and_then(Value::as_i64);
    bound(from).unwrap_or(0)..bound(until).unwrap_or(i64::MAX)
}
