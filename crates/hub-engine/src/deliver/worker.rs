//! The loop that claims deliveries and records their attempts.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use hub_core::delivery::after_failure;
use hub_core::{AttemptOutcome, ClaimedDelivery, DeliveryFailure, SinkName};
use hub_store::JobClaim;
use tokio::task::JoinSet;

use super::{Outgoing, Sink};
use crate::entropy::jitter;
use crate::hub::{Hub, Stop, idle_wait};

/// How many deliveries this process may hold claimed at once.
const HELD_MAX: usize = 256;
/// How many attempts may be under way to one sink.
const ATTEMPTS_A_SINK: usize = 64;
/// How long a claimed delivery may wait for its sink. Then the claim is let lapse, so that a slow sink holds no one else's
/// places.
const WAIT_USABLE: Duration = Duration::from_secs(5);
/// How long a claim lasts: longer than waiting and an attempt take together. After a crash, a delivery waits as long as this.
const LEASE: Duration = Duration::from_secs(20);
/// How many failures in a row make a sink pause.
const FAILURES_TO_PAUSE: u32 = 5;
/// How long it pauses. Its claims are let lapse meanwhile, so that they fill no places.
const PAUSE: Duration = Duration::from_secs(15);

type Sinks = Arc<HashMap<SinkName, Arc<dyn Sink>>>;

/// Runs until it is told to stop and its last attempt is recorded.
pub(crate) async fn run(hub: Arc<Hub>, sinks: Vec<Arc<dyn Sink>>, mut stop: Stop) {
    let sinks: Sinks = Arc::new(sinks.into_iter().map(|sink| (sink.name().clone(), sink)).collect());
    let mut worker = Worker { hub: Arc::clone(&hub), sinks, states: HashMap::new(), running: JoinSet::new() };
    loop {
        let found = if stop.is_set() { 0 } else { worker.claim().await };
        worker.start_attempts();
        if stop.is_set() && worker.held() == 0 {
            return;
        }
        if found == 0 || worker.held() >= HELD_MAX {
            worker.wait(&mut stop).await;
        }
    }
}

struct Worker {
    hub: Arc<Hub>,
    sinks: Sinks,
    states: HashMap<SinkName, SinkState>,
    running: JoinSet<Attempt>,
}

#[derive(Default)]
struct SinkState {
    waiting: VecDeque<Waiting>,
    running: usize,
    failures_in_a_row: u32,
    paused_until: Duration,
}

struct Waiting {
    delivery: ClaimedDelivery,
    since: Duration,
}

struct Attempt {
    delivery: ClaimedDelivery,
    outcome: Result<(), DeliveryFailure>,
}

async fn attempt(hub: Arc<Hub>, sink: Arc<dyn Sink>, delivery: ClaimedDelivery) -> Attempt {
    let outgoing = Outgoing {
        id: &delivery.event_id,
        kind: &delivery.kind,
        payload: &delivery.payload,
        attempts: delivery.attempts,
        now: hub.clock.now(),
    };
    let outcome = sink.deliver(outgoing).await;
    Attempt { delivery, outcome }
}

impl Worker {
    fn held(&self) -> usize {
        self.running.len() + self.states.values().map(|state| state.waiting.len()).sum::<usize>()
    }

    async fn claim(&mut self) -> usize {
        let room = HELD_MAX.saturating_sub(self.held());
        if room == 0 {
            return 0;
        }
        let since = self.hub.clock.monotonic();
        let claim = JobClaim { now: self.hub.clock.now(), lease: LEASE, limit: room };
        let deliveries = match self.hub.store.claim_deliveries(claim).await {
            Ok(deliveries) => deliveries,
            Err(error) => {
                tracing::error!(error = %error, "deliveries could not be claimed; trying again");
                return 0;
            }
        };
        let found = deliveries.len();
        for delivery in deliveries {
            let state = self.states.entry(delivery.sink.clone()).or_default();
            state.waiting.push_back(Waiting { delivery, since });
        }
        found
    }

    /// Starts what may start, and lets claims lapse where the sink is gone, pauses, or keeps them waiting.
    fn start_attempts(&mut self) {
        let now = self.hub.clock.monotonic();
        for (name, state) in &mut self.states {
            let Some(sink) = self.sinks.get(name) else {
                state.waiting.clear();
                continue;
            };
            let is_paused = state.failures_in_a_row >= FAILURES_TO_PAUSE && now < state.paused_until;
            let held = state.waiting.len();
            state.waiting.retain(|waiting| !is_paused && now.saturating_sub(waiting.since) < WAIT_USABLE);
            let lapsed = held - state.waiting.len();
            if lapsed > 0 {
                metrics::counter!("hub_deliveries_lapsed_total")
                    .increment(u64::try_from(lapsed).unwrap_or(u64::MAX));
            }
            while state.running < ATTEMPTS_A_SINK {
                let Some(waiting) = state.waiting.pop_front() else { break };
                state.running += 1;
                self.running.spawn(attempt(Arc::clone(&self.hub), Arc::clone(sink), waiting.delivery));
            }
        }
    }

    async fn wait(&mut self, stop: &mut Stop) {
        let hub = Arc::clone(&self.hub);
        let idle = async { hub.clock.sleep(idle_wait(&hub).await).await };
        tokio::select! {
            Some(ended) = self.running.join_next() => self.record(ended).await,
            () = hub.nudges.deliver.notified(), if !stop.is_set() => {}
            () = idle, if !stop.is_set() => {}
            () = stop.wait(), if !stop.is_set() => {}
        }
    }

    /// Records this attempt and every other that has ended by now in one commit.
    async fn record(&mut self, first: Result<Attempt, tokio::task::JoinError>) {
        let mut ended = vec![first];
        while let Some(next) = self.running.try_join_next() {
            ended.push(next);
        }
        let mut attempts = Vec::with_capacity(ended.len());
        for attempt in ended {
            match attempt {
                Ok(attempt) => attempts.push(self.judge(attempt)),
                Err(error) => {
                    tracing::error!(error = %error, "an attempt panicked; it is made again after its lease");
                    // Whose it was is lost with it; the counts start anew.
                    self.states.clear();
                }
            }
        }
        match self.hub.store.record_attempts(attempts).await {
            Ok(stale) if !stale.is_empty() => {
                tracing::warn!(
                    deliveries = stale.len(),
                    "attempts took longer than their leases; they may be made twice"
                );
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(error = %error, "attempts could not be recorded; they are made again after their leases");
            }
        }
        // The next events of these lanes may go now.
        self.hub.nudges.deliver.notify_one();
    }

    fn judge(&mut self, attempt: Attempt) -> (ClaimedDelivery, AttemptOutcome) {
        let now = self.hub.clock.now();
        let monotonic = self.hub.clock.monotonic();
        let state = self.states.entry(attempt.delivery.sink.clone()).or_default();
        state.running = state.running.saturating_sub(1);
        let outcome = match attempt.outcome {
            Ok(()) => {
                state.failures_in_a_row = 0;
                AttemptOutcome::Delivered { at: now }
            }
            Err(failure) => {
                state.failures_in_a_row = state.failures_in_a_row.saturating_add(1);
                state.paused_until = monotonic + PAUSE;
                tracing::info!(sink = %attempt.delivery.sink, event.id = %attempt.delivery.event_id, reason = %failure.reason, "an attempt failed");
                after_failure(attempt.delivery.attempts, failure, now, jitter(&*self.hub.entropy))
            }
        };
        let word = match &outcome {
            AttemptOutcome::Delivered { .. } => "delivered",
            AttemptOutcome::Again { .. } => "again",
            AttemptOutcome::Dead { .. } => "dead",
        };
        metrics::counter!("hub_attempts_total", "outcome" => word).increment(1);
        (attempt.delivery, outcome)
    }
}
