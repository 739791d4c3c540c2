//! Videos.

use serde_json::{Value, json};

use crate::family::analytics::content::{Video, accounts, user_name};
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

pub(super) fn get_video_overview(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
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
        json!({ "latest_available_date": window.latest.to_string(), "performance": performance }),
    ))
}

fn overview(shop: &Shop, purse: Purse, window: Window, accounts: &[Account]) -> Value {
    let (from, until) = window.known();
    let facts = facts(shop, from, until);
    let sum = Measures::of(&facts, |fact| fact.channel == Channel::Video && accounts.contains(&fact.account));
    let mut seen = Traffic::default();
    for video in Video::all(shop).filter(|video| accounts.contains(&video.account)) {
        seen += seen_of(shop, &facts, (from, until), video);
    }
    with(
        view(purse, &sum, seen, window.days()),
        json!({ "start_date": window.from.to_string(), "end_date": window.until.to_string() }),
    )
}

/// The traffic of one video: half of what the product's two have, and at least its own buyers.
pub(super) fn seen_of(shop: &Shop, facts: &[Fact<'_>], days: (Day, Day), video: Video) -> Traffic {
    let all = traffic(shop, facts, days, Some(video.product), &[Channel::Video]);
    let least = u64::try_from(Measures::of(facts, |fact| video.sold(fact)).buyers()).unwrap_or(u64::MAX);
    let half = |count: u64| (count / 2).max(least);
    Traffic {
        impressions: half(all.impressions),
        clicks: half(all.clicks),
        visitors: half(all.visitors),
        carts: half(all.carts),
    }
}

/// What every version says of a video, under all of its names.
pub(super) fn view(purse: Purse, sum: &Measures, seen: Traffic, days: u64) -> Value {
    let buyers = u64::try_from(sum.buyers()).unwrap_or(u64::MAX);
    let hundredths = i64::try_from(buyers.saturating_mul(100) / days).unwrap_or(i64::MAX);
    let orders = u64::try_from(sum.sku_orders()).unwrap_or(u64::MAX);
    with(
        with(sales(purse, sum), shown_traffic(seen, sum)),
        json!({
            "avg_customers": buyers / days,
            "avg_daily_customers": buyers / days,
            "daily_avg_buyers": Minor(hundredths).text(2),
            "gpm": purse.show(per_mille(sum.gmv, seen.impressions)),
            "ctor": rate(orders, seen.clicks),
            "ctor_sku_order": rate(orders, seen.clicks),
            "views": seen.impressions,
            "video_views": seen.impressions,
            "video_product_viewers": seen.visitors,
            "video_gmv": purse.show(sum.gmv),
            "attributed_gmv": purse.show(sum.gmv),
            "video_attributed_gmv": purse.show(sum.gmv),
            "shoppable_video_attributed_gmv": purse.show(sum.gmv),
            "indirect_gmv": purse.show(Minor(0)),
            "video_indirect_gmv": purse.show(Minor(0)),
            "video_attributed_sku_orders": sum.sku_orders(),
            "likes": seen.clicks * 2,
            "comments": seen.clicks / 5,
            "shares": seen.clicks / 9,
            "new_followers": seen.visitors / 20,
        }),
    )
}

/// Every video of the shop and of its creators.
pub(super) fn get_video_list(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let window = Window::of(call, shop)?;
    let (purse, known) = (Purse::of(call, shop), window.known());
    let facts = facts(shop, known.0, known.1);
    let wanted = accounts(call);
    let rows = Video::all(shop).filter(|video| wanted.contains(&video.account)).map(|video| Row {
        subject: video,
        sum: Measures::of(&facts, |fact| video.sold(fact)),
        seen: seen_of(shop, &facts, known, video),
    });
    let page = sorted(call, world, rows.collect())?;
    let shown = answer(&page, "videos", window.latest, |row| {
        let video = row.subject;
        let (product, name) = (shop.product(video.product), user_name(shop, video.account));
        with(
            view(purse, &row.sum, row.seen, window.days()),
            json!({
                "id": video.id(shop),
                "title": video.title(shop),
                "username": name,
                "video_post_time": video.posted(shop),
                "duration": 30,
                "hash_tags": ["emulated"],
                "products": [{ "id": product.number.to_string(), "name": product.name }],
                "creator": {
                    "author_type": if video.account == Account::Official { "OFFICIAL" } else { "AFFILIATE" },
                    "creator_country": shop.region.code(),
                    "nick_name": name,
                    "user_name": name,
                },
            }),
        )
    });
    Ok(fitted(call, shown))
}
