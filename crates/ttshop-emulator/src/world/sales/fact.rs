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
            is_first: place == 0,
        })
    });
    units.collect()
}

impl Fact<'_> {
    /// Cancelled after it was paid: the money went back.
    pub(crate) fn is_refunded(&self) -> bool {
        self.line.cancelled.is_some() || self.order.status == OrderStatus::Cancelled
    }

    /// What the buyer paid for shipping, at the first unit.
    pub(crate) fn shipping(&self) -> Minor {
        if self.is_first { self.order.fees.paid() } else { Minor(0) }
    }
}
