//! One request of every operation, for tests that must see them all.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::request::{FileUpload, Request};

pub use crate::generated::samples::each;

/// What is done with every sample.
pub trait Visitor {
    /// Takes the sample of one operation: what the catalogue requires and nothing else.
    fn visit<R>(&mut self, sample: R)
    where
        R: Request<Response: Serialize> + DeserializeOwned + Clone + 'static;
}

/// A file of no importance.
pub(crate) fn upload() -> FileUpload {
    FileUpload::new("sample.png", "image/png", Bytes::from_static(b"\x89PNG\r\n\x1a\n"))
}
