//! The targets.

mod envelope;
mod models;
mod planted;
mod signature;
mod values;
mod webhook;

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// What an input came to. Inputs of a new shape are kept to be mutated further.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Shape(pub u64);

impl Shape {
    pub(crate) fn of(what: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// Something that must hold for any bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is also its corpus's directory.
    pub name: &'static str,
    /// Takes bytes; panics if something does not hold.
    pub run: fn(&[u8]) -> Shape,
    /// Inputs to start from, beside the kept corpus.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: [Target; 5] =
    [envelope::TARGET, webhook::TARGET, models::TARGET, signature::TARGET, values::TARGET];

/// Targets that fail on purpose: the proof that a runner notices.
pub const PLANTED: [Target; 3] = planted::TARGETS;

/// The target of this name, planted ones included.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().chain(&PLANTED).find(|target| target.name == name)
}

/// A length as a power of two: precise enough to tell inputs apart, coarse enough to keep few.
pub(crate) fn magnitude(length: usize) -> u32 {
    usize::BITS - length.leading_zeros()
}
