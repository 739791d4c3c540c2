//! What the platform permits is used, and not exceeded.

use tokio::task::JoinSet;
use ttshop::{Priority, RateOptions};

use crate::simulation::{
    Counting, Limit, Platform, Simulation, basis_points, between, busiest_second, refused,
};

const MINUTE_MS: u64 = 60_000;

async fn saturate(counting: Counting, latency: impl Fn(u64) -> u64 + Send + 'static) -> Simulation {
    let platform = Platform::new(counting, |_, _| Limit::per_second(50)).latency(latency);
    let simulation = Simulation::new(RateOptions::known(50_000), platform);
    let mut tasks = JoinSet::new();
    simulation.keep_calling(&mut tasks, 1, Priority::Sweep, 40, MINUTE_MS);
    simulation.run(MINUTE_MS, MINUTE_MS, |_| {}).await;
    simulation
}

#[tokio::test]
async fn a_known_limit_is_used_and_never_exceeded_from_the_first_second_on() {
    for counting in [Counting::Sliding, Counting::Tumbling] {
        let log = saturate(counting, |_| 100).await.log();
        let used = basis_points(log.len(), 50 * 60);
        let first = between(&log, 0, 1_050).count();
        println!(
            "{counting:?}: used {used} of 10,000, refused {}, first second {first}, busiest second {}",
            refused(&log),
            busiest_second(&log)
        );
        assert_eq!(refused(&log), 0);
        assert!(used >= 9_700, "{counting:?}: {used}");
        assert!(busiest_second(&log) <= 50);
        assert!(first >= 45, "cold start: {first}");
    }
}

#[tokio::test]
async fn a_network_that_wavers_by_ten_milliseconds_breaks_no_limit() {
    let log = saturate(Counting::Sliding, |at| 100 + at * 7 % 20).await.log();
    println!("used {}, refused {}", basis_points(log.len(), 3_000), refused(&log));
    assert_eq!(refused(&log), 0);
}
