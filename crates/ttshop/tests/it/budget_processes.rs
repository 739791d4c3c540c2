//! Several processes that know nothing of each other share one limit: two evenly, four so that none is left with nothing.

use std::time::Duration;

use tokio::task::JoinSet;
use ttshop::{Priority, RateOptions};
use ttshop_clock::Clock as _;

use crate::simulation::{Counting, Limit, Platform, Seen, Simulation, basis_points, between, refused};

const LIMIT: usize = 50;

/// Each process begins so long after the one before it.
const APART_MS: u64 = 5_000;

/// They may take so long to find each other: one that holds still supposes others after four minutes.
const SETTLED_MS: u64 = 600_000;
const END_MS: u64 = 1_500_000;

/// What the platform saw of processes that all ask for everything they can get.
async fn share(counting: Counting, options: RateOptions, processes: usize, seed: u64) -> Vec<Seen> {
    let platform = Platform::new(counting, |_, _| Limit::per_second(LIMIT));
    let first = Simulation::new(options, platform);
    let mut tasks = JoinSet::new();
    for process in 0..processes {
        let number = u64::try_from(process).unwrap();
        let simulation = first.beside(process, options, seed + number);
        tasks.spawn(async move {
            simulation.clock.sleep(Duration::from_millis(number * APART_MS)).await;
            let mut callers = JoinSet::new();
            simulation.keep_calling(&mut callers, 1, Priority::Sweep, 12, END_MS);
            callers.join_all().await;
        });
    }
    first.run(END_MS, END_MS, |_| {}).await;
    between(&first.log(), SETTLED_MS, END_MS).copied().collect()
}

/// Checks a quarter of an hour: how even, how full, at what price.
async fn check(counting: Counting, options: RateOptions, processes: usize, seed: u64, fairness_min: usize) {
    let log = share(counting, options, processes, seed).await;
    let accepted = |process| log.iter().filter(|seen| seen.process == process && seen.accepted).count();
    let calls: Vec<usize> = (0..processes).map(accepted).collect();
    let (sum, squares): (usize, usize) = (calls.iter().sum(), calls.iter().map(|calls| calls * calls).sum());
    let fairness = sum * sum * 10_000 / (processes * squares);
    let seconds = usize::try_from((END_MS - SETTLED_MS) / 1_000).unwrap();
    let used = basis_points(sum, LIMIT * seconds);
    let price = basis_points(refused(&log), log.len());
    let told = format!(
        "{counting:?}, seed {seed}: {calls:?}, fairness {fairness}, used {used} bp, refused {price} bp"
    );
    assert!(fairness >= fairness_min, "{told}");
    assert!(calls.iter().all(|calls| calls * processes * 10 >= sum), "less than a tenth of a part: {told}");
    assert!(used >= 8_900, "{told}");
    assert!(price <= 150, "{told}");
}

#[tokio::test]
async fn two_processes_that_know_the_limit_and_not_each_other_share_it() {
    check(Counting::Sliding, RateOptions::known(50_000), 2, 1, 9_500).await;
}

#[tokio::test]
async fn two_processes_that_learn_a_limit_share_it() {
    check(Counting::Tumbling, RateOptions::default(), 2, 1, 9_500).await;
}

#[tokio::test]
async fn four_processes_that_know_the_limit_and_not_each_other_share_it() {
    check(Counting::Tumbling, RateOptions::known(50_000), 4, 1, 7_000).await;
}

#[tokio::test]
async fn four_processes_that_learn_a_limit_share_it() {
    check(Counting::Sliding, RateOptions::default(), 4, 1, 7_000).await;
}

#[tokio::test]
async fn a_process_alone_finds_that_it_is() {
    for counting in [Counting::Sliding, Counting::Tumbling] {
        let log = share(counting, RateOptions::default(), 1, 1).await;
        let used = basis_points(log.len() - refused(&log), LIMIT * 900);
        assert!(used >= 9_600, "{counting:?}: used {used} bp");
    }
}
