//! Notifications: their bodies, their misfortunes, their delivery (PLATFORM.md 7).

mod aftersale;
mod body;
mod chaos;
mod conductor;
mod package;
mod sender;

pub(crate) use aftersale::{cancellation_status, refund_success, request_status, return_status, rma_status};
pub(crate) use body::{Letterhead, Topic, deauthorization, order_status, recipient_address};
pub use chaos::Chaos;
pub(crate) use conductor::{Baton, closed, conduct};
pub(crate) use package::{PackageChange, package_update};
pub(crate) use sender::Sender;
