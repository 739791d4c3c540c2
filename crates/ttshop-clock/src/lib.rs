//! The clock as an argument.
//!
//! Nothing in this workspace asks the machine for the time or waits by itself: it takes a [`Clock`]. Production passes
//! [`SystemClock`]; tests, demos and the emulator pass a [`VirtualClock`] and move it by hand, so that a month of shop life
//! takes seconds and no test sleeps.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use ttshop_types::Timestamp;

/// A future that ends when the clock says so.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What time it is, and how to wait.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The instant now, in UTC.
    fn now(&self) -> Timestamp;

    /// Time since some fixed instant; it never goes back. Measure durations with it, not with [`Clock::now`].
    fn monotonic(&self) -> Duration;

    /// Ends once `duration` has passed on this clock.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The machine's own time.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    started: tokio::time::Instant,
}

impl SystemClock {
    /// Reads the machine's clock from now on.
    pub fn new() -> Self {
        Self { started: tokio::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_1970 = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Timestamp::EPOCH + since_1970
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that waits on the machine's time")]
    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Time that stands still until it is told to move.
///
/// Clones share one time. Sleepers wake in the order in which they fall due, as [`VirtualClock::advance`] passes them.
#[derive(Clone)]
pub struct VirtualClock {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    started: Timestamp,
    now: Timestamp,
    /// Sleepers by due time, then by the order in which they lay down.
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
    next_sleeper: u64,
}

impl VirtualClock {
    /// A clock that stands at `now`.
    pub fn at(now: Timestamp) -> Self {
        let shared = Shared { started: now, now, sleepers: BTreeMap::new(), next_sleeper: 0 };
        Self { shared: Arc::new(Mutex::new(shared)) }
    }

    /// Moves time forward by `duration`, waking sleepers in due order. A woken task runs when the caller yields; time does
    /// not wait for it.
    pub fn advance(&self, duration: Duration) {
        let target = self.now() + duration;
        while let Some(due) = self.next_due().filter(|due| *due <= target) {
            self.wake_until(due);
        }
        self.wake_until(target);
    }

    /// When the next sleeper falls due, if any sleeps.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.lock().sleepers.keys().next().map(|(due, _)| *due)
    }

    /// How many sleep.
    pub fn sleepers(&self) -> usize {
        self.lock().sleepers.len()
    }

    fn wake_until(&self, target: Timestamp) {
        let mut shared = self.lock();
        shared.now = shared.now.max(target);
        while let Some(entry) = shared.sleepers.first_entry().filter(|entry| entry.key().0 <= target) {
            // A sleeper that was dropped no longer listens; that is its right.
            entry.remove().send(()).unwrap_or_default();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VirtualClock({})", self.now())
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.lock().now
    }

    fn monotonic(&self) -> Duration {
        let shared = self.lock();
        shared.now.since(shared.started)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let mut shared = self.lock();
        if duration.is_zero() {
            return Box::pin(std::future::ready(()));
        }
        // Durations below a millisecond still wait: virtual time moves in milliseconds.
        let due = shared.now + duration.max(Duration::from_millis(1));
        let (wake, woken) = oneshot::channel();
        let number = shared.next_sleeper;
        shared.next_sleeper += 1;
        shared.sleepers.insert((due, number), wake);
        drop(shared);
        Box::pin(async move {
            // The sender is dropped only with the clock itself; then nobody moves time any more.
            if woken.await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleepers_wake_in_due_order() {
        let clock = VirtualClock::at(Timestamp::from_seconds(1_000));
        let late = clock.sleep(Duration::from_secs(20));
        let early = clock.sleep(Duration::from_secs(10));
        clock.advance(Duration::from_secs(10));
        early.await;
        assert_eq!(clock.sleepers(), 1);
        assert_eq!(clock.next_due(), Some(Timestamp::from_seconds(1_020)));
        clock.advance(Duration::from_secs(10));
        late.await;
        assert_eq!(clock.now(), Timestamp::from_seconds(1_020));
        assert_eq!(clock.monotonic(), Duration::from_secs(20));
    }

    #[tokio::test]
    async fn a_sleep_of_nothing_ends_at_once() {
        VirtualClock::at(Timestamp::EPOCH).sleep(Duration::ZERO).await;
    }

    #[tokio::test]
    async fn system_time_goes_on() {
        let clock = SystemClock::new();
        let before = clock.monotonic();
        clock.sleep(Duration::from_millis(2)).await;
        assert!(clock.monotonic() >= before + Duration::from_millis(2));
        assert!(clock.now() > Timestamp::from_seconds(1_700_000_000));
    }
}
