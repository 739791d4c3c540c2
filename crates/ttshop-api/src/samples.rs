//! One request of every operation, for tests that must see them all.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ttshop_catalogue::Operation;

use crate::request::Request;
use crate::upload::FileUpload;

pub use crate::generated::samples::each;

/// What is done with every sample.
pub trait Visitor {
    /// Takes the sample of one operation: what the catalogue requires and nothing else.
    fn visit<R>(&mut self, sample: R)
    where
        R: Request<Response: Serialize> + DeserializeOwned + Clone + 'static;
}

/// A file that a part takes.
pub(crate) fn upload(operation: &Operation, part: &str) -> FileUpload {
    let rule = operation.uploads().iter().find(|rule| rule.part == part);
    let example = rule.expect("every file part has a rule").example();
    FileUpload::new(example.name, example.format.media_type(), Bytes::from_static(example.bytes))
}
