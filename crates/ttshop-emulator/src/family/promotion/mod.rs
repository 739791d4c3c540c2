//! Promotion activities and coupons.

mod activity;
mod coupon;
mod find;
mod products;
mod rules;
mod view;

use ttshop_catalogue::Method;

use crate::family::Handlers;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Post, "/promotion/202309/activities", activity::create_promotion_activity),
    (Method::Post, "/promotion/202309/activities/search", find::search_promotion_activities),
    (Method::Get, "/promotion/202309/activities/{activity_id}", find::get_activity),
    (Method::Put, "/promotion/202309/activities/{activity_id}", activity::update_promotion_activity),
    (Method::Post, "/promotion/202309/activities/{activity_id}/deactivate", activity::deactivate_activity),
    (
        Method::Put,
        "/promotion/202309/activities/{activity_id}/products",
        products::update_promotion_activity_products,
    ),
    (
        Method::Delete,
        "/promotion/202309/activities/{activity_id}/products",
        products::remove_promotion_activity_products,
    ),
    (Method::Post, "/promotion/202607/activities/{activity_id}/republish", activity::republish_activity),
    (Method::Post, "/promotion/202406/coupons/search", coupon::search_coupon_list),
    (Method::Get, "/promotion/202406/coupons/{coupon_id}", coupon::get_coupon),
];

/// Codes of PLATFORM.md 4.7.
mod code {
    pub(super) const INVALID: i64 = 17_029_001;
    pub(super) const TITLE_EMPTY: i64 = 17_029_003;
    pub(super) const TITLE_DUPLICATED: i64 = 17_029_004;
    pub(super) const BEGIN_PAST: i64 = 17_029_005;
    pub(super) const TOO_SHORT: i64 = 17_029_006;
    pub(super) const TOO_LONG: i64 = 17_029_007;
    pub(super) const FLASH_TOO_LONG: i64 = 17_029_008;
    pub(super) const NOT_FOUND: i64 = 17_029_009;
    pub(super) const DEACTIVATED: i64 = 17_029_010;
    pub(super) const BEGIN_FIXED: i64 = 17_029_011;
    pub(super) const EXPIRED: i64 = 17_029_012;
    pub(super) const SKUS_GIVEN: i64 = 17_029_013;
    pub(super) const PER_USER_RANGE: i64 = 17_029_014;
    pub(super) const PRODUCT_LIMIT_GIVEN: i64 = 17_029_015;
    pub(super) const SKU_INVALID: i64 = 17_029_016;
    pub(super) const PRODUCT_FOREIGN: i64 = 17_029_017;
    pub(super) const PRODUCT_DISCOUNT_HIGH: i64 = 17_029_020;
    pub(super) const SKU_DISCOUNT_HIGH: i64 = 17_029_021;
    pub(super) const CONFLICT: i64 = 17_029_022;
    pub(super) const PRODUCT_ABSENT: i64 = 17_029_023;
    pub(super) const SKU_ABSENT: i64 = 17_029_024;
    pub(super) const TOO_MANY_ITEMS: i64 = 17_029_025;
    pub(super) const FOREIGN: i64 = 17_029_028;
    pub(super) const PRODUCT_PRICE_GIVEN: i64 = 17_029_029;
    pub(super) const PRODUCT_DISCOUNT_GIVEN: i64 = 17_029_030;
    pub(super) const SKU_PRICE_GIVEN: i64 = 17_029_031;
    pub(super) const SKU_DISCOUNT_GIVEN: i64 = 17_029_032;
    pub(super) const PRODUCTS_EMPTY: i64 = 17_029_033;
    pub(super) const PRICE_INVALID: i64 = 17_029_034;
    pub(super) const KIND_UNSUPPORTED: i64 = 17_029_036;
    pub(super) const SKUS_EMPTY: i64 = 17_029_037;
    pub(super) const OFFER_AT_PRODUCT: i64 = 17_029_038;
    pub(super) const PRODUCT_TWICE: i64 = 17_029_039;
    pub(super) const SKU_TWICE: i64 = 17_029_040;
    pub(super) const PRODUCT_DISCOUNT_MISSING: i64 = 17_029_041;
    pub(super) const PRODUCT_PRICE_MISSING: i64 = 17_029_042;
    pub(super) const SKU_DISCOUNT_MISSING: i64 = 17_029_043;
    pub(super) const SKU_PRICE_MISSING: i64 = 17_029_044;
    pub(super) const REQUEST_TOO_LARGE: i64 = 17_029_046;
    pub(super) const FLASH_PRODUCT_FROZEN: i64 = 17_029_047;
    pub(super) const FLASH_SKU_FROZEN: i64 = 17_029_048;
    pub(super) const LIMIT_RANGE: i64 = 17_029_050;
    pub(super) const PRODUCT_UNKNOWN: i64 = 17_029_051;
    pub(super) const SKU_OF_ANOTHER: i64 = 17_029_053;
    pub(super) const PAGE_WINDOW: i64 = 17_029_059;
    pub(super) const PRODUCT_DISCOUNT_LOW: i64 = 17_029_062;
    pub(super) const SKU_DISCOUNT_LOW: i64 = 17_029_063;
    pub(super) const BMSM_CONFLICT: i64 = 17_029_104;
    pub(super) const FREE_SHIPPING_RUNS: i64 = 17_003_203;
    pub(super) const NOT_REPUBLISHABLE: i64 = 17_003_243;
}
