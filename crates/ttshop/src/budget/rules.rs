//! Which rates apply to which operations.

/// Rates of one operation for one shop, in thousandths of a call a second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RateOptions {
    /// Where a new key starts.
    pub start: u32,
    /// Where it never goes below.
    pub floor: u32,
    /// Where it never goes above.
    pub ceiling: u32,
}

impl RateOptions {
    /// A known limit, used from the first call on. Refusals are believed nevertheless: others may share the limit.
    pub const fn known(milli_per_second: u32) -> Self {
        Self { start: milli_per_second, floor: FLOOR, ceiling: milli_per_second }
    }

    /// The rate of a new key.
    pub(super) fn first(self) -> u32 {
        self.start.max(self.floor).max(1)
    }
}

/// One call in a hundred seconds: slower limits are met by waiting as the platform asks.
const FLOOR: u32 = 10;

impl Default for RateOptions {
    /// Learns, starting with ten calls a second. The published default is 50; what the platform permits today is told nowhere.
    fn default() -> Self {
        Self { start: 10_000, floor: FLOOR, ceiling: 200_000 }
    }
}

/// Rates of the operations whose path begins with a prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// How their paths begin.
    pub path_prefix: &'static str,
    /// Their rates.
    pub rate: RateOptions,
    /// The most calls of a shop in one day (UTC), all operations of the rule together, if there is such a cap.
    pub day_max: Option<u32>,
}

/// All rules; the first that fits an operation counts.
#[derive(Clone, Debug)]
pub struct Rules {
    rules: Vec<Rule>,
}

/// The most rules.
const RULES_MAX: usize = 255;

/// Published for the whole family. Whether it counts for each shop or for the app is not said; each shop is assumed.
const CUSTOMER_SERVICE_DAY_MAX: u32 = 10_000;

impl Rules {
    /// The same rates for everything.
    pub fn all(rate: RateOptions) -> Self {
        Self { rules: vec![Rule { path_prefix: "", rate, day_max: None }] }
    }

    /// Puts `rule` before those that are there.
    #[must_use]
    pub fn with(mut self, rule: Rule) -> Self {
        if self.rules.len() < RULES_MAX {
            self.rules.insert(0, rule);
        }
        self
    }

    /// The number of the rule for `path`.
    pub(super) fn find(&self, path: &str) -> u8 {
        let found = self.rules.iter().position(|rule| path.starts_with(rule.path_prefix));
        found.and_then(|index| u8::try_from(index).ok()).unwrap_or(u8::MAX)
    }

    pub(super) fn rate(&self, number: u8) -> RateOptions {
        self.rules.get(usize::from(number)).map_or_else(RateOptions::default, |rule| rule.rate)
    }

    pub(super) fn day_max(&self, number: u8) -> Option<u32> {
        self.rules.get(usize::from(number)).and_then(|rule| rule.day_max)
    }
}

impl Default for Rules {
    /// Learnt rates, and the daily cap that the platform publishes.
    fn default() -> Self {
        let rate = RateOptions::default();
        let customer_service =
            Rule { path_prefix: "/customer_service/", rate, day_max: Some(CUSTOMER_SERVICE_DAY_MAX) };
        Self::all(rate).with(customer_service)
    }
}
