//! One module a command.

pub(crate) mod call;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod emulate;
pub(crate) mod hub;
pub(crate) mod ops;
pub(crate) mod profile;
pub(crate) mod sign;
pub(crate) mod why;
