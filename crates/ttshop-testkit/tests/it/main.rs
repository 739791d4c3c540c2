//! Stories told over whole worlds.

mod leak;
mod sdk;
