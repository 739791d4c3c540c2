//! The emulator from outside: over HTTP, as a client sees it.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod affiliate;
mod aftersales;
mod analytics;
mod browser;
mod cancellations;
mod catalogue;
mod categories;
mod checked;
mod client;
mod contract;
mod control;
mod customer_service;
mod fbt;
mod finance;
mod fulfillment;
mod gateway;
mod global_products;
mod library;
mod market;
mod oauth;
mod orders;
mod packages;
mod page;
mod products;
mod promotion;
mod restart;
mod scenarios;
mod sellers;
mod survival;
mod tiers;
mod uploads;
mod validator;
mod webhooks;
mod worlds;
