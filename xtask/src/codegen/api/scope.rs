//! Where a name is seen, and so with which others it may not collide.

use std::collections::{BTreeMap, BTreeSet};

use super::homes::Place;
use crate::codegen::catalogue::Family;

/// Who sees a type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Scope {
    /// The whole family: several files use it.
    Shared,
    /// The whole family, and its own version: it belongs to a default operation.
    Exported(String),
    /// Its version only.
    Version(String),
}

impl Scope {
    pub(crate) fn of(place: Place, family: &Family) -> Self {
        match place {
            Place::Shared(_) => Self::Shared,
            Place::Operation(place) => {
                let operation = &family.operations[place];
                let version = operation.raw.version.clone();
                if operation.pinned { Self::Exported(version) } else { Self::Version(version) }
            }
        }
    }

    /// Whether the whole family sees it.
    pub(crate) fn is_wide(&self) -> bool {
        !matches!(self, Self::Version(_))
    }
}

/// Names that are given away.
pub(crate) struct Taken {
    /// Names that nothing else may have anywhere.
    everywhere: BTreeSet<String>,
    /// Names of default operations' types, which other versions may use again.
    exported: BTreeSet<String>,
    by_version: BTreeMap<String, BTreeSet<String>>,
}

impl Taken {
    pub(crate) fn new(reserved: BTreeSet<String>) -> Self {
        Self { everywhere: reserved, exported: BTreeSet::new(), by_version: BTreeMap::new() }
    }

    pub(crate) fn is_free(&self, name: &str, scope: &Scope) -> bool {
        let in_version =
            |version: &str| self.by_version.get(version).is_some_and(|names| names.contains(name));
        let in_any_version = || self.by_version.values().any(|names| names.contains(name));
        if self.everywhere.contains(name) {
            return false;
        }
        match scope {
            Scope::Shared => !self.exported.contains(name) && !in_any_version(),
            Scope::Exported(version) => !self.exported.contains(name) && !in_version(version),
            Scope::Version(version) => !in_version(version),
        }
    }

    pub(crate) fn take(&mut self, name: &str, scope: &Scope) {
        match scope {
            Scope::Shared => drop(self.everywhere.insert(name.to_owned())),
            Scope::Exported(version) => {
                self.exported.insert(name.to_owned());
                self.by_version.entry(version.clone()).or_default().insert(name.to_owned());
            }
            Scope::Version(version) => {
                self.by_version.entry(version.clone()).or_default().insert(name.to_owned());
            }
        }
    }
}
