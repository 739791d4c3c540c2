//! The emulated platform's time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ttshop_clock::{Clock as _, Sleep, SystemClock, VirtualClock};
use ttshop_types::Timestamp;

/// Which time the emulated platform lives in.
#[derive(Clone, Debug, Default)]
pub enum EmulatorClock {
    /// The machine's time. Advancing it skips ahead; clients then learn the platform's time from the `Date` header.
    #[default]
    Real,
    /// Time stands still at this instant until the control API advances it.
    FrozenAt(Timestamp),
    /// A virtual clock that others share: whoever moves it moves the platform.
    Virtual(VirtualClock),
}

/// The clock as the emulator uses it.
#[derive(Clone, Debug)]
pub(crate) struct PlatformTime {
    mode: Mode,
    /// The machine's own time, for what has nothing to do with the platform's.
    machine: SystemClock,
    /// The clock is the caller's; it decides where it stands.
    shared: bool,
}

#[derive(Clone, Debug)]
enum Mode {
    Real { clock: Arc<SystemClock>, skipped_ms: Arc<AtomicU64> },
    Virtual(VirtualClock),
}

impl PlatformTime {
    pub(crate) fn new(clock: EmulatorClock) -> Self {
        let shared = matches!(clock, EmulatorClock::Virtual(_));
        let mode = match clock {
            EmulatorClock::Real => {
                Mode::Real { clock: Arc::new(SystemClock::new()), skipped_ms: Arc::new(AtomicU64::new(0)) }
            }
            EmulatorClock::FrozenAt(instant) => Mode::Virtual(VirtualClock::at(instant)),
            EmulatorClock::Virtual(clock) => Mode::Virtual(clock),
        };
        Self { mode, machine: SystemClock::new(), shared }
    }

    pub(crate) fn now(&self) -> Timestamp {
        match &self.mode {
            Mode::Real { clock, skipped_ms } => {
                clock.now() + Duration::from_millis(skipped_ms.load(Ordering::Relaxed))
            }
            Mode::Virtual(clock) => clock.now(),
        }
    }

    /// Ends once the platform's time has moved on by `duration`.
    pub(crate) fn sleep(&self, duration: Duration) -> Sleep {
        match &self.mode {
            Mode::Real { clock, .. } => clock.sleep(duration),
            Mode::Virtual(clock) => clock.sleep(duration),
        }
    }

    /// Moves time forward to `instant`, if that lies ahead.
    pub(crate) fn move_to(&self, instant: Timestamp) {
        let ahead = instant.since(self.now());
        match &self.mode {
            Mode::Real { skipped_ms, .. } => {
                let millis = u64::try_from(ahead.as_millis()).unwrap_or(u64::MAX);
                skipped_ms.fetch_add(millis, Ordering::Relaxed);
            }
            Mode::Virtual(clock) => clock.advance(ahead),
        }
    }

    /// Ends after `duration` of the machine's time, wherever the platform's time stands.
    pub(crate) fn sleep_really(&self, duration: Duration) -> Sleep {
        self.machine.sleep(duration)
    }

    /// Goes on where a restored world was left, if time stands still and is nobody else's.
    pub(crate) fn resume_at(&self, instant: Timestamp) {
        if self.is_virtual() && !self.shared {
            self.move_to(instant);
        }
    }

    pub(crate) fn is_virtual(&self) -> bool {
        matches!(self.mode, Mode::Virtual(_))
    }

    /// The mode's name for people.
    pub(crate) fn mode(&self) -> &'static str {
        match &self.mode {
            Mode::Real { .. } => "real",
            Mode::Virtual(_) => "virtual",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_time_moves_only_when_told() {
        let time = PlatformTime::new(EmulatorClock::FrozenAt(Timestamp::from_seconds(100)));
        assert_eq!(time.now(), Timestamp::from_seconds(100));
        time.move_to(Timestamp::from_seconds(160));
        time.move_to(Timestamp::from_seconds(150));
        assert_eq!(time.now(), Timestamp::from_seconds(160));
    }

    #[test]
    fn real_time_skips_ahead() {
        let time = PlatformTime::new(EmulatorClock::Real);
        let target = time.now() + Duration::from_secs(3_600);
        time.move_to(target);
        assert!(time.now() >= target);
    }
}
