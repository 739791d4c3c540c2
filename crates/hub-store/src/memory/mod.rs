//! The store that forgets: everything in maps behind one lock.
//!
//! It serves tests and is the model that the durable stores are compared with, so it is written for the reader: what it
//! does is what the trait says, without regard to speed.

mod jobs;
mod outbox;
mod records;
mod state;
mod store;

pub use store::MemoryStore;
