//! What became of each thing of a batch.

use std::collections::HashMap;

use crate::error::{Error, ItemFailure};

/// Every input, in the order given, with what became of it.
#[derive(Clone, Debug)]
pub struct Batch<I, T> {
    /// Inputs and their results.
    pub items: Vec<(I, Result<T, ItemError>)>,
}

/// Why one thing of a batch has no result.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ItemError {
    /// The platform refused this one.
    #[error("code {}: {}", .0.code, .0.message)]
    Failed(ItemFailure),
    /// The platform refused something in this one's call without saying what.
    #[error("code {}: {}; the platform does not say for which item", .0.code, .0.message)]
    Unattributed(ItemFailure),
    /// The answer does not hold it; the platform leaves out ids that it does not know.
    #[error("the platform knows nothing of it")]
    Missing,
    /// It stands earlier in the batch, too, and was sent once.
    #[error("it stands in the batch before")]
    Repeated,
    /// The call with its chunk failed as a whole.
    #[error("the call for it failed")]
    Call(#[source] Error),
}

impl<I, T> Batch<I, T> {
    /// Inputs with a result.
    pub fn succeeded(&self) -> impl Iterator<Item = (&I, &T)> {
        self.items.iter().filter_map(|(input, result)| Some((input, result.as_ref().ok()?)))
    }

    /// Inputs without one.
    pub fn failed(&self) -> impl Iterator<Item = (&I, &ItemError)> {
        self.items.iter().filter_map(|(input, result)| Some((input, result.as_ref().err()?)))
    }

    /// Inputs that the platform does not know.
    pub fn missing(&self) -> impl Iterator<Item = &I> {
        self.failed().filter(|(_, error)| matches!(error, ItemError::Missing)).map(|(input, _)| input)
    }

    /// Whether every input has a result.
    pub fn is_whole(&self) -> bool {
        self.failed().next().is_none()
    }
}

impl<I, T> IntoIterator for Batch<I, T> {
    type Item = (I, Result<T, ItemError>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

/// The results of one call, by the key of what they answer.
pub(super) struct ChunkResults<T> {
    pub(super) outcome: Result<HashMap<String, T>, Error>,
    pub(super) failures: Vec<ItemFailure>,
}

impl<T> ChunkResults<T> {
    /// The result for `key`. `otherwise` is what a whole answer without a word about it means.
    pub(super) fn take(
        &mut self,
        key: &str,
        otherwise: impl Fn() -> Result<T, ItemError>,
    ) -> Result<T, ItemError> {
        if let Some(failure) = self.failures.iter().find(|failure| failure.names(key)) {
            return Err(ItemError::Failed(failure.clone()));
        }
        let rows = self.outcome.as_mut().map_err(|error| ItemError::Call(error.clone()))?;
        if let Some(row) = rows.remove(key) {
            return Ok(row);
        }
        otherwise()
    }

    /// Failures that name none of `keys`.
    pub(super) fn unattributed(&self, keys: &[String]) -> Option<ItemFailure> {
        let names_one = |failure: &&ItemFailure| keys.iter().any(|key| failure.names(key));
        self.failures.iter().find(|failure| !names_one(failure)).cloned()
    }
}
