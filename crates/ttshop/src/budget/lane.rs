//! What is remembered about one key.

use super::guard::Usual;
use super::queues::Queues;
use super::rate::Rate;

/// The calls of one operation for one shop.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) shop: u32,
    pub(super) operation: u16,
    pub(super) in_flight: u16,
    pub(super) rate: Rate,
    pub(super) usual: Usual,
    pub(super) refused: u32,
    pub(super) granted: u64,
    /// There only while calls wait.
    pub(super) queues: Option<Box<Queues>>,
}

impl Lane {
    pub(super) fn new(shop: u32, operation: u16) -> Self {
        Self {
            shop,
            operation,
            in_flight: 0,
            rate: Rate::new(),
            usual: Usual::default(),
            refused: 0,
            granted: 0,
            queues: None,
        }
    }

    /// Nobody waits for it and nothing is on its way.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight == 0 && self.queues.is_none()
    }

    pub(super) fn count(&mut self) {
        self.granted += 1;
        self.in_flight = self.in_flight.saturating_add(1);
    }
}
