//! When a try is followed by another.

use std::time::Duration;

use http::StatusCode;
use proptest::prelude::*;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use ttshop::{Decision, ErrorKind, Outcome, Retry, RetryPolicy, Situation, TransportErrorKind, decide};
use ttshop_clock::{Clock as _, VirtualClock};

use crate::world::{
    Answer, NOW, Script, broken, builder, client, drive, is_signed, param, refusal, reply, reply_with,
    seconds, shop, success,
};

const WRITE: &str = "fulfillment.batch_ship_packages";

fn situation(outcome: Outcome) -> Situation {
    Situation {
        outcome,
        attempt: 1,
        repeatable: false,
        renewed: false,
        corrected: false,
        retry_after: None,
        remaining: seconds(60),
    }
}

fn decided(situation: &Situation) -> Decision {
    decide(&RetryPolicy::default(), situation, &mut ChaCha8Rng::seed_from_u64(7))
}

#[test]
fn what_certainly_did_not_happen_is_tried_again() {
    for outcome in [Outcome::Throttled, Outcome::NotSent] {
        assert!(matches!(decided(&situation(outcome)), Decision::Again(_)), "{outcome:?}");
    }
}

#[test]
fn what_may_have_happened_is_tried_again_only_when_that_is_harmless() {
    let unclear = situation(Outcome::Unclear);
    assert!(matches!(decided(&unclear), Decision::GiveUp(_)));
    assert!(matches!(decided(&Situation { repeatable: true, ..unclear }), Decision::Again(_)));
}

#[test]
fn a_token_is_renewed_once_and_a_clock_corrected_once() {
    for outcome in [Outcome::TokenExpired, Outcome::TokenInvalid] {
        assert_eq!(decided(&situation(outcome)), Decision::Renew);
        assert_eq!(decided(&Situation { renewed: true, ..situation(outcome) }), Decision::GiveUp(None));
    }
    let skewed = situation(Outcome::ClockSkewed);
    assert_eq!(decided(&skewed), Decision::Correct);
    assert_eq!(decided(&Situation { corrected: true, ..skewed }), Decision::GiveUp(None));
    assert_eq!(decided(&situation(Outcome::Final)), Decision::GiveUp(None));
}

proptest! {
    #[test]
    fn a_wait_never_outlasts_the_call_and_never_undercuts_the_platform(
        seed in any::<u64>(),
        attempt in 1_u32..20,
        asked in prop::option::of(0_u64..200),
        remaining in 0_u64..100,
        repeatable in any::<bool>(),
        outcome in prop::sample::select(vec![Outcome::Throttled, Outcome::NotSent, Outcome::Unclear]),
    ) {
        let policy = RetryPolicy::default();
        let retry_after = asked.map(seconds);
        let situation = Situation {
            attempt, repeatable, retry_after, remaining: seconds(remaining), ..situation(outcome)
        };
        if let Decision::Again(wait) = decide(&policy, &situation, &mut ChaCha8Rng::seed_from_u64(seed)) {
            prop_assert!(wait < situation.remaining);
            prop_assert!(attempt < policy.attempts_max);
            prop_assert!(repeatable || outcome != Outcome::Unclear);
            match retry_after {
                Some(asked) => prop_assert!(asked <= wait && asked <= policy.retry_after_max),
                None => prop_assert!(wait <= policy.wait_max),
            }
        }
    }
}

#[tokio::test]
async fn every_try_is_stamped_and_signed_anew() {
    let busy = reply_with(503, ("retry-after", "2"), "");
    let script = Script::of([busy, refusal(500, 36_009_003, "Internal error"), success("{}")]);
    let (client, clock) = client(&script);
    let call = client.call("order.search_orders", json!({"page_size": 1}));
    assert_eq!(drive(&clock, call).await.unwrap().attempts, 3);
    let requests = script.requests();
    assert!(requests.iter().all(is_signed));
    let stamps: Vec<_> = requests.iter().map(|request| param(request, "timestamp")).collect();
    assert_eq!(stamps.len(), 3);
    assert_ne!(stamps[0], stamps[2]);
}

async fn tries(name: &str, answer: Answer) -> (usize, ttshop::Error) {
    let script = Script::of([answer]);
    let (client, clock) = client(&script);
    let error = drive(&clock, client.call(name, json!({}))).await.unwrap_err();
    assert_eq!(script.count(), usize::try_from(error.attempts()).unwrap());
    (script.count(), error)
}

#[tokio::test]
async fn a_write_is_sent_twice_only_when_the_first_certainly_did_nothing() {
    for (answer, expected) in [
        (refusal(429, 36_009_002, "too many requests"), 5),
        (broken(TransportErrorKind::Connect), 5),
        (broken(TransportErrorKind::Timeout), 1),
        (broken(TransportErrorKind::Interrupted), 1),
        (refusal(500, 36_009_003, "Internal error"), 1),
        (reply(502, "<html>"), 1),
        (refusal(200, 21_011_006, "already shipped"), 1),
    ] {
        let (sent, error) = tries(WRITE, answer.clone()).await;
        assert_eq!(sent, expected, "{error}");
        let (sent, error) = tries("order.search_orders", answer).await;
        assert_eq!(sent, if error.code() == Some(21_011_006) { 1 } else { 5 }, "{error}");
    }
}

#[tokio::test]
async fn the_platform_s_wait_is_honoured() {
    // The date is measured against the platform's own clock, which is a minute behind the test's.
    let by_date = "Tue, 14 Nov 2023 22:12:27 GMT";
    for (header, least) in [("7", 7), (by_date, 7)] {
        let mut throttled = reply_with(429, ("retry-after", header), "").unwrap();
        throttled.headers.insert("date", "Tue, 14 Nov 2023 22:12:20 GMT".parse().unwrap());
        let script = Script::of([Ok(throttled), success("{}")]);
        let (client, clock) = client(&script);
        drive(&clock, client.call(WRITE, json!({}))).await.unwrap();
        let waited = clock.now().since(NOW);
        assert!(waited >= seconds(least) && waited < seconds(least + 1), "{header}: {waited:?}");
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_goes_to_the_caller() {
    for asked in ["61", "315360000", "18446744073709551615"] {
        let script = Script::of([reply_with(429, ("retry-after", asked), "")]);
        let (client, clock) = client(&script);
        let error = drive(&clock, client.call(WRITE, json!({}))).await.unwrap_err();
        assert_eq!((script.count(), clock.now()), (1, NOW), "{asked}");
        assert!(matches!(error.retry(), Retry::After(wait) if wait >= seconds(61)), "{:?}", error.retry());
    }
    for nonsense in ["-5", "soon", "1.5", ""] {
        let script = Script::of([reply_with(429, ("retry-after", nonsense), ""), success("{}")]);
        let (client, clock) = client(&script);
        assert!(drive(&clock, client.call(WRITE, json!({}))).await.is_ok(), "{nonsense}");
    }
}

#[tokio::test]
async fn a_test_shop_s_used_up_quota_names_the_next_hour() {
    let script = Script::of([refusal(429, 36_009_037, "quota")]);
    let (client, clock) = client(&script);
    let error = drive(&clock, client.call(WRITE, json!({}))).await.unwrap_err();
    assert_eq!(script.count(), 1);
    // 22:13:20: 46 minutes and 40 seconds are left of the hour.
    assert!(
        matches!(error.retry(), Retry::After(wait) if (2_800..2_801).contains(&wait.as_secs())),
        "{error:?}"
    );
}

#[tokio::test]
async fn one_deadline_holds_for_all_tries() {
    let script = Script::of([reply(503, "")]);
    let clock = VirtualClock::at(NOW);
    let policy = RetryPolicy { attempts_max: 1_000, ..RetryPolicy::default() };
    let builder = builder(&script, &clock).retry(policy).deadline(seconds(30)).timeout(seconds(20));
    let client = builder.build().unwrap().with_shop(shop());
    drive(&clock, client.call("order.search_orders", json!({}))).await.unwrap_err();
    assert!(clock.now().since(NOW) <= seconds(30));
    let requests = script.requests();
    assert!(requests.len() > 2, "{}", requests.len());
    assert_eq!(requests[0].timeout, seconds(20));
    assert!(requests.iter().all(|request| request.timeout <= seconds(30)));
    assert!(requests.last().unwrap().timeout < seconds(20), "the last try got more than was left");
}

#[tokio::test]
async fn a_failing_platform_is_not_flooded() {
    let script = Script::of([reply(503, "")]);
    let (client, clock) = client(&script);
    let calls = 500;
    for _ in 0..calls {
        drive(&clock, client.call("order.search_orders", json!({}))).await.unwrap_err();
    }
    let retries = script.count() - calls;
    // 20 retries are affordable at the start, then one for ten calls.
    assert!((60..=70).contains(&retries), "{retries}");
}

#[tokio::test]
async fn an_unclear_first_try_is_remembered() {
    let script =
        Script::of([broken(TransportErrorKind::Timeout), refusal(200, 12_052_048, "not in this shop")]);
    let (client, clock) = client(&script);
    let call = client.call("product.delete_products", json!({"product_ids": ["1"]}));
    let error = drive(&clock, call).await.unwrap_err();
    assert_eq!((error.attempts(), error.code()), (2, Some(12_052_048)));
    assert!(error.may_have_happened(), "the first try may have deleted it");
    assert_eq!(error.status(), Some(StatusCode::OK));
}

#[tokio::test]
async fn a_call_without_time_is_not_sent() {
    let script = Script::of([success("{}")]);
    let clock = VirtualClock::at(NOW);
    let builder = builder(&script, &clock).deadline(Duration::ZERO);
    let error = builder.build().unwrap().with_shop(shop()).call(WRITE, json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DeadlinePassed), "{error}");
    assert_eq!((script.count(), error.may_have_happened()), (0, false));
}
