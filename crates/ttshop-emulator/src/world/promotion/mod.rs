//! Promotions of a shop: activities that change prices for a while, and coupons (PLATFORM.md 8.6).
//!
//! An [`Activity`] begins as a draft, is published with its first product, and from then on follows the clock, until it expires,
//! the seller deactivates it or the platform stops it. Placing an order asks [`Promotions::take`] for the price of a unit.

mod activity;
mod announce;
mod coupon;
mod item;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::order::Line;
use crate::world::place::sales_tax_percent;
use crate::world::product::{Product, Sku};
use crate::world::{ActivityNo, CouponNo, ProductNo, Shop};

pub(crate) use activity::{Activity, ActivityKind, ActivityStatus, ProductLevel};
pub(crate) use announce::ActivityNews;
pub(crate) use coupon::{Coupon, CouponDiscount, CouponStatus};
pub(crate) use item::{Item, Offer, SkuItem, UNLIMITED};

/// All promotions of one shop.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Promotions {
    pub(crate) activities: BTreeMap<ActivityNo, Activity>,
    pub(crate) coupons: BTreeMap<CouponNo, Coupon>,
}

impl Promotions {
    /// Whether an activity that changes the product's price runs now; the price cannot be edited then (PLATFORM.md 12 #24).
    pub(crate) fn has_running(&self, product: ProductNo, now: Timestamp) -> bool {
        let mut activities = self.activities.values();
        activities.any(|activity| activity.is_running(now) && activity.items.contains_key(&product))
    }

    /// The price of one more unit if an activity offers one, which counts as used then. `nth` is how many units of the variant
    /// the order has already. A flash sale goes before every other discount.
    pub(crate) fn take(&mut self, product: &Product, sku: &Sku, nth: u32, now: Timestamp) -> Option<Minor> {
        if !self.has_running(product.number, now) {
            return None;
        }
        let running = self.activities.values_mut().filter(|activity| activity.is_running(now));
        let mut offering: Vec<&mut Activity> =
            running.filter(|activity| activity.offers(product.number, sku.number, nth)).collect();
        offering.sort_by_key(|activity| (activity.kind != ActivityKind::Flashsale, activity.number));
        let activity = offering.into_iter().next()?;
        activity.take(product.number, sku)
    }
}

impl Shop {
    /// Gives a unit the price of the activity it is in: the difference is the seller's discount. `nth` units of its variant are
    /// in the order already.
    pub(in crate::world) fn promote(&mut self, line: &mut Line, nth: u32, now: Timestamp) {
        let Some(product) = self.products.get(usize::from(line.product)) else { return };
        let Some(sku) = product.skus.get(usize::from(line.sku)) else { return };
        if let Some(price) = self.promotions.take(product, sku, nth, now) {
            line.seller_discount = line.list_price - price;
            line.platform_discount = line.platform_discount.min(price);
            line.tax = line.sale_price().percent(sales_tax_percent(&self.region));
        }
    }
}
