//! The calls that the hub makes, as a trait: the SDK implements it for the platform, a script for tests.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use hub_core::Provenance;
use ttshop::Priority;
use ttshop_types::{OpenId, OrderId, Region, RequestId, SecretText, ShopId, Timestamp};

use crate::{HubApp, PlatformError};

/// A call under way.
pub type PlatformFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, PlatformError>> + Send + 'a>>;

/// The calls that the hub makes.
pub trait Platform: Send + Sync + fmt::Debug {
    /// Exchanges an authorization code for tokens; a code works once.
    fn exchange(&self, app: &HubApp, code: SecretText) -> PlatformFuture<'_, Tokens>;

    /// Replaces both tokens.
    fn refresh(&self, app: &HubApp, refresh_token: SecretText) -> PlatformFuture<'_, Tokens>;

    /// The shops that a grant opens.
    fn granted_shops(&self, app: &HubApp, access_token: SecretText) -> PlatformFuture<'_, Vec<GrantedShop>>;

    /// Up to [`crate::platform::ORDERS_A_CALL`] orders by their ids; unknown ones are left out.
    fn orders(
        &self,
        access: &ShopAccess,
        ids: Vec<OrderId>,
        priority: Priority,
    ) -> PlatformFuture<'_, RawOrders>;

    /// One page of a window of orders, oldest update first.
    fn search_orders(&self, access: &ShopAccess, search: OrderSearch) -> PlatformFuture<'_, FoundOrders>;

    /// Points one of the shop's notifications at `address`.
    fn set_webhook(
        &self,
        access: &ShopAccess,
        event_type: &'static str,
        address: String,
    ) -> PlatformFuture<'_, ()>;
}

/// What opens one shop for one call.
#[derive(Clone, Debug)]
pub struct ShopAccess {
    /// The app.
    pub app: Arc<HubApp>,
    /// The shop.
    pub shop_id: ShopId,
    /// Its cipher.
    pub cipher: SecretText,
    /// The grant's access token.
    pub access_token: SecretText,
}

/// What the token endpoints answer.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For calls.
    pub access_token: SecretText,
    /// When it ends.
    pub access_expires_at: Timestamp,
    /// For the next refresh.
    pub refresh_token: SecretText,
    /// When the grant ends.
    pub refresh_expires_at: Timestamp,
    /// Who authorised.
    pub open_id: OpenId,
    /// The seller's name, possibly empty.
    pub seller_name: String,
    /// The seller's home.
    pub seller_base_region: Region,
    /// What was allowed.
    pub granted_scopes: Vec<String>,
}

/// One shop behind a grant.
#[derive(Clone, Debug)]
pub struct GrantedShop {
    /// The platform's id.
    pub id: ShopId,
    /// Its name.
    pub name: String,
    /// Its market.
    pub region: Region,
    /// `LOCAL` or `CROSS_BORDER`.
    pub seller_type: String,
    /// Opens it together with the token.
    pub cipher: SecretText,
}

/// Orders as the platform printed them.
#[derive(Clone, Debug)]
pub struct RawOrders {
    /// Where the bytes come from.
    pub provenance: Provenance,
    /// The orders.
    pub orders: Vec<RawOrder>,
}

/// One order as the platform printed it.
#[derive(Clone, Debug)]
pub struct RawOrder {
    /// Its id.
    pub id: OrderId,
    /// Its bytes, byte for byte.
    pub raw: Vec<u8>,
}

/// One page of a window of orders.
#[derive(Clone, Debug)]
pub struct OrderSearch {
    /// The window by `update_time`, lower end included.
    pub from: Timestamp,
    /// Upper end excluded.
    pub until: Timestamp,
    /// The page after the first, as the last answer named it.
    pub page_token: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct FoundOrders {
    /// The platform's name for the call.
    pub request_id: RequestId,
    /// The page.
    pub orders: Vec<FoundOrder>,
    /// How many the window holds.
    pub total_count: Option<u64>,
    /// The next page.
    pub next_page_token: Option<String>,
}

/// One order as a search names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundOrder {
    /// Its id.
    pub id: OrderId,
    /// Its version.
    pub updated_at: Timestamp,
    /// The platform's word for its status, if the search says it.
    pub status: Option<String>,
}
