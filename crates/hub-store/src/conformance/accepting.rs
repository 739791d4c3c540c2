//! Hints become durable with the work they ask for.

use hub_core::{Accepted, Incoming};

use super::expect::{due_jobs, new, ok, one_job};
use super::sample::{at, done, failed, finding, hint, lane, shop_id};
use crate::Store;

/// A new hint is kept byte for byte under the next number, and its work is due.
pub async fn a_new_hint_is_kept_with_its_work(store: &dyn Store) {
    let body = b"\x00\xff not even text".to_vec();
    let first = new(store, hint("1", "a")).await;
    let second = new(store, Incoming { body: body.clone(), ..hint("2", "b") }).await;
    assert!(second > first);
    let row = ok(store.inbox_row(second)).await.expect("the row is kept");
    assert_eq!((row.number, row.topic.as_str(), row.shop_id), (second, "1", Some(shop_id())));
    assert_eq!((row.body, row.received_at, row.handled), (body, at(0), false));
    assert_eq!(due_jobs(store, 0).await, [lane("a").to_string(), lane("b").to_string()]);
    assert_eq!(ok(store.inbox_row(second + 1)).await, None);
    assert_eq!(ok(store.inbox_row(i64::MIN)).await, None);
}

/// A copy changes nothing, however often it comes.
pub async fn a_copy_changes_nothing(store: &dyn Store) {
    let number = new(store, hint("1", "a")).await;
    for _ in 0..3 {
        assert_eq!(ok(store.accept(hint("1", "a"))).await, Accepted::Duplicate);
    }
    let job = one_job(store, 0).await;
    assert_eq!(job.wanted, number);
    ok(store.commit(done(&job))).await;
    assert_eq!(ok(store.accept(hint("1", "a"))).await, Accepted::Duplicate);
    assert!(due_jobs(store, 100).await.is_empty(), "a copy asked for work");
    assert_eq!(ok(store.backlog(at(0))).await.accepted, 1);
}

/// Of many copies at once, one is new.
pub async fn one_of_many_copies_is_new(store: &dyn Store) {
    let answers: Vec<_> = (0..50).map(|_| store.accept(hint("1", "a"))).collect();
    let mut news = 0;
    for answer in answers {
        news += u32::from(matches!(ok(answer).await, Accepted::New(_)));
    }
    assert_eq!(news, 1);
}

/// Another body under a known id is kept beside the first and worked on; its copies are duplicates.
pub async fn another_body_is_a_conflict(store: &dyn Store) {
    let first = new(store, hint("1", "a")).await;
    let job = one_job(store, 0).await;
    ok(store.commit(done(&job))).await;
    let other = Incoming { body: b"other".to_vec(), ..hint("1", "a") };
    let Accepted::Conflict(second) = ok(store.accept(other.clone())).await else {
        panic!("another body was not a conflict");
    };
    assert!(second > first);
    assert_eq!(one_job(store, 0).await.wanted, second);
    assert_eq!(ok(store.accept(other)).await, Accepted::Duplicate);
    assert_eq!(ok(store.accept(hint("1", "a"))).await, Accepted::Duplicate);
    assert_eq!(ok(store.inbox_row(second)).await.expect("it is kept").body, b"other");
    assert_eq!(ok(store.inbox_row(first)).await.expect("it is kept").body, hint("1", "a").body);
}

/// Ten hints for one order are one job, which knows the newest hint and the age of the oldest.
pub async fn many_hints_are_one_job(store: &dyn Store) {
    for number in 0..10 {
        let incoming =
            Incoming { received_at: at(number), topic: number.to_string(), ..hint(&number.to_string(), "a") };
        new(store, incoming).await;
    }
    let job = one_job(store, 20).await;
    assert_eq!((job.topic.as_str(), job.since, job.attempts), ("9", at(0), 0));
    assert_eq!(job.wanted, 10);
}

/// A job that waits for its next try is due at once when a hint comes.
pub async fn a_hint_hastens_a_waiting_job(store: &dyn Store) {
    new(store, hint("1", "a")).await;
    let job = one_job(store, 0).await;
    ok(store.commit(failed(&job, Some(at(500))))).await;
    assert!(due_jobs(store, 10).await.is_empty());
    new(store, Incoming { received_at: at(10), ..hint("2", "a") }).await;
    let job = one_job(store, 10).await;
    assert_eq!((job.attempts, job.since), (1, at(0)));
}

/// A hint for a job that somebody holds keeps the job alive beyond its end.
pub async fn a_hint_outlives_the_claim_before_it(store: &dyn Store) {
    let first = new(store, hint("1", "a")).await;
    let job = one_job(store, 0).await;
    let second = new(store, Incoming { received_at: at(3), ..hint("2", "a") }).await;
    new(store, Incoming { received_at: at(4), ..hint("3", "a") }).await;
    assert!(due_jobs(store, 5).await.is_empty(), "a held job was claimed");
    ok(store.commit(done(&job))).await;
    assert!(ok(store.inbox_row(first)).await.expect("it is kept").handled);
    assert!(!ok(store.inbox_row(second)).await.expect("it is kept").handled);
    let job = one_job(store, 5).await;
    assert_eq!((job.wanted, job.since, job.attempts), (second + 1, at(3), 0));
    ok(store.commit(done(&job))).await;
    assert!(ok(store.inbox_row(second)).await.expect("it is kept").handled);
    assert!(due_jobs(store, 500).await.is_empty());
}

/// A new hint wakes a parked job and leaves its failed tries; a copy of a webhook does not wake it.
pub async fn only_news_wakes_a_parked_job(store: &dyn Store) {
    new(store, hint("1", "a")).await;
    let job = one_job(store, 0).await;
    ok(store.commit(failed(&job, None))).await;
    assert_eq!(ok(store.accept(hint("1", "a"))).await, Accepted::Duplicate);
    assert!(due_jobs(store, 100).await.is_empty(), "a copy woke the job");
    new(store, Incoming { received_at: at(100), ..hint("2", "a") }).await;
    assert_eq!(one_job(store, 100).await.attempts, 1);
    assert_eq!(ok(store.parked_jobs(10)).await, []);
}

/// A finding that comes again asks for work again: the mirror is still behind. It is a duplicate all the same.
pub async fn a_finding_asks_until_the_mirror_follows(store: &dyn Store) {
    let number = new(store, finding("a", "v1", at(0))).await;
    let job = one_job(store, 0).await;
    ok(store.commit(done(&job))).await;
    assert_eq!(ok(store.accept(finding("a", "v1", at(60)))).await, Accepted::Duplicate);
    assert!(ok(store.inbox_row(number)).await.expect("it is kept").handled, "a handled row was reopened");
    let job = one_job(store, 60).await;
    assert_eq!((job.wanted, job.since, job.topic.as_str()), (number, at(60), "order"));
    ok(store.commit(done(&job))).await;
    assert!(due_jobs(store, 500).await.is_empty());
}

/// A hint that comes while a repeated finding is worked on is not taken for handled.
pub async fn a_repeated_finding_hides_no_hint(store: &dyn Store) {
    new(store, finding("a", "v1", at(0))).await;
    let job = one_job(store, 0).await;
    ok(store.commit(done(&job))).await;
    ok(store.accept(finding("a", "v1", at(60)))).await;
    let job = one_job(store, 60).await;
    let number = new(store, Incoming { received_at: at(61), ..hint("1", "a") }).await;
    assert!(!ok(store.inbox_row(number)).await.expect("it is kept").handled);
    ok(store.commit(done(&job))).await;
    assert!(!ok(store.inbox_row(number)).await.expect("it is kept").handled);
    let job = one_job(store, 62).await;
    assert_eq!(job.wanted, number);
    ok(store.commit(done(&job))).await;
    assert!(ok(store.inbox_row(number)).await.expect("it is kept").handled);
}

/// A finding that comes again wakes a parked job, and leaves one alone that waits or runs.
pub async fn a_repeated_finding_wakes_only_the_parked(store: &dyn Store) {
    new(store, finding("a", "v1", at(0))).await;
    let job = one_job(store, 0).await;
    assert_eq!(ok(store.accept(finding("a", "v1", at(1)))).await, Accepted::Duplicate);
    ok(store.commit(failed(&job, Some(at(900))))).await;
    assert_eq!(ok(store.accept(finding("a", "v1", at(60)))).await, Accepted::Duplicate);
    assert!(due_jobs(store, 60).await.is_empty(), "the finding hastened a job that waits");
    let job = one_job(store, 900).await;
    ok(store.commit(failed(&job, None))).await;
    assert!(due_jobs(store, 1000).await.is_empty());
    assert_eq!(ok(store.accept(finding("a", "v1", at(1000)))).await, Accepted::Duplicate);
    let job = one_job(store, 1000).await;
    assert_eq!((job.attempts, job.since), (2, at(0)));
}

/// Another version of the same entity is another finding.
pub async fn another_version_is_another_finding(store: &dyn Store) {
    let first = new(store, finding("a", "v1", at(0))).await;
    assert!(new(store, finding("a", "v2", at(0))).await > first);
}

/// A batch is answered in its order, also where it holds copies of its own hints.
pub async fn a_batch_is_answered_in_order(store: &dyn Store) {
    assert_eq!(ok(store.accept_all(Vec::new())).await, []);
    let batch = vec![hint("1", "a"), hint("1", "a"), hint("2", "b"), finding("c", "v1", at(0))];
    let answers = ok(store.accept_all(batch)).await;
    assert_eq!(answers, [Accepted::New(1), Accepted::Duplicate, Accepted::New(2), Accepted::New(3)]);
    assert_eq!(due_jobs(store, 0).await.len(), 3);
}

/// A caller that gives up does not undo what it asked for.
pub async fn giving_up_undoes_nothing(store: &dyn Store) {
    drop(store.accept(hint("1", "a")));
    assert_eq!(ok(store.accept(hint("1", "a"))).await, Accepted::Duplicate);
    assert_eq!(due_jobs(store, 0).await, [lane("a").to_string()]);
}
