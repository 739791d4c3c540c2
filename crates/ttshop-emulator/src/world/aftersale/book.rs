//! All cases of one shop.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::world::aftersale::cancellation::{CancelStatus, Cancellation};
use crate::world::aftersale::case::ReturnCase;
use crate::world::aftersale::group::{AftersaleRequest, RequestStatus, Rma, RmaStatus};
use crate::world::aftersale::keys::Keys;
use crate::world::order::{Line, Order};
use crate::world::{CancelNo, LineNo, OrderNo, RequestNo, ReturnNo, RmaNo};

/// Cancellations, returns, and what groups returns.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct AftersaleBook {
    pub(crate) cancellations: BTreeMap<CancelNo, Cancellation>,
    pub(crate) returns: BTreeMap<ReturnNo, ReturnCase>,
    pub(crate) requests: BTreeMap<RequestNo, AftersaleRequest>,
    pub(crate) rmas: BTreeMap<RmaNo, Rma>,
    pub(crate) keys: Keys,
    /// Derived.
    #[serde(skip)]
    by_order: BTreeMap<OrderNo, Cases>,
}

/// The cases of one order, oldest first.
#[derive(Debug, Default)]
struct Cases {
    cancellations: Vec<CancelNo>,
    returns: Vec<ReturnNo>,
}

/// A case by its kind, for what falls due.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaseNo {
    Cancellation(CancelNo),
    Return(ReturnNo),
}

impl AftersaleBook {
    pub(crate) fn insert_cancellation(&mut self, cancellation: Cancellation) {
        self.by_order.entry(cancellation.order).or_default().cancellations.push(cancellation.number);
        self.cancellations.insert(cancellation.number, cancellation);
    }

    pub(crate) fn insert_return(&mut self, case: ReturnCase) {
        self.by_order.entry(case.order).or_default().returns.push(case.number);
        self.returns.insert(case.number, case);
    }

    pub(crate) fn cancellations_of(&self, order: OrderNo) -> impl Iterator<Item = &Cancellation> {
        let numbers = self.by_order.get(&order).map(|cases| cases.cancellations.as_slice());
        numbers.unwrap_or_default().iter().filter_map(|number| self.cancellations.get(number))
    }

    pub(crate) fn returns_of(&self, order: OrderNo) -> impl Iterator<Item = &ReturnCase> {
        let numbers = self.by_order.get(&order).map(|cases| cases.returns.as_slice());
        numbers.unwrap_or_default().iter().filter_map(|number| self.returns.get(number))
    }

    /// The buyer's request that the seller has not answered.
    pub(crate) fn pending_cancel(&self, order: OrderNo) -> Option<CancelNo> {
        let pending = |it: &&Cancellation| it.status == CancelStatus::Pending;
        self.cancellations_of(order).find(pending).map(|cancellation| cancellation.number)
    }

    /// The case that holds a unit.
    pub(crate) fn claim(&self, order: OrderNo, line: LineNo) -> Option<&ReturnCase> {
        let holds =
            |case: &&ReturnCase| case.claims_lines() && case.lines.iter().any(|claimed| claimed.line == line);
        self.returns_of(order).find(holds)
    }

    /// Whether some case already gives back what was paid for shipping.
    pub(crate) fn shipping_is_claimed(&self, order: OrderNo) -> bool {
        self.returns_of(order).any(|case| case.claims_lines() && case.worth().shipping.0 > 0)
            || self.cancellations_of(order).any(|cancellation| {
                cancellation.status != CancelStatus::Cancelled && cancellation.refund().shipping.0 > 0
            })
    }

    /// Whether these are the last units of the order that nobody gave back yet, so that shipping goes back with them.
    pub(crate) fn is_last_claim(&self, order: &Order, lines: &[LineNo]) -> bool {
        let is_gone = |line: &Line| {
            line.is_cancelled()
                || lines.contains(&line.number)
                || self.claim(order.number, line.number).is_some()
        };
        order.lines.iter().all(is_gone) && !self.shipping_is_claimed(order.number)
    }

    /// Whether every unit that was not cancelled is paid back in full.
    pub(crate) fn is_fully_refunded(&self, order: &Order) -> bool {
        order.lines.iter().filter(|line| !line.is_cancelled()).all(|line| {
            self.claim(order.number, line.number)
                .is_some_and(|case| case.status.is_refunded() && case.refund() == case.worth())
        })
    }

    pub(crate) fn request_status(&self, number: RequestNo) -> Option<RequestStatus> {
        let request = self.requests.get(&number)?;
        Some(RequestStatus::of(request.returns.iter().filter_map(|number| self.returns.get(number))))
    }

    pub(crate) fn rma_status(&self, number: RmaNo) -> Option<RmaStatus> {
        let rma = self.rmas.get(&number)?;
        Some(RmaStatus::of(rma.returns.iter().filter_map(|number| self.returns.get(number))))
    }

    /// Finds the cases of orders again after a snapshot was read.
    pub(crate) fn reindex(&mut self) {
        self.by_order.clear();
        for cancellation in self.cancellations.values() {
            self.by_order.entry(cancellation.order).or_default().cancellations.push(cancellation.number);
        }
        for case in self.returns.values() {
            self.by_order.entry(case.order).or_default().returns.push(case.number);
        }
    }

    /// Whether all that is named exists; `order` finds the shop's orders.
    pub(crate) fn is_consistent<'a>(&self, order: impl Fn(OrderNo) -> Option<&'a Order>) -> bool {
        let has_line = |number: OrderNo, line: LineNo| {
            order(number).is_some_and(|order| order.lines.iter().any(|known| known.number == line))
        };
        self.cancellations.iter().all(|(number, it)| {
            *number == it.number && it.lines.iter().all(|line| has_line(it.order, line.line))
        }) && self.returns.iter().all(|(number, it)| {
            *number == it.number
                && self.requests.contains_key(&it.request)
                && it.rma.is_none_or(|rma| self.rmas.contains_key(&rma))
                && it.lines.iter().all(|line| has_line(it.order, line.line))
        }) && self.requests.values().all(|it| it.returns.iter().all(|it| self.returns.contains_key(it)))
            && self.rmas.values().all(|it| {
                self.requests.contains_key(&it.request)
                    && it.returns.iter().all(|it| self.returns.contains_key(it))
            })
    }
}
