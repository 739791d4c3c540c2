//! The control API under `/_emulator/`: what no real platform offers.
//!
//! It answers JSON, `{"error": …}` with 4xx when something is wrong, and only to requests that a web page of another site
//! cannot make (see `guard`).

mod aftersales;
mod conversations;
mod directory;
mod faults;
mod fbt;
mod guard;
mod ledger;
mod orders;
mod packages;
mod page;
mod products;
mod promotions;
mod reply;
mod router;
mod scenarios;
mod time;
mod tokens;
mod truth;
mod webhooks;
mod world;

pub(crate) use guard::is_same_site;
pub(crate) use reply::{ControlError, ControlRequest, Reply};
pub(crate) use router::control;
pub(crate) use scenarios::play;
pub(crate) use truth::truth_chunk;
