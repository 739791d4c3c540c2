//! The hub's configuration: defaults, then `hub.toml`, then flags and variables; checked once, here.

mod check;
mod file;
mod keys;

pub(crate) use check::check;
pub(crate) use file::{AppSection, DEFAULT_TEXT, HubConfig, SecretPointer, SinkSection, load};
pub(crate) use keys::{HubSecrets, MASTER_KEY, open_or_create};
