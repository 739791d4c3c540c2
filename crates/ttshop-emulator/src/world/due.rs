//! What the world will do by itself, and when.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ttshop_types::Timestamp;

use crate::world::aftersale::CaseNo;
use crate::world::grant::GrantNo;
use crate::world::machine::OrderClock;
use crate::world::{ActivityNo, NotificationNo, OrderNo, ProductNo, ShopNo};

/// Something that falls due.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Due {
    /// A clock of an order runs out.
    Order { shop: ShopNo, order: OrderNo, clock: OrderClock },
    /// A scenario goes on.
    Scene { number: u64 },
    /// The seller may be warned that a grant ends.
    Expiry { grant: GrantNo },
    /// A promotion activity begins or ends.
    Activity { shop: ShopNo, activity: ActivityNo },
    /// A statement or a payment of a shop.
    Ledger { shop: ShopNo },
    /// A deadline of a cancellation or a return.
    Case { shop: ShopNo, case: CaseNo },
    /// The examination of a product ends.
    Audit { shop: ShopNo, product: ProductNo, round: u32 },
    /// A notification is to be tried; a repeat is the second copy that chaos adds.
    Attempt { notification: NotificationNo, repeat: bool },
}

/// Everything that falls due, in order; what was put in first goes first.
#[derive(Debug, Default)]
pub(crate) struct DueQueue {
    entries: BTreeMap<(Timestamp, u64), Due>,
    next: u64,
}

impl DueQueue {
    pub(crate) fn put(&mut self, at: Timestamp, due: Due) {
        self.entries.insert((at, self.next), due);
        self.next += 1;
    }

    /// When the next entry falls due.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next entry that is due at `until`.
    pub(crate) fn take(&mut self, until: Timestamp) -> Option<(Timestamp, Due)> {
        let entry = self.entries.first_entry().filter(|entry| entry.key().0 <= until)?;
        let ((at, _), due) = entry.remove_entry();
        Some((at, due))
    }

    /// Notifications with an attempt that is not a repeat.
    pub(crate) fn notifications(&self) -> impl Iterator<Item = NotificationNo> {
        self.entries.values().filter_map(|due| match due {
            Due::Attempt { notification, repeat: false } => Some(*notification),
            Due::Activity { .. }
            | Due::Attempt { .. }
            | Due::Audit { .. }
            | Due::Case { .. }
            | Due::Expiry { .. }
            | Due::Ledger { .. }
            | Due::Scene { .. }
            | Due::Order { .. } => None,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

impl Serialize for DueQueue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries.iter().map(|((at, _), due)| (at.as_millis(), due)))
    }
}

impl<'de> Deserialize<'de> for DueQueue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut queue = Self::default();
        for (millis, due) in Vec::<(i64, Due)>::deserialize(deserializer)? {
            queue.put(Timestamp::from_millis(millis), due);
        }
        Ok(queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_fall_due_by_time_then_by_order_of_arrival() {
        let mut queue = DueQueue::default();
        let attempt = |number| Due::Attempt { notification: NotificationNo(number), repeat: false };
        queue.put(Timestamp::from_seconds(20), attempt(3));
        queue.put(Timestamp::from_seconds(10), attempt(1));
        queue.put(Timestamp::from_seconds(10), attempt(2));
        let taken: Vec<Due> =
            std::iter::from_fn(|| queue.take(Timestamp::from_seconds(10))).map(|(_, due)| due).collect();
        assert_eq!(taken, [attempt(1), attempt(2)]);
        assert_eq!(queue.next_at(), Some(Timestamp::from_seconds(20)));
    }
}
