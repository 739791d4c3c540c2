//! What the platform's error codes mean.

use crate::generated::ERRORS;

/// One code.
#[derive(Debug)]
pub struct ErrorCode {
    /// `code` in the envelope.
    pub code: i64,
    /// What it means, in our words. The platform's text differs by endpoint and market.
    pub meaning: &'static str,
    /// Families that answer it; `common` for the gateway's own.
    pub families: &'static [&'static str],
    /// What it may mean in detail, where one code says several things.
    pub cases: &'static [&'static str],
}

/// Looks a code up; codes the catalogue does not know exist.
pub fn error_code(code: i64) -> Option<&'static ErrorCode> {
    let place = ERRORS.binary_search_by_key(&code, |error| error.code).ok()?;
    ERRORS.get(place)
}
