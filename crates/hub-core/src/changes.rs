//! One commit's worth of consequences.

use ttshop_types::Timestamp;

use crate::{ClaimedJob, Cursor, Event, JobFailure, MirrorRow, SweepReport};

/// Everything that follows from some work, to be committed together or not at all.
///
/// A store applies [`Changes::jobs`] first: where a fence is stale, that whole commit is refused, because another worker has
/// taken the job over.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Mirror rows that are news. A store asks [`crate::mirror::decide`] again and keeps what it has where that says stale;
    /// what a row replaces is kept as history.
    pub mirror: Vec<MirrorRow>,
    /// What to tell the sinks; each event becomes one delivery for every sink known to the store. An event whose id was
    /// committed before is left out.
    pub events: Vec<Event>,
    /// Jobs that end here.
    pub jobs: Vec<JobEnd>,
    /// Where sweeps stand. A cursor that would go back stays where it is.
    pub cursors: Vec<Cursor>,
    /// What sweeps found.
    pub reports: Vec<SweepReport>,
}

impl Changes {
    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.mirror.is_empty()
            && self.events.is_empty()
            && self.jobs.is_empty()
            && self.cursors.is_empty()
            && self.reports.is_empty()
    }
}

/// How a claimed job ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobEnd {
    /// Every hint up to the claimed one is handled. Hints that came since keep the job alive: it is due at once, with no
    /// failed tries.
    Done {
        /// The claim.
        job: ClaimedJob,
    },
    /// It failed; it is tried again at `ready_at`, or parked where that is `None`. A hint that came since the claim was
    /// not tried yet, so it keeps the job from being parked: the job is due at once instead.
    Failed {
        /// The claim.
        job: ClaimedJob,
        /// Why.
        failure: JobFailure,
        /// When to try again.
        ready_at: Option<Timestamp>,
    },
}

impl JobEnd {
    /// The claim that ends.
    pub fn job(&self) -> &ClaimedJob {
        match self {
            Self::Done { job } | Self::Failed { job, .. } => job,
        }
    }
}
