//! How many calls are permitted: for each app, shop and operation on its own, as the platform counts.
//!
//! A [`Scheduler`] holds one *lane* for each [`BudgetKey`]. A lane paces its calls ([`rate`]), learns the hidden limit from
//! refusals ([`learner`]), and finds its part of one that others use, too ([`sharing`]). Calls that must wait stand in the lane, one
//! queue for each [`Priority`], and are taken by weight ([`queues`]). Lanes whose next call is due share the bound of calls
//! in flight, shop by shop ([`ready`]); those of one operation have a bound of their own, which shrinks when it is slow or
//! fails ([`guard`]). [`permits`] and [`outcome`] join these into one state machine without time or tasks of its own, and
//! [`scheduler`] is its thin shell that sleeps and wakes.
//!
//! Rejected: a task that owns the state and talks over channels. Each permission would cost two task switches, and the task
//! would need an owner.

mod guard;
mod lane;
mod lanes;
mod learner;
mod operations;
mod outcome;
mod permission;
mod permits;
mod queues;
mod rate;
mod ready;
mod rules;
mod scheduler;
mod sharing;
mod snapshot;
mod window;

pub use guard::{IN_FLIGHT_MAX, IN_FLIGHT_MIN};
pub use lanes::BUDGET_KEYS_MAX;
pub use permission::{Ask, Budget, BudgetError, BudgetKey, Permit, Refused, Unlimited, Usage};
pub use permits::WAITING_MAX;
pub use queues::Priority;
pub use rules::{RateOptions, Rule, Rules};
pub use scheduler::{Scheduler, SchedulerOptions};
pub use snapshot::{KeySnapshot, Snapshot};
