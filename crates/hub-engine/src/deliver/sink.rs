//! Where events go.

use std::fmt;
use std::pin::Pin;

use hub_core::{DeliveryFailure, EventId, SinkName};
use ttshop_types::Timestamp;

/// An attempt under way.
pub type SinkFuture<'a> = Pin<Box<dyn Future<Output = Result<(), DeliveryFailure>> + Send + 'a>>;

/// A place that takes events: an HTTP endpoint, or code in this process.
pub trait Sink: Send + Sync + fmt::Debug {
    /// The name that deliveries are kept under; it must outlive restarts.
    fn name(&self) -> &SinkName;

    /// Takes one event. The same id may come again after a crash or a lost answer.
    fn deliver<'a>(&'a self, outgoing: Outgoing<'a>) -> SinkFuture<'a>;
}

/// One event on its way.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// Its name for ever; the same in every attempt.
    pub id: &'a EventId,
    /// What it is, as a word.
    pub kind: &'a str,
    /// The JSON body.
    pub payload: &'a [u8],
    /// Tries before this one.
    pub attempts: u32,
    /// The time of this try.
    pub now: Timestamp,
}

/// Payloads hold buyers' data.
impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}
