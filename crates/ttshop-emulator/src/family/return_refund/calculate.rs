//! `POST /return_refund/{202309,202602}/refunds/calculate`

use serde_json::{Value, json};

use crate::family::data;
use crate::family::return_refund::decide::NOT_FOUND;
use crate::family::return_refund::lines::{BAD_PARAMETER, wanted_lines};
use crate::family::return_refund::once::shop;
use crate::family::return_refund::view::amounts;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::aftersale::{Refund, obstacle, whole};
use crate::world::order::Line;
use crate::world::{LineNo, OrderNo, World};

/// What the buyer would get back, by the rules that the case itself is counted with.
pub(super) fn calculate_refund(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let order = text("order_id").parse::<OrderNo>().ok().and_then(|number| shop.book.get(number));
    let order = order.ok_or_else(|| Refusal::business(NOT_FOUND, "There is no such order."))?;
    if !matches!(text("request_type"), "CANCEL" | "REFUND" | "RETURN_AND_REFUND") {
        return Err(Refusal::business(BAD_PARAMETER, "The request type is unknown."));
    }
    let is_free = |line: &Line| obstacle(shop, order, line.number).is_none();
    let wanted = wanted_lines(&call.body, shop, order, is_free)?;
    let chosen = |line: &&Line| is_free(line) && (wanted.is_empty() || wanted.contains(&line.number));
    let lines: Vec<&Line> = order.lines.iter().filter(chosen).collect();
    let numbers: Vec<LineNo> = lines.iter().map(|line| line.number).collect();
    let shipping = !numbers.is_empty() && shop.aftersales.is_last_claim(order, &numbers);
    let refund: Refund = whole(order, &lines, shipping).into_iter().sum();
    let mut amounts = amounts(shop, refund);
    if let Some(amounts) = amounts.as_object_mut() {
        amounts.remove("buyer_service_fee");
    }
    Ok(data(&json!({ "order_refund_amount": amounts })))
}
