//! Orders: search, detail, prices.

mod detail;
mod price;
mod search;
mod view;

pub(super) use detail::get_order_detail;
pub(super) use price::get_order_price_details;
pub(super) use search::search_orders;
pub(crate) use view::full_order;
