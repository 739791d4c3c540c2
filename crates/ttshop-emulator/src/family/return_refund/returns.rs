//! `POST /return_refund/{202309,202602}/returns/search`, and what all searches for cases have in common.

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::family::data;
use crate::family::page::{Wanted, page};
use crate::family::return_refund::cancellations::PAGE_SIZE_DEFAULT;
use crate::family::return_refund::once::shop;
use crate::family::return_refund::view::{Edition, return_view};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::aftersale::{Arbitration, ReturnCase};
use crate::world::{OrderNo, Shop, World};

pub(super) fn search_returns(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let filter = Filter::of(&call.body);
    let edition = if call.operation.version == "202309" { Edition::First } else { Edition::Second };
    let updates = by_update(call);
    let fits = |case: &&ReturnCase| {
        filter.times_fit(case.created, case.updated)
            && filter.has("return_ids", || case.number.to_string())
            && filter.has("order_ids", || case.order.to_string())
            && filter.has("return_types", || case.kind.as_str().into())
            && filter.has("return_status", || case.status.as_str().into())
            && filter.has("arbitration_status", || {
                case.arbitration.map(Arbitration::as_str).unwrap_or_default().into()
            })
            && filter.has("seller_proposed_return_type", || {
                if case.offer.is_some() || case.rejected_offer {
                    "PARTIAL_REFUND".into()
                } else {
                    String::new()
                }
            })
            && filter.buyer_fits(shop, case.order)
    };
    let rows = shop.aftersales.returns.values().filter(fits);
    let rows = rows
        .map(|it| ((if updates { it.updated } else { it.created }.as_seconds(), it.number.0), it))
        .collect();
    let search = format!("returns|{}|{updates}", call.body);
    let page = page(rows, Wanted::of_query(call, PAGE_SIZE_DEFAULT), &search, call, world)?;
    let shown: Vec<_> = page.rows.iter().map(|it| return_view(shop, it, &world.switches, edition)).collect();
    let answer = json!({ "return_orders": shown, "total_count": page.total, "next_page_token": page.next });
    Ok(data(&answer))
}

/// Whether a search runs along `update_time`; the gateway has checked the field.
pub(super) fn by_update(call: &Admitted<'_>) -> bool {
    call.call.param("sort_field") == Some("update_time")
}

/// Lists and times of a body that narrow a search; an empty list narrows nothing.
pub(super) struct Filter<'a> {
    body: &'a Value,
}

impl<'a> Filter<'a> {
    pub(super) fn of(body: &'a Value) -> Self {
        Self { body }
    }

    /// Whether the list holds the word, or is not there.
    pub(super) fn has(&self, list: &str, word: impl FnOnce() -> String) -> bool {
        let list = self.body.get(list).and_then(Value::as_array).filter(|list| !list.is_empty());
        list.is_none_or(|list| {
            let word = word();
            list.iter().any(|wanted| wanted.as_str() == Some(word.as_str()))
        })
    }

    /// Lower bounds are inclusive, upper ones exclusive (PLATFORM.md 6.1).
    pub(super) fn times_fit(&self, created: Timestamp, updated: Timestamp) -> bool {
        let bound = |name: &str| self.body.get(name).and_then(Value::as_i64);
        let fits = |time: Timestamp, from: &str, until: &str| {
            bound(from).is_none_or(|from| time.as_seconds() >= from)
                && bound(until).is_none_or(|until| time.as_seconds() < until)
        };
        fits(created, "create_time_ge", "create_time_lt") && fits(updated, "update_time_ge", "update_time_lt")
    }

    pub(super) fn buyer_fits(&self, shop: &Shop, order: OrderNo) -> bool {
        let buyer = || shop.book.get(order).map(|order| order.buyer.to_string()).unwrap_or_default();
        self.has("buyer_user_ids", buyer)
    }
}
