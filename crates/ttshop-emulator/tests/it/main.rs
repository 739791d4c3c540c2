//! The emulator from outside: over HTTP, as a client sees it.

mod client;
mod control;
mod gateway;
mod oauth;
mod orders;
mod restart;
mod webhooks;
