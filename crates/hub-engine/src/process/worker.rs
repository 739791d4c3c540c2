//! The loop that claims work and keeps every queue moving.

use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use hub_core::{AppName, ClaimedJob};
use hub_store::JobClaim;
use tokio::task::JoinSet;
use ttshop_types::ShopId;

use super::failure::panicked;
use super::outcome::{Outcome, commit};
use super::{notifications, orders};
use crate::hub::{Hub, Stop, idle_wait};
use crate::ingest::UNREADABLE_TOPIC;

/// How many orders one call reads: the platform's own bound.
pub(super) const ORDERS_A_CALL: usize = 50;
/// How many queues may have work under way at once.
const QUEUES_AT_ONCE: usize = 16;
/// How many jobs this process may hold claimed at once: one call's worth for each queue.
const CLAIMED_MAX: usize = QUEUES_AT_ONCE * ORDERS_A_CALL;
/// How long a claim lasts: longer than waiting and calling take together. After a crash, work waits as long as this.
const LEASE: Duration = Duration::from_secs(30);
/// A job claimed longer ago than this is left to whoever claims it next.
const LEASE_USABLE: Duration = Duration::from_secs(8);

/// What is worked on one after the other.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum QueueName {
    Shop(ShopId),
    Notifications(AppName),
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Claimed>,
    is_running: bool,
}

struct Claimed {
    job: ClaimedJob,
    at: Duration,
}

/// Runs until it is told to stop and its last call has ended.
pub(crate) async fn run(hub: Arc<Hub>, mut stop: Stop) {
    let mut worker =
        Worker { hub: Arc::clone(&hub), queues: HashMap::new(), held: 0, running: JoinSet::new() };
    loop {
        let found = if stop.is_set() { 0 } else { worker.claim().await };
        worker.start_queues();
        if stop.is_set() && worker.running.is_empty() {
            return;
        }
        // A full claim means that there is more.
        if found == 0 || worker.held >= CLAIMED_MAX {
            worker.wait(&mut stop).await;
        }
    }
}

async fn work(hub: &Hub, name: &QueueName, jobs: Vec<ClaimedJob>) {
    match name {
        QueueName::Shop(shop) => orders::work(hub, shop, jobs).await,
        QueueName::Notifications(_) => notifications::work(hub, jobs).await,
    }
}

struct Worker {
    hub: Arc<Hub>,
    queues: HashMap<QueueName, Queue>,
    held: usize,
    running: JoinSet<(QueueName, usize)>,
}

impl Worker {
    async fn claim(&mut self) -> usize {
        let room = CLAIMED_MAX - self.held;
        if room == 0 {
            return 0;
        }
        let claim = JobClaim { now: self.hub.clock.now(), lease: LEASE, limit: room };
        let at = self.hub.clock.monotonic();
        let jobs = match self.hub.store.claim_jobs(claim).await {
            Ok(jobs) => jobs,
            Err(error) => {
                tracing::error!(error = %error, "jobs could not be claimed; trying again");
                return 0;
            }
        };
        let found = jobs.len();
        self.held += found;
        for job in jobs {
            let queue = self.queues.entry(queue_of(&job)).or_default();
            queue.waiting.push_back(Claimed { job, at });
        }
        found
    }

    /// Starts idle queues; when the hub stops, what was claimed and not begun is left to the next claim.
    fn start_queues(&mut self) {
        let idle = self.queues.iter().filter(|(_, queue)| !queue.is_running && !queue.waiting.is_empty());
        let names: Vec<QueueName> = idle.map(|(name, _)| name.clone()).collect();
        for name in names {
            if self.running.len() >= QUEUES_AT_ONCE {
                return;
            }
            self.start(name);
        }
    }

    fn start(&mut self, name: QueueName) {
        let now = self.hub.clock.monotonic();
        let Some(queue) = self.queues.get_mut(&name) else { return };
        // Of equal urgency, the oldest first.
        queue.waiting.make_contiguous().sort_by_key(|claimed| orders::priority_of(&claimed.job));
        let begun = queue.waiting.len().min(ORDERS_A_CALL);
        let usable = |claimed: &Claimed| now.saturating_sub(claimed.at) < LEASE_USABLE;
        let jobs: Vec<ClaimedJob> =
            queue.waiting.drain(..begun).filter(usable).map(|claimed| claimed.job).collect();
        queue.is_running = true;
        let hub = Arc::clone(&self.hub);
        self.running.spawn(async move {
            let unharmed = AssertUnwindSafe(work(&hub, &name, jobs.clone())).catch_unwind().await;
            if unharmed.is_err() {
                metrics::counter!("hub_process_panics_total").increment(1);
                commit(&hub, jobs.into_iter().map(|job| Outcome::ended(panicked(&hub, job))).collect()).await;
            }
            (name, begun)
        });
    }

    async fn wait(&mut self, stop: &mut Stop) {
        let hub = Arc::clone(&self.hub);
        let idle = async { hub.clock.sleep(idle_wait(&hub).await).await };
        tokio::select! {
            Some(ended) = self.running.join_next() => self.end(ended),
            () = hub.nudges.process.notified(), if !stop.is_set() => {}
            () = idle, if !stop.is_set() => {}
            () = stop.wait(), if !stop.is_set() => {}
        }
    }

    fn end(&mut self, ended: Result<(QueueName, usize), tokio::task::JoinError>) {
        match ended {
            Ok((name, begun)) => {
                self.held -= begun;
                if let Some(queue) = self.queues.get_mut(&name) {
                    queue.is_running = false;
                    if queue.waiting.is_empty() {
                        self.queues.remove(&name);
                    }
                }
            }
            // Which queue it was is lost with it. All claims lapse by their leases; the counts start anew.
            Err(error) => {
                tracing::error!(error = %error, "processing ended badly; the jobs are tried again after their leases");
                self.queues.retain(|_, queue| !queue.is_running);
                self.held = self.queues.values().map(|queue| queue.waiting.len()).sum();
            }
        }
    }
}

fn queue_of(job: &ClaimedJob) -> QueueName {
    match job.lane.entity() {
        Some((shop, ..)) if job.topic != UNREADABLE_TOPIC => QueueName::Shop(shop),
        _ => QueueName::Notifications(job.app.clone()),
    }
}
