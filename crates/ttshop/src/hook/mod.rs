//! Watching calls, and answering them in the platform's stead.
//!
//! A [`Hook`] stands around every try of every call: it may answer before anything is sent, and it is told how the try ended.
//! [`Recorder`] writes what passes as JSON lines, without secrets and buyers' data; [`Replay`] is a transport that answers from
//! such lines.

mod around;
mod record;
mod redact;
mod replay;
mod view;

pub(crate) use around::Hooks;
pub use record::Recorder;
pub use replay::{Replay, ReplayError};
pub use view::{Hook, HookAnswer, TryEnd, TryView};
