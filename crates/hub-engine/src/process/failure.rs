//! What follows from a failure: another try, or a person.

use hub_core::{ClaimedJob, JobEnd, JobFailure};
use hub_store::StoreError;
use ttshop_types::Timestamp;

use crate::entropy::jitter;
use crate::hub::Hub;
use crate::{GrantError, HubCode, PlatformErrorKind};

/// Tries for an order that the platform announced and does not return: about four minutes. Its search and detail lag by
/// seconds.
const MISSING_TRIES_MAX: u32 = 10;

/// Ends a job whose call failed.
pub(super) fn judge(hub: &Hub, job: ClaimedJob, error: &GrantError) -> JobEnd {
    let reason = format!("{}: {}", error.code(), text(error));
    match error {
        GrantError::NotConnected { .. }
        | GrantError::Inactive { .. }
        | GrantError::NeedsReauthorization { .. }
        | GrantError::Revoked { .. }
        | GrantError::AppMissing { .. }
        | GrantError::Damaged { .. }
        | GrantError::Vault(_) => park(job, reason),
        GrantError::Busy { .. } | GrantError::Entropy(_) => retry(hub, job, reason, None),
        GrantError::Store(error) => judge_store(hub, job, reason, error),
        GrantError::Platform(error) => {
            let not_before = error.retry_after.map(|wait| hub.clock.now() + wait);
            match error.kind {
                PlatformErrorKind::Throttled
                | PlatformErrorKind::Transient
                | PlatformErrorKind::Unreadable => retry(hub, job, reason, not_before),
                PlatformErrorKind::NeedsRefresh
                | PlatformErrorKind::NeedsReauthorization
                | PlatformErrorKind::ShopInactive
                | PlatformErrorKind::ItemRefused
                | PlatformErrorKind::Permanent => park(job, reason),
            }
        }
    }
}

fn judge_store(hub: &Hub, job: ClaimedJob, reason: String, error: &StoreError) -> JobEnd {
    match error {
        StoreError::Unavailable(_) | StoreError::FenceLost { .. } | StoreError::RevisionLost { .. } => {
            retry(hub, job, reason, None)
        }
        StoreError::Damaged { .. } | StoreError::BadCursor { .. } => park(job, reason),
    }
}

/// Ends a job whose order was not in the reply.
pub(super) fn missing(hub: &Hub, job: ClaimedJob) -> JobEnd {
    let code = HubCode::OrderMissing;
    let reason = format!("{code}: {}", code.title());
    if job.attempts + 1 >= MISSING_TRIES_MAX { park(job, reason) } else { retry(hub, job, reason, None) }
}

/// Ends a job whose worker panicked: a bug, and perhaps of this job alone.
pub(super) fn panicked(hub: &Hub, job: ClaimedJob) -> JobEnd {
    let code = HubCode::WorkerPanicked;
    retry(hub, job, format!("{code}: {}", code.title()), None)
}

/// Ends a job that nobody but a person can help.
pub(super) fn park(job: ClaimedJob, reason: String) -> JobEnd {
    tracing::warn!(job.lane = %job.lane, reason = %reason, "a job waits for a person");
    JobEnd::Failed { job, failure: JobFailure::Park { reason }, ready_at: None }
}

/// Ends a job that is tried again, or parks it when it was tried too often.
pub(super) fn retry(hub: &Hub, job: ClaimedJob, reason: String, not_before: Option<Timestamp>) -> JobEnd {
    if job.attempts + 1 >= hub_core::job::ATTEMPTS_MAX {
        return park(job, reason);
    }
    let ready_at = hub_core::job::retry_at(job.attempts, not_before, hub.clock.now(), jitter(&*hub.entropy));
    JobEnd::Failed { job, failure: JobFailure::Retry { reason, not_before }, ready_at: Some(ready_at) }
}

/// The error with its causes, joined once.
fn text(error: &GrantError) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
