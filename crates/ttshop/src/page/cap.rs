//! How many rows of one search the platform shows.

use ttshop_catalogue::Operation;

use crate::error::Error;

/// The most rows of one window where the platform names no bound of its own.
pub const WINDOW_ROWS_MAX: u32 = 10_000;

/// The bound of one operation's searches.
struct Cap {
    /// The operation, in every version.
    key: &'static str,
    /// The rows that are shown.
    rows: u32,
    /// What the platform answers to whoever asks for more.
    code: i64,
}

/// Every bound that the platform names.
const CAPS: [Cap; 3] = [
    Cap { key: "product.search_global_products", rows: 10_000, code: 12_052_180 },
    Cap { key: "product.search_products", rows: 10_000, code: 12_052_180 },
    Cap { key: "promotion.search_promotion_activities", rows: 10_000, code: 17_029_059 },
];

/// The rows that the platform shows of one search, if it names a bound.
pub(super) fn rows_shown(operation: &Operation) -> Option<u32> {
    CAPS.iter().find(|cap| cap.key == operation.key).map(|cap| cap.rows)
}

/// Whether a call failed because it asked for rows beyond a bound.
pub(super) fn is_passed(error: &Error) -> bool {
    error.code().is_some_and(|code| CAPS.iter().any(|cap| cap.code == code))
}
