//! Where access tokens come from.

mod refreshing;
mod source;
mod store;

pub use refreshing::{RefreshingTokens, SAVE_ATTEMPTS_MAX};
pub(crate) use source::NoTokens;
pub use source::{AccessToken, FixedToken, Stale, TokenError, TokenSource};
pub use store::{MemoryTokens, RefreshTurn, Replaced, TokenStore, TokenStoreError};
