//! A machine whose clock is wrong, against a platform that checks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::json;
use ttshop::Cause;
use ttshop_clock::{Clock as _, VirtualClock};
use ttshop_types::Timestamp;

use crate::world::{Answer, NOW, Script, builder, drive, is_signed, param, refusal, seconds, shop, success};

/// Refuses stamps more than 5 minutes behind or 30 seconds ahead of a clock that is `ahead` milliseconds before ours.
fn platform(clock: &VirtualClock, ahead: i64, dated: bool) -> Arc<Script> {
    let clock = clock.clone();
    Script::new(move |request| {
        assert!(is_signed(request));
        let now = Timestamp::from_millis(clock.now().as_millis() + ahead);
        let stamp = param(request, "timestamp").unwrap().parse::<i64>().unwrap();
        let accepted = (now.as_seconds() - 300..=now.as_seconds() + 30).contains(&stamp);
        let answer: Answer =
            if accepted { success("{}") } else { refusal(400, 36_009_004, "Invalid timestamp") };
        let mut reply = answer?;
        if dated {
            let date = std::time::UNIX_EPOCH + seconds(u64::try_from(now.as_seconds()).unwrap());
            reply.headers.insert("date", httpdate::fmt_http_date(date).parse().unwrap());
        }
        Ok(reply)
    })
}

async fn sent(ahead: i64, calls: usize) -> usize {
    let clock = VirtualClock::at(NOW);
    let script = platform(&clock, ahead, true);
    let client = builder(&script, &clock).build().unwrap().with_shop(shop());
    for _ in 0..calls {
        drive(&clock, client.call("fulfillment.batch_ship_packages", json!({}))).await.unwrap();
    }
    assert_eq!(clock.now(), NOW, "a corrected clock needs no wait");
    script.count()
}

#[tokio::test]
async fn a_clock_ten_minutes_off_costs_one_try_once() {
    assert_eq!(sent(600_000, 5).await, 6);
    assert_eq!(sent(-600_000, 5).await, 6);
    assert_eq!(sent(-31_000, 5).await, 6);
    assert_eq!(sent(86_400_000 * 365, 5).await, 6);
}

#[tokio::test]
async fn a_clock_that_is_nearly_right_costs_nothing() {
    for ahead in [0, 999, -2_000, 2_000, -29_000, 290_000] {
        assert_eq!(sent(ahead, 5).await, 5, "{ahead}");
    }
}

#[tokio::test]
async fn a_time_that_is_accepted_is_left_alone() {
    let clock = VirtualClock::at(NOW);
    let script = platform(&clock, 200_000, true);
    let client = builder(&script, &clock).build().unwrap();
    for _ in 0..3 {
        client.call("authorization.get_authorized_shops", json!({})).await.unwrap();
    }
    let stamps: Vec<_> =
        script.requests().iter().map(|request| param(request, "timestamp").unwrap()).collect();
    assert_eq!(stamps, ["1700000000"; 3]);
}

#[tokio::test]
async fn a_clock_that_was_set_right_is_learnt_again() {
    let clock = VirtualClock::at(NOW);
    let ahead = Arc::new(AtomicI64::new(600_000));
    let platforms = [platform(&clock, 600_000, true), platform(&clock, 0, true)];
    let script = Script::new({
        let ahead = Arc::clone(&ahead);
        move |request| platforms[usize::from(ahead.load(Ordering::Relaxed) == 0)].answer(request)
    });
    let client = builder(&script, &clock).build().unwrap();
    client.call("authorization.get_authorized_shops", json!({})).await.unwrap();
    ahead.store(0, Ordering::Relaxed);
    client.call("authorization.get_authorized_shops", json!({})).await.unwrap();
    assert_eq!(script.count(), 4);
    assert_eq!(param(script.requests().last().unwrap(), "timestamp").as_deref(), Some("1700000000"));
}

#[tokio::test]
async fn without_a_date_the_error_says_what_is_wrong() {
    let clock = VirtualClock::at(NOW);
    let script = platform(&clock, 600_000, false);
    let client = builder(&script, &clock).build().unwrap();
    let error = client.call("authorization.get_authorized_shops", json!({})).await.unwrap_err();
    assert_eq!((error.cause(), script.count()), (Some(Cause::ClockSkewed), 1));
    assert!(error.to_string().contains("set this machine's clock"), "{error}");
}

#[tokio::test]
async fn a_platform_that_keeps_refusing_is_asked_twice() {
    let clock = VirtualClock::at(NOW);
    let script = Script::new({
        let mut year = 2024;
        move |_| {
            year += 1;
            let mut reply = refusal(400, 36_009_004, "Invalid timestamp")?;
            reply.headers.insert("date", format!("Wed, 01 Jan {year} 00:00:00 GMT").parse().unwrap());
            Ok(reply)
        }
    });
    let client = builder(&script, &clock).build().unwrap();
    let error = client.call("authorization.get_authorized_shops", json!({})).await.unwrap_err();
    assert_eq!((error.cause(), script.count()), (Some(Cause::ClockSkewed), 2));
}
