//! Performance of the shop, its products, variants, videos and LIVE sessions, computed from its orders.
//!
//! Sums hold: products add up to the shop, variants to their product, channels to the whole, days to the range.

mod content;
mod figure;
mod live;
mod product;
mod shop;
mod sku;
mod table;
mod video;
mod video_detail;
mod window;

pub(super) use content::user_name;
use ttshop_catalogue::Method;

use crate::family::Handlers;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/analytics/202405/shop/performance", shop::get_shop_performance),
    (Method::Get, "/analytics/202509/shop/performance", shop::get_shop_performance),
    (Method::Get, "/analytics/202609/shop/performance", shop::get_shop_performance),
    (
        Method::Get,
        "/analytics/202510/shop/performance/{date}/performance_per_hour",
        shop::get_shop_performance_per_hour,
    ),
    (Method::Get, "/analytics/202405/shop_products/performance", product::get_product_list),
    (Method::Get, "/analytics/202509/shop_products/performance", product::get_product_list),
    (Method::Get, "/analytics/202605/shop_products/performance", product::get_product_list),
    (Method::Get, "/analytics/202405/shop_products/{product_id}/performance", product::get_product_detail),
    (Method::Get, "/analytics/202509/shop_products/{product_id}/performance", product::get_product_detail),
    (Method::Get, "/analytics/202406/shop_skus/performance", sku::get_sku_list),
    (Method::Get, "/analytics/202509/shop_skus/performance", sku::get_sku_list),
    (Method::Get, "/analytics/202406/shop_skus/{sku_id}/performance", sku::get_sku_detail),
    (Method::Get, "/analytics/202509/shop_skus/{sku_id}/performance", sku::get_sku_detail),
    (Method::Post, "/analytics/202503/shop_lives/overview_performance", live::get_live_overview),
    (Method::Get, "/analytics/202508/shop_lives/overview_performance", live::get_live_overview),
    (Method::Get, "/analytics/202509/shop_lives/overview_performance", live::get_live_overview),
    (Method::Get, "/analytics/202609/shop_lives/overview_performance", live::get_live_overview),
    (Method::Post, "/analytics/202505/shop_lives/performance", live::get_live_list),
    (Method::Get, "/analytics/202508/shop_lives/performance", live::get_live_list),
    (Method::Get, "/analytics/202509/shop_lives/performance", live::get_live_list),
    (Method::Get, "/analytics/202609/shop_lives/performance", live::get_live_list),
    (Method::Get, "/analytics/202512/shop/{live_id}/products_performance", live::get_live_products),
    (Method::Get, "/analytics/202409/shop_videos/overview_performance", video::get_video_overview),
    (Method::Get, "/analytics/202509/shop_videos/overview_performance", video::get_video_overview),
    (Method::Get, "/analytics/202609/shop_videos/overview_performance", video::get_video_overview),
    (Method::Get, "/analytics/202409/shop_videos/performance", video::get_video_list),
    (Method::Get, "/analytics/202509/shop_videos/performance", video::get_video_list),
    (Method::Get, "/analytics/202605/shop_videos/performance", video::get_video_list),
    (Method::Get, "/analytics/202409/shop_videos/{video_id}/performance", video_detail::get_video_detail),
    (Method::Get, "/analytics/202509/shop_videos/{video_id}/performance", video_detail::get_video_detail),
    (
        Method::Get,
        "/analytics/202409/shop_videos/{video_id}/products/performance",
        video_detail::get_video_products,
    ),
    (
        Method::Get,
        "/analytics/202509/shop_videos/{video_id}/products/performance",
        video_detail::get_video_products,
    ),
];

/// No matching product data (PLATFORM.md 4.7).
const NO_PRODUCT: i64 = 28_001_007;
