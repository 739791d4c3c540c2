//! Which units of an order a call means: none named, by line, or by variant and number.

use serde_json::Value;

use crate::gateway::Refusal;
use crate::world::order::{Line, Order};
use crate::world::{LineNo, Shop, SkuNo};

pub(super) const BAD_PARAMETER: i64 = 25_001_001;
/// More units than the order has.
const TOO_MANY_LINES: i64 = 25_005_011;

/// The units that `body` names; none means the whole order. `free` are those that can be chosen when only a number is
/// given.
pub(super) fn wanted_lines(
    body: &Value,
    shop: &Shop,
    order: &Order,
    free: impl Fn(&Line) -> bool,
) -> Result<Vec<LineNo>, Refusal> {
    let listed = |name: &str| body.get(name).and_then(Value::as_array).filter(|list| !list.is_empty());
    if let Some(ids) = listed("order_line_item_ids") {
        return ids.iter().map(|id| line(id.as_str(), order)).collect();
    }
    if let Some(entries) = listed("order_line_list") {
        return entries.iter().map(|entry| line(entry["order_line_item_id"].as_str(), order)).collect();
    }
    let mut chosen: Vec<LineNo> = Vec::new();
    for entry in listed("skus").into_iter().flatten() {
        let sku = entry["sku_id"].as_str().and_then(|id| id.parse::<SkuNo>().ok());
        let quantity =
            entry["quantity"].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
        let fits = |line: &&Line| {
            Some(shop.sku(line.product, line.sku).number) == sku
                && free(line)
                && !chosen.contains(&line.number)
        };
        let found: Vec<LineNo> =
            order.lines.iter().filter(fits).map(|line| line.number).take(quantity).collect();
        if quantity == 0
            || !order.lines.iter().any(|line| Some(shop.sku(line.product, line.sku).number) == sku)
        {
            return Err(Refusal::business(
                BAD_PARAMETER,
                "A sku is not part of the order, or its quantity is zero.",
            ));
        }
        if found.len() < quantity {
            return Err(Refusal::business(TOO_MANY_LINES, "More units are named than the order has left."));
        }
        chosen.extend(found);
    }
    Ok(chosen)
}

fn line(id: Option<&str>, order: &Order) -> Result<LineNo, Refusal> {
    let number = id.and_then(|id| id.parse().ok());
    let known = number.filter(|number| order.lines.iter().any(|line| line.number == *number));
    known.ok_or_else(|| Refusal::business(BAD_PARAMETER, "A line item is not part of the order."))
}
