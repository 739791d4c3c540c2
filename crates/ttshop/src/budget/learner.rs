//! How a busy lane finds a limit that nobody tells.
//!
//! Two bounds enclose the hidden limit: `good` held for a whole second of steady use, `bad`
//! was refused. Without `bad` the rate grows by ever larger steps; with both, it halves the distance; once they
//! meet, it stays just below and tries one step more every few seconds. Such a try costs a refusal or two, paid from a credit of one
//! refusal in a hundred calls.
//!
//! A refusal at a rate that was good says that the limit shrank: one small step back, and if that is refused too, a pause until
//! the platform's second is empty. What is accepted after it before the next refusal *is* the new limit.
//!
//! All this supposes that the limit is ours alone. When refusals at the good rate come again and again, it is not, and the lane
//! seeks its part of it instead ([`sharing`](super::sharing)).

use super::rate::{SECOND, SLACK, Sent, WINDOW};
use super::rules::RateOptions;
use super::sharing::{self, Sharing};
use super::window::Window;

/// A rate counts as good after this time of steady use.
const HELD: u64 = 1_100_000;

/// A limit that is counted by fixed seconds shows itself only in the second after; until then a raised rate is on trial.
const TRIAL: u64 = 2_200_000;

/// It is on trial for so many calls at least.
const TRIAL_CALLS: u64 = 8;

/// Time from a refusal to the next try above a good rate.
const TRY_AFTER: u64 = 6 * SECOND;

/// Calls from a refusal to the next try, at least.
const TRY_AFTER_CALLS: u16 = 10;

/// A second small step back within this time of the first becomes a big one.
const SOFT_AGAIN: u64 = 3 * SECOND;

/// So many refusals of calls that were on their way during a small step back make it a big one.
const STREAK: u8 = 3;

/// So long after a try that failed the platform's window may be crowded by it: so many refusals at the good rate are no surprise.
const CROWDED: u64 = 1_500_000;
const PATIENCE: u8 = 2;

/// Refusals are paid from the calls before them: one in a hundred.
const REFUSAL_COSTS: i16 = 100;

/// The most refusals that are saved up, what a new lane starts with, and the deepest debt.
const CREDIT_MAX: i16 = 40 * REFUSAL_COSTS;
const CREDIT_AT_START: i16 = 8 * REFUSAL_COSTS;
const CREDIT_MIN: i16 = -5 * REFUSAL_COSTS;

/// The smallest first step above a good rate, in thousandths of a call a second. A rate smaller than the second is doubled.
const STEP_MIN: u32 = 1_000;
const SMALL: u32 = 10_000;

/// Below this rate, a limit is not looked for far down at once: each call there takes long.
const SLOW: u32 = 2_000;

/// Each step is so many times the one before, but never more than doubles the rate.
const STEPS_GROW: u32 = 3;

/// A try that was this much above the good rate, in percent, tells the limit by what was counted.
const TELLING: u32 = 120;

/// From this rate on, in thousandths of a call a second, the limit is found to 1 %; below it, to 2.5 %.
const FINE: u32 = 20_000;

/// Before a good rate is raised, one call is squeezed in, and all others wait for its answer: most tries end here, and cost one
/// refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Glance {
    No,
    Due,
    Sent,
}

/// Microseconds everywhere; rates in thousandths of a call a second; a rate of zero is not known.
#[derive(Debug)]
pub(super) struct Learner {
    rate: u32,
    good: u32,
    bad: u32,
    step: u32,
    /// The good rate before the last raise, which was at `raised_at`.
    good_before: u32,
    raised_at: u64,
    /// When the next call is due.
    next: u64,
    changed_at: u64,
    /// When the last call that was accepted was sent.
    accepted_at: u64,
    refused_at: u64,
    stepped_back_at: u64,
    window: Window,
    calls_since_refusal: u16,
    credit: i16,
    /// Refusals of calls that were on their way when the rate changed.
    streak: u8,
    /// How many refusals at the good rate are put down to the try before it.
    patience: u8,
    glance: Glance,
    /// A pause has emptied the platform's window: what is accepted now is countable.
    counting: bool,
    sharing: Sharing,
}

impl Learner {
    /// For a lane whose last call was at `last`.
    pub(super) fn after(options: RateOptions, last: u64, next: u64) -> Self {
        let mut window = Window::new(last);
        window.add(last);
        Self {
            rate: options.first(),
            good: 0,
            bad: 0,
            step: options.first(),
            good_before: 0,
            raised_at: 0,
            next,
            changed_at: last,
            accepted_at: 0,
            refused_at: 0,
            stepped_back_at: 0,
            window,
            calls_since_refusal: 0,
            credit: CREDIT_AT_START,
            streak: 0,
            patience: 0,
            glance: Glance::No,
            counting: true,
            sharing: Sharing::default(),
        }
    }

    /// There is nothing to remember.
    pub(super) fn is_as_new(&self, options: RateOptions) -> bool {
        let untold = self.good == 0 || self.good == options.ceiling;
        self.rate == options.first() && self.bad == 0 && untold && self.credit >= CREDIT_AT_START
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
        let trying = self.rate > self.good && self.rate < options.ceiling && self.glance == Glance::No;
        let window = if trying { SECOND } else { WINDOW };
        let rate = if self.glance == Glance::No { self.rate } else { self.good };
        window * 1_000 / u64::from(rate.max(1))
    }

    /// One call goes now.
    pub(super) fn spend(&mut self, options: RateOptions, now: u64, dice: u32) -> Sent {
        let interval = self.interval(options);
        let pressed = now < self.next + interval / 4 + SLACK;
        let before = self.window.count(now);
        self.window.add(now);
        let squeezed = self.glance == Glance::Due;
        if squeezed {
            self.glance = Glance::Sent;
        }
        let step = match () {
            () if squeezed => interval / 2,
            () if self.sharing.is_on() => sharing::waver(interval, dice),
            () => interval,
        };
        self.next = self.next.max(now.saturating_sub(SLACK.min(interval / 4))) + step;
        Sent { at: now, before, pressed }
    }

    /// The platform counted a call.
    pub(super) fn accepted(&mut self, options: RateOptions, now: u64, sent: Sent) {
        self.credit = (self.credit + 1).min(CREDIT_MAX);
        self.calls_since_refusal = self.calls_since_refusal.saturating_add(1);
        if self.sharing.is_on() {
            return self.go_on_sharing(options, now, sent);
        }
        if self.glance == Glance::Sent && sent.at >= self.changed_at + self.interval(options) / 4 {
            self.change(options, self.rate, now);
        }
        let interval = self.interval(options);
        // The first call after a change still came by the pace before it.
        let held = sent.at >= self.changed_at + self.to_hold().max(interval + interval / 2);
        // A call that had a refused one before it came later than the rate says, and proves nothing.
        let steady = sent.at <= self.accepted_at + interval * 9 / 8 + SLACK;
        self.accepted_at = self.accepted_at.max(sent.at);
        if held && steady && sent.pressed {
            self.go_on(options, now);
        }
    }

    /// Far from any known limit a glance is enough; near it, fixed seconds need two.
    fn to_hold(&self) -> u64 {
        if self.bad == 0 { HELD } else { TRIAL }
    }

    /// The rate held: choose the next one.
    fn go_on(&mut self, options: RateOptions, now: u64) {
        if self.rate > self.good {
            self.good_before = self.good;
            self.raised_at = now;
            if self.rate >= self.bad {
                self.bad = 0;
            }
        }
        self.good = self.rate;
        self.counting = false;
        if self.bad == 0 {
            self.grow(options, now);
        } else if !self.is_found() {
            self.change(options, self.good.midpoint(self.bad), now);
        } else if self.may_try(now) {
            self.step = if self.good < SMALL { self.good } else { (self.good / 50).max(STEP_MIN) };
            self.grow(options, now);
            self.glance = Glance::Due;
            self.next = self.next.saturating_sub(self.interval(options) / 2).max(now);
        }
    }

    /// The limit is known well enough.
    fn is_found(&self) -> bool {
        let tolerance = if self.good >= FINE { self.good / 100 } else { self.good / 40 };
        self.bad > self.good && self.bad - self.good <= tolerance.max(1)
    }

    fn may_try(&self, now: u64) -> bool {
        now >= self.refused_at + TRY_AFTER
            && self.calls_since_refusal >= TRY_AFTER_CALLS
            && self.credit >= REFUSAL_COSTS
    }

    fn grow(&mut self, options: RateOptions, now: u64) {
        let step = self.step.min(self.good);
        self.step = step.saturating_mul(STEPS_GROW);
        self.change(options, self.good.saturating_add(step), now);
    }

    /// The platform refused a call for its rate.
    pub(super) fn refused(&mut self, options: RateOptions, now: u64, sent: Sent) {
        self.credit = (self.credit - REFUSAL_COSTS).max(CREDIT_MIN);
        self.window.remove(sent.at);
        let counted = sent.before.saturating_mul(1_000);
        if self.sharing.is_on() {
            return self.yield_to_others(options, now, sent);
        }
        if sent.at < self.changed_at {
            self.streak = self.streak.saturating_add(1);
            if self.streak == STREAK && self.changed_at == self.stepped_back_at {
                self.start_over(options, now, counted);
            }
            return;
        }
        self.calls_since_refusal = 0;
        let crowded = now < self.refused_at + CROWDED && self.rate == self.good && self.patience > 0;
        self.refused_at = now;
        if crowded {
            self.patience -= 1;
            self.wait(options, now, 2 * self.interval(options));
            return;
        }
        let on_trial = self.good_before != 0
            && self.rate == self.good
            && now < self.raised_at + TRIAL.max(TRIAL_CALLS * self.interval(options));
        if on_trial {
            self.good = self.good_before;
        } else if self.good != 0 && self.rate <= self.good && self.sharing.surprise(now) {
            return self.yield_to_others(options, now, sent);
        }
        if self.good != 0 && self.rate > self.good {
            self.end_try(options, now, sent, counted);
        } else if self.good != 0 && now >= self.stepped_back_at + SOFT_AGAIN {
            self.step_back(options, now, sent);
        } else {
            self.start_over(options, now, counted);
        }
    }

    /// The limit lies between `good` and the rate that was refused, most likely at what was counted.
    fn end_try(&mut self, options: RateOptions, now: u64, sent: Sent, counted: u32) {
        let above = self.rate - self.good;
        if self.is_found() && self.sharing.doubt(now) {
            self.rate = self.good;
            return self.yield_to_others(options, now, sent);
        }
        if !self.is_found() || self.bad > self.rate {
            self.bad = self.rate;
        }
        let telling = u64::from(self.rate) * 100 >= u64::from(self.good) * u64::from(TELLING);
        let likely = if telling && counted > self.good && counted < self.bad { counted } else { self.good };
        if likely > self.good {
            self.bad = self.bad.min(likely.saturating_add((likely / 50).max(1_000)));
        }
        // What the try took too much has to leave the platform's window.
        let tried = sent.at.saturating_sub(self.changed_at).min(SECOND);
        let excess = tried * u64::from(above) / u64::from(self.rate);
        self.patience = PATIENCE;
        self.change(options, likely, now);
        self.wait(options, now, excess);
    }

    /// Perhaps the good rate was a little too good. The calls on their way will tell.
    fn step_back(&mut self, options: RateOptions, now: u64, sent: Sent) {
        self.stepped_back_at = now;
        self.bad = self.rate;
        self.good = self.rate - self.rate / 40;
        self.change(options, self.good, now);
        self.wait(options, now, now.saturating_sub(sent.at));
    }

    /// The next call comes one interval after the last one that was accepted, and not before `pause` has passed.
    fn wait(&mut self, options: RateOptions, now: u64, pause: u64) {
        let interval = self.interval(options);
        self.next = (self.accepted_at + interval).max(now + pause);
    }

    /// The limit is somewhere else: count it after a pause.
    fn start_over(&mut self, options: RateOptions, now: u64, counted: u32) {
        self.sharing.start_over();
        let counted = if self.counting { counted } else { 0 };
        // Nothing was accepted in the second after a pause: less than one call a second is permitted.
        let limit = if self.counting && counted == 0 { self.rate.min(1_000) } else { self.rate };
        let lower = match counted {
            0 if self.counting => limit / 2,
            0 if self.rate < SLOW => self.rate * 2 / 3,
            0 => self.rate / 4,
            _ => counted.min(self.rate - self.rate / 40),
        };
        self.bad = if counted == 0 { limit } else { limit.min(counted + 1_000) };
        self.good = 0;
        self.good_before = 0;
        self.counting = true;
        self.change(options, lower, now);
        self.next = now + WINDOW.max(self.interval(options));
        // What is on its way says nothing about the time after the pause.
        self.changed_at = self.next;
    }

    /// A call was accepted that competes with those of others.
    fn go_on_sharing(&mut self, options: RateOptions, now: u64, sent: Sent) {
        self.accepted_at = self.accepted_at.max(sent.at);
        if !sent.pressed {
            return self.sharing.rest(now);
        }
        let rate = self.sharing.grow(self.rate, now, now.saturating_sub(self.refused_at));
        self.rate = rate.clamp(options.floor.max(1), options.ceiling.max(1));
        self.good = self.rate;
    }

    fn yield_to_others(&mut self, options: RateOptions, now: u64, sent: Sent) {
        if sent.at < self.changed_at {
            return;
        }
        self.refused_at = now;
        self.calls_since_refusal = 0;
        self.bad = 0;
        self.good_before = 0;
        let rate = self.sharing.shrink(self.rate, now, sent.before);
        self.change(options, rate, now);
        self.good = self.rate;
        self.step = STEP_MIN;
        self.wait(options, now, 0);
    }

    fn change(&mut self, options: RateOptions, rate: u32, now: u64) {
        let rate = rate.clamp(options.floor.max(1), options.ceiling.max(1));
        self.rate = rate;
        self.changed_at = now;
        self.streak = 0;
        self.glance = Glance::No;
    }
}
