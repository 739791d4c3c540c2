//! The hub's doors: webhooks, onboarding pages, REST, health, metrics.
//!
//! Start with [`HubServer::start`]. A handler extracts, asks the engine for one verb, and shows the answer; everything that
//! lasts happens in `hub-engine`.

mod api_key;
mod health;
mod hook;
mod metrics_page;
mod onboarding;
mod page;
mod problem;
mod routes;
mod server;
mod state;
mod v1;

pub use metrics_page::{Metrics, MetricsError};
pub use server::{HubServer, HubServerConfig};

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
