//! The contract tier: operations without behaviour of their own still answer as the catalogue says they do.
//!
//! [`Asked`](asked::Asked) looks fields up in the request. [`Context`](context::Context) is what one answer is drawn from:
//! the world's seed, the operation, its parameters, the shop. [`Window`](window::Window) is the page that was asked for.
//! `shape` walks the response schema and writes JSON as it goes; `text`, `number`, `moment` and `identity` fill the leaves.
//!
//! Nothing is stored: the same world, operation and parameters give the same bytes, on one day of the platform's clock.
//! Recorded examples were the alternative; they exist for a few operations only and could not echo what was asked for.

mod asked;
mod context;
mod event;
mod identity;
mod moment;
mod number;
mod reply;
mod sample;
mod shape;
mod text;
mod window;

pub(crate) use event::event_data;
pub(crate) use reply::{Partial, reply};
pub use sample::{SampleFile, SampleRequest, sample_request};
