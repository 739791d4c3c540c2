//! A limit that other processes use, too, and the way to a part of it without asking them.
//!
//! Alone, a lane is refused only when it tries more than it knows to be good. Refusals at the good rate, several times within a
//! minute, say that somebody else spends the same allowance. Two that hold still would never learn of each other, however
//! unequal they are: so a lane that was refused at each try for some time supposes it, too, less often each time that it was wrong.
//!
//! From then on the rate grows by the same part each second and loses a seventh with every refusal. Whoever calls more is refused
//! more often, so the larger part shrinks faster than the smaller, and all draw near to the same rate. What that costs is a refusal
//! of each process every few seconds and a tenth of the allowance. It holds only if refusals hit all in proportion to their
//! calls; since evenly spaced calls of several processes keep their order for ever, and one of them would get all refusals, the
//! spaces waver.
//!
//! Two processes meet. Four come near, no more: simulated, a fairness (Jain's index) of 0.72 was seen and a process with 13 % of
//! an even part, and no process is promised more than a tenth of one. Who needs even parts shares them through a store
//! ([`Budget`](super::Budget)).
//!
//! Refused at the same count again and again, the lane is alone after all, and goes back to knowing its limit.

const SECOND: u64 = 1_000_000;

/// So many surprises, this far apart at least and at most, say that the limit is shared.
const SURPRISES: u8 = 5;
const APART_MIN: u64 = 3 * SECOND;
const APART_MAX: u64 = 60 * SECOND;

/// So long each try has to fail before sharing is supposed, at first and at last.
const DOUBT_FIRST: u64 = 240 * SECOND;
const DOUBT_LAST: u64 = 3_600 * SECOND;

/// Growth in a second, in millionths, and for each call a second: the slower the calls, the fewer refusals they bear.
const GROWTH_MIN: u64 = 6_000;
const GROWTH_MAX: u64 = 20_000;
const GROWTH_A_CALL: u64 = 1_500;

/// Growth is made up for so long at most.
const GROWN_FOR_MAX: u64 = 10 * SECOND;

/// What stays after a refusal, in hundredths.
const KEPT: u32 = 85;

/// So many refusals in a row with the same count, give or take 4 % or one call, say that nobody else is there. Counts below ten
/// are alike by chance: they have to be the same, and a lane of so few calls may go on supposing others, at the price of a tenth.
const ALIKE: u8 = 10;
const ALIKE_PART: u32 = 25;
const FEW: u32 = 10;

/// Whether the limit is shared, and how that is known.
#[derive(Clone, Default, Debug)]
pub(super) struct Sharing {
    on: bool,
    surprises: u8,
    alike: u8,
    surprised_at: u64,
    /// Since when the lane knows its limit for itself, and how long that may last.
    alone_since: u64,
    doubt_after: u64,
    grown_at: u64,
    /// Our own calls in the second before the last refusal.
    counted: u32,
}

impl Sharing {
    pub(super) const fn is_on(&self) -> bool {
        self.on
    }

    /// A refusal at a rate that was good; true if that makes the limit a shared one.
    pub(super) fn surprise(&mut self, now: u64) -> bool {
        if now > self.surprised_at + APART_MAX {
            self.surprises = 0;
        }
        if self.surprises == 0 || now >= self.surprised_at + APART_MIN {
            self.surprises += 1;
            self.surprised_at = now;
        }
        if self.surprises >= SURPRISES {
            self.doubt_after = DOUBT_FIRST;
            self.begin(now);
        }
        self.on
    }

    /// A try above a rate that is known well was refused; true if it is time to suppose that others took what it wanted.
    pub(super) fn doubt(&mut self, now: u64) -> bool {
        self.doubt_after = self.doubt_after.max(DOUBT_FIRST);
        if self.alone_since == 0 {
            self.alone_since = now;
        } else if now >= self.alone_since + self.doubt_after {
            self.doubt_after = (self.doubt_after * 2).min(DOUBT_LAST);
            self.begin(now);
        }
        self.on
    }

    fn begin(&mut self, now: u64) {
        self.on = true;
        self.alike = 0;
        self.grown_at = now;
    }

    /// The limit moved: what was known of it is over.
    pub(super) fn start_over(&mut self) {
        self.alone_since = 0;
        self.surprises = 0;
    }

    /// The rate is not used up: it does not grow.
    pub(super) fn rest(&mut self, now: u64) {
        self.grown_at = now;
    }

    /// The rate after some time of use, when the last refusal was `quiet` ago.
    pub(super) fn grow(&mut self, rate: u32, now: u64, quiet: u64) -> u32 {
        let a_second = (u64::from(rate) * GROWTH_A_CALL / 1_000).clamp(GROWTH_MIN, GROWTH_MAX);
        let expected = u64::from(100 - KEPT) * 10_000 * SECOND / a_second;
        let quick = (quiet / expected).min(100);
        let part = a_second * (1 + quick * quick);
        let passed = now.saturating_sub(self.grown_at).min(GROWN_FOR_MAX);
        let more = u64::from(rate) * part / 1_000_000 * passed / SECOND;
        if more == 0 {
            return rate;
        }
        self.grown_at = now;
        rate.saturating_add(u32::try_from(more).unwrap_or(u32::MAX))
    }

    /// The rate after a refusal with so many calls of ours in the second before; the limit may turn out to be ours alone.
    pub(super) fn shrink(&mut self, rate: u32, now: u64, counted: u32) -> u32 {
        let apart = if counted < FEW { 0 } else { (counted / ALIKE_PART).max(1) };
        let near = counted.abs_diff(self.counted) <= apart;
        self.alike = if near { self.alike + 1 } else { 0 };
        self.counted = counted;
        self.grown_at = now;
        if self.alike >= ALIKE {
            self.on = false;
            self.surprises = 0;
            self.alone_since = now;
        }
        rate / 100 * KEPT + rate % 100 * KEPT / 100
    }
}

/// The interval, a quarter shorter to a quarter longer.
pub(super) fn waver(interval: u64, dice: u32) -> u64 {
    interval - interval / 4 + (interval / 2) * u64::from(dice >> 16) / 65_536
}
