//! `POST /return_refund/{202309,202602}/cancellations/search`

use serde_json::json;

use crate::family::data;
use crate::family::page::{Wanted, page};
use crate::family::return_refund::once::shop;
use crate::family::return_refund::returns::{Filter, by_update};
use crate::family::return_refund::view::{Edition, cancellation_view};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

/// Cases on a page when the caller does not say (PLATFORM.md 6.2).
pub(super) const PAGE_SIZE_DEFAULT: usize = 10;

pub(super) fn search_cancellations(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let filter = Filter::of(&call.body);
    let edition = if call.operation.version == "202309" { Edition::First } else { Edition::Second };
    let updates = by_update(call);
    let rows = shop
        .aftersales
        .cancellations
        .values()
        .filter(|it| {
            filter.times_fit(it.created, it.updated)
                && filter.has("cancel_ids", || it.number.to_string())
                && filter.has("order_ids", || it.order.to_string())
                && filter.has("cancel_types", || it.kind.as_str().into())
                && filter.has("cancel_status", || it.status.filter_word().into())
                && filter.buyer_fits(shop, it.order)
        })
        .map(|it| ((if updates { it.updated } else { it.created }.as_seconds(), it.number.0), it))
        .collect();
    let search = format!("cancellations|{}|{updates}", call.body);
    let page = page(rows, Wanted::of_query(call, PAGE_SIZE_DEFAULT), &search, call, world)?;
    let shown: Vec<_> =
        page.rows.iter().map(|it| cancellation_view(shop, it, &world.switches, edition)).collect();
    let answer = json!({ "cancellations": shown, "total_count": page.total, "next_page_token": page.next });
    Ok(data(&answer))
}
