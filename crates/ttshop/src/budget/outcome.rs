//! What follows from how calls end: when a lane may go on, and what a shop's day has left.

use super::Usage;
use super::guard::Health;
use super::permits::{Grant, Permits, micros};

/// The longest wait that the platform can impose, in microseconds: the hour of a test shop, and a minute.
const HOLD_MAX: u64 = 3_660_000_000;

/// Microseconds of a day.
const DAY: u64 = 86_400_000_000;

/// A used-up day is tried again after this time: when the platform's day begins is not known. In microseconds.
const DAY_USED_UP_HOLD: u64 = 3_600_000_000;

impl Permits {
    /// A permitted call ended.
    pub(super) fn report(&mut self, grant: Grant, usage: Usage, now: u64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let lane = self.lanes.lane(grant.lane);
        lane.in_flight = lane.in_flight.saturating_sub(1);
        let place = lane.operation;
        let operation = self.operations.get_mut(place);
        operation.in_flight = operation.in_flight.saturating_sub(1);
        if let Some(health) = self.learn(grant, usage, now) {
            self.operations.get_mut(place).guard.note(health, now);
        }
        self.settle(grant.lane, now);
        self.unpark(place, now);
        self.serve(now);
    }

    /// What the lane and its shop learn from a call, and what it says about the operation.
    fn learn(&mut self, grant: Grant, usage: Usage, now: u64) -> Option<Health> {
        let operation = self.lanes.lane(grant.lane).operation;
        let (options, rule) = (self.options(operation), self.operations.get(operation).rule);
        let capped = self.rules.day_max(rule).is_some();
        let lane = self.lanes.lane(grant.lane);
        let shop = lane.shop;
        match usage {
            Usage::Accepted => {
                lane.rate.accepted(options, now, grant.sent);
                Some(lane.usual.judge(now.saturating_sub(grant.sent.at)))
            }
            Usage::Throttled { retry_after } => {
                lane.refused = lane.refused.saturating_add(1);
                lane.rate.refused(options, now, grant.sent);
                lane.rate.hold(now + micros(retry_after.unwrap_or_default()).min(HOLD_MAX));
                Some(Health::Well)
            }
            Usage::ShopExhausted { wait } => {
                lane.refused = lane.refused.saturating_add(1);
                let shop = self.lanes.shop(shop);
                shop.held_until = shop.held_until.max(now + micros(wait).min(HOLD_MAX));
                None
            }
            Usage::DayUsedUp => {
                lane.refused = lane.refused.saturating_add(1);
                match capped {
                    true => self.lanes.shop(shop).day(rule).held_until = now + DAY_USED_UP_HOLD,
                    false => lane.rate.hold(now + DAY_USED_UP_HOLD),
                }
                None
            }
            Usage::Failed => Some(Health::Failed),
            Usage::Unknown => None,
        }
    }

    /// When the lane may make its next call, as far as it alone is concerned.
    pub(super) fn due(&mut self, place: u32, now: u64) -> u64 {
        let lane = self.lanes.lane(place);
        let (next, shop, operation) = (lane.rate.next(), lane.shop, lane.operation);
        let shop_due = next.max(self.lanes.shop(shop).held_until);
        let rule = self.operations.get(operation).rule;
        let Some(max) = self.rules.day_max(rule) else { return shop_due };
        let today = self.day(now);
        let day = self.lanes.shop(shop).day(rule);
        let tomorrow = now + DAY - (self.since_1970 + now) % DAY;
        let day_due = if day.calls(today) >= max { tomorrow } else { day.held_until };
        shop_due.max(day_due)
    }

    pub(super) fn day_is_used_up(&mut self, place: u32, now: u64) -> bool {
        let today = self.day(now);
        let lane = self.lanes.lane(place);
        let (shop, operation) = (lane.shop, lane.operation);
        let rule = self.operations.get(operation).rule;
        let Some(max) = self.rules.day_max(rule) else { return false };
        let day = self.lanes.shop(shop).day(rule);
        day.calls(today) >= max || day.held_until > now
    }

    pub(super) fn day(&self, now: u64) -> u16 {
        u16::try_from((self.since_1970 + now) / DAY).unwrap_or(u16::MAX)
    }
}
