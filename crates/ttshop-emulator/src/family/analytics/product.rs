//! Products.

use serde_json::{Value, json};

use crate::family::analytics::NO_PRODUCT;
use crate::family::analytics::content::Video;
use crate::family::analytics::figure::{Purse, rate, sales, traffic as shown_traffic, with};
use crate::family::analytics::table::{Row, answer, sorted};
use crate::family::analytics::window::Window;
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::sales::{Account, Channel, Fact, Measures, facts, traffic};
use crate::world::{Shop, World};

/// Every product of the shop, also those that nobody bought.
pub(super) fn get_product_list(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let window = Window::of(call, shop)?;
    let (purse, known) = (Purse::of(call, shop), window.known());
    let facts = facts(shop, known.0, known.1);
    let places = (0..u16::try_from(shop.products.len()).unwrap_or(u16::MAX)).map(|place| Row {
        subject: place,
        sum: Measures::of(&facts, |fact| fact.line.product == place),
        seen: traffic(shop, &facts, known, Some(place), &Channel::ALL),
    });
    let page = sorted(call, world, places.collect())?;
    let shown = answer(&page, "products", window.latest, |row| {
        let own: Vec<Fact<'_>> =
            facts.iter().copied().filter(|fact| fact.line.product == row.subject).collect();
        let total = with(sales(purse, &row.sum), shown_traffic(row.seen, &row.sum));
        let total = with(
            total,
            json!({
                "gross_merchandise_value": purse.show(row.sum.gmv),
                "refunded_items": row.sum.cancelled_units + row.sum.returned_units,
                "refund_customers": row.sum.refunded_orders(),
            }),
        );
        let shown = json!({
            "id": shop.product(row.subject).number.to_string(),
            "overall_performance": total,
            "total_performance": total,
        });
        with(with(shown, parts(purse, &own)), total)
    });
    Ok(fitted(call, shown))
}

/// The blocks of 202605 that orders tell of.
fn parts(purse: Purse, own: &[Fact<'_>]) -> Value {
    let of = |channels: &[Channel], account| {
        let sum = Measures::of(own, |fact| fact.account == account && channels.contains(&fact.channel));
        json!({
            "attributed_gmv": purse.show(sum.gmv),
            "live_attributed_gmv": purse.show(sum.gmv),
            "attributed_video_gmv": purse.show(sum.gmv),
            "attributed_orders": sum.orders(),
            "attributed_sku_orders": sum.sku_orders(),
            "attributed_sold_items": sum.units,
            "estimated_customers": sum.buyers(),
            "aov": purse.show(sum.order_value()),
        })
    };
    let (own, theirs) = (Account::Official, Account::Affiliate);
    json!({
        "seller_live_performance": of(&[Channel::Live], own),
        "seller_video_performance": of(&[Channel::Video], own),
        "seller_product_card_performance": of(&[Channel::ProductCard], own),
        "affiliate_total_performance": of(&Channel::ALL, theirs),
        "affiliate_live_performance": of(&[Channel::Live], theirs),
        "affiliate_video_performance": of(&[Channel::Video], theirs),
    })
}

pub(super) fn get_product_detail(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let window = Window::of(call, shop)?;
    let id = call.path_params.get("product_id").unwrap_or_default();
    let place = shop.products.iter().position(|product| product.number.to_string() == id);
    let place = place.and_then(|place| u16::try_from(place).ok());
    let place = place.ok_or_else(|| Refusal::business(NO_PRODUCT, "No data of the product."))?;
    let purse = Purse::of(call, shop);
    let show = |window: Window| -> Vec<Value> {
        window.intervals(call).into_iter().map(|interval| view(shop, purse, interval, place)).collect()
    };
    let mut performance = json!({ "intervals": show(window) });
    if let Some(before) = window.before(call) {
        performance["comparison_intervals"] = show(before).into();
    }
    performance["top_contents"] = top_contents(shop, purse, window, place);
    Ok(fitted(
        call,
        json!({ "latest_available_date": window.latest.to_string(), "performance": performance }),
    ))
}

fn view(shop: &Shop, purse: Purse, window: Window, place: u16) -> Value {
    let (from, until) = window.known();
    let facts = facts(shop, from, until);
    let own = |fact: &Fact<'_>| fact.line.product == place;
    let (sum, days) = (Measures::of(&facts, own), window.days());
    let seen = traffic(shop, &facts, (from, until), Some(place), &Channel::ALL);
    let each = Channel::ALL.map(|channel| {
        let sum = Measures::of(&facts, |fact| own(fact) && fact.channel == channel);
        (channel, sum, traffic(shop, &facts, (from, until), Some(place), &[channel]))
    });
    let list = |show: &dyn Fn(&Measures, crate::world::sales::Traffic) -> Value| -> Vec<Value> {
        each.iter().map(|(channel, sum, seen)| with(show(sum, *seen), json!({ "type": channel }))).collect()
    };
    let by_content = |show: &dyn Fn(&Measures, crate::world::sales::Traffic) -> Value| -> Vec<Value> {
        each.iter()
            .map(|(channel, sum, seen)| with(show(sum, *seen), json!({ "content_type": channel })))
            .collect()
    };
    let buyers = |sum: &Measures| u64::try_from(sum.buyers()).unwrap_or(u64::MAX);
    let flat = with(sales(purse, &sum), shown_traffic(seen, &sum));
    with(
        flat,
        json!({
            "start_date": window.from.to_string(),
            "end_date": window.until.to_string(),
            "avg_page_visitors": seen.visitors / days,
            "avg_page_visitor_breakdowns": list(&|_, seen| json!({ "amount": seen.visitors / days })),
            "click_through_rate_breakdowns":
                list(&|_, seen| json!({ "amount": rate(seen.clicks, seen.impressions) })),
            "gmv_breakdowns": list(&|sum, _| purse.show(sum.gmv)),
            "impression_breakdowns": list(&|_, seen| json!({ "amount": seen.impressions })),
            "page_view_breakdowns": list(&|_, seen| json!({ "amount": seen.clicks })),
            "unit_sold_breakdowns": list(&|sum, _| json!({ "amount": sum.units })),
            "sales": with(sales(purse, &sum), json!({ "breakdowns": by_content(&|sum, _| json!({ "sales": {
                "gmv": purse.show(sum.gmv), "items_sold": sum.units, "avg_customers": buyers(sum) / days,
            }}))})),
            "traffic": { "breakdowns": by_content(&|sum, seen| json!({ "traffic": {
                "impressions": seen.impressions,
                "page_views": seen.clicks,
                "avg_unique_page_views": seen.visitors / days,
                "ctr": rate(seen.clicks, seen.impressions),
                "avg_conversation_rate": rate(buyers(sum), seen.visitors),
            }}))},
            "cancel_and_refunds": {
                "returned": sum.returned_units,
                "canceled": sum.cancelled_units,
                "refunded": sum.cancelled_units + sum.returned_units,
                "replacements": 0,
            },
        }),
    )
}

/// The product's videos, the one that sold most first.
fn top_contents(shop: &Shop, purse: Purse, window: Window, place: u16) -> Value {
    let (from, until) = window.known();
    let facts = facts(shop, from, until);
    let mut videos: Vec<(Measures, Video)> = Account::ALL
        .map(|account| Video { product: place, account })
        .map(|video| (Measures::of(&facts, |fact| video.sold(fact)), video))
        .into();
    videos.retain(|(sum, _)| sum.units > 0);
    videos.sort_by_key(|(sum, _)| std::cmp::Reverse(sum.gmv));
    let contents = videos.iter().map(|(sum, video)| {
        json!({ "content_id": video.id(shop), "items_sold": sum.units, "gmv": purse.show(sum.gmv) })
    });
    let contents: Vec<Value> = contents.collect();
    if contents.is_empty() { json!([]) } else { json!([{ "type": "VIDEO", "contents": contents }]) }
}
