//! Events, their deliveries, and the sinks they go to.

use hub_core::{AttemptOutcome, ClaimedDelivery, Event, Fence, Lane, SinkName};
use ttshop_types::Timestamp;

use super::state::{Delivery, State, numbered};
use crate::{CLAIM_MAX, JobClaim};

type DeliveryKey = (SinkName, Lane, i64);

impl State {
    pub(super) fn publish(&mut self, event: Event) {
        if !self.event_ids.insert(event.id.clone()) {
            return;
        }
        let seq = Self::count(&self.outbox) + 1;
        for sink in &self.sinks {
            let delivery = Delivery { due_at: event.occurred_at, fence: None, attempts: 0 };
            self.deliveries.insert((sink.clone(), event.lane.clone(), seq), delivery);
        }
        self.outbox.push(event);
    }

    /// The first of each sink and lane.
    pub(super) fn heads(&self) -> impl Iterator<Item = (&DeliveryKey, &Delivery)> {
        let mut last = None;
        self.deliveries.iter().filter(move |((sink, lane, _), _)| {
            let is_first = last != Some((sink, lane));
            last = Some((sink, lane));
            is_first
        })
    }

    pub(super) fn claim_deliveries(&mut self, claim: JobClaim) -> Vec<ClaimedDelivery> {
        let mut due: Vec<(Timestamp, i64, DeliveryKey)> = self
            .heads()
            .filter(|(_, delivery)| delivery.due_at <= claim.now)
            .map(|(key, delivery)| (delivery.due_at, key.2, key.clone()))
            .collect();
        due.sort();
        due.truncate(claim.limit.min(CLAIM_MAX));
        if due.is_empty() {
            return Vec::new();
        }
        let fence = Fence(self.next_fence());
        due.into_iter().filter_map(|(_, _, key)| self.claim_delivery(key, fence, claim)).collect()
    }

    fn claim_delivery(&mut self, key: DeliveryKey, fence: Fence, claim: JobClaim) -> Option<ClaimedDelivery> {
        let delivery = self.deliveries.get_mut(&key)?;
        delivery.due_at = claim.now + claim.lease;
        delivery.fence = Some(fence);
        let (sink, lane, event_seq) = key;
        let event = numbered(&self.outbox, event_seq)?;
        Some(ClaimedDelivery {
            sink,
            event_seq,
            event_id: event.id.clone(),
            kind: event.kind.word(),
            lane,
            payload: event.payload.clone(),
            fence,
            attempts: delivery.attempts,
        })
    }

    pub(super) fn record_attempts(
        &mut self,
        attempts: Vec<(ClaimedDelivery, AttemptOutcome)>,
    ) -> Vec<String> {
        let mut stale = Vec::new();
        for (claim, outcome) in attempts {
            let key = (claim.sink.clone(), claim.lane.clone(), claim.event_seq);
            match self.deliveries.get_mut(&key).filter(|delivery| delivery.fence == Some(claim.fence)) {
                None => stale.push(claim.event_id.0),
                Some(delivery) => match outcome {
                    AttemptOutcome::Delivered { .. } => {
                        self.deliveries.remove(&key);
                    }
                    AttemptOutcome::Again { ready_at, .. } => {
                        *delivery =
                            Delivery { due_at: ready_at, fence: None, attempts: delivery.attempts + 1 };
                    }
                    AttemptOutcome::Dead { .. } => {
                        self.deliveries.remove(&key);
                        self.dead.insert((claim.sink.clone(), claim.event_seq), claim);
                    }
                },
            }
        }
        stale
    }

    pub(super) fn declare_sinks(&mut self, sinks: Vec<SinkName>) -> u64 {
        let before = self.deliveries.len() + self.dead.len();
        self.deliveries.retain(|(sink, _, _), _| sinks.contains(sink));
        self.dead.retain(|(sink, _), _| sinks.contains(sink));
        let dropped = before - self.deliveries.len() - self.dead.len();
        self.sinks = sinks;
        self.sinks.sort();
        self.sinks.dedup();
        u64::try_from(dropped).unwrap_or(u64::MAX)
    }
}
