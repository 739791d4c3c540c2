//! A world for tests: emulator, hub, sink and clock on free ports.
//!
//! Start with [`World::builder`] for the whole journey, or with [`TestPlatform::start`] for the emulated platform and SDK clients
//! alone. [`LeakHunt`] and [`WireTap`] find secrets where none may be. Tests of other crates use this one as a dev-dependency
//! only.

mod control;
mod leak;
mod platform;
mod sink;
mod tap;
mod world;

pub use control::Control;
pub use leak::{Leak, LeakHunt};
pub use platform::{PlatformOptions, TestPlatform};
pub use sink::{TakenEvent, VerifyingSink};
pub use tap::WireTap;
pub use world::{World, WorldBuilder};
