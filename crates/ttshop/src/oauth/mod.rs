//! Authorisation: links to the consent page, its callback, and the tokens.

mod callback;
mod client;
mod links;
mod scopes;
mod token_set;

pub use callback::{Callback, CallbackError};
pub use client::OAuth;
pub use links::{AuthorizeHosts, Grantor};
pub use scopes::{Gap, GapReason};
pub use token_set::{TokenSet, UserType};
