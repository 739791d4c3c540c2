//! Reading bodies: JSON whole, uploads part by part, neither without a bound.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts as Head;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use ttshop_catalogue::Method;
use ttshop_sign::is_multipart;

use crate::gateway::Content;
use crate::upload::{FORM_BYTES_MAX, Malformed, Part, PartScanner};

/// How long a client may take over a body.
const BODY_WITHIN: Duration = Duration::from_secs(60);
/// The largest body of an API call that is no upload; larger ones are answered 36009021.
const API_BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// The largest body of a control request: a snapshot of a large world.
const CONTROL_BODY_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// How much more of a body that is too large is read, and forgotten, so that the client sees the answer.
const SURPLUS_BYTES_MAX: usize = 128 * 1024 * 1024;

/// How a body is read.
#[derive(Debug)]
pub(crate) enum Intake {
    /// Kept whole, up to a bound.
    Whole(usize),
    /// Its files are counted, up to a bound.
    Parts(Result<PartScanner, Malformed>, usize),
}

/// What was read.
#[derive(Debug)]
pub(crate) enum Received {
    Whole(Vec<u8>),
    Parts(Vec<Part>),
    Malformed,
    TooLarge,
}

/// The client went away, or took too long.
#[derive(Debug)]
pub(crate) struct Broken;

impl Intake {
    /// How the body of a request is read: its operation says how large an upload may be.
    pub(crate) fn of(head: &Head, is_control: bool) -> Self {
        if is_control {
            return Self::Whole(CONTROL_BODY_BYTES_MAX);
        }
        let content_type =
            head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let method = Method::parse(head.method.as_str());
        let operation = method.and_then(|method| ttshop_catalogue::route(method, head.uri.path()));
        match operation {
            Some((operation, _)) if !operation.multipart.is_empty() && is_multipart(content_type) => {
                Self::Parts(PartScanner::new(content_type), FORM_BYTES_MAX)
            }
            _ => Self::Whole(API_BODY_BYTES_MAX),
        }
    }
}

impl Received {
    /// What the gateway sees of it.
    pub(crate) fn content(&self) -> Content<'_> {
        match self {
            Self::Whole(bytes) => Content::Whole(bytes),
            Self::Parts(parts) => Content::Parts(parts),
            Self::Malformed => Content::Malformed,
            Self::TooLarge => Content::TooLarge,
        }
    }

    /// The body, if it was kept.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Parts(_) | Self::Malformed | Self::TooLarge => &[],
        }
    }
}

/// Reads a body to its end.
pub(crate) async fn receive(body: Incoming, intake: Intake) -> Result<Received, Broken> {
    let reading = async {
        match intake {
            Intake::Whole(most) => receive_whole(body, most).await,
            Intake::Parts(scanner, most) => receive_parts(body, scanner, most).await,
        }
    };
    tokio::time::timeout(BODY_WITHIN, reading).await.unwrap_or(Err(Broken))
}

async fn receive_whole(mut body: Incoming, most: usize) -> Result<Received, Broken> {
    let mut bytes = Vec::new();
    while let Some(piece) = next_piece(&mut body).await? {
        if bytes.len() + piece.len() > most {
            return skip(body).await;
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Received::Whole(bytes))
}

async fn receive_parts(
    mut body: Incoming,
    mut scanner: Result<PartScanner, Malformed>,
    most: usize,
) -> Result<Received, Broken> {
    let mut length = 0;
    while let Some(piece) = next_piece(&mut body).await? {
        length += piece.len();
        if length > most {
            return skip(body).await;
        }
        scanner = scanner.and_then(|mut scanner| scanner.push(&piece).map(|()| scanner));
    }
    Ok(scanner.and_then(PartScanner::finish).map_or(Received::Malformed, Received::Parts))
}

/// Reads on without keeping anything: a client that is cut off while it sends does not read the answer.
async fn skip(mut body: Incoming) -> Result<Received, Broken> {
    let mut surplus = 0;
    while let Some(piece) = next_piece(&mut body).await? {
        surplus += piece.len();
        if surplus > SURPLUS_BYTES_MAX {
            break;
        }
    }
    Ok(Received::TooLarge)
}

/// The next piece of data; trailers are none.
async fn next_piece(body: &mut Incoming) -> Result<Option<Bytes>, Broken> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|_| Broken)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}
