//! One request, one reply, and the trait between them.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::TransportError;
use crate::upload::HttpBody;

/// Sends one request and waits for its reply.
///
/// An implementation follows no redirects, retries nothing, bounds the reply and keeps to the request's timeout.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends `request` and reads the whole reply, whatever its status.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>>;
}

/// A signed request, ready to be sent.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The address. Its query holds the signature and, on the auth host, the app secret: never print it.
    pub url: Url,
    /// The headers; the access token is marked as sensitive.
    pub headers: HeaderMap,
    /// The bytes that were signed, or a form.
    pub body: HttpBody,
    /// How long everything may take, from connecting to the last byte of the reply.
    pub timeout: Duration,
}

/// Only what is no secret: the method and the address without its query.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "HttpRequest({} {host}{}, {} bytes)", self.method, self.url.path(), self.body.length())
    }
}

/// A whole reply.
#[derive(Clone)]
pub struct HttpReply {
    /// The HTTP status, which says less than the envelope.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// A reply may hold tokens or buyers' data: only its size is shown.
impl fmt::Debug for HttpReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpReply({}, {} bytes)", self.status.as_u16(), self.body.len())
    }
}
