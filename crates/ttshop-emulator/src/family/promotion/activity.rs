//! Making and changing activities.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::family::fit::{fit, fitted};
use crate::family::promotion::find::{activity_of, not_found};
use crate::family::promotion::rules::{self, Period};
use crate::family::promotion::{code, view};
use crate::family::{shop_mut, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::promotion::{Activity, ActivityNews, ActivityStatus, ProductLevel};
use crate::world::{ActivityNo, World};

/// What is kept as it was sent.
const TERMS: [&str; 4] = ["participation_limit", "discount", "target_user_info", "auction_support_type"];

/// An activity for products is a draft until it has some; one for the whole shop is published at once.
pub(super) fn create_promotion_activity(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let (kind, level) = rules::kind_and_level(&call.body)?;
    let period = Period::of_body(&call.body);
    let shop = shop_mut(call, world)?;
    let title = rules::title(call, &shop.promotions, None)?;
    if period.begin.as_seconds() < call.now.as_seconds() {
        return Err(Refusal::business(code::BEGIN_PAST, "The begin of the activity is in the past."));
    }
    period.check(kind)?;
    rules::discount_is_there(kind, &call.body)?;
    let mut activity = Activity {
        number: ActivityNo::default(),
        title,
        kind,
        level,
        begin: period.begin,
        end: period.end,
        indefinite: period.indefinite,
        terms: terms(call),
        status: ActivityStatus::Draft,
        created: call.now,
        updated: call.now,
        items: BTreeMap::new(),
        benefit_products: Vec::new(),
        excluded_products: Vec::new(),
    };
    rules::free_shipping_is_alone(&shop.promotions, &activity)?;
    activity.number = ActivityNo(shop.chance.mint.thing(&mut shop.chance.dice));
    if level == ProductLevel::Shop {
        activity.publish(call.now);
    }
    let number = activity.number;
    let answer = json!({
        "activity_id": number.to_string(),
        "status": activity.status,
        "create_time": call.now.as_millis(),
        "update_time": call.now.as_millis(),
    });
    let shop = {
        let place = shop.number;
        shop.promotions.activities.insert(number, activity);
        place
    };
    world.schedule_activity(shop, number);
    world.announce_activity(shop, number, ActivityNews::of("CREATE"), call.now);
    world.announce_activity_status(shop, number, call.now);
    Ok(fitted(call, answer))
}

/// What is left out stays as it was, but for the times, which are required.
pub(super) fn update_promotion_activity(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = activity_of(call, world)?;
    let shop = shop_mut(call, world)?;
    let title = rules::title(call, &shop.promotions, Some(number))?;
    let old = shop.promotions.activities.get(&number).ok_or_else(not_found)?;
    rules::can_change(old)?;
    let mut period = Period::of_body(&call.body);
    period.indefinite |= old.indefinite && call.body.get("duration_type").is_none_or(Value::is_null);
    let moved = period.begin != old.begin;
    if moved && old.status == ActivityStatus::Ongoing {
        return Err(Refusal::business(code::BEGIN_FIXED, "The begin of an ongoing activity cannot change."));
    }
    if moved && period.begin < call.now {
        return Err(Refusal::business(code::BEGIN_PAST, "The begin of the activity is in the past."));
    }
    period.check(old.kind)?;
    let mut new = Activity {
        title,
        begin: period.begin,
        end: period.end,
        indefinite: period.indefinite,
        updated: call.now,
        ..old.clone()
    };
    if let (Some(kept), Value::Object(sent)) = (new.terms.as_object_mut(), terms(call)) {
        kept.extend(sent);
    }
    rules::free_shipping_is_alone(&shop.promotions, &new)?;
    let status_changed = new.settle(call.now);
    let answer = view::activity(shop, &new);
    let place = shop.number;
    shop.promotions.activities.insert(number, new);
    world.schedule_activity(place, number);
    world.announce_activity(place, number, ActivityNews::of("UPDATE"), call.now);
    if status_changed {
        world.announce_activity_status(place, number, call.now);
    }
    Ok(fitted(call, in_seconds(call, answer)))
}

pub(super) fn deactivate_activity(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = activity_of(call, world)?;
    let shop = shop_mut(call, world)?;
    let activity = shop.promotions.activities.get_mut(&number).ok_or_else(not_found)?;
    rules::can_change(activity)?;
    activity.status = ActivityStatus::Deactivated;
    activity.updated = call.now;
    let (place, activity) = (shop.number, activity.clone());
    world.announce_activity(place, number, ActivityNews::of("DEACTIVATE"), call.now);
    world.announce_activity_status(place, number, call.now);
    Ok(fitted(call, in_seconds(call, view::activity(shop_of(call, world)?, &activity))))
}

/// What is over runs again with new times, as the same activity; no source says whether it gets another id.
pub(super) fn republish_activity(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = activity_of(call, world)?;
    let shop = shop_mut(call, world)?;
    let activity = shop.promotions.activities.get_mut(&number).ok_or_else(not_found)?;
    let refusal = |why| Refusal::business(code::NOT_REPUBLISHABLE, why);
    if !matches!(activity.status, ActivityStatus::Expired | ActivityStatus::Deactivated) {
        return Err(refusal("Only an expired or deactivated activity can be published again."));
    }
    if activity.level != ProductLevel::Shop && activity.items.is_empty() {
        return Err(refusal("The activity has no products."));
    }
    let given = Period::of_body(&call.body);
    let asked = |name: &str| call.body.get(name).is_some_and(Value::is_number);
    let begin = if asked("begin_time") { given.begin } else { call.now };
    let end = if asked("end_time") { given.end } else { begin + activity.end.since(activity.begin) };
    let period = Period { begin, end, indefinite: activity.indefinite };
    if period.check(activity.kind).is_err() || begin.as_seconds() < call.now.as_seconds() {
        return Err(refusal("The times do not fit the activity."));
    }
    (activity.begin, activity.end, activity.updated) = (begin, end, call.now);
    activity.publish(call.now);
    let place = shop.number;
    world.schedule_activity(place, number);
    world.announce_activity(place, number, ActivityNews::of("UPDATE"), call.now);
    world.announce_activity_status(place, number, call.now);
    Ok(fitted(call, json!({ "activity_id": number.to_string() })))
}

/// Writes tell the time of the change in seconds, reads in milliseconds.
pub(super) fn in_seconds(call: &Admitted<'_>, mut answer: Value) -> Value {
    answer["update_time"] = call.now.as_seconds().into();
    answer
}

fn terms(call: &Admitted<'_>) -> Value {
    let sent = call.operation.body.map(|schema| fit(schema, call.body.clone())).unwrap_or_default();
    let kept = TERMS.iter().filter_map(|name| Some(((*name).to_owned(), sent.get(*name)?.clone())));
    Value::Object(kept.collect::<Map<_, _>>())
}
