//! How many calls of one operation may be in flight at once: fewer while it is slow or fails, and one now and then while it is
//! down. Each operation is judged by itself: one that fails leaves the others what they had.

/// The bound of calls in flight over all operations, unless the options say otherwise.
pub const IN_FLIGHT_MAX: u32 = 512;

/// An operation's bound never shrinks below this before all its calls fail.
pub const IN_FLIGHT_MIN: u32 = 4;

/// Calls that a judgement looks at, at least.
const ROUND_CALLS: u32 = 16;

/// A call is slow when it takes this many times what its operation usually takes.
const SLOW: u32 = 4;

/// Calls quicker than this are never slow, in microseconds: a busy machine delays them as much.
const SLOW_MIN: u32 = 250_000;

/// The time between two calls while the platform is down, in microseconds: it doubles from the first to the second.
const PROBE_FIRST: u64 = 500_000;
const PROBE_LAST: u64 = 8_000_000;

/// How a call ended, as far as the platform's health is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Health {
    Well,
    Slow,
    Failed,
}

/// The bound of calls in flight.
#[derive(Debug)]
pub(super) struct Guard {
    max: u32,
    limit: u32,
    calls: u32,
    slow: u32,
    failed: u32,
    /// The bound was reached in this round.
    pressed: bool,
    down: Option<Down>,
}

#[derive(Clone, Copy, Debug)]
struct Down {
    next: u64,
    wait: u64,
}

impl Guard {
    pub(super) fn new(max: u32) -> Self {
        let max = max.max(IN_FLIGHT_MIN);
        Self { max, limit: max, calls: 0, slow: 0, failed: 0, pressed: false, down: None }
    }

    pub(super) fn limit(&self) -> u32 {
        if self.down.is_some() { 1 } else { self.limit }
    }

    /// Whether one more call may be in flight.
    pub(super) fn has_room(&mut self, in_flight: u32, now: u64) -> bool {
        if let Some(down) = self.down {
            return in_flight == 0 && now >= down.next;
        }
        let room = in_flight < self.limit;
        self.pressed |= in_flight + 1 >= self.limit;
        room
    }

    /// When a call may go though the platform is down.
    pub(super) fn next_probe(&self) -> Option<u64> {
        self.down.map(|down| down.next)
    }

    /// A call ended.
    pub(super) fn note(&mut self, health: Health, now: u64) {
        if let Some(down) = &mut self.down {
            match health {
                Health::Failed => {
                    down.wait = (down.wait * 2).min(PROBE_LAST);
                    down.next = now + down.wait;
                }
                // Back with few, so that those who waited do not come all at once.
                Health::Well | Health::Slow => self.start_again(),
            }
            return;
        }
        self.calls += 1;
        self.slow += u32::from(health == Health::Slow);
        self.failed += u32::from(health == Health::Failed);
        if self.calls >= ROUND_CALLS.max(self.limit / 2) {
            self.judge(now);
        }
    }

    fn start_again(&mut self) {
        self.down = None;
        self.limit = IN_FLIGHT_MIN;
        self.begin_round();
    }

    fn judge(&mut self, now: u64) {
        let mostly = |part: u32, divisor: u32| part * divisor >= self.calls;
        if self.limit == IN_FLIGHT_MIN && self.failed == self.calls {
            self.down = Some(Down { next: now + PROBE_FIRST, wait: PROBE_FIRST });
        } else if mostly(self.failed, 2) || mostly(self.slow, 2) {
            self.limit = (self.limit / 2).max(IN_FLIGHT_MIN);
        } else if mostly(self.failed, 5) || mostly(self.slow, 4) {
            self.limit = (self.limit * 4 / 5).max(IN_FLIGHT_MIN);
        } else if self.pressed {
            self.limit = (self.limit + (self.limit / 4).max(1)).min(self.max);
        }
        self.begin_round();
    }

    fn begin_round(&mut self) {
        self.calls = 0;
        self.slow = 0;
        self.failed = 0;
        self.pressed = false;
    }
}

/// What an operation usually takes, in microseconds; zero is not known.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Usual(u32);

/// A faster call counts for this part at once, a slower one for much less: a slow hour is not usual before it ends.
const FASTER: u32 = 4;
const SLOWER: u32 = 512;

impl Usual {
    /// Whether a call that took so long is slow; it is remembered.
    pub(super) fn judge(&mut self, took: u64) -> Health {
        let took = u32::try_from(took).unwrap_or(u32::MAX).max(1);
        let Self(usual) = *self;
        if usual == 0 {
            self.0 = took;
            return Health::Well;
        }
        self.0 = if took < usual {
            usual - (usual - took) / FASTER
        } else {
            usual.saturating_add(((took - usual) / SLOWER).min(usual / 64).max(1))
        };
        if took > SLOW_MIN && took / SLOW >= usual { Health::Slow } else { Health::Well }
    }
}
