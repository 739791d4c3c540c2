//! Stories told over whole worlds.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends at the first surprise, and a random one prints its seed"
)]

mod chaos;
mod every_operation;
mod leak;
mod life;
mod quota;
mod sdk;
mod secrets;
mod topics;
mod uploads;
