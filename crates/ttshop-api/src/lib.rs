//! TikTok Shop requests and responses, one file an operation.
//!
//! A family is a module and a Cargo feature: [`order`], [`product`]. Inside, each version is a module
//! (`order::v202309`), and the default version of every operation is exported by the family itself:
//!
//! ```
//! use ttshop_api::{Request as _, order::{OrderStatus, SearchOrders}};
//!
//! let search = SearchOrders::new().order_status(OrderStatus::AwaitingShipment).page_size(50);
//! let parts = search.parts();
//! assert_eq!(parts.path, "/order/202309/orders/search");
//! assert_eq!(parts.query, [("page_size", "50".to_owned())]);
//! ```
//!
//! Requests serialise and responses deserialise; the feature `both` adds the other direction, for an emulator or a test.

// What families share is unused where they are off, and an expectation would fail where they are on. With all of them, as the
// workspace is checked, nothing is silenced.
#![cfg_attr(
    not(feature = "full"),
    allow(
        dead_code,
        unreachable_pub,
        unused_imports,
        unused_macros,
        unused_macro_rules,
        reason = "each family needs a part of it"
    )
)]

mod enumeration;
pub mod envelope;
mod failure;
mod generated;
mod request;
mod rt;
#[cfg(feature = "samples")]
pub mod samples;
mod upload;
pub mod webhook;

pub use envelope::{Envelope, EnvelopeError};
pub use failure::{Answer, Empty, PartialFailure};
pub use generated::*;
pub use request::{Body, Page, Paged, Part, PartContent, Parts, Request};
pub use upload::{ByteStream, FileContent, FileStream, FileUpload};
