//! Where token pairs are kept.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures_core::future::BoxFuture;

use crate::TokenSet;

/// Keeps the pair of one authorisation, shared by everyone who calls with it.
pub trait TokenStore: Send + Sync + fmt::Debug {
    /// The newest pair.
    fn load(&self) -> BoxFuture<'_, Result<TokenSet, TokenStoreError>>;

    /// Announces that `current` will be refreshed. A store that several processes share records the intent here and makes
    /// everyone but the first wait, so that two never refresh at once.
    fn begin_refresh<'a>(
        &'a self,
        current: &'a TokenSet,
    ) -> BoxFuture<'a, Result<RefreshTurn, TokenStoreError>> {
        let _ = current;
        Box::pin(std::future::ready(Ok(RefreshTurn::Yours)))
    }

    /// Replaces both tokens of `old` by those of `new`, durably and in one step, unless somebody else did so before.
    fn replace<'a>(
        &'a self,
        old: &'a TokenSet,
        new: &'a TokenSet,
    ) -> BoxFuture<'a, Result<Replaced, TokenStoreError>>;
}

/// Who refreshes.
#[derive(Clone, Debug)]
pub enum RefreshTurn {
    /// The caller does.
    Yours,
    /// Somebody else did meanwhile: this is the result.
    Overtaken(TokenSet),
}

/// What became of a replacement.
#[derive(Clone, Debug)]
pub enum Replaced {
    /// The new pair is stored.
    Stored,
    /// Somebody else had replaced the old pair: this is theirs, and it counts.
    Overtaken(TokenSet),
}

/// The store failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct TokenStoreError {
    message: String,
    #[source]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl TokenStoreError {
    /// An error without a deeper cause.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// An error with its cause, which must not print a token.
    pub fn caused_by(message: impl Into<String>, source: impl Error + Send + Sync + 'static) -> Self {
        Self { message: message.into(), source: Some(Arc::new(source)) }
    }
}

/// Keeps a pair in memory only: it is gone with the process.
#[derive(Debug)]
pub struct MemoryTokens(Mutex<TokenSet>);

impl MemoryTokens {
    /// Starts with `set`.
    pub fn new(set: TokenSet) -> Self {
        Self(Mutex::new(set))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, TokenSet> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for MemoryTokens {
    fn load(&self) -> BoxFuture<'_, Result<TokenSet, TokenStoreError>> {
        Box::pin(std::future::ready(Ok(self.lock().clone())))
    }

    fn replace<'a>(
        &'a self,
        old: &'a TokenSet,
        new: &'a TokenSet,
    ) -> BoxFuture<'a, Result<Replaced, TokenStoreError>> {
        let mut stored = self.lock();
        let replaced = if stored.refresh_token == old.refresh_token && stored.access_token == old.access_token
        {
            *stored = new.clone();
            Replaced::Stored
        } else {
            Replaced::Overtaken(stored.clone())
        };
        Box::pin(std::future::ready(Ok(replaced)))
    }
}
