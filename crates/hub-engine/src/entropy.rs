//! Randomness as an argument.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

/// Where keys, nonces and jitter come from.
pub trait Entropy: Send + Sync + fmt::Debug {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// The machine has no randomness to give; nothing may be sealed or begun then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The machine gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the machine gave no randomness")]
pub struct EntropyError(#[source] getrandom::Error);

/// The machine's own randomness.
#[derive(Clone, Copy, Debug)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(bytes).map_err(EntropyError)
    }
}

/// The same bytes for the same seed: for tests and demos, never for real secrets.
pub struct SeededEntropy(Mutex<ChaCha20Rng>);

impl SeededEntropy {
    /// Randomness that follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
        Ok(())
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededEntropy")
    }
}

/// A number in 0..=999 that spreads retries; without randomness they go together, which is slower and not wrong.
pub(crate) fn jitter(entropy: &dyn Entropy) -> u32 {
    let mut bytes = [0; 4];
    match entropy.fill(&mut bytes) {
        Ok(()) => u32::from_le_bytes(bytes) % 1000,
        Err(_) => 0,
    }
}
