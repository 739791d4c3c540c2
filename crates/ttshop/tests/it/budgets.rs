//! Permission to call: what a single caller sees.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use ttshop::{
    Ask, Budget as _, BudgetError, BudgetKey, ErrorKind, Permit, Priority, RateOptions, Refused, Rule, Rules,
    Scheduler, SchedulerOptions, Usage,
};
use ttshop_catalogue::Method;
use ttshop_clock::{Clock as _, VirtualClock};

use crate::simulation::shop_key;
use crate::world::{APP_KEY, NOW, Script, builder, drive, refusal, reply_with, seconds, shop, success};

fn scheduler(options: impl Into<SchedulerOptions>) -> (Scheduler, VirtualClock) {
    let clock = VirtualClock::at(NOW);
    (Scheduler::new(options.into(), Arc::new(clock.clone())), clock)
}

fn known(per_second: u32) -> RateOptions {
    RateOptions::known(per_second * 1_000)
}

fn ask(key: &BudgetKey, patience: Duration) -> Ask<'_> {
    Ask { key, priority: Priority::Command, patience }
}

/// Permission at once, or the refusal.
async fn try_now(scheduler: &Scheduler, key: &BudgetKey) -> Result<Box<dyn Permit>, BudgetError> {
    scheduler.acquire(ask(key, Duration::ZERO)).await
}

async fn refusal_of(scheduler: &Scheduler, key: &BudgetKey) -> BudgetError {
    try_now(scheduler, key).await.err().unwrap()
}

#[tokio::test]
async fn calls_are_spread_and_an_impatient_one_takes_nothing() {
    let (scheduler, clock) = scheduler(known(10));
    let key = shop_key(1);
    drop(try_now(&scheduler, &key).await.unwrap());
    for _ in 0..2 {
        let refused = BudgetError { reason: Refused::TooLate, wait: Duration::from_millis(102) };
        assert_eq!(refusal_of(&scheduler, &key).await, refused);
    }
    for _ in 0..50 {
        drop(drive(&clock, scheduler.acquire(ask(&key, seconds(10)))).await.unwrap());
    }
    assert_eq!(clock.now().since(NOW), Duration::from_millis(5_100));
}

#[tokio::test]
async fn shops_do_not_share() {
    let (scheduler, _) = scheduler(known(10));
    drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
    drop(try_now(&scheduler, &shop_key(2)).await.unwrap());
    refusal_of(&scheduler, &shop_key(2)).await;
}

#[tokio::test]
async fn an_idle_hour_saves_nothing_up() {
    let (scheduler, clock) = scheduler(known(50));
    drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
    clock.advance(seconds(3_600));
    drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
    refusal_of(&scheduler, &shop_key(1)).await;
}

#[tokio::test]
async fn the_wait_that_the_platform_asks_for_holds_back_all_calls_of_the_key() {
    let (scheduler, clock) = scheduler(known(50));
    let permit = try_now(&scheduler, &shop_key(1)).await.unwrap();
    permit.report(Usage::Throttled { retry_after: Some(seconds(30)) });
    assert_eq!(refusal_of(&scheduler, &shop_key(1)).await.wait, seconds(30));
    drop(try_now(&scheduler, &shop_key(2)).await.unwrap());
    clock.advance(seconds(30));
    drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
}

#[tokio::test]
async fn the_hour_of_a_test_shop_holds_back_all_its_operations() {
    let (scheduler, clock) = scheduler(known(50));
    let (orders, products) =
        (shop_key(1), BudgetKey { path: "/product/202309/products/search", ..shop_key(1) });
    let permit = try_now(&scheduler, &orders).await.unwrap();
    permit.report(Usage::ShopExhausted { wait: seconds(1_200) });
    assert_eq!(refusal_of(&scheduler, &products).await.wait, seconds(1_200));
    assert_eq!(refusal_of(&scheduler, &orders).await.wait, seconds(1_200));
    drop(try_now(&scheduler, &shop_key(2)).await.unwrap());
    clock.advance(seconds(1_200));
    drop(try_now(&scheduler, &products).await.unwrap());
}

#[tokio::test]
async fn a_daily_cap_ends_with_the_day() {
    let rule = Rule { path_prefix: "/order/", rate: known(50), day_max: Some(3) };
    let rules = Rules::default().with(rule);
    let (scheduler, clock) = scheduler(SchedulerOptions { rules, ..SchedulerOptions::default() });
    for _ in 0..3 {
        drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
        clock.advance(seconds(1));
    }
    let refused = refusal_of(&scheduler, &shop_key(1)).await;
    assert_eq!(refused.reason, Refused::DayUsedUp);
    clock.advance(refused.wait);
    assert_eq!(clock.now().as_seconds() % 86_400, 0);
    drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
}

#[tokio::test]
async fn a_daily_cap_counts_all_operations_of_its_rule_together() {
    let rule = Rule { path_prefix: "/customer_service/", rate: known(50), day_max: Some(3) };
    let rules = Rules::default().with(rule);
    let (scheduler, clock) = scheduler(SchedulerOptions { rules, ..SchedulerOptions::default() });
    let key = |path| BudgetKey { path, ..shop_key(1) };
    let (messages, agents) =
        (key("/customer_service/202309/messages"), key("/customer_service/202309/agents"));
    for key in [&messages, &agents, &messages] {
        drop(try_now(&scheduler, key).await.unwrap());
        clock.advance(seconds(1));
    }
    assert_eq!(refusal_of(&scheduler, &agents).await.reason, Refused::DayUsedUp);
    let other_shop = BudgetKey { shop_id: shop_key(2).shop_id, ..agents.clone() };
    drop(try_now(&scheduler, &other_shop).await.unwrap());
    drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
}

#[tokio::test]
async fn a_day_that_the_platform_calls_used_up_is_tried_again_in_an_hour() {
    let (scheduler, clock) = scheduler(SchedulerOptions::default());
    let key = |path| BudgetKey { path, ..shop_key(1) };
    let (messages, agents) =
        (key("/customer_service/202309/messages"), key("/customer_service/202309/agents"));
    try_now(&scheduler, &messages).await.unwrap().report(Usage::DayUsedUp);
    for key in [&messages, &agents] {
        let refused = refusal_of(&scheduler, key).await;
        assert_eq!(refused, BudgetError { reason: Refused::DayUsedUp, wait: seconds(3_600) });
    }
    drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
    clock.advance(seconds(3_600));
    drop(try_now(&scheduler, &agents).await.unwrap());
}

#[tokio::test]
async fn the_code_of_a_used_up_day_reaches_the_scheduler() {
    let (scheduler, clock) = scheduler(known(50));
    let script = Script::of([refusal(200, 45_101_004, "quota")]);
    let client = builder(&script, &clock).budget(Arc::new(scheduler)).build().unwrap().with_shop(shop());
    for _ in 0..2 {
        client.call("order.search_orders", json!({})).await.unwrap_err();
    }
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn every_try_asks_and_reports() {
    let (scheduler, clock) = scheduler(known(1));
    let script = Script::of([refusal(429, 36_009_002, "too many requests"), success("{}")]);
    let client = builder(&script, &clock).budget(Arc::new(scheduler.clone())).build().unwrap();
    let client = client.with_shop(shop());
    drive(&clock, client.call("order.search_orders", json!({}))).await.unwrap();
    let key = BudgetKey { app_key: APP_KEY.into(), shop_id: Some(shop().shop_id), ..shop_key(1) };
    let known = scheduler.snapshot_of(&key).unwrap();
    assert_eq!((known.granted, known.refused, known.in_flight), (2, 1, 0));
    assert!(clock.now().since(NOW) >= seconds(1), "the second try did not wait");
}

#[tokio::test]
async fn the_header_and_the_code_of_a_used_up_hour_reach_the_scheduler() {
    for (answer, wait) in [
        (refusal(429, 36_009_037, "quota"), 3_600 - NOW.as_seconds() % 3_600),
        (
            reply_with(429, ("retry-after", "90"), r#"{"code":36009002,"message":"slow","request_id":"r"}"#),
            90,
        ),
    ] {
        let (scheduler, clock) = scheduler(known(50));
        let script = Script::of([answer]);
        let client = builder(&script, &clock).budget(Arc::new(scheduler)).build().unwrap().with_shop(shop());
        client.call("order.search_orders", json!({})).await.unwrap_err();
        let error = client.call("order.search_orders", json!({})).await.unwrap_err();
        let wait = seconds(u64::try_from(wait).unwrap());
        assert!(matches!(error.kind(), ErrorKind::Budget(error) if error.wait == wait), "{error:?}");
        assert!(error.is_throttled() && !error.may_have_happened());
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test]
async fn a_call_whose_deadline_passes_in_the_queue_is_never_sent() {
    let (scheduler, clock) = scheduler(known(1));
    let key = shop_key(1);
    drop(try_now(&scheduler, &key).await.unwrap());
    let patient = scheduler.acquire(Ask {
        key: &key,
        priority: Priority::Backfill,
        patience: Duration::from_millis(1_500),
    });
    let urgent = async {
        for _ in 0..4 {
            drop(scheduler.acquire(ask(&key, seconds(60))).await.unwrap());
        }
    };
    let (dropped, ()) = drive(&clock, async { tokio::join!(patient, urgent) }).await;
    assert_eq!(dropped.err().unwrap().reason, Refused::Expired);
    let known = scheduler.snapshot_of(&key).unwrap();
    assert_eq!((known.granted, known.waiting), (5, [0; 5]));
}

#[tokio::test]
async fn a_caller_that_goes_away_gives_its_place_back() {
    let (scheduler, clock) = scheduler(known(1));
    let key = shop_key(1);
    drop(try_now(&scheduler, &key).await.unwrap());
    {
        let mut gone = scheduler.acquire(ask(&key, seconds(60)));
        assert!(futures_util::poll!(&mut gone).is_pending());
        let mut next = scheduler.acquire(ask(&key, seconds(60)));
        assert!(futures_util::poll!(&mut next).is_pending());
        assert_eq!(scheduler.snapshot_of(&key).unwrap().waiting[0], 2);
        drop(gone);
        assert_eq!(scheduler.snapshot_of(&key).unwrap().waiting[0], 1);
        drop(drive(&clock, next).await.unwrap());
        assert_eq!(clock.now().since(NOW), Duration::from_millis(1_020));
    }
    let left = scheduler.snapshot();
    assert_eq!((left.waiting, left.in_flight, left.keys[0].granted), (0, 0, 2));
}

#[tokio::test]
async fn idle_keys_make_room_and_busy_ones_stay() {
    let options = SchedulerOptions { keys_max: 2, ..known(1).into() };
    let (scheduler, _) = scheduler(options);
    let busy = try_now(&scheduler, &shop_key(1)).await.unwrap();
    for number in 2..50 {
        drop(try_now(&scheduler, &shop_key(number)).await.unwrap());
    }
    assert_eq!(scheduler.snapshot().keys.len(), 2);
    refusal_of(&scheduler, &shop_key(1)).await;
    let other = try_now(&scheduler, &shop_key(50)).await.unwrap();
    assert_eq!(refusal_of(&scheduler, &shop_key(51)).await.reason, Refused::Full);
    drop((busy, other));
    drop(try_now(&scheduler, &shop_key(51)).await.unwrap());
}

#[tokio::test]
async fn keys_differ_by_method_too() {
    let (scheduler, _) = scheduler(known(1));
    drop(try_now(&scheduler, &shop_key(1)).await.unwrap());
    let get = BudgetKey { method: Method::Get, ..shop_key(1) };
    drop(try_now(&scheduler, &get).await.unwrap());
}
