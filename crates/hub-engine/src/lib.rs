//! The hub at work: ingest, process, mirror, deliver, sweep, and the vault and onboarding they rest on.
//!
//! Start with [`Engine::start`]. The cast: [`Door`] turns a signed notification into an inbox row and its work, in one
//! commit; the processor claims that work, reads the authoritative resource and commits the mirror row with its event; the
//! deliverer takes events to [`Sink`]s; the sweeper looks again for what notifications missed and hands its findings to the
//! same inbox; [`Onboarding`] connects shops; the [`Vault`] seals what must not leak. Rejected: one task a shop. Ten thousand
//! quiet shops would be ten thousand timers, and claims from the store keep order and survive a crash without them.

mod app;
mod code;
mod deliver;
mod engine;
mod entropy;
#[cfg(test)]
mod fixture;
mod grant;
mod hub;
mod ingest;
mod mirror;
mod onboard;
mod platform;
mod process;
mod shop_book;
#[cfg(test)]
mod stuck_store;
mod sweep;
mod task_set;
mod vault;

pub use app::{AppHosts, HubApp, StatelessCallbacks};
pub use code::HubCode;
pub use deliver::{
    AddressPolicy, HttpSink, HttpSinkConfig, Outgoing, Sink, SinkFuture, SinkSecret, SinkSecretError,
    SinkUrlError, verify_event,
};
pub use engine::{Engine, EngineConfig, EngineParts, StartError};
pub use entropy::{Entropy, EntropyError, SeededEntropy, SystemEntropy};
pub use grant::GrantError;
pub use ingest::{DOOR_BODY_BYTES_MAX, Door, DoorAnswer, Knock};
pub use onboard::{BeginError, Begun, Callback, Connected, FinishError, Onboarding};
pub use platform::{
    CallRate, FoundOrder, FoundOrders, GrantedShop, OrderSearch, Platform, PlatformError, PlatformErrorKind,
    PlatformFuture, RawOrder, RawOrders, ShopAccess, Tokens,
};
pub use vault::{KeyId, MasterKey, MasterKeys, SecretPlace, Vault, VaultError};
