//! What every generated request can do.

use std::fmt;

use serde::Serialize;
use ttshop_catalogue::Operation;

use crate::envelope::{Envelope, EnvelopeError};
use crate::failure::Answer;
use crate::upload::FileUpload;

/// One call, as a plain value: it can be logged, queued and sent later.
///
/// `Serialize` writes all fields flat, by their names on the wire; [`Request::parts`] splits them.
pub trait Request: Serialize + fmt::Debug + Send + Sync {
    /// The type of `data` in the answer.
    type Response: Answer;

    /// What the catalogue says about the call.
    const OPERATION: &'static Operation;

    /// What the catalogue says about the call.
    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    /// Path, query and body, ready to sign.
    fn parts(&self) -> Parts;

    /// Reads the bytes of `data`; null, `{}` and nothing read as an empty answer.
    ///
    /// # Errors
    /// The bytes are no JSON. A field of the wrong kind is no error: it reads as missing.
    fn decode(data: &[u8]) -> Result<Self::Response, serde_json::Error>;

    /// Opens an answer and reads its `data` in one go, which costs less than one after the other. Without a response `data`
    /// cannot be read, and [`Request::decode`] says why.
    ///
    /// # Errors
    /// The bytes are no envelope.
    fn open(body: &[u8]) -> Result<(Envelope<'_>, Option<Self::Response>), EnvelopeError> {
        let envelope = Envelope::parse(body)?;
        Ok((envelope.clone(), Self::decode(envelope.data_bytes()).ok()))
    }
}

/// A request whose answer is one page of several, with a token for the next.
pub trait Paged: Request {
    /// What a page holds.
    type Item;

    /// Asks for the page behind `token`.
    fn set_page_token(&mut self, token: String);

    /// Takes a page out of an answer.
    fn page(response: Self::Response) -> Page<Self::Item>;
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What it holds.
    pub items: Vec<T>,
    /// The token of the next page; none on the last.
    pub next_page_token: Option<String>,
    /// How many items all pages hold, where the platform says so.
    pub total_count: Option<i64>,
}

impl<T> Page<T> {
    /// An empty token ends the list like a missing one.
    pub(crate) fn new(items: Vec<T>, next_page_token: Option<String>, total_count: Option<i64>) -> Self {
        Self { items, next_page_token: next_page_token.filter(|token| !token.is_empty()), total_count }
    }
}

/// A request, split for the wire.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The path with its parameters filled in and percent-encoded: what is sent and what is signed.
    pub path: String,
    /// Query fields that are set, decoded; lists are joined by commas.
    pub query: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

/// A request's body.
#[derive(Clone)]
pub enum Body {
    /// Nothing is sent.
    None,
    /// These bytes, signed and sent as they are.
    Json(Vec<u8>),
    /// A form; it is not signed.
    Multipart(Vec<Part>),
}

/// Bodies hold buyers' data, so only their size is shown.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Json(bytes) => write!(f, "Json({} bytes)", bytes.len()),
            Self::Multipart(parts) => write!(f, "Multipart({} parts)", parts.len()),
        }
    }
}

/// One part of a form.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub content: PartContent,
}

impl Part {
    /// A part for `upload`, if there is one.
    pub(crate) fn file(name: &'static str, upload: Option<&FileUpload>) -> Option<Self> {
        Some(Self { name, content: PartContent::File(upload?.clone()) })
    }
}

/// What a part holds.
#[derive(Clone, Debug)]
pub enum PartContent {
    /// Text.
    Text(String),
    /// A file.
    File(FileUpload),
}
