//! Events reach their sinks, in order and with an end.

use hub_core::{AttemptOutcome, Changes, Event};

use super::expect::{due_events, ok, one_delivery};
use super::sample::{at, claim_at, event, lane, sink};
use crate::{CLAIM_MAX, JobClaim, Store};

async fn publish(store: &dyn Store, events: Vec<Event>) {
    ok(store.commit(Changes { events, ..Changes::default() })).await;
}

fn again(seconds: i64) -> AttemptOutcome {
    AttemptOutcome::Again { ready_at: at(seconds), reason: "answered 503".into() }
}

fn dead() -> AttemptOutcome {
    AttemptOutcome::Dead { reason: "answered 410".into() }
}

const DELIVERED: fn(i64) -> AttemptOutcome = |seconds| AttemptOutcome::Delivered { at: at(seconds) };

/// An event goes to every declared sink, byte for byte, once.
pub async fn an_event_goes_to_every_sink(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("b"), sink("a")])).await;
    publish(store, vec![event("e1", "x", at(1))]).await;
    assert!(due_events(store, 0).await.is_empty(), "it went out before it happened");
    let claimed = ok(store.claim_deliveries(claim_at(1))).await;
    assert_eq!(claimed.iter().map(|delivery| delivery.sink.0.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    let delivery = &claimed[0];
    assert_eq!((delivery.kind.as_str(), delivery.event_id.0.as_str()), ("order.updated", "e1"));
    assert_eq!((delivery.lane.clone(), delivery.attempts), (lane("x"), 0));
    assert_eq!(delivery.payload, event("e1", "x", at(1)).payload);
    assert_eq!(delivery.event_seq, 1);
    let ends = claimed.into_iter().map(|delivery| (delivery, DELIVERED(2))).collect();
    assert!(ok(store.record_attempts(ends)).await.is_empty());
    assert_eq!(ok(store.backlog(at(9))).await.deliveries, 0);
    assert!(due_events(store, 999).await.is_empty());
}

/// Without sinks an event goes nowhere, and a sink that comes later gets only later ones.
pub async fn a_new_sink_gets_later_events(store: &dyn Store) {
    publish(store, vec![event("e1", "x", at(1))]).await;
    assert_eq!(ok(store.declare_sinks(vec![sink("a")])).await, 0);
    publish(store, vec![event("e2", "x", at(1))]).await;
    assert_eq!(due_events(store, 9).await, ["e2"]);
}

/// An event that was committed before is not sent again.
pub async fn an_event_is_published_once(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("a")])).await;
    publish(store, vec![event("e1", "x", at(1)), event("e1", "x", at(1))]).await;
    let delivery = one_delivery(store, 1).await;
    ok(store.record_attempts(vec![(delivery, DELIVERED(1))])).await;
    publish(store, vec![event("e1", "x", at(1))]).await;
    assert!(due_events(store, 99).await.is_empty());
}

/// Events of one lane reach a sink one after the other, whatever their times say.
pub async fn a_lane_keeps_its_order(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("a")])).await;
    publish(store, vec![event("e1", "x", at(9)), event("e2", "x", at(3)), event("e3", "x", at(5))]).await;
    for (expected, next_due) in [("e1", Some(at(3))), ("e2", Some(at(5))), ("e3", None)] {
        let delivery = one_delivery(store, 9).await;
        assert_eq!(delivery.event_id.0, expected);
        assert!(due_events(store, 9).await.is_empty(), "an event overtook the one before it");
        ok(store.record_attempts(vec![(delivery, DELIVERED(9))])).await;
        assert_eq!(ok(store.next_due()).await, next_due, "the next event is due since it happened");
    }
}

/// A lane that waits holds up no other lane and no other sink.
pub async fn a_blocked_lane_stalls_no_other(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("a"), sink("b")])).await;
    publish(store, vec![event("x1", "x", at(1)), event("x2", "x", at(1)), event("y1", "y", at(1))]).await;
    let claimed = ok(store.claim_deliveries(claim_at(1))).await;
    assert_eq!(claimed.len(), 4);
    let ends = claimed.into_iter().map(|delivery| {
        let is_blocked = delivery.sink == sink("a") && delivery.lane == lane("x");
        (delivery, if is_blocked { again(500) } else { DELIVERED(1) })
    });
    ok(store.record_attempts(ends.collect())).await;
    publish(store, vec![event("y2", "y", at(2))]).await;
    let next = ok(store.claim_deliveries(claim_at(2))).await;
    let next: Vec<_> = next.iter().map(|due| (due.sink.0.as_str(), due.event_id.0.as_str())).collect();
    assert_eq!(next, [("b", "x2"), ("a", "y2"), ("b", "y2")]);
    assert_eq!(due_events(store, 500).await.first().map(String::as_str), Some("x2"));
}

/// Deliveries come in the order in which they fell due, and no more than were asked for.
pub async fn the_longest_due_come_first(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("a")])).await;
    publish(store, vec![event("e3", "z", at(3)), event("e1", "x", at(1)), event("e2", "y", at(1))]).await;
    let two = JobClaim { limit: 2, ..claim_at(5) };
    let ids = |claimed: Vec<hub_core::ClaimedDelivery>| {
        claimed.into_iter().map(|delivery| delivery.event_id.0).collect::<Vec<_>>()
    };
    assert_eq!(ids(ok(store.claim_deliveries(two)).await), ["e1", "e2"]);
    assert_eq!(ids(ok(store.claim_deliveries(two)).await), ["e3"]);
    let events = (0..=CLAIM_MAX).map(|n| event(&format!("n{n}"), &format!("n{n}"), at(1))).collect();
    publish(store, events).await;
    let all = JobClaim { limit: usize::MAX, ..claim_at(5) };
    assert_eq!(ok(store.claim_deliveries(all)).await.len(), CLAIM_MAX);
}

/// A failed delivery goes again at its time, with its tries counted.
pub async fn a_failed_delivery_goes_again(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("a")])).await;
    publish(store, vec![event("e1", "x", at(0))]).await;
    for attempt in 0..3 {
        let delivery = one_delivery(store, i64::from(attempt) * 10).await;
        assert_eq!(delivery.attempts, attempt);
        let ready_at = i64::from(attempt + 1) * 10;
        ok(store.record_attempts(vec![(delivery, again(ready_at))])).await;
        assert!(due_events(store, ready_at - 1).await.is_empty());
        assert_eq!(ok(store.next_due()).await, Some(at(ready_at)));
    }
}

/// A dead letter is kept for a person and makes way for the events behind it.
pub async fn a_dead_letter_makes_way(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("a")])).await;
    publish(store, vec![event("e1", "x", at(0)), event("e2", "x", at(0))]).await;
    let delivery = one_delivery(store, 0).await;
    ok(store.record_attempts(vec![(delivery, dead())])).await;
    let backlog = ok(store.backlog(at(0))).await;
    assert_eq!((backlog.deliveries, backlog.dead), (1, 1));
    assert_eq!(due_events(store, 0).await, ["e2"]);
}

/// Whoever lost a delivery to another worker records nothing, and is told so; the rest of the record counts.
pub async fn a_stale_outcome_is_skipped(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("a")])).await;
    publish(store, vec![event("e1", "x", at(0))]).await;
    let slow = one_delivery(store, 0).await;
    assert!(due_events(store, 29).await.is_empty());
    let quick = one_delivery(store, 30).await;
    assert!(quick.fence > slow.fence);
    publish(store, vec![event("e2", "y", at(0))]).await;
    let sound = one_delivery(store, 30).await;
    let stale = ok(store.record_attempts(vec![(slow.clone(), dead()), (sound, DELIVERED(30))])).await;
    assert_eq!(stale, ["e1"]);
    let backlog = ok(store.backlog(at(0))).await;
    assert_eq!((backlog.deliveries, backlog.dead), (1, 0));
    assert!(ok(store.record_attempts(vec![(quick.clone(), DELIVERED(31))])).await.is_empty());
    assert_eq!(
        ok(store.record_attempts(vec![(quick, DELIVERED(31)), (slow, again(99))])).await,
        ["e1", "e1"]
    );
}

/// A sink that is gone takes what it did not get, dead letters too; the others keep theirs.
pub async fn a_gone_sink_takes_its_events(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("a"), sink("b"), sink("a")])).await;
    publish(store, vec![event("e1", "x", at(0)), event("e2", "x", at(0))]).await;
    let claimed = ok(store.claim_deliveries(claim_at(0))).await;
    assert_eq!(claimed.len(), 2);
    ok(store.record_attempts(vec![(claimed[0].clone(), dead())])).await;
    assert_eq!(ok(store.declare_sinks(vec![sink("b")])).await, 2);
    let backlog = ok(store.backlog(at(0))).await;
    assert_eq!((backlog.deliveries, backlog.dead), (2, 0));
    assert_eq!(
        ok(store.record_attempts(vec![(claimed[1].clone(), DELIVERED(1))])).await,
        Vec::<String>::new()
    );
    assert_eq!(ok(store.declare_sinks(vec![sink("a"), sink("b")])).await, 0);
    publish(store, vec![event("e3", "y", at(0))]).await;
    assert_eq!(due_events(store, 0).await, ["e2", "e3", "e3"]);
}
