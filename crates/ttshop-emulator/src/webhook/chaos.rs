//! What may go wrong with a notification on the way, on request and from the seed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::dice::Dice;

/// How many of a hundred notifications meet which misfortune; all zero unless asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chaos {
    /// Never sent at all.
    pub lose_percent: u8,
    /// Sent twice.
    pub duplicate_percent: u8,
    /// Held back for a random part of `reorder_window_ms`, so that later ones overtake it.
    pub reorder_percent: u8,
    /// How far notifications may fall behind when reordered.
    pub reorder_window_ms: u64,
    /// Held back for `late_ms`.
    pub late_percent: u8,
    /// How late the late ones are.
    pub late_ms: u64,
}

impl Default for Chaos {
    fn default() -> Self {
        Self {
            lose_percent: 0,
            duplicate_percent: 0,
            reorder_percent: 0,
            reorder_window_ms: 2_000,
            late_percent: 0,
            late_ms: 60_000,
        }
    }
}

/// What happens to one notification.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) lose: bool,
    pub(crate) duplicate: bool,
    pub(crate) reorder: bool,
    pub(crate) late: bool,
    pub(crate) delay: Duration,
    pub(crate) repeat_delay: Duration,
}

impl Chaos {
    /// Throws the dice for one notification. It always throws as often, so that one rate does not change another's outcome.
    pub(crate) fn plan(&self, dice: &mut Dice) -> Plan {
        let window = self.reorder_window_ms.max(1);
        let lose = dice.percent_of(self.lose_percent);
        let duplicate = dice.percent_of(self.duplicate_percent);
        let reorder = dice.percent_of(self.reorder_percent);
        let late = dice.percent_of(self.late_percent);
        let (held, repeated) = (dice.below(window), dice.below(window));
        let reorder_ms = if reorder { held } else { 0 };
        let late_ms = if late { self.late_ms } else { 0 };
        let delay = Duration::from_millis(reorder_ms.saturating_add(late_ms));
        Plan { lose, duplicate, reorder, late, delay, repeat_delay: Duration::from_millis(repeated) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn nothing_goes_wrong_by_default() {
        let mut dice = Dice::new(5, Stream::Chaos);
        for _ in 0..1_000 {
            let plan = Chaos::default().plan(&mut dice);
            assert!(!plan.lose && !plan.duplicate && !plan.reorder && !plan.late && plan.delay.is_zero());
        }
    }

    #[test]
    fn a_fifth_is_about_a_fifth() {
        let chaos = Chaos { lose_percent: 20, duplicate_percent: 100, ..Chaos::default() };
        let mut dice = Dice::new(5, Stream::Chaos);
        let plans: Vec<Plan> = (0..10_000).map(|_| chaos.plan(&mut dice)).collect();
        let lost = plans.iter().filter(|plan| plan.lose).count();
        assert!((1_800..2_200).contains(&lost), "lost {lost}");
        assert!(plans.iter().all(|plan| plan.duplicate));
    }
}
