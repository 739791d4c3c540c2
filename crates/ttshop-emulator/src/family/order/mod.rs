//! Orders: search, detail, prices.

mod detail;
mod price;
mod search;
mod view;

pub(crate) use view::full_order;
pub(super) use view::recipient as shown_recipient;

use detail::get_order_detail;
use price::get_order_price_details;
use search::search_orders;
use ttshop_catalogue::Method;

use crate::family::Handlers;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Post, "/order/202309/orders/search", search_orders),
    (Method::Get, "/order/202309/orders", get_order_detail),
    (Method::Get, "/order/202507/orders", get_order_detail),
    (Method::Get, "/order/202407/orders/{order_id}/price_detail", get_order_price_details),
];
