//! Answers of the platform.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use ttshop_api::Request;
use ttshop_types::RequestId;

use crate::error::{BadReply, Error};
use crate::request::facts;

/// A typed answer.
#[derive(Clone, Debug)]
pub struct Reply<T> {
    /// The answer.
    pub data: T,
    /// The platform's id of the call.
    pub request_id: RequestId,
    /// The bytes that were answered.
    pub raw: RawReply,
}

impl<T> Reply<T> {
    pub(crate) fn new(data: T, raw: RawReply) -> Self {
        Self { data, request_id: raw.request_id.clone(), raw }
    }

    pub(crate) fn read<R: Request<Response = T>>(raw: RawReply) -> Result<Self, Error> {
        match R::decode(&raw.data) {
            Ok(data) => Ok(Self::new(data, raw)),
            Err(error) => Err(facts(R::OPERATION).error(BadReply::data(&error), &raw)),
        }
    }
}

/// `data` of a successful answer, as bytes.
#[derive(Clone)]
pub struct RawReply {
    /// The HTTP status.
    pub status: StatusCode,
    /// The platform's id of the call.
    pub request_id: RequestId,
    /// How many times the request was sent.
    pub attempts: u32,
    pub(crate) data: Bytes,
}

impl RawReply {
    /// The JSON text of `data`; `null` when the platform sent none.
    pub fn data(&self) -> &Bytes {
        &self.data
    }

    /// Reads `data` as a `T`.
    ///
    /// # Errors
    /// `data` does not have the shape of a `T`.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.data)
    }

    /// The raw JSON of one field of `data`.
    ///
    /// # Errors
    /// `data` is not an object.
    pub fn field(&self, name: &str) -> Result<Option<&RawValue>, serde_json::Error> {
        Ok(self
            .decode::<Fields<'_>>()?
            .0
            .into_iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value))
    }

    /// The raw JSON of each item of a list in `data`, byte for byte; empty when the list is missing or null.
    ///
    /// # Errors
    /// `data` is not an object, or the field is not a list.
    pub fn items(&self, field: &str) -> Result<Vec<&RawValue>, serde_json::Error> {
        let list = self.field(field)?.map(|list| serde_json::from_str::<Option<Vec<&RawValue>>>(list.get()));
        Ok(list.transpose()?.flatten().unwrap_or_default())
    }
}

/// Answers hold buyers' data: only the size is shown.
impl fmt::Debug for RawReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawReply({}, {}, {} bytes)", self.status.as_u16(), self.request_id, self.data.len())
    }
}

/// The fields of an object in their order, values unread.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;

        impl<'de> serde::de::Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
                Ok(Fields(Vec::new()))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    fields.push(entry);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_any(FieldsVisitor)
    }
}
