//! Grants and the shops they open.

use std::fmt;

use serde::{Deserialize, Serialize};
use ttshop_types::{OpenId, Region, ShopId, Timestamp};

use crate::AppName;

/// Bytes that only the vault can open. Stores keep them and never look inside.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedBytes(pub Vec<u8>);

impl fmt::Debug for SealedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedBytes({} bytes)", self.0.len())
    }
}

/// The hub's name for one grant: the app and who authorised it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorizationId(String);

impl AuthorizationId {
    /// The grant of `open_id` to `app`.
    pub fn of(app: &AppName, open_id: &OpenId) -> Self {
        Self(format!("{}/{}", app.as_str(), open_id.as_str()))
    }

    /// As a store keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a store kept it.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }
}

/// Whether a grant still opens its shops.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationState {
    /// Calls go out.
    Active,
    /// A person must authorise again; work waits.
    NeedsReauthorization,
    /// The seller took the grant back.
    Revoked,
}

impl AuthorizationState {
    /// The word a store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NeedsReauthorization => "needs_reauthorization",
            Self::Revoked => "revoked",
        }
    }

    /// The state behind a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Active, Self::NeedsReauthorization, Self::Revoked]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// One grant with its sealed tokens. Both tokens are replaced together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authorization {
    /// The hub's name for it.
    pub id: AuthorizationId,
    /// The app it was given to.
    pub app: AppName,
    /// Who gave it.
    pub open_id: OpenId,
    /// The seller's name as the platform printed it.
    pub seller_name: String,
    /// The seller's home.
    pub seller_base_region: Region,
    /// Whether it works.
    pub state: AuthorizationState,
    /// Both tokens, sealed together.
    pub tokens: SealedBytes,
    /// When the access token ends.
    pub access_expires_at: Timestamp,
    /// When the grant ends.
    pub refresh_expires_at: Timestamp,
    /// What the seller allowed.
    pub granted_scopes: Vec<String>,
    /// Grows with every change; a writer names the one it read.
    pub revision: i64,
    /// Set before a refresh call goes out and cleared with its answer: after a crash it tells that an answer may be lost.
    pub refresh_started_at: Option<Timestamp>,
}

/// Whether a shop can be worked with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopState {
    /// All is well.
    Connected,
    /// The platform says that the shop or its seller is inactive.
    Inactive,
    /// Its grant is gone.
    Disconnected,
}

impl ShopState {
    /// The word a store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Inactive => "inactive",
            Self::Disconnected => "disconnected",
        }
    }

    /// The state behind a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Connected, Self::Inactive, Self::Disconnected].into_iter().find(|state| state.as_str() == word)
    }
}

/// One connected shop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shop {
    /// The platform's id.
    pub id: ShopId,
    /// The grant that opens it.
    pub authorization: AuthorizationId,
    /// The app of that grant.
    pub app: AppName,
    /// Its name as the platform printed it.
    pub name: String,
    /// Its market.
    pub region: Region,
    /// `LOCAL` or `CROSS_BORDER`, as the platform printed it.
    pub seller_type: String,
    /// Its cipher, sealed.
    pub cipher: SealedBytes,
    /// Whether it can be worked with.
    pub state: ShopState,
    /// When it was connected first.
    pub connected_at: Timestamp,
}

/// A connection that someone began in a browser and that may be finished once, by the same browser, within its time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConnectIntent {
    /// SHA-256 of the `state` parameter; the parameter itself is not kept.
    pub state_hash: [u8; 32],
    /// SHA-256 of the browser's cookie.
    pub browser_hash: [u8; 32],
    /// The app being authorised.
    pub app: AppName,
    /// When it ends.
    pub expires_at: Timestamp,
}
