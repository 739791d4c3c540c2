//! The one task that lets things fall due.
//!
//! The conductor takes what is due out of the world, lets attempts of notifications run side by side, and writes down what
//! came of them. It alone does so, hence whoever advances the clock asks it to: then every entry fires at its own instant,
//! and every attempt has ended before time goes on.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use ttshop_clock::Sleep;
use ttshop_types::Timestamp;

use crate::platform::Platform;
use crate::webhook::Sender;
use crate::world::NotificationNo;
use crate::world::post::{Outcome, Try};

/// How many notifications are under way at once.
const ATTEMPTS_MAX: usize = 64;
/// How many callers may wait for the conductor.
const WISHES_MAX: usize = 16;

/// How others reach the conductor.
#[derive(Clone, Debug)]
pub(crate) struct Baton {
    nudge: Arc<Notify>,
    wishes: mpsc::Sender<Wish>,
}

/// What the conductor is asked to do.
#[derive(Debug)]
pub(crate) enum Wish {
    /// Move time forward, and say when it is done.
    Advance(Duration, oneshot::Sender<Timestamp>),
    /// Say when nothing is due or under way any more.
    Settle(oneshot::Sender<Timestamp>),
}

impl Baton {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Wish>) {
        let (wishes, received) = mpsc::channel(WISHES_MAX);
        (Self { nudge: Arc::new(Notify::new()), wishes }, received)
    }

    /// Says that something new may be due.
    pub(crate) fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Moves time forward; answers the new time, or nothing when the platform is shutting down.
    pub(crate) async fn advance(&self, duration: Duration) -> Option<Timestamp> {
        let (done, ended) = oneshot::channel();
        self.wishes.send(Wish::Advance(duration, done)).await.ok()?;
        ended.await.ok()
    }

    /// Waits until nothing is due or under way.
    pub(crate) async fn settle(&self) -> Option<Timestamp> {
        let (done, ended) = oneshot::channel();
        self.wishes.send(Wish::Settle(done)).await.ok()?;
        ended.await.ok()
    }
}

/// Conducts until the platform closes; attempts that are under way then are broken off and tried again after a restart.
pub(crate) async fn conduct(platform: Arc<Platform>, mut wishes: mpsc::Receiver<Wish>) {
    let mut closing = platform.closing.clone();
    let mut conductor = Conductor::new(platform);
    loop {
        conductor.start_due();
        let mut alarm = conductor.alarm.take();
        tokio::select! {
            () = closed(&mut closing) => break,
            Some(ended) = conductor.attempts.join_next(), if !conductor.attempts.is_empty() => {
                conductor.record(ended.ok());
            }
            Some(wish) = wishes.recv() => {
                conductor.fulfil(wish).await;
                // Time may have skipped ahead, so that the alarm would ring too late.
                alarm = None;
            }
            () = conductor.platform.baton.nudge.notified() => {}
            () = ring(&mut alarm) => alarm = None,
        }
        conductor.alarm = alarm;
    }
    conductor.put_back();
}

struct Conductor {
    platform: Arc<Platform>,
    sender: Arc<Sender>,
    attempts: JoinSet<Ended>,
    under_way: Vec<(NotificationNo, bool)>,
    /// Rings when the next entry falls due. It is kept across rounds: a virtual clock remembers every sleeper.
    alarm: Option<(Timestamp, Sleep)>,
}

struct Ended {
    number: NotificationNo,
    repeat: bool,
    at: Timestamp,
    outcome: Outcome,
}

async fn ring(alarm: &mut Option<(Timestamp, Sleep)>) {
    match alarm {
        Some((_, sleep)) => sleep.await,
        None => std::future::pending().await,
    }
}

impl Conductor {
    fn new(platform: Arc<Platform>) -> Self {
        let sender = Arc::new(Sender::default());
        Self { platform, sender, attempts: JoinSet::new(), under_way: Vec::new(), alarm: None }
    }

    /// Starts what is due, as far as there is room, and sets the alarm for what comes next.
    fn start_due(&mut self) {
        let now = self.platform.now();
        let mut next = None;
        while self.attempts.len() < ATTEMPTS_MAX {
            let mut world = self.platform.world();
            let attempt = world.next_attempt(now);
            next = world.due.next_at();
            drop(world);
            let Some(attempt) = attempt else { break };
            let sender = Arc::clone(&self.sender);
            self.under_way.push((attempt.number, attempt.repeat));
            self.attempts.spawn(async move {
                let outcome = sender.send(&attempt).await;
                Ended { number: attempt.number, repeat: attempt.repeat, at: now, outcome }
            });
        }
        let room = self.attempts.len() < ATTEMPTS_MAX;
        self.alarm = match next.filter(|_| room) {
            None => None,
            Some(at) => match self.alarm.take().filter(|(set, _)| *set == at) {
                Some(alarm) => Some(alarm),
                None => Some((at, self.platform.time.sleep(at.since(now)))),
            },
        };
    }

    /// Writes down what came of one attempt, and of those that ended meanwhile.
    fn record(&mut self, first: Option<Ended>) {
        let now = self.platform.now();
        let platform = Arc::clone(&self.platform);
        let mut world = platform.world();
        let mut ended = first;
        while let Some(Ended { number, repeat, at, outcome }) = ended {
            self.under_way.retain(|under_way| *under_way != (number, repeat));
            let world = &mut *world;
            world.post.record(number, Try { at, repeat, outcome }, now, &mut world.due);
            ended = self.attempts.try_join_next().and_then(Result::ok);
        }
    }

    async fn fulfil(&mut self, wish: Wish) {
        match wish {
            Wish::Settle(done) => {
                self.settle().await;
                self.say_done(done);
            }
            Wish::Advance(duration, done) => {
                let target = self.platform.now() + duration;
                self.settle().await;
                while let Some(due) = self.next_due().filter(|due| *due <= target) {
                    self.platform.time.move_to(due);
                    self.settle().await;
                }
                self.platform.time.move_to(target);
                self.settle().await;
                self.say_done(done);
            }
        }
    }

    fn say_done(&self, done: oneshot::Sender<Timestamp>) {
        if done.send(self.platform.now()).is_err() {
            tracing::debug!("whoever asked for the time did not wait for it");
        }
    }

    /// Runs until nothing is due now and nothing is under way.
    async fn settle(&mut self) {
        loop {
            self.start_due();
            let Some(ended) = self.attempts.join_next().await else { return };
            self.record(ended.ok());
        }
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.platform.world().due.next_at()
    }

    /// Makes the attempts that were under way due again, for the snapshot.
    fn put_back(&mut self) {
        self.attempts.abort_all();
        let now = self.platform.now();
        let mut world = self.platform.world();
        for (notification, repeat) in self.under_way.drain(..) {
            world.due.put(now, crate::world::due::Due::Attempt { notification, repeat });
        }
    }
}

/// Waits until the platform closes.
pub(crate) async fn closed(closing: &mut watch::Receiver<bool>) {
    // The sender lives as long as the platform; if it is gone, so is the platform.
    if closing.wait_for(|closed| *closed).await.is_err() {
        tracing::trace!("the platform went away without closing");
    }
}
