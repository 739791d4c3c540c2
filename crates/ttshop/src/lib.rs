//! The TikTok Shop client: signing, tokens, limits, retries, paging.
//!
//! Start with [`Client::builder`].

mod app;
mod attempts;
mod budget;
mod builder;
mod client;
mod core;
mod dynamic;
mod error;
mod generated;
mod oauth;
mod page;
mod reply;
mod request;
mod retry;
mod sending;
mod skew;
mod tokens;
mod transport;
mod wire;

pub use ttshop_api as api;

pub use app::{App, ShopAccess};
pub use budget::{
    AdaptiveBudget, BUDGET_KEYS_MAX, Budget, BudgetError, BudgetKey, RateOptions, Unlimited, Usage,
};
pub use builder::{API_URL, AUTH_URL, BuildError, ClientBuilder, DEADLINE, TRY_TIMEOUT};
pub use client::Client;
pub use error::{
    Actor, Advice, BadReply, BatchFailure, Cause, Error, ErrorKind, InvalidCall, ItemFailure, PagingError,
    Refusal, Retry,
};
pub use generated::*;
pub use oauth::{AuthorizeHosts, Callback, CallbackError, Grantor, OAuth, TokenSet, UserType};
pub use page::{PAGES_MAX, Pages, RawPages};
pub use reply::{RawReply, Reply};
pub use retry::{Decision, Outcome, RetryPolicy, Situation, decide};
pub use sending::Sending;
pub use tokens::{
    AccessToken, FixedToken, MemoryTokens, RefreshTurn, RefreshingTokens, Replaced, SAVE_ATTEMPTS_MAX, Stale,
    TokenError, TokenSource, TokenStore, TokenStoreError,
};
pub use transport::{
    HttpOptions, HttpReply, HttpRequest, HttpTransport, PlainHttp, REPLY_BYTES_MAX, Transport,
    TransportError, TransportErrorKind,
};
