//! Sorted lists of performances.

use serde_json::Value;

use crate::family::listing::{Growth, Page, page_growing};
use crate::gateway::{Admitted, Refusal};
use crate::world::World;
use crate::world::sales::{Measures, Traffic};

/// A row before it is shown.
#[derive(Debug)]
pub(super) struct Row<T> {
    pub(super) subject: T,
    pub(super) sum: Measures,
    pub(super) seen: Traffic,
}

/// The page of `rows` that `call` asks for, the greatest first unless it says otherwise; equals stay in their order.
pub(super) fn sorted<T>(
    call: &Admitted<'_>,
    world: &World,
    mut rows: Vec<Row<T>>,
) -> Result<Page<Row<T>>, Refusal> {
    let field = call.call.param("sort_field").unwrap_or("gmv");
    rows.sort_by_key(|row| key(row, field));
    if call.call.param("sort_order") != Some("ASC") {
        // Reversing twice keeps equals in their order.
        rows.reverse();
        rows.sort_by_key(|row| std::cmp::Reverse(key(row, field)));
    }
    page_growing(call, world, rows, Growth::AtTheEnd)
}

fn key<T>(row: &Row<T>, field: &str) -> i64 {
    let wide = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let seen = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    match field {
        "orders" | "order_count" | "main_orders" => wide(row.sum.orders()),
        "sku_orders" | "created_sku_orders" | "live_attributed_sku_orders" => wide(row.sum.sku_orders()),
        "items_sold" | "units_sold" | "unit_sold" | "unit_sold_count" | "live_attributed_items_sold" => {
            seen(row.sum.units)
        }
        "customers" | "avg_customers" | "attributed_customers" | "daily_avg_buyers" => wide(row.sum.buyers()),
        "views" | "product_impressions" => seen(row.seen.impressions),
        "product_clicks" | "produt_clicks" => seen(row.seen.clicks),
        _ => row.sum.gmv.0,
    }
}

/// `total_count`, `next_page_token` and the rows under `name`.
pub(super) fn answer<T>(
    page: &Page<Row<T>>,
    name: &str,
    latest: crate::world::day::Day,
    view: impl Fn(&Row<T>) -> Value,
) -> Value {
    let rows: Vec<Value> = page.rows.iter().map(view).collect();
    serde_json::json!({
        "latest_available_date": latest.to_string(),
        "total_count": page.total,
        "next_page_token": page.next,
        name: rows,
    })
}
