//! Grants: tokens that are fresh, and one refresh at a time.

mod error;
mod grants;
mod revocation;
mod sealed;

pub use error::GrantError;
pub(crate) use grants::{Grants, with_access};
pub(crate) use revocation::check_deauthorization;
pub(crate) use sealed::{SealedTokens, open_cipher, seal_cipher};
#[cfg(test)]
mod tests;
