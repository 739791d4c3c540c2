//! What refusals mean and what errors say.

use serde_json::json;
use ttshop::{Actor, Advice, Cause, Error, Retry, RetryPolicy};

use crate::world::{Answer, NOW, Script, builder, refusal, reply, shop};

#[track_caller]
fn check(code: i64, message: &str, expected: Cause) {
    assert_eq!(Cause::of(code, message), expected, "{code} {message}");
}

#[test]
fn the_overloaded_code_is_told_apart_by_its_message() {
    for (message, expected) in [
        ("Invalid timestamp, the value is more than 5 minutes ago.", Cause::ClockSkewed),
        ("Parameter 'timestamp' is invalid. For more details: https://m.tiktok.shop/s/x", Cause::ClockSkewed),
        ("Invalid parameter 'app_key'. The app does not exist.", Cause::AppUnknown),
        ("Header `x-tts-access-token` is invalid", Cause::TokenInvalid),
        ("access_token is invalid", Cause::TokenInvalid),
        ("Unexpected identifier. `shop_cipher` is not required for this request.", Cause::CipherUnexpected),
        ("Invalid category_asset_cipher", Cause::CipherUnexpected),
        ("Invalid API version", Cause::VersionRetired),
        ("'sign' is a required field", Cause::SignatureWrong),
        ("page_size is a required field", Cause::ParameterWrong),
        ("shop_cipher is a required field", Cause::CipherMissing),
        ("category_version is a required field", Cause::ParameterWrong),
        ("`statement_timestamp_ge` and `signature_type` are invalid, assign others", Cause::ParameterWrong),
        ("sort_field is required, allowed: create_time, update_time", Cause::ParameterWrong),
        ("", Cause::ParameterWrong),
    ] {
        check(36_009_004, message, expected);
    }
}

#[test]
fn codes_have_their_causes() {
    for (code, expected) in [
        (36_009_002, Cause::Throttled),
        (36_009_037, Cause::TestQuotaUsedUp),
        (105_001, Cause::TokenInvalid),
        (105_002, Cause::TokenExpired),
        (105_005, Cause::ScopeMissing),
        (106_001, Cause::SignatureWrong),
        (106_013, Cause::CipherMissing),
        (101_000, Cause::TokenMismatch),
        (36_004_001, Cause::AuthorizationLost),
        (36_004_004, Cause::AuthorizationLost),
        (36_004_005, Cause::AuthorizationLost),
        (36_009_003, Cause::Transient),
        (36_009_007, Cause::Transient),
        (36_009_009, Cause::PathUnknown),
        (36_009_033, Cause::AddressBlocked),
        (36_009_043, Cause::ShopInactive),
        (25_001_028, Cause::Transient),
        (12_052_048, Cause::Other),
        (-1, Cause::Other),
    ] {
        check(code, "", expected);
    }
}

#[test]
fn advice_names_who_must_act() {
    for (cause, actor) in [
        (Cause::Throttled, Actor::Time),
        (Cause::ScopeMissing, Actor::Operator),
        (Cause::AuthorizationLost, Actor::Seller),
        (Cause::CipherMissing, Actor::Developer),
        (Cause::Transient, Actor::Platform),
    ] {
        assert_eq!(Advice::on(cause).unwrap().actor, actor);
    }
    assert_eq!(Advice::on(Cause::Other), None);
}

async fn error(name: &str, answer: Answer) -> Error {
    let script = Script::of([answer]);
    let clock = ttshop_clock::VirtualClock::at(NOW);
    let client = builder(&script, &clock).retry(RetryPolicy::never()).build().unwrap().with_shop(shop());
    client.call(name, json!({})).await.unwrap_err()
}

#[tokio::test]
async fn the_text_names_everything_support_asks_for() {
    let text = error("order.search_orders", refusal(401, 106_001, "sign invalid")).await.to_string();
    assert!(text.starts_with("`order.search_orders` failed: code 106001: sign invalid ("), "{text}");
    assert!(text.contains("; request id 2026-no; 1 try; check the app secret"), "{text}");
    let text = error("order.search_orders", reply(502, "<html>")).await.to_string();
    assert_eq!(text, "`order.search_orders` failed: the reply is a web page (http 502); 1 try");
}

#[tokio::test]
async fn predicates_tell_what_to_do() {
    let throttled = error("order.search_orders", refusal(200, 36_009_002, "")).await;
    assert!(throttled.is_throttled() && matches!(throttled.retry(), Retry::After(_)));
    let quota = error("order.search_orders", refusal(429, 36_009_037, "")).await;
    assert!(quota.is_throttled());
    let expired = error("order.search_orders", refusal(401, 105_002, "")).await;
    assert!(expired.needs_refresh() && !expired.needs_reauthorization());
    let revoked = error("order.search_orders", refusal(401, 105_001, "")).await;
    assert!(revoked.needs_reauthorization() && !revoked.needs_refresh());
    assert_eq!(revoked.retry(), Retry::Never);
    let refused = error("order.search_orders", refusal(200, 10_006_402, "")).await;
    assert!(!refused.is_throttled() && !refused.needs_refresh() && !refused.needs_reauthorization());
    assert_eq!(refused.retry(), Retry::Never);
    let failing = error("order.search_orders", reply(503, "")).await;
    assert!(matches!(failing.retry(), Retry::After(_)));
}
