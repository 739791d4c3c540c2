//! What the SDK costs, beside bare primitives and the published crate `tiktok-shop-api`.
//!
//! A [`Contest`] is one job done by several contenders; the first is what the others are compared with. [`Peer`] is an
//! emulator in a process of its own, so that only the client's CPU time counts.

mod allocations;
mod calling;
mod contest;
mod decoding;
mod measure;
mod peer;
#[cfg(feature = "published")]
mod published;
mod report;
mod signing;

pub use allocations::{Allocations, count};
pub use contest::{Contender, Contest};
pub use measure::{Result, measure};
pub use peer::{Peer, serve};
pub use report::{print_json, print_table};

/// Every contest of the SDK.
///
/// # Errors
/// The emulator does not answer as every contender expects.
pub fn sdk(peer: &Peer) -> anyhow::Result<Vec<Contest>> {
    let mut contests = signing::contests();
    let calls = calling::Calls::new(peer)?;
    contests.push(decoding::contest(calls.page()?)?);
    contests.extend(calls.contests());
    Ok(contests)
}
