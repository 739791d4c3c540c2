//! One sweep of one shop.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::time::Duration;

use hub_core::{
    Changes, Cursor, DedupeKey, Incoming, Lane, MirrorVersion, Origin, Resource, Shop, SweepReport,
};
use hub_store::StoreError;
use ttshop::Priority;
use ttshop_types::Timestamp;

use super::lease::hold;
use crate::GrantError;
use crate::grant::with_access;
use crate::hub::Hub;
use crate::mirror::is_settled;
use crate::platform::{FoundOrder, FoundOrders, OrderSearch};

/// How many rows a search gives out in all; a window with more is split.
const WINDOW_ROWS_MAX: u64 = 10_000;
/// How many pages of one window are read: twice the rows that it may hold.
const PAGES_MAX: u32 = 200;
/// How often a window is read again because it changed while it was read.
const PASSES_MAX: u32 = 3;
/// A window of one second cannot be split any more.
const WINDOW_MIN: Duration = Duration::from_secs(1);

/// Why a sweep broke off. Its cursor stays before the window that failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum SweepError {
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error("failed to compare with the mirror or to save findings")]
    Store(#[from] StoreError),
    #[error("the search names page `{page}` again")]
    PageRepeated { page: u32 },
    #[error("the hub stops")]
    Stopping,
    #[error("another process took the shop over")]
    Overtaken,
    #[error("the search does not end after {PAGES_MAX} pages")]
    PagesDoNotEnd,
}

#[derive(Clone, Copy)]
struct Window {
    from: Timestamp,
    until: Timestamp,
}

#[derive(Default)]
struct Tally {
    seen: HashSet<String>,
    missing: u64,
    outdated: u64,
}

/// Looks at everything that the platform updated since the cursor, and reports.
pub(super) async fn sweep(hub: &Hub, shop: &Shop) -> Result<SweepReport, SweepError> {
    let cursor = hub.store.cursor(shop.id.clone(), Resource::Order).await?;
    let now = hub.clock.now();
    let first = shop.connected_at - hub.settings.backfill;
    let (from, until) = hub_core::sweep::next_window(cursor.map(|cursor| cursor.until), first, now);
    let mut tally = Tally::default();
    let mut windows = vec![Window { from, until }];
    while let Some(window) = windows.pop() {
        match read_window(hub, shop, window, &mut tally).await? {
            WindowEnd::Read => save_cursor(hub, shop, window.until, None).await?,
            WindowEnd::TooLarge => {
                let middle = window.from + window.until.since(window.from) / 2;
                // Whole seconds: the platform counts in them.
                let middle = Timestamp::from_seconds(middle.as_seconds());
                windows.push(Window { from: middle, ..window });
                windows.push(Window { until: middle, ..window });
            }
        }
    }
    let report = SweepReport {
        shop_id: shop.id.clone(),
        resource: Resource::Order,
        from_ms: from.as_millis(),
        until_ms: until.as_millis(),
        seen: u64::try_from(tally.seen.len()).unwrap_or(u64::MAX),
        missing: tally.missing,
        outdated: tally.outdated,
        finished_at_ms: hub.clock.now().as_millis(),
    };
    save_cursor(hub, shop, until, Some(report.clone())).await?;
    Ok(report)
}

enum WindowEnd {
    Read,
    TooLarge,
}

/// Reads a window until it holds still: an order that is updated meanwhile leaves it, and others move up a page.
async fn read_window(
    hub: &Hub,
    shop: &Shop,
    window: Window,
    tally: &mut Tally,
) -> Result<WindowEnd, SweepError> {
    for pass in 1..=PASSES_MAX {
        let Some(is_whole) = read_pages(hub, shop, window, tally).await? else {
            return Ok(WindowEnd::TooLarge);
        };
        if is_whole {
            break;
        }
        tracing::debug!(shop.id = %shop.id, pass, "a window changed while it was read");
    }
    Ok(WindowEnd::Read)
}

/// Reads every page once. `None` says that the window is too large, `false` that orders left it meanwhile.
async fn read_pages(
    hub: &Hub,
    shop: &Shop,
    window: Window,
    tally: &mut Tally,
) -> Result<Option<bool>, SweepError> {
    let mut tokens = HashSet::new();
    let mut page_token = None;
    let mut seen = HashSet::new();
    let mut count_first = None;
    for page in 1..=PAGES_MAX {
        if hub.is_stopping.load(Ordering::Relaxed) {
            return Err(SweepError::Stopping);
        }
        if !hold(hub, shop).await? {
            return Err(SweepError::Overtaken);
        }
        let priority = priority_of(shop, window);
        let search = OrderSearch { from: window.from, until: window.until, page_token, priority };
        let found =
            with_access(hub, &shop.id, |access| hub.platform.search_orders(&access, search.clone())).await?;
        if found.total_count.is_some_and(|count| count > WINDOW_ROWS_MAX)
            && window.until.since(window.from) > WINDOW_MIN * 2
        {
            return Ok(None);
        }
        count_first = count_first.or(found.total_count);
        seen.extend(found.orders.iter().map(|order| order.id.as_str().to_owned()));
        let next = found.next_page_token.clone();
        compare(hub, shop, found, tally).await?;
        let Some(token) = next else {
            let seen_count = u64::try_from(seen.len()).unwrap_or(u64::MAX);
            return Ok(Some(count_first.is_none_or(|count| seen_count >= count)));
        };
        if !tokens.insert(token.clone()) {
            return Err(SweepError::PageRepeated { page });
        }
        page_token = Some(token);
    }
    Err(SweepError::PagesDoNotEnd)
}

/// What happened before the shop was connected can wait longest.
fn priority_of(shop: &Shop, window: Window) -> Priority {
    if window.from < shop.connected_at { Priority::Backfill } else { Priority::Sweep }
}

/// Compares a page with the mirror and makes its findings durable.
async fn compare(hub: &Hub, shop: &Shop, found: FoundOrders, tally: &mut Tally) -> Result<(), SweepError> {
    let ids = found.orders.iter().map(|order| order.id.as_str().to_owned()).collect();
    let known = hub.store.mirror_versions(shop.id.clone(), Resource::Order, ids).await?;
    let known: HashMap<String, MirrorVersion> = known.into_iter().collect();
    let mut findings = Vec::new();
    for order in found.orders {
        let verdict = judge(hub, shop, &order, known.get(order.id.as_str())).await?;
        let is_first_look = tally.seen.insert(order.id.as_str().to_owned());
        match verdict {
            Verdict::Fine => continue,
            Verdict::Missing => tally.missing += u64::from(is_first_look),
            Verdict::Outdated => tally.outdated += u64::from(is_first_look),
            Verdict::Unsettled => {}
        }
        findings.push(finding(hub, shop, &order, found.request_id.as_str()));
    }
    if !findings.is_empty() {
        hub.store.accept_all(findings).await?;
        hub.nudges.process.notify_one();
    }
    Ok(())
}

enum Verdict {
    Fine,
    Missing,
    Outdated,
    /// Of the same second, and read before it was certainly over: read again to be sure.
    Unsettled,
}

async fn judge(
    hub: &Hub,
    shop: &Shop,
    order: &FoundOrder,
    known: Option<&MirrorVersion>,
) -> Result<Verdict, SweepError> {
    let Some(known) = known else { return Ok(Verdict::Missing) };
    if known.updated_at < order.updated_at {
        return Ok(Verdict::Outdated);
    }
    if known.updated_at > order.updated_at || is_settled(known) {
        return Ok(Verdict::Fine);
    }
    let row = hub.store.mirror_row(shop.id.clone(), Resource::Order, order.id.as_str().into()).await?;
    let is_other = |status: &String| row.as_ref().is_some_and(|row| row.platform_status != *status);
    Ok(if order.status.as_ref().is_some_and(is_other) { Verdict::Outdated } else { Verdict::Unsettled })
}

fn finding(hub: &Hub, shop: &Shop, order: &FoundOrder, request_id: &str) -> Incoming {
    let lane = Lane::of_entity(&shop.id, Resource::Order, order.id.as_str());
    Incoming {
        key: DedupeKey::of_finding(&lane, &order.updated_at.as_seconds().to_string()),
        origin: Origin::Sweep,
        app: shop.app.clone(),
        shop_id: Some(shop.id.clone()),
        topic: Resource::Order.as_str().into(),
        lane,
        body: format!("{{\"request_id\":{}}}", serde_json::Value::from(request_id)).into_bytes(),
        sent_at: Some(order.updated_at),
        received_at: hub.clock.now(),
    }
}

async fn save_cursor(
    hub: &Hub,
    shop: &Shop,
    until: Timestamp,
    report: Option<SweepReport>,
) -> Result<(), StoreError> {
    let cursor = Cursor { shop_id: shop.id.clone(), resource: Resource::Order, until };
    hub.store
        .commit(Changes {
            cursors: vec![cursor],
            reports: report.into_iter().collect(),
            ..Changes::default()
        })
        .await
}
