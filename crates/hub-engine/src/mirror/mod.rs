//! The only place where the platform's words become the hub's rows.
//!
//! A row keeps the platform's bytes and a unified view of them. The view reads leniently: what is missing, new or of another
//! type leaves its field empty, and the bytes keep it. Money stays the platform's text, and every discount names who pays it.

mod address;
mod freshness;
mod order;
mod order_lines;
mod order_status;
mod order_totals;
mod read;

pub(crate) use freshness::is_settled;
pub(crate) use order::{hides_something, order_row};
