//! Who goes first when not all can.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinSet;
use ttshop::{
    Ask, Budget as _, BudgetKey, IN_FLIGHT_MIN, Priority, RateOptions, Rules, SchedulerOptions, Usage,
};
use ttshop_clock::Clock as _;

use crate::simulation::{
    Counting, Limit, Platform, Seen, Simulation, basis_points, between, busiest_second, refused, shop_key,
};

const MINUTE_MS: u64 = 60_000;

/// A number that all seen calls of a class give, from the smallest to the largest.
fn waits(log: &[Seen], priority: Priority) -> Vec<u64> {
    let mut waits: Vec<u64> =
        log.iter().filter(|seen| seen.priority == priority).map(|seen| seen.waited_ms).collect();
    waits.sort_unstable();
    waits
}

fn p99(sorted: &[u64]) -> u64 {
    sorted[sorted.len() * 99 / 100]
}

#[tokio::test]
async fn at_ten_times_the_limit_people_hardly_wait_and_history_goes_on() {
    for seed in 0..4 {
        let platform = Platform::new(Counting::Sliding, |_, _| Limit::per_second(50));
        let simulation = Simulation::new(RateOptions::known(50_000), platform);
        let mut tasks = JoinSet::new();
        // Five calls of people a second, on average; the others ask for all they can get, ten times the limit.
        simulation.call_at_times(&mut tasks, (1, Priority::Command), 200, MINUTE_MS, seed);
        for priority in [Priority::Fulfilment, Priority::Live, Priority::Sweep, Priority::Backfill] {
            simulation.keep_calling(&mut tasks, 1, priority, 120, MINUTE_MS);
        }
        simulation.run(MINUTE_MS, MINUTE_MS, |_| {}).await;
        let log = simulation.log();
        let people = waits(&log, Priority::Command);
        let history = basis_points(waits(&log, Priority::Backfill).len(), log.len());
        println!("seed {seed}: people p99 {} ms of {}, history {history} bp", p99(&people), people.len());
        assert!(p99(&people) <= 120, "seed {seed}: {} ms", p99(&people));
        assert!(history >= 500, "seed {seed}: {history}");
        assert_eq!(refused(&log), 0, "seed {seed}");
    }
}

#[tokio::test]
async fn each_class_gets_its_share_when_all_ask_for_everything() {
    let platform = Platform::new(Counting::Sliding, |_, _| Limit::per_second(50));
    let simulation = Simulation::new(RateOptions::known(50_000), platform);
    let mut tasks = JoinSet::new();
    for priority in Priority::ALL {
        simulation.keep_calling(&mut tasks, 1, priority, 100, MINUTE_MS);
    }
    simulation.run(MINUTE_MS, MINUTE_MS, |_| {}).await;
    let log = simulation.log();
    let shares = Priority::ALL.map(|class| basis_points(waits(&log, class).len(), log.len()));
    println!("shares {shares:?}");
    for (share, promised) in shares.into_iter().zip([4_800, 2_400, 1_400, 800, 600]) {
        assert!(share.abs_diff(promised) <= 100, "{shares:?}");
    }
}

/// Shops that all ask for more than the bound of calls in flight lets through.
async fn crowd(shops: usize, callers: impl Fn(usize) -> usize) -> Vec<usize> {
    let platform = Platform::new(Counting::Sliding, |_, _| Limit::per_second(50));
    let rules = Rules::all(RateOptions::known(50_000));
    let options = SchedulerOptions { rules, in_flight_max: 20, ..SchedulerOptions::default() };
    let simulation = Simulation::new(options, platform);
    let mut tasks = JoinSet::new();
    for shop in 0..shops {
        simulation.keep_calling(&mut tasks, shop, Priority::Sweep, callers(shop), MINUTE_MS);
    }
    simulation.run(MINUTE_MS, MINUTE_MS, |_| {}).await;
    let log = simulation.log();
    assert!(log.len() >= 11_000, "200 calls a second fit: {}", log.len());
    (0..shops).map(|shop| log.iter().filter(|seen| seen.shop == shop).count()).collect()
}

#[tokio::test]
async fn shops_share_the_calls_in_flight_alike_however_loud_they_are() {
    let calls = crowd(40, |shop| if shop == 0 { 100 } else { 8 }).await;
    let sum: usize = calls.iter().sum();
    let squares: usize = calls.iter().map(|calls| calls * calls).sum();
    let fairness = sum * sum * 10_000 / (calls.len() * squares);
    println!("fairness {fairness} of 10,000: {:?} to {:?}", calls.iter().min(), calls.iter().max());
    assert!(fairness >= 9_900, "{calls:?}");
}

#[tokio::test]
async fn a_shop_that_is_refused_costs_the_others_nothing() {
    let limit = |shop, _| Limit::per_second(if shop == 0 { 2 } else { 50 });
    let platform = Platform::new(Counting::Sliding, limit);
    let simulation = Simulation::new(RateOptions { start: 50_000, ..RateOptions::known(50_000) }, platform);
    let mut tasks = JoinSet::new();
    for shop in 0..5 {
        simulation.keep_calling(&mut tasks, shop, Priority::Sweep, 20, MINUTE_MS);
    }
    simulation.run(MINUTE_MS, MINUTE_MS, |_| {}).await;
    let log = simulation.log();
    for shop in 0..5 {
        let of_shop: Vec<_> = log.iter().filter(|seen| seen.shop == shop).copied().collect();
        println!("shop {shop}: {} calls, {} refused", of_shop.len(), refused(&of_shop));
        if shop == 0 {
            let settled: Vec<_> = between(&of_shop, 10_000, MINUTE_MS).copied().collect();
            assert!(settled.len().abs_diff(100) <= 15, "{}", settled.len());
        } else {
            assert_eq!(refused(&of_shop), 0);
            assert!(basis_points(of_shop.len(), 50 * 60) >= 9_700);
        }
    }
}

#[tokio::test]
async fn a_slow_platform_gets_fewer_calls_at_once_and_people_are_still_served() {
    let slow = |at| (20_000..40_000).contains(&at);
    let platform = Platform::new(Counting::Sliding, |_, _| Limit::per_second(1_000))
        .latency(move |at| if slow(at) { 1_000 } else { 100 });
    let options = SchedulerOptions { in_flight_max: 64, ..RateOptions::known(1_000_000).into() };
    let simulation = Simulation::new(options, platform);
    let mut tasks = JoinSet::new();
    simulation.keep_calling(&mut tasks, 1, Priority::Backfill, 200, MINUTE_MS);
    simulation.call_at_times(&mut tasks, (1, Priority::Command), 1_000, MINUTE_MS, 7);
    let mut bounds = Vec::new();
    let scheduler = simulation.scheduler.clone();
    simulation.run(MINUTE_MS, 1_000, |_| bounds.push(scheduler.snapshot().in_flight_limit)).await;
    println!("bounds by second {bounds:?}");
    assert_eq!(bounds[19], 64);
    assert!(bounds[30] <= 16 && bounds[30..40].iter().all(|bound| *bound >= IN_FLIGHT_MIN), "{bounds:?}");
    assert_eq!(bounds[59], 64, "{bounds:?}");
    let people = waits(&simulation.log(), Priority::Command);
    assert!(people.len() >= 40 && p99(&people) <= 1_100, "{people:?}");
}

#[tokio::test]
async fn an_operation_that_fails_leaves_the_others_what_they_had() {
    let platform = Platform::new(Counting::Sliding, |_, _| Limit::per_second(10_000)).failing(|_| true);
    let options = SchedulerOptions { in_flight_max: 64, ..RateOptions::known(1_000_000).into() };
    let simulation = Simulation::new(options, platform);
    let mut tasks = JoinSet::new();
    simulation.keep_calling(&mut tasks, 1, Priority::Command, 200, MINUTE_MS);
    // Twenty callers of another operation, each less urgent, whose calls take a tenth of a second.
    let served = Arc::new(AtomicUsize::new(0));
    for _ in 0..20 {
        let (simulation, served) = (simulation.clone(), Arc::clone(&served));
        tasks.spawn(async move {
            let key = BudgetKey { path: "/product/202309/products/search", ..shop_key(1) };
            let ask = Ask { key: &key, priority: Priority::Backfill, patience: Duration::from_secs(60) };
            while simulation.now_ms() < MINUTE_MS {
                let permit = simulation.scheduler.acquire(ask).await.unwrap();
                simulation.clock.sleep(Duration::from_millis(100)).await;
                permit.report(Usage::Accepted);
                served.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    simulation.run(MINUTE_MS, MINUTE_MS, |_| {}).await;
    let failed = between(&simulation.log(), 10_000, MINUTE_MS).count();
    let served = served.load(Ordering::Relaxed);
    println!("{failed} tries of what fails, {served} calls of the other");
    assert!(failed <= 20, "it is down: {failed}");
    assert!(served >= 20 * 10 * 58, "the other operation was held back: {served}");
}

#[tokio::test]
async fn a_platform_that_is_down_is_asked_now_and_then_and_found_again_without_a_rush() {
    let down = |at| (10_000..310_000).contains(&at);
    let platform = Platform::new(Counting::Sliding, |_, _| Limit::per_second(200)).failing(down);
    let options = SchedulerOptions { in_flight_max: 64, ..RateOptions::known(200_000).into() };
    let simulation = Simulation::new(options, platform);
    let mut tasks = JoinSet::new();
    simulation.keep_calling(&mut tasks, 1, Priority::Sweep, 200, 330_000);
    simulation.run(330_000, 330_000, |_| {}).await;
    let log = simulation.log();
    let during = between(&log, 15_000, 310_000).count();
    let back = between(&log, 310_000, 320_000).next().unwrap().at_ms - 310_000;
    let rush = between(&log, 310_000, 310_000 + back + 200).count();
    let after = between(&log, 325_000, 330_000).count();
    println!(
        "down: {during} calls in 295 s; back after {back} ms, {rush} calls at first, {after} in the last 5 s"
    );
    assert!(during <= 60 && back <= 8_500 && rush <= 20 && after >= 950);
}

#[tokio::test]
async fn whoever_comes_and_goes_no_window_holds_more_than_permitted() {
    for seed in 0..24 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let limit = rng.random_range(1..=60_u32);
        let per_second = usize::try_from(limit).unwrap();
        let platform = Platform::new(Counting::Sliding, move |_, _| Limit::per_second(per_second));
        let simulation = Simulation::new(RateOptions::known(limit * 1_000), platform);
        let mut tasks = JoinSet::new();
        for priority in Priority::ALL {
            simulation.call_at_times(
                &mut tasks,
                (1, priority),
                rng.random_range(5..200),
                15_000,
                rng.random(),
            );
        }
        for _ in 0..rng.random_range(0..200) {
            // These wait, and some go away before their turn or in the middle of the call.
            let (simulation, start, stay) =
                (simulation.clone(), rng.random_range(0..15_000), rng.random_range(1..2_000));
            tasks.spawn(async move {
                simulation.clock.sleep(Duration::from_millis(start)).await;
                let key = shop_key(1);
                let ask = Ask { key: &key, priority: Priority::Live, patience: Duration::from_secs(9) };
                tokio::select! {
                    permit = simulation.scheduler.acquire(ask) => drop(permit),
                    () = simulation.clock.sleep(Duration::from_millis(stay)) => {}
                }
            });
        }
        simulation.run(30_000, 30_000, |_| {}).await;
        let log = simulation.log();
        assert_eq!(refused(&log), 0, "seed {seed}");
        assert!(busiest_second(&log) <= per_second, "seed {seed}: {} of {limit}", busiest_second(&log));
        tasks.shutdown().await;
        let left = simulation.scheduler.snapshot();
        assert_eq!((left.in_flight, left.waiting), (0, 0), "seed {seed}");
    }
}
