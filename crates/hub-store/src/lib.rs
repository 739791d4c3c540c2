//! What the hub asks of a store, in the hub's own words.
//!
//! Every method is one verb of the domain and one commit (or one snapshot, for reads). SQL, pools and drivers stay inside the
//! store crates. Start with [`Store`]; [`conformance`] is the one suite that every store passes.

pub mod conformance;
mod error;
mod memory;
mod store;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use store::{Backlog, InboxRow, JobClaim, OrderPage, OrderQuery, ParkedJob, Store, StoreFuture};
