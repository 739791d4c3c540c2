//! One video.

use serde_json::{Value, json};

use crate::family::analytics::content::Video;
use crate::family::analytics::figure::{Purse, with};
use crate::family::analytics::table::{Row, answer, sorted};
use crate::family::analytics::video::{seen_of, view};
use crate::family::analytics::window::Window;
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::sales::{Measures, facts};
use crate::world::{Shop, World};

pub(super) fn get_video_detail(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let (window, video) = (Window::of(call, shop)?, video_of(call, shop)?);
    let purse = Purse::of(call, shop);
    let show = |window: Window| -> Vec<Value> {
        window.intervals(call).into_iter().map(|interval| interval_of(shop, purse, interval, video)).collect()
    };
    let mut performance = json!({ "intervals": show(window), "video_post_time": video.posted(shop) });
    if let Some(before) = window.before(call) {
        performance["comparison_intervals"] = show(before).into();
    }
    let known = window.known();
    let seen = seen_of(shop, &facts(shop, known.0, known.1), known, video);
    Ok(fitted(
        call,
        json!({
            "latest_available_date": window.latest.to_string(),
            "performance": performance,
            "engagement_data": {
                "total_views": seen.impressions,
                "total_likes": seen.clicks * 2,
                "total_comments": seen.clicks / 5,
                "total_shares": seen.clicks / 9,
            },
        }),
    ))
}

fn interval_of(shop: &Shop, purse: Purse, window: Window, video: Video) -> Value {
    let known = window.known();
    let facts = facts(shop, known.0, known.1);
    let sum = Measures::of(&facts, |fact| video.sold(fact));
    let shown = view(purse, &sum, seen_of(shop, &facts, known, video), window.days());
    let product = json!({ "product_id": shop.product(video.product).number.to_string() });
    with(
        shown.clone(),
        json!({
            "start_date": window.from.to_string(),
            "end_date": window.until.to_string(),
            "sales": { "overall": shown, "breakdowns": [with(shown.clone(), product)] },
            "traffic": shown,
        }),
    )
}

/// A video is about one product here.
pub(super) fn get_video_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let (window, video) = (Window::of(call, shop)?, video_of(call, shop)?);
    let (purse, known) = (Purse::of(call, shop), window.known());
    let facts = facts(shop, known.0, known.1);
    let sum = Measures::of(&facts, |fact| video.sold(fact));
    let rows = vec![Row { subject: video, seen: seen_of(shop, &facts, known, video), sum }];
    let page = sorted(call, world, rows)?;
    let shown = answer(&page, "products", window.latest, |row| {
        let product = shop.product(video.product);
        with(
            view(purse, &row.sum, row.seen, window.days()),
            json!({ "id": product.number.to_string(), "name": product.name }),
        )
    });
    Ok(fitted(call, shown))
}

fn video_of(call: &Admitted<'_>, shop: &Shop) -> Result<Video, Refusal> {
    let id = call.path_params.get("video_id").unwrap_or_default();
    Video::find(shop, id).ok_or_else(|| Refusal::parameter("Invalid parameter 'video_id'. No such video."))
}
