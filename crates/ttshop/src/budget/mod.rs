//! How many calls are permitted: for each app, shop and operation on its own, as the platform counts.

mod adaptive;
mod permission;

pub use adaptive::{AdaptiveBudget, BUDGET_KEYS_MAX, RateOptions};
pub use permission::{Budget, BudgetError, BudgetKey, Unlimited, Usage};
