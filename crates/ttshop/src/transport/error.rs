//! Why no reply came.

use std::error::Error;
use std::sync::Arc;

/// A request that got no usable reply.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{kind}")]
pub struct TransportError {
    kind: TransportErrorKind,
    #[source]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What went wrong on the way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection came about, so nothing was sent.
    #[error("failed to connect")]
    Connect,
    /// The server does not prove who it is, so nothing was sent. The cause says what its certificate lacks: a known issuer, the
    /// host's name, or validity today.
    #[error("the server's certificate was refused")]
    Certificate,
    /// The request was sent in whole or in part, and the reply did not come in time.
    #[error("the reply did not come in time")]
    Timeout,
    /// The connection broke before the reply was complete.
    #[error("the connection broke before the reply was complete")]
    Interrupted,
    /// The reply is longer than the transport accepts.
    #[error("the reply is longer than {max} bytes")]
    ReplyTooLong {
        /// The bound.
        max: usize,
    },
    /// Plain HTTP to a host that is not this machine, which was not permitted.
    #[error("plain http is only permitted to this machine")]
    PlainHttp,
    /// A file of the request could not be read while it was sent, so the platform saw no whole request.
    #[error("a file could not be read while it was sent")]
    File,
    /// The request cannot be sent at all.
    #[error("the request cannot be sent")]
    Invalid,
}

impl TransportError {
    /// An error without a deeper cause.
    pub fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// An error with its cause, which must not print the address of the request.
    pub fn caused_by(kind: TransportErrorKind, source: impl Error + Send + Sync + 'static) -> Self {
        Self { kind, source: Some(Arc::new(source)) }
    }

    /// What went wrong.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether no connection came about.
    pub fn is_connect(&self) -> bool {
        self.kind == TransportErrorKind::Connect
    }

    /// Whether the platform may have received the request.
    pub fn may_have_arrived(&self) -> bool {
        match self.kind {
            TransportErrorKind::Connect
            | TransportErrorKind::Certificate
            | TransportErrorKind::PlainHttp
            | TransportErrorKind::File
            | TransportErrorKind::Invalid => false,
            TransportErrorKind::Timeout
            | TransportErrorKind::Interrupted
            | TransportErrorKind::ReplyTooLong { .. } => true,
        }
    }
}
