//! The trait that gives tokens to calls.

use std::fmt;
use std::sync::Arc;

use futures_core::future::BoxFuture;
use ttshop_types::SecretText;

use super::TokenStoreError;
use crate::Error;
use crate::error::Retry;

/// Gives every call its access token.
pub trait TokenSource: Send + Sync + fmt::Debug {
    /// A token that should work now.
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>>;

    /// Another token than `stale`, which the platform just refused.
    fn renew<'a>(
        &'a self,
        stale: &'a AccessToken,
        why: Stale,
    ) -> BoxFuture<'a, Result<AccessToken, TokenError>>;
}

/// Why the platform refused a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stale {
    /// It expired: a refresh helps.
    Expired,
    /// Nobody knows it: only a token that somebody else stored meanwhile helps.
    Unknown,
}

/// An access token, cheap to clone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessToken(Arc<SecretText>);

impl AccessToken {
    /// Shows the token, to be put into a header.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<SecretText> for AccessToken {
    fn from(token: SecretText) -> Self {
        Self(Arc::new(token))
    }
}

/// Why there is no token.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The client was built without a token source.
    #[error("this client has no tokens: give it some with `with_tokens`")]
    NoSource,
    /// The token expired, and its source cannot renew it.
    #[error("the access token expired and cannot be renewed here")]
    Expired,
    /// Only the seller can help, by authorising again.
    #[error("the seller must authorise again: {reason}")]
    Reauthorize {
        /// What happened.
        reason: String,
    },
    /// The auth host gave no new tokens this time.
    #[error("failed to refresh the tokens")]
    Refresh(#[source] Error),
    /// The store of tokens failed.
    #[error("failed to reach the token store")]
    Store(#[source] TokenStoreError),
}

impl TokenError {
    /// Whether a later try may find a token.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NoSource | Self::Expired | Self::Reauthorize { .. } => false,
            Self::Refresh(error) => error.retry() != Retry::Never,
            Self::Store(_) => true,
        }
    }
}

/// One access token that nobody refreshes: for scripts and tests.
#[derive(Clone, Debug)]
pub struct FixedToken(AccessToken);

impl FixedToken {
    /// Always gives `token`.
    pub fn new(token: SecretText) -> Self {
        Self(token.into())
    }
}

impl TokenSource for FixedToken {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn renew<'a>(
        &'a self,
        _stale: &'a AccessToken,
        why: Stale,
    ) -> BoxFuture<'a, Result<AccessToken, TokenError>> {
        let error = match why {
            Stale::Expired => TokenError::Expired,
            Stale::Unknown => {
                TokenError::Reauthorize { reason: "the platform does not know the token".into() }
            }
        };
        Box::pin(std::future::ready(Err(error)))
    }
}

/// No tokens at all: the start of every client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoTokens;

impl TokenSource for NoTokens {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(std::future::ready(Err(TokenError::NoSource)))
    }

    fn renew<'a>(
        &'a self,
        _stale: &'a AccessToken,
        _why: Stale,
    ) -> BoxFuture<'a, Result<AccessToken, TokenError>> {
        Box::pin(std::future::ready(Err(TokenError::NoSource)))
    }
}
