//! What the mirror keeps, and where sweeps stand.

use hub_core::{Changes, Cursor, MirrorRow, Resource};
use ttshop_types::ShopId;

use super::expect::ok;
use super::sample::{at, cursor, order, report, shop_id};
use crate::{OrderQuery, SWEEP_REPORTS_KEPT, Store, StoreError};

async fn learn(store: &dyn Store, rows: Vec<MirrorRow>) {
    ok(store.commit(Changes { mirror: rows, ..Changes::default() })).await;
}

async fn known(store: &dyn Store, id: &str) -> Option<MirrorRow> {
    ok(store.mirror_row(shop_id(), Resource::Order, id.into())).await
}

async fn status(store: &dyn Store, id: &str) -> String {
    known(store, id).await.expect("the order is known").platform_status
}

/// A row reads back as it was told, and its version with it.
pub async fn a_row_reads_back_whole(store: &dyn Store) {
    let mut told = order("a", "PAID", at(1), at(2));
    told.raw = vec![0, 159, 146, 150];
    learn(store, vec![told.clone(), order("b", "PAID", at(1), at(2))]).await;
    assert_eq!(known(store, "a").await, Some(told.clone()));
    assert_eq!(known(store, "unknown").await, None);
    let ids = vec!["b".into(), "unknown".into(), "a".into()];
    let versions = ok(store.mirror_versions(shop_id(), Resource::Order, ids)).await;
    assert_eq!(
        versions,
        [("b".into(), order("b", "PAID", at(1), at(2)).version), ("a".into(), told.version)]
    );
    let elsewhere = ok(store.mirror_versions(ShopId::from("other"), Resource::Order, vec!["a".into()])).await;
    assert_eq!(elsewhere, []);
}

/// A newer telling replaces, an older one does not; of two in one instant the later read counts.
pub async fn the_mirror_never_goes_back(store: &dyn Store) {
    learn(store, vec![order("a", "SHIPPED", at(20), at(21))]).await;
    learn(store, vec![order("a", "PAID", at(10), at(30))]).await;
    assert_eq!(status(store, "a").await, "SHIPPED");
    learn(store, vec![order("a", "PACKED", at(20), at(20))]).await;
    assert_eq!(status(store, "a").await, "SHIPPED");
    learn(store, vec![order("a", "DELIVERED", at(20), at(22))]).await;
    assert_eq!(status(store, "a").await, "DELIVERED");
    assert_eq!(ok(store.backlog(at(0))).await.mirrored, 1);
}

/// The same telling read later moves the time it was read, and read earlier changes nothing.
pub async fn a_confirmation_moves_the_time(store: &dyn Store) {
    for (fetched_at, kept) in [(at(5), at(5)), (at(9), at(9)), (at(7), at(9))] {
        learn(store, vec![order("a", "PAID", at(1), fetched_at)]).await;
        assert_eq!(known(store, "a").await.expect("it is known").version.fetched_at, kept);
    }
}

/// The listing has every order once, newest update first, over any number of pages.
pub async fn pages_skip_and_repeat_nothing(store: &dyn Store) {
    let orders: Vec<_> = (0..25)
        .map(|number: u8| {
            let mut row = order(&format!("o{number:02}"), "PAID", at(i64::from(number / 7)), at(99));
            row.shop_id = ShopId::from(format!("shop-{}", number % 3));
            row
        })
        .collect();
    learn(store, orders.clone()).await;
    let mut seen: Vec<MirrorRow> = Vec::new();
    let mut query = OrderQuery { limit: 4, ..OrderQuery::default() };
    loop {
        let page = ok(store.orders(query.clone())).await;
        assert!(page.rows.len() <= 4);
        seen.extend(page.rows);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let place = |row: &MirrorRow| (row.version.updated_at, row.shop_id.clone(), row.id.clone());
    let mut expected = orders;
    expected.sort_by_key(place);
    expected.reverse();
    assert_eq!(seen, expected);
}

/// Filters hold on every page, and the last page says so.
pub async fn filters_hold(store: &dyn Store) {
    let mut foreign = order("f", "PAID", at(9), at(9));
    foreign.shop_id = ShopId::from("other");
    let rows = ["a", "b", "c"].map(|id| order(id, if id == "b" { "SHIPPED" } else { "PAID" }, at(1), at(2)));
    learn(store, [vec![foreign], rows.to_vec()].concat()).await;
    let ids = async |query: OrderQuery| {
        let page = ok(store.orders(query)).await;
        (page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>().concat(), page.next.is_some())
    };
    let all = OrderQuery { limit: 4, ..OrderQuery::default() };
    assert_eq!(ids(all.clone()).await, ("fcba".into(), false));
    let paid = OrderQuery { platform_status: Some("PAID".into()), limit: 2, ..all.clone() };
    assert_eq!(ids(paid.clone()).await, ("fc".into(), true));
    assert_eq!(ids(OrderQuery { shop_id: Some(shop_id()), ..paid }).await, ("ca".into(), false));
    assert_eq!(ids(OrderQuery { limit: 0, ..all }).await, (String::new(), false));
}

/// A made-up cursor is refused.
pub async fn a_made_up_cursor_is_refused(store: &dyn Store) {
    let refused =
        store.orders(OrderQuery { after: Some("page 2".into()), limit: 4, ..OrderQuery::default() }).await;
    assert!(matches!(refused, Err(StoreError::BadCursor { .. })), "{refused:?}");
}

/// A cursor moves forward only.
pub async fn a_sweep_cursor_never_goes_back(store: &dyn Store) {
    assert_eq!(ok(store.cursor(shop_id(), Resource::Order)).await, None);
    for (until, kept) in [(at(10), at(10)), (at(5), at(10)), (at(20), at(20))] {
        ok(store.commit(Changes { cursors: vec![cursor(until)], ..Changes::default() })).await;
        assert_eq!(ok(store.cursor(shop_id(), Resource::Order)).await, Some(cursor(kept)));
    }
    let other: Option<Cursor> = ok(store.cursor(ShopId::from("other"), Resource::Order)).await;
    assert_eq!(other, None);
}

/// Reports come newest first, and the oldest make way.
pub async fn reports_are_bounded(store: &dyn Store) {
    let kept = u64::try_from(SWEEP_REPORTS_KEPT).expect("it is a small number");
    for numbers in [0..kept, kept..kept + 2] {
        let reports = numbers.map(report).collect();
        ok(store.commit(Changes { reports, ..Changes::default() })).await;
    }
    assert_eq!(ok(store.sweep_reports(2)).await, [report(kept + 1), report(kept)]);
    assert_eq!(ok(store.sweep_reports(usize::MAX)).await.len(), crate::PAGE_MAX);
}
