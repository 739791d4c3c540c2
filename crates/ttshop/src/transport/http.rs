//! The transport over HTTP/1.1 and HTTP/2.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::future::BoxFuture;
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::upload::{FormBody, HttpBody, SourceError};

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

/// HTTP with pooled connections, rustls, no redirects, no proxies and no retries of its own.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    read_timeout: Duration,
    reply_bytes_max: usize,
    plain_http: PlainHttp,
}

impl HttpTransport {
    /// Prepares the transport; connections are made when they are needed.
    ///
    /// # Errors
    /// TLS cannot be set up, or an extra root is no certificate.
    pub fn new(options: &HttpOptions) -> Result<Self, TransportError> {
        let invalid = |source: rustls::Error| TransportError::caused_by(TransportErrorKind::Invalid, source);
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client_config(&options.extra_roots).map_err(invalid)?)
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(options.idle_timeout)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .redirect(Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .user_agent(concat!("ttshop/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| TransportError::caused_by(TransportErrorKind::Invalid, source))?;
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

    async fn read(&self, mut response: reqwest::Response) -> Result<Bytes, TransportError> {
        let mut body = Body::Empty;
        while let Some(chunk) = unless_silent(self.read_timeout, response.chunk()).await? {
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
            let mut outgoing = reqwest::Request::new(request.method, request.url);
            *outgoing.headers_mut() = request.headers;
            *outgoing.timeout_mut() = Some(request.timeout);
            // The peer is silent while it is sent a form; then only the whole time counts.
            let mut patience = self.read_timeout;
            match request.body {
                HttpBody::Bytes(bytes) if bytes.is_empty() => {}
                HttpBody::Bytes(bytes) => *outgoing.body_mut() = Some(bytes.into()),
                HttpBody::Form(form) => {
                    *outgoing.body_mut() = Some(reqwest::Body::wrap(FormBody::new(&form)));
                    patience = request.timeout;
                }
            }
            let mut response = unless_silent(patience, self.client.execute(outgoing)).await?;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let body = self.read(response).await?;
            Ok(HttpReply { status, headers, body })
        })
    }
}

/// What the peer says next, if it says something within `patience`. The HTTP client's own such limit would count the time in which a
/// form is sent.
async fn unless_silent<T>(
    patience: Duration,
    next: impl Future<Output = Result<T, reqwest::Error>>,
) -> Result<T, TransportError> {
    let next = tokio::time::timeout(patience, next).await;
    next.map_err(|_| TransportError::new(TransportErrorKind::Timeout))?.map_err(explain)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn explain(error: reqwest::Error) -> TransportError {
    if let Some(refusal) = tls::refusal(&error) {
        return TransportError::caused_by(TransportErrorKind::Certificate, refusal);
    }
    let kind = if is_file_failure(&error) {
        TransportErrorKind::File
    } else if error.is_builder() {
        TransportErrorKind::Invalid
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Interrupted
    };
    // The address holds the signature, and on the auth host the app secret.
    TransportError::caused_by(kind, error.without_url())
}

fn is_file_failure(error: &reqwest::Error) -> bool {
    let first: &(dyn std::error::Error + 'static) = error;
    std::iter::successors(Some(first), |error| error.source()).any(|error| error.is::<SourceError>())
}
