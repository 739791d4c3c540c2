//! The pace of one lane, and how it finds a limit that nobody tells.
//!
//! Calls are spread evenly and never saved up, so that neither a sliding nor a tumbling second at the platform holds more than
//! the limit, at a cold start either. Two bounds enclose the hidden limit: `good` held for a whole second of steady use, `bad`
//! was refused. Without `bad` the rate grows, each step twice the one before; with both, it halves the distance; once they
//! meet, it stays just below and tries one step more every few seconds. Such a try costs a refusal or two, paid from a credit of one
//! refusal in a hundred calls.
//!
//! A refusal at a rate that was good says that the limit shrank: one small step back, and if that is refused too, a pause until
//! the platform's second is empty. What is accepted after it before the next refusal *is* the new limit.

use super::rules::RateOptions;
use super::window::Window;

const SECOND: u64 = 1_000_000;

/// The platform's window with what clocks and networks add to it. A known rate is paced by it: 98 % of the limit are used.
const WINDOW: u64 = 1_020_000;

/// How late a call may be without moving those behind it. It is part of what [`WINDOW`] adds.
const SLACK: u64 = 6_000;

/// A rate counts as good after this time of steady use.
const HELD: u64 = 1_100_000;

/// Time from a refusal to the next try above a good rate.
const TRY_AFTER: u64 = 4 * SECOND;

/// Calls from a refusal to the next try, at least.
const TRY_AFTER_CALLS: u16 = 10;

/// A second small step back within this time of the first becomes a big one.
const SOFT_AGAIN: u64 = 3 * SECOND;

/// Refusals are paid from the calls before them: one in a hundred.
const REFUSAL_COSTS: i16 = 100;

/// The most refusals that are saved up, what a new lane starts with, and the deepest debt.
const CREDIT_MAX: i16 = 25 * REFUSAL_COSTS;
const CREDIT_AT_START: i16 = 8 * REFUSAL_COSTS;
const CREDIT_MIN: i16 = -5 * REFUSAL_COSTS;

/// The smallest first step above a good rate, in thousandths of a call a second.
const STEP_MIN: u32 = 4_000;

/// What a call knows about the moment in which it was permitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sent {
    /// When, in microseconds.
    pub(super) at: u64,
    /// How many calls lay in the second before it.
    before: u32,
    /// It came as soon as the pace allowed.
    pressed: bool,
}

/// Microseconds everywhere; rates in thousandths of a call a second; a rate of zero is not known.
#[derive(Debug)]
pub(super) struct Rate {
    rate: u32,
    good: u32,
    bad: u32,
    step: u32,
    /// When the next call is due.
    next: u64,
    changed_at: u64,
    refused_at: u64,
    stepped_back_at: u64,
    window: Window,
    calls_since_refusal: u16,
    credit: i16,
    /// A pause has emptied the platform's window: what is accepted now is countable.
    counting: bool,
}

impl Rate {
    pub(super) fn new(options: RateOptions, now: u64) -> Self {
        Self {
            rate: options.start.max(options.floor).max(1),
            good: 0,
            bad: 0,
            step: options.start.max(STEP_MIN),
            next: now,
            changed_at: now,
            refused_at: 0,
            stepped_back_at: 0,
            window: Window::new(now),
            calls_since_refusal: 0,
            credit: CREDIT_AT_START,
            counting: true,
        }
    }

    /// The best rate that held, or the one in use while none did.
    pub(super) fn learnt(&self) -> u32 {
        if self.good == 0 { self.rate } else { self.good }
    }

    /// When the next call may go.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Nothing before `until`.
    pub(super) fn hold(&mut self, until: u64) {
        self.next = self.next.max(until);
    }

    /// The time between two calls. Above the good rate nothing is spared: the question is whether the platform takes it.
    pub(super) fn interval(&self, options: RateOptions) -> u64 {
        let trying = self.rate > self.good && self.rate < options.ceiling;
        let window = if trying { SECOND } else { WINDOW };
        window * 1_000 / u64::from(self.rate.max(1))
    }

    /// One call goes now.
    pub(super) fn spend(&mut self, options: RateOptions, now: u64) -> Sent {
        let interval = self.interval(options);
        let pressed = now < self.next + interval / 4 + SLACK;
        let before = self.window.count(now);
        self.window.add(now);
        self.next = self.next.max(now.saturating_sub(SLACK.min(interval / 4))) + interval;
        Sent { at: now, before, pressed }
    }

    /// The platform counted a call.
    pub(super) fn accepted(&mut self, options: RateOptions, now: u64, sent: Sent) {
        self.credit = (self.credit + 1).min(CREDIT_MAX);
        self.calls_since_refusal = self.calls_since_refusal.saturating_add(1);
        let interval = self.interval(options);
        let held = sent.at >= self.changed_at + HELD.max(interval);
        if held && sent.pressed {
            self.go_on(options, now);
        }
    }

    /// The rate held: choose the next one.
    fn go_on(&mut self, options: RateOptions, now: u64) {
        let is_try = self.rate > self.good;
        if is_try && self.good != 0 && self.rate >= self.bad {
            self.bad = 0;
        }
        self.good = self.rate;
        self.counting = false;
        if self.bad != 0 && self.bad - self.good.min(self.bad) > (self.good / 100).max(1) {
            self.change(options, self.good.midpoint(self.bad), now);
        } else if self.bad == 0 {
            self.grow(options, now);
        } else if self.may_try(now) {
            self.step = (self.good / 16).max(STEP_MIN);
            self.grow(options, now);
        }
    }

    fn may_try(&self, now: u64) -> bool {
        now >= self.refused_at + TRY_AFTER
            && self.calls_since_refusal >= TRY_AFTER_CALLS
            && self.credit >= REFUSAL_COSTS
    }

    fn grow(&mut self, options: RateOptions, now: u64) {
        let step = self.step.min(self.good);
        self.step = step.saturating_mul(2);
        self.change(options, self.good.saturating_add(step), now);
    }

    /// The platform refused a call for its rate.
    pub(super) fn refused(&mut self, options: RateOptions, now: u64, sent: Sent) {
        self.credit = (self.credit - REFUSAL_COSTS).max(CREDIT_MIN);
        self.window.remove(sent.at);
        let stale = sent.at < self.changed_at;
        if stale {
            return;
        }
        self.calls_since_refusal = 0;
        self.refused_at = now;
        let counted = sent.before.saturating_mul(1_000);
        if self.good != 0 && self.rate > self.good {
            self.end_try(options, now, counted);
        } else if self.good != 0 && now >= self.stepped_back_at + SOFT_AGAIN {
            self.step_back(options, now);
        } else {
            self.start_over(options, now, counted);
        }
    }

    /// The limit lies between `good` and the rate that was refused, most likely at what was counted.
    fn end_try(&mut self, options: RateOptions, now: u64, counted: u32) {
        let settled = self.bad > self.good && self.bad <= self.rate;
        if !settled || self.bad - self.good > (self.good / 100).max(1) {
            self.bad = self.rate;
        }
        let likely = if counted > self.good && counted < self.bad { counted } else { self.good };
        if likely > self.good {
            self.bad = self.bad.min(likely.saturating_add((likely / 50).max(1_000)));
        }
        self.change(options, likely, now);
        self.next = self.next.max(now + self.interval(options));
    }

    /// Perhaps the good rate was a little too good.
    fn step_back(&mut self, options: RateOptions, now: u64) {
        self.stepped_back_at = now;
        self.bad = self.rate;
        self.good = self.rate - self.rate / 40;
        self.change(options, self.good, now);
        self.next = self.next.max(now + self.interval(options));
    }

    /// The limit is somewhere else: count it after a pause.
    fn start_over(&mut self, options: RateOptions, now: u64, counted: u32) {
        let counted = if self.counting { counted } else { 0 };
        let lower = match counted {
            0 if self.counting => self.rate.min(1_000) / 2,
            0 => self.rate / 2,
            _ => counted.min(self.rate - self.rate / 40),
        };
        self.good = 0;
        self.bad = self.rate.min(if counted == 0 { u32::MAX } else { counted + 1_000 });
        self.counting = true;
        self.change(options, lower, now);
        self.next = now + WINDOW.max(self.interval(options));
    }

    fn change(&mut self, options: RateOptions, rate: u32, now: u64) {
        let rate = rate.clamp(options.floor.max(1), options.ceiling.max(1));
        if rate != self.rate {
            self.rate = rate;
        }
        self.changed_at = now;
    }
}
