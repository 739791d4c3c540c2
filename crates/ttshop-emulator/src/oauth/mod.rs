//! Consent page and token endpoints (PLATFORM.md 1).

mod consent;
mod html;
mod token;

pub(crate) use consent::{ConsentError, agree, decide, page, refuse};
pub(crate) use token::token_endpoint;
