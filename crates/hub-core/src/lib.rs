//! The hub's heart: what an inbox, a job, a mirror, an outbox and a shop are, and what may happen to them.
//!
//! Everything here is plain data and pure decisions: no async, no SQL, no clock, no randomness. `now` and new ids are
//! arguments. Stores keep these values, the engine moves them, and neither decides anything on its own.
//!
//! The cast, in the order in which one order meets it:
//!
//! - an [`Incoming`] hint (a notification or a sweep's finding) becomes an inbox row and asks for work in a [`Lane`];
//! - the lane's [`ClaimedJob`] fetches the authoritative resource, and [`mirror::decide`] says whether it is news;
//! - [`Changes`] carries the new mirror row, its [`Event`] and the end of the job into one commit;
//! - a [`ClaimedDelivery`] takes the event to a sink, and [`delivery::after_failure`] says when to try again.
//!
//! A lane holds at most one job, however many hints ask for it. Rejected: one job a hint. It keeps order within an entity
//! only by locking, and a burst of ten hints for one order costs ten calls to the platform where one tells the truth.

mod changes;
pub mod delivery;
mod event;
mod inbox;
pub mod job;
pub mod mirror;
mod shop;
pub mod sweep;

pub use changes::{Changes, JobEnd};
pub use delivery::{AttemptOutcome, ClaimedDelivery, DeliveryFailure};
pub use event::{Event, EventId, EventKind, SinkName};
pub use inbox::{Accepted, AppName, DedupeKey, Incoming, Origin};
pub use job::{ClaimedJob, Fence, JobFailure, Lane};
pub use mirror::{MirrorRow, MirrorVersion, Provenance, Resource};
pub use shop::{
    Authorization, AuthorizationId, AuthorizationState, ConnectIntent, SealedBytes, Shop, ShopState,
};
pub use sweep::{Cursor, SweepReport};
