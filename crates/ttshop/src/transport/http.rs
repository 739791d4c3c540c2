//! The transport over HTTP/1.1, and over HTTP/2 with the feature `http2`.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::future::BoxFuture;
use futures_util::FutureExt as _;
use http::header::{ACCEPT, HeaderValue, USER_AGENT};
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use crate::upload::{FormBody, HttpBody, SourceError};

use super::connect::Connector;
use super::{HttpReply, HttpRequest, RootCertificate, Transport, TransportError, TransportErrorKind, tls};

/// The longest reply that is read: a page of 100 orders stays below 2 MiB.
pub const REPLY_BYTES_MAX: usize = 16 << 20;

/// How many idle connections are kept for each host.
const IDLE_CONNECTIONS_MAX: usize = 64;

/// Choices of [`HttpTransport`].
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// How long connecting may take, TLS included.
    pub connect_timeout: Duration,
    /// How long the peer may stay silent while it replies.
    pub read_timeout: Duration,
    /// How long an unused connection is kept.
    pub idle_timeout: Duration,
    /// The longest reply that is read, in bytes.
    pub reply_bytes_max: usize,
    /// To whom plain HTTP is permitted.
    pub plain_http: PlainHttp,
    /// Whom to trust besides those whom this machine trusts: the private authority of a company's network, whose proxy or
    /// gateway shows certificates of its own.
    pub extra_roots: Vec<RootCertificate>,
}

/// To whom plain HTTP is permitted; the platform itself refuses it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlainHttp {
    /// Only to this machine, where an emulator listens.
    ThisMachine,
    /// To every host: for an emulator in a closed network. Secrets travel readable.
    Everywhere,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(60),
            reply_bytes_max: REPLY_BYTES_MAX,
            plain_http: PlainHttp::ThisMachine,
            extra_roots: Vec::new(),
        }
    }
}

/// Where calls say they come from.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("ttshop/", env!("CARGO_PKG_VERSION")));

/// HTTP with pooled connections, rustls, no redirects, no proxies and no retries of its own, but of requests of which no byte was
/// sent because the peer had closed the connection.
///
/// It stands on hyper and its pool alone: what a client of greater means adds to every call would be paid and not used.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: Client<Connector, Sent>,
    read_timeout: Duration,
    reply_bytes_max: usize,
    plain_http: PlainHttp,
}

/// A body on its way out.
type Sent = Either<Full<Bytes>, FormBody>;

impl HttpTransport {
    /// Prepares the transport; connections are made when they are needed.
    ///
    /// # Errors
    /// TLS cannot be set up, or an extra root is no certificate.
    pub fn new(options: &HttpOptions) -> Result<Self, TransportError> {
        let invalid = |source: rustls::Error| TransportError::caused_by(TransportErrorKind::Invalid, source);
        let tls = tls::client_config(&options.extra_roots).map_err(invalid)?;
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(options.idle_timeout)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .build(Connector::new(tls, options.connect_timeout));
        let HttpOptions { read_timeout, reply_bytes_max, plain_http, .. } = *options;
        Ok(Self { client, read_timeout, reply_bytes_max, plain_http })
    }

    fn check_scheme(&self, url: &Url) -> Result<(), TransportError> {
        let permitted = match url.scheme() {
            "https" => true,
            "http" => self.plain_http == PlainHttp::Everywhere || is_this_machine(url),
            _ => return Err(TransportError::new(TransportErrorKind::Invalid)),
        };
        if permitted { Ok(()) } else { Err(TransportError::new(TransportErrorKind::PlainHttp)) }
    }

    async fn read(&self, mut incoming: Incoming, ends_at: Instant) -> Result<Bytes, TransportError> {
        let mut body = Body::Empty;
        loop {
            // Most of a reply is there already; a timer is for the rest.
            let frame = match incoming.frame().now_or_never() {
                Some(frame) => frame,
                None => before(ends_at, self.read_timeout, incoming.frame()).await?,
            };
            let Some(frame) = frame else { break };
            // What is no data is a trailer, and says nothing.
            let Ok(chunk) = frame.map_err(|error| explain(error, |_| false))?.into_data() else { continue };
            body = body.and(chunk);
            if body.len() > self.reply_bytes_max {
                let kind = TransportErrorKind::ReplyTooLong { max: self.reply_bytes_max };
                return Err(TransportError::new(kind));
            }
        }
        Ok(body.freeze())
    }
}

/// A reply on its way: most come in one chunk, which is not copied.
enum Body {
    Empty,
    One(Bytes),
    Many(BytesMut),
}

impl Body {
    fn len(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::One(chunk) => chunk.len(),
            Self::Many(chunks) => chunks.len(),
        }
    }

    fn and(self, chunk: Bytes) -> Self {
        match self {
            Self::Empty => Self::One(chunk),
            Self::One(first) => {
                let mut chunks = BytesMut::with_capacity(2 * (first.len() + chunk.len()));
                chunks.extend_from_slice(&first);
                chunks.extend_from_slice(&chunk);
                Self::Many(chunks)
            }
            Self::Many(mut chunks) => {
                chunks.extend_from_slice(&chunk);
                Self::Many(chunks)
            }
        }
    }

    fn freeze(self) -> Bytes {
        match self {
            Self::Empty => Bytes::new(),
            Self::One(chunk) => chunk,
            Self::Many(chunks) => chunks.freeze(),
        }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            self.check_scheme(&request.url)?;
            let ends_at = Instant::now() + request.timeout;
            // The peer is silent while it is sent a form; then only the whole time counts.
            let patience = match &request.body {
                HttpBody::Bytes(_) => self.read_timeout,
                HttpBody::Form(_) => request.timeout,
            };
            let response = self.client.request(outgoing(request)?);
            let response = before(ends_at, patience, response).await?;
            let (head, body) =
                response.map_err(|error| explain(error, ClientError::is_connect))?.into_parts();
            let body = self.read(body, ends_at).await?;
            Ok(HttpReply { status: head.status, headers: head.headers, body })
        })
    }
}

fn outgoing(request: HttpRequest) -> Result<Request<Sent>, TransportError> {
    let invalid = |source| TransportError::caused_by(TransportErrorKind::Invalid, source);
    let uri = Uri::try_from(String::from(request.url)).map_err(invalid)?;
    let body = match request.body {
        HttpBody::Bytes(bytes) => Either::Left(Full::new(bytes)),
        HttpBody::Form(form) => Either::Right(FormBody::new(&form)),
    };
    let mut outgoing = Request::new(body);
    *outgoing.method_mut() = request.method;
    *outgoing.uri_mut() = uri;
    *outgoing.headers_mut() = request.headers;
    outgoing.headers_mut().insert(USER_AGENT, AGENT);
    outgoing.headers_mut().insert(ACCEPT, HeaderValue::from_static("*/*"));
    Ok(outgoing)
}

/// What comes next, if it comes within `patience` and before the whole time is over: one timer for both.
async fn before<T>(
    ends_at: Instant,
    patience: Duration,
    next: impl Future<Output = T>,
) -> Result<T, TransportError> {
    let ends_at = ends_at.min(Instant::now() + patience);
    timeout_at(ends_at, next).await.map_err(|_| TransportError::new(TransportErrorKind::Timeout))
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn explain<E: Error + Send + Sync + 'static>(error: E, is_connect: impl Fn(&E) -> bool) -> TransportError {
    if let Some(refusal) = tls::refusal(&error) {
        return TransportError::caused_by(TransportErrorKind::Certificate, refusal);
    }
    let kind = if is_file_failure(&error) {
        TransportErrorKind::File
    } else if is_connect(&error) {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::caused_by(kind, error)
}

fn is_file_failure(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| (*error).source()).any(|error| error.is::<SourceError>())
}
