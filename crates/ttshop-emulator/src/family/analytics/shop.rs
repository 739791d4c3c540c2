//! The whole shop.

use serde_json::{Value, json};

use crate::family::analytics::figure::{Purse, rate, sales, traffic as shown_traffic, with};
use crate::family::analytics::window::Window;
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::day::{Day, offset_of};
use crate::world::sales::{Account, Channel, Fact, Measures, facts, through, traffic};
use crate::world::{Shop, World};

const HOUR_SECONDS: i64 = 3_600;

pub(super) fn get_shop_performance(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let window = Window::of(call, shop)?;
    let purse = Purse::of(call, shop);
    let show = |window: Window| -> Vec<Value> {
        window.intervals(call).into_iter().map(|interval| view(shop, purse, interval)).collect()
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

fn view(shop: &Shop, purse: Purse, window: Window) -> Value {
    let (from, until) = window.known();
    let facts = facts(shop, from, until);
    let sum = Measures::of(&facts, |_| true);
    let seen = traffic(shop, &facts, (from, until), None, &Channel::ALL);
    let days = window.days();
    let buyers = u64::try_from(sum.buyers()).unwrap_or(u64::MAX);
    let sales = with(sales(purse, &sum), contents(purse, &facts, &sum));
    let sales = with(
        sales,
        json!({
            "avg_customers_count": buyers / days,
            "gross_revenue": { "overall": purse.show(sum.gmv), "breakdowns": [
                { "type": "ORGANIC", "percentage": rate(1, 1) },
            ]},
        }),
    );
    let visits = json!({
        "avg_visitors": seen.visitors / days,
        "avg_page_views": seen.clicks / days,
        "avg_conversation_rate": rate(buyers, seen.visitors),
    });
    let flat = json!({
        "start_date": window.from.to_string(),
        "end_date": window.until.to_string(),
        "avg_product_page_visitors": seen.visitors / days,
        "product_page_views": seen.clicks,
        "sales": sales,
        "traffic": with(visits, shown_traffic(seen, &sum)),
        "breakdowns": accounts(purse, &facts),
    });
    let flat = with(flat, super::figure::sales(purse, &sum));
    with(with(flat, shown_traffic(seen, &sum)), by_channel(shop, purse, &facts, (from, until), days))
}

/// The lists of 202405.
fn by_channel(shop: &Shop, purse: Purse, facts: &[Fact<'_>], known: (Day, Day), days: u64) -> Value {
    let each = |show: &dyn Fn(Channel) -> Value| -> Vec<Value> {
        Channel::ALL.into_iter().map(|channel| with(show(channel), json!({ "type": channel }))).collect()
    };
    let sum = |channel| Measures::of(facts, through(channel));
    let seen = |channel| traffic(shop, facts, known, None, &[channel]);
    json!({
        "gmv_breakdowns": each(&|channel| purse.show(sum(channel).gmv)),
        "buyer_breakdowns": each(&|channel| json!({ "amount": sum(channel).buyers() })),
        "product_impression_breakdowns": each(&|channel| json!({ "amount": seen(channel).impressions })),
        "product_page_view_breakdowns": each(&|channel| json!({ "amount": seen(channel).clicks })),
        "avg_product_page_visitor_breakdowns":
            each(&|channel| json!({ "amount": seen(channel).visitors / days })),
    })
}

/// Revenue by kind of content and by whose it is. Nothing is indirect here: every order has one channel.
pub(super) fn contents(purse: Purse, facts: &[Fact<'_>], all: &Measures) -> Value {
    let of = |channel| Measures::of(facts, through(channel)).gmv;
    let mut shown = json!({
        "gmv": with(purse.show(all.gmv), json!({
            "overall": purse.show(all.gmv),
            "breakdowns": Channel::ALL
                .map(|channel| json!({ "type": channel, "gmv": purse.show(of(channel)) })),
        })),
        "product_card_attributed_gmv": purse.show(of(Channel::ProductCard)),
    });
    for (channel, word) in [(Channel::Live, "live"), (Channel::Video, "video")] {
        let split = |account| {
            Measures::of(facts, move |fact: &Fact<'_>| fact.channel == channel && fact.account == account).gmv
        };
        let (official, affiliate) = (split(Account::Official), split(Account::Affiliate));
        for (owner, gmv) in [("", official + affiliate), ("seller_", official), ("creator_", affiliate)] {
            shown[format!("{owner}{word}_gmv")] = purse.show(gmv);
            shown[format!("{owner}{word}_attributed_gmv")] = purse.show(gmv);
            shown[format!("{owner}{word}_indirect_gmv")] = purse.show(crate::money::Minor(0));
        }
    }
    shown
}

/// `breakdowns` of 202609.
fn accounts(purse: Purse, facts: &[Fact<'_>]) -> Value {
    let of = |channel, account| {
        let sum = Measures::of(facts, |fact| fact.channel == channel && fact.account == account);
        purse.show(sum.gmv)
    };
    let contents =
        [(Channel::Live, "LIVE"), (Channel::Video, "VIDEO")].into_iter().flat_map(|(channel, word)| {
            [(Account::Official, "SELLER"), (Account::Affiliate, "CREATOR")].map(|(account, owner)| {
                json!({
                    "channel": owner,
                    "content_type": word,
                    "gmv": of(channel, account),
                    "indirect_gmv": purse.show(crate::money::Minor(0)),
                })
            })
        });
    let contents: Vec<Value> = contents.collect();
    json!({
        "affiliate_product_card_attributed_gmv": of(Channel::ProductCard, Account::Affiliate),
        "seller_product_card_gmv": of(Channel::ProductCard, Account::Official),
        "content_breakdown": contents,
    })
}

/// The hours of one day, also of today as far as it has come.
pub(super) fn get_shop_performance_per_hour(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let offset = offset_of(&shop.region);
    let day = call.path_params.get("date").and_then(|date| date.parse::<Day>().ok());
    let day = day.filter(|day| *day <= Day::of(call.now, offset));
    let day = day.ok_or_else(|| Refusal::parameter("Invalid parameter 'date'."))?;
    let purse = Purse::of(call, shop);
    let facts = facts(shop, day, day.plus(1));
    let seen = traffic(shop, &facts, (day, day.plus(1)), None, &Channel::ALL);
    let show = |sum: &Measures, visitors: u64, clicks: u64, impressions: u64| {
        let attributed = json!({
            "visitors": visitors,
            "unique_clicks": visitors,
            "product_clicks": clicks,
            "product_impressions": impressions,
            "unique_product_impressions": impressions,
        });
        with(sales(purse, sum), attributed)
    };
    let hours = (0..24_i64).map(|hour| {
        let begin = day.begin(offset) + hour * HOUR_SECONDS;
        let within =
            move |fact: &Fact<'_>| (begin..begin + HOUR_SECONDS).contains(&fact.order.created.as_seconds());
        let own: Vec<Fact<'_>> = facts.iter().copied().filter(within).collect();
        let sum = Measures::of(&own, |_| true);
        let buyers = u64::try_from(sum.buyers()).unwrap_or(u64::MAX);
        let visitors = buyers.max(seen.visitors / 24);
        let clicks = visitors.max(seen.clicks / 24);
        let shown = show(&sum, visitors, clicks, clicks.max(seen.impressions / 24));
        with(with(shown, contents(purse, &own, &sum)), json!({ "index": hour }))
    });
    let hours: Vec<Value> = hours.collect();
    let sum = Measures::of(&facts, |_| true);
    let overall = show(&sum, seen.visitors, seen.clicks, seen.impressions);
    let latest = call.now.as_seconds().min(day.plus(1).begin(offset));
    Ok(fitted(
        call,
        json!({ "performance": {
            "intervals": hours,
            "overall": with(overall, contents(purse, &facts, &sum)),
            "latest_available_timestamp": latest,
        }}),
    ))
}
