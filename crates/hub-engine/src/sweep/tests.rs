use std::sync::Arc;
use std::time::Duration;

use hub_core::{Resource, Shop};
use ttshop::Priority;
use ttshop_types::ShopId;

use super::pass::{SweepError, sweep};
use crate::PlatformErrorKind;
use crate::fixture::{Fixture, SHOP, START};

async fn connected() -> (Fixture, Arc<Shop>) {
    let fixture = Fixture::new();
    fixture.connect().await;
    let shops = fixture.hub.shops.connected(&*fixture.hub.store, &*fixture.hub.clock).await.unwrap();
    (fixture, Arc::clone(&shops[0]))
}

async fn cursor(fixture: &Fixture) -> Option<i64> {
    let cursor = fixture.hub.store.cursor(ShopId::from(SHOP), Resource::Order).await.unwrap();
    cursor.map(|cursor| cursor.until.as_seconds())
}

#[tokio::test]
async fn a_sweep_finds_what_is_missing_page_by_page() {
    let (fixture, shop) = connected().await;
    for order in 0..5 {
        fixture.platform.put_order(SHOP, &format!("{order}"), "UNPAID", START.as_seconds() - 100 + order);
    }
    let report = sweep(&fixture.hub, &shop).await.unwrap();
    assert_eq!((report.seen, report.missing, report.outdated), (5, 5, 0));
    assert_eq!(fixture.claim().await.len(), 5);
    assert_eq!(cursor(&fixture).await, Some(START.as_seconds() + 1));
    assert_eq!(fixture.hub.store.sweep_reports(9).await.unwrap(), [report]);
}

#[tokio::test]
async fn a_second_sweep_looks_at_the_overlap_only() {
    let (fixture, shop) = connected().await;
    fixture.platform.put_order(SHOP, "old", "UNPAID", START.as_seconds() - 5000);
    fixture.platform.put_order(SHOP, "young", "UNPAID", START.as_seconds() - 5);
    assert_eq!(sweep(&fixture.hub, &shop).await.unwrap().seen, 2);
    fixture.clock.advance(Duration::from_secs(60));
    let report = sweep(&fixture.hub, &shop).await.unwrap();
    assert_eq!((report.seen, report.missing), (1, 1));
}

#[tokio::test]
async fn history_is_less_urgent_than_a_regular_comparison() {
    let (fixture, shop) = connected().await;
    sweep(&fixture.hub, &shop).await.unwrap();
    fixture.clock.advance(Duration::from_secs(24 * 60 * 60));
    sweep(&fixture.hub, &shop).await.unwrap();
    fixture.clock.advance(Duration::from_secs(24 * 60 * 60));
    sweep(&fixture.hub, &shop).await.unwrap();
    let asked = fixture.platform.state.lock().unwrap().priorities.clone();
    let asked: Vec<_> = asked.iter().map(|(_, priority)| *priority).collect();
    assert_eq!(
        (asked.first(), asked.last()),
        (Some(&Priority::Backfill), Some(&Priority::Sweep)),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_failed_sweep_leaves_its_cursor() {
    let (fixture, shop) = connected().await;
    fixture.platform.put_order(SHOP, "1", "UNPAID", START.as_seconds() - 5);
    fixture.platform.fail_next("search_orders", PlatformErrorKind::Transient);
    assert!(matches!(sweep(&fixture.hub, &shop).await, Err(SweepError::Grant(_))));
    assert_eq!(cursor(&fixture).await, None);
    assert_eq!(sweep(&fixture.hub, &shop).await.unwrap().missing, 1);
}

#[tokio::test]
async fn a_window_that_is_too_large_is_split_and_read_whole() {
    let (fixture, shop) = connected().await;
    fixture.platform.put_order(SHOP, "1", "UNPAID", START.as_seconds() - 5);
    fixture.platform.put_order(SHOP, "2", "UNPAID", START.as_seconds() - 2_000_000);
    fixture.platform.state.lock().unwrap().too_many_in = Some(Duration::from_secs(7 * 24 * 60 * 60));
    let report = sweep(&fixture.hub, &shop).await.unwrap();
    assert_eq!((report.seen, report.missing), (2, 2));
    // Thirty days in eighths, and every window on the way to them.
    let searches = fixture.platform.calls().iter().filter(|call| call.starts_with("search_orders")).count();
    assert_eq!(searches, 8 + 7);
}

#[tokio::test]
async fn a_page_that_names_itself_ends_the_sweep() {
    let (fixture, shop) = connected().await;
    fixture.platform.put_order(SHOP, "1", "UNPAID", START.as_seconds() - 5);
    fixture.platform.state.lock().unwrap().stuck_token = Some("0".into());
    assert!(matches!(sweep(&fixture.hub, &shop).await, Err(SweepError::PageRepeated { page: 2 })));
    assert_eq!(cursor(&fixture).await, None);
}

#[tokio::test]
async fn orders_that_leave_the_window_meanwhile_cause_another_look() {
    let (fixture, shop) = connected().await;
    for order in 0..3 {
        fixture.platform.put_order(SHOP, &format!("{order}"), "UNPAID", START.as_seconds() - 100 + order);
    }
    // The search counts one more than it lists: something moved.
    fixture.platform.state.lock().unwrap().total_count = Some(4);
    let report = sweep(&fixture.hub, &shop).await.unwrap();
    assert_eq!((report.seen, report.missing), (3, 3));
    let searches = fixture.platform.calls().iter().filter(|call| call.starts_with("search_orders")).count();
    assert_eq!(searches, 3 * 2);
}

#[tokio::test]
async fn a_second_change_of_one_second_is_found_without_its_notification() {
    let (fixture, shop) = connected().await;
    fixture.platform.put_order(SHOP, "1", "UNPAID", START.as_seconds());
    sweep(&fixture.hub, &shop).await.unwrap();
    work(&fixture, &shop).await;
    // Paid in the same second, and never announced.
    fixture.platform.put_order(SHOP, "1", "ON_HOLD", START.as_seconds());
    let report = sweep(&fixture.hub, &shop).await.unwrap();
    assert_eq!((report.missing, report.outdated), (0, 1));
    work(&fixture, &shop).await;
    assert_eq!(status(&fixture, "1").await, "ON_HOLD");
}

#[tokio::test]
async fn a_young_version_is_read_once_more_and_then_left_alone() {
    let (fixture, shop) = connected().await;
    fixture.platform.put_order(SHOP, "1", "UNPAID", START.as_seconds());
    sweep(&fixture.hub, &shop).await.unwrap();
    work(&fixture, &shop).await;
    fixture.clock.advance(Duration::from_secs(10));
    assert_eq!(sweep(&fixture.hub, &shop).await.unwrap().repaired(), 0);
    assert_eq!(work(&fixture, &shop).await, 1);
    assert_eq!(sweep(&fixture.hub, &shop).await.unwrap().repaired(), 0);
    assert_eq!(work(&fixture, &shop).await, 0);
}

/// Claims what is due and works on it; says how much it was.
async fn work(fixture: &Fixture, shop: &Shop) -> usize {
    let jobs = fixture.claim().await;
    let count = jobs.len();
    crate::process::work_on_orders(&fixture.hub, &shop.id, jobs).await;
    count
}

async fn status(fixture: &Fixture, id: &str) -> String {
    let row = fixture.hub.store.mirror_row(ShopId::from(SHOP), Resource::Order, id.into()).await.unwrap();
    row.unwrap().platform_status
}

#[tokio::test]
async fn a_shop_that_another_process_sweeps_is_left_alone() {
    let (fixture, shop) = connected().await;
    let now = || fixture.hub.clock.now();
    let lease = format!("sweep/{SHOP}");
    fixture.hub.store.lease(lease, "other".into(), now(), Duration::from_secs(30)).await.unwrap().unwrap();
    assert!(matches!(sweep(&fixture.hub, &shop).await, Err(SweepError::Overtaken)));
    // The other one crashed.
    fixture.clock.advance(Duration::from_secs(31));
    sweep(&fixture.hub, &shop).await.unwrap();
}

#[tokio::test]
async fn a_hub_that_stops_ends_its_sweeps_at_the_next_page() {
    let (fixture, shop) = connected().await;
    fixture.hub.is_stopping.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(matches!(sweep(&fixture.hub, &shop).await, Err(SweepError::Stopping)));
    assert_eq!(cursor(&fixture).await, None);
}
