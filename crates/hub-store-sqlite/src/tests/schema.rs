//! What people find in the database, and how the busy statements find their rows.

use hub_core::{AttemptOutcome, Changes};
use hub_store::Store as _;
use hub_store::conformance::sample::{at, claim_at, event, order, sink};

use super::{database, open};
use crate::verbs::{jobs, mirror, outbox};

#[tokio::test]
async fn people_see_orders_and_what_they_were() {
    let (directory, store) = open();
    for row in [order("a", "PAID", at(1), at(2)), order("a", "SHIPPED", at(3), at(4))] {
        store.commit(Changes { mirror: vec![row.clone(), row], ..Changes::default() }).await.unwrap();
    }
    let database = database(&directory);
    let now: (String, String, String) = database
        .query_row("SELECT updated_at, unified ->> '$.status', raw ->> '$.id' FROM orders_v1", (), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(now, ("2023-11-14T22:13:23.000Z".into(), "SHIPPED".into(), "a".into()));
    let mut versions = database
        .prepare("SELECT platform_status, replaced_at FROM order_versions_v1 ORDER BY fetched_at")
        .unwrap();
    let versions: Vec<(String, Option<String>)> =
        versions.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let replaced_at = Some("2023-11-14T22:13:24.000Z".to_owned());
    assert_eq!(versions, [("PAID".into(), replaced_at), ("SHIPPED".into(), None)]);
}

#[tokio::test]
async fn every_attempt_leaves_a_trace() {
    let (directory, store) = open();
    store.declare_sinks(vec![sink("a")]).await.unwrap();
    let events = ["e1", "e2", "e3"].map(|id| event(id, id, at(0))).to_vec();
    store.commit(Changes { events, ..Changes::default() }).await.unwrap();
    let again = AttemptOutcome::Again { ready_at: at(1), reason: "answered 503".into() };
    let claimed = store.claim_deliveries(claim_at(0)).await.unwrap();
    store.record_attempts(claimed.into_iter().map(|claim| (claim, again.clone())).collect()).await.unwrap();
    let mut claimed = store.claim_deliveries(claim_at(1)).await.unwrap();
    claimed.truncate(2);
    let ends =
        [AttemptOutcome::Delivered { at: at(2) }, AttemptOutcome::Dead { reason: "answered 410".into() }];
    store.record_attempts(claimed.into_iter().zip(ends).collect()).await.unwrap();
    store.declare_sinks(vec![]).await.unwrap();
    let database = database(&directory);
    let mut attempts = database
        .prepare("SELECT event_seq || ' ' || attempt || ' ' || outcome || ' ' || coalesce(reason, '') FROM delivery_attempt")
        .unwrap();
    let attempts: Vec<String> =
        attempts.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let expected = [
        "1 1 again answered 503",
        "1 2 delivered ",
        "2 1 again answered 503",
        "2 2 dead answered 410",
        "3 1 again answered 503",
        "3 2 dropped the sink is gone",
    ];
    assert_eq!(attempts, expected);
}

#[test]
fn busy_statements_read_only_what_they_need() {
    let (directory, _store) = open();
    let database = database(&directory);
    for sql in [jobs::DUE, outbox::DUE, &mirror::newest_first()] {
        let mut plan = database.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let parameters = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps: Vec<String> = plan
            .query_map(rusqlite::params_from_iter(parameters), |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let steps = steps.join("; ");
        assert!(!steps.contains("SCAN"), "{steps}\n{sql}");
        assert!(!steps.contains("USE TEMP B-TREE FOR ORDER BY"), "{steps}\n{sql}");
    }
}
