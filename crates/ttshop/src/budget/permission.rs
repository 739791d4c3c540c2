//! The trait that a hub implements to share one budget among its processes.

use std::fmt;
use std::time::Duration;

use futures_core::future::BoxFuture;
use ttshop_catalogue::Method;
use ttshop_types::{AppKey, ShopId};

use super::Priority;

/// What is counted together.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BudgetKey {
    /// The app that calls.
    pub app_key: AppKey,
    /// The shop that it calls for, if the operation acts on one.
    pub shop_id: Option<ShopId>,
    /// The operation's method, and
    pub method: Method,
    /// its path: every version has its own allowance.
    pub path: &'static str,
}

/// A call that asks for permission.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// What it counts against.
    pub key: &'a BudgetKey,
    /// How urgent it is.
    pub priority: Priority,
    /// How long it can wait; a call that waited longer is never sent.
    pub patience: Duration,
}

/// How the platform took a permitted call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Usage {
    /// It counted the call.
    Accepted,
    /// It refused the call for its rate.
    Throttled {
        /// The wait that it asked for.
        retry_after: Option<Duration>,
    },
    /// The shop's allowance for all its calls is used up.
    ShopExhausted {
        /// The time until there is a new one.
        wait: Duration,
    },
    /// The day's allowance is used up that the shop has for all operations of a rule; see [`Rule`](super::Rule).
    DayUsedUp,
    /// It failed, or gave no answer in time.
    Failed,
    /// Nothing is known: the call may never have been sent.
    Unknown,
}

/// The right to make one call. Dropping it without a report gives it back as [`Usage::Unknown`].
pub trait Permit: Send {
    /// Tells how the call ended.
    fn report(self: Box<Self>, usage: Usage);
}

/// Gives permission to call, and learns from how calls end.
///
/// [`Scheduler`](super::Scheduler) is the one to use. Several processes that call with one app each have their own, and need not
/// know of each other: refused at rates that were good, each seeks its part. Simulated for a quarter of an hour, all of them
/// busy, ten minutes after the start: two processes have about the same. Four use it up as well, but in uneven parts: a
/// fairness (Jain's index) down to 0.72 was seen, where 1 is even, and a process left with 13 % of an even part. What it costs is
/// up to 1.5 refusals in a hundred calls and up to a ninth of the allowance left unused.
///
/// Where that is too much, and with more than two processes, share through a store that all reach: implement this trait so that
/// `acquire` asks an inner scheduler first and then takes a lease of calls from the store, for example all calls of the next second
/// for one [`BudgetKey`] in one transaction, divided by the processes whose heartbeat is younger than five seconds. The inner scheduler
/// keeps pace, queues and priorities; the store bounds the sum; a process that dies returns its part when its heartbeat is old.
/// Report to both.
pub trait Budget: Send + Sync + fmt::Debug {
    /// Waits for permission, at most for the patience of `ask`. Dropping the future gives its place back.
    fn acquire<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Box<dyn Permit>, BudgetError>>;
}

/// No permission within the time for the call.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}; the next call is permitted in {} ms", .wait.as_millis())]
pub struct BudgetError {
    /// Why the call was dropped.
    pub reason: Refused,
    /// How long the call would have to wait from now on, as far as is known.
    pub wait: Duration,
}

/// Why a call got no permission.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It cannot get its turn in time, so it does not wait at all.
    #[error("the turn of this call comes later than it can wait")]
    TooLate,
    /// Its deadline passed while it waited; it was not sent.
    #[error("the deadline passed while the call waited for its turn")]
    Expired,
    /// The operation's allowance for the day is used up.
    #[error("the allowance for today is used up")]
    DayUsedUp,
    /// Too many calls wait, or too many keys are in use.
    #[error("too many calls wait")]
    Full,
}

/// Permits everything.
#[derive(Clone, Copy, Default, Debug)]
pub struct Unlimited;

impl Budget for Unlimited {
    fn acquire<'a>(&'a self, _ask: Ask<'a>) -> BoxFuture<'a, Result<Box<dyn Permit>, BudgetError>> {
        Box::pin(std::future::ready(Ok(Box::new(Self) as Box<dyn Permit>)))
    }
}

impl Permit for Unlimited {
    fn report(self: Box<Self>, _usage: Usage) {}
}
