//! Batches that fail in part: code 0 on the outside, errors inside.

use serde::de::DeserializeOwned;

use crate::rt::{Fields, NotJson, ReadModel, Reader, fields, readable};

/// What an answer's `data` can do.
pub trait Answer: DeserializeOwned + std::fmt::Debug + Send + 'static {
    /// What failed although the call as a whole did not. Check it after every batch: the platform answers code 0.
    fn failures(&self) -> Vec<PartialFailure> {
        Vec::new()
    }
}

/// One thing of a batch that failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartialFailure {
    /// The platform's code, if it gave a number.
    pub code: Option<i64>,
    /// The platform's text.
    pub message: String,
    /// Which thing failed: names and values of `detail`, such as `product_id`.
    pub subject: Vec<(&'static str, String)>,
}

/// Keeps what is set.
pub(crate) fn subject<const N: usize>(
    named: [(&'static str, Option<String>); N],
) -> Vec<(&'static str, String)> {
    named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// An answer that says nothing but that the call succeeded.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Empty;

impl Answer for Empty {}

impl ReadModel for Empty {
    const FIELDS: Fields = fields![];

    fn read_field(&mut self, _: usize, reader: &mut Reader<'_>) -> Result<(), NotJson> {
        reader.skip()
    }
}

readable!(Empty);

#[cfg(feature = "both")]
impl crate::rt::WriteModel for Empty {
    fn write_fields<M: serde::ser::SerializeMap>(&self, _: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

#[cfg(feature = "both")]
crate::rt::writable!(Empty);
