//! Writing what passes.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Hook, TryEnd, TryView};
use crate::error::ErrorKind;

/// One line of a recording.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Line {
    pub(super) operation: String,
    pub(super) version: String,
    pub(super) shop: Option<String>,
    pub(super) attempt: u32,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Value>,
    pub(super) took_ms: u64,
    pub(super) status: Option<u16>,
    pub(super) code: Option<i64>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) data: Option<Value>,
}

/// Writes every try as a line of JSON: no secrets, and buyers' data hidden.
///
/// A line that cannot be written is lost with a warning; the call goes on.
pub struct Recorder {
    output: Mutex<Box<dyn Write + Send>>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

impl Recorder {
    /// Writes to `output`.
    pub fn new(output: impl Write + Send + 'static) -> Self {
        Self { output: Mutex::new(Box::new(output)) }
    }

    fn write(&self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.write_all(&text)?;
        output.flush()
    }
}

impl Hook for Recorder {
    fn ended(&self, attempt: &TryView<'_>, end: &TryEnd<'_>) {
        let message = match end.failure {
            Some(ErrorKind::Refused(refusal)) => Some(refusal.message.clone()),
            Some(ErrorKind::Partial(_)) | None => None,
            Some(other) => Some(other.to_string()),
        };
        let query = attempt.query().into_iter().map(|(name, value)| (name.to_owned(), value));
        let line = Line {
            operation: attempt.operation.key.to_owned(),
            version: attempt.operation.version.to_owned(),
            shop: attempt.shop.map(str::to_owned),
            attempt: attempt.attempt,
            method: attempt.operation.method.as_str().to_owned(),
            path: attempt.path.to_owned(),
            query: query.collect(),
            body: attempt.body(),
            took_ms: u64::try_from(end.took.as_millis()).unwrap_or(u64::MAX),
            status: end.status.map(|status| status.as_u16()),
            code: end.code(),
            message,
            request_id: end.request_id.map(|id| id.as_str().to_owned()),
            data: end.data(),
        };
        if let Err(error) = self.write(&line) {
            tracing::warn!(%error, "a line of the recording could not be written");
        }
    }
}
