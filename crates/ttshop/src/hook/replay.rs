//! Answering from a recording.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::{self, BufRead};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::record::Line;
use super::redact::redacted;
use crate::transport::{HttpReply, HttpRequest, Transport, TransportError, TransportErrorKind};

/// What every request carries and no recording holds.
const COMMON: [&str; 5] = ["app_key", "category_asset_cipher", "shop_cipher", "sign", "timestamp"];

/// A transport that answers from the lines of a [`Recorder`](super::Recorder): for tests.
///
/// Requests with the same method, path, query and body are answered in the recorded order. One that was never recorded, or
/// more often than recorded, cannot be sent.
pub struct Replay {
    answers: Mutex<HashMap<String, VecDeque<Answer>>>,
}

type Answer = Result<HttpReply, TransportError>;

/// Why lines are no recording.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The recording cannot be read.
    #[error("failed to read line {line}")]
    Read {
        /// Which line, counted from one.
        line: usize,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line is not one of a recorder.
    #[error("line {line} is no line of a recording")]
    Line {
        /// Which line, counted from one.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Replay({} answers left)", self.left())
    }
}

impl Replay {
    /// Reads a recording.
    ///
    /// # Errors
    /// It cannot be read, or a line is not one of a recorder.
    pub fn read(recording: impl BufRead) -> Result<Self, ReplayError> {
        let mut answers: HashMap<String, VecDeque<Answer>> = HashMap::new();
        for (index, text) in recording.lines().enumerate() {
            let line = index + 1;
            let text = text.map_err(|source| ReplayError::Read { line, source })?;
            let line = serde_json::from_str(&text).map_err(|source| ReplayError::Line { line, source })?;
            answers.entry(recorded_key(&line)).or_default().push_back(answer(line));
        }
        Ok(Self { answers: Mutex::new(answers) })
    }

    /// Recorded answers that were not asked for yet.
    pub fn left(&self) -> usize {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.values().map(VecDeque::len).sum()
    }
}

impl Transport for Replay {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Answer> {
        let answer = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.get_mut(&sent_key(&request)).and_then(VecDeque::pop_front)
        };
        let never_recorded = || Err(TransportError::new(TransportErrorKind::Invalid));
        Box::pin(std::future::ready(answer.unwrap_or_else(never_recorded)))
    }
}

fn recorded_key(line: &Line) -> String {
    key(&line.method, &line.path, line.query.clone(), line.body.as_ref())
}

fn sent_key(request: &HttpRequest) -> String {
    let own = request.url.query_pairs().filter(|(name, _)| !COMMON.contains(&&**name));
    let shown = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        let value = redacted(&name, Value::from(&*value)).as_str().unwrap_or_default().to_owned();
        (name.into_owned(), value)
    };
    let body = request.body.as_bytes().and_then(|body| serde_json::from_slice(body).ok());
    let body = body.map(|body| redacted("", body));
    key(request.method.as_str(), request.url.path(), own.map(shown).collect(), body.as_ref())
}

/// Objects print their fields sorted, so equal bodies have equal text.
fn key(method: &str, path: &str, mut query: Vec<(String, String)>, body: Option<&Value>) -> String {
    query.sort();
    json!([method, path, query, body]).to_string()
}

fn answer(line: Line) -> Answer {
    let status = line.status.and_then(|status| StatusCode::from_u16(status).ok());
    let Some(status) = status else { return Err(TransportError::new(TransportErrorKind::Interrupted)) };
    let body = match line.code {
        Some(code) => {
            let message = line.message.unwrap_or_else(|| "Success".into());
            json!({"code": code, "message": message, "request_id": line.request_id, "data": line.data})
                .to_string()
                .into()
        }
        None => Bytes::new(),
    };
    Ok(HttpReply { status, headers: HeaderMap::new(), body })
}
