//! What generated models share: one visitor for scalars, one for field names, one for objects, so that a model is a list.
//!
//! Reading is tolerant, because one odd field must not cost a page of orders: unknown fields are skipped, null is the same
//! as missing, numbers are read from text and text from numbers, and a scalar of the wrong kind reads as missing. The
//! caller keeps the raw bytes, so nothing is lost. Derived impls would do the same work at several times the build cost.

mod read;
mod scalar;
mod split;
mod write;

pub(crate) use read::{ReadModel, ReadValue, decode, decode_wrapped, read_model, read_scalar, skip, take};
pub(crate) use scalar::{Scalar, read_text};
pub(crate) use split::{parts, to_value};
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
