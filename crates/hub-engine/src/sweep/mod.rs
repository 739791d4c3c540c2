//! Sweep: looking again at what the platform lists, so that a lost notification costs time and never data.
//!
//! A sweep compares versions only. What is missing or old goes to the inbox as a finding, and from there the same way as a
//! notification. The cursor moves when every finding of its window is durable, so a sweep that breaks off is done again and
//! skips nothing. The first sweep of a shop is its backfill.

mod lease;
mod pass;
mod worker;

pub(crate) use worker::run;
#[cfg(test)]
mod tests;
