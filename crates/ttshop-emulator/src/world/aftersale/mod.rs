//! What goes wrong with an order: cancellations, refunds, returns, replacements (PLATFORM.md 8.4, 8.5).
//!
//! The cast: a [`Cancellation`] ends an order or some of its lines before they travel; a [`ReturnCase`] pays back, takes back
//! or replaces what travelled; an [`AftersaleRequest`] is what a buyer applied for at once, an [`Rma`] the parcel of goods that
//! come back. [`AftersaleBook`] holds them all for one shop.
//!
//! Who moves whom: `eligibility` says who may start what, `cancellation` and `stage` are the pure tables of states,
//! `refund` counts the money. `cancel`, `open` and `decide` let the world do it, set the clocks and announce it. Sellers act
//! through the API, buyers, carriers and arbitrators through the control API, and the platform through the due queue.
//!
//! A unit is in one living case at most, and shipping goes back once, with the last unit: so refunds never exceed what
//! was paid. Keeping a sum of refunds on each order was the alternative; it would be true only as long as everybody
//! remembered to update it.

mod announce;
mod book;
mod cancel;
mod cancellation;
mod case;
mod decide;
mod eligibility;
mod group;
mod keys;
#[cfg(test)]
pub(crate) mod laws;
mod open;
pub(crate) mod reasons;
mod refund;
mod replacement;
mod stage;

pub(crate) use book::{AftersaleBook, CaseNo};
pub(crate) use cancel::{CancelError, CancelWish};
pub(crate) use cancellation::{CancelAct, CancelStatus, Cancellation};
pub(crate) use case::{Arbitration, Handover, ReturnCase, ReturnParcel, ReturnWay, ShipmentType, Words};
pub(crate) use decide::{Deed, DeedError};
pub(crate) use eligibility::{Wish, may_start};
pub(crate) use group::{AftersaleRequest, RequestStatus, Rma, RmaStatus};
pub(crate) use keys::Done;
pub(crate) use open::{Application, OpenError, obstacle};
pub(crate) use refund::{CaseLine, Refund, whole};
pub(crate) use stage::{ReturnAct, ReturnKind, ReturnStatus};
