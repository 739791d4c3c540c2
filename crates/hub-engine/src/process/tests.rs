use hub_core::Resource;
use serde_json::{Value, json};
use ttshop::Priority;
use ttshop_clock::Clock as _;
use ttshop_types::ShopId;

use super::{notifications, orders};
use crate::fixture::{Fixture, SHOP, START, notification};
use crate::ingest::read_incoming;
use crate::{HubCode, PlatformErrorKind};

async fn accept(fixture: &Fixture, body: &[u8]) {
    let app = &fixture.hub.apps[0];
    let incoming = read_incoming(&app.name, &app.key, body.to_vec(), fixture.clock.now());
    fixture.hub.store.accept(incoming).await.unwrap();
}

/// Claims everything that is due and works on it once.
async fn work(fixture: &Fixture) {
    let (orders, others): (Vec<_>, Vec<_>) =
        fixture.claim().await.into_iter().partition(|job| job.lane.entity().is_some());
    let mut shops: Vec<ShopId> = orders.iter().map(|job| job.lane.entity().unwrap().0).collect();
    shops.dedup();
    for shop in shops {
        let jobs = orders.iter().filter(|job| job.lane.entity().unwrap().0 == shop).cloned().collect();
        orders::work(&fixture.hub, &shop, jobs).await;
    }
    notifications::work(&fixture.hub, others).await;
}

async fn mirrored(fixture: &Fixture, id: &str) -> Option<hub_core::MirrorRow> {
    fixture.hub.store.mirror_row(ShopId::from(SHOP), Resource::Order, id.into()).await.unwrap()
}

async fn parked_reason(fixture: &Fixture) -> String {
    let parked = fixture.hub.store.parked_jobs(10).await.unwrap();
    assert_eq!(parked.len(), 1, "{parked:?}");
    parked[0].reason.clone()
}

/// Events committed so far, by way of a sink that is declared before.
async fn events(fixture: &Fixture) -> Vec<Value> {
    let claim = hub_store::JobClaim {
        now: fixture.clock.now(),
        lease: std::time::Duration::from_secs(1),
        limit: 100,
    };
    let claimed = fixture.hub.store.claim_deliveries(claim).await.unwrap();
    claimed.iter().map(|delivery| serde_json::from_slice(&delivery.payload).unwrap()).collect()
}

async fn connected() -> Fixture {
    let fixture = Fixture::new();
    fixture.hub.store.declare_sinks(vec![hub_core::SinkName("test".into())]).await.unwrap();
    fixture.connect().await;
    fixture
}

#[tokio::test]
async fn an_announced_order_is_mirrored_and_told_once() {
    let fixture = connected().await;
    fixture.platform.put_order(SHOP, "5764", "AWAITING_SHIPMENT", 1_700_000_000);
    accept(&fixture, &notification("n1", "5764")).await;
    accept(&fixture, &notification("n2", "5764")).await;
    work(&fixture).await;
    let row = mirrored(&fixture, "5764").await.unwrap();
    assert_eq!(row.platform_status, "AWAITING_SHIPMENT");
    assert_eq!(row.provenance.operation, "order.get_order_detail@202507");
    let told = events(&fixture).await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["type"], &told[0]["data"]["id"], &told[0]["shop_id"]),
        (&json!("order.created"), &json!("5764"), &json!(SHOP))
    );
    assert_eq!(fixture.hub.store.backlog(fixture.clock.now()).await.unwrap().jobs, 0);
}

#[tokio::test]
async fn what_somebody_told_is_more_urgent_than_what_a_sweep_found() {
    let fixture = connected().await;
    for (id, topic) in [("told", "1"), ("found", "order")] {
        fixture.platform.put_order(SHOP, id, "UNPAID", START.as_seconds());
        accept(&fixture, &notification(id, id)).await;
        let mut jobs = fixture.claim().await;
        jobs[0].topic = topic.into();
        orders::work(&fixture.hub, &ShopId::from(SHOP), jobs).await;
    }
    let asked = fixture.platform.state.lock().unwrap().priorities.clone();
    assert_eq!(asked, [("orders", Priority::Live), ("orders", Priority::Sweep)]);
}

#[tokio::test]
async fn a_later_state_is_an_update_and_the_same_state_is_nothing() {
    let fixture = connected().await;
    fixture.platform.put_order(SHOP, "5764", "AWAITING_SHIPMENT", 1_700_000_000);
    accept(&fixture, &notification("n1", "5764")).await;
    work(&fixture).await;
    accept(&fixture, &notification("n2", "5764")).await;
    work(&fixture).await;
    let first = events(&fixture).await;
    assert_eq!(first.len(), 1);
    fixture.clock.advance(std::time::Duration::from_secs(5));
    fixture.platform.put_order(SHOP, "5764", "CANCELLED", 1_700_000_004);
    accept(&fixture, &notification("n3", "5764")).await;
    work(&fixture).await;
    assert_eq!(mirrored(&fixture, "5764").await.unwrap().platform_status, "CANCELLED");
    let backlog = fixture.hub.store.backlog(fixture.clock.now()).await.unwrap();
    assert_eq!((backlog.deliveries, backlog.jobs), (2, 0));
}

#[tokio::test]
async fn state_never_goes_backwards() {
    let fixture = connected().await;
    fixture.platform.put_order(SHOP, "5764", "IN_TRANSIT", 1_700_000_100);
    accept(&fixture, &notification("n1", "5764")).await;
    work(&fixture).await;
    // A replica that lags answers with the past.
    fixture.platform.put_order(SHOP, "5764", "AWAITING_SHIPMENT", 1_700_000_050);
    accept(&fixture, &notification("n2", "5764")).await;
    work(&fixture).await;
    assert_eq!(mirrored(&fixture, "5764").await.unwrap().platform_status, "IN_TRANSIT");
    assert_eq!(events(&fixture).await.len(), 1);
}

#[tokio::test]
async fn fifty_orders_cost_one_call() {
    let fixture = connected().await;
    let before = fixture.platform.calls().len();
    for order in 0..50 {
        fixture.platform.put_order(SHOP, &format!("{order}"), "UNPAID", 1_700_000_000);
        accept(&fixture, &notification(&format!("n{order}"), &format!("{order}"))).await;
    }
    work(&fixture).await;
    assert_eq!(fixture.platform.calls().len(), before + 1);
    assert_eq!(fixture.hub.store.backlog(fixture.clock.now()).await.unwrap().mirrored, 50);
}

#[tokio::test]
async fn an_order_that_lags_is_asked_for_again_and_parked_in_the_end() {
    let fixture = connected().await;
    fixture.platform.put_order(SHOP, "5764", "UNPAID", 1_700_000_000);
    fixture.platform.state.lock().unwrap().lagging.insert("5764".into());
    accept(&fixture, &notification("n1", "5764")).await;
    for _ in 0..10 {
        work(&fixture).await;
        fixture.clock.advance(std::time::Duration::from_secs(600));
    }
    assert!(parked_reason(&fixture).await.starts_with("HUB0013"));
    fixture.platform.state.lock().unwrap().lagging.clear();
    accept(&fixture, &notification("n2", "5764")).await;
    work(&fixture).await;
    assert!(mirrored(&fixture, "5764").await.is_some());
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_kept() {
    let fixture = connected().await;
    fixture.platform.put_order(SHOP, "5764", "UNPAID", 1_700_000_000);
    fixture
        .platform
        .state
        .lock()
        .unwrap()
        .foreign
        .push(json!({"id": "666", "update_time": 1_700_000_000, "status": "UNPAID"}));
    accept(&fixture, &notification("n1", "5764")).await;
    work(&fixture).await;
    assert!(mirrored(&fixture, "5764").await.is_some());
    assert!(mirrored(&fixture, "666").await.is_none());
}

#[tokio::test]
async fn every_failure_has_its_consequence() {
    let table = [
        (PlatformErrorKind::Throttled, None),
        (PlatformErrorKind::Transient, None),
        (PlatformErrorKind::Unreadable, None),
        (PlatformErrorKind::Permanent, Some(HubCode::PlatformRefused)),
        (PlatformErrorKind::ShopInactive, Some(HubCode::ShopInactive)),
        (PlatformErrorKind::NeedsReauthorization, Some(HubCode::NeedsReauthorization)),
    ];
    for (kind, parked) in table {
        let fixture = connected().await;
        fixture.platform.put_order(SHOP, "5764", "UNPAID", 1_700_000_000);
        fixture.platform.fail_next("orders", kind);
        accept(&fixture, &notification("n1", "5764")).await;
        work(&fixture).await;
        assert!(mirrored(&fixture, "5764").await.is_none(), "{kind:?}");
        match parked {
            Some(code) => assert!(parked_reason(&fixture).await.starts_with(code.as_str()), "{kind:?}"),
            None => {
                let due = fixture.hub.store.next_due().await.unwrap().unwrap();
                let throttled = kind == PlatformErrorKind::Throttled;
                assert_eq!(due.since(START) >= std::time::Duration::from_secs(30), throttled, "{kind:?}");
                fixture.clock.advance(due.since(fixture.clock.now()));
                work(&fixture).await;
                assert!(mirrored(&fixture, "5764").await.is_some(), "{kind:?}");
            }
        }
    }
}

#[tokio::test]
async fn work_of_a_lost_grant_waits_and_goes_on_after_it_is_renewed() {
    let fixture = connected().await;
    fixture.platform.put_order(SHOP, "5764", "UNPAID", 1_700_000_000);
    fixture.platform.fail_next("orders", PlatformErrorKind::NeedsReauthorization);
    accept(&fixture, &notification("n1", "5764")).await;
    work(&fixture).await;
    assert!(parked_reason(&fixture).await.starts_with("HUB0011"));
    fixture.connect().await;
    work(&fixture).await;
    assert!(mirrored(&fixture, "5764").await.is_some());
}

#[tokio::test]
async fn work_of_an_unknown_shop_is_kept_and_done_once_it_connects() {
    let fixture = Fixture::new();
    fixture.platform.put_order(SHOP, "5764", "UNPAID", 1_700_000_000);
    accept(&fixture, &notification("n1", "5764")).await;
    work(&fixture).await;
    assert!(parked_reason(&fixture).await.starts_with("HUB0010"));
    assert!(fixture.platform.calls().is_empty());
    fixture.connect().await;
    work(&fixture).await;
    assert!(mirrored(&fixture, "5764").await.is_some());
}

#[tokio::test]
async fn unknown_notifications_are_passed_on_as_they_came() {
    let fixture = connected().await;
    let body = format!(r#"{{"type":"TBD","shop_id":"{SHOP}","data":{{"sku_id":17295929697122070089}}}}"#);
    accept(&fixture, body.as_bytes()).await;
    work(&fixture).await;
    let claim = hub_store::JobClaim { now: START, lease: std::time::Duration::from_secs(1), limit: 9 };
    let told = fixture.hub.store.claim_deliveries(claim).await.unwrap();
    let payload = String::from_utf8(told[0].payload.clone()).unwrap();
    assert_eq!(told[0].kind, "notification.tbd");
    assert!(payload.contains("17295929697122070089"), "{payload}");
}

#[tokio::test]
async fn what_could_not_be_read_waits_for_a_person() {
    let fixture = connected().await;
    accept(&fixture, b"\xff not json").await;
    work(&fixture).await;
    assert!(parked_reason(&fixture).await.starts_with("HUB0008"));
    assert!(events(&fixture).await.is_empty());
}

#[tokio::test]
async fn a_cancellation_is_passed_on_and_its_order_read_again() {
    let fixture = connected().await;
    fixture.platform.put_order(SHOP, "5764", "CANCELLED", 1_700_000_000);
    let body = format!(
        r#"{{"type":11,"tts_notification_id":"n9","shop_id":"{SHOP}","data":{{"order_id":"5764","cancel_id":"c"}}}}"#
    );
    accept(&fixture, body.as_bytes()).await;
    work(&fixture).await;
    work(&fixture).await;
    assert!(mirrored(&fixture, "5764").await.is_some());
    let kinds: Vec<_> = events(&fixture).await.iter().map(|event| event["type"].clone()).collect();
    assert_eq!(kinds, [json!("notification.11"), json!("order.created")]);
}

#[tokio::test]
async fn one_refused_id_does_not_spoil_its_neighbours() {
    let fixture = connected().await;
    for order in 0..20 {
        fixture.platform.put_order(SHOP, &format!("{order}"), "UNPAID", 1_700_000_000);
        accept(&fixture, &notification(&format!("n{order}"), &format!("{order}"))).await;
    }
    fixture.platform.state.lock().unwrap().refused = Some("13".into());
    work(&fixture).await;
    let backlog = fixture.hub.store.backlog(fixture.clock.now()).await.unwrap();
    assert_eq!((backlog.mirrored, backlog.parked), (19, 1));
    assert!(parked_reason(&fixture).await.starts_with("HUB0014"));
}

#[tokio::test]
async fn what_could_not_be_committed_is_done_again_and_told_once() {
    let store = std::sync::Arc::new(crate::stuck_store::StuckStore::new());
    store.open_gate();
    let fixture = Fixture::over(std::sync::Arc::clone(&store) as _, |_| {});
    fixture.hub.store.declare_sinks(vec![hub_core::SinkName("test".into())]).await.unwrap();
    fixture.connect().await;
    fixture.platform.put_order(SHOP, "5764", "UNPAID", 1_700_000_000);
    accept(&fixture, &notification("n1", "5764")).await;
    store.refuse_commits(true);
    work(&fixture).await;
    assert!(mirrored(&fixture, "5764").await.is_none() && events(&fixture).await.is_empty());
    store.refuse_commits(false);
    // The claim has to end first: nobody knows whether its holder lives.
    work(&fixture).await;
    assert!(mirrored(&fixture, "5764").await.is_none());
    fixture.clock.advance(std::time::Duration::from_secs(61));
    work(&fixture).await;
    assert!(mirrored(&fixture, "5764").await.is_some());
    assert_eq!(events(&fixture).await.len(), 1);
}
