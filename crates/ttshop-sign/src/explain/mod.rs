//! Why a signature is wrong: the known mistakes are made again, one at a time, until one yields what was received.

mod attempt;
mod json_text;
mod mistake;
mod report;

pub use mistake::Mistake;
pub use report::{Explanation, SentRequest, Verdict, explain};
