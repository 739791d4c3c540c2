//! What must hold for any bytes, and a runner that tries some.
//!
//! A [`Target`] takes bytes and panics if something does not hold. The targets are shared by two runners: the one of this
//! crate, which needs no more than the stable toolchain, and libFuzzer in `fuzz/`, which sees the branches taken and needs
//! nightly. [`campaign`] is one target's loop: mutate, run, keep what came to something new. [`supervise`] gives every
//! target a process of its own, so that an input that overflows the stack or never ends is caught like one that panics.

mod campaign;
mod corpus;
mod mutator;
mod report;
mod schema_value;
mod supervise;
mod target;

pub use campaign::{Finding, Tally, campaign, try_input};
pub use corpus::{read_corpus, save_finding};
pub use report::print_report;
pub use supervise::{Ended, Orders, Report, supervise};
pub use target::{PLANTED, Shape, TARGETS, Target, find};
