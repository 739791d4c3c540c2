//! Who calls, and for which shop.

use ttshop_types::{AppKey, SecretText, ServiceId, ShopId};

/// One app of Partner Center.
#[derive(Clone, Debug)]
pub struct App {
    /// The public key.
    pub key: AppKey,
    /// The secret that signs requests and notifications.
    pub secret: SecretText,
    /// The id in authorise links; it differs from the key.
    pub service_id: ServiceId,
}

/// The shop that calls act on.
#[derive(Clone, Debug)]
pub struct ShopAccess {
    /// The shop's id; budgets are counted by it.
    pub shop_id: ShopId,
    /// The shop's cipher, as listed by `authorization.get_authorized_shops`.
    pub cipher: SecretText,
    /// What traces and hooks call the shop; its id if there is none.
    pub alias: Option<String>,
}

impl ShopAccess {
    /// Pairs a shop with its cipher.
    pub fn new(shop_id: ShopId, cipher: SecretText) -> Self {
        Self { shop_id, cipher, alias: None }
    }

    /// The same shop, called `alias` in traces and by hooks.
    #[must_use]
    pub fn with_alias(mut self, alias: impl Into<String>) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// What traces and hooks call the shop.
    pub fn label(&self) -> &str {
        self.alias.as_deref().unwrap_or_else(|| self.shop_id.as_str())
    }
}
