//! `{code, message, request_id, data}`: what every answer of the platform is wrapped in.

use serde::Deserialize;
use serde_json::value::RawValue;
use ttshop_types::RequestId;

use crate::rt::{Scalar, read_scalar};

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
    /// The bytes of `data`; none when it is null or missing.
    pub data: Option<&'bytes RawValue>,
}

impl<'bytes> Envelope<'bytes> {
    /// Opens an answer.
    ///
    /// # Errors
    /// The bytes are no JSON object, or it has no `code` that is a whole number: an edge server's page, or a cut body.
    pub fn parse(bytes: &'bytes [u8]) -> Result<Self, EnvelopeError> {
        let wire: Wire<'bytes> = serde_json::from_slice(bytes).map_err(EnvelopeError::NotJson)?;
        let code = wire.code.and_then(scalar).and_then(Scalar::into_integer).ok_or(EnvelopeError::NoCode)?;
        Ok(Self {
            code,
            message: wire.message.and_then(text).unwrap_or_default(),
            request_id: wire.request_id.and_then(text).filter(|id| !id.is_empty()).map(RequestId::from),
            data: wire.data.filter(|data| data.get() != "null"),
        })
    }

    /// The bytes of `data`, empty when there is none; what [`crate::Request::decode`] takes.
    pub fn data_bytes(&self) -> &'bytes [u8] {
        self.data.map_or(&[], |data| data.get().as_bytes())
    }
}

/// Why bytes are no answer of the platform.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Not a JSON object.
    #[error("the answer is no JSON object")]
    NotJson(#[source] serde_json::Error),
    /// JSON, but not an envelope.
    #[error("the answer has no `code`")]
    NoCode,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    request_id: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// Any scalar, whatever its JSON type.
pub(crate) fn scalar(raw: &RawValue) -> Option<Scalar> {
    read_scalar(&mut serde_json::Deserializer::from_str(raw.get())).ok()
}

/// Text, or a number as text.
pub(crate) fn text(raw: &RawValue) -> Option<String> {
    scalar(raw)?.into_text()
}
