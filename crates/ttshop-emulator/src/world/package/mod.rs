//! Parcels: what is in them, where they stand, and how they are found (PLATFORM.md 8.3).
//!
//! A [`Package`] belongs to its shop and not to an order: a combined one carries several. It names its orders, and each line
//! of an order names its package, so that an order stays small. Carriers and sellers act on packages; the orders follow (see
//! `machine::follow`). Keeping packages inside their order was the alternative; it ends where two orders share one.

mod act;
mod book;
mod cut;
mod entity;
mod region;

pub(crate) use act::{PackageAct, PackageError};
pub(crate) use book::{PackageBook, PackageFilter};
pub(crate) use entity::{
    Arrangement, Handover, Loss, Measures, Package, PackageStatus, PackageTag, Service, Shipment, Track,
    TrackStep,
};
pub(crate) use region::{exists_after_payment, may_be_marked_as_shipped, seller_reports_delivery};
