//! Identifiers, money, time, secrets and masked values of TikTok Shop.
//!
//! This crate holds words, not behaviour: no I/O, no async, no clock. Every other crate builds on it, so it stays small.
//! Start with [`Timestamp`], [`ShopId`] and [`Money`].

mod decimal;
mod id;
mod masked;
mod region;
mod secret;
mod time;

pub use decimal::{DecimalText, Money, MoneyError};
pub use id::{
    AppKey, CancelId, LineItemId, NotificationId, OpenId, OrderId, PackageId, ProductId, RequestId, ReturnId,
    ServiceId, ShopId, SkuId, WarehouseId,
};
pub use masked::Masked;
pub use region::Region;
pub use secret::{Secret, SecretText};
pub use time::{Timestamp, UnixSeconds};
