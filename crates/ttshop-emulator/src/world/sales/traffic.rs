//! Who looked at products without an order telling of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use crate::dice::scatter;
use crate::world::day::Day;
use crate::world::sales::{Channel, Fact};
use crate::world::{BuyerNo, Shop};

/// How often products were seen. Impressions are at least clicks, these at least visitors, these at least buyers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) impressions: u64,
    /// How often a product's page was opened.
    pub(crate) clicks: u64,
    pub(crate) visitors: u64,
    /// Who put something into the cart.
    pub(crate) carts: u64,
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, other: Self) {
        self.impressions += other.impressions;
        self.clicks += other.clicks;
        self.visitors += other.visitors;
        self.carts += other.carts;
    }
}

/// The traffic of the days from `from` up to but without `until`, for one product or for all. Drawn from the shop, the date, the
/// product and the channel, so that it stays the same, and days and products add up.
pub(crate) fn traffic(
    shop: &Shop,
    facts: &[Fact<'_>],
    days: (Day, Day),
    product: Option<u16>,
    channels: &[Channel],
) -> Traffic {
    let mut buyers: BTreeMap<(Day, u16, Channel), BTreeSet<BuyerNo>> = BTreeMap::new();
    let wanted = |fact: &&Fact<'_>| product.is_none_or(|place| place == fact.line.product);
    for fact in facts.iter().filter(wanted) {
        buyers.entry((fact.day, fact.line.product, fact.channel)).or_default().insert(fact.order.buyer);
    }
    let count = u16::try_from(shop.products.len()).unwrap_or(u16::MAX);
    let products = product.map_or(0..count, |product| product..product.saturating_add(1));
    let mut sum = Traffic::default();
    for day in days.0.0..days.1.0 {
        for product in products.clone() {
            for channel in channels {
                let bought = buyers.get(&(Day(day), product, *channel)).map_or(0, BTreeSet::len);
                let of = scatter(
                    shop.number.0
                        ^ scatter(day.cast_unsigned() << 18 | u64::from(product) << 2 | channel.index()),
                );
                sum += draw(of, u64::try_from(bought).unwrap_or(u64::MAX));
            }
        }
    }
    sum
}

fn draw(of: u64, buyers: u64) -> Traffic {
    let part = |shift: u32, bound: u64| (of >> shift) % bound;
    let carts = buyers + part(0, 6);
    let visitors = carts + 5 + part(8, 60);
    let clicks = visitors + part(20, 40);
    let impressions = clicks * 4 + part(32, 500);
    Traffic { impressions, clicks, visitors, carts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_buys_without_looking() {
        for seed in 0..10_000 {
            let buyers = seed % 50;
            let drawn = draw(scatter(seed), buyers);
            assert!(
                drawn.impressions >= drawn.clicks
                    && drawn.clicks >= drawn.visitors
                    && drawn.visitors >= drawn.carts
                    && drawn.carts >= buyers,
                "{drawn:?}"
            );
        }
    }
}
