//! The states of refunds, returns and replacements, and every transition between them (PLATFORM.md 8.5).
//!
//! [`Stage::after`] is pure: it says where an act leads or that the platform documents no such transition. Two exits of
//! AWAITING_BUYER_RESPONSE are ours, since no source names any: accepting the offer ends in SUCCESS, declining it leads back.

use serde::{Deserialize, Serialize};

/// What the buyer wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ReturnKind {
    /// Money for goods that stay.
    Refund,
    ReturnAndRefund,
    /// The same goods again.
    Replacement,
}

impl ReturnKind {
    pub(crate) const ALL: [Self; 3] = [Self::Refund, Self::ReturnAndRefund, Self::Replacement];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "REFUND",
            Self::ReturnAndRefund => "RETURN_AND_REFUND",
            Self::Replacement => "REPLACEMENT",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The state that a request begins in.
    pub(crate) fn first_status(self) -> ReturnStatus {
        match self {
            Self::Refund | Self::ReturnAndRefund => ReturnStatus::RequestPending,
            Self::Replacement => ReturnStatus::ReplacementPending,
        }
    }
}

/// Where a refund, a return or a replacement stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ReturnStatus {
    RequestPending,
    RequestReject,
    AwaitingBuyerShip,
    BuyerShippedItem,
    RejectReceivePackage,
    RequestSuccess,
    RequestCancel,
    RequestComplete,
    AwaitingBuyerResponse,
    ReplacementPending,
    ReplacementReject,
    ReplacementRefundSuccess,
    ReplacementCancel,
    ReplacementComplete,
}

impl ReturnStatus {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 14] = [
        Self::RequestPending,
        Self::RequestReject,
        Self::AwaitingBuyerShip,
        Self::BuyerShippedItem,
        Self::RejectReceivePackage,
        Self::RequestSuccess,
        Self::RequestCancel,
        Self::RequestComplete,
        Self::AwaitingBuyerResponse,
        Self::ReplacementPending,
        Self::ReplacementReject,
        Self::ReplacementRefundSuccess,
        Self::ReplacementCancel,
        Self::ReplacementComplete,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::RequestPending => "RETURN_OR_REFUND_REQUEST_PENDING",
            Self::RequestReject => "REFUND_OR_RETURN_REQUEST_REJECT",
            Self::AwaitingBuyerShip => "AWAITING_BUYER_SHIP",
            Self::BuyerShippedItem => "BUYER_SHIPPED_ITEM",
            Self::RejectReceivePackage => "REJECT_RECEIVE_PACKAGE",
            Self::RequestSuccess => "RETURN_OR_REFUND_REQUEST_SUCCESS",
            Self::RequestCancel => "RETURN_OR_REFUND_REQUEST_CANCEL",
            Self::RequestComplete => "RETURN_OR_REFUND_REQUEST_COMPLETE",
            Self::AwaitingBuyerResponse => "AWAITING_BUYER_RESPONSE",
            Self::ReplacementPending => "REPLACEMENT_REQUEST_PENDING",
            Self::ReplacementReject => "REPLACEMENT_REQUEST_REJECT",
            Self::ReplacementRefundSuccess => "REPLACEMENT_REQUEST_REFUND_SUCCESS",
            Self::ReplacementCancel => "REPLACEMENT_REQUEST_CANCEL",
            Self::ReplacementComplete => "REPLACEMENT_REQUEST_COMPLETE",
        }
    }

    /// The request as such is still to be answered.
    pub(crate) fn awaits_review(self) -> bool {
        matches!(self, Self::RequestPending | Self::AwaitingBuyerResponse | Self::ReplacementPending)
    }

    /// The seller said no.
    pub(crate) fn is_rejected(self) -> bool {
        matches!(self, Self::RequestReject | Self::RejectReceivePackage | Self::ReplacementReject)
    }

    /// Nothing will come of it.
    pub(crate) fn is_void(self) -> bool {
        matches!(self, Self::RequestCancel | Self::ReplacementCancel)
    }

    /// The money is back with the buyer.
    pub(crate) fn is_refunded(self) -> bool {
        matches!(self, Self::RequestComplete | Self::ReplacementRefundSuccess)
    }
}

/// What happens to a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ReturnAct {
    // The seller's decisions.
    ApproveRefund,
    ApproveReturn,
    /// The return is approved and the buyer keeps the goods.
    ApproveWithoutReturn,
    ApproveReceivedPackage,
    ApproveReplacement,
    IssueReplacementRefund,
    DirectRefund,
    OfferPartialRefund,
    OfferPartialRefundAfterReceivingPkg,
    RejectRefund,
    RejectReturn,
    RejectReceivedPackage,
    RejectReplacement,
    // The buyer's, and the carrier's.
    Withdraw,
    Ship,
    Arrive,
    AcceptOffer,
    DeclineOffer,
    Dispute,
    /// The buyer asks again for what was refused.
    Reapply,
    // The platform's.
    FavourBuyer,
    FavourSeller,
    /// Nobody called for arbitration in time.
    Lapse,
    /// The buyer did not send the goods in time.
    MissDeadline,
    Refunded,
}

impl ReturnAct {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 25] = [
        Self::ApproveRefund,
        Self::ApproveReturn,
        Self::ApproveWithoutReturn,
        Self::ApproveReceivedPackage,
        Self::ApproveReplacement,
        Self::IssueReplacementRefund,
        Self::DirectRefund,
        Self::OfferPartialRefund,
        Self::OfferPartialRefundAfterReceivingPkg,
        Self::RejectRefund,
        Self::RejectReturn,
        Self::RejectReceivedPackage,
        Self::RejectReplacement,
        Self::Withdraw,
        Self::Ship,
        Self::Arrive,
        Self::AcceptOffer,
        Self::DeclineOffer,
        Self::Dispute,
        Self::Reapply,
        Self::FavourBuyer,
        Self::FavourSeller,
        Self::Lapse,
        Self::MissDeadline,
        Self::Refunded,
    ];

    /// The act's name in records and in the control API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ApproveRefund => "APPROVE_REFUND",
            Self::ApproveReturn => "APPROVE_RETURN",
            Self::ApproveWithoutReturn => "APPROVE_WITHOUT_RETURN",
            Self::ApproveReceivedPackage => "APPROVE_RECEIVED_PACKAGE",
            Self::ApproveReplacement => "APPROVE_REPLACEMENT",
            Self::IssueReplacementRefund => "ISSUE_REPLACEMENT_REFUND",
            Self::DirectRefund => "DIRECT_REFUND",
            Self::OfferPartialRefund => "OFFER_PARTIAL_REFUND",
            Self::OfferPartialRefundAfterReceivingPkg => "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG",
            Self::RejectRefund => "REJECT_REFUND",
            Self::RejectReturn => "REJECT_RETURN",
            Self::RejectReceivedPackage => "REJECT_RECEIVED_PACKAGE",
            Self::RejectReplacement => "REJECT_REPLACEMENT",
            Self::Withdraw => "WITHDRAW",
            Self::Ship => "SHIP",
            Self::Arrive => "ARRIVE",
            Self::AcceptOffer => "ACCEPT_OFFER",
            Self::DeclineOffer => "DECLINE_OFFER",
            Self::Dispute => "DISPUTE",
            Self::Reapply => "REAPPLY",
            Self::FavourBuyer => "FAVOUR_BUYER",
            Self::FavourSeller => "FAVOUR_SELLER",
            Self::Lapse => "LAPSE",
            Self::MissDeadline => "MISS_DEADLINE",
            Self::Refunded => "REFUNDED",
        }
    }
}

/// All that a transition depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stage {
    pub(crate) kind: ReturnKind,
    pub(crate) status: ReturnStatus,
    /// Where the seller made an offer.
    pub(crate) offered_at: Option<ReturnStatus>,
}

impl Stage {
    /// Where `act` leads; none where it is not documented.
    pub(crate) fn after(self, act: ReturnAct) -> Option<ReturnStatus> {
        match self.kind {
            ReturnKind::Refund => self.refund_after(act),
            ReturnKind::ReturnAndRefund => self.return_after(act),
            ReturnKind::Replacement => self.replacement_after(act),
        }
    }

    fn refund_after(self, act: ReturnAct) -> Option<ReturnStatus> {
        use {ReturnAct as A, ReturnStatus as S};
        match (self.status, act) {
            (S::RequestPending, A::ApproveRefund) | (S::RequestReject, A::FavourBuyer) => {
                Some(S::RequestSuccess)
            }
            (S::RequestPending, A::RejectRefund) | (S::RequestReject, A::Dispute) => Some(S::RequestReject),
            (S::RequestPending, A::Withdraw)
            | (S::RequestReject, A::FavourSeller | A::Lapse | A::Reapply) => Some(S::RequestCancel),
            (S::RequestSuccess, A::Refunded) => Some(S::RequestComplete),
            _ => None,
        }
    }

    fn return_after(self, act: ReturnAct) -> Option<ReturnStatus> {
        use {ReturnAct as A, ReturnStatus as S};
        match (self.status, act) {
            (S::RequestPending, A::ApproveReturn) | (S::RequestReject, A::FavourBuyer) => {
                Some(S::AwaitingBuyerShip)
            }
            (S::RequestPending, A::ApproveWithoutReturn | A::DirectRefund)
            | (S::BuyerShippedItem, A::ApproveReceivedPackage)
            | (S::RejectReceivePackage, A::FavourBuyer)
            | (S::AwaitingBuyerResponse, A::AcceptOffer) => Some(S::RequestSuccess),
            (S::RequestPending, A::OfferPartialRefund)
            | (S::BuyerShippedItem, A::OfferPartialRefundAfterReceivingPkg) => Some(S::AwaitingBuyerResponse),
            (S::AwaitingBuyerResponse, A::DeclineOffer) => self.offered_at,
            (S::RequestPending, A::RejectReturn) | (S::RequestReject, A::Dispute) => Some(S::RequestReject),
            (S::AwaitingBuyerShip, A::Ship) | (S::BuyerShippedItem, A::Arrive) => Some(S::BuyerShippedItem),
            (S::BuyerShippedItem, A::RejectReceivedPackage) | (S::RejectReceivePackage, A::Dispute) => {
                Some(S::RejectReceivePackage)
            }
            (S::RequestPending, A::Withdraw)
            | (S::AwaitingBuyerShip, A::MissDeadline)
            | (S::RequestReject, A::FavourSeller | A::Lapse | A::Reapply)
            | (S::RejectReceivePackage, A::FavourSeller | A::Lapse) => Some(S::RequestCancel),
            (S::RequestSuccess, A::Refunded) => Some(S::RequestComplete),
            _ => None,
        }
    }

    fn replacement_after(self, act: ReturnAct) -> Option<ReturnStatus> {
        use {ReturnAct as A, ReturnStatus as S};
        match (self.status, act) {
            (S::ReplacementPending, A::ApproveReplacement) | (S::ReplacementReject, A::FavourBuyer) => {
                Some(S::ReplacementComplete)
            }
            // A lost dispute leaves a refused replacement as it is: no source names a way out.
            (S::ReplacementPending, A::RejectReplacement)
            | (S::ReplacementReject, A::Dispute | A::FavourSeller) => Some(S::ReplacementReject),
            (S::ReplacementPending, A::IssueReplacementRefund) => Some(S::ReplacementRefundSuccess),
            (S::ReplacementPending, A::Withdraw) => Some(S::ReplacementCancel),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (ReturnStatus, ReturnAct, ReturnStatus);

    /// The table of PLATFORM.md 8.5 with the assumptions above; what is not in it does not exist.
    fn documented(kind: ReturnKind) -> Vec<Row> {
        use {ReturnAct as A, ReturnStatus as S};
        match kind {
            ReturnKind::Refund => vec![
                (S::RequestPending, A::ApproveRefund, S::RequestSuccess),
                (S::RequestPending, A::RejectRefund, S::RequestReject),
                (S::RequestPending, A::Withdraw, S::RequestCancel),
                (S::RequestReject, A::Dispute, S::RequestReject),
                (S::RequestReject, A::FavourBuyer, S::RequestSuccess),
                (S::RequestReject, A::FavourSeller, S::RequestCancel),
                (S::RequestReject, A::Lapse, S::RequestCancel),
                (S::RequestReject, A::Reapply, S::RequestCancel),
                (S::RequestSuccess, A::Refunded, S::RequestComplete),
            ],
            ReturnKind::ReturnAndRefund => vec![
                (S::RequestPending, A::ApproveReturn, S::AwaitingBuyerShip),
                (S::RequestPending, A::ApproveWithoutReturn, S::RequestSuccess),
                (S::RequestPending, A::DirectRefund, S::RequestSuccess),
                (S::RequestPending, A::OfferPartialRefund, S::AwaitingBuyerResponse),
                (S::RequestPending, A::RejectReturn, S::RequestReject),
                (S::RequestPending, A::Withdraw, S::RequestCancel),
                (S::AwaitingBuyerResponse, A::AcceptOffer, S::RequestSuccess),
                (S::AwaitingBuyerResponse, A::DeclineOffer, S::RequestPending),
                (S::AwaitingBuyerShip, A::Ship, S::BuyerShippedItem),
                (S::AwaitingBuyerShip, A::MissDeadline, S::RequestCancel),
                (S::BuyerShippedItem, A::Arrive, S::BuyerShippedItem),
                (S::BuyerShippedItem, A::ApproveReceivedPackage, S::RequestSuccess),
                (S::BuyerShippedItem, A::RejectReceivedPackage, S::RejectReceivePackage),
                (S::BuyerShippedItem, A::OfferPartialRefundAfterReceivingPkg, S::AwaitingBuyerResponse),
                (S::RejectReceivePackage, A::Dispute, S::RejectReceivePackage),
                (S::RejectReceivePackage, A::FavourBuyer, S::RequestSuccess),
                (S::RejectReceivePackage, A::FavourSeller, S::RequestCancel),
                (S::RejectReceivePackage, A::Lapse, S::RequestCancel),
                (S::RequestReject, A::Dispute, S::RequestReject),
                (S::RequestReject, A::FavourBuyer, S::AwaitingBuyerShip),
                (S::RequestReject, A::FavourSeller, S::RequestCancel),
                (S::RequestReject, A::Lapse, S::RequestCancel),
                (S::RequestReject, A::Reapply, S::RequestCancel),
                (S::RequestSuccess, A::Refunded, S::RequestComplete),
            ],
            ReturnKind::Replacement => vec![
                (S::ReplacementPending, A::ApproveReplacement, S::ReplacementComplete),
                (S::ReplacementPending, A::RejectReplacement, S::ReplacementReject),
                (S::ReplacementPending, A::IssueReplacementRefund, S::ReplacementRefundSuccess),
                (S::ReplacementPending, A::Withdraw, S::ReplacementCancel),
                (S::ReplacementReject, A::Dispute, S::ReplacementReject),
                (S::ReplacementReject, A::FavourBuyer, S::ReplacementComplete),
                (S::ReplacementReject, A::FavourSeller, S::ReplacementReject),
            ],
        }
    }

    #[test]
    fn only_documented_transitions_exist() {
        let mut cells = 0;
        for kind in ReturnKind::ALL {
            let rows = documented(kind);
            for status in ReturnStatus::ALL {
                for act in ReturnAct::ALL {
                    let row = rows.iter().find(|(from, with, _)| (*from, *with) == (status, act));
                    let stage = Stage { kind, status, offered_at: Some(ReturnStatus::RequestPending) };
                    assert_eq!(stage.after(act), row.map(|(_, _, to)| *to), "{act:?} at {stage:?}");
                    cells += 1;
                }
            }
        }
        assert_eq!(cells, 3 * 14 * 25);
    }

    #[test]
    fn a_declined_offer_leads_back_to_where_it_was_made() {
        let stage = Stage {
            kind: ReturnKind::ReturnAndRefund,
            status: ReturnStatus::AwaitingBuyerResponse,
            offered_at: Some(ReturnStatus::BuyerShippedItem),
        };
        assert_eq!(stage.after(ReturnAct::DeclineOffer), Some(ReturnStatus::BuyerShippedItem));
    }
}
