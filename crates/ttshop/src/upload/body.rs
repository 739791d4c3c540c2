//! What a request carries, as a transport sees it.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::stream::BoxStream;
use http_body::{Frame, SizeHint};

use super::{Form, SourceError};

/// The body of a request.
#[derive(Clone, Debug)]
pub enum HttpBody {
    /// These bytes, which were signed; none where nothing is sent.
    Bytes(Bytes),
    /// A form, which is not signed.
    Form(Form),
}

impl HttpBody {
    /// No body.
    pub const EMPTY: Self = Self::Bytes(Bytes::new());

    /// The bytes, unless it is a form.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Form(_) => None,
        }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Form(form) => form.length(),
        }
    }
}

impl From<Bytes> for HttpBody {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

/// A form as hyper reads it: with its length, so that it travels in one piece and not in chunks, which gateways refuse.
pub(crate) struct FormBody {
    /// Locked by nobody: a stream is read by one thread at a time, and the lock proves it.
    reading: Mutex<BoxStream<'static, std::io::Result<Bytes>>>,
    left: u64,
}

impl FormBody {
    pub(crate) fn new(form: &Form) -> Self {
        Self { reading: Mutex::new(form.read()), left: form.length() }
    }
}

impl http_body::Body for FormBody {
    type Data = Bytes;
    type Error = SourceError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, SourceError>>> {
        let reading = self.reading.get_mut().unwrap_or_else(PoisonError::into_inner);
        let next = ready!(reading.as_mut().poll_next(ctx));
        if let Some(Ok(bytes)) = &next {
            self.left = self.left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        Poll::Ready(next.map(|read| read.map(Frame::data).map_err(SourceError::new)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
