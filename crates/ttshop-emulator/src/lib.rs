//! The TikTok Shop platform, emulated: gateway, worlds, time, faults.
//!
//! Start one with [`Emulator::builder`]; it serves the API, the token endpoints, the consent page and its control API on one
//! port, and posts signed webhooks. It knows neither the SDK nor the hub: they meet it over HTTP.
//!
//! ```
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use ttshop_emulator::Emulator;
//!
//! let emulator = Emulator::builder().seed(7).start().await?;
//! println!("{}", emulator.connection().api_url);
//! emulator.shutdown().await?;
//! # Ok(())
//! # }
//! ```

mod clock;
mod connection;
mod contract;
mod control;
mod dice;
mod document;
mod emulator;
mod family;
mod faults;
mod gateway;
mod instant;
mod intake;
mod journal;
mod keeper;
mod money;
mod oauth;
mod page_token;
mod platform;
mod server;
mod snapshot;
mod spec;
mod switches;
mod tier;
mod upload;
mod webhook;
mod world;
mod worlds;

pub use clock::EmulatorClock;
pub use connection::{CategoryAssetAccess, ConnectedCreator, ConnectedPartner, ConnectedShop, Connection};
pub use contract::{SampleFile, SampleRequest, sample_request};
pub use emulator::{Emulator, EmulatorBuilder, RunningEmulator, ScenarioError, StartError};
pub use faults::{FaultKind, FaultRule};
pub use snapshot::SnapshotError;
pub use spec::{AppSpec, CreatorSpec, PartnerSpec, SellerSpec, ShopSpec, WorldSpec};
pub use switches::{InventoryWebhook, MarketPolicy, QuotaWindow, RefreshRotation, RefusalError, Switches};
pub use tier::{Tier, tier};
pub use webhook::Chaos;
