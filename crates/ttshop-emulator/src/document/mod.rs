//! Shipping documents that a printer prints and a scanner reads (PLATFORM.md 8.3).

mod code128;
mod page;
mod picture;

pub(crate) use page::{Label, pdf, zpl};
pub(crate) use picture::png;
