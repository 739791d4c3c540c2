//! `{code, message, request_id, data}`: what every answer of the platform is wrapped in.

use serde::de::Error;
use serde_json::value::RawValue;
use ttshop_types::RequestId;

use crate::rt::{Fields, NotJson, Reader, Scalar, explain, fields, read_object};

/// An answer, opened but with `data` unread.
///
/// Keys come in any order; `code` may be text; `request_id` may be missing; `data` may be null, missing or `{}` where
/// nothing is answered.
#[derive(Clone, Debug)]
pub struct Envelope<'bytes> {
    /// 0 is success; see `ttshop_catalogue::error_code` for the rest.
    pub code: i64,
    /// The platform's text: for people, never for decisions.
    pub message: String,
    /// The platform's name for this call.
    pub request_id: Option<RequestId>,
    /// The JSON text of `data`; none when it is null or missing.
    pub data: Option<&'bytes str>,
}

impl<'bytes> Envelope<'bytes> {
    /// Opens an answer.
    ///
    /// # Errors
    /// The bytes are no JSON object, or it has no `code` that is a whole number: an edge server's page, or a cut body.
    pub fn parse(bytes: &'bytes [u8]) -> Result<Self, EnvelopeError> {
        Self::read(bytes, &mut Reader::skip)
    }

    /// Opens an answer whose `data` is taken by `read_data`.
    pub(crate) fn read(
        bytes: &'bytes [u8],
        read_data: &mut dyn FnMut(&mut Reader<'bytes>) -> Result<(), NotJson>,
    ) -> Result<Self, EnvelopeError> {
        const FIELDS: Fields = fields!["code", "message", "request_id", "data"];
        let body =
            std::str::from_utf8(bytes).map_err(|error| EnvelopeError::NotJson(Error::custom(error)))?;
        let mut code = None;
        let mut envelope = Self { code: 0, message: String::new(), request_id: None, data: None };
        let mut reader = Reader::new(body);
        let read = read_object(&mut reader, &FIELDS, &mut |field, reader| {
            match field {
                0 => code = reader.scalar()?.into_integer(),
                1 => envelope.message = reader.scalar()?.into_text().unwrap_or_default(),
                2 => envelope.request_id = request_id(reader.scalar()?),
                _ => {
                    let data = reader.written(&mut *read_data)?;
                    envelope.data = Some(data).filter(|data| *data != "null");
                }
            }
            Ok(())
        });
        read.and_then(|()| reader.end()).map_err(|NotJson| EnvelopeError::NotJson(no_object(body)))?;
        envelope.code = code.ok_or(EnvelopeError::NoCode)?;
        Ok(envelope)
    }

    /// The bytes of `data`, empty when there is none; what [`crate::Request::decode`] takes.
    pub fn data_bytes(&self) -> &'bytes [u8] {
        self.data.unwrap_or_default().as_bytes()
    }
}

fn request_id(scalar: Scalar<'_>) -> Option<RequestId> {
    scalar.into_text().filter(|id| !id.is_empty()).map(RequestId::from)
}

#[cold]
fn no_object(body: &str) -> serde_json::Error {
    let is_object = body.trim_ascii_start().starts_with('{');
    if is_object { explain(body) } else { Error::custom("an answer is an object") }
}

/// Why bytes are no answer of the platform.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Not a JSON object.
    #[error("the answer is no JSON object")]
    NotJson(#[source] serde_json::Error),
    /// JSON, but not an envelope.
    #[error("the answer has no `code`")]
    NoCode,
}

/// Any scalar, whatever its JSON type.
pub(crate) fn scalar(raw: &RawValue) -> Option<Scalar<'_>> {
    Reader::new(raw.get()).scalar().ok()
}

/// Text, or a number as text.
pub(crate) fn text(raw: &RawValue) -> Option<String> {
    scalar(raw)?.into_text()
}
