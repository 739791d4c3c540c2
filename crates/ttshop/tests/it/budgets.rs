//! Permission to call.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use ttshop::{AdaptiveBudget, Budget as _, BudgetError, BudgetKey, ErrorKind, RateOptions, Usage};
use ttshop_catalogue::Method;
use ttshop_clock::{Clock as _, VirtualClock};

use crate::world::{NOW, Script, builder, drive, refusal, seconds, shop, success};

fn search(app_key: &str, shop: &str) -> BudgetKey {
    let path = "/order/202309/orders/search";
    BudgetKey { app_key: app_key.into(), shop_id: Some(shop.into()), method: Method::Post, path }
}

fn key(shop: &str) -> BudgetKey {
    search("a", shop)
}

fn budget(start: u64) -> (AdaptiveBudget, VirtualClock) {
    let clock = VirtualClock::at(NOW);
    let options = RateOptions { start, floor: 200, ceiling: 50_000 };
    (AdaptiveBudget::new(options, Arc::new(clock.clone())), clock)
}

/// How long the next call has to wait; zero takes the permission.
async fn wait(budget: &AdaptiveBudget, key: &BudgetKey) -> Duration {
    match budget.acquire(key, Duration::ZERO).await {
        Ok(()) => Duration::ZERO,
        Err(BudgetError { wait }) => wait,
    }
}

/// The time between two calls, once no allowance is saved up.
async fn spacing(budget: &AdaptiveBudget, key: &BudgetKey) -> u128 {
    while wait(budget, key).await.is_zero() {}
    wait(budget, key).await.as_millis()
}

#[tokio::test]
async fn calls_are_spread_and_an_impatient_one_takes_nothing() {
    let (budget, clock) = budget(10_000);
    assert_eq!(wait(&budget, &key("1")).await, Duration::ZERO);
    assert_eq!(wait(&budget, &key("1")).await, Duration::from_millis(100));
    assert_eq!(wait(&budget, &key("1")).await, Duration::from_millis(100));
    for _ in 0..50 {
        drive(&clock, budget.acquire(&key("1"), seconds(10))).await.unwrap();
    }
    assert_eq!(clock.now().since(NOW), seconds(5));
}

#[tokio::test]
async fn shops_do_not_share() {
    let (budget, _) = budget(10_000);
    assert_eq!(wait(&budget, &key("1")).await, Duration::ZERO);
    assert_eq!(wait(&budget, &key("2")).await, Duration::ZERO);
    assert_eq!(wait(&budget, &key("2")).await, Duration::from_millis(100));
}

#[tokio::test]
async fn an_idle_hour_saves_up_a_small_burst_only() {
    let (budget, clock) = budget(50_000);
    wait(&budget, &key("1")).await;
    clock.advance(seconds(3_600));
    let mut burst = 0;
    while wait(&budget, &key("1")).await.is_zero() {
        burst += 1;
    }
    assert_eq!(burst, 10);
}

#[tokio::test]
async fn refusals_shrink_the_rate_once_a_second_down_to_the_floor() {
    let (budget, clock) = budget(10_000);
    budget.report(&key("1"), Usage::Throttled);
    budget.report(&key("1"), Usage::Throttled);
    assert_eq!(spacing(&budget, &key("1")).await, 142);
    clock.advance(seconds(60));
    budget.report(&key("1"), Usage::Throttled);
    assert_eq!(spacing(&budget, &key("1")).await, 204);
    for _ in 0..60 {
        clock.advance(seconds(1));
        budget.report(&key("1"), Usage::Throttled);
    }
    assert_eq!(spacing(&budget, &key("1")).await, 5_000);
}

#[tokio::test]
async fn accepted_calls_grow_the_rate_by_one_each_second() {
    let (budget, clock) = budget(10_000);
    wait(&budget, &key("1")).await;
    for _ in 0..100 {
        clock.advance(Duration::from_millis(100));
        budget.report(&key("1"), Usage::Accepted);
    }
    assert_eq!(spacing(&budget, &key("1")).await, 50, "20 calls a second");
    clock.advance(seconds(3_600));
    budget.report(&key("1"), Usage::Accepted);
    assert_eq!(spacing(&budget, &key("1")).await, 47, "an idle hour proves nothing");
    for _ in 0..100 {
        clock.advance(seconds(1));
        budget.report(&key("1"), Usage::Accepted);
        budget.report(&key("1"), Usage::Unknown);
    }
    assert_eq!(spacing(&budget, &key("1")).await, 20, "the ceiling");
}

#[tokio::test]
async fn every_try_asks_and_reports() {
    let (budget, clock) = budget(1_000);
    let budget = Arc::new(budget);
    let script = Script::of([refusal(429, 36_009_002, "too many requests"), success("{}")]);
    let client = builder(&script, &clock).budget(budget.clone()).build().unwrap().with_shop(shop());
    drive(&clock, client.call("order.search_orders", json!({}))).await.unwrap();
    let key = search("6testkey00", shop().shop_id.as_str());
    assert_eq!(spacing(&budget, &key).await, 1_428, "the refusal was reported");
    assert!(clock.now().since(NOW) >= seconds(1), "the second try did not wait");
}

#[tokio::test]
async fn a_call_that_cannot_wait_is_told_how_long() {
    let (budget, clock) = budget(1);
    let script = Script::of([success("{}")]);
    let client = builder(&script, &clock).budget(Arc::new(budget)).build().unwrap().with_shop(shop());
    client.call("order.search_orders", json!({})).await.unwrap();
    let error = client.call("order.search_orders", json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Budget(error) if error.wait == seconds(1_000)), "{error}");
    assert!(error.is_throttled() && !error.may_have_happened());
    assert_eq!(script.count(), 1);
}
