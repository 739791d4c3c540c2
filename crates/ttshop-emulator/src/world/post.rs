//! Notifications on their way: what is to be tried, what came of it, and the ladder of retries (PLATFORM.md 7.1).

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::webhook::{Chaos, Letterhead};
use crate::world::due::{Due, DueQueue};
use crate::world::{Chance, NotificationNo, ShopNo};

/// Waits after each failed attempt; then the notification is dropped for good.
const LADDER: [Duration; 4] = [
    Duration::from_secs(2 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(3 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
];

/// How many notifications may wait; beyond it new ones are dropped and counted.
const PENDING_MAX: usize = 1_000_000;
/// How many finished notifications can still be looked at.
const FINISHED_MAX: usize = 20_000;

/// All notifications of a world.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Post {
    notifications: HashMap<NotificationNo, Notification>,
    /// In the order in which they were announced, whichever shop they are about.
    by_arrival: BTreeMap<u64, NotificationNo>,
    /// Oldest first.
    finished: VecDeque<NotificationNo>,
    pub(crate) chaos: Chaos,
    counts: PostCounts,
}

/// What happened to all notifications so far.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct PostCounts {
    /// Events that had an address to go to.
    created: u64,
    /// Events nobody listened to.
    unheard: u64,
    attempts: u64,
    accepted: u64,
    /// Answered 401, which is final too.
    refused: u64,
    /// Given up after the ladder.
    dropped: u64,
    /// Not even tried, because too many were waiting.
    overflowed: u64,
    /// By chaos.
    lost: u64,
    duplicated: u64,
    reordered: u64,
    late: u64,
}

/// One notification.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Notification {
    pub(crate) number: NotificationNo,
    /// How many were announced up to this one.
    arrival: u64,
    pub(crate) app: usize,
    /// None where it is about a creator.
    pub(crate) shop: Option<ShopNo>,
    pub(crate) kind: u16,
    pub(crate) address: String,
    pub(crate) body: String,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    pub(crate) fate: Fate,
    pub(crate) lost: bool,
    pub(crate) duplicated: bool,
    pub(crate) delayed_ms: u64,
    pub(crate) tries: Vec<Try>,
}

/// Where a notification stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    /// An attempt is due or under way.
    Pending,
    /// Answered 200.
    Accepted,
    /// Answered 401: the receiver does not believe the signature; final as well.
    Refused,
    /// All attempts failed.
    Dropped,
    /// Chaos lost it.
    Lost,
}

/// One attempt.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Try {
    #[serde(with = "crate::instant")]
    pub(crate) at: Timestamp,
    /// The second copy that chaos added.
    pub(crate) repeat: bool,
    pub(crate) outcome: Outcome,
}

/// What came of an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The receiver answered with this status.
    Status(u16),
    /// No answer within three seconds.
    TimedOut,
    /// No connection, or it broke.
    Unreachable,
}

/// An event that is about to become a notification.
pub(crate) struct Announcement {
    pub(crate) app: usize,
    pub(crate) shop: Option<ShopNo>,
    pub(crate) letterhead: Letterhead,
    pub(crate) address: String,
    pub(crate) data: serde_json::Value,
}

/// What queuing a notification needs.
pub(crate) struct Mail<'a> {
    pub(crate) now: Timestamp,
    pub(crate) chance: &'a mut Chance,
    pub(crate) due: &'a mut DueQueue,
}

impl Post {
    pub(crate) fn counts(&self) -> PostCounts {
        self.counts
    }

    /// How many notifications there were in all.
    pub(crate) fn created(&self) -> u64 {
        self.counts.created
    }

    pub(crate) fn get(&self, number: NotificationNo) -> Option<&Notification> {
        self.notifications.get(&number)
    }

    /// Newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Notification> {
        self.by_arrival.values().rev().filter_map(|number| self.notifications.get(number))
    }

    pub(crate) fn pending(&self) -> usize {
        self.notifications.len() - self.finished.len()
    }

    pub(crate) fn nobody_listened(&mut self) {
        self.counts.unheard += 1;
    }

    /// Queues a notification, unless chaos loses it.
    pub(crate) fn announce(&mut self, event: Announcement, mail: &mut Mail<'_>) {
        if self.pending() >= PENDING_MAX {
            self.counts.overflowed += 1;
            return;
        }
        let number = mail.chance.mint.notification(&mut mail.chance.dice);
        let plan = self.chaos.plan(&mut mail.chance.chaos);
        let body = event.letterhead.write(number, mail.now, &event.data);
        self.counts.created += 1;
        self.counts.duplicated += u64::from(plan.duplicate && !plan.lose);
        self.counts.reordered += u64::from(plan.reorder && !plan.lose);
        self.counts.late += u64::from(plan.late && !plan.lose);
        let arrival = self.counts.created;
        let notification = Notification {
            number,
            arrival,
            app: event.app,
            shop: event.shop,
            kind: event.letterhead.topic.number(),
            address: event.address,
            body,
            created: mail.now,
            fate: Fate::Pending,
            lost: plan.lose,
            duplicated: plan.duplicate,
            delayed_ms: u64::try_from(plan.delay.as_millis()).unwrap_or(u64::MAX),
            tries: Vec::new(),
        };
        self.notifications.insert(number, notification);
        self.by_arrival.insert(arrival, number);
        if plan.lose {
            self.counts.lost += 1;
            self.finish(number, Fate::Lost);
            return;
        }
        mail.due.put(mail.now + plan.delay, Due::Attempt { notification: number, repeat: false });
        if plan.duplicate {
            mail.due.put(mail.now + plan.repeat_delay, Due::Attempt { notification: number, repeat: true });
        }
    }

    /// Records an attempt; a failed one is tried again by the ladder.
    pub(crate) fn record(
        &mut self,
        number: NotificationNo,
        attempt: Try,
        now: Timestamp,
        due: &mut DueQueue,
    ) {
        self.counts.attempts += 1;
        let Some(notification) = self.notifications.get_mut(&number) else { return };
        notification.tries.push(attempt);
        if attempt.repeat || notification.fate != Fate::Pending {
            return;
        }
        let failures = notification.tries.iter().filter(|attempt| !attempt.repeat).count();
        match attempt.outcome {
            Outcome::Status(200) => self.finish(number, Fate::Accepted),
            Outcome::Status(401) => self.finish(number, Fate::Refused),
            Outcome::Status(_) | Outcome::TimedOut | Outcome::Unreachable => match LADDER.get(failures - 1) {
                Some(wait) => due.put(now + *wait, Due::Attempt { notification: number, repeat: false }),
                None => self.finish(number, Fate::Dropped),
            },
        }
    }

    fn finish(&mut self, number: NotificationNo, fate: Fate) {
        match fate {
            Fate::Accepted => self.counts.accepted += 1,
            Fate::Refused => self.counts.refused += 1,
            Fate::Dropped => self.counts.dropped += 1,
            Fate::Pending | Fate::Lost => {}
        }
        if let Some(notification) = self.notifications.get_mut(&number) {
            notification.fate = fate;
        }
        self.finished.push_back(number);
        if self.finished.len() > FINISHED_MAX
            && let Some(oldest) = self.finished.pop_front()
        {
            let removed = self.notifications.remove(&oldest);
            self.by_arrival.remove(&removed.map_or(0, |notification| notification.arrival));
        }
    }
}
