//! One refund, return or replacement, and what was said about it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::switches::Switches;
use crate::world::aftersale::refund::{CaseLine, Refund, scaled};
use crate::world::aftersale::stage::{ReturnAct, ReturnKind, ReturnStatus, Stage};
use crate::world::order::Actor;
use crate::world::{OrderNo, RequestNo, ReturnNo, RmaNo};

/// The platform calls it a return order, whatever is wanted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReturnCase {
    pub(crate) number: ReturnNo,
    pub(crate) request: RequestNo,
    pub(crate) rma: Option<RmaNo>,
    pub(crate) order: OrderNo,
    pub(crate) kind: ReturnKind,
    pub(crate) status: ReturnStatus,
    pub(crate) role: Actor,
    pub(crate) reason: Box<str>,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
    /// Since when the clock of the present state runs.
    #[serde(with = "crate::instant")]
    pub(crate) since: Timestamp,
    /// With what each unit is worth; what is paid back is [`ReturnCase::refunds`].
    pub(crate) lines: Vec<CaseLine>,
    /// Less than the units are worth, if that was agreed.
    pub(crate) agreed: Option<Minor>,
    pub(crate) keeps_item: bool,
    pub(crate) quick: bool,
    pub(crate) offer: Option<Offer>,
    pub(crate) rejected_offer: bool,
    pub(crate) arbitration: Option<Arbitration>,
    pub(crate) way: ReturnWay,
    pub(crate) parcel: Option<ReturnParcel>,
    pub(crate) previous: Option<ReturnNo>,
    pub(crate) next: Option<ReturnNo>,
    /// The order that replaces the goods.
    pub(crate) replacement: Option<OrderNo>,
    pub(crate) records: Vec<Record>,
}

/// Less money than was asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub(crate) total: Minor,
    /// The state it was made in.
    pub(crate) at: ReturnStatus,
}

/// How the platform's arbitration stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Arbitration {
    InProgress,
    SupportBuyer,
    SupportSeller,
    /// The time to call for it is over.
    Closed,
}

impl Arbitration {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::SupportBuyer => "SUPPORT_BUYER",
            Self::SupportSeller => "SUPPORT_SELLER",
            Self::Closed => "CLOSED",
        }
    }
}

/// How the goods come back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ReturnWay {
    pub(crate) shipment: ShipmentType,
    pub(crate) handover: Handover,
}

/// Who arranges the way back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ShipmentType {
    #[default]
    Platform,
    BuyerArrange,
}

impl ShipmentType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "PLATFORM",
            Self::BuyerArrange => "BUYER_ARRANGE",
        }
    }
}

/// Where the carrier takes the goods over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Handover {
    #[default]
    DropOff,
    Pickup,
}

impl Handover {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::DropOff => "DROP_OFF",
            Self::Pickup => "PICKUP",
        }
    }
}

/// The goods on their way back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReturnParcel {
    pub(crate) tracking_number: Box<str>,
    pub(crate) provider_id: Box<str>,
    /// The seller sent label or code.
    pub(crate) by_seller: bool,
    pub(crate) arrived: bool,
}

/// One entry of the history.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    #[serde(with = "crate::instant")]
    pub(crate) at: Timestamp,
    pub(crate) role: Actor,
    /// None is the request itself.
    pub(crate) act: Option<ReturnAct>,
    pub(crate) words: Words,
}

/// What was said and shown.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Words {
    /// A reason key, or whatever was said.
    pub(crate) reason: Option<Box<str>>,
    pub(crate) note: Option<Box<str>>,
    /// Addresses of evidence.
    pub(crate) images: Vec<Box<str>>,
    pub(crate) videos: Vec<Box<str>>,
}

impl ReturnCase {
    pub(crate) fn stage(&self) -> Stage {
        let offered_at = self.offer.map(|offer| offer.at);
        Stage { kind: self.kind, status: self.status, offered_at }
    }

    /// The most that can be paid back.
    pub(crate) fn worth(&self) -> Refund {
        self.lines.iter().map(|line| line.refund).sum()
    }

    /// What is or would be paid back for each unit.
    pub(crate) fn refunds(&self) -> Vec<Refund> {
        let worth: Vec<Refund> = self.lines.iter().map(|line| line.refund).collect();
        self.agreed.map_or_else(|| worth.clone(), |total| scaled(&worth, total))
    }

    pub(crate) fn refund(&self) -> Refund {
        self.refunds().into_iter().sum()
    }

    /// Its units cannot be in another case.
    pub(crate) fn claims_lines(&self) -> bool {
        !(self.status.is_void() || self.status.is_rejected() && self.next.is_some())
    }

    pub(crate) fn arrived(&self) -> bool {
        self.parcel.as_ref().is_some_and(|parcel| parcel.arrived)
    }

    /// What the seller must answer, and until when (PLATFORM.md 8.5).
    pub(crate) fn next_action(&self, switches: &Switches) -> Option<(&'static str, Timestamp)> {
        let action = match (self.status, self.kind) {
            (ReturnStatus::RequestPending, ReturnKind::Refund) => "SELLER_RESPOND_REFUND",
            (ReturnStatus::RequestPending, _) => "SELLER_RESPOND_RETURN",
            (ReturnStatus::ReplacementPending, _) => "SELLER_RESPOND_REPLACEMENT",
            (ReturnStatus::BuyerShippedItem, _) if self.arrived() => "SELLER_RESPOND_RECEIVE_PACKAGE",
            _ => return None,
        };
        Some((action, self.clock(switches)?.1))
    }

    /// What happens by itself in the present state, and when.
    pub(crate) fn clock(&self, switches: &Switches) -> Option<(ReturnAct, Timestamp)> {
        let respond = switches.aftersale_response_seconds;
        let disputed = self.arbitration == Some(Arbitration::InProgress);
        let (act, seconds) = match self.status {
            ReturnStatus::RequestPending if self.kind == ReturnKind::Refund => {
                (ReturnAct::ApproveRefund, respond)
            }
            ReturnStatus::RequestPending => (ReturnAct::ApproveReturn, respond),
            ReturnStatus::AwaitingBuyerResponse => (ReturnAct::DeclineOffer, respond),
            ReturnStatus::ReplacementPending => {
                (ReturnAct::ApproveReplacement, switches.replacement_response_seconds)
            }
            ReturnStatus::AwaitingBuyerShip => (ReturnAct::MissDeadline, switches.return_ship_seconds),
            ReturnStatus::BuyerShippedItem if self.arrived() => (ReturnAct::ApproveReceivedPackage, respond),
            ReturnStatus::BuyerShippedItem => (ReturnAct::Arrive, switches.return_transit_seconds),
            ReturnStatus::RequestReject | ReturnStatus::RejectReceivePackage if !disputed => {
                (ReturnAct::Lapse, switches.arbitration_seconds)
            }
            ReturnStatus::RequestSuccess => (ReturnAct::Refunded, switches.refund_seconds),
            ReturnStatus::RequestReject
            | ReturnStatus::RejectReceivePackage
            | ReturnStatus::RequestCancel
            | ReturnStatus::RequestComplete
            | ReturnStatus::ReplacementReject
            | ReturnStatus::ReplacementRefundSuccess
            | ReturnStatus::ReplacementCancel
            | ReturnStatus::ReplacementComplete => return None,
        };
        Some((act, self.since + Duration::from_secs(seconds)))
    }
}
