//! Why a connection does not begin or finish.

use hub_store::StoreError;

use crate::{EntropyError, HubCode, PlatformError, VaultError};

/// Why a connection does not begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// No such app is configured.
    #[error("the app `{app}` is not configured")]
    AppUnknown {
        /// The name in the URL.
        app: String,
    },
    /// The app's secret is not loaded, so the code could not be exchanged later.
    #[error("the secret of the app `{app}` is not loaded")]
    AppSecretMissing {
        /// The app.
        app: String,
    },
    /// The store did not remember it.
    #[error("failed to remember the connection")]
    Store(#[from] StoreError),
    /// No unguessable state without randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

impl BeginError {
    /// The operator's code.
    pub fn code(&self) -> HubCode {
        match self {
            Self::AppUnknown { .. } => HubCode::AppUnknown,
            Self::AppSecretMissing { .. } => HubCode::AppSecretMissing,
            Self::Store(_) | Self::Entropy(_) => HubCode::StoreUnavailable,
        }
    }
}

/// Why a connection does not finish.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// As in [`BeginError`].
    #[error(transparent)]
    App(BeginError),
    /// The seller refused, or the callback carries no code.
    #[error("the seller did not give consent")]
    Denied,
    /// The callback has no `state`, and the app does not accept such callbacks.
    #[error("the callback was not begun here: it has no `state`")]
    WithoutState,
    /// The `state` is unknown, expired, used, or another app's.
    #[error("the connection is expired, finished, or unknown")]
    Expired,
    /// Another browser began it.
    #[error("the connection was begun in another browser")]
    OtherBrowser,
    /// The platform did not exchange the code, or did not list the shops.
    #[error("failed to exchange the code or to list the shops")]
    Platform(#[source] PlatformError),
    /// There is no shop behind the grant: a creator's or partner's, or a seller without one.
    #[error("the authorization opens no shop")]
    NoShops,
    /// The tokens could not be sealed.
    #[error("failed to seal the tokens")]
    Vault(#[from] VaultError),
    /// The grant could not be saved.
    #[error("failed to save the authorization")]
    Store(#[from] StoreError),
}

impl FinishError {
    /// The operator's code.
    pub fn code(&self) -> HubCode {
        match self {
            Self::App(error) => error.code(),
            Self::Denied => HubCode::ConnectDenied,
            Self::WithoutState => HubCode::ConnectWithoutState,
            Self::Expired => HubCode::ConnectExpired,
            Self::OtherBrowser => HubCode::ConnectOtherBrowser,
            Self::Platform(_) => HubCode::ConnectExchange,
            Self::NoShops => HubCode::ConnectNoShops,
            Self::Vault(error) => error.code(),
            Self::Store(_) => HubCode::StoreUnavailable,
        }
    }
}
