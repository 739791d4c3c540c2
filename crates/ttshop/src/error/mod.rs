//! The one error type of the client, what it means and what to do about it.

mod advice;
mod cause;
mod codes;
mod kind;
mod partial;
mod patterns;
mod report;

pub use advice::{Actor, Advice, Explanation, Retryable};
pub use cause::Cause;
pub use kind::{BadReply, ErrorKind, InvalidCall, PagingError, Refusal};
pub use partial::{BatchFailure, CODE_UNKNOWN, ItemFailure};
pub(crate) use partial::{failures_in, failures_of};
pub(crate) use report::Context;
pub use report::{Error, Retry};
