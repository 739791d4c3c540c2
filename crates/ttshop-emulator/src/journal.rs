//! The last calls, without anything secret: no query, no header, no body, but the hashes of both bodies.
//!
//! Two runs with the same seed and script have the same journal; the hashes make that a proof about every byte.

use std::collections::{BTreeMap, VecDeque};

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use ttshop_types::Timestamp;

/// How many calls are kept.
const CALLS_MAX: usize = 10_000;

/// How much of a path is kept.
const TEXT_LENGTH_MAX: usize = 256;

/// How much of an explanation is kept.
const EXPLANATION_LENGTH_MAX: usize = 1_000;

/// The last calls of the API and the token endpoints.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    calls: VecDeque<Call>,
    total: u64,
    by_code: BTreeMap<i64, u64>,
}

/// One call.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Call {
    /// On the emulated platform's clock.
    #[serde(serialize_with = "rfc3339")]
    pub(crate) at: Timestamp,
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shop_id: Option<String>,
    pub(crate) status: u16,
    /// None where the answer had no envelope.
    pub(crate) code: Option<i64>,
    pub(crate) request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fault: Option<&'static str>,
    /// What the answer says is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    /// Why, where the emulator knows better than the platform tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explanation: Option<String>,
    request_sha256: BodyHash,
    response_sha256: BodyHash,
}

/// SHA-256 of a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct BodyHash([u8; 32]);

impl Call {
    /// A call that was answered; long texts are cut, because whoever calls chooses them.
    pub(crate) fn new(
        at: Timestamp,
        method: &str,
        path: &str,
        status: u16,
        code: Option<i64>,
        request_id: String,
    ) -> Self {
        let cut = |text: &str| text.chars().take(TEXT_LENGTH_MAX).collect();
        let (method, path) = (cut(method), cut(path));
        Self {
            at,
            method,
            path,
            operation: None,
            shop_id: None,
            status,
            code,
            request_id,
            fault: None,
            message: None,
            explanation: None,
            request_sha256: BodyHash::default(),
            response_sha256: BodyHash::default(),
        }
    }

    /// With the hashes of what was sent and what was answered.
    #[must_use]
    pub(crate) fn hashed(mut self, request: &[u8], response: &[u8]) -> Self {
        self.request_sha256 = BodyHash::of(request);
        self.response_sha256 = BodyHash::of(response);
        self
    }

    /// With what the refusal says, without what the caller sent.
    pub(crate) fn explain(&mut self, message: &str, explanation: Option<&str>) {
        let cut = |text: &str| text.chars().take(EXPLANATION_LENGTH_MAX).collect::<String>();
        self.message = Some(cut(message));
        self.explanation = explanation.map(cut);
    }
}

impl Journal {
    pub(crate) fn write(&mut self, call: Call) {
        self.total += 1;
        if let Some(code) = call.code {
            *self.by_code.entry(code).or_default() += 1;
        }
        if self.calls.len() == CALLS_MAX {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// How many calls there were in all.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// How many calls were answered with each code: all of them, not only those that are kept.
    pub(crate) fn by_code(&self) -> &BTreeMap<i64, u64> {
        &self.by_code
    }

    /// Newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().rev()
    }
}

impl BodyHash {
    fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }
}

impl Serialize for BodyHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
        let hex: String = self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
        serializer.serialize_str(&hex)
    }
}

fn rfc3339<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339())
}
