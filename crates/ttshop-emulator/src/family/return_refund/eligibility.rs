//! `GET /return_refund/{202309,202512,202602}/orders/{order_id}/aftersale_eligibility`

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::family::data;
use crate::family::return_refund::decide::NOT_FOUND;
use crate::family::return_refund::once::shop;
use crate::gateway::{Admitted, Refusal, Success};
use crate::switches::Switches;
use crate::world::aftersale::{OpenError, ReturnKind, Wish, may_start, obstacle, reasons};
use crate::world::order::{Actor, Line, Order, OrderStatus};
use crate::world::{OrderNo, Shop, World};

/// What can be asked about; the first two are answered unless `request_types` says otherwise.
const REQUESTS: [(&str, Wish); 3] = [
    ("CANCEL", Wish::Cancel),
    ("RETURN_AND_REFUND", Wish::Return(ReturnKind::ReturnAndRefund)),
    ("REFUND", Wish::Return(ReturnKind::Refund)),
];
const WRONG_STATUS: i64 = 25_001_003;
const FINISHED: i64 = 25_001_010;
const IN_PROGRESS: i64 = 25_001_011;
const SHIPPED: i64 = 25_001_045;
const ENDED: i64 = 25_001_051;

pub(super) fn get_aftersale_eligibility(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let order = call.path_params.get("order_id").and_then(|id| id.parse::<OrderNo>().ok());
    let order = order.and_then(|number| shop.book.get(number));
    let order = order.ok_or_else(|| Refusal::business(NOT_FOUND, "There is no such order."))?;
    let by = match call.call.param("initiate_aftersale_user") {
        Some("BUYER") => Actor::Buyer,
        _ => Actor::Seller,
    };
    let asked = call.call.param("request_types");
    let is_asked = |name: &str| match asked {
        Some(names) => names.split(',').any(|wanted| wanted.trim() == name),
        None => name != "REFUND",
    };
    let version = call.operation.version;
    let question = Question { version, by, shop, order, switches: &world.switches };
    let mut by_sku: BTreeMap<(u16, u16), Vec<&Line>> = BTreeMap::new();
    for line in &order.lines {
        by_sku.entry((line.product, line.sku)).or_default().push(line);
    }
    let entries: Vec<Value> = by_sku
        .into_iter()
        .map(|((product, sku), lines)| {
            let requests = REQUESTS.iter().filter(|(name, _)| is_asked(name));
            let verdicts: Vec<Value> =
                requests.flat_map(|(name, wish)| question.verdicts(name, *wish, &lines)).collect();
            json!({
                "sku_id": shop.sku(product, sku).number.to_string(),
                "line_item_eligibility": verdicts,
            })
        })
        .collect();
    Ok(data(&json!({ "sku_eligibility": entries })))
}

/// What is asked, and by whom.
struct Question<'a> {
    version: &'a str,
    by: Actor,
    shop: &'a Shop,
    order: &'a Order,
    switches: &'a Switches,
}

impl Question<'_> {
    /// One entry for the units of a variant that share a verdict.
    fn verdicts(&self, name: &str, wish: Wish, lines: &[&Line]) -> Vec<Value> {
        let mut groups: BTreeMap<Option<i64>, Vec<String>> = BTreeMap::new();
        for line in lines {
            groups.entry(self.hindrance(wish, line)).or_default().push(line.number.to_string());
        }
        groups.into_iter().map(|(code, ids)| self.entry(name, wish, code, &ids)).collect()
    }

    fn entry(&self, name: &str, wish: Wish, code: Option<i64>, ids: &[String]) -> Value {
        let mut entry = json!({
            "request_type": name,
            "eligible": code.is_none(),
            "order_line_items_ids": ids,
        });
        if let Some(code) = code {
            entry["ineligible_code"] = code.into();
            entry["ineligible_reason"] = explain(code).into();
        }
        if self.version != "202309" {
            entry["available_reason_names"] = self.reasons(wish, code.is_none()).into();
        }
        if self.version == "202602" {
            let list = ids.iter().map(|id| json!({ "order_line_item_id": id }));
            entry["order_line_list"] = list.collect::<Vec<_>>().into();
        }
        entry
    }

    /// The code that starting it would be refused with.
    fn hindrance(&self, wish: Wish, line: &Line) -> Option<i64> {
        let status = self.order.status;
        if matches!(status, OrderStatus::Completed | OrderStatus::Cancelled) {
            return Some(ENDED);
        }
        if !may_start(wish, self.by, status, &self.shop.region, self.switches) {
            let travels = wish == Wish::Cancel && status.index() > OrderStatus::AwaitingShipment.index();
            return Some(if travels { SHIPPED } else { WRONG_STATUS });
        }
        if wish == Wish::Cancel && self.shop.aftersales.pending_cancel(self.order.number).is_some() {
            return Some(IN_PROGRESS);
        }
        match obstacle(self.shop, self.order, line.number)? {
            OpenError::InProgress => Some(IN_PROGRESS),
            OpenError::NoShop
            | OpenError::NoOrder
            | OpenError::NoLine
            | OpenError::Finished
            | OpenError::Order(_)
            | OpenError::TooMuch => Some(FINISHED),
        }
    }

    fn reasons(&self, wish: Wish, eligible: bool) -> Vec<&'static str> {
        let status = self.order.status;
        match (wish, self.by) {
            _ if !eligible => Vec::new(),
            (Wish::Cancel, Actor::Seller) => reasons::seller_cancel(&self.shop.region, status),
            (Wish::Cancel, Actor::Buyer | Actor::System) => reasons::buyer_cancel(status).to_vec(),
            (Wish::Return(kind), _) => reasons::seller_refund(kind, status).to_vec(),
        }
    }
}

fn explain(code: i64) -> &'static str {
    match code {
        ENDED => "The order is completed or cancelled.",
        SHIPPED => "The order is on its way and cannot be cancelled any more.",
        IN_PROGRESS => "A request for this item is in progress.",
        FINISHED => "This item was cancelled or paid back already.",
        _ => "The order's status or market does not allow it.",
    }
}
