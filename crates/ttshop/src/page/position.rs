//! Where a listing stands, and the request that asks for what follows.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use ttshop_api::{Body, Parts};
use ttshop_catalogue::{Operation, Pagination};

use crate::error::InvalidCall;
use crate::reply::RawReply;

/// What an answer says about its list.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The token of the next page.
    pub(super) next_page_token: Option<String>,
    /// Rows of all pages, where the platform counts them.
    pub(super) total_count: Option<u64>,
    /// Rows of this page; none where several lists share a page.
    pub(super) rows: Option<u64>,
    /// The list as it was sent.
    pub(super) list: Option<Box<RawValue>>,
}

impl Listing {
    /// Reads the list and what stands beside it.
    pub(super) fn read(reply: &RawReply, operation: &Operation) -> Result<Self, serde_json::Error> {
        let path = operation.pagination.paging().and_then(|paging| paging.items);
        let (parents, name) = match path.map(|path| path.rsplit_once('.').unwrap_or(("", path))) {
            Some((parents, name)) => (parents, Some(name)),
            None => ("", None),
        };
        let mut holder: Option<Box<RawValue>> = reply.decode()?;
        for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
            holder = match holder {
                Some(holder) => fields(&holder)?.remove(parent),
                None => None,
            };
        }
        let Some(mut fields) = holder.as_deref().map(fields).transpose()? else {
            return Ok(Self { rows: name.map(|_| 0), ..Self::default() });
        };
        let list = name.and_then(|name| fields.remove(name));
        let rows = list.as_deref().map(|list| serde_json::from_str::<Option<Vec<&RawValue>>>(list.get()));
        let rows = rows.transpose()?.flatten().map(|rows| rows.len());
        let token = fields.remove("next_page_token").map(|token| text(&token)).transpose()?.flatten();
        let total = fields.remove("total_count").map(|total| text(&total)).transpose()?.flatten();
        Ok(Self {
            next_page_token: token.filter(|token| !token.is_empty()),
            total_count: total.and_then(|total| total.parse().ok()),
            rows: name.map(|_| u64::try_from(rows.unwrap_or(0)).unwrap_or(u64::MAX)),
            list,
        })
    }
}

type Fields = std::collections::HashMap<String, Box<RawValue>>;

/// The fields of an object; null has none.
fn fields(object: &RawValue) -> Result<Fields, serde_json::Error> {
    serde_json::from_str::<Option<Fields>>(object.get()).map(Option::unwrap_or_default)
}

/// A text, or a number as text; tokens and counts arrive as either.
fn text(raw: &RawValue) -> Result<Option<String>, serde_json::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Lenient {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(match serde_json::from_str::<Option<Lenient>>(raw.get())? {
        Some(Lenient::Text(text)) => Some(text),
        Some(Lenient::Number(number)) => Some(number.to_string()),
        None => None,
    })
}

/// The request for the page behind `token`.
pub(super) fn with_token(parts: &Parts, operation: &Operation, token: &str) -> Result<Parts, InvalidCall> {
    let mut parts = parts.clone();
    if matches!(operation.pagination, Pagination::Body(_)) {
        return with_body_field(parts, "page_token", token.into());
    }
    parts.query.retain(|(name, _)| *name != "page_token");
    parts.query.push(("page_token", token.into()));
    Ok(parts)
}

/// The request with another value in a field of its body.
pub(super) fn with_body_field(mut parts: Parts, name: &str, value: Value) -> Result<Parts, InvalidCall> {
    let mut body = body(&parts)?;
    body.insert(name.into(), value);
    parts.body = Body::Json(serde_json::to_vec(&body).map_err(|_| InvalidCall::Body)?);
    Ok(parts)
}

/// How a listing by numbers goes on: pages are numbered, or rows are skipped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter {
    field: &'static str,
    pub(super) value: u64,
    counts_rows: bool,
    /// The listing begins with the first row, so that its rows can be compared with the total.
    pub(super) from_start: bool,
}

impl Counter {
    /// Begins where the request says, or at the beginning.
    pub(super) fn begin(parts: &Parts, field: &'static str) -> Result<Self, InvalidCall> {
        let counts_rows = field.contains("offset");
        let first = u64::from(!counts_rows);
        let given = body(parts)?.get(field).and_then(Value::as_u64);
        let value = given.unwrap_or(first);
        Ok(Self { field, value, counts_rows, from_start: value <= first })
    }

    /// The request for where it stands.
    pub(super) fn request(self, parts: &Parts) -> Result<Parts, InvalidCall> {
        with_body_field(parts.clone(), self.field, self.value.into())
    }

    /// Goes on behind a page with so many rows.
    #[must_use]
    pub(super) fn after(self, rows: u64) -> Self {
        Self { value: self.value.saturating_add(if self.counts_rows { rows } else { 1 }), ..self }
    }
}

fn body(parts: &Parts) -> Result<Map<String, Value>, InvalidCall> {
    match &parts.body {
        Body::None => Ok(Map::new()),
        Body::Json(json) => serde_json::from_slice(json).map_err(|_| InvalidCall::Body),
        Body::Multipart(_) => Err(InvalidCall::NotPaged),
    }
}
