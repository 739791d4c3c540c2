//! The client against a scripted platform, and its transport against real sockets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod batches;
mod budget_learning;
mod budget_limits;
mod budget_processes;
mod budget_sharing;
mod budgets;
mod cookbook;
mod errors;
mod hooks;
mod http;
mod masked;
mod named_calls;
mod oauth;
mod pages;
mod partials;
mod refreshing;
mod replies;
mod requests;
mod retries;
mod secrets;
mod simulation;
mod skew;
mod tls;
mod typed_calls;
mod uploads;
mod windows;
mod world;
