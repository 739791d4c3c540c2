//! One order in several packages: `split_attributes` and `split`.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::fulfillment::body::{list, text_of, texts_of};
use crate::family::fulfillment::{refusal, rules, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::order::{Order, OrderStatus};
use crate::world::{LineNo, OrderNo, Shop, World};

const NOT_ALLOWED: i64 = 21_011_035;

/// Ids that are no order of the shop are missing from the answer.
pub(super) fn get_order_split_attributes(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let ids = call.call.param("order_ids").unwrap_or_default().split(',');
    let orders = ids.filter_map(|id| shop.book.get(id.trim().parse::<OrderNo>().ok()?));
    let attributes: Vec<Value> = orders
        .map(|order| {
            let reason = why_not(shop, order);
            json!({
                "order_id": order.number.to_string(),
                "can_split": reason.is_none(),
                "reason": reason.unwrap_or_default(),
                "must_split": false,
                "must_split_reasons": [],
            })
        })
        .collect();
    Ok(data(&json!({ "split_attributes": attributes })))
}

/// Every line that is left goes into exactly one of at least two groups.
pub(super) fn confirm_order_split(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let order = rules::order(shop, call.path_params.get("order_id").unwrap_or_default())?;
    if let Some(why) = why_not(shop, order) {
        return Err(Refusal::business(NOT_ALLOWED, format!("The order cannot be split: {why}.")));
    }
    let (names, groups) = groups(&call.body)?;
    let mut named: Vec<LineNo> = groups.concat();
    named.sort_unstable();
    let mut open: Vec<LineNo> = order.open_lines().map(|line| line.number).collect();
    open.sort_unstable();
    if groups.len() < 2 || groups.iter().any(Vec::is_empty) || named != open {
        return Err(refusal::split_parameter("each open line must be in exactly one of at least two groups"));
    }
    let (shop, order) = (shop.number, order.number);
    let packages = world.split_order(shop, order, &groups, call.now);
    let packages: Vec<Value> = packages
        .iter()
        .zip(names)
        .map(|(package, name)| json!({ "splittable_group_id": name, "id": package.to_string() }))
        .collect();
    Ok(data(&json!({ "packages": packages })))
}

/// The groups' names and lines; the newer field wins if both are sent.
fn groups(body: &Value) -> Result<(Vec<String>, Vec<Vec<LineNo>>), Refusal> {
    let newer = list(body, "splittable_groups_v2").next().is_some();
    let field = if newer { "splittable_groups_v2" } else { "splittable_groups" };
    let (mut names, mut groups) = (Vec::new(), Vec::new());
    for group in list(body, field) {
        let lines = if newer {
            list(group, "order_line_list").map(|line| text_of(line, "order_line_id")).collect()
        } else {
            texts_of(group, "order_line_item_ids")
        };
        let lines: Result<Vec<LineNo>, _> = lines.into_iter().map(str::parse).collect();
        names.push(text_of(group, "id").to_owned());
        groups.push(lines.map_err(|_| refusal::split_parameter("a line's id is no number"))?);
    }
    Ok((names, groups))
}

/// Only orders that wait for their seller, whole, with more than one line.
fn why_not(shop: &Shop, order: &Order) -> Option<&'static str> {
    let mut packages = order.packages.iter().filter_map(|package| shop.packages.get(*package));
    if order.status != OrderStatus::AwaitingShipment {
        Some("it does not await shipment")
    } else if order.terms.fulfilled_by_tiktok {
        Some("the platform fulfils it")
    } else if order.times.cancel_requested.is_some() {
        Some("its buyer asked for cancellation")
    } else if order.open_lines().nth(1).is_none() {
        Some("it has one item")
    } else if packages.any(|package| package.is_combined()) {
        Some("it is combined with others")
    } else {
        None
    }
}
