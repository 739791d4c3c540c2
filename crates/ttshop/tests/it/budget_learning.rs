//! A limit that nobody tells is found.

use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;
use ttshop::{Priority, RateOptions};

use crate::simulation::{Counting, Limit, Platform, Simulation, basis_points, between, refused, shop_key};

/// Hidden limits and for how many seconds they hold.
const SCHEDULE: [(Limit, u64); 4] = [
    (Limit::per_second(50), 120),
    (Limit::per_second(5), 60),
    (Limit::per_second(20), 120),
    (Limit { calls: 1, window_ms: 2_000 }, 120),
];

fn hidden(at_ms: u64) -> Limit {
    let mut left = at_ms;
    for (limit, seconds) in SCHEDULE {
        if left < seconds * 1_000 {
            return limit;
        }
        left -= seconds * 1_000;
    }
    SCHEDULE[3].0
}

fn is_near(rate: u64, limit: u64) -> bool {
    rate * 10 >= limit * 9 && rate * 10 <= limit * 11
}

/// Milliseconds from each change until the learnt rate stays within a tenth of the hidden one.
fn convergence(samples: &[(u64, u64)]) -> Vec<u64> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (limit, seconds) in SCHEDULE {
        let end = begin + seconds * 1_000;
        let inside = samples.iter().filter(|(at, _)| (begin..end).contains(at));
        let far = inside.filter(|(_, rate)| !is_near(*rate, limit.milli_per_second()));
        found.push(far.map(|(at, _)| at + 100 - begin).max().unwrap_or(0));
        begin = end;
    }
    found
}

#[tokio::test]
async fn a_hidden_limit_is_found_within_ten_seconds_at_the_price_of_one_call_in_a_hundred() {
    for (counting, latency) in
        [Counting::Sliding, Counting::Tumbling].into_iter().flat_map(|c| [(c, 60), (c, 200)])
    {
        let end = SCHEDULE.iter().map(|(_, seconds)| seconds * 1_000).sum();
        let platform = Platform::new(counting, |_, at| hidden(at)).latency(move |_| latency);
        let simulation = Simulation::new(RateOptions::default(), platform);
        let mut tasks = JoinSet::new();
        simulation.keep_calling(&mut tasks, 1, Priority::Sweep, 40, end);
        let samples = Arc::new(Mutex::new(Vec::new()));
        let scheduler = simulation.scheduler.clone();
        simulation
            .run(end, 100, |at| {
                if let Some(key) = scheduler.snapshot_of(&shop_key(1)) {
                    samples.lock().unwrap().push((at, u64::from(key.milli_per_second)));
                }
            })
            .await;
        let log = simulation.log();
        let converged = convergence(&samples.lock().unwrap());
        let price = basis_points(refused(&log), log.len());
        println!(
            "{counting:?} {latency}: converged {converged:?} ms, refused {} of {} = {price} bp",
            refused(&log),
            log.len()
        );
        let mut begin = 0;
        for (limit, seconds) in SCHEDULE {
            let phase: Vec<_> = between(&log, begin + 10_000, begin + seconds * 1_000).copied().collect();
            let possible = usize::try_from(limit.milli_per_second() * (seconds - 10) / 1_000).unwrap();
            println!(
                "   {limit:?}: used {} bp, refused {} in steady state, {} in all",
                basis_points(phase.len() - refused(&phase), possible),
                refused(&phase),
                refused(&between(&log, begin, begin + seconds * 1000).copied().collect::<Vec<_>>())
            );
            begin += seconds * 1_000;
        }
        if std::env::var_os("TRACE").is_some() {
            for (at, rate) in samples.lock().unwrap().iter() {
                println!("{at} {rate}");
            }
        }
    }
}
