//! Consent and tokens, as PLATFORM.md 1 describes them.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::{RefreshRotation, Switches, WorldSpec};
use url::Url;

use crate::client::{Peer, Reply, START, frozen};

const CALLBACK: &str = "http://127.0.0.1:1/callback?tenant=a b";

async fn unconnected(switches: Switches) -> Peer {
    let mut world = WorldSpec::two_shops().unconnected();
    world.apps[0].redirect_url = Some(CALLBACK.into());
    Peer::start(frozen().world(world).switches(switches)).await
}

async fn token_call(peer: &Peer, which: &str, params: &[(&str, &str)]) -> Reply {
    let mut query =
        vec![("app_key", &*peer.connection.app_key), ("app_secret", &*peer.connection.app_secret)];
    query.retain(|(key, _)| !params.iter().any(|(given, _)| given == key));
    query.extend_from_slice(params);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let url = format!("{}/api/v2/token/{which}?{query}", peer.connection.auth_url);
    Reply::read(peer.http.get(url).send().await.unwrap()).await
}

async fn exchange(peer: &Peer, code: &str) -> Value {
    let reply = token_call(peer, "get", &[("auth_code", code), ("grant_type", "authorized_code")]).await;
    assert_eq!(reply.status, 200);
    reply.json()
}

async fn refresh(peer: &Peer, token: &str) -> Value {
    let reply =
        token_call(peer, "refresh", &[("refresh_token", token), ("grant_type", "refresh_token")]).await;
    assert_eq!(reply.status, 200);
    reply.json()
}

/// Opens the page and sends its form like a browser; answers where the browser is sent.
async fn click(peer: &Peer, state: &str, decision: &str) -> Url {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("service_id", &*peer.connection.service_id), ("state", state)])
        .finish();
    let page = peer.http.get(format!("{}?{query}", peer.connection.consent_url)).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    let seller = html.split("name=\"seller\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("service_id", &*peer.connection.service_id),
            ("state", state),
            ("seller", seller),
            ("decision", decision),
        ])
        .finish();
    let request = peer.http.post(&peer.connection.consent_url).body(form);
    let response = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(response.status(), 302);
    Url::parse(response.headers()["location"].to_str().unwrap()).unwrap()
}

fn param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn a_click_leads_to_tokens_that_work() {
    let peer = unconnected(Switches::default()).await;
    let target = click(&peer, "s t&ate", "authorize").await;
    assert_eq!(target.host_str(), Some("127.0.0.1"));
    assert_eq!(param(&target, "tenant").as_deref(), Some("a b"));
    assert_eq!(param(&target, "state").as_deref(), Some("s t&ate"));
    let answer = exchange(&peer, &param(&target, "code").unwrap()).await;
    assert_eq!(answer["code"], 0, "{answer}");
    let data = &answer["data"];
    assert_eq!(data["access_token_expire_in"], START.as_seconds() + 7 * 86_400);
    assert_eq!(data["refresh_token_expire_in"], START.as_seconds() + 365 * 86_400);
    assert_eq!((&data["user_type"], &data["seller_base_region"]), (&json!(0), &json!("US")));
    assert!(data["granted_scopes"].as_array().unwrap().contains(&json!("seller.order.info")));
    let token = data["access_token"].as_str().unwrap().to_owned();
    let shops = peer.request(Method::GET, "/authorization/202309/shops").with(&[("shop_cipher", "")]);
    let shops = peer.data(&shops.token(Some(token))).await;
    assert_eq!(shops["shops"][0]["cipher"], json!(peer.connection.shops[0].cipher));
    assert_eq!(shops["shops"][0]["seller_type"], "LOCAL");
}

#[tokio::test]
async fn a_refusal_carries_an_error_and_no_code() {
    let peer = unconnected(Switches::default()).await;
    let target = click(&peer, "s", "cancel").await;
    assert_eq!(param(&target, "code").as_deref(), Some("null"));
    assert_eq!(param(&target, "error").as_deref(), Some("access_denied"));
    peer.control(Method::PUT, "switches", json!({ "refusal_error": "auth_denied" })).await;
    assert_eq!(param(&click(&peer, "s", "cancel").await, "error").as_deref(), Some("auth_denied"));
}

#[tokio::test]
async fn an_installation_without_state_comes_back_without_state() {
    let peer = unconnected(Switches::default()).await;
    assert_eq!(param(&click(&peer, "", "authorize").await, "state"), None);
}

#[tokio::test]
async fn the_page_lets_nothing_through() {
    let peer = unconnected(Switches::default()).await;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("service_id", &*peer.connection.service_id),
            ("state", "\"><script>alert(1)</script>"),
        ])
        .finish();
    let url = format!("{}?{query}", peer.connection.consent_url);
    let reply = Reply::read(peer.http.get(url).send().await.unwrap()).await;
    assert!(!reply.text.contains("<script"), "{}", reply.text);
    assert!(reply.text.contains("Thames &amp; Thread"));
    let policy = reply.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("form-action 'self' http://127.0.0.1:1")
    );
}

#[tokio::test]
async fn a_code_works_once_and_for_half_an_hour() {
    let peer = unconnected(Switches::default()).await;
    let code = param(&click(&peer, "s", "authorize").await, "code").unwrap();
    assert_eq!(exchange(&peer, &code).await["code"], 0);
    assert_eq!(exchange(&peer, &code).await["code"], 36_004_004);
    assert_eq!(exchange(&peer, "nonsense").await["code"], 36_004_004);
    let code = param(&click(&peer, "s", "authorize").await, "code").unwrap();
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 1_800 })).await;
    assert_eq!(exchange(&peer, &code).await["code"], 36_004_004);
}

#[tokio::test]
async fn a_refresh_replaces_both_tokens() {
    let peer = Peer::start(frozen()).await;
    let shop = peer.connection.shops[0].clone();
    let renewed = refresh(&peer, shop.refresh_token.as_ref().unwrap()).await;
    assert_eq!(renewed["code"], 0, "{renewed}");
    assert_eq!(refresh(&peer, shop.refresh_token.as_ref().unwrap()).await["code"], 36_004_005);
    let shops = peer.request(Method::GET, "/authorization/202309/shops").with(&[("shop_cipher", "")]);
    assert_eq!(peer.send(&shops).await.json()["code"], 105_002, "the old access token is superseded");
    let token = renewed["data"]["access_token"].as_str().map(str::to_owned);
    peer.data(&shops.token(token)).await;
}

#[tokio::test]
async fn rotation_is_a_switch() {
    let keep = Switches {
        refresh_rotation: RefreshRotation::Keep,
        old_access_token_survives: true,
        ..Switches::default()
    };
    let peer = Peer::start(frozen().switches(keep)).await;
    let old = peer.connection.shops[0].refresh_token.clone().unwrap();
    assert_eq!(refresh(&peer, &old).await["data"]["refresh_token"], json!(old));
    peer.data(&peer.request(Method::GET, "/seller/202309/shops").with(&[("shop_cipher", "")])).await;

    let grace = Switches { refresh_rotation: RefreshRotation::RotateWithGrace(60), ..Switches::default() };
    let peer = Peer::start(frozen().switches(grace)).await;
    let old = peer.connection.shops[0].refresh_token.clone().unwrap();
    assert_eq!(refresh(&peer, &old).await["code"], 0);
    assert_eq!(refresh(&peer, &old).await["code"], 0, "within its grace the old token still works");
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 61 })).await;
    assert_ne!(refresh(&peer, &old).await["code"], 0);
}

#[tokio::test]
async fn both_grant_types_refresh_and_nothing_else_does() {
    let peer = Peer::start(frozen()).await;
    let token = peer.connection.shops[0].refresh_token.clone().unwrap();
    let with = |grant| vec![("refresh_token", token.as_str()), ("grant_type", grant)];
    assert_eq!(token_call(&peer, "refresh", &with("password")).await.json()["code"], 98_001_004);
    assert_eq!(token_call(&peer, "refresh", &with("authorized_code")).await.json()["code"], 0);
    let wrong = [("app_secret", "x"), ("refresh_token", "x"), ("grant_type", "refresh_token")];
    assert_eq!(token_call(&peer, "refresh", &wrong).await.json()["code"], 98_001_004);
}

#[tokio::test]
async fn a_permanent_grant_ends_beyond_thirty_two_bits() {
    let switches = Switches { grant_seconds: 100 * 365 * 86_400, ..Switches::default() };
    let peer = unconnected(switches).await;
    let code = param(&click(&peer, "s", "authorize").await, "code").unwrap();
    let answer = exchange(&peer, &code).await;
    assert!(answer["data"]["refresh_token_expire_in"].as_u64().unwrap() > u64::from(u32::MAX));
}

#[tokio::test]
async fn an_expired_grant_needs_a_new_consent() {
    let peer = Peer::start(frozen()).await;
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 365 * 86_400 })).await;
    let token = peer.connection.shops[0].refresh_token.clone().unwrap();
    let answer = refresh(&peer, &token).await;
    assert_eq!((&answer["code"], &answer["message"]), (&json!(36_004_001), &json!("rt has expired")));
}

#[tokio::test]
async fn the_token_endpoints_know_get_only() {
    let peer = Peer::start(frozen()).await;
    let url = format!("{}/api/v2/token/get", peer.connection.auth_url);
    let reply = Reply::read(peer.http.post(url).send().await.unwrap()).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (404, "404 page not found"));
}

#[tokio::test]
async fn a_deauthorized_shop_answers_no_more() {
    let peer = Peer::start(frozen()).await;
    peer.data(&peer.request(Method::DELETE, "/authorization/202403/shops")).await;
    let shops = peer.request(Method::GET, "/authorization/202309/shops").with(&[("shop_cipher", "")]);
    assert_eq!(peer.send(&shops).await.json()["code"], 105_001);
    let token = peer.connection.shops[0].refresh_token.clone().unwrap();
    assert_eq!(refresh(&peer, &token).await["code"], 36_004_005);
}
