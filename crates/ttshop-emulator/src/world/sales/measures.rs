//! Sums of facts.

use std::collections::BTreeSet;

use crate::money::Minor;
use crate::world::sales::{Channel, Fact, Refunded};
use crate::world::{BuyerNo, OrderNo};

/// What some facts add up to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measures {
    /// What buyers paid for goods, without tax and shipping; cancelled units count.
    pub(crate) gmv: Minor,
    pub(crate) platform_discount: Minor,
    pub(crate) tax: Minor,
    pub(crate) shipping: Minor,
    pub(crate) refunds: Minor,
    pub(crate) units: u64,
    pub(crate) cancelled_units: u64,
    pub(crate) returned_units: u64,
    orders: BTreeSet<OrderNo>,
    sku_orders: BTreeSet<(OrderNo, u16, u16)>,
    buyers: BTreeSet<BuyerNo>,
    refunded_orders: BTreeSet<OrderNo>,
}

impl Measures {
    /// The sum of all facts that `belongs` lets pass.
    pub(crate) fn of<'a>(facts: &[Fact<'a>], belongs: impl Fn(&Fact<'a>) -> bool) -> Self {
        let mut sum = Self::default();
        for fact in facts.iter().filter(|fact| belongs(fact)) {
            sum.add(fact);
        }
        sum
    }

    pub(crate) fn add(&mut self, fact: &Fact<'_>) {
        let (order, line) = (fact.order, fact.line);
        self.gmv = self.gmv + line.sale_price();
        self.platform_discount = self.platform_discount + line.platform_discount;
        self.tax = self.tax + line.tax;
        self.shipping = self.shipping + fact.shipping();
        self.units += 1;
        self.orders.insert(order.number);
        self.sku_orders.insert((order.number, line.product, line.sku));
        self.buyers.insert(order.buyer);
        let Some(refunded) = fact.refunded else { return };
        let amount = match refunded {
            Refunded::Cancelled(amount) => {
                self.cancelled_units += 1;
                amount
            }
            Refunded::Returned(amount) => {
                self.returned_units += 1;
                amount
            }
        };
        self.refunds = self.refunds + amount;
        self.refunded_orders.insert(order.number);
    }

    pub(crate) fn orders(&self) -> usize {
        self.orders.len()
    }

    /// Each variant of an order counts once.
    pub(crate) fn sku_orders(&self) -> usize {
        self.sku_orders.len()
    }

    pub(crate) fn buyers(&self) -> usize {
        self.buyers.len()
    }

    pub(crate) fn refunded_orders(&self) -> usize {
        self.refunded_orders.len()
    }

    /// What an order is worth on average.
    pub(crate) fn order_value(&self) -> Minor {
        average(self.gmv, self.orders.len())
    }

    /// What a variant of an order is worth on average.
    pub(crate) fn sku_order_value(&self) -> Minor {
        average(self.gmv, self.sku_orders.len())
    }
}

/// Whether a fact came through `channel`.
pub(crate) fn through(channel: Channel) -> impl Fn(&Fact<'_>) -> bool {
    move |fact| fact.channel == channel
}

fn average(sum: Minor, count: usize) -> Minor {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Minor(sum.0.checked_div(count).unwrap_or(0))
}
