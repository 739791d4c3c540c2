//! LIVE sessions.

use serde_json::{Value, json};

use crate::family::analytics::content::{Live, accounts, user_name};
use crate::family::analytics::figure::{Purse, per_mille, rate, sales, traffic as shown_traffic, with};
use crate::family::analytics::table::{Row, answer, sorted};
use crate::family::analytics::window::Window;
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::Minor;
use crate::world::day::Day;
use crate::world::sales::{Account, Channel, Fact, Measures, Traffic, facts, traffic};
use crate::world::{Shop, World};

/// How long people watch, in seconds; ours.
const WATCHED_SECONDS: u64 = 95;

pub(super) fn get_live_overview(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let window = Window::of(call, shop)?;
    let (purse, accounts) = (Purse::of(call, shop), accounts(call));
    let show = |window: Window| -> Vec<Value> {
        let intervals = window.intervals(call).into_iter();
        intervals.map(|interval| overview(shop, purse, interval, accounts)).collect()
    };
    let mut performance = json!({ "intervals": show(window) });
    if let Some(before) = window.before(call) {
        performance["comparison_intervals"] = show(before).into();
    }
    Ok(fitted(
        call,
        json!({
            "latest_available_date": window.latest.to_string(),
            "performance": performance,
            "updated_at": call.now.to_rfc3339(),
        }),
    ))
}

fn overview(shop: &Shop, purse: Purse, window: Window, accounts: &[Account]) -> Value {
    let (from, until) = window.known();
    let facts = facts(shop, from, until);
    let sum = Measures::of(&facts, |fact| fact.channel == Channel::Live && accounts.contains(&fact.account));
    let seen = share(traffic(shop, &facts, (from, until), None, &[Channel::Live]), accounts.len(), &sum);
    let dates = json!({ "start_date": window.from.to_string(), "end_date": window.until.to_string() });
    with(with(live_sales(purse, &sum, seen), shown_traffic(seen, &sum)), dates)
}

/// Both accounts have the same part of the traffic, and each at least its own buyers.
fn share(all: Traffic, accounts: usize, sum: &Measures) -> Traffic {
    let (parts, of) = (u64::try_from(accounts).unwrap_or(0), 2);
    let least = u64::try_from(sum.buyers()).unwrap_or(u64::MAX);
    let part = |count: u64| (count * parts / of).max(least);
    Traffic {
        impressions: part(all.impressions),
        clicks: part(all.clicks),
        visitors: part(all.visitors),
        carts: part(all.carts),
    }
}

fn live_sales(purse: Purse, sum: &Measures, seen: Traffic) -> Value {
    let orders = u64::try_from(sum.sku_orders()).unwrap_or(u64::MAX);
    let zero = purse.show(Minor(0));
    let price = Minor(sum.gmv.0.checked_div(i64::try_from(sum.units).unwrap_or(0)).unwrap_or(0));
    with(
        sales(purse, sum),
        json!({
            "24h_live_gmv": purse.show(sum.gmv),
            "live_gmv": purse.show(sum.gmv),
            "live_attributed_gmv": purse.show(sum.gmv),
            "live_indirect_gmv": zero,
            "live_auction_gmv": zero,
            "live_auction_attributed_gmv": zero,
            "live_auction_indirect_gmv": zero,
            "avg_live_auction_price": zero,
            "live_auction_attributed_items_sold": 0,
            "live_auction_attributed_sku_orders": 0,
            "live_attributed_items_sold": sum.units,
            "live_attributed_orders": sum.orders(),
            "live_attributed_sku_orders": sum.sku_orders(),
            "attributed_customers": sum.buyers(),
            "gmv_with_tiktok_coupons": purse.show(sum.gmv + sum.platform_discount),
            "avg_price": purse.show(price),
            "created_sku_orders": sum.sku_orders(),
            "payment_rate": rate(1, 1),
            "views": seen.visitors * 3,
            "viewers": seen.visitors,
            "avg_viewing_duration": WATCHED_SECONDS,
            "show_gpm": purse.show(per_mille(sum.gmv, seen.impressions)),
            "watch_gpm": purse.show(per_mille(sum.gmv, seen.visitors * 3)),
            "ctor": rate(orders, seen.clicks),
            "ctor_sku_order": rate(orders, seen.clicks),
            "live_ctr": rate(seen.clicks, seen.impressions),
        }),
    )
}

/// One session a day and account.
pub(super) fn get_live_list(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let window = Window::of(call, shop)?;
    let (purse, (from, until)) = (Purse::of(call, shop), window.known());
    let facts = facts(shop, from, until);
    let mut rows = Vec::new();
    for day in from.0..until.0 {
        let day = Day(day);
        let all = traffic(shop, &facts, (day, day.plus(1)), None, &[Channel::Live]);
        for account in accounts(call) {
            let live = Live { day, account: *account };
            let sum = Measures::of(&facts, |fact| live.sold(fact));
            rows.push(Row { subject: live, seen: share(all, 1, &sum), sum });
        }
    }
    let page = sorted(call, world, rows)?;
    let shown = answer(&page, "live_stream_sessions", window.latest, |row| session(shop, purse, row, &facts));
    Ok(fitted(call, with(shown, json!({ "updated_at": call.now.to_rfc3339() }))))
}

fn session(shop: &Shop, purse: Purse, row: &Row<Live>, facts: &[Fact<'_>]) -> Value {
    let (live, sum, seen) = (row.subject, &row.sum, row.seen);
    let (begin, end) = live.times(shop);
    let sold: std::collections::BTreeSet<u16> =
        facts.iter().filter(|fact| live.sold(fact)).map(|fact| fact.line.product).collect();
    let seen_sales = with(live_sales(purse, sum, seen), shown_traffic(seen, sum));
    let stage = with(
        seen_sales.clone(),
        json!({
            "acu": seen.visitors / 10,
            "pcu": seen.visitors / 4,
            "likes": seen.clicks * 2,
            "comments": seen.clicks / 3,
            "shares": seen.clicks / 9,
            "new_followers": seen.visitors / 12,
            "like_rate": rate(seen.clicks * 2, seen.visitors * 3),
            "comment_rate": rate(seen.clicks / 3, seen.visitors * 3),
            "share_rate": rate(seen.clicks / 9, seen.visitors * 3),
            "follow_rate": rate(seen.visitors / 12, seen.visitors * 3),
            "products_added": shop.products.len(),
        }),
    );
    let name = user_name(shop, live.account);
    json!({
        "id": live.id(shop),
        "title": format!("{} LIVE", shop.name),
        "username": name,
        "start_time": begin.to_string(),
        "end_time": end.to_string(),
        "creator": {
            "author_type": if live.account == Account::Official { "OFFICIAL" } else { "AFFILIATE" },
            "creator_country": shop.region.code(),
            "nick_name": name,
            "user_name": name,
        },
        "interaction_performance": stage,
        "traffic": stage,
        "sales_performance": with(seen_sales, json!({
            "products_added": shop.products.len(),
            "different_products_sold": sold.len(),
            "products_sold": sold.len(),
        })),
    })
}

/// What one session sold, product by product.
pub(super) fn get_live_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let live = Live::find(shop, call.path_params.get("live_id").unwrap_or_default());
    let live = live.ok_or_else(|| Refusal::parameter("Invalid parameter 'live_id'. No such session."))?;
    let (purse, days) = (Purse::of(call, shop), (live.day, live.day.plus(1)));
    let facts = facts(shop, days.0, days.1);
    let rows = (0..u16::try_from(shop.products.len()).unwrap_or(u16::MAX)).map(|place| {
        let sum = Measures::of(&facts, |fact| live.sold(fact) && fact.line.product == place);
        let seen = share(traffic(shop, &facts, days, Some(place), &[Channel::Live]), 1, &sum);
        Row { subject: place, sum, seen }
    });
    let page = sorted(call, world, rows.collect())?;
    let products = page.rows.iter().map(|row| {
        let product = shop.product(row.subject);
        let orders = |count: usize| rate(u64::try_from(count).unwrap_or(0), row.seen.clicks);
        json!({
            "id": product.number.to_string(),
            "name": product.name,
            "sales": with(live_sales(purse, &row.sum, row.seen), json!({
                "direct_gmv": purse.show(row.sum.gmv),
                "main_orders": row.sum.orders(),
            })),
            "traffic": {
                "product_impressions": row.seen.impressions,
                "produt_clicks": row.seen.clicks,
                "ctr": rate(row.seen.clicks, row.seen.impressions),
                "add_to_cart_count": row.seen.carts,
                "click_to_order_rate": {
                    "sku_order_ctor": orders(row.sum.sku_orders()),
                    "main_order_ctor": orders(row.sum.orders()),
                },
                "gpm": { "watch_gpm": purse.show(per_mille(row.sum.gmv, row.seen.impressions))["amount"] },
            },
        })
    });
    Ok(fitted(call, json!({ "products": products.collect::<Vec<Value>>() })))
}
