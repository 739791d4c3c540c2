use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hub_core::{Changes, DeliveryFailure, Event, EventId, EventKind, Lane, SinkName};
use hub_store::MemoryStore;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use ttshop_clock::{Clock as _, VirtualClock};

use super::{Outgoing, Sink, SinkFuture, run};
use crate::fixture::Fixture;
use crate::hub::Stop;

/// A sink that fails as often as it is told for each event, and says what it saw.
#[derive(Debug)]
struct FlakySink {
    name: SinkName,
    failures: Mutex<HashMap<String, u32>>,
    seen: mpsc::Sender<(String, bool)>,
}

impl FlakySink {
    fn new(name: &str, failures: &[(&str, u32)]) -> (Arc<Self>, mpsc::Receiver<(String, bool)>) {
        let (seen, receiver) = mpsc::channel(1000);
        let failures = failures.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect();
        (Arc::new(Self { name: SinkName(name.into()), failures: Mutex::new(failures), seen }), receiver)
    }
}

impl Sink for FlakySink {
    fn name(&self) -> &SinkName {
        &self.name
    }

    fn deliver<'a>(&'a self, outgoing: Outgoing<'a>) -> SinkFuture<'a> {
        Box::pin(async move {
            let fails = {
                let mut failures = self.failures.lock().unwrap();
                let left = failures.entry(outgoing.id.0.clone()).or_default();
                let fails = *left > 0;
                *left = left.saturating_sub(1);
                fails
            };
            self.seen.send((outgoing.id.0.clone(), !fails)).await.unwrap();
            let failure = DeliveryFailure { reason: "by script".into(), not_before: None, is_final: false };
            if fails { Err(failure) } else { Ok(()) }
        })
    }
}

struct Running {
    fixture: Fixture,
    stop: tokio::sync::watch::Sender<bool>,
    tasks: JoinSet<()>,
}

async fn start(sinks: Vec<Arc<dyn Sink>>) -> Running {
    let fixture = Fixture::over(Arc::new(MemoryStore::default()), |_| {});
    let names = sinks.iter().map(|sink| sink.name().clone()).collect();
    fixture.hub.store.declare_sinks(names).await.unwrap();
    let (stop, listener) = Stop::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(run(Arc::clone(&fixture.hub), sinks, listener));
    Running { fixture, stop, tasks }
}

impl Running {
    async fn publish(&self, events: &[(&str, &str)]) {
        let event = |(id, lane): &(&str, &str)| Event {
            id: EventId((*id).into()),
            kind: EventKind::OrderCreated,
            shop_id: None,
            lane: Lane::from_stored((*lane).into()),
            occurred_at: self.fixture.clock.now(),
            payload: b"{}".to_vec(),
        };
        let events = events.iter().map(event).collect();
        self.fixture.hub.store.commit(Changes { events, ..Changes::default() }).await.unwrap();
        self.fixture.hub.nudges.deliver.notify_one();
    }

    /// Moves time on until something is seen.
    async fn seen(&self, receiver: &mut mpsc::Receiver<(String, bool)>) -> (String, bool) {
        let clock: VirtualClock = self.fixture.clock.clone();
        loop {
            tokio::select! {
                biased;
                seen = receiver.recv() => return seen.unwrap(),
                () = tokio::task::yield_now() => {}
            }
            if clock.sleepers() > 0 {
                clock.advance(Duration::from_millis(100));
            }
        }
    }

    async fn end(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
    }
}

fn ok(id: &str) -> (String, bool) {
    (id.into(), true)
}

#[tokio::test]
async fn a_lane_keeps_its_order_while_others_go_on() {
    let (sink, mut seen) = FlakySink::new("s", &[("a1", 2)]);
    let running = start(vec![sink]).await;
    running.publish(&[("a1", "a"), ("a2", "a"), ("b1", "b")]).await;
    let mut order = Vec::new();
    while order.len() < 5 {
        order.push(running.seen(&mut seen).await);
    }
    let at = |wanted: (&str, bool)| order.iter().position(|(id, ok)| (id.as_str(), *ok) == wanted).unwrap();
    assert!(at(("a1", true)) < at(("a2", true)), "{order:?}");
    assert!(at(("b1", true)) < at(("a1", true)), "{order:?}");
    assert_eq!(order.iter().filter(|(id, ok)| id == "a1" && !ok).count(), 2);
    running.end().await;
}

#[tokio::test]
async fn a_sink_that_is_down_delays_no_other() {
    let dead: Vec<String> = (0..300).map(|event| format!("e{event}")).collect();
    let failures: Vec<(&str, u32)> = dead.iter().map(|id| (id.as_str(), 1000)).collect();
    let (down, mut seen_down) = FlakySink::new("down", &failures);
    let (up, mut seen_up) = FlakySink::new("up", &[]);
    let running = start(vec![down, up]).await;
    let drain = async { while seen_down.recv().await.is_some() {} };
    let check = async {
        for id in &dead {
            running.publish(&[(id, id)]).await;
        }
        let mut delivered = std::collections::HashSet::new();
        while delivered.len() < dead.len() {
            delivered.insert(running.seen(&mut seen_up).await.0);
        }
    };
    tokio::select! {
        () = check => {}
        () = drain => panic!("the sink went away"),
    }
}

#[tokio::test]
async fn what_is_recorded_is_not_sent_again() {
    let (sink, mut seen) = FlakySink::new("s", &[]);
    let running = start(vec![sink]).await;
    running.publish(&[("a1", "a")]).await;
    assert_eq!(running.seen(&mut seen).await, ok("a1"));
    running.publish(&[("b1", "b")]).await;
    assert_eq!(running.seen(&mut seen).await, ok("b1"));
    let store = Arc::clone(&running.fixture.hub.store);
    let now = running.fixture.clock.now();
    running.end().await;
    assert_eq!(store.backlog(now).await.unwrap().deliveries, 0);
    assert!(seen.try_recv().is_err());
}
