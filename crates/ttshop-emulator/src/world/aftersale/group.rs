//! Batch returns: one application of a buyer, and the parcel that comes of it (PLATFORM.md 8.5, webhooks 64 and 65).
//!
//! Both have no state of their own: it follows from the returns that belong to them.

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::world::aftersale::case::ReturnCase;
use crate::world::aftersale::stage::ReturnStatus;
use crate::world::order::Actor;
use crate::world::{OrderNo, PackageNo, RequestNo, ReturnNo, RmaNo};

/// What a buyer applied for at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AftersaleRequest {
    pub(crate) number: RequestNo,
    pub(crate) order: OrderNo,
    pub(crate) role: Actor,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
    pub(crate) returns: Vec<ReturnNo>,
}

/// A return merchandise authorization: approved returns that travel back in one parcel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rma {
    pub(crate) number: RmaNo,
    pub(crate) request: RequestNo,
    pub(crate) package: PackageNo,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
    pub(crate) returns: Vec<ReturnNo>,
}

/// Where an application stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RequestStatus {
    PendingRequestReview,
    RequestReviewCompleted,
}

impl RequestStatus {
    pub(crate) fn of<'a>(mut returns: impl Iterator<Item = &'a ReturnCase>) -> Self {
        if returns.any(|case| case.status.awaits_review()) {
            Self::PendingRequestReview
        } else {
            Self::RequestReviewCompleted
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::PendingRequestReview => "PENDING_REQUEST_REVIEW",
            Self::RequestReviewCompleted => "REQUEST_REVIEW_COMPLETED",
        }
    }
}

/// Where the parcel of an authorization is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RmaStatus {
    AwaitingBuyerReturn,
    ReturnInTransit,
    PendingPackageReview,
    PackageReviewCompleted,
}

impl RmaStatus {
    pub(crate) fn of<'a>(returns: impl Iterator<Item = &'a ReturnCase> + Clone) -> Self {
        let any = |fits: fn(&ReturnCase) -> bool| returns.clone().any(fits);
        if any(|case| case.status == ReturnStatus::AwaitingBuyerShip) {
            Self::AwaitingBuyerReturn
        } else if any(|case| case.status == ReturnStatus::BuyerShippedItem && !case.arrived()) {
            Self::ReturnInTransit
        } else if any(|case| {
            matches!(case.status, ReturnStatus::BuyerShippedItem | ReturnStatus::AwaitingBuyerResponse)
        }) {
            Self::PendingPackageReview
        } else {
            Self::PackageReviewCompleted
        }
    }

    /// The word of search.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingBuyerReturn => "AWAITING_BUYER_RETURN",
            Self::ReturnInTransit => "RETURN_IN_TRANSIT",
            Self::PendingPackageReview => "PENDING_PACKAGE_REVIEW",
            Self::PackageReviewCompleted => "PACKAGE_REVIEW_COMPLETED",
        }
    }

    /// The word of webhook 65: a fresh one is only said to be created.
    pub(crate) fn webhook_word(self) -> &'static str {
        match self {
            Self::AwaitingBuyerReturn => "RMA_CREATED",
            other => other.as_str(),
        }
    }
}
