//! The steps at which a call can fail.

use http::StatusCode;
use ttshop_catalogue::UploadFault;

use super::BatchFailure;
use crate::budget::BudgetError;
use crate::tokens::TokenError;
use crate::transport::TransportError;

/// Which step failed, with its data.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The platform answered with a code.
    #[error("{0}")]
    Refused(Refusal),
    /// The platform did some items of a batch and refused others.
    #[error("{} items of the batch failed, the first with code {}", .0.failures.len(), first_code(.0))]
    Partial(Box<BatchFailure>),
    /// The reply is not what the platform says it sends.
    #[error("{0}")]
    BadReply(BadReply),
    /// No reply came.
    #[error("no reply")]
    Transport(#[source] TransportError),
    /// There is no token to call with.
    #[error("no usable access token")]
    Token(#[source] TokenError),
    /// The budget gave no permission.
    #[error("no call permitted in time")]
    Budget(#[source] BudgetError),
    /// The request cannot be made.
    #[error("{0}")]
    Invalid(InvalidCall),
    /// The time for the call ran out before a try could begin.
    #[error("the time for this call ran out")]
    DeadlinePassed,
    /// Following pages is pointless.
    #[error("{0}")]
    Paging(PagingError),
}

/// The platform's own words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("code {code}: {message}")]
pub struct Refusal {
    /// `code` of the envelope.
    pub code: i64,
    /// `message` of the envelope.
    pub message: String,
}

/// A reply that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadReply {
    /// There is no body.
    #[error("the reply is empty (http {})", .0.as_u16())]
    Empty(StatusCode),
    /// A page of an edge server.
    #[error("the reply is a web page (http {})", .0.as_u16())]
    Html(StatusCode),
    /// Neither a web page nor an envelope; it may be cut off.
    #[error("the reply has no envelope (http {})", .0.as_u16())]
    NoEnvelope(StatusCode),
    /// The envelope is whole, `data` does not fit the model.
    #[error("`data` does not fit its model: {0}")]
    Data(String),
}

impl BadReply {
    /// `data` cannot be read. The reason of the parser quotes the value, which may be a buyer's: only what was expected, and
    /// where, is kept.
    pub(crate) fn data(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let harmless = match text.rsplit_once(", expected ") {
            Some((_, expected)) => format!("expected {expected}"),
            None if text.starts_with("missing field") => text,
            None => format!("line {} column {}", error.line(), error.column()),
        };
        Self::Data(harmless)
    }
}

/// A call that was never sent.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCall {
    /// No operation has this name.
    #[error("no operation is called `{0}`")]
    UnknownOperation(String),
    /// The arguments are not a JSON object.
    #[error("the arguments are not a JSON object")]
    NotAnObject,
    /// The operation has no such parameter.
    #[error("unknown parameter `{name}`; known are {known}")]
    UnknownParameter {
        /// The one given.
        name: String,
        /// Those that exist.
        known: String,
    },
    /// A part of the path is missing.
    #[error("the path needs `{0}`")]
    MissingPathParameter(&'static str),
    /// A path or query value is an object or null.
    #[error("`{0}` must be a text, a number, a boolean or a list of them")]
    NotAScalar(&'static str),
    /// Uploads need a file, which JSON does not carry.
    #[error("`{0}` is a file: give it with `call_with_files`")]
    NeedsFile(&'static str),
    /// The operation has no such file part.
    #[error("no file is called `{name}` here; known are {known}")]
    UnknownFile {
        /// The one given.
        name: String,
        /// Those that exist.
        known: String,
    },
    /// A file breaks a documented limit.
    #[error("the file in `{part}` would be refused: {fault}")]
    File {
        /// The part that it is for.
        part: &'static str,
        /// The limit, what was found, and what helps.
        fault: UploadFault,
    },
    /// A file cannot be read.
    #[error("the file for `{part}` cannot be read: {reason}")]
    FileUnreadable {
        /// The part that it is for.
        part: &'static str,
        /// Why, in the system's words.
        reason: String,
    },
    /// A stream can be sent once, and was.
    #[error("the stream for `{0}` was sent before: give a new one, a path or bytes")]
    StreamUsed(&'static str),
    /// The operation acts on a shop and none was named.
    #[error("this call acts on a shop: name it with `with_shop`")]
    ShopMissing,
    /// The operation acts on a category asset and none was named.
    #[error("this call acts on a category asset: name it with `with_category_asset`")]
    CategoryAssetMissing,
    /// The access token cannot stand in a header.
    #[error("the access token holds characters that no header takes")]
    Token,
    /// The address cannot be built.
    #[error("the address of the call is not valid")]
    Address,
    /// The body cannot be written.
    #[error("the body cannot be written")]
    Body,
    /// The operation answers with one page, or pages in a way that cannot be followed.
    #[error("this operation has no pages to follow")]
    NotPaged,
    /// The operation does not filter by this time, so its list cannot be read in windows.
    #[error("this operation has no filter by `{time}`; known are {known}")]
    NoTimeFilter {
        /// The one given.
        time: String,
        /// Those that exist.
        known: String,
    },
}

/// Why the next page is not asked for.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PagingError {
    /// The platform named a page that was read already.
    #[error("page {page} names a next page that was read before: the list is cut off here")]
    TokenRepeated {
        /// The page that named it, counted from one.
        page: u32,
    },
    /// More pages than the caller wants to read.
    #[error("there are more than {max} pages: the list is cut off here")]
    TooManyPages {
        /// The bound.
        max: u32,
    },
    /// Pages are counted, and the next one was the same as the one before.
    #[error("page {page} is the same as the one before: the list is cut off here")]
    PageRepeated {
        /// The second of the two, counted from one.
        page: u32,
    },
    /// Page after page without a single item, each naming a next one.
    #[error("{max} pages in a row were empty and named a next one: the list is cut off here")]
    EmptyPages {
        /// The bound.
        max: u32,
    },
    /// The platform shows no more rows of one search, and there may be more.
    #[error("the platform shows {rows} rows of one search and no more: read it in windows of time")]
    Capped {
        /// The rows that it shows.
        rows: u32,
    },
    /// The platform counted more rows than it showed.
    #[error("{read} rows were shown and {total} were counted: the list is not whole")]
    Incomplete {
        /// Rows that were read.
        read: u64,
        /// Rows that the platform counted.
        total: u64,
    },
    /// A window of time cannot be halved any more and still has too many rows.
    #[error(
        "the shortest window of time has {rows} rows, and fewer than {max} can be read: add another filter"
    )]
    WindowTooFull {
        /// Rows in the window, as far as known.
        rows: u64,
        /// The bound.
        max: u32,
    },
    /// The platform stopped inside a window that should have fitted, after some of its rows were given.
    #[error("the platform stopped after {read} rows of a window: read it again with a smaller `rows_max`")]
    CutOff {
        /// Rows that were read.
        read: u64,
    },
}

fn first_code(partial: &BatchFailure) -> i64 {
    partial.failures.first().map_or(0, |failure| failure.code)
}
