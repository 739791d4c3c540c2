//! The binary from outside.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod crash;
mod output;
mod program;
