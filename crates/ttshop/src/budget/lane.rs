//! What is remembered about one key.

use ttshop_catalogue::Method;

use super::guard::Usual;
use super::queues::Queues;
use super::rate::Rate;

/// The calls of one operation for one shop.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) shop: u32,
    pub(super) method: Method,
    pub(super) rule: u8,
    pub(super) path: &'static str,
    pub(super) rate: Rate,
    pub(super) usual: Usual,
    /// The day (UTC, counted from 1970) of `today`.
    day: u16,
    today: u32,
    pub(super) in_flight: u16,
    pub(super) granted: u64,
    pub(super) refused: u32,
    /// There only while calls wait.
    pub(super) queues: Option<Box<Queues>>,
}

impl Lane {
    pub(super) fn new(shop: u32, method: Method, path: &'static str, rule: u8, rate: Rate) -> Self {
        Self {
            shop,
            method,
            rule,
            path,
            rate,
            usual: Usual::default(),
            day: 0,
            today: 0,
            in_flight: 0,
            granted: 0,
            refused: 0,
            queues: None,
        }
    }

    /// Nobody waits for it and nothing is on its way.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight == 0 && self.queues.is_none()
    }

    pub(super) fn calls_of(&self, day: u16) -> u32 {
        if self.day == day { self.today } else { 0 }
    }

    pub(super) fn count(&mut self, day: u16) {
        self.today = self.calls_of(day) + 1;
        self.day = day;
        self.granted += 1;
        self.in_flight = self.in_flight.saturating_add(1);
    }
}
