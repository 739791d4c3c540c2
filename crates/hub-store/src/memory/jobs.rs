//! Hints and jobs.

use hub_core::{Accepted, Changes, ClaimedJob, DedupeKey, Fence, Incoming, JobEnd, Lane, Origin};
use ttshop_types::Timestamp;

use super::state::{Job, JobState, KnownHint, State, numbered};
use crate::{CLAIM_MAX, InboxRow, JobClaim, PAGE_MAX, ParkedJob, StoreError};

impl State {
    pub(super) fn accept(&mut self, incoming: Incoming) -> Accepted {
        let body_hash = incoming.body_hash();
        let Some(known) = self.keys.get(&incoming.key).copied() else {
            return Accepted::New(self.append(incoming.key, body_hash, incoming));
        };
        if incoming.origin == Origin::Sweep {
            self.ask_again(known.number, incoming);
            return Accepted::Duplicate;
        }
        let conflict_key = incoming.key.of_conflict(&body_hash);
        if known.body_hash == body_hash || self.keys.contains_key(&conflict_key) {
            return Accepted::Duplicate;
        }
        Accepted::Conflict(self.append(conflict_key, body_hash, incoming))
    }

    fn append(&mut self, key: DedupeKey, body_hash: [u8; 16], incoming: Incoming) -> i64 {
        self.inbox.push(incoming);
        let number = Self::count(&self.inbox);
        self.keys.insert(key, KnownHint { number, body_hash });
        self.ask(number);
        number
    }

    fn ask(&mut self, number: i64) {
        let Some(hint) = numbered(&self.inbox, number) else { return };
        let received_at = hint.received_at;
        let job = self.jobs.entry(hint.lane.clone()).or_insert_with(|| Job {
            app: hint.app.clone(),
            topic: hint.topic.clone(),
            wanted: number,
            done: number - 1,
            attempts: 0,
            since: received_at,
            state: JobState::Waiting { ready_at: received_at },
        });
        job.app = hint.app.clone();
        job.topic = hint.topic.clone();
        job.wanted = number;
        match &mut job.state {
            JobState::Waiting { ready_at } => *ready_at = received_at.min(*ready_at),
            JobState::Held { newer_since, .. } => {
                newer_since.get_or_insert(received_at);
            }
            JobState::Parked { .. } => job.state = JobState::Waiting { ready_at: received_at },
        }
    }

    /// A copy of a finding. Its row stays handled: what is asked for is one more look.
    fn ask_again(&mut self, number: i64, finding: Incoming) {
        let newest = Self::count(&self.inbox);
        let ready_at = finding.received_at;
        let job = self.jobs.entry(finding.lane).or_insert_with(|| Job {
            app: finding.app.clone(),
            topic: finding.topic.clone(),
            wanted: number,
            done: newest,
            attempts: 0,
            since: ready_at,
            state: JobState::Waiting { ready_at },
        });
        if job.is_parked() {
            job.app = finding.app;
            job.topic = finding.topic;
            job.state = JobState::Waiting { ready_at };
        }
    }

    pub(super) fn claim_jobs(&mut self, claim: JobClaim) -> Vec<ClaimedJob> {
        let mut due: Vec<(Timestamp, Lane)> = self
            .jobs
            .iter()
            .filter_map(|(lane, job)| {
                Some((job.due_at().filter(|due_at| *due_at <= claim.now)?, lane.clone()))
            })
            .collect();
        due.sort();
        due.truncate(claim.limit.min(CLAIM_MAX));
        if due.is_empty() {
            return Vec::new();
        }
        let fence = Fence(self.next_fence());
        due.into_iter().filter_map(|(_, lane)| self.claim_job(lane, fence, claim)).collect()
    }

    fn claim_job(&mut self, lane: Lane, fence: Fence, claim: JobClaim) -> Option<ClaimedJob> {
        let job = self.jobs.get_mut(&lane)?;
        job.state = JobState::Held { fence, until: claim.now + claim.lease, newer_since: None };
        Some(ClaimedJob {
            lane,
            fence,
            wanted: job.wanted,
            app: job.app.clone(),
            topic: job.topic.clone(),
            attempts: job.attempts,
            since: job.since,
        })
    }

    pub(super) fn commit(&mut self, changes: Changes) -> Result<(), StoreError> {
        for (position, end) in changes.jobs.iter().enumerate() {
            let job = end.job();
            let is_first = changes.jobs[..position].iter().all(|earlier| earlier.job().lane != job.lane);
            if !is_first || self.held(job).is_none() {
                return Err(StoreError::FenceLost { lane: job.lane.to_string() });
            }
        }
        for row in changes.mirror {
            self.learn(row);
        }
        for event in changes.events {
            self.publish(event);
        }
        for end in changes.jobs {
            self.end_job(end);
        }
        for cursor in changes.cursors {
            self.move_cursor(cursor);
        }
        for report in changes.reports {
            self.report(report);
        }
        Ok(())
    }

    fn held(&mut self, claim: &ClaimedJob) -> Option<&mut Job> {
        self.jobs
            .get_mut(&claim.lane)
            .filter(|job| matches!(job.state, JobState::Held { fence, .. } if fence == claim.fence))
    }

    fn end_job(&mut self, end: JobEnd) {
        let Some(job) = self.held(end.job()) else { return };
        let JobState::Held { newer_since, .. } = job.state else { return };
        match (end, newer_since) {
            (JobEnd::Done { job: claim }, Some(newer_since)) => {
                job.done = job.done.max(claim.wanted);
                job.attempts = 0;
                job.since = newer_since;
                job.state = JobState::Waiting { ready_at: newer_since };
            }
            (JobEnd::Done { job: claim }, None) => {
                self.jobs.remove(&claim.lane);
            }
            (JobEnd::Failed { failure, ready_at, .. }, newer_since) => {
                job.attempts += 1;
                job.state = match ready_at.or(newer_since) {
                    Some(ready_at) => JobState::Waiting { ready_at },
                    None => JobState::Parked { reason: failure.into_reason() },
                };
            }
        }
    }

    pub(super) fn parked_jobs(&self, limit: usize) -> Vec<ParkedJob> {
        let mut parked: Vec<_> = self.jobs.iter().filter(|(_, job)| job.is_parked()).collect();
        parked.sort_by_key(|(lane, job)| (job.since, (*lane).clone()));
        let described =
            parked.into_iter().take(limit.min(PAGE_MAX)).filter_map(|(lane, job)| match &job.state {
                JobState::Parked { reason } => {
                    Some(ParkedJob { lane: lane.clone(), reason: reason.clone(), attempts: job.attempts })
                }
                JobState::Waiting { .. } | JobState::Held { .. } => None,
            });
        described.collect()
    }

    pub(super) fn unpark(&mut self, lane: &Lane, now: Timestamp) -> bool {
        let Some(job) = self.jobs.get_mut(lane).filter(|job| job.is_parked()) else { return false };
        job.attempts = 0;
        job.state = JobState::Waiting { ready_at: now };
        true
    }

    pub(super) fn inbox_row(&self, number: i64) -> Option<InboxRow> {
        let hint = numbered(&self.inbox, number)?;
        Some(InboxRow {
            number,
            topic: hint.topic.clone(),
            shop_id: hint.shop_id.clone(),
            body: hint.body.clone(),
            received_at: hint.received_at,
            handled: self.jobs.get(&hint.lane).is_none_or(|job| job.done >= number),
        })
    }
}
