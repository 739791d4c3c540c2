//! Jobs: one holder, one end.

use std::time::Duration;

use hub_core::{Changes, Incoming, JobEnd, JobFailure};

use super::expect::{due_jobs, fence_lost, new, ok, one_job};
use super::sample::{at, claim_at, done, event, failed, finding, hint, lane, order, shop_id, sink};
use crate::{CLAIM_MAX, JobClaim, ParkedJob, Store};

/// Jobs come in the order in which they fell due, and no more than were asked for.
pub async fn the_oldest_come_first(store: &dyn Store) {
    for (id, seconds) in [("b", 3), ("d", 1), ("a", 9), ("c", 1)] {
        new(store, Incoming { received_at: at(seconds), ..hint(id, id) }).await;
    }
    let two = JobClaim { limit: 2, ..claim_at(5) };
    let lanes = |jobs: Vec<hub_core::ClaimedJob>| jobs.into_iter().map(|job| job.lane).collect::<Vec<_>>();
    assert_eq!(lanes(ok(store.claim_jobs(two)).await), [lane("c"), lane("d")]);
    assert_eq!(lanes(ok(store.claim_jobs(two)).await), [lane("b")], "a job was claimed before it was due");
    assert_eq!(lanes(ok(store.claim_jobs(JobClaim { limit: 0, ..claim_at(99) })).await), []);
}

/// A claim has an end, whatever limit is asked for.
pub async fn a_claim_is_bounded(store: &dyn Store) {
    let hints = (0..=CLAIM_MAX).map(|number| hint(&number.to_string(), &number.to_string())).collect();
    ok(store.accept_all(hints)).await;
    assert_eq!(ok(store.claim_jobs(JobClaim { limit: usize::MAX, ..claim_at(0) })).await.len(), CLAIM_MAX);
}

/// A job has one holder, also among many that ask at once.
pub async fn a_job_has_one_holder(store: &dyn Store) {
    let hints = (0..40).map(|number| hint(&number.to_string(), &number.to_string())).collect();
    ok(store.accept_all(hints)).await;
    let claims: Vec<_> = (0..20).map(|_| store.claim_jobs(JobClaim { limit: 7, ..claim_at(0) })).collect();
    let mut lanes = Vec::new();
    for claim in claims {
        lanes.extend(ok(claim).await.into_iter().map(|job| job.lane));
    }
    lanes.sort();
    lanes.dedup();
    assert_eq!(lanes.len(), 40);
    assert!(due_jobs(store, 29).await.is_empty());
}

/// A job whose holder went silent is claimed by another one; the first then changes nothing.
pub async fn a_lapsed_claim_is_lost(store: &dyn Store) {
    ok(store.declare_sinks(vec![sink("erp")])).await;
    new(store, hint("1", "a")).await;
    let slow = one_job(store, 0).await;
    assert!(due_jobs(store, 29).await.is_empty());
    let quick = one_job(store, 30).await;
    assert!(quick.fence > slow.fence);
    let late = Changes {
        mirror: vec![order("a", "PAID", at(1), at(2))],
        events: vec![event("e1", "a", at(2))],
        ..done(&slow)
    };
    fence_lost(store, late).await;
    assert_eq!(ok(store.mirror_row(shop_id(), hub_core::Resource::Order, "a".into())).await, None);
    assert_eq!(ok(store.backlog(at(0))).await.deliveries, 0);
    ok(store.commit(done(&quick))).await;
    fence_lost(store, done(&quick)).await;
}

/// A lease that ended still counts while nobody else claimed the job.
pub async fn a_late_end_counts_while_nobody_took_over(store: &dyn Store) {
    new(store, hint("1", "a")).await;
    let job = one_job(store, 0).await;
    new(store, Incoming { received_at: at(300), ..hint("2", "b") }).await;
    ok(store.commit(done(&job))).await;
    assert_eq!(due_jobs(store, 300).await, [lane("b").to_string()]);
}

/// A fence from an earlier life of a lane opens nothing, though its job was made anew.
pub async fn a_fence_is_never_given_twice(store: &dyn Store) {
    new(store, hint("1", "a")).await;
    let slow = one_job(store, 0).await;
    let quick = one_job(store, 30).await;
    ok(store.commit(done(&quick))).await;
    new(store, Incoming { received_at: at(31), ..hint("2", "a") }).await;
    let next = one_job(store, 31).await;
    assert!(next.fence > quick.fence);
    fence_lost(store, done(&slow)).await;
    fence_lost(store, failed(&quick, None)).await;
    ok(store.commit(done(&next))).await;
}

/// One lost fence refuses the whole commit, also where the other ends are sound.
pub async fn one_lost_fence_refuses_all(store: &dyn Store) {
    new(store, hint("1", "a")).await;
    new(store, hint("2", "b")).await;
    let jobs = ok(store.claim_jobs(claim_at(0))).await;
    let mut stale = jobs[1].clone();
    stale.fence.0 -= 1;
    let ends = [jobs[0].clone(), stale].map(|job| JobEnd::Done { job }).to_vec();
    fence_lost(store, Changes { jobs: ends, ..Changes::default() }).await;
    let twice = [jobs[0].clone(), jobs[0].clone()].map(|job| JobEnd::Done { job }).to_vec();
    fence_lost(store, Changes { jobs: twice, ..Changes::default() }).await;
    let both = jobs.into_iter().map(|job| JobEnd::Done { job }).collect();
    ok(store.commit(Changes { jobs: both, ..Changes::default() })).await;
    assert_eq!(ok(store.backlog(at(0))).await.jobs, 0);
}

/// A failed job comes again at its time, with its tries counted, until it goes well.
pub async fn a_failed_job_comes_again(store: &dyn Store) {
    new(store, hint("1", "a")).await;
    for attempt in 0..3 {
        let job = one_job(store, i64::from(attempt) * 10).await;
        assert_eq!((job.attempts, job.since), (attempt, at(0)));
        ok(store.commit(failed(&job, Some(at(i64::from(attempt + 1) * 10))))).await;
        assert!(due_jobs(store, i64::from(attempt) * 10 + 9).await.is_empty());
    }
    let job = one_job(store, 30).await;
    new(store, Incoming { received_at: at(30), ..hint("2", "a") }).await;
    ok(store.commit(done(&job))).await;
    assert_eq!(one_job(store, 30).await.attempts, 0, "a success starts the count anew");
}

/// A parked job waits for a person, is listed with its reason, and goes on where it is told to.
pub async fn a_parked_job_waits_for_a_person(store: &dyn Store) {
    let number = new(store, Incoming { received_at: at(2), ..hint("1", "late") }).await;
    new(store, hint("2", "early")).await;
    for job in ok(store.claim_jobs(claim_at(2))).await {
        let failure = JobFailure::Park { reason: format!("{} is odd", job.lane) };
        let end = JobEnd::Failed { job, failure, ready_at: None };
        ok(store.commit(Changes { jobs: vec![end], ..Changes::default() })).await;
    }
    assert!(due_jobs(store, 9999).await.is_empty());
    assert_eq!(ok(store.next_due()).await, None);
    let parked =
        |order| ParkedJob { lane: lane(order), reason: format!("{} is odd", lane(order)), attempts: 1 };
    assert_eq!(ok(store.parked_jobs(10)).await, [parked("early"), parked("late")]);
    assert_eq!(ok(store.parked_jobs(1)).await, [parked("early")]);
    assert!(!ok(store.inbox_row(number)).await.expect("it is kept").handled);
    assert!(ok(store.unpark(lane("late"), at(50))).await);
    assert!(!ok(store.unpark(lane("late"), at(50))).await, "it is parked no more");
    assert!(!ok(store.unpark(lane("unknown"), at(50))).await);
    assert!(due_jobs(store, 49).await.is_empty());
    assert_eq!(one_job(store, 50).await.attempts, 0);
}

/// A job is not parked over a hint that it never tried.
pub async fn an_untried_hint_keeps_a_job_from_parking(store: &dyn Store) {
    new(store, hint("1", "a")).await;
    let job = one_job(store, 0).await;
    new(store, Incoming { received_at: at(5), ..hint("2", "a") }).await;
    ok(store.commit(failed(&job, None))).await;
    assert_eq!(ok(store.next_due()).await, Some(at(5)));
    let job = one_job(store, 5).await;
    assert_eq!((job.attempts, job.wanted), (1, 2));
    ok(store.commit(failed(&job, None))).await;
    assert_eq!(ok(store.parked_jobs(10)).await.len(), 1);
}

/// Whoever claims a lapsed job works on every hint so far; none of them is due again afterwards.
pub async fn a_second_claim_covers_the_hints_of_the_first(store: &dyn Store) {
    new(store, hint("1", "a")).await;
    one_job(store, 0).await;
    let newest = new(store, Incoming { received_at: at(5), ..hint("2", "a") }).await;
    let job = one_job(store, 30).await;
    assert_eq!((job.wanted, job.since), (newest, at(0)));
    ok(store.commit(done(&job))).await;
    assert!(due_jobs(store, 999).await.is_empty());
}

/// The next due time is that of the first job or delivery; a held one is due when its lease ends.
pub async fn the_next_due_time_is_exact(store: &dyn Store) {
    assert_eq!(ok(store.next_due()).await, None);
    ok(store.declare_sinks(vec![sink("erp")])).await;
    new(store, Incoming { received_at: at(7), ..hint("1", "a") }).await;
    assert_eq!(ok(store.next_due()).await, Some(at(7)));
    let claim = JobClaim { lease: Duration::from_millis(1500), ..claim_at(7) };
    let job = ok(store.claim_jobs(claim)).await.remove(0);
    assert_eq!(ok(store.next_due()).await, Some(at(7) + Duration::from_millis(1500)));
    ok(store.commit(Changes { events: vec![event("e1", "a", at(3))], ..done(&job) })).await;
    assert_eq!(ok(store.next_due()).await, Some(at(3)));
}

/// The backlog counts what waits, and the age of what waits longest without being parked.
pub async fn the_backlog_adds_up(store: &dyn Store) {
    assert_eq!(ok(store.backlog(at(0))).await, crate::Backlog::default());
    ok(store.declare_sinks(vec![sink("erp"), sink("shop")])).await;
    new(store, hint("1", "a")).await;
    let job = one_job(store, 0).await;
    ok(store.commit(failed(&job, None))).await;
    new(store, Incoming { received_at: at(2), ..hint("2", "b") }).await;
    new(store, finding("c", "v1", at(4))).await;
    let news = Changes {
        mirror: vec![order("x", "PAID", at(1), at(1)), order("x", "SHIPPED", at(2), at(2))],
        events: vec![event("e1", "x", at(1)), event("e2", "x", at(2))],
        ..Changes::default()
    };
    ok(store.commit(news)).await;
    let backlog = ok(store.backlog(at(10))).await;
    assert_eq!((backlog.accepted, backlog.jobs, backlog.parked), (3, 2, 1));
    assert_eq!((backlog.deliveries, backlog.dead, backlog.mirrored), (4, 0, 1));
    assert_eq!(backlog.oldest_ms, 8000);
}
