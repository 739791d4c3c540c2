//! Coupons. The API reads them; sellers make them in Seller Center, which is the control API here.

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::{CouponNo, ProductNo};

/// One coupon.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Coupon {
    pub(crate) number: CouponNo,
    pub(crate) title: String,
    /// LIVE, CREATOR_EXCLUSIVE, CHAT, PROMO_CODE or REGULAR.
    pub(crate) display_type: String,
    #[serde(with = "crate::instant")]
    pub(crate) begin: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) end: Timestamp,
    pub(crate) promo_code: Option<String>,
    pub(crate) discount: CouponDiscount,
    pub(crate) min_spend: Option<Minor>,
    /// None: every product of the shop.
    pub(crate) products: Option<Vec<ProductNo>>,
    pub(crate) total_claim_limit: u32,
    pub(crate) deactivated: bool,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
}

/// What a coupon takes off.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CouponDiscount {
    Amount(Minor),
    Percent(u8),
}

/// Where a coupon stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CouponStatus {
    NotStart,
    Ongoing,
    Expired,
    Deactivated,
}

impl Coupon {
    pub(crate) fn status(&self, now: Timestamp) -> CouponStatus {
        if self.deactivated {
            CouponStatus::Deactivated
        } else if self.end <= now {
            CouponStatus::Expired
        } else if self.begin <= now {
            CouponStatus::Ongoing
        } else {
            CouponStatus::NotStart
        }
    }
}
