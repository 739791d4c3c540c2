//! How many calls an app may make (PLATFORM.md 5).

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use ttshop_catalogue::{Method, Operation};
use ttshop_types::Timestamp;

use crate::dice::{hash, scale, scatter};
use crate::gateway::Refusal;
use crate::switches::{QuotaWindow, Switches};
use crate::world::grant::GrantNo;
use crate::world::{ShopNo, World};

const SECOND: Duration = Duration::from_secs(1);
const HOUR_SECONDS: i64 = 3_600;

/// What has been used: one budget for each app, shop and operation, so as many as there are shops times operations.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    budgets: HashMap<(usize, Account, &'static str), Budget>,
    hourly: HashMap<Account, (i64, u32)>,
}

/// Whose budget: the shop's, or the grant's for calls about no shop.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Account {
    Shop(ShopNo),
    Grant(GrantNo),
}

/// The calls of one operation.
#[derive(Debug, Default)]
struct Budget {
    /// Thousandths of a call that have gathered, and until when.
    gathered: u64,
    gathered_at: Timestamp,
    /// When the calls of the last second were made.
    recent: VecDeque<Timestamp>,
}

/// Counts one call, or refuses it.
pub(crate) fn is_left(
    operation: &'static Operation,
    app: usize,
    shop: Option<ShopNo>,
    grant: GrantNo,
    world: &mut World,
    now: Timestamp,
) -> Result<(), Refusal> {
    let account = shop.map_or(Account::Grant(grant), Account::Shop);
    let authorised = if world.switches.dynamic_quota { world.grants.shops_of(app) } else { 0 };
    let rate = rate_of(operation, authorised, world.seed, &world.switches, now);
    let World { quota, switches, .. } = world;
    let budget = quota.budgets.entry((app, account, operation.path)).or_default();
    if !budget.take(rate, switches.quota_window, now) {
        return Err(Refusal::throttled(switches.retry_after_seconds));
    }
    let Some(hourly) = switches.sandbox_calls_per_hour else { return Ok(()) };
    let hour = now.as_seconds().div_euclid(HOUR_SECONDS);
    let used = quota.hourly.entry(account).or_insert((hour, 0));
    if used.0 != hour {
        *used = (hour, 0);
    }
    if used.1 >= hourly {
        return Err(Refusal::sandbox_quota(switches.retry_after_seconds));
    }
    used.1 += 1;
    Ok(())
}

/// Calls per second that an operation has now (PLATFORM.md 5; the numbers of the dynamic quota are ours).
fn rate_of(operation: &Operation, authorised: u32, seed: u64, switches: &Switches, now: Timestamp) -> u32 {
    let full = switches.quota_per_second;
    if !switches.dynamic_quota {
        return full;
    }
    let granted = (full / 5).saturating_add(authorised).min(full);
    let reads = operation.method == Method::Get || operation.path.ends_with("/search");
    let granted = if reads { granted } else { granted / 2 };
    let minute = now.as_seconds().div_euclid(60).cast_unsigned();
    let load = scale(scatter(seed ^ hash(operation.path.as_bytes()) ^ scatter(minute)), 51);
    let taken = u64::from(granted) * load / 100;
    granted.saturating_sub(u32::try_from(taken).unwrap_or(granted)).max(1)
}

impl Budget {
    fn take(&mut self, rate: u32, window: QuotaWindow, now: Timestamp) -> bool {
        match window {
            QuotaWindow::TokenBucket => self.take_from_bucket(rate, now),
            QuotaWindow::Sliding => self.take_from_window(rate, now - SECOND, now),
            QuotaWindow::Tumbling => {
                // The window begins with the second, whose first instant still counts.
                let begin = Timestamp::from_seconds(now.as_seconds()) - Duration::from_millis(1);
                self.take_from_window(rate, begin, now)
            }
        }
    }

    /// A thousandth of the rate gathers each millisecond, up to one second's calls.
    fn take_from_bucket(&mut self, rate: u32, now: Timestamp) -> bool {
        let full = u64::from(rate) * 1_000;
        let elapsed = u64::try_from(now.since(self.gathered_at).as_millis()).unwrap_or(u64::MAX);
        self.gathered = full.min(self.gathered.saturating_add(elapsed.saturating_mul(u64::from(rate))));
        self.gathered_at = self.gathered_at.max(now);
        let left = self.gathered.checked_sub(1_000);
        self.gathered = left.unwrap_or(self.gathered);
        left.is_some()
    }

    fn take_from_window(&mut self, rate: u32, begin: Timestamp, now: Timestamp) -> bool {
        while self.recent.front().is_some_and(|call| *call <= begin) {
            self.recent.pop_front();
        }
        let left = self.recent.len() < usize::try_from(rate).unwrap_or(usize::MAX);
        if left {
            self.recent.push_back(now);
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `calls` pass, `gap_ms` apart.
    fn passed(window: QuotaWindow, calls: u64, gap_ms: u64) -> usize {
        let (start, mut budget) = (Timestamp::from_millis(1_700_000_000_500), Budget::default());
        (0..calls)
            .filter(|call| budget.take(50, window, start + Duration::from_millis(call * gap_ms)))
            .count()
    }

    #[test]
    fn a_bucket_holds_one_second_and_refills() {
        assert_eq!(passed(QuotaWindow::TokenBucket, 200, 0), 50);
        assert_eq!(passed(QuotaWindow::TokenBucket, 200, 20), 200);
        assert_eq!(passed(QuotaWindow::TokenBucket, 1_000, 1), 99);
    }

    #[test]
    fn a_dynamic_quota_grows_with_authorisations_and_prefers_reads() {
        let switches = Switches { dynamic_quota: true, ..Switches::default() };
        let operation = |key| ttshop_catalogue::by_key(key).unwrap();
        let (read, write) = (operation("order.search_orders"), operation("product.activate_products"));
        let rate = |operation, authorised, minute: i64| {
            rate_of(operation, authorised, 7, &switches, Timestamp::from_seconds(60 * minute))
        };
        for minute in 0..200 {
            let (few, many) = (rate(read, 1, minute), rate(read, 1_000, minute));
            assert!((5..=11).contains(&few) && (25..=50).contains(&many), "minute {minute}: {few}, {many}");
            assert!(rate(write, 1_000, minute) <= 25, "minute {minute}");
        }
        let rates: std::collections::BTreeSet<u32> =
            (0..200).map(|minute| rate(read, 1_000, minute)).collect();
        assert!(rates.len() > 5, "load changes: {rates:?}");
        assert_eq!(rate_of(read, 0, 7, &Switches::default(), Timestamp::from_seconds(0)), 50);
    }

    #[test]
    fn a_sliding_second_never_holds_more_than_the_quota() {
        assert_eq!(passed(QuotaWindow::Sliding, 1_000, 1), 50);
        assert_eq!(passed(QuotaWindow::Sliding, 1_001, 1), 51);
    }

    #[test]
    fn a_tumbling_second_begins_with_the_clock() {
        assert_eq!(passed(QuotaWindow::Tumbling, 500, 1), 50);
        assert_eq!(passed(QuotaWindow::Tumbling, 1_000, 1), 100);
    }
}
