use std::sync::Arc;

use ttshop_types::SecretText;

use super::*;
use crate::fixture::{Fixture, notification, signature};
use crate::stuck_store::StuckStore;

fn door(fixture: &Fixture) -> (Door, Arc<TaskSet>) {
    let tasks = Arc::new(TaskSet::default());
    (Door::new(Arc::clone(&fixture.hub), Arc::clone(&tasks)), tasks)
}

async fn knock(door: &Door, signature: Option<&[u8]>, body: &[u8]) -> DoorAnswer {
    door.knock(Knock { app: "main", signature, body }).await
}

async fn stored(fixture: &Fixture) -> (u64, u64) {
    let backlog = fixture.hub.store.backlog(fixture.hub.clock.now()).await.unwrap();
    (backlog.accepted, backlog.jobs)
}

#[tokio::test]
async fn a_signed_notification_becomes_an_event_and_its_work() {
    let fixture = Fixture::new();
    let (door, _) = door(&fixture);
    let body = notification("n1", "5764");
    assert_eq!(knock(&door, Some(&signature(&body)), &body).await, DoorAnswer::Accepted);
    assert_eq!(stored(&fixture).await, (1, 1));
    assert_eq!(knock(&door, Some(&signature(&body)), &body).await, DoorAnswer::Accepted);
    assert_eq!(stored(&fixture).await, (1, 1));
}

#[tokio::test]
async fn forged_notifications_leave_no_trace() {
    let fixture = Fixture::new();
    let (door, _) = door(&fixture);
    let body = notification("n1", "5764");
    let right = signature(&body);
    let bearer = [b"Bearer ".as_slice(), &right].concat();
    let short = &right[..63];
    let forged = [
        None,
        Some(right.to_ascii_uppercase()),
        Some(bearer),
        Some(short.to_vec()),
        Some(vec![b'0'; 64]),
        Some(vec![]),
    ];
    for header in forged {
        assert_eq!(knock(&door, header.as_deref(), &body).await, DoorAnswer::BadSignature, "{header:?}");
    }
    assert_eq!(knock(&door, Some(&right), b"{}").await, DoorAnswer::BadSignature);
    assert_eq!(
        door.knock(Knock { app: "other", signature: Some(&right), body: &body }).await,
        DoorAnswer::UnknownApp
    );
    assert_eq!(stored(&fixture).await, (0, 0));
}

#[tokio::test]
async fn without_a_secret_nothing_is_refused_for_good() {
    let fixture = Fixture::with(|app| app.secret = None);
    let (door, _) = door(&fixture);
    let answer = knock(&door, Some(&[b'0'; 64]), b"{}").await;
    assert_eq!(answer, DoorAnswer::TryAgain(HubCode::AppSecretMissing));
}

#[tokio::test]
async fn the_secret_before_still_opens() {
    let fixture = Fixture::with(|app| {
        app.previous_secrets = vec![app.secret.clone().unwrap()];
        app.secret = Some(SecretText::from("a new secret"));
    });
    let (door, _) = door(&fixture);
    let body = notification("n1", "5764");
    assert_eq!(knock(&door, Some(&signature(&body)), &body).await, DoorAnswer::Accepted);
}

#[tokio::test]
async fn a_caller_that_goes_away_takes_nothing_with_it() {
    let store = Arc::new(StuckStore::new());
    let fixture = Fixture::over(Arc::clone(&store) as _, |_| {});
    let (door, tasks) = door(&fixture);
    let body = notification("n1", "5764");
    let signature = signature(&body);
    {
        let knocking = knock(&door, Some(&signature), &body);
        tokio::pin!(knocking);
        // Polled once and dropped: the client hung up while the store was at work.
        tokio::select! {
            biased;
            answer = &mut knocking => panic!("answered before it was stored: {answer:?}"),
            () = std::future::ready(()) => {}
        }
    }
    store.open_gate();
    tasks.drain().await;
    assert_eq!(stored(&fixture).await, (1, 1));
}

/// Time stands still but for what waits, so the two seconds are exact and take none.
#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_answered_for_in_time() {
    let store = Arc::new(StuckStore::new());
    let fixture = Fixture::over(Arc::clone(&store) as _, |_| {});
    let (door, tasks) = door(&fixture);
    let body = notification("n1", "5764");
    let begun = tokio::time::Instant::now();
    assert_eq!(
        knock(&door, Some(&signature(&body)), &body).await,
        DoorAnswer::TryAgain(HubCode::StoreUnavailable)
    );
    assert_eq!(begun.elapsed(), ACCEPT_DEADLINE);
    // The work goes on, and the platform's next try is a duplicate of it.
    store.open_gate();
    tasks.drain().await;
    assert_eq!(stored(&fixture).await, (1, 1));
    assert_eq!(knock(&door, Some(&signature(&body)), &body).await, DoorAnswer::Accepted);
    assert_eq!(stored(&fixture).await, (1, 1));
}

#[tokio::test(start_paused = true)]
async fn beyond_the_bound_the_answer_is_503_at_once() {
    let store = Arc::new(StuckStore::new());
    let fixture = Fixture::over(Arc::clone(&store) as _, |_| {});
    let (door, tasks) = door(&fixture);
    let bodies: Vec<_> =
        (0..ACCEPTS_MAX).map(|number| notification(&format!("n{number}"), &format!("{number}"))).collect();
    let signatures: Vec<_> = bodies.iter().map(|body| signature(body)).collect();
    let waiting = bodies.iter().zip(&signatures).map(|(body, signature)| knock(&door, Some(signature), body));
    let mut waiting = std::pin::pin!(futures_util::future::join_all(waiting));
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("answered before anything was stored"),
        () = std::future::ready(()) => {}
    }
    let begun = tokio::time::Instant::now();
    let body = notification("one too many", "1");
    assert_eq!(knock(&door, Some(&signature(&body)), &body).await, DoorAnswer::TryAgain(HubCode::DoorBusy));
    assert_eq!(begun.elapsed(), Duration::ZERO);
    store.open_gate();
    assert!(waiting.await.iter().all(|answer| *answer == DoorAnswer::Accepted));
    tasks.drain().await;
    let all = u64::try_from(ACCEPTS_MAX).unwrap();
    assert_eq!(stored(&fixture).await, (all, all));
}
