//! One activity and its states.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::product::Sku;
use crate::world::promotion::item::{Item, Offer};
use crate::world::{ActivityNo, ProductNo, SkuNo};

/// What an activity does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ActivityKind {
    FixedPrice,
    DirectDiscount,
    Flashsale,
    ShippingDiscount,
    BuyMoreSaveMore,
    GiftWithPurchase,
    BuyXGetY,
}

/// What an activity is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ProductLevel {
    Product,
    Variation,
    Shop,
}

/// Where an activity stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ActivityStatus {
    /// It has no products yet.
    Draft,
    NotStart,
    Ongoing,
    Expired,
    /// By the seller.
    Deactivated,
    /// Stopped by the platform.
    NotEffective,
}

/// One activity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Activity {
    pub(crate) number: ActivityNo,
    pub(crate) title: String,
    pub(crate) kind: ActivityKind,
    pub(crate) level: ProductLevel,
    #[serde(with = "crate::instant")]
    pub(crate) begin: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) end: Timestamp,
    /// It has no end; shipping discounts only.
    pub(crate) indefinite: bool,
    /// Participation, discount, target and auction as the seller sent them.
    pub(crate) terms: Value,
    pub(crate) status: ActivityStatus,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
    pub(crate) items: BTreeMap<ProductNo, Item>,
    pub(crate) benefit_products: Vec<ProductNo>,
    pub(crate) excluded_products: Vec<ProductNo>,
}

impl ActivityKind {
    /// Whether it gives single products another price.
    pub(crate) fn changes_prices(self) -> bool {
        matches!(self, Self::FixedPrice | Self::DirectDiscount | Self::Flashsale)
    }

    /// Whether a product may not be in activities of both kinds at once. A flash sale goes before a discount, so these two
    /// do not stand in each other's way.
    pub(crate) fn conflicts_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Flashsale, Self::Flashsale) | (Self::BuyMoreSaveMore, Self::BuyMoreSaveMore) => true,
            (Self::Flashsale, _) | (_, Self::Flashsale) => false,
            _ => self.changes_prices() && other.changes_prices(),
        }
    }
}

impl ActivityStatus {
    /// It will run or runs.
    pub(crate) fn is_live(self) -> bool {
        matches!(self, Self::NotStart | Self::Ongoing)
    }

    /// It is over for good, unless it is published again.
    pub(crate) fn is_over(self) -> bool {
        matches!(self, Self::Expired | Self::Deactivated | Self::NotEffective)
    }
}

impl Activity {
    /// Whether its offers count now. The alarm of its begin or end may be due at this very instant.
    pub(crate) fn is_running(&self, now: Timestamp) -> bool {
        self.status.is_live() && self.begin <= now && !self.has_ended(now)
    }

    /// A draft gets its first products, or something that is over gets new times.
    pub(crate) fn publish(&mut self, now: Timestamp) {
        self.status = ActivityStatus::NotStart;
        self.settle(now);
    }

    /// Moves on to where the clock says it is; true if that is another state.
    pub(crate) fn settle(&mut self, now: Timestamp) -> bool {
        let before = self.status;
        if !before.is_over() {
            if self.has_ended(now) {
                self.status = ActivityStatus::Expired;
            } else if before.is_live() {
                let begun = self.begin <= now;
                self.status = if begun { ActivityStatus::Ongoing } else { ActivityStatus::NotStart };
            }
        }
        if self.status != before {
            self.updated = now;
        }
        self.status != before
    }

    /// Whether two activities run at the same time at some time.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        (self.indefinite || other.begin < self.end) && (other.indefinite || self.begin < other.end)
    }

    /// How many products and variants are in it.
    pub(crate) fn item_count(&self) -> usize {
        match self.level {
            ProductLevel::Product | ProductLevel::Shop => self.items.len(),
            ProductLevel::Variation => self.items.values().map(|item| item.skus.len()).sum(),
        }
    }

    pub(super) fn offers(&self, product: ProductNo, sku: SkuNo, nth: u32) -> bool {
        let item = self.items.get(&product);
        item.is_some_and(|item| item.offer_for(sku).is_some() && item.has_room(sku, nth))
    }

    pub(super) fn take(&mut self, product: ProductNo, sku: &Sku) -> Option<Minor> {
        let item = self.items.get_mut(&product)?;
        let price = item.offer_for(sku.number).map(|offer: Offer| offer.price(sku.price))?;
        item.used = item.used.saturating_add(1);
        if let Some(of_sku) = item.skus.get_mut(&sku.number) {
            of_sku.used = of_sku.used.saturating_add(1);
        }
        Some(price)
    }

    fn has_ended(&self, now: Timestamp) -> bool {
        !self.indefinite && self.end <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity(status: ActivityStatus) -> Activity {
        Activity {
            number: ActivityNo(1),
            title: "Summer".into(),
            kind: ActivityKind::FixedPrice,
            level: ProductLevel::Product,
            begin: Timestamp::from_seconds(100),
            end: Timestamp::from_seconds(200),
            indefinite: false,
            terms: Value::Null,
            status,
            created: Timestamp::from_seconds(0),
            updated: Timestamp::from_seconds(0),
            items: BTreeMap::new(),
            benefit_products: Vec::new(),
            excluded_products: Vec::new(),
        }
    }

    #[test]
    fn the_clock_moves_what_is_not_over() {
        use ActivityStatus::{Deactivated, Draft, Expired, NotEffective, NotStart, Ongoing};
        let table = [
            (Draft, [Draft, Draft, Expired]),
            (NotStart, [NotStart, Ongoing, Expired]),
            (Ongoing, [NotStart, Ongoing, Expired]),
            (Expired, [Expired; 3]),
            (Deactivated, [Deactivated; 3]),
            (NotEffective, [NotEffective; 3]),
        ];
        for (from, expected) in table {
            for (seconds, to) in [99, 100, 200].into_iter().zip(expected) {
                let mut activity = activity(from);
                let moved = activity.settle(Timestamp::from_seconds(seconds));
                assert_eq!((activity.status, moved), (to, from != to), "{from:?} at {seconds}");
            }
        }
    }

    #[test]
    fn what_has_no_end_does_not_expire() {
        let mut activity = Activity { indefinite: true, ..activity(ActivityStatus::Ongoing) };
        assert!(!activity.settle(Timestamp::from_seconds(9_999)));
        let later = Activity { begin: Timestamp::from_seconds(5_000), ..activity.clone() };
        assert!(activity.overlaps(&later) && later.overlaps(&activity));
    }

    #[test]
    fn a_flash_sale_stands_in_no_discounts_way() {
        use ActivityKind::{BuyMoreSaveMore, DirectDiscount, FixedPrice, Flashsale};
        for (one, other, conflict) in [
            (Flashsale, Flashsale, true),
            (Flashsale, FixedPrice, false),
            (FixedPrice, DirectDiscount, true),
            (BuyMoreSaveMore, BuyMoreSaveMore, true),
            (BuyMoreSaveMore, FixedPrice, false),
        ] {
            assert_eq!(one.conflicts_with(other), conflict, "{one:?} {other:?}");
            assert_eq!(other.conflicts_with(one), conflict, "{other:?} {one:?}");
        }
    }
}
