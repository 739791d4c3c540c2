//! Reading activities.

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::promotion::{code, view};
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::promotion::Activity;
use crate::world::{ActivityNo, Shop, World};

/// Activities on a page when the caller does not say, or says 0.
const PAGE_SIZE_DEFAULT: u64 = 20;
/// The page token is an offset; token and size stay below this (PLATFORM.md 6.1).
const WINDOW: u64 = 10_000;

/// Newest first.
pub(super) fn search_promotion_activities(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let size = call.body.get("page_size").and_then(Value::as_u64).filter(|size| *size > 0);
    let size = size.unwrap_or(PAGE_SIZE_DEFAULT);
    let offset = text("page_token").map_or(Ok(0), str::parse::<u64>);
    let offset = offset.map_err(|_| Refusal::parameter("Invalid parameter 'page_token'."))?;
    if offset.saturating_add(size) >= WINDOW {
        let message = "The sum of page_token and page_size must be less than 10000.";
        return Err(Refusal::business(code::PAGE_WINDOW, message));
    }
    let fits = |activity: &&Activity| {
        text("status").is_none_or(|status| json!(activity.status) == status)
            && text("activity_type").is_none_or(|kind| json!(activity.kind) == kind)
            && text("activity_title").is_none_or(|title| activity.title.contains(title))
    };
    let found: Vec<&Activity> = shop.promotions.activities.values().rev().filter(fits).collect();
    let first = usize::try_from(offset).unwrap_or(usize::MAX);
    let after = offset + size;
    let more = usize::try_from(after).is_ok_and(|after| after < found.len());
    let page: Vec<Value> = found
        .iter()
        .skip(first)
        .take(usize::try_from(size).unwrap_or(usize::MAX))
        .map(|activity| view::activity(shop, activity))
        .collect();
    Ok(fitted(
        call,
        json!({
            "total_count": found.len(),
            "next_page_token": if more { after.to_string() } else { String::new() },
            "activities": page,
        }),
    ))
}

pub(super) fn get_activity(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = activity_of(call, world)?;
    let shop = shop_of(call, world)?;
    let found = shop.promotions.activities.get(&number).ok_or_else(not_found)?;
    Ok(fitted(call, view::activity(shop, found)))
}

/// The activity of the path: one of this shop.
pub(super) fn activity_of(call: &Admitted<'_>, world: &World) -> Result<ActivityNo, Refusal> {
    let number = call.path_params.get("activity_id").and_then(|id| id.parse().ok()).ok_or_else(not_found)?;
    let has = |shop: &Shop| shop.promotions.activities.contains_key(&number);
    if has(shop_of(call, world)?) {
        return Ok(number);
    }
    if world.shops.values().any(has) {
        return Err(Refusal::business(code::FOREIGN, "The activity belongs to another shop."));
    }
    Err(not_found())
}

pub(super) fn not_found() -> Refusal {
    Refusal::business(code::NOT_FOUND, "The activity does not exist.")
}
