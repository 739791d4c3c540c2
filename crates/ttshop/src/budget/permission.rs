//! The trait that a hub implements to share one budget among its processes.

use std::fmt;
use std::time::Duration;

use futures_core::future::BoxFuture;
use ttshop_catalogue::Method;
use ttshop_types::{AppKey, ShopId};

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

/// How the platform took a permitted call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Usage {
    /// It counted the call.
    Accepted,
    /// It refused the call for its rate.
    Throttled,
    /// No answer tells.
    Unknown,
}

/// Gives permission to call, and learns from how calls end.
pub trait Budget: Send + Sync + fmt::Debug {
    /// Waits for permission, at most for `patience`.
    fn acquire<'a>(
        &'a self,
        key: &'a BudgetKey,
        patience: Duration,
    ) -> BoxFuture<'a, Result<(), BudgetError>>;

    /// Tells how a permitted call ended.
    fn report(&self, key: &BudgetKey, usage: Usage);
}

/// No permission within the time for the call.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the next call is permitted in {} ms, later than this call can wait", .wait.as_millis())]
pub struct BudgetError {
    /// How long the call would have had to wait.
    pub wait: Duration,
}

/// Permits everything.
#[derive(Clone, Copy, Default, Debug)]
pub struct Unlimited;

impl Budget for Unlimited {
    fn acquire<'a>(
        &'a self,
        _key: &'a BudgetKey,
        _patience: Duration,
    ) -> BoxFuture<'a, Result<(), BudgetError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn report(&self, _key: &BudgetKey, _usage: Usage) {}
}
