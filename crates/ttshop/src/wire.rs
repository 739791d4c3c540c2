//! Reading replies: the envelope comes first, the HTTP status decides only when there is none.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use ttshop_api::{Envelope, EnvelopeError, Request};
use ttshop_types::RequestId;

use crate::error::{BadReply, BatchFailure, Cause, ErrorKind, Refusal, failures_in};
use crate::reply::RawReply;
use crate::transport::HttpReply;

/// The header in which edge servers name a call when there is no envelope.
const EDGE_REQUEST_ID: &str = "x-tt-logid";

/// A reply that is no success.
#[derive(Debug)]
pub(crate) struct Rejected {
    pub(crate) kind: ErrorKind,
    pub(crate) status: StatusCode,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) headers: HeaderMap,
}

impl Rejected {
    /// Why, if the platform itself refused.
    pub(crate) fn cause(&self) -> Option<Cause> {
        match &self.kind {
            ErrorKind::Refused(refusal) => Some(Cause::of(refusal.code, &refusal.message)),
            _ => None,
        }
    }
}

/// Opens the body of a reply, and may read `data` on the way.
pub(crate) trait Opener: Send {
    fn open<'body>(&mut self, body: &'body [u8]) -> Result<Envelope<'body>, EnvelopeError>;
}

/// Leaves `data` as it is.
#[derive(Debug)]
pub(crate) struct Unread;

impl Opener for Unread {
    fn open<'body>(&mut self, body: &'body [u8]) -> Result<Envelope<'body>, EnvelopeError> {
        Envelope::parse(body)
    }
}

/// Reads `data` as the answer to `R`: one pass over the body instead of two.
pub(crate) struct Typed<R: Request>(pub(crate) Option<R::Response>);

impl<R: Request> Opener for Typed<R> {
    fn open<'body>(&mut self, body: &'body [u8]) -> Result<Envelope<'body>, EnvelopeError> {
        let (envelope, data) = R::open(body)?;
        self.0 = data;
        Ok(envelope)
    }
}

/// Reads a reply.
pub(crate) fn read(reply: HttpReply, opener: &mut dyn Opener) -> Result<RawReply, Box<Rejected>> {
    let HttpReply { status, headers, body } = reply;
    let Ok(envelope) = opener.open(&body) else {
        let kind = ErrorKind::BadReply(bad_reply(status, &body));
        return Err(Box::new(Rejected { kind, status, request_id: edge_request_id(&headers), headers }));
    };
    let request_id = envelope.request_id.or_else(|| edge_request_id(&headers));
    if envelope.code != 0 {
        let kind = ErrorKind::Refused(Refusal { code: envelope.code, message: envelope.message });
        return Err(Box::new(Rejected { kind, status, request_id, headers }));
    }
    let (data, failures) = match envelope.data {
        Some(data) => (body.slice_ref(data.as_bytes()), failures_in(data)),
        None => (Bytes::from_static(b"null"), Vec::new()),
    };
    let reply = RawReply { status, request_id: request_id.clone().unwrap_or_default(), attempts: 0, data };
    if failures.is_empty() {
        return Ok(reply);
    }
    let kind = ErrorKind::Partial(Box::new(BatchFailure { failures, reply }));
    Err(Box::new(Rejected { kind, status, request_id, headers }))
}

fn bad_reply(status: StatusCode, body: &[u8]) -> BadReply {
    match body.trim_ascii_start() {
        [] => BadReply::Empty(status),
        [b'<', ..] => BadReply::Html(status),
        _ => BadReply::NoEnvelope(status),
    }
}

fn edge_request_id(headers: &HeaderMap) -> Option<RequestId> {
    let id = headers.get(EDGE_REQUEST_ID)?.to_str().ok()?;
    Some(RequestId::new(id))
}
