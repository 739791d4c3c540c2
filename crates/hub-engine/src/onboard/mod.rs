//! Onboarding: a browser goes to the consent page and comes back with a code, and the hub ends up with sealed tokens,
//! connected shops, registered notifications and a backfill under way.
//!
//! Whoever begins must finish: the `state` works once, for ten minutes, for one app, in the browser that began. Without that
//! binding a stranger could make a seller's browser finish the stranger's connection, or the other way round.

mod connect;
mod error;
mod finish;

pub use connect::{Begun, Callback, Connected, Onboarding};
pub use error::{BeginError, FinishError};
#[cfg(test)]
mod tests;
