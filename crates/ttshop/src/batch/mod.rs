//! Many things, more than one call takes: in chunks of the documented size, a few calls at a time, each result joined to what
//! it answers.

mod outcome;
mod run;

pub use outcome::{Batch, ItemError};
pub use run::{BATCH_CHUNK, BATCH_CONCURRENCY, BATCH_CONCURRENCY_MAX, Batching};
