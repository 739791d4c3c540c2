//! How honestly an operation is emulated.

use std::fmt;

use ttshop_catalogue::Operation;

use crate::family;

/// How an operation is emulated; every operation of the catalogue is one or the other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tier {
    /// It reads and changes the world.
    Stateful,
    /// The request is checked against the catalogue; the answer is plausible and repeatable, and nothing happens.
    Contract,
}

impl Tier {
    /// What `x-emulator-tier` says.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stateful => "stateful",
            Self::Contract => "contract",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How `operation` is emulated.
pub fn tier(operation: &Operation) -> Tier {
    if family::handler(operation).is_some() { Tier::Stateful } else { Tier::Contract }
}
