//! Why a shop cannot be called.

use hub_store::StoreError;

use crate::{EntropyError, HubCode, PlatformError, VaultError};

/// Why a shop's grant gives no token, or a call under it failed.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// Nobody connected this shop, or its grant is gone.
    #[error("the shop `{shop}` is not connected")]
    NotConnected {
        /// The shop.
        shop: String,
    },
    /// The platform says that the shop or its seller is inactive.
    #[error("the shop `{shop}` is inactive")]
    Inactive {
        /// The shop.
        shop: String,
    },
    /// A person must authorise again.
    #[error("the authorization `{id}` has to be renewed by the seller")]
    NeedsReauthorization {
        /// The grant.
        id: String,
    },
    /// The seller took the grant back.
    #[error("the seller revoked the authorization `{id}`")]
    Revoked {
        /// The grant.
        id: String,
    },
    /// The app is not configured, or its secret is not loaded.
    #[error("the app `{app}` is not configured or its secret is not loaded")]
    AppMissing {
        /// The app.
        app: String,
    },
    /// Another process refreshes the grant and does not come to an end.
    #[error("the refresh of authorization `{id}` by another process does not end")]
    Busy {
        /// The grant.
        id: String,
    },
    /// A sealed secret does not open.
    #[error("failed to open or seal a secret of the grant")]
    Vault(#[from] VaultError),
    /// The stored tokens do not read back.
    #[error("the stored tokens of authorization `{id}` do not read back")]
    Damaged {
        /// The grant.
        id: String,
    },
    /// The store did not do as asked.
    #[error("failed to read or save the grant")]
    Store(#[from] StoreError),
    /// The platform did not do as asked.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// Nothing can be sealed without randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

impl GrantError {
    /// The operator's code.
    pub fn code(&self) -> HubCode {
        match self {
            Self::NotConnected { .. } => HubCode::ShopNotConnected,
            Self::Inactive { .. } => HubCode::ShopInactive,
            Self::NeedsReauthorization { .. } => HubCode::NeedsReauthorization,
            Self::Revoked { .. } => HubCode::AuthorizationRevoked,
            Self::AppMissing { .. } => HubCode::AppSecretMissing,
            Self::Busy { .. } | Self::Store(_) => HubCode::StoreUnavailable,
            Self::Vault(error) => error.code(),
            Self::Damaged { .. } => HubCode::StoreDamaged,
            Self::Platform(error) => error.code(),
            Self::Entropy(_) => HubCode::SecretDoesNotOpen,
        }
    }
}
