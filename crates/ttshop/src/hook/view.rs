//! What a hook sees, and what it may answer.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use serde_json::Value;
use ttshop_catalogue::Operation;
use ttshop_types::RequestId;

use super::redact::redacted;
use crate::error::ErrorKind;
use crate::reply::RawReply;

/// Stands around every try of every call of a client. Calls of the token endpoints hold nothing but secrets and pass no hook.
///
/// Both methods are called while the call waits, so they must be quick; neither sees a token, a signature or a cipher.
pub trait Hook: Send + Sync + fmt::Debug {
    /// Answers in the platform's stead, so that nothing is sent. The first hook that answers wins.
    fn answer(&self, attempt: &TryView<'_>) -> Option<HookAnswer> {
        let _ = attempt;
        None
    }

    /// A try ended, answered by the platform or by a hook.
    fn ended(&self, attempt: &TryView<'_>, end: &TryEnd<'_>) {
        let _ = (attempt, end);
    }
}

/// An answer that a hook gives.
#[derive(Clone, Debug)]
pub enum HookAnswer {
    /// The call succeeds with this `data`.
    Success(Value),
    /// The platform refuses the call.
    Refusal {
        /// The HTTP status.
        status: StatusCode,
        /// The platform's code.
        code: i64,
        /// The platform's words.
        message: String,
    },
}

/// One try that is about to be sent, or was.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct TryView<'a> {
    /// What is called.
    pub operation: &'static Operation,
    /// The shop that is acted on: its alias, or its id.
    pub shop: Option<&'a str>,
    /// Which try of the call it is, counted from one.
    pub attempt: u32,
    /// The path with its parameters.
    pub path: &'a str,
    pub(super) query: &'a [(&'static str, String)],
    pub(super) body: Option<&'a [u8]>,
}

impl<'a> TryView<'a> {
    pub(crate) fn new(
        operation: &'static Operation,
        shop: Option<&'a str>,
        attempt: u32,
        path: &'a str,
        query: &'a [(&'static str, String)],
        body: Option<&'a [u8]>,
    ) -> Self {
        Self { operation, shop, attempt, path, query, body }
    }

    /// The query without what every call carries; values that name a buyer are hidden.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let shown = |(name, value): &(&'static str, String)| {
            let value = redacted(name, Value::from(value.as_str()));
            (*name, value.as_str().unwrap_or_default().to_owned())
        };
        self.query.iter().map(shown).collect()
    }

    /// The body, if it is JSON; values that name a buyer are hidden.
    pub fn body(&self) -> Option<Value> {
        serde_json::from_slice(self.body?).ok().map(|body| redacted("", body))
    }
}

/// Query and body may name a buyer.
impl fmt::Debug for TryView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shop = self.shop.unwrap_or("no shop");
        write!(f, "TryView({}, {shop}, try {})", self.operation.key, self.attempt)
    }
}

/// How a try ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TryEnd<'a> {
    /// How long it took.
    pub took: Duration,
    /// A hook answered, and nothing was sent.
    pub answered_by_hook: bool,
    /// The HTTP status, if a reply came.
    pub status: Option<StatusCode>,
    /// The platform's id of the call.
    pub request_id: Option<&'a RequestId>,
    /// Why it failed; none when it succeeded.
    pub failure: Option<&'a ErrorKind>,
    pub(super) reply: Option<&'a RawReply>,
}

impl TryEnd<'_> {
    /// The platform's code: 0 for success, none where no envelope came.
    pub fn code(&self) -> Option<i64> {
        match self.failure {
            None | Some(ErrorKind::Partial(_)) => Some(0),
            Some(ErrorKind::Refused(refusal)) => Some(refusal.code),
            Some(_) => None,
        }
    }

    /// `data` of the answer; secrets and values that name a buyer are hidden. Reading it costs as much as decoding the answer.
    pub fn data(&self) -> Option<Value> {
        let reply = match self.failure {
            Some(ErrorKind::Partial(partial)) => Some(&partial.reply),
            _ => self.reply,
        };
        reply?.decode::<Value>().ok().map(|data| redacted("", data))
    }
}
