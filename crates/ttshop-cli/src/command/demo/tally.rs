//! What became of every order of the demo; pure bookkeeping, fed by the one who places and the one who receives.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Serialize;

/// An order that was placed.
#[derive(Clone, Debug)]
pub(super) struct Placement {
    pub(super) order_id: String,
    pub(super) shop: String,
    /// When the demo asked for it, on the demo's clock.
    pub(super) placed_at: Duration,
}

/// An event that the sink took.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) event_id: String,
    pub(super) is_creation: bool,
    pub(super) order_id: String,
    pub(super) status: String,
    /// When the sink had verified it, on the demo's clock.
    pub(super) arrived_at: Duration,
}

/// One order's way so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Journey {
    /// Empty until the placement is noted: an event may overtake the answer to its placement.
    pub(super) shop: String,
    pub(super) status: String,
    placed_at: Option<Duration>,
    first_arrival: Option<Duration>,
    creations: u64,
}

impl Journey {
    /// From placement to the first event about it.
    pub(super) fn took(&self) -> Option<Duration> {
        Some(self.first_arrival?.saturating_sub(self.placed_at?))
    }
}

/// Everything that was placed and everything that arrived.
#[derive(Debug, Default)]
pub(super) struct Tally {
    journeys: BTreeMap<String, Journey>,
    /// Orders of the demo, oldest first.
    placed: Vec<String>,
    events: BTreeSet<String>,
    repeated_events: u64,
}

/// The demo's result; scripts rely on the names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Summary {
    /// Orders placed in the emulator.
    pub(crate) placed: u64,
    /// Of these, orders of which the sink received an event.
    pub(crate) delivered: u64,
    /// Of these, orders of which it did not.
    pub(crate) lost: u64,
    /// Events taken twice, and orders created twice.
    pub(crate) duplicated: u64,
    /// Median of the time from placement to delivery.
    pub(crate) p50_ms: u64,
    /// 99th percentile.
    pub(crate) p99_ms: u64,
    /// The slowest.
    pub(crate) max_ms: u64,
    /// Events taken, of all orders.
    pub(crate) events: u64,
    /// Orders in the mirror that differ from the emulator's truth, or that only one of both knows.
    pub(crate) mirror_differences: u64,
    /// Orders that were compared.
    pub(crate) mirror_compared: u64,
    /// Notifications with a wrong signature that the sink met.
    pub(crate) forged: u64,
}

impl Summary {
    /// Whether the promise was kept.
    pub(crate) fn is_clean(&self) -> bool {
        self.lost == 0 && self.duplicated == 0 && self.mirror_differences == 0 && self.forged == 0
    }
}

impl Tally {
    /// Notes a placement; answers the order's way where its event was faster.
    pub(super) fn placed(&mut self, placement: Placement) -> Option<&Journey> {
        self.placed.push(placement.order_id.clone());
        let journey = self.journeys.entry(placement.order_id).or_default();
        journey.shop = placement.shop;
        journey.placed_at = Some(placement.placed_at);
        journey.first_arrival.is_some().then_some(journey)
    }

    /// Notes an event; answers the order's way where this completes it: its first event, with the placement known.
    pub(super) fn arrived(&mut self, arrival: Arrival) -> Option<&Journey> {
        if !self.events.insert(arrival.event_id) {
            self.repeated_events += 1;
            return None;
        }
        let journey = self.journeys.entry(arrival.order_id).or_default();
        let is_first = journey.first_arrival.is_none();
        journey.status = arrival.status;
        journey.first_arrival.get_or_insert(arrival.arrived_at);
        journey.creations += u64::from(arrival.is_creation);
        (is_first && journey.placed_at.is_some()).then_some(journey)
    }

    /// How many were placed.
    pub(super) fn placed_count(&self) -> usize {
        self.placed.len()
    }

    /// How many of them still wait for their first event.
    pub(super) fn waiting(&self) -> usize {
        self.own().filter(|(_, journey)| journey.first_arrival.is_none()).count()
    }

    /// The demo's orders, newest first.
    pub(super) fn newest(&self, count: usize) -> impl Iterator<Item = (&str, &Journey)> {
        let newest = self.placed.iter().rev().take(count);
        newest.filter_map(|id| Some((id.as_str(), self.journeys.get(id)?)))
    }

    /// What the figures are now; the mirror's part is the caller's to fill in.
    pub(super) fn summary(&self) -> Summary {
        let mut took: Vec<Duration> = self.own().filter_map(|(_, journey)| journey.took()).collect();
        took.sort_unstable();
        let placed = count(self.placed.len());
        let delivered = count(took.len());
        let created_again: u64 =
            self.journeys.values().map(|journey| journey.creations.saturating_sub(1)).sum();
        Summary {
            placed,
            delivered,
            lost: placed.saturating_sub(delivered),
            duplicated: self.repeated_events + created_again,
            p50_ms: percentile_ms(&took, 50),
            p99_ms: percentile_ms(&took, 99),
            max_ms: percentile_ms(&took, 100),
            events: count(self.events.len()),
            mirror_differences: 0,
            mirror_compared: 0,
            forged: 0,
        }
    }

    fn own(&self) -> impl Iterator<Item = (&String, &Journey)> {
        self.placed.iter().filter_map(|id| Some((id, self.journeys.get(id)?)))
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The nearest-rank percentile in whole milliseconds, rounded up; 0 when nothing was measured.
fn percentile_ms(sorted: &[Duration], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    let micros = sorted.get(rank).map_or(0, Duration::as_micros);
    u64::try_from(micros.div_ceil(1000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placement(id: &str, at_ms: u64) -> Placement {
        Placement { order_id: id.into(), shop: "US".into(), placed_at: Duration::from_millis(at_ms) }
    }

    fn arrival(event: &str, order: &str, at_ms: u64, is_creation: bool) -> Arrival {
        Arrival {
            event_id: event.into(),
            is_creation,
            order_id: order.into(),
            status: "UNPAID".into(),
            arrived_at: Duration::from_millis(at_ms),
        }
    }

    #[test]
    fn a_clean_run_is_clean() {
        let mut tally = Tally::default();
        for number in 0..100_u64 {
            let id = number.to_string();
            tally.placed(placement(&id, number));
            tally.arrived(arrival(&format!("evt-{id}"), &id, number + number + 1, true));
        }
        let summary = tally.summary();
        assert!(summary.is_clean());
        assert_eq!((summary.placed, summary.delivered, summary.events), (100, 100, 100));
        assert_eq!((summary.p50_ms, summary.p99_ms, summary.max_ms), (50, 99, 100));
    }

    #[test]
    fn a_missing_order_is_lost() {
        let mut tally = Tally::default();
        tally.placed(placement("1", 0));
        tally.placed(placement("2", 0));
        tally.arrived(arrival("a", "2", 5, true));
        assert_eq!(tally.waiting(), 1);
        assert_eq!(tally.summary().lost, 1);
        assert!(!tally.summary().is_clean());
    }

    #[test]
    fn an_event_that_overtakes_its_placement_counts() {
        let mut tally = Tally::default();
        tally.arrived(arrival("a", "1", 5, true));
        tally.placed(placement("1", 6));
        assert_eq!((tally.waiting(), tally.summary().delivered, tally.summary().p50_ms), (0, 1, 0));
    }

    #[test]
    fn the_same_event_and_a_second_creation_are_duplicates_but_updates_are_not() {
        let mut tally = Tally::default();
        tally.placed(placement("1", 0));
        tally.arrived(arrival("a", "1", 5, true));
        tally.arrived(arrival("b", "1", 6, false));
        assert!(tally.summary().is_clean());
        tally.arrived(arrival("b", "1", 7, false));
        tally.arrived(arrival("c", "1", 8, true));
        assert_eq!(tally.summary().duplicated, 2);
    }
}
