//! The platform as the hub sees it: six calls, and one way to fail.

mod error;
mod port;
mod rate;
mod reply;
#[cfg(test)]
pub(crate) mod script;
mod sdk;

pub use error::{PlatformError, PlatformErrorKind};
pub use port::{
    FoundOrder, FoundOrders, GrantedShop, OrderSearch, Platform, PlatformFuture, RawOrder, RawOrders,
    ShopAccess, Tokens,
};
pub use rate::CallRate;
pub(crate) use reply::{read_found_orders, read_orders};
pub(crate) use sdk::SdkPlatform;
