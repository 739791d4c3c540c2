//! [`Error`]: everything that is known about a failed call, and the questions callers ask.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use ttshop_types::RequestId;

use super::{Advice, BatchFailure, Cause, ErrorKind, Explanation};
use crate::tokens::TokenError;

/// A failed call. Branch on the predicates; the text is for people.
#[derive(Clone)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    context: Context,
}

/// The circumstances of a failure.
#[derive(Clone, Default, Debug)]
pub(crate) struct Context {
    pub(crate) operation: &'static str,
    pub(crate) attempts: u32,
    pub(crate) status: Option<StatusCode>,
    pub(crate) request_id: Option<RequestId>,
    /// The last try certainly had no effect.
    pub(crate) clean: bool,
    /// An earlier try may have had an effect.
    pub(crate) earlier_unclear: bool,
    /// The operation only reads, so nothing can happen by it.
    pub(crate) reads_only: bool,
    /// Sending the same again does no harm.
    pub(crate) repeatable: bool,
    /// How long to wait, as the platform asked or as the policy says.
    pub(crate) wait: Option<Duration>,
    /// The stream of an upload is used up, so the same call cannot be made again.
    pub(crate) spent: bool,
}

/// Whether the whole call may be made again by its caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Retry {
    /// The same call fails again.
    Never,
    /// The same call may succeed after this time.
    After(Duration),
    /// The call may have had its effect: read the state back before calling again.
    CheckFirst,
}

/// How long a caller should leave a passing failure alone when the platform names no time.
const PAUSE: Duration = Duration::from_secs(5);

impl Error {
    pub(crate) fn new(kind: ErrorKind, context: Context) -> Self {
        Self { inner: Box::new(Inner { kind, context }) }
    }

    /// Which step failed.
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// The platform's code; of a partial failure, the first item's.
    pub fn code(&self) -> Option<i64> {
        match self.kind() {
            ErrorKind::Refused(refusal) => Some(refusal.code),
            ErrorKind::Partial(partial) => partial.failures.first().map(|failure| failure.code),
            _ => None,
        }
    }

    /// The platform's message; of a partial failure, the first item's.
    pub fn message(&self) -> Option<&str> {
        match self.kind() {
            ErrorKind::Refused(refusal) => Some(&refusal.message),
            ErrorKind::Partial(partial) => partial.failures.first().map(|failure| failure.message.as_str()),
            _ => None,
        }
    }

    /// What the refusal means.
    pub fn cause(&self) -> Option<Cause> {
        Some(Cause::of(self.code()?, self.message().unwrap_or_default()))
    }

    /// The platform's id of the last try; support asks for it.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.inner.context.request_id.as_ref()
    }

    /// The HTTP status of the last try.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.context.status
    }

    /// The operation called, such as `order.search_orders`.
    pub fn operation(&self) -> &'static str {
        self.inner.context.operation
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.inner.context.attempts
    }

    /// The items that failed, when others succeeded.
    pub fn batch_failure(&self) -> Option<&BatchFailure> {
        match self.kind() {
            ErrorKind::Partial(partial) => Some(partial),
            _ => None,
        }
    }

    /// Whether the platform or our own budget says that calls come too often.
    pub fn is_throttled(&self) -> bool {
        let by_cause = matches!(self.cause(), Some(Cause::Throttled | Cause::TestQuotaUsedUp));
        let by_status = self.status() == Some(StatusCode::TOO_MANY_REQUESTS);
        by_cause || by_status || matches!(self.kind(), ErrorKind::Budget(_))
    }

    /// Whether the access token expired, and a refresh was not possible or did not help.
    pub fn needs_refresh(&self) -> bool {
        self.cause() == Some(Cause::TokenExpired)
    }

    /// Whether only the seller can help, by authorising again.
    pub fn needs_reauthorization(&self) -> bool {
        let lost = matches!(self.cause(), Some(Cause::AuthorizationLost | Cause::TokenInvalid));
        lost || matches!(self.kind(), ErrorKind::Token(TokenError::Reauthorize { .. }))
    }

    /// Whether the call may have had its effect although it failed. False for calls that only read.
    pub fn may_have_happened(&self) -> bool {
        let context = &self.inner.context;
        !context.reads_only && (context.earlier_unclear || !context.clean)
    }

    /// Whether the whole call may be made again.
    pub fn retry(&self) -> Retry {
        let context = &self.inner.context;
        if self.may_have_happened() && !context.repeatable {
            return Retry::CheckFirst;
        }
        if context.spent {
            return Retry::Never;
        }
        let passing = match self.kind() {
            ErrorKind::Refused(_) => {
                self.is_throttled()
                    || matches!(self.cause(), Some(Cause::Transient | Cause::NotReady))
                    || self.is_server_failure()
            }
            ErrorKind::Transport(source) => source.may_have_arrived() || source.is_connect(),
            ErrorKind::Token(source) => source.is_passing(),
            ErrorKind::BadReply(_) => self.is_server_failure() || self.is_throttled(),
            ErrorKind::Budget(_) | ErrorKind::DeadlinePassed => true,
            ErrorKind::Partial(_) | ErrorKind::Invalid(_) | ErrorKind::Paging(_) => false,
        };
        if passing { Retry::After(context.wait.unwrap_or(PAUSE)) } else { Retry::Never }
    }

    /// What the refusal means, whether a retry helps, what does, and who can do it.
    pub fn explanation(&self) -> Option<Explanation> {
        Some(Explanation::of(self.code()?, self.message().unwrap_or_default()))
    }

    /// What helps, and who can do it.
    pub fn advice(&self) -> Option<Advice> {
        Some(self.explanation()?.advice)
    }

    fn is_server_failure(&self) -> bool {
        self.status().is_some_and(|status| status.is_server_error())
    }
}

/// One line: operation, what failed, the platform's request id, the number of tries, and a remedy.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = &self.inner.context;
        write!(f, "`{}` failed: {}", context.operation, self.kind())?;
        if let Some(explanation) = self.explanation() {
            write!(f, " ({})", explanation.meaning)?;
        }
        if let Some(request_id) = self.request_id() {
            write!(f, "; request id {request_id}")?;
        }
        match context.attempts {
            0 => f.write_str("; not sent")?,
            1 => f.write_str("; 1 try")?,
            tries => write!(f, "; {tries} tries")?,
        }
        if context.spent {
            f.write_str(
                "; the stream of the upload is used up: make the call again with a new one, a path or bytes",
            )?;
        }
        if let Some(advice) = self.advice() {
            write!(f, "; {}", advice.remedy)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("kind", self.kind()).field("context", &self.inner.context).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            ErrorKind::Transport(source) => Some(source),
            ErrorKind::Token(source) => Some(source),
            ErrorKind::Budget(source) => Some(source),
            _ => None,
        }
    }
}
