//! What became of each job, committed together where possible.

use hub_core::{Changes, ClaimedJob, Event, JobEnd, MirrorRow};
use hub_store::StoreError;

use super::failure::judge;
use crate::GrantError;
use crate::hub::Hub;

/// One job's end and what follows from it.
pub(super) struct Outcome {
    mirror: Option<MirrorRow>,
    event: Option<Event>,
    end: JobEnd,
}

impl Outcome {
    pub(super) fn done(job: ClaimedJob) -> Self {
        Self { mirror: None, event: None, end: JobEnd::Done { job } }
    }

    pub(super) fn news(job: ClaimedJob, mirror: MirrorRow, event: Event) -> Self {
        Self { mirror: Some(mirror), event: Some(event), end: JobEnd::Done { job } }
    }

    pub(super) fn confirmed(job: ClaimedJob, mirror: MirrorRow) -> Self {
        Self { mirror: Some(mirror), event: None, end: JobEnd::Done { job } }
    }

    pub(super) fn told(job: ClaimedJob, event: Event) -> Self {
        Self { mirror: None, event: Some(event), end: JobEnd::Done { job } }
    }

    pub(super) fn ended(end: JobEnd) -> Self {
        Self { mirror: None, event: None, end }
    }
}

/// Ends every job alike: the call that they shared failed.
pub(super) fn all_failed(hub: &Hub, jobs: Vec<ClaimedJob>, error: &GrantError) -> Vec<Outcome> {
    tracing::warn!(jobs = jobs.len(), code = %error.code(), error = %error, "a batch of jobs failed");
    jobs.into_iter().map(|job| Outcome::ended(judge(hub, job, error))).collect()
}

/// Commits outcomes: in one commit, or one by one where some job was lost to another worker.
pub(super) async fn commit(hub: &Hub, outcomes: Vec<Outcome>) {
    if outcomes.is_empty() {
        return;
    }
    let together = changes(&outcomes);
    let committed = hub.store.commit(together).await;
    match committed {
        Ok(()) => committed_all(hub, &outcomes),
        Err(StoreError::FenceLost { .. }) => {
            for outcome in outcomes {
                commit_one(hub, outcome).await;
            }
        }
        Err(error) => log_lapse(&error),
    }
}

async fn commit_one(hub: &Hub, outcome: Outcome) {
    let outcome = [outcome];
    match hub.store.commit(changes(&outcome)).await {
        Ok(()) => committed_all(hub, &outcome),
        Err(StoreError::FenceLost { lane }) => {
            tracing::info!(job.lane = %lane, "a job was lost to another worker and is done there");
            metrics::counter!("hub_jobs_total", "end" => "fence_lost").increment(1);
        }
        Err(error) => log_lapse(&error),
    }
}

/// The claims lapse and the jobs are claimed again; nothing was changed and nothing was told.
fn log_lapse(error: &StoreError) {
    tracing::error!(error = %error, "outcomes could not be committed; the jobs are tried again after their leases");
    metrics::counter!("hub_jobs_total", "end" => "not_committed").increment(1);
}

fn committed_all(hub: &Hub, outcomes: &[Outcome]) {
    for outcome in outcomes {
        let end = match &outcome.end {
            JobEnd::Done { .. } => "done",
            JobEnd::Failed { ready_at: Some(_), .. } => "again",
            JobEnd::Failed { ready_at: None, .. } => "parked",
        };
        metrics::counter!("hub_jobs_total", "end" => end).increment(1);
        if let JobEnd::Done { job } = &outcome.end {
            let waited = hub.clock.now().since(job.since);
            metrics::histogram!("hub_job_seconds").record(waited.as_secs_f64());
        }
    }
    if outcomes.iter().any(|outcome| outcome.event.is_some()) {
        hub.nudges.deliver.notify_one();
    }
    // Hints may have come for lanes that were held until now.
    hub.nudges.process.notify_one();
}

fn changes(outcomes: &[Outcome]) -> Changes {
    Changes {
        mirror: outcomes.iter().filter_map(|outcome| outcome.mirror.clone()).collect(),
        events: outcomes.iter().filter_map(|outcome| outcome.event.clone()).collect(),
        jobs: outcomes.iter().map(|outcome| outcome.end.clone()).collect(),
        ..Changes::default()
    }
}
