//! Random sequences of verbs: this store answers like the one in memory.

use std::time::Duration;

use hub_core::{
    AttemptOutcome, Changes, ClaimedDelivery, ClaimedJob, Event, Incoming, JobEnd, JobFailure, MirrorRow,
    Resource, SinkName,
};
use hub_store::conformance::sample::{
    at, cursor, event, finding, grant, hint, intent, lane, order, report, shop, shop_id, sink,
};
use hub_store::{JobClaim, MemoryStore, OrderQuery, Store};
use proptest::prelude::*;

use super::open;

/// One step in small numbers, so that steps meet each other often; what they mean is [`Run::step`]'s affair.
type Step = (u8, u8, u8, i64);

/// What one caller remembers between its steps.
struct Run<'a> {
    store: &'a dyn Store,
    seconds: i64,
    jobs: Vec<ClaimedJob>,
    deliveries: Vec<ClaimedDelivery>,
    events: u32,
}

impl<'a> Run<'a> {
    fn of(store: &'a dyn Store) -> Self {
        Self { store, seconds: 0, jobs: Vec::new(), deliveries: Vec::new(), events: 0 }
    }

    /// Takes one step; answers in words, with the figures that tell most about what lies behind the answer.
    async fn step(&mut self, step: Step) -> String {
        let answer = self.answer(step).await;
        let figures = (self.store.backlog(at(self.seconds)).await, self.store.next_due().await);
        format!("{answer} {figures:?}")
    }

    async fn answer(&mut self, (kind, a, b, c): Step) -> String {
        let (store, now) = (self.store, at(self.seconds));
        match kind {
            0..=2 => format!("{:?}", store.accept(self.hint(a, b, c)).await),
            3 => format!("{:?}", store.accept(finding(&a.to_string(), &(b % 2).to_string(), now)).await),
            4 => {
                let hints = vec![self.hint(a, b, c), self.hint(b, a, c), self.hint(a, b, c)];
                format!("{:?}", store.accept_all(hints).await)
            }
            5..=7 => {
                let claimed = store.claim_jobs(self.claim(b, c)).await;
                self.jobs.extend(claimed.iter().flatten().cloned());
                format!("{claimed:?}")
            }
            8..=11 => match self.changes(kind, a, b, c) {
                Some(changes) => format!("{:?}", store.commit(changes).await),
                None => String::new(),
            },
            12..=13 => {
                let claimed = store.claim_deliveries(self.claim(b, c)).await;
                self.deliveries.extend(claimed.iter().flatten().cloned());
                format!("{claimed:?}")
            }
            14..=15 => format!("{:?}", store.record_attempts(self.attempts(a, b, c)).await),
            16 => format!("{:?}", store.declare_sinks(sinks(a)).await),
            17 => format!("{:?}", store.unpark(lane(&a.to_string()), now).await),
            18 => {
                let (name, holder) = ((a % 2).to_string(), (b % 2).to_string());
                let lasts = Duration::from_secs(c.unsigned_abs());
                format!("{:?}", store.lease(name, holder, now, lasts).await)
            }
            19 => format!("{:?}", store.release((a % 2).to_string(), (b % 2).to_string()).await),
            20 => self.grant_step(a, b, c).await,
            _ => {
                self.seconds += c;
                String::new()
            }
        }
    }

    async fn grant_step(&self, a: u8, b: u8, c: i64) -> String {
        let (store, now) = (self.store, at(self.seconds));
        match a {
            0 | 1 => {
                let shops = vec![shop(&b.to_string(), &c.to_string())];
                format!("{:?}", store.save_authorization(grant(i64::from(b % 3)), shops).await)
            }
            2 | 3 => {
                let begun = intent(u64::from(b % 2), now + Duration::from_secs(c.unsigned_abs()));
                format!("{:?}", store.begin_connect(begun, now).await)
            }
            _ => format!("{:?}", store.take_connect(intent(u64::from(b % 2), now).state_hash, now).await),
        }
    }

    fn hint(&self, a: u8, b: u8, c: i64) -> Incoming {
        let body = (c % 2).to_string().into_bytes();
        Incoming {
            body,
            received_at: at(self.seconds),
            ..hint(&(a * 8 + b).to_string(), &(b % 4).to_string())
        }
    }

    fn claim(&self, b: u8, c: i64) -> JobClaim {
        let lease = Duration::from_secs(c.unsigned_abs());
        JobClaim { now: at(self.seconds), lease, limit: usize::from(b) }
    }

    /// The end of a claim, often with news; the claim may be lost by now.
    fn changes(&mut self, kind: u8, a: u8, b: u8, c: i64) -> Option<Changes> {
        let position = usize::from(a) % self.jobs.len().max(1);
        let job = if b == 0 { self.jobs.get(position)?.clone() } else { self.pick_job(position)? };
        let news = Changes {
            mirror: vec![self.told(a, b, c)],
            events: vec![self.event(a, b)],
            cursors: vec![cursor(at(c))],
            reports: vec![report(u64::from(a))],
            jobs: vec![JobEnd::Done { job: job.clone() }],
        };
        let failure = JobFailure::Park { reason: c.to_string() };
        let ready_at = (kind == 10).then(|| at(self.seconds + c));
        match kind {
            8 => Some(news),
            9 => Some(Changes { jobs: vec![JobEnd::Done { job }], ..Changes::default() }),
            _ => {
                Some(Changes { jobs: vec![JobEnd::Failed { job, failure, ready_at }], ..Changes::default() })
            }
        }
    }

    fn pick_job(&mut self, position: usize) -> Option<ClaimedJob> {
        (position < self.jobs.len()).then(|| self.jobs.remove(position))
    }

    fn told(&self, a: u8, b: u8, c: i64) -> MirrorRow {
        order(&a.to_string(), &(b % 3).to_string(), at(c % 4), at(self.seconds - c % 3))
    }

    /// Mostly a new one, sometimes one that came before.
    fn event(&mut self, a: u8, b: u8) -> Event {
        self.events += u32::from(b > 1);
        event(&format!("e{}", self.events), &(a % 2).to_string(), at(self.seconds))
    }

    fn attempts(&mut self, a: u8, b: u8, c: i64) -> Vec<(ClaimedDelivery, AttemptOutcome)> {
        let outcome = match b % 4 {
            0 => AttemptOutcome::Dead { reason: "answered 410".into() },
            1 => AttemptOutcome::Again { ready_at: at(self.seconds + c), reason: "answered 503".into() },
            _ => AttemptOutcome::Delivered { at: at(self.seconds) },
        };
        let taken = self.deliveries.len().min(usize::from(a));
        // Some claims are kept, and used again when they are lost.
        let claims =
            if b > 3 { self.deliveries[..taken].to_vec() } else { self.deliveries.drain(..taken).collect() };
        claims.into_iter().map(|claim| (claim, outcome.clone())).collect()
    }

    /// Everything that can be read.
    async fn everything(&self) -> String {
        let store = self.store;
        let mut words = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            store.backlog(at(self.seconds)).await,
            store.next_due().await,
            store.parked_jobs(50).await,
            store.sweep_reports(50).await,
            store.cursor(shop_id(), Resource::Order).await,
            store.authorizations().await,
            store.shops().await,
        );
        for number in 1..=store.backlog(at(0)).await.unwrap().accepted {
            words += &format!(" {:?}", store.inbox_row(i64::try_from(number).unwrap()).await);
        }
        words += &format!(" {:?}", store.orders(OrderQuery { limit: 50, ..OrderQuery::default() }).await);
        words
    }
}

fn sinks(a: u8) -> Vec<SinkName> {
    ["a", "b", "c"].iter().zip(0..).filter(|(_, bit)| a >> bit & 1 == 1).map(|(name, _)| sink(name)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn it_answers_like_the_store_in_memory(steps in prop::collection::vec((0_u8..26, 0_u8..6, 0_u8..6, 0_i64..40), 1..90)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (_directory, store) = open();
        let memory = MemoryStore::new();
        let (mut ours, mut model) = (Run::of(&store), Run::of(&memory));
        for (position, step) in steps.iter().enumerate() {
            let (ours, model) = runtime.block_on(async { (ours.step(*step).await, model.step(*step).await) });
            prop_assert_eq!(ours, model, "step {} is {:?}", position, step);
        }
        let (ours, model) = runtime.block_on(async { (ours.everything().await, model.everything().await) });
        prop_assert_eq!(ours, model);
    }
}
