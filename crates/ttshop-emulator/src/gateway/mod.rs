//! The platform's front door: who may call what, checked in the platform's order with its codes (PLATFORM.md 3, 4.2).
//!
//! [`admit`] is the list of checks; each check lives in its own file and either lets the call pass or says [`Refusal`].
//! [`answer`] runs a call through the door, the faults and the family's handler, and writes the journal.

mod admit;
mod answer;
mod call;
mod content;
mod explain;
mod parameters;
mod quota;
mod refusal;
mod route;
mod shop;
mod signature;
mod token;

pub(crate) use admit::{Admitted, admit};
pub(crate) use answer::{Answer, Ending, answer};
pub(crate) use call::{Call, Content};
pub(crate) use quota::Quota;
pub(crate) use refusal::{Refusal, Success};
