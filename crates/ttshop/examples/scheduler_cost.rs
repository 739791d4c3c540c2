//! What a decision of the scheduler costs in CPU time, with as many keys as a large hub has.

#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use ttshop::{Ask, Budget as _, BudgetKey, Priority, RateOptions, Scheduler, SchedulerOptions, Usage};
use ttshop_catalogue::Method;
use ttshop_clock::VirtualClock;
use ttshop_types::Timestamp;

const SHOPS: usize = 10_000;
const PATHS: [&str; 20] = [
    "/order/202309/orders/search",
    "/order/202309/orders",
    "/product/202309/products/search",
    "/product/202309/products",
    "/product/202309/categories",
    "/product/202309/brands",
    "/logistics/202309/warehouses",
    "/fulfillment/202309/packages/search",
    "/fulfillment/202309/packages",
    "/fulfillment/202309/packages/ship",
    "/return_refund/202309/returns/search",
    "/return_refund/202309/cancellations/search",
    "/finance/202309/statements",
    "/finance/202309/payments",
    "/finance/202309/withdrawals",
    "/promotion/202309/activities/search",
    "/customer_service/202309/conversations",
    "/event/202309/webhooks",
    "/seller/202309/shops",
    "/supply_chain/202309/packages/sync",
];
const ROUNDS: usize = 5;

fn main() {
    let clock = VirtualClock::at(Timestamp::from_seconds(1_700_000_000));
    let options = SchedulerOptions::from(RateOptions::known(50_000));
    let scheduler = Scheduler::new(options, Arc::new(clock.clone()));
    let before = resident_bytes();
    let keys: Vec<_> = (0..SHOPS).flat_map(|shop| PATHS.map(|path| key(shop, path))).collect();
    let with_keys = resident_bytes();
    for round in 0..=ROUNDS {
        clock.advance(Duration::from_secs(1));
        let started = cpu_nanos();
        for number in 0..keys.len() {
            // A stride that no cache foresees.
            let key = &keys[number * 7_919 % keys.len()];
            let priority = Priority::ALL[number % 4];
            let permit = scheduler.acquire(Ask { key, priority, patience: Duration::ZERO }).now_or_never();
            permit.and_then(Result::ok).expect("each key is due once a second").report(Usage::Accepted);
        }
        let nanos = (cpu_nanos() - started) / keys.len();
        let what = if round == 0 { "first call of each key" } else { "permit and report" };
        println!("{what}: {nanos} ns");
    }
    let bytes = resident_bytes().saturating_sub(with_keys) / keys.len();
    println!(
        "{} keys, {bytes} bytes each (a copy of the keys alone: {})",
        keys.len(),
        (with_keys - before) / keys.len()
    );
    waiting(&scheduler, &clock, &keys);
    let bytes = resident_bytes().saturating_sub(with_keys) / keys.len();
    println!("{bytes} bytes each after the first {} were busy", ROUNDS * 20_000);
}

/// Calls that have to wait, in all classes of all keys: join the queue, be chosen, report.
fn waiting(scheduler: &Scheduler, clock: &VirtualClock, keys: &[BudgetKey]) {
    let mut nanos = Vec::new();
    for part in keys.chunks(20_000).take(ROUNDS) {
        let started = cpu_nanos();
        let patience = Duration::from_secs(60);
        let ask = |key, priority| Ask { key, priority, patience };
        let mut calls: Vec<_> = part
            .iter()
            .flat_map(|key| Priority::ALL.map(|class| scheduler.acquire(ask(key, class))))
            .collect();
        let mut asked = calls.len();
        while !calls.is_empty() {
            calls.retain_mut(|call| match call.now_or_never() {
                Some(permit) => {
                    permit.expect("all are patient").report(Usage::Accepted);
                    false
                }
                None => true,
            });
            asked += calls.len();
            clock.advance(Duration::from_millis(21));
        }
        nanos.push((cpu_nanos() - started) / asked);
    }
    println!("waiting, each look: {nanos:?} ns");
}

fn key(shop: usize, path: &'static str) -> BudgetKey {
    let shop_id = Some(format!("{}", 7_494_049_642_642_000_000 + shop).into());
    BudgetKey { app_key: "6testkey00".into(), shop_id, method: Method::Post, path }
}

/// What this thread has cost; the machine has other things to do, so the clock on the wall would tell about those.
fn cpu_nanos() -> usize {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
}

fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kilobytes.unwrap_or(0) * 1_024
}
