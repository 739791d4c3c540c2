//! Each check of the gateway, over HTTP, with the code and status of PLATFORM.md 4.2.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::{AppSpec, Switches, WorldSpec};

use crate::client::{Peer, Reply, Request, START, Sign, frozen};

const SEARCH: &str = "/order/202309/orders/search";
const SHOPS: &str = "/authorization/202309/shops";

/// What a refusal must look like.
struct Expected {
    status: u16,
    code: i64,
    keyword: &'static str,
}

fn check(name: &str, reply: &Reply, expected: &Expected) {
    let answer = reply.json();
    assert_eq!(answer["code"], expected.code, "{name}: {}", reply.text);
    assert_eq!(reply.status, expected.status, "{name}: {}", reply.text);
    let message = answer["message"].as_str().unwrap();
    assert!(message.contains(expected.keyword), "{name}: {message}");
    assert!(message.contains(" For more details: https://m.tiktok.shop/s/"), "{name}: {message}");
    assert_eq!(answer["data"], Value::Null, "{name}");
    let request_id = answer["request_id"].as_str().unwrap();
    assert!(request_id.len() == 34 && request_id.starts_with("2026"), "{name}: {request_id}");
}

fn stamp(seconds: i64) -> String {
    (START.as_seconds() + seconds).to_string()
}

/// A world with a second app, and a token of it for the first seller.
async fn with_foreign_token() -> (Peer, String) {
    let mut world = WorldSpec::two_shops();
    world.apps.push(AppSpec { name: "Another".into(), ..AppSpec::default() });
    for app in &mut world.apps {
        app.redirect_url = Some("http://127.0.0.1:1/callback".into());
    }
    let peer = Peer::start(frozen().world(world)).await;
    let state = peer.control(Method::GET, "state", Value::Null).await;
    let app_key = state["apps"][1]["app_key"].as_str().unwrap();
    let consent = peer.control(Method::POST, "consent", json!({ "app_key": app_key })).await;
    let snapshot = peer.control(Method::POST, "snapshot", Value::Null).await;
    let query = [
        ("app_key", app_key),
        ("app_secret", snapshot["world"]["apps"][1]["app_secret"].as_str().unwrap()),
        ("auth_code", consent["code"].as_str().unwrap()),
        ("grant_type", "authorized_code"),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let url = format!("{}/api/v2/token/get?{query}", peer.connection.auth_url);
    let tokens = Reply::read(peer.http.get(url).send().await.unwrap()).await.json();
    let token = tokens["data"]["access_token"].as_str().unwrap().to_owned();
    (peer, token)
}

fn identity_cases(peer: &Peer, foreign: String) -> Vec<(&'static str, Request, Expected)> {
    let search = || peer.request(Method::POST, SEARCH).with(&[("page_size", "10")]).body(&json!({}));
    let expect = |status, code, keyword| Expected { status, code, keyword };
    let second = &peer.connection.shops[1];
    vec![
        (
            "unknown path",
            peer.request(Method::GET, "/order/202309/orders/1/notes"),
            expect(404, 36_009_009, "path"),
        ),
        ("wrong method", peer.request(Method::GET, SEARCH), expect(400, 36_009_010, "method")),
        (
            "unknown version",
            peer.request(Method::GET, "/order/209901/orders"),
            expect(400, 36_009_014, "version"),
        ),
        ("stray version", search().with(&[("version", "202309")]), expect(400, 36_009_004, "API version")),
        ("unknown app key", search().with(&[("app_key", "x")]), expect(400, 36_009_004, "'app_key'")),
        (
            "app key before sign",
            search().with(&[("app_key", "x")]).sign(Sign::Wrong),
            expect(400, 36_009_004, "app_key"),
        ),
        ("no timestamp", search().with(&[("timestamp", "")]), expect(400, 36_009_004, "Invalid timestamp")),
        ("stale", search().with(&[("timestamp", &stamp(-301))]), expect(400, 36_009_004, "5 minutes before")),
        ("future", search().with(&[("timestamp", &stamp(31))]), expect(400, 36_009_004, "30 seconds ahead")),
        ("negative", search().with(&[("timestamp", "-1")]), expect(400, 36_009_004, "negative")),
        ("no sign", search().sign(Sign::Missing), expect(400, 36_009_004, "'sign'")),
        ("wrong sign", search().sign(Sign::Wrong), expect(401, 106_001, "'sign'")),
        ("no token", search().token(None), expect(401, 36_009_004, "x-tts-access-token")),
        (
            "unknown token",
            search().token(Some("EMU_x".into())),
            expect(401, 105_001, "access token is invalid"),
        ),
        ("foreign token", search().token(Some(foreign)), expect(401, 105_001, "access token is invalid")),
        (
            "token of another seller",
            search().token(second.access_token.clone()),
            expect(400, 101_000, "not tied to the shop"),
        ),
        (
            "a seller's token on a partner's endpoint",
            peer.request(Method::GET, "/authorization/202405/category_assets").with(&[("shop_cipher", "")]),
            expect(400, 101_000, "user_type"),
        ),
        ("no cipher", search().with(&[("shop_cipher", "")]), expect(400, 106_013, "shop_cipher")),
        ("unknown cipher", search().with(&[("shop_cipher", "x")]), expect(400, 101_000, "not tied")),
        (
            "unexpected cipher",
            peer.request(Method::GET, SHOPS),
            expect(400, 36_009_004, "Unexpected identifier"),
        ),
        ("stray shop id", search().with(&[("shop_id", "1")]), expect(400, 36_009_004, "Invalid identifier")),
    ]
}

fn parameter_cases(peer: &Peer) -> Vec<(&'static str, Request, Expected)> {
    let search = |page_size| {
        let request = peer.request(Method::POST, SEARCH).with(&[("page_size", page_size)]);
        request.body(&json!({}))
    };
    let bad = |keyword| Expected { status: 400, code: 36_009_004, keyword };
    let other = |code, keyword| Expected { status: 400, code, keyword };
    let detail = |ids: &str| peer.request(Method::GET, "/order/202507/orders").with(&[("ids", ids)]);
    let mut twice = detail("1");
    twice.params.push(("ids".into(), "2".into()));
    vec![
        ("oversized page", search("101"), bad("page_size")),
        ("empty page", search("0"), bad("page_size")),
        ("page size in words", search("ten"), bad("page_size")),
        (
            "page size in the body",
            search("").body(&json!({ "page_size": 10 })),
            bad("page_size must be sent in the query"),
        ),
        ("small letters", search("10").with(&[("sort_order", "desc")]), bad("sort_order")),
        ("unknown sort field", search("10").with(&[("sort_field", "price")]), bad("sort_field")),
        ("broken page token", search("10").with(&[("page_token", "x")]), bad("page_token")),
        ("unknown status", search("10").body(&json!({ "order_status": "SHIPPED" })), bad("order_status")),
        ("text for a time", search("10").body(&json!({ "create_time_ge": "1" })), bad("create_time_ge")),
        ("a list as body", search("10").body(&json!([])), bad("body")),
        ("ids twice", twice, bad("joined by commas")),
        ("no ids", detail(""), bad("ids is a required field")),
        ("51 ids", detail(&vec!["1"; 51].join(",")), bad("more than 50")),
        (
            "form",
            search("10").content_type(Some("application/x-www-form-urlencoded")),
            other(36_009_022, "content-type"),
        ),
        ("no content type", search("10").content_type(None), other(36_009_022, "content-type")),
        (
            "json upload",
            peer.request(Method::POST, "/product/202309/images/upload").with(&[("shop_cipher", "")]),
            other(36_009_023, "multipart/form-data"),
        ),
    ]
}

#[tokio::test]
async fn each_wrong_call_gets_the_platforms_answer() {
    let (peer, foreign) = with_foreign_token().await;
    let cases = identity_cases(&peer, foreign).into_iter().chain(parameter_cases(&peer));
    for (name, request, expected) in cases {
        check(name, &peer.send(&request).await, &expected);
    }
}

#[tokio::test]
async fn tokens_end_each_in_its_own_way() {
    let peer = Peer::start(frozen()).await;
    let [first, second] = [0, 1].map(|shop: usize| peer.connection.shops[shop].access_token.clone().unwrap());
    let shops =
        |token: &str| peer.request(Method::GET, SHOPS).with(&[("shop_cipher", "")]).token(Some(token.into()));
    peer.data(&shops(&first)).await;
    peer.control(Method::POST, "tokens/expire", json!({ "access_token": first })).await;
    check(
        "expired",
        &peer.send(&shops(&first)).await,
        &Expected { status: 401, code: 105_002, keyword: "expired" },
    );
    peer.control(Method::POST, "tokens/revoke", json!({ "access_token": second })).await;
    let revoked = Expected { status: 401, code: 105_001, keyword: "deauthorized" };
    check("revoked", &peer.send(&shops(&second)).await, &revoked);
}

#[tokio::test]
async fn a_scope_must_be_enabled_and_granted() {
    let mut world = WorldSpec::two_shops();
    world.apps[0].scopes = Some(vec!["seller.authorization.info".into()]);
    let peer = Peer::start(frozen().world(world).explain(true)).await;
    let search = peer.request(Method::POST, SEARCH).with(&[("page_size", "10")]).body(&json!({}));
    let reply = peer.send(&search).await;
    check("scope", &reply, &Expected { status: 401, code: 105_005, keyword: "Access denied" });
    assert_eq!(reply.header("x-emulator-explain"), Some("needs one of: seller.order.info"));
    // A scope that is enabled later does not extend a token that exists.
    peer.control(Method::PUT, "app", json!({ "scopes": ["seller.authorization.info", "seller.order.info"] }))
        .await;
    check(
        "scope",
        &peer.send(&search).await,
        &Expected { status: 401, code: 105_005, keyword: "Access denied" },
    );
}

#[tokio::test]
async fn a_family_that_never_existed_is_answered_by_the_edge() {
    let peer = Peer::start(frozen()).await;
    let reply = peer.send(&peer.request(Method::GET, "/reverse/202309/orders")).await;
    assert_eq!(reply.status, 404);
    assert!(serde_json::from_str::<Value>(&reply.text).is_err(), "{}", reply.text);
}

#[tokio::test]
async fn too_many_calls_are_refused_until_budget_gathers() {
    let switches = Switches { retry_after_seconds: Some(1), ..Switches::default() };
    let peer = Peer::start(frozen().switches(switches)).await;
    let detail = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", "1")]);
    for _ in 0..50 {
        peer.data(&detail).await;
    }
    let reply = peer.send(&detail).await;
    check("quota", &reply, &Expected { status: 429, code: 36_009_002, keyword: "Too many requests" });
    assert_eq!(reply.header("retry-after"), Some("1"));
    peer.control(Method::POST, "clock/advance", json!({ "milliseconds": 20 })).await;
    peer.data(&detail).await;
    assert_eq!(peer.send(&detail).await.status, 429);
}

#[tokio::test]
async fn inactive_shops_and_sellers_are_refused() {
    let peer = Peer::start(frozen()).await;
    let search = peer.request(Method::POST, SEARCH).with(&[("page_size", "10")]).body(&json!({}));
    let shop = format!("shops/{}", peer.connection.shops[0].shop_id);
    peer.control(Method::PUT, &shop, json!({ "active": false })).await;
    check("shop", &peer.send(&search).await, &Expected { status: 401, code: 36_009_043, keyword: "shop" });
    let state = peer.control(Method::GET, "state", Value::Null).await;
    let seller = format!("sellers/{}", state["shops"][0]["seller_id"].as_str().unwrap());
    peer.control(Method::PUT, &seller, json!({ "active": false })).await;
    check(
        "seller",
        &peer.send(&search).await,
        &Expected { status: 401, code: 36_009_044, keyword: "seller" },
    );
}

#[tokio::test]
async fn callers_outside_the_allow_list_are_refused() {
    let switches = Switches { ip_allow_list: Some(vec!["203.0.113.9".into()]), ..Switches::default() };
    let peer = Peer::start(frozen().switches(switches)).await;
    let reply = peer.send(&peer.request(Method::POST, SEARCH)).await;
    check("ip", &reply, &Expected { status: 400, code: 36_009_033, keyword: "IP" });
}

#[tokio::test]
async fn the_status_of_a_wrong_sign_is_a_switch() {
    let peer = Peer::start(frozen().explain(true)).await;
    peer.control(Method::PUT, "switches", json!({ "wrong_sign_status": 500 })).await;
    let reply = peer.send(&peer.request(Method::POST, SEARCH).sign(Sign::Wrong)).await;
    check("sign", &reply, &Expected { status: 500, code: 106_001, keyword: "sign" });
    let explanation = reply.header("x-emulator-explain").unwrap();
    assert!(explanation.contains("string to sign: <app_secret>/order/202309/orders/search"), "{explanation}");
    assert!(!explanation.contains(&peer.connection.app_secret));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let peer = Peer::start(frozen()).await;
    let mut request = peer.request(Method::POST, SEARCH);
    request.body = Some(format!("{{\"a\":\"{}\"}}", "x".repeat(17 * 1024 * 1024)));
    check(
        "size",
        &peer.send(&request).await,
        &Expected { status: 400, code: 36_009_021, keyword: "too large" },
    );
}

#[tokio::test]
async fn the_journal_names_calls_and_hides_secrets() {
    let peer = Peer::start(frozen()).await;
    peer.search(&[("page_size", "10")], json!({})).await;
    let journal = peer.control(Method::GET, "journal?limit=5", Value::Null).await;
    let call = &journal["calls"][0];
    assert_eq!((&call["operation"], &call["code"]), (&json!("order.search_orders"), &json!(0)));
    assert_eq!(journal["by_code"]["0"], 1);
    peer.send(&peer.request(Method::POST, SEARCH).token(None)).await;
    let journal = peer.control(Method::GET, "journal?limit=5", Value::Null).await;
    assert_eq!(journal["by_code"]["36009004"], 1);
    assert_eq!(journal["calls"][0]["operation"], "order.search_orders");
    let text = journal.to_string();
    let shop = &peer.connection.shops[0];
    for secret in [&peer.connection.app_secret, &shop.cipher, shop.access_token.as_ref().unwrap()] {
        assert!(!text.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn checks_come_in_the_platforms_order() {
    let peer = Peer::start(frozen()).await;
    let right = peer.request(Method::POST, SEARCH).with(&[("page_size", "10")]).body(&json!({}));
    let shop_cipher = peer.connection.shops[0].cipher.clone();
    let wrong =
        [("app_key", "x"), ("timestamp", "1"), ("shop_cipher", ""), ("shop_id", "1"), ("page_size", "101")];
    let mut request =
        right.clone().with(&wrong).token(None).sign(Sign::Wrong).content_type(Some("text/plain"));
    request.method = Method::GET;
    let sees = async |request: &Request, code: i64, keyword: &str| {
        let reply = peer.send(request).await;
        let answer = reply.json();
        assert_eq!(answer["code"], code, "{keyword}: {}", reply.text);
        assert!(answer["message"].as_str().unwrap().contains(keyword), "{}", reply.text);
    };
    sees(&request, 36_009_010, "method").await;
    request.method = Method::POST;
    sees(&request, 36_009_004, "app_key").await;
    request = request.with(&[("app_key", &peer.connection.app_key)]);
    sees(&request, 36_009_004, "timestamp").await;
    request = request.with(&[("timestamp", &stamp(0))]);
    sees(&request, 106_001, "sign").await;
    request = request.sign(Sign::Right);
    sees(&request, 36_009_004, "x-tts-access-token").await;
    request = request.token(right.token.clone());
    sees(&request, 36_009_004, "shop_id").await;
    request = request.with(&[("shop_id", "")]);
    sees(&request, 106_013, "shop_cipher").await;
    request = request.with(&[("shop_cipher", &shop_cipher)]);
    sees(&request, 36_009_022, "content-type").await;
    request = request.content_type(Some("application/json; charset=utf-8"));
    sees(&request, 36_009_004, "page_size").await;
    request = request.with(&[("page_size", "10")]);
    sees(&request, 0, "Success").await;
}
