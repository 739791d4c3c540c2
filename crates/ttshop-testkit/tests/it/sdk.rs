//! The SDK against the emulated platform: two programs that share no code but the signature.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use ttshop::api::order::SearchOrders;
use ttshop::{
    AuthorizeHosts, Callback, Cause, Client, FixedToken, Grantor, MemoryTokens, RefreshingTokens,
    RetryPolicy, ShopAccess, TokenSet,
};
use ttshop_clock::{SystemClock, VirtualClock};
use ttshop_emulator::{Switches, WorldSpec};
use ttshop_testkit::{PlatformOptions, TestPlatform};
use ttshop_types::{SecretText, Timestamp};

/// Waits short enough for tests in real time.
fn hasty() -> RetryPolicy {
    let wait = Duration::from_millis(5);
    RetryPolicy { base: wait, wait_max: wait, ..RetryPolicy::default() }
}

fn pair(access: &str, refresh: &str, now: Timestamp) -> TokenSet {
    let later = now + Duration::from_secs(7 * 24 * 60 * 60);
    TokenSet {
        access_token: access.into(),
        access_expires_at: later,
        refresh_token: refresh.into(),
        refresh_expires_at: later,
        obtained_at: now,
        open_id: None,
        seller_name: String::new(),
        seller_base_region: None,
        user_type: None,
        granted_scopes: Vec::new(),
    }
}

/// A client of the GB shop whose tokens renew themselves.
fn renewing_client(platform: &TestPlatform) -> Client {
    let shop = platform.shop("GB").unwrap();
    let (access, refresh) = (shop.access_token.unwrap(), shop.refresh_token.unwrap());
    let client = platform.client(Arc::new(FixedToken::new(SecretText::default()))).unwrap();
    let store = MemoryTokens::new(pair(&access, &refresh, platform.clock.now()));
    let tokens = RefreshingTokens::new(client.oauth(), Arc::new(store));
    client.with_tokens(Arc::new(tokens)).with_shop(ShopAccess::new(shop.shop_id.into(), shop.cipher.into()))
}

async fn set_faults(platform: &TestPlatform, rules: Value) {
    platform.control.put("faults", &json!({ "rules": rules })).await.unwrap();
}

#[tokio::test]
async fn consent_becomes_tokens_and_tokens_open_the_sellers_shop() {
    let world = WorldSpec::two_shops().unconnected();
    let platform =
        TestPlatform::start(PlatformOptions { world, ..PlatformOptions::default() }).await.unwrap();
    platform.control.put("app", &json!({"redirect_url": "https://hub.example.com/callback"})).await.unwrap();
    let client = platform.client(Arc::new(FixedToken::new(SecretText::default()))).unwrap();
    let oauth =
        client.oauth().with_authorize_hosts(AuthorizeHosts::all_at(platform.connection().consent_url));
    assert!(oauth.authorize_link(Grantor::Seller, "s1").contains("state=s1"));

    let consent = platform.control.post("consent", &json!({"state": "s1"})).await.unwrap();
    let (_, query) = consent["location"].as_str().unwrap().split_once('?').unwrap();
    let callback = Callback::parse(query).unwrap();
    assert_eq!(callback.state.as_deref(), Some("s1"));
    let tokens = oauth.exchange_code(&callback.code).await.unwrap();
    let spent = oauth.exchange_code(&callback.code).await.unwrap_err();
    assert_eq!(spent.code(), Some(36_004_004));

    let client = client.with_tokens(Arc::new(FixedToken::new(tokens.access_token)));
    let shops = client.call("authorization.get_authorized_shops", json!({})).await.unwrap();
    let shops: Value = shops.decode().unwrap();
    let shop = &shops["shops"][0];
    let (id, cipher) = (shop["id"].as_str().unwrap(), shop["cipher"].as_str().unwrap());
    let client = client.with_shop(ShopAccess::new(id.into(), cipher.into()));
    let found = client.send(SearchOrders::new().page_size(100)).await.unwrap();
    assert_eq!(found.data.orders.len(), platform.control.truth(id).await.unwrap().len());
}

#[tokio::test]
async fn pages_hold_every_order_once() {
    let platform = TestPlatform::start(PlatformOptions::default()).await.unwrap();
    let shop = platform.shop("US").unwrap();
    platform.control.place(&shop.shop_id, 129, "UNPAID").await.unwrap();
    let client = platform.shop_client("US").unwrap();
    let ids: Vec<String> = client
        .items(&SearchOrders::new().page_size(10))
        .map(|order| order.map(|order| order.id.unwrap().into_string()))
        .try_collect()
        .await
        .unwrap();
    let unique: BTreeSet<_> = ids.iter().cloned().collect();
    let truth = platform.control.truth(&shop.shop_id).await.unwrap();
    assert_eq!((ids.len(), unique.len()), (137, 137));
    assert!(unique.iter().eq(truth.keys()));
    assert_eq!(platform.control.calls_to("/order/202309/orders/search").await.unwrap(), 14);
}

#[tokio::test]
async fn reads_outlast_passing_faults() {
    let platform = TestPlatform::start(PlatformOptions::default()).await.unwrap();
    let shop = platform.shop("GB").unwrap();
    let token = FixedToken::new(shop.access_token.unwrap().into());
    let client = platform.client_with(Arc::new(token), hasty(), Arc::clone(&platform.clock)).unwrap();
    let client = client.with_shop(ShopAccess::new(shop.shop_id.into(), shop.cipher.into()));
    for kind in ["throttle", "internal_error", "html_bad_gateway", "overload", "truncated_body"] {
        set_faults(&platform, json!([{"kind": kind, "times": 2}])).await;
        let found = client.send(SearchOrders::new()).await;
        let found = found.unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!((found.raw.attempts, found.data.orders.len()), (3, 8), "{kind}");
    }
    set_faults(&platform, json!([{"kind": "internal_error"}])).await;
    let error = client.send(SearchOrders::new()).await.unwrap_err();
    assert_eq!(
        (error.code(), error.attempts(), error.cause()),
        (Some(36_009_003), 5, Some(Cause::Transient))
    );
}

#[tokio::test]
async fn a_thousand_callers_cause_one_refresh() {
    let platform = TestPlatform::start(PlatformOptions::default()).await.unwrap();
    let client = renewing_client(&platform);
    let stale = platform.shop("GB").unwrap().access_token.unwrap();
    platform.control.post("tokens/expire", &json!({"access_token": stale})).await.unwrap();
    let calls = (0..1_000).map(|_| client.send(SearchOrders::new().page_size(1)));
    let failed = join_all(calls).await.into_iter().filter(Result::is_err).count();
    assert_eq!(failed, 0);
    assert_eq!(platform.control.calls_to("/api/v2/token/refresh").await.unwrap(), 1);
}

#[tokio::test]
async fn a_lost_grant_asks_for_the_seller() {
    let platform = TestPlatform::start(PlatformOptions::default()).await.unwrap();
    let client = renewing_client(&platform);
    let shop = platform.shop("GB").unwrap();
    platform.control.post("deauthorize", &json!({"shop_id": shop.shop_id})).await.unwrap();
    let error = client.send(SearchOrders::new()).await.unwrap_err();
    assert!(error.needs_reauthorization(), "{error}");
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_by_the_platforms_answer() {
    let platform = TestPlatform::start(PlatformOptions::default()).await.unwrap();
    let shop = platform.shop("US").unwrap();
    let now = SystemClock::new();
    for (minutes, early) in [(60, true), (60, false), (2, false)] {
        let off = Duration::from_secs(minutes * 60);
        let now = ttshop_clock::Clock::now(&now);
        let wrong = VirtualClock::at(if early { now - off } else { now + off });
        let token = FixedToken::new(shop.access_token.clone().unwrap().into());
        let client = platform.client_with(Arc::new(token), hasty(), Arc::new(wrong)).unwrap();
        let client =
            client.with_shop(ShopAccess::new(shop.shop_id.as_str().into(), shop.cipher.as_str().into()));
        let found = client.send(SearchOrders::new()).await.unwrap();
        assert_eq!(found.raw.attempts, 2, "the first call is refused, the second one is on time");
        let again = client.send(SearchOrders::new()).await.unwrap();
        assert_eq!(again.raw.attempts, 1, "what was learnt stays learnt");
    }
}

#[tokio::test]
async fn a_quota_is_met_and_outlasted() {
    let switches = Switches { quota_per_second: 20, ..Switches::default() };
    let platform =
        TestPlatform::start(PlatformOptions { switches, ..PlatformOptions::default() }).await.unwrap();
    let client = platform.shop_client("US").unwrap();
    let calls = (0..30).map(|_| client.send(SearchOrders::new().page_size(1)));
    let failed = join_all(calls).await.into_iter().filter(Result::is_err).count();
    assert_eq!(failed, 0, "throttled calls are made again");
}
