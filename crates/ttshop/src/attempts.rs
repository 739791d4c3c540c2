//! The tries of one call: what is known so far, and what follows from a failure.

use std::time::Duration;

use http::StatusCode;
use ttshop_types::RequestId;

use crate::budget::Usage;
use crate::core::Core;
use crate::error::{BadReply, BatchFailure, Cause, Context, Error, ErrorKind, InvalidCall, ItemFailure};
use crate::reply::RawReply;
use crate::retry::{Decision, Outcome, Situation};
use crate::tokens::Stale;
use crate::transport::TransportError;
use crate::wire::Rejected;

/// What is known about an operation before it is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) operation: &'static str,
    pub(crate) reads_only: bool,
    pub(crate) repeatable: bool,
    /// What sending its files may take on top of the usual time.
    pub(crate) sending_time: Duration,
}

impl Facts {
    /// An error found in a successful reply: whatever was asked for has happened.
    pub(crate) fn error(self, reason: BadReply, reply: &RawReply) -> Error {
        Error::new(ErrorKind::BadReply(reason), self.context_of(reply))
    }

    /// A reply of which a part failed.
    pub(crate) fn partial(self, failures: Vec<ItemFailure>, reply: RawReply) -> Error {
        let context = self.context_of(&reply);
        Error::new(ErrorKind::Partial(Box::new(BatchFailure { failures, reply })), context)
    }

    fn context_of(self, reply: &RawReply) -> Context {
        Context {
            operation: self.operation,
            attempts: reply.attempts,
            status: Some(reply.status),
            request_id: Some(reply.request_id.clone()),
            reads_only: self.reads_only,
            repeatable: self.repeatable,
            ..Context::default()
        }
    }

    /// The circumstances of a call that was never sent.
    pub(crate) fn context_unsent(self) -> Context {
        Context {
            operation: self.operation,
            reads_only: self.reads_only,
            repeatable: self.repeatable,
            clean: true,
            ..Context::default()
        }
    }
}

/// One try that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: ErrorKind,
    status: Option<StatusCode>,
    request_id: Option<RequestId>,
    retry_after: Option<Duration>,
    outcome: Outcome,
    clean: bool,
}

/// The day's allowance of the customer service family.
const DAY_USED_UP: i64 = 45_101_004;

impl Failure {
    pub(crate) fn no_reply(error: TransportError) -> Self {
        let clean = !error.may_have_arrived();
        let outcome = match (error.is_connect(), clean) {
            (true, _) => Outcome::NotSent,
            (false, true) => Outcome::Final,
            (false, false) => Outcome::Unclear,
        };
        let kind = ErrorKind::Transport(error);
        Self { kind, status: None, request_id: None, retry_after: None, outcome, clean }
    }

    /// `clock_corrected`: the reply told a time that differs from ours.
    pub(crate) fn rejected(
        rejected: Box<Rejected>,
        retry_after: Option<Duration>,
        clock_corrected: bool,
    ) -> Self {
        let (outcome, clean) = judge(&rejected, clock_corrected);
        let Rejected { kind, status, request_id, .. } = *rejected;
        Self { kind, status: Some(status), request_id, retry_after, outcome, clean }
    }

    /// What the budget learns from it.
    pub(crate) fn usage(&self) -> Usage {
        let cause = match &self.kind {
            ErrorKind::Refused(refusal) => Some(Cause::of(refusal.code, &refusal.message)),
            _ => None,
        };
        match (cause, self.retry_after) {
            _ if matches!(&self.kind, ErrorKind::Refused(refusal) if refusal.code == DAY_USED_UP) => {
                Usage::DayUsedUp
            }
            (Some(Cause::TestQuotaUsedUp), Some(wait)) => Usage::ShopExhausted { wait },
            _ if self.outcome == Outcome::Throttled => Usage::Throttled { retry_after: self.retry_after },
            (Some(Cause::Transient), _) => Usage::Failed,
            (Some(_), _) => Usage::Accepted,
            (None, _) if matches!(self.kind, ErrorKind::Partial(_)) => Usage::Accepted,
            (None, _) if self.outcome == Outcome::Unclear => Usage::Failed,
            (None, _) => Usage::Unknown,
        }
    }

    pub(crate) fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.status
    }

    pub(crate) fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }

    fn code(&self) -> i64 {
        match &self.kind {
            ErrorKind::Refused(refusal) => refusal.code,
            _ => 0,
        }
    }
}

/// How a reply that is no success ends its try, and whether the platform certainly did nothing.
fn judge(rejected: &Rejected, clock_corrected: bool) -> (Outcome, bool) {
    let status = rejected.status;
    if let Some(cause) = rejected.cause() {
        let outcome = match cause {
            Cause::Throttled | Cause::TestQuotaUsedUp => Outcome::Throttled,
            Cause::TokenExpired => Outcome::TokenExpired,
            Cause::TokenInvalid => Outcome::TokenInvalid,
            Cause::ClockSkewed if clock_corrected => Outcome::ClockSkewed,
            Cause::Transient | Cause::NotReady => Outcome::Unclear,
            _ if status == StatusCode::TOO_MANY_REQUESTS => Outcome::Throttled,
            _ => Outcome::Final,
        };
        return (outcome, cause.is_clean());
    }
    match &rejected.kind {
        ErrorKind::Partial(_) => (Outcome::Final, false),
        _ if status == StatusCode::TOO_MANY_REQUESTS => (Outcome::Throttled, true),
        _ if status.is_server_error() || status.is_success() => (Outcome::Unclear, false),
        // An edge refused before any endpoint saw the request.
        _ => (Outcome::Final, true),
    }
}

/// What a caller does after a failure that is not the end.
#[derive(Debug)]
pub(crate) enum Next {
    /// Try again; the wait is over.
    Try,
    /// Renew the token first; the failure is what to report if that is not possible.
    Renew(Failure, Stale),
}

/// The tries of one call.
#[derive(Debug)]
pub(crate) struct Attempts<'a> {
    core: &'a Core,
    facts: Facts,
    ends_at: Duration,
    made: u32,
    /// Tries with a renewed token or a corrected clock: they repair the call and are no retries of it.
    repairs: u32,
    renewed: bool,
    corrected: bool,
    earlier_unclear: bool,
}

impl<'a> Attempts<'a> {
    pub(crate) fn begin(core: &'a Core, facts: Facts) -> Self {
        core.retry_budget.earn();
        let ends_at = core.clock.monotonic() + core.deadline + facts.sending_time;
        Self {
            core,
            facts,
            ends_at,
            made: 0,
            repairs: 0,
            renewed: false,
            corrected: false,
            earlier_unclear: false,
        }
    }

    /// The time left for the call.
    pub(crate) fn remaining(&self) -> Duration {
        self.ends_at.saturating_sub(self.core.clock.monotonic())
    }

    /// How many tries were begun.
    pub(crate) fn made(&self) -> u32 {
        self.made
    }

    /// Begins a try and says how long it may take; none when the time for the call is over.
    pub(crate) fn begin_try(&mut self) -> Option<Duration> {
        let timeout = (self.core.try_timeout + self.facts.sending_time).min(self.remaining());
        if timeout.is_zero() {
            return None;
        }
        self.made += 1;
        Some(timeout)
    }

    pub(crate) fn succeed(&self, reply: RawReply) -> RawReply {
        let span = tracing::Span::current();
        span.record("attempt", self.made);
        span.record("code", 0);
        span.record("request_id", reply.request_id.as_str());
        RawReply { attempts: self.made, ..reply }
    }

    /// Decides what follows from `failure`, and waits if a wait is due.
    pub(crate) async fn next_after(&mut self, failure: Failure) -> Result<Next, Error> {
        let situation = Situation {
            outcome: failure.outcome,
            attempt: self.made.saturating_sub(self.repairs),
            repeatable: self.facts.repeatable || self.facts.reads_only,
            renewed: self.renewed,
            corrected: self.corrected,
            retry_after: failure.retry_after,
            remaining: self.remaining(),
        };
        let decision = self.core.decide(&situation);
        self.log(&failure, decision);
        match decision {
            Decision::GiveUp(wait) => Err(self.fail(failure, wait)),
            Decision::Again(wait) => {
                self.earlier_unclear |= !failure.clean;
                self.core.clock.sleep(wait).await;
                Ok(Next::Try)
            }
            Decision::Renew => {
                self.renewed = true;
                self.repairs += 1;
                let expired = failure.outcome == Outcome::TokenExpired;
                Ok(Next::Renew(failure, if expired { Stale::Expired } else { Stale::Unknown }))
            }
            Decision::Correct => {
                self.corrected = true;
                self.repairs += 1;
                Ok(Next::Try)
            }
        }
    }

    /// [`Attempts::next_after`] for calls without a token.
    pub(crate) async fn pause_after(&mut self, failure: Failure) -> Result<(), Error> {
        self.renewed = true;
        self.next_after(failure).await.map(drop)
    }

    pub(crate) fn out_of_time(&self) -> Error {
        self.stop(ErrorKind::DeadlinePassed)
    }

    pub(crate) fn invalid(&self, reason: InvalidCall) -> Error {
        self.stop(ErrorKind::Invalid(reason))
    }

    /// An error of ours, between two tries.
    pub(crate) fn stop(&self, kind: ErrorKind) -> Error {
        let context = Context {
            attempts: self.made,
            earlier_unclear: self.earlier_unclear,
            ..self.facts.context_unsent()
        };
        Error::new(kind, context)
    }

    /// An upload that cannot be tried again, because its stream is used up.
    pub(crate) fn fail_spent(&self, failure: Failure) -> Error {
        self.fail_with(failure, Context { spent: true, ..Context::default() })
    }

    pub(crate) fn fail(&self, failure: Failure, wait: Option<Duration>) -> Error {
        self.fail_with(failure, Context { wait, ..Context::default() })
    }

    fn fail_with(&self, failure: Failure, rest: Context) -> Error {
        let context = Context {
            operation: self.facts.operation,
            attempts: self.made,
            status: failure.status,
            request_id: failure.request_id,
            clean: failure.clean,
            earlier_unclear: self.earlier_unclear,
            reads_only: self.facts.reads_only,
            repeatable: self.facts.repeatable,
            ..rest
        };
        Error::new(failure.kind, context)
    }

    fn log(&self, failure: &Failure, decision: Decision) {
        let span = tracing::Span::current();
        let request_id = failure.request_id.as_ref().map(RequestId::as_str).unwrap_or_default();
        span.record("attempt", self.made);
        span.record("code", failure.code());
        span.record("request_id", request_id);
        tracing::debug!(
            call.operation = self.facts.operation,
            call.attempt = self.made,
            call.code = failure.code(),
            call.request_id = request_id,
            call.outcome = ?failure.outcome,
            call.next = ?decision,
            "a try failed"
        );
    }
}
