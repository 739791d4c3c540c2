//! How many calls lie in the second before now, in a few bytes.

/// Microseconds in one bucket.
const BUCKET: u64 = 50_000;

/// A second, and one bucket more that is leaving it.
const BUCKETS: usize = 21;

/// The calls of the last second.
#[derive(Clone, Debug)]
pub(super) struct Window {
    counts: [u8; BUCKETS],
    newest: u32,
}

impl Window {
    pub(super) fn new(now: u64) -> Self {
        Self { counts: [0; BUCKETS], newest: number(now) }
    }

    pub(super) fn add(&mut self, now: u64) {
        self.move_to(now);
        let place = &mut self.counts[place(self.newest)];
        *place = place.saturating_add(1);
    }

    /// Takes back one call that was counted at `at`.
    pub(super) fn remove(&mut self, at: u64) {
        let at = number(at);
        if at <= self.newest && self.newest - at < length() {
            let place = &mut self.counts[place(at)];
            *place = place.saturating_sub(1);
        }
    }

    /// The calls of the last second; of the bucket that is leaving it, the part that is still inside.
    pub(super) fn count(&mut self, now: u64) -> u32 {
        self.move_to(now);
        let all: u32 = self.counts.iter().map(|count| u32::from(*count)).sum();
        let oldest = u64::from(self.counts[place(self.newest + 1)]);
        let gone = (oldest * (now % BUCKET) + BUCKET / 2) / BUCKET;
        all - u32::try_from(gone).unwrap_or(0)
    }

    fn move_to(&mut self, now: u64) {
        let number = number(now).max(self.newest);
        let passed = (number - self.newest).min(length());
        for step in 0..passed {
            self.counts[place(number - step)] = 0;
        }
        self.newest = number;
    }
}

fn number(at: u64) -> u32 {
    u32::try_from(at / BUCKET).unwrap_or(u32::MAX - 1)
}

fn length() -> u32 {
    u32::try_from(BUCKETS).unwrap_or(u32::MAX)
}

fn place(number: u32) -> usize {
    usize::try_from(number % length()).unwrap_or(0)
}
