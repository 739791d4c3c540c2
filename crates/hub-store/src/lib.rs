//! What the hub asks of a store, in the hub's own words.
//!
//! Every method is one verb of the domain and one commit (or one snapshot, for reads). SQL, pools and drivers stay inside the
//! store crates. Start with [`Store`]; [`conformance`] is the one suite that every store passes, and [`MemoryStore`] is
//! the shortest correct one.

pub mod conformance;
mod error;
mod memory;
mod page;
mod store;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use page::OrderPosition;
pub use store::{
    Backlog, CLAIM_MAX, CONNECT_INTENTS_MAX, InboxRow, JobClaim, OrderPage, OrderQuery, PAGE_MAX, ParkedJob,
    SWEEP_REPORTS_KEPT, Store, StoreFuture,
};
