//! The TikTok Shop client: signing, tokens, limits, retries, paging.
//!
//! Build a [`Client`] once for each app. It authorises sellers through [`Client::oauth`]; [`Client::with_tokens`] and
//! [`Client::with_shop`] give cheap clones for one grant and one shop, which call by family, by value or by name:
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use ttshop::api::order::{GetOrderDetail, OrderStatus, SearchOrders};
//! use ttshop::{App, Client, MemoryTokens, RefreshingTokens, ShopAccess};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let app = App { key: "key".into(), secret: "secret".into(), service_id: "service".into() };
//! let client = Client::builder(app).build()?;
//!
//! let tokens = client.oauth().exchange_code(&"the code of the callback".into()).await?;
//! let tokens = RefreshingTokens::new(client.oauth(), Arc::new(MemoryTokens::new(tokens)));
//! let client = client.with_tokens(Arc::new(tokens)).with_shop(ShopAccess::new("id".into(), "cipher".into()));
//!
//! let waiting = SearchOrders::new().page_size(100).order_status(OrderStatus::AwaitingShipment);
//! let page = client.order().search_orders(waiting).await?;
//! let orders = client.send(GetOrderDetail::new(["576461413038785752"])).await?;
//! let same = client.call("order.get_order_detail", serde_json::json!({"ids": ["576461413038785752"]})).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Which type to use first
//!
//! | you want to | use |
//! |---|---|
//! | connect a shop | [`Client::oauth`], [`Callback`], [`TokenSet`], then [`RefreshingTokens`] over your own [`TokenStore`] |
//! | call one operation | [`Client::order`] and its sisters; [`Client::send`] for a certain version; [`Client::call`] by name |
//! | read a whole list | [`Sending::items`], or [`Sending::pages`] to keep each page's bytes |
//! | read a list of more than 10,000 rows, or resume by time | [`Sending::windows`] |
//! | work through many ids | [`Client::batch`], [`Client::batch_by`] |
//! | upload an image, a document or a video | [`api::FileUpload`] in a typed request, or [`Client::call_with_files`] |
//! | know what failed, and what helps | [`Error`]: [`Error::retry`], [`Error::batch_failure`], [`Error::explanation`] |
//! | keep to limits | a [`Budget`] |
//! | watch, record, or answer calls in tests | a [`Hook`]: [`Recorder`], [`Replay`] |
//! | receive webhooks | [`Client::webhook_verifier`], [`api::webhook`] |
//!
//! The repository's cookbook (`docs/cookbook`) has a chapter with a program for each of the ten most common jobs.
//!
//! # One pipeline
//!
//! Every call is one pipeline: permission from the [`Budget`], a token from the [`TokenSource`], stamp, sign, send, and, where
//! that is safe, try again within one deadline. What is left is one [`Error`] that knows what to do next.

// What families share is unused where they are off, and an expectation would fail where they are on. With all of them, as the
// workspace is checked, nothing is silenced.
#![cfg_attr(
    not(feature = "full"),
    allow(dead_code, unreachable_pub, unused_imports, reason = "each family needs a part of it")
)]

mod app;
mod attempts;
mod batch;
mod budget;
mod builder;
mod client;
mod core;
mod dynamic;
mod error;
mod generated;
mod hook;
mod oauth;
mod page;
mod reply;
mod request;
mod retry;
mod sending;
mod skew;
mod tokens;
mod transport;
mod upload;
mod wire;

pub use ttshop_api as api;

pub use app::{App, ShopAccess};
pub use batch::{BATCH_CHUNK, BATCH_CONCURRENCY, BATCH_CONCURRENCY_MAX, Batch, Batching, ItemError};
pub use budget::{
    Ask, BUDGET_KEYS_MAX, Budget, BudgetError, BudgetKey, IN_FLIGHT_MAX, IN_FLIGHT_MIN, KeySnapshot, Permit,
    Priority, RateOptions, Refused, Rule, Rules, Scheduler, SchedulerOptions, Snapshot, Unlimited, Usage,
    WAITING_MAX,
};
pub use builder::{API_URL, AUTH_URL, BuildError, ClientBuilder, DEADLINE, TRY_TIMEOUT};
pub use client::Client;
pub use error::{
    Actor, Advice, BadReply, BatchFailure, CODE_UNKNOWN, Cause, Error, ErrorKind, Explanation, InvalidCall,
    ItemFailure, PagingError, Refusal, Retry, Retryable,
};
pub use generated::*;
pub use hook::{Hook, HookAnswer, Recorder, Replay, ReplayError, TryEnd, TryView};
pub use oauth::{
    AuthorizeHosts, Callback, CallbackError, Gap, GapReason, Grantor, OAuth, TokenSet, UserType,
};
pub use page::{EMPTY_PAGES_MAX, PAGES_MAX, Pages, RawPages, RawWindows, WINDOW_ROWS_MAX, Windows};
pub use reply::{RawReply, Reply};
pub use retry::{Decision, Outcome, RetryPolicy, Situation, decide};
pub use sending::Sending;
pub use tokens::{
    AccessToken, FixedToken, MemoryTokens, RefreshTurn, RefreshingTokens, Replaced, SAVE_ATTEMPTS_MAX, Stale,
    TokenError, TokenSource, TokenStore, TokenStoreError,
};
pub use transport::{
    HttpOptions, HttpReply, HttpRequest, HttpTransport, PlainHttp, REPLY_BYTES_MAX, RootCertificate,
    Transport, TransportError, TransportErrorKind,
};
pub use upload::{Form, HttpBody, UPLOAD_BYTES_PER_SECOND_MIN};
