//! The pace of one lane.
//!
//! Calls are spread evenly and never saved up, so that neither a sliding nor a tumbling second at the platform holds more than
//! the limit, at a cold start either. Most lanes of a large hub make a call now and then and have nothing to learn: they keep
//! only the time of their next call. The first two calls within a second, or a refusal, bring a [`Learner`].

use super::learner::Learner;
use super::rules::RateOptions;

pub(super) const SECOND: u64 = 1_000_000;

/// The platform's window with what clocks and networks add to it. A known rate is paced by it: 98 % of the limit are used.
pub(super) const WINDOW: u64 = 1_020_000;

/// How late a call may be without moving those behind it. It is part of what [`WINDOW`] adds.
pub(super) const SLACK: u64 = 6_000;

/// A lane that learnt nothing forgets that it tried after this time without a call.
const FORGET: u64 = 10 * SECOND;

/// What a call knows about the moment in which it was permitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sent {
    /// When, in microseconds.
    pub(super) at: u64,
    /// How many calls lay in the second before it.
    pub(super) before: u32,
    /// It came as soon as the pace allowed.
    pub(super) pressed: bool,
}

/// How a lane chooses the time of its next call. Microseconds; rates in thousandths of a call a second.
#[derive(Debug)]
pub(super) enum Rate {
    /// Calls are rare: when the next one is due.
    Untried(u64),
    Learning(Box<Learner>),
}

impl Rate {
    pub(super) const fn new() -> Self {
        Self::Untried(0)
    }

    /// The best rate that held, or the one in use while none did.
    pub(super) fn learnt(&self, options: RateOptions) -> u32 {
        match self {
            Self::Untried(_) => options.first(),
            Self::Learning(learner) => learner.learnt(),
        }
    }

    /// When the next call may go.
    pub(super) fn next(&self) -> u64 {
        match self {
            Self::Untried(next) => *next,
            Self::Learning(learner) => learner.next(),
        }
    }

    /// Nothing before `until`.
    pub(super) fn hold(&mut self, until: u64) {
        match self {
            Self::Untried(next) => *next = until.max(*next),
            Self::Learning(learner) => learner.hold(until),
        }
    }

    /// The time between two calls.
    pub(super) fn interval(&self, options: RateOptions) -> u64 {
        match self {
            Self::Untried(_) => first_interval(options),
            Self::Learning(learner) => learner.interval(options),
        }
    }

    /// One call goes now. `dice` is any number, another one for each call and process.
    pub(super) fn spend(&mut self, options: RateOptions, now: u64, dice: u32) -> Sent {
        match self {
            Self::Learning(learner) if learner.is_as_new(options) && now > learner.next() + FORGET => {
                *self = Self::Untried(0);
            }
            Self::Untried(next) => {
                let last = next.saturating_sub(first_interval(options));
                if *next != 0 && now < last + SECOND.max(first_interval(options)) {
                    *self = Self::Learning(Box::new(Learner::after(options, last, *next)));
                }
            }
            Self::Learning(_) => {}
        }
        match self {
            Self::Untried(next) => {
                *next = now + first_interval(options);
                Sent { at: now, before: 0, pressed: false }
            }
            Self::Learning(learner) => learner.spend(options, now, dice),
        }
    }

    /// The platform counted a call.
    pub(super) fn accepted(&mut self, options: RateOptions, now: u64, sent: Sent) {
        if let Self::Learning(learner) = self {
            learner.accepted(options, now, sent);
        }
    }

    /// The platform refused a call for its rate.
    pub(super) fn refused(&mut self, options: RateOptions, now: u64, sent: Sent) {
        if let Self::Untried(next) = self {
            *self = Self::Learning(Box::new(Learner::after(options, sent.at, *next)));
        }
        if let Self::Learning(learner) = self {
            learner.refused(options, now, sent);
        }
    }
}

fn first_interval(options: RateOptions) -> u64 {
    let window = if options.first() < options.ceiling { SECOND } else { WINDOW };
    window * 1_000 / u64::from(options.first())
}
