//! Reading all pages of a list, and saying so when it cannot be all.
//!
//! [`RawPages`] follows one list to its end, whatever way its pages are asked for. Where the platform shows only so many rows
//! of one search, [`RawWindows`] puts a time filter around each search and narrows it until all rows are shown. [`Pages`] and
//! [`Windows`] are the same with types.

mod cap;
mod position;
mod raw;
mod time_filter;
mod typed;
mod windows;

pub use cap::WINDOW_ROWS_MAX;
pub use raw::{EMPTY_PAGES_MAX, PAGES_MAX, RawPages};
pub use typed::{Pages, Windows};
pub use windows::RawWindows;
