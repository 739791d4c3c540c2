//! What refusals mean and what errors say.

use std::collections::BTreeMap;

use serde_json::json;
use ttshop::{Actor, Cause, Error, Explanation, Retry, RetryPolicy, Retryable};

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
        (12_052_048, Cause::NotFound),
        (11_034_023, Cause::NotReady),
        (21_011_006, Cause::AlreadyDone),
        (12_052_180, Cause::ResultTooLarge),
        (-1, Cause::Other),
    ] {
        check(code, "", expected);
    }
}

#[test]
fn advice_names_who_must_act() {
    for (code, actor) in [
        (36_009_002, Actor::Time),
        (105_005, Actor::Operator),
        (36_004_001, Actor::Seller),
        (106_013, Actor::Developer),
        (36_009_003, Actor::Platform),
    ] {
        assert_eq!(Explanation::of(code, "").advice.actor, actor);
    }
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

/// Codes with messages as they came over the wire, and what they mean.
#[rustfmt::skip]
const LIVE: [(i64, &str, Cause, Retryable, Actor, &str); 24] = [
    (36_009_004, "Invalid parameter 'timestamp'. The value is more than 5 minutes ago. For more details: https://m.tiktok.shop/s/x", Cause::ClockSkewed, Retryable::Soon, Actor::Operator, "clock"),
    (36_009_004, "Invalid parameter `app_key`. For more details: https://m.tiktok.shop/s/sign", Cause::AppUnknown, Retryable::AfterCure, Actor::Operator, "app key"),
    (36_009_004, "'x-tts-access-token' header is invalid. For more details: https://m.tiktok.shop/s/x", Cause::TokenInvalid, Retryable::AfterCure, Actor::Seller, "authorise"),
    (36_009_004, "Unexpected identifier 'shop_cipher': it is not required for this request.", Cause::CipherUnexpected, Retryable::Never, Actor::Developer, "no shop cipher"),
    (36_009_004, "Invalid identifier 'shop_id'.", Cause::CipherUnexpected, Retryable::Never, Actor::Developer, "no shop id"),
    (36_009_004, "'Currency of Price' is a required field", Cause::ParameterWrong, Retryable::Never, Actor::Developer, "parameter"),
    (105_005, "Access denied. You do not have access to this endpoint.", Cause::ScopeMissing, Retryable::AfterCure, Actor::Operator, "scope"),
    (105_002, "Expired credentials. For more details: https://m.tiktok.shop/s/x", Cause::TokenExpired, Retryable::Soon, Actor::Operator, "refresh"),
    (36_009_033, "IP is not in the allow list", Cause::AddressBlocked, Retryable::AfterCure, Actor::Operator, "allow-list"),
    (36_009_003, "Internal error. Please try again.", Cause::Transient, Retryable::Soon, Actor::Platform, "request id"),
    (36_009_037, "quota", Cause::TestQuotaUsedUp, Retryable::Later, Actor::Time, "hour"),
    (11_034_037, "", Cause::NotReady, Retryable::Soon, Actor::Time, "document"),
    (21_011_020, "", Cause::AlreadyDone, Retryable::Never, Actor::Developer, "done"),
    (21_011_027, "Arrange shipment failed", Cause::AlreadyDone, Retryable::Never, Actor::Developer, "read the package again"),
    (11_021_017, "", Cause::DataWrong, Retryable::Never, Actor::Seller, "address"),
    (25_020_011, "", Cause::StateForbids, Retryable::AfterCure, Actor::Developer, "read it again"),
    (12_052_533, "", Cause::DataWrong, Retryable::Never, Actor::Developer, "warehouse"),
    (12_052_146, "", Cause::StateForbids, Retryable::AfterCure, Actor::Seller, "promotion"),
    (12_052_093, "", Cause::QuotaUsedUp, Retryable::Later, Actor::Time, "tomorrow"),
    (17_029_059, "", Cause::ResultTooLarge, Retryable::Never, Actor::Developer, "windows of time"),
    (45_101_004, "", Cause::QuotaUsedUp, Retryable::Later, Actor::Time, "tomorrow"),
    (12_052_345, "", Cause::DataWrong, Retryable::Never, Actor::Seller, "description"),
    (45_111_012, "", Cause::Throttled, Retryable::Soon, Actor::Time, "less often"),
    (17_029_011, "", Cause::NotPermitted, Retryable::AfterCure, Actor::Seller, "rules"),
];

#[test]
fn live_wordings_are_explained() {
    for (code, message, cause, retryable, actor, remedy) in LIVE {
        let explained = Explanation::of(code, message);
        let advice = explained.advice;
        assert_eq!(
            (explained.cause, explained.retryable, advice.actor),
            (cause, retryable, actor),
            "{code} {message}"
        );
        assert!(advice.remedy.contains(remedy), "{code}: {}", advice.remedy);
    }
}

#[test]
fn what_the_platform_calls_worth_retrying_is_passing() {
    for code in [
        10_002_014,
        10_002_015,
        10_037_002,
        10_037_003,
        10_037_004,
        11_001_027,
        21_001_003,
        11_001_031,
        11_006_005,
        11_006_026,
        21_001_008,
        21_001_011,
        21_001_043,
        21_001_055,
        21_008_300,
        21_022_029,
        21_022_030,
        21_042_001,
        21_042_076,
        11_006_010,
        11_034_025,
        21_023_034,
        21_004_024,
        21_001_029,
        21_022_032,
        21_034_006,
        11_005_010,
        11_034_023,
        11_034_037,
        21_023_022,
        25_001_028,
        25_001_042,
        25_001_058,
        25_007_002,
        12_001_000,
        12_056_001,
        12_052_881,
        17_029_054,
        17_029_055,
        45_101_001,
        45_101_008,
        36_009_002,
        36_009_003,
        36_009_007,
        600_001_001,
        600_001_002,
    ] {
        assert_eq!(Explanation::of(code, "").retryable, Retryable::Soon, "{code}");
    }
}

/// No sentence may stand for more than one code in twenty, and the one that only says where to look for more than one in a hundred.
#[test]
fn every_code_of_the_catalogue_has_a_meaning_and_a_remedy_that_says_something() {
    let codes = ttshop_catalogue::ERRORS.len();
    let mut remedies = BTreeMap::<&str, usize>::new();
    for known in ttshop_catalogue::ERRORS {
        let explained = Explanation::of(known.code, "");
        let gateway_only = explained.cause == Cause::Other && known.code != 0;
        assert!(explained.advice.remedy.len() >= 15, "{}: {}", known.code, explained.advice.remedy);
        *remedies.entry(explained.advice.remedy).or_default() += 1;
        *remedies.entry("cause unknown").or_default() += usize::from(gateway_only);
    }
    let unknown = remedies.remove("cause unknown").unwrap_or(0);
    let most = remedies.iter().max_by_key(|(_, count)| **count).unwrap();
    assert_eq!(codes, 885, "count anew");
    assert!(unknown * 100 <= codes, "{unknown} codes are known by name only");
    assert!(*most.1 * 20 <= codes, "`{}` stands for {} of {codes} codes", most.0, most.1);
    assert!(remedies.len() >= 150, "{} remedies for {codes} codes", remedies.len());
}

#[test]
fn retrying_soon_goes_with_what_passes() {
    for known in ttshop_catalogue::ERRORS.iter().filter(|known| known.code != 0) {
        let explained = Explanation::of(known.code, "");
        assert!(!explained.meaning.is_empty(), "{}", known.code);
        assert_eq!(
            explained.retryable == Retryable::Soon,
            matches!(
                explained.cause,
                Cause::Throttled | Cause::Transient | Cause::NotReady | Cause::TokenExpired
            ),
            "{}",
            known.code
        );
    }
}

#[tokio::test]
async fn the_overloaded_code_is_not_explained_by_its_table() {
    let text =
        error("order.search_orders", refusal(400, 36_009_004, "Invalid 'timestamp'")).await.to_string();
    let expected = "`order.search_orders` failed: code 36009004: Invalid 'timestamp' (the timestamp is too far off); \
        request id 2026-no; 1 try; set this machine's clock: 5 minutes behind or 30 s ahead is too far";
    assert_eq!(text, expected);
}
