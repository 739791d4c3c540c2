//! Tokens that renew themselves.

use std::sync::{Arc, Mutex};

use futures_core::future::BoxFuture;
use futures_util::future::join_all;
use serde_json::json;
use ttshop::{
    Client, ErrorKind, MemoryTokens, RefreshTurn, RefreshingTokens, Replaced, Stale, TokenError, TokenSet,
    TokenSource as _, TokenStore, TokenStoreError, TransportErrorKind,
};
use ttshop_clock::{Clock as _, VirtualClock};
use ttshop_types::Timestamp;

use crate::world::{
    Answer, NOW, Script, broken, builder, drive, param, refusal, reply, seconds, shop, success,
};

const WEEK: u64 = 7 * 86_400;

fn set(number: u32, obtained_at: Timestamp) -> TokenSet {
    TokenSet {
        access_token: format!("access-{number}").into(),
        access_expires_at: obtained_at + seconds(WEEK),
        refresh_token: format!("refresh-{number}").into(),
        refresh_expires_at: obtained_at + seconds(52 * WEEK),
        obtained_at,
        open_id: None,
        seller_name: String::new(),
        seller_base_region: None,
        user_type: None,
        granted_scopes: Vec::new(),
    }
}

/// The answer that brings the pair `number`.
fn pair(number: u32, now: Timestamp) -> Answer {
    let expiry = (now + seconds(WEEK)).as_seconds();
    success(&format!(
        r#"{{"access_token":"access-{number}","access_token_expire_in":{expiry},"refresh_token":"refresh-{number}","refresh_token_expire_in":{expiry}}}"#
    ))
}

/// A platform that knows one pair at a time: a refresh with the current refresh token rotates both.
struct Platform {
    script: Arc<Script>,
    clock: VirtualClock,
    /// The number of the pair that is valid.
    valid: Arc<Mutex<u32>>,
}

impl Platform {
    fn new() -> Self {
        let clock = VirtualClock::at(NOW);
        let valid = Arc::new(Mutex::new(1));
        let (time, pairs) = (clock.clone(), Arc::clone(&valid));
        let script = Script::new(move |request| {
            let mut valid = pairs.lock().unwrap();
            if request.url.path() != "/api/v2/token/refresh" {
                let current = request.headers["x-tts-access-token"] == format!("access-{valid}").as_str();
                return if current { success("{}") } else { refusal(401, 105_002, "access token expired") };
            }
            if param(request, "refresh_token") != Some(format!("refresh-{valid}")) {
                return refusal(200, 36_004_005, "can not find related auth record");
            }
            *valid += 1;
            pair(*valid, time.now())
        });
        Self { script, clock, valid }
    }

    fn tokens(&self, store: Arc<dyn TokenStore>) -> RefreshingTokens {
        RefreshingTokens::new(builder(&self.script, &self.clock).build().unwrap().oauth(), store)
    }

    fn client(&self, store: Arc<dyn TokenStore>) -> Client {
        let client = builder(&self.script, &self.clock).build().unwrap();
        client.with_tokens(Arc::new(self.tokens(store))).with_shop(shop())
    }

    fn refreshes(&self) -> usize {
        self.script.requests().iter().filter(|request| request.url.path() == "/api/v2/token/refresh").count()
    }

    /// The access token dies before its time.
    fn expire(&self) {
        *self.valid.lock().unwrap() += 1;
    }
}

fn memory(number: u32) -> Arc<MemoryTokens> {
    Arc::new(MemoryTokens::new(set(number, NOW)))
}

#[tokio::test]
async fn a_thousand_callers_refresh_once() {
    let platform = Platform::new();
    let client = platform.client(memory(1));
    platform.clock.advance(seconds(8 * 86_400));
    let calls = (0..1_000).map(|_| client.call("order.search_orders", json!({"page_size": 1})));
    let answers = join_all(calls).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((platform.refreshes(), platform.script.count()), (1, 1_001));
}

#[tokio::test]
async fn a_token_that_died_early_is_replaced_and_the_call_repeated() {
    let platform = Platform::new();
    let store = memory(1);
    let client = platform.client(Arc::<MemoryTokens>::clone(&store));
    client.call("order.search_orders", json!({})).await.unwrap();
    let script = Script::of([refusal(401, 105_002, ""), success("{}")]);
    let tokens = platform.tokens(Arc::<MemoryTokens>::clone(&store));
    let client =
        builder(&script, &platform.clock).build().unwrap().with_tokens(Arc::new(tokens)).with_shop(shop());
    let calls = (0..100).map(|_| client.call("fulfillment.batch_ship_packages", json!({})));
    assert!(join_all(calls).await.iter().all(Result::is_ok));
    let tokens: Vec<_> =
        script.requests().iter().map(|request| request.headers["x-tts-access-token"].clone()).collect();
    assert_eq!(
        (&tokens[0], tokens.last().unwrap()),
        (&"access-1".parse().unwrap(), &"access-2".parse().unwrap())
    );
    assert_eq!((platform.refreshes(), script.count()), (1, 101));
    assert_eq!(store.load().await.unwrap().refresh_token.expose(), "refresh-2");
}

#[tokio::test]
async fn a_second_expiry_in_one_call_is_reported() {
    let platform = Platform::new();
    let script = Script::of([refusal(401, 105_002, "")]);
    let tokens = Arc::new(platform.tokens(memory(1)));
    let client = builder(&script, &platform.clock).build().unwrap().with_tokens(tokens).with_shop(shop());
    let error = client.call("order.search_orders", json!({})).await.unwrap_err();
    assert!(error.needs_refresh());
    assert_eq!((script.count(), error.attempts(), platform.refreshes()), (2, 2, 1));
}

#[tokio::test]
async fn a_token_is_refreshed_before_it_dies() {
    let platform = Platform::new();
    let tokens = platform.tokens(memory(1));
    platform.clock.advance(seconds(WEEK * 69 / 100));
    assert_eq!(tokens.access_token().await.unwrap().expose(), "access-1");
    assert_eq!(platform.refreshes(), 0);
    platform.clock.advance(seconds(WEEK * 17 / 100));
    assert_eq!(tokens.access_token().await.unwrap().expose(), "access-2");
    assert_eq!(tokens.access_token().await.unwrap().expose(), "access-2");
    assert_eq!(platform.refreshes(), 1);
}

#[tokio::test]
async fn an_early_refresh_that_fails_leaves_the_old_token_in_use() {
    let platform = Platform::new();
    let script = Script::of([reply(502, "<html>")]);
    let oauth = builder(&script, &platform.clock).build().unwrap().oauth();
    let tokens = RefreshingTokens::new(oauth, memory(1));
    platform.clock.advance(seconds(WEEK * 86 / 100));
    assert_eq!(drive(&platform.clock, tokens.access_token()).await.unwrap().expose(), "access-1");
    let tried = script.count();
    assert_eq!(tokens.access_token().await.unwrap().expose(), "access-1");
    assert_eq!(script.count(), tried, "it is left alone for a while");
    platform.clock.advance(seconds(WEEK * 15 / 100));
    let error = drive(&platform.clock, tokens.access_token()).await.unwrap_err();
    assert!(matches!(error, TokenError::Refresh(_)) && error.is_passing(), "{error}");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_token() {
    let kept = Script::of([broken(TransportErrorKind::Interrupted), pair(2, NOW)]);
    let clock = VirtualClock::at(NOW);
    let tokens = RefreshingTokens::new(builder(&kept, &clock).build().unwrap().oauth(), memory(1));
    let stale = tokens.access_token().await.unwrap();
    let renewed = drive(&clock, tokens.renew(&stale, Stale::Expired)).await.unwrap();
    assert_eq!(renewed.expose(), "access-2");
    let sent: Vec<_> =
        kept.requests().iter().map(|request| param(request, "refresh_token").unwrap()).collect();
    assert_eq!(sent, ["refresh-1", "refresh-1"]);

    let rotated = Script::of([broken(TransportErrorKind::Timeout), refusal(200, 36_004_005, "no record")]);
    let tokens = RefreshingTokens::new(builder(&rotated, &clock).build().unwrap().oauth(), memory(1));
    let error = drive(&clock, tokens.renew(&stale, Stale::Expired)).await.unwrap_err();
    let TokenError::Reauthorize { reason } = &error else { panic!("{error}") };
    assert!(reason.contains("the answer to an earlier try was lost"), "{reason}");
    assert!(!error.is_passing());
    drive(&clock, tokens.renew(&stale, Stale::Expired)).await.unwrap_err();
    assert_eq!(rotated.count(), 2, "a refused refresh token is not sent again");
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_lose_the_new_pair() {
    let platform = Platform::new();
    let store = memory(1);
    let tokens = platform.tokens(Arc::<MemoryTokens>::clone(&store));
    let stale = tokens.access_token().await.unwrap();
    let mut renewal = tokens.renew(&stale, Stale::Expired);
    assert!(futures_util::poll!(renewal.as_mut()).is_pending());
    assert_eq!(platform.refreshes(), 1, "the refresh is on its way");
    drop(renewal);
    while store.load().await.unwrap().access_token.expose() != "access-2" {
        // Only the source's own task can save it now; without one this never ends.
        tokio::task::yield_now().await;
    }
    assert_eq!(tokens.renew(&stale, Stale::Expired).await.unwrap().expose(), "access-2");
    assert_eq!(platform.refreshes(), 1);
}

#[tokio::test]
async fn a_refresh_under_way_can_be_waited_for() {
    let platform = Platform::new();
    let store = memory(1);
    let tokens = platform.tokens(Arc::<MemoryTokens>::clone(&store));
    tokens.settle().await;
    let stale = tokens.access_token().await.unwrap();
    assert!(futures_util::poll!(tokens.renew(&stale, Stale::Expired)).is_pending());
    tokens.settle().await;
    assert_eq!(store.load().await.unwrap().access_token.expose(), "access-2");
    assert_eq!(tokens.access_token().await.unwrap().expose(), "access-2");
    assert_eq!(platform.refreshes(), 1);
}

#[tokio::test]
async fn a_grant_that_is_gone_needs_the_seller() {
    let platform = Platform::new();
    let client = platform.client(memory(7));
    let error = client.call("order.search_orders", json!({})).await.unwrap_err();
    assert!(error.needs_reauthorization(), "{error}");
    assert!(matches!(error.kind(), ErrorKind::Token(TokenError::Reauthorize { .. })));
    let sent = platform.script.count();
    client.call("order.search_orders", json!({})).await.unwrap_err();
    assert_eq!(platform.refreshes(), 1, "the refused refresh token was sent again");
    assert_eq!(platform.script.count(), sent + 1);
}

/// A store that another process uses too, and that fails on request.
#[derive(Debug)]
struct Shared {
    inner: MemoryTokens,
    failures: Mutex<u32>,
    turn: Mutex<Option<TokenSet>>,
}

impl Shared {
    fn new(number: u32) -> Arc<Self> {
        let inner = MemoryTokens::new(set(number, NOW));
        Arc::new(Self { inner, failures: Mutex::new(0), turn: Mutex::default() })
    }
}

impl TokenStore for Shared {
    fn load(&self) -> BoxFuture<'_, Result<TokenSet, TokenStoreError>> {
        self.inner.load()
    }

    fn begin_refresh<'a>(&'a self, _: &'a TokenSet) -> BoxFuture<'a, Result<RefreshTurn, TokenStoreError>> {
        let turn = self.turn.lock().unwrap().take().map_or(RefreshTurn::Yours, RefreshTurn::Overtaken);
        Box::pin(std::future::ready(Ok(turn)))
    }

    fn replace<'a>(
        &'a self,
        old: &'a TokenSet,
        new: &'a TokenSet,
    ) -> BoxFuture<'a, Result<Replaced, TokenStoreError>> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Box::pin(std::future::ready(Err(TokenStoreError::new("the disk is full"))));
        }
        self.inner.replace(old, new)
    }
}

#[tokio::test]
async fn a_pair_that_another_process_stored_is_taken_over() {
    let platform = Platform::new();
    let store = Shared::new(1);
    let tokens = platform.tokens(Arc::<Shared>::clone(&store));
    let stale = tokens.access_token().await.unwrap();
    platform.expire();
    store.inner.replace(&set(1, NOW), &set(2, NOW)).await.unwrap();
    assert_eq!(tokens.renew(&stale, Stale::Unknown).await.unwrap().expose(), "access-2");
    assert_eq!(platform.refreshes(), 0);
    let stale = tokens.access_token().await.unwrap();
    *store.turn.lock().unwrap() = Some(set(3, NOW));
    assert_eq!(tokens.renew(&stale, Stale::Expired).await.unwrap().expose(), "access-3");
    assert_eq!(platform.refreshes(), 0, "the other process had the turn");
}

#[tokio::test]
async fn an_unknown_token_is_not_refreshed() {
    let platform = Platform::new();
    let tokens = platform.tokens(memory(1));
    let stale = tokens.access_token().await.unwrap();
    let error = tokens.renew(&stale, Stale::Unknown).await.unwrap_err();
    assert!(matches!(error, TokenError::Reauthorize { .. }), "{error}");
    assert_eq!(platform.refreshes(), 0);
}

#[tokio::test]
async fn a_new_pair_survives_a_store_that_fails() {
    let platform = Platform::new();
    let store = Shared::new(1);
    let tokens = platform.tokens(Arc::<Shared>::clone(&store));
    let stale = tokens.access_token().await.unwrap();
    *store.failures.lock().unwrap() = ttshop::SAVE_ATTEMPTS_MAX;
    let renewed = tokens.renew(&stale, Stale::Expired).await.unwrap();
    assert_eq!(renewed.expose(), "access-2");
    assert_eq!(store.load().await.unwrap().access_token.expose(), "access-1", "it was not saved");
    platform.clock.advance(seconds(WEEK * 86 / 100));
    assert_eq!(tokens.access_token().await.unwrap().expose(), "access-3");
    assert_eq!(store.load().await.unwrap().refresh_token.expose(), "refresh-3");
    assert_eq!(platform.refreshes(), 2);
}
