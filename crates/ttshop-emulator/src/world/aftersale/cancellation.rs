//! A cancellation and its states (PLATFORM.md 8.4).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::switches::Switches;
use crate::world::aftersale::refund::{CaseLine, Refund};
use crate::world::order::Actor;
use crate::world::{CancelNo, OrderNo};

/// Somebody wants an order, or some of its lines, not to happen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Cancellation {
    pub(crate) number: CancelNo,
    pub(crate) order: OrderNo,
    pub(crate) kind: CancelKind,
    pub(crate) status: CancelStatus,
    pub(crate) role: Actor,
    /// A reason key, or whatever was said.
    pub(crate) reason: Box<str>,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
    pub(crate) lines: Vec<CaseLine>,
    /// Why the seller said no.
    pub(crate) rejected_for: Option<Box<str>>,
}

/// Whether somebody has to agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CancelKind {
    /// By seller or system, or by the buyer while the order is unpaid or on hold: nobody is asked.
    Cancel,
    /// By the buyer once the seller works on the order: the seller reviews.
    BuyerCancel,
}

impl CancelKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Cancel => "CANCEL",
            Self::BuyerCancel => "BUYER_CANCEL",
        }
    }
}

/// Where a cancellation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CancelStatus {
    Pending,
    Success,
    Cancelled,
    Complete,
}

/// What happens to a cancellation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CancelAct {
    /// The seller agrees, or has not answered in time.
    Approve,
    Reject,
    /// The buyer takes it back.
    Withdraw,
    /// The money is back.
    Refunded,
}

impl CancelStatus {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 4] = [Self::Pending, Self::Success, Self::Cancelled, Self::Complete];

    /// The word of replies and webhooks.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "CANCELLATION_REQUEST_PENDING",
            Self::Success => "CANCELLATION_REQUEST_SUCCESS",
            Self::Cancelled => "CANCELLATION_REQUEST_CANCELLED",
            Self::Complete => "CANCELLATION_REQUEST_COMPLETE",
        }
    }

    /// The word of the search filter: it spells one of them differently.
    pub(crate) fn filter_word(self) -> &'static str {
        match self {
            Self::Cancelled => "CANCELLATION_REQUEST_CANCEL",
            other => other.as_str(),
        }
    }

    /// Where `act` leads; none where it is not documented.
    pub(crate) fn after(self, act: CancelAct) -> Option<Self> {
        match (self, act) {
            (Self::Pending, CancelAct::Approve) => Some(Self::Success),
            (Self::Pending, CancelAct::Reject | CancelAct::Withdraw) => Some(Self::Cancelled),
            (Self::Success, CancelAct::Refunded) => Some(Self::Complete),
            (Self::Pending | Self::Success | Self::Cancelled | Self::Complete, _) => None,
        }
    }
}

impl Cancellation {
    /// What the buyer gets back.
    pub(crate) fn refund(&self) -> Refund {
        self.lines.iter().map(|line| line.refund).sum()
    }

    /// What happens by itself in the present state, and when.
    pub(crate) fn clock(&self, switches: &Switches) -> Option<(CancelAct, Timestamp)> {
        let after = |seconds| self.updated + Duration::from_secs(seconds);
        match self.status {
            CancelStatus::Pending => Some((CancelAct::Approve, after(switches.aftersale_response_seconds))),
            CancelStatus::Success => Some((CancelAct::Refunded, after(switches.refund_seconds))),
            CancelStatus::Cancelled | CancelStatus::Complete => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_documented_transitions_exist() {
        let acts = [CancelAct::Approve, CancelAct::Reject, CancelAct::Withdraw, CancelAct::Refunded];
        // One row a state, in the order of `ALL`; one column an act.
        let (done, gone, paid) =
            (Some(CancelStatus::Success), Some(CancelStatus::Cancelled), Some(CancelStatus::Complete));
        let expected = [[done, gone, gone, None], [None, None, None, paid], [None; 4], [None; 4]];
        for (from, row) in CancelStatus::ALL.into_iter().zip(expected) {
            for (act, to) in acts.into_iter().zip(row) {
                assert_eq!(from.after(act), to, "{act:?} from {}", from.as_str());
            }
        }
    }
}
