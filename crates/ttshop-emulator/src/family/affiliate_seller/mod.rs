//! What a seller offers to creators, and what they sold: open collaborations and affiliate orders.

mod open;
mod order;

use ttshop_catalogue::Method;

use crate::family::Handlers;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (
        Method::Get,
        "/affiliate_seller/202409/open_collaboration_settings",
        open::get_open_collaboration_settings,
    ),
    (
        Method::Post,
        "/affiliate_seller/202405/open_collaboration_settings",
        open::edit_open_collaboration_settings,
    ),
    (Method::Post, "/affiliate_seller/202405/open_collaborations", open::create_open_collaboration),
    (Method::Post, "/affiliate_seller/202412/open_collaborations", open::create_open_collaboration),
    (
        Method::Delete,
        "/affiliate_seller/202409/open_collaborations/products/{product_id}",
        open::remove_open_collaboration,
    ),
    (Method::Post, "/affiliate_seller/202409/open_collaborations/search", open::search_open_collaborations),
    (Method::Post, "/affiliate_seller/202412/open_collaborations/search", open::search_open_collaborations),
    (Method::Post, "/affiliate_seller/202405/orders/search", order::search_seller_affiliate_orders),
    (Method::Post, "/affiliate_seller/202410/orders/search", order::search_seller_affiliate_orders),
];
