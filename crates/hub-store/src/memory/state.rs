//! What the in-memory store holds.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use hub_core::{
    AppName, Authorization, AuthorizationId, ClaimedDelivery, ConnectIntent, DedupeKey, Event, EventId,
    Fence, Incoming, Lane, MirrorRow, Resource, Shop, SinkName, SweepReport,
};
use ttshop_types::{ShopId, Timestamp};

#[derive(Default)]
pub(super) struct State {
    /// The hint with number n is at n - 1.
    pub(super) inbox: Vec<Incoming>,
    pub(super) keys: HashMap<DedupeKey, KnownHint>,
    pub(super) jobs: BTreeMap<Lane, Job>,
    /// The last fence that was given; one row of numbers for everything that is claimed.
    pub(super) fence: i64,
    pub(super) mirror: BTreeMap<(ShopId, Resource, String), MirrorRow>,
    pub(super) cursors: BTreeMap<(ShopId, Resource), Timestamp>,
    pub(super) reports: VecDeque<SweepReport>,
    /// The event with number n is at n - 1.
    pub(super) outbox: Vec<Event>,
    pub(super) event_ids: HashSet<EventId>,
    pub(super) sinks: Vec<SinkName>,
    /// Undelivered events; the first of each sink and lane is the one that may go.
    pub(super) deliveries: BTreeMap<(SinkName, Lane, i64), Delivery>,
    pub(super) dead: BTreeMap<(SinkName, i64), ClaimedDelivery>,
    pub(super) authorizations: BTreeMap<AuthorizationId, Authorization>,
    pub(super) shops: BTreeMap<ShopId, Shop>,
    pub(super) intents: HashMap<[u8; 32], ConnectIntent>,
    pub(super) leases: HashMap<String, Lease>,
}

#[derive(Clone, Copy)]
pub(super) struct KnownHint {
    pub(super) number: i64,
    pub(super) body_hash: [u8; 16],
}

pub(super) struct Job {
    pub(super) app: AppName,
    pub(super) topic: String,
    /// The newest hint.
    pub(super) wanted: i64,
    /// Hints up to this number are handled.
    pub(super) done: i64,
    pub(super) attempts: u32,
    pub(super) since: Timestamp,
    pub(super) state: JobState,
}

pub(super) enum JobState {
    Waiting {
        ready_at: Timestamp,
    },
    Held {
        fence: Fence,
        until: Timestamp,
        /// When the first hint came that the holder does not know.
        newer_since: Option<Timestamp>,
    },
    Parked {
        reason: String,
    },
}

impl Job {
    /// When somebody may claim it, unless it waits for a person.
    pub(super) fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            JobState::Waiting { ready_at } => Some(ready_at),
            JobState::Held { until, .. } => Some(until),
            JobState::Parked { .. } => None,
        }
    }

    pub(super) fn is_parked(&self) -> bool {
        matches!(self.state, JobState::Parked { .. })
    }
}

pub(super) struct Delivery {
    pub(super) due_at: Timestamp,
    pub(super) fence: Option<Fence>,
    pub(super) attempts: u32,
}

pub(super) struct Lease {
    pub(super) holder: String,
    pub(super) fence: i64,
    pub(super) ends_at: Timestamp,
}

impl State {
    pub(super) fn next_fence(&mut self) -> i64 {
        self.fence += 1;
        self.fence
    }

    /// The number of the newest row of a list that counts from 1.
    pub(super) fn count<T>(rows: &[T]) -> i64 {
        i64::try_from(rows.len()).unwrap_or(i64::MAX)
    }
}

/// The row with this number in a list that counts from 1.
pub(super) fn numbered<T>(rows: &[T], number: i64) -> Option<&T> {
    rows.get(usize::try_from(number.checked_sub(1)?).ok()?)
}
