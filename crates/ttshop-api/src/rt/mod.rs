//! What generated models share: one reader for all, one table of field names each, so that a model is a list.
//!
//! Reading is tolerant, because one odd field must not cost a page of orders: unknown fields are skipped, null is the same
//! as missing, numbers are read from text and text from numbers, and a scalar of the wrong kind reads as missing. The
//! caller keeps the raw bytes, so nothing is lost. Derived impls would do the same work at several times the build cost.
//!
//! A [`Reader`] stands in the text, [`Fields`] finds a field's number by its name, and [`ReadModel::read_field`] reads the value
//! into its place. Serde's own traits are there for callers: `foreign` serves them by way of JSON text.

mod fields;
mod foreign;
mod read;
mod reader;
mod scalar;
mod split;
mod unescape;
mod write;

pub(crate) use fields::{Fields, fields, fill_slots, slot_count};
pub(crate) use foreign::{read_model, read_value};
pub(crate) use read::{ReadModel, ReadValue, decode, decode_wrapped, open, read_object, read_text, take};
pub(crate) use reader::{NotJson, Reader, explain};
pub(crate) use scalar::Scalar;
pub(crate) use split::parts;
pub(crate) use write::{WriteModel, WriteValue, put, write_model};

/// `Deserialize` for models that read.
macro_rules! readable {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::rt::read_model(deserializer)
            }
        }
    };
}

/// `Serialize` for models that write.
macro_rules! writable {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::rt::write_model(self, serializer)
            }
        }
    };
}

pub(crate) use {readable, writable};
