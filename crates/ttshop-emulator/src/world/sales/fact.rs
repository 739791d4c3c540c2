//! Paid units.

use crate::money::Minor;
use crate::world::Shop;
use crate::world::day::{Day, offset_of};
use crate::world::order::{Line, Order, OrderStatus};
use crate::world::sales::{Account, Channel};

/// One unit of an order that was paid, on the day on which it was placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact<'a> {
    pub(crate) day: Day,
    pub(crate) order: &'a Order,
    pub(crate) line: &'a Line,
    pub(crate) channel: Channel,
    pub(crate) account: Account,
    pub(crate) refunded: Option<Refunded>,
    /// What the order costs besides its units is counted with the first of them.
    pub(crate) is_first: bool,
}

/// All of the dates from `from` up to but without `until`.
pub(crate) fn facts(shop: &Shop, from: Day, until: Day) -> Vec<Fact<'_>> {
    let offset = offset_of(&shop.region);
    let paid =
        shop.book.created_in(Day::span(from, until, offset)).filter(|order| order.times.paid.is_some());
    let units = paid.flat_map(|order| {
        order.lines.iter().enumerate().map(move |(place, line)| Fact {
            day: Day::of(order.created, offset),
            order,
            line,
            channel: Channel::of(order),
            account: Account::of(order),
            refunded: refunded(shop, order, line),
            is_first: place == 0,
        })
    });
    units.collect()
}

/// What went back to the buyer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refunded {
    /// The unit was cancelled after it was paid.
    Cancelled(Minor),
    /// The unit was returned, or paid back without a return; perhaps in part.
    Returned(Minor),
}

fn refunded(shop: &Shop, order: &Order, line: &Line) -> Option<Refunded> {
    if line.is_cancelled() || order.status == OrderStatus::Cancelled {
        return Some(Refunded::Cancelled(line.sale_price()));
    }
    let case = shop.aftersales.claim(order.number, line.number).filter(|case| case.status.is_refunded())?;
    let place = case.lines.iter().position(|claimed| claimed.line == line.number)?;
    Some(Refunded::Returned(case.refunds().get(place)?.subtotal))
}

impl Fact<'_> {
    /// What the buyer paid for shipping, at the first unit.
    pub(crate) fn shipping(&self) -> Minor {
        if self.is_first { self.order.fees.paid() } else { Minor(0) }
    }
}
