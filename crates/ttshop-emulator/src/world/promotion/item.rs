//! What an activity offers for a product or a variant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::world::SkuNo;

/// A limit that does not limit.
pub(crate) const UNLIMITED: i64 = -1;

/// A product in an activity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Item {
    /// None where the activity is about variants, or does not change prices.
    pub(crate) offer: Option<Offer>,
    pub(crate) quantity_limit: i64,
    pub(crate) quantity_per_user: i64,
    pub(crate) used: u32,
    pub(crate) skus: BTreeMap<SkuNo, SkuItem>,
}

/// A variant in an activity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct SkuItem {
    pub(crate) offer: Option<Offer>,
    pub(crate) quantity_limit: i64,
    pub(crate) quantity_per_user: i64,
    pub(crate) used: u32,
}

/// How a price changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Offer {
    Price(Minor),
    /// So much less, of a hundred.
    PercentOff(i64),
}

impl Offer {
    /// What a unit costs; never more than its list price, which may have fallen meanwhile.
    pub(crate) fn price(self, list_price: Minor) -> Minor {
        match self {
            Self::Price(price) => price.min(list_price),
            Self::PercentOff(percent) => list_price - list_price.percent(percent),
        }
    }
}

impl Item {
    /// Whether one more unit may have the offer; `nth` units of the order have it already.
    pub(super) fn has_room(&self, sku: SkuNo, nth: u32) -> bool {
        let of_sku = self.skus.get(&sku);
        let sku_has_room = of_sku
            .is_none_or(|item| within(item.quantity_limit, item.used) && within(item.quantity_per_user, nth));
        sku_has_room && within(self.quantity_limit, self.used) && within(self.quantity_per_user, nth)
    }

    /// The offer for a variant.
    pub(super) fn offer_for(&self, sku: SkuNo) -> Option<Offer> {
        self.skus.get(&sku).and_then(|item| item.offer).or(self.offer)
    }
}

fn within(limit: i64, used: u32) -> bool {
    limit == UNLIMITED || i64::from(used) < limit
}
