//! Deliver: from the outbox to your systems.
//!
//! The worker claims deliveries that are due, hands each to its [`Sink`], and records the outcomes. The store gives out only
//! the oldest event of a lane, so order holds however many attempts run at once. A sink that fails and fails is left alone
//! for a while, so that it holds no one else's places.

mod guard;
mod http_sink;
mod signature;
mod sink;
mod worker;

pub use guard::{AddressPolicy, SinkUrlError};
pub use http_sink::{HttpSink, HttpSinkConfig};
pub use signature::{SinkSecret, SinkSecretError, verify_event};
pub use sink::{Outgoing, Sink, SinkFuture};
pub(crate) use worker::run;
#[cfg(test)]
mod tests;
