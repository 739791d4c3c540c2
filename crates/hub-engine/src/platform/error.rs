//! How a call fails, as far as the hub cares.

use std::time::Duration;

use crate::HubCode;

/// What follows from a failure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlatformErrorKind {
    /// Too many calls; later.
    Throttled,
    /// The access token is over; a refresh may help.
    NeedsRefresh,
    /// The grant is over; only the seller can help.
    NeedsReauthorization,
    /// The shop or its seller is inactive.
    ShopInactive,
    /// It may pass by itself.
    Transient,
    /// What was asked for is refused; of a batch, one item may be to blame.
    ItemRefused,
    /// No try will help.
    Permanent,
    /// The answer was not what was asked for.
    Unreadable,
}

/// A call that failed. Its text carries the platform's code and request id and no secret.
#[derive(Debug, thiserror::Error)]
#[error("the platform call `{operation}` failed: {what}")]
pub struct PlatformError {
    /// The operation's key.
    pub operation: &'static str,
    /// What follows.
    pub kind: PlatformErrorKind,
    /// What happened: the platform's code, its message and the request id, or what broke on the way.
    pub what: String,
    /// How long the platform asked to wait.
    pub retry_after: Option<Duration>,
}

impl PlatformError {
    /// The operator's code.
    pub fn code(&self) -> HubCode {
        match self.kind {
            PlatformErrorKind::Throttled | PlatformErrorKind::Transient => HubCode::PlatformUnavailable,
            PlatformErrorKind::NeedsRefresh | PlatformErrorKind::NeedsReauthorization => {
                HubCode::NeedsReauthorization
            }
            PlatformErrorKind::ShopInactive => HubCode::ShopInactive,
            PlatformErrorKind::ItemRefused | PlatformErrorKind::Permanent => HubCode::PlatformRefused,
            PlatformErrorKind::Unreadable => HubCode::PlatformAnswerUnreadable,
        }
    }

    pub(crate) fn unreadable(operation: &'static str, what: impl Into<String>) -> Self {
        Self { operation, kind: PlatformErrorKind::Unreadable, what: what.into(), retry_after: None }
    }
}
