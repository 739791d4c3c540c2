//! A world for tests: emulator, hub, sink and clock on free ports.
//!
//! Start with [`World::builder`] for the whole journey, or with [`TestPlatform::start`] for the emulated platform and SDK clients
//! alone. [`LeakHunt`] and [`WireTap`] find secrets where none may be. Tests of other crates use this one as a dev-dependency
//! only.

mod connect;
mod control;
mod leak;
mod log;
mod platform;
mod sink;
mod tap;
mod world;

pub use connect::connect_seller;
pub use control::Control;
pub use leak::{Leak, LeakHunt};
pub use log::KeptLog;
pub use platform::{PlatformOptions, TestPlatform};
pub use sink::{TakenEvent, VerifyingSink};
pub use tap::WireTap;
pub use world::{World, WorldBuilder};
