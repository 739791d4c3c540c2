//! Sellers cancel orders, and answer buyers who want to.

use serde_json::{Value, json};

use crate::family::return_refund::lines::{BAD_PARAMETER, wanted_lines};
use crate::family::return_refund::once::{Once, once, shop};
use crate::family::{data, nothing};
use crate::gateway::{Admitted, Refusal, Success};
use crate::switches::Switches;
use crate::world::aftersale::reasons::{self, Purpose};
use crate::world::aftersale::{CancelAct, CancelError, CancelStatus, CancelWish, Done, Wish, may_start};
use crate::world::order::{Actor, Order, OrderStatus};
use crate::world::{CancelNo, LineNo, OrderNo, Shop, World};
use ttshop_types::Region;

const IN_PROGRESS: i64 = 25_001_011;
const UNKNOWN_REASON: i64 = 25_001_014;
const NOT_FOR_SELLERS: i64 = 25_001_015;
const WRONG_STATUS_FOR_REASON: i64 = 25_001_021;
const SHIPPED: i64 = 25_001_045;
const ENDED: i64 = 25_001_051;
const WRONG_REASON_TYPE: i64 = 25_001_057;
const LINES_NOT_CANCELLABLE: i64 = 25_005_010;
const NOT_FOUND: i64 = 25_007_006;
const BARS_REJECTION: i64 = 25_011_011;
const BARS_APPROVAL: i64 = 25_011_012;
const NO_PERMISSION: i64 = 25_020_005;
const CANCELLED_ALREADY: i64 = 25_020_009;
const APPROVED_ALREADY: i64 = 25_020_010;

/// `POST /return_refund/{202309,202602}/cancellations`
pub(super) fn cancel_order(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let found = shop(call, world)?;
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let order = text("order_id").parse::<OrderNo>().ok().and_then(|number| found.book.get(number));
    let order = order
        .ok_or_else(|| Refusal::business(NO_PERMISSION, "The shop has no permission for this order."))?;
    if found.aftersales.pending_cancel(order.number).is_some() {
        return Err(Refusal::business(IN_PROGRESS, "The buyer's request to cancel is to be answered first."));
    }
    let reason = text("cancel_reason");
    seller_may_cancel(found, order, &world.switches)?;
    reason_fits(reason, &found.region, order.status)?;
    let lines = wanted_lines(&call.body, found, order, |line| !line.is_cancelled())?;
    lines_are_cancellable(&lines, reason, found, order, &world.switches)?;
    let (number, order) = (found.number, order.number);
    let wish = CancelWish { by: Actor::Seller, reason: reason.into(), lines };
    let cancelled = world.cancel(number, order, &wish, call.now);
    let cancel_id =
        cancelled.map_err(|_| Refusal::business(SHIPPED, "The order cannot be cancelled any more."))?;
    let answer = json!({
        "cancel_id": cancel_id.to_string(),
        "cancel_status": CancelStatus::Success.as_str(),
    });
    Ok(data(&answer))
}

/// `POST /return_refund/202309/cancellations/{cancel_id}/approve`
pub(super) fn approve_cancellation(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let Once::Now(fresh) = once(call, call.call.param("idempotency_key"), world)? else {
        return Ok(nothing());
    };
    let (shop, number) = (shop(call, world)?.number, cancellation(call, world)?);
    match world.act_on_cancellation(shop, number, CancelAct::Approve, None, call.now) {
        Ok(()) => {
            fresh.remember(call, Done::Decided, world);
            Ok(nothing())
        }
        Err(CancelError::Status(CancelStatus::Cancelled)) => Err(Refusal::business(
            CANCELLED_ALREADY,
            "The request to cancel was withdrawn or refused already.",
        )),
        Err(CancelError::Status(_)) => {
            Err(Refusal::business(BARS_APPROVAL, "The request to cancel was approved already."))
        }
        Err(CancelError::NoCancellation | CancelError::Order(_)) => {
            Err(Refusal::business(SHIPPED, "The order cannot be cancelled any more."))
        }
    }
}

/// `POST /return_refund/202309/cancellations/{cancel_id}/reject`
pub(super) fn reject_cancellation(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let Once::Now(fresh) = once(call, call.call.param("idempotency_key"), world)? else {
        return Ok(nothing());
    };
    let (shop, number) = (shop(call, world)?.number, cancellation(call, world)?);
    let reason = call.body.get("reject_reason").and_then(Value::as_str).unwrap_or_default();
    if !reasons::reject_cancel().contains(&reason) {
        return Err(wrong_reject_reason(reason));
    }
    match world.act_on_cancellation(shop, number, CancelAct::Reject, Some(reason), call.now) {
        Ok(()) => {
            fresh.remember(call, Done::Decided, world);
            Ok(nothing())
        }
        Err(CancelError::Status(CancelStatus::Cancelled)) => {
            Err(Refusal::business(BARS_REJECTION, "The request to cancel was withdrawn or refused already."))
        }
        Err(CancelError::Status(_)) => {
            Err(Refusal::business(APPROVED_ALREADY, "The request to cancel was approved already."))
        }
        Err(CancelError::NoCancellation | CancelError::Order(_)) => {
            Err(Refusal::business(NOT_FOUND, "There is no such request to cancel."))
        }
    }
}

/// A reason that is not one of those for this refusal.
pub(super) fn wrong_reject_reason(reason: &str) -> Refusal {
    match reasons::purpose(reason) {
        Some(_) => Refusal::business(WRONG_REASON_TYPE, "The reason is not one for this refusal."),
        None => Refusal::business(UNKNOWN_REASON, "The reason is unknown."),
    }
}

/// Whether a reason is one that sellers may give in this state.
pub(super) fn reason_fits(reason: &str, region: &Region, status: OrderStatus) -> Result<(), Refusal> {
    let plain = reason.strip_suffix("_uk").filter(|_| *region == Region::UnitedKingdom).unwrap_or(reason);
    if reasons::seller_cancel(region, status).contains(&plain) {
        return Ok(());
    }
    Err(match reasons::purpose(reason) {
        Some(Purpose::SellerCancels) => Refusal::business(
            WRONG_STATUS_FOR_REASON,
            "The reason does not fit the order's status or market.",
        ),
        Some(Purpose::NotForSellers) => {
            Refusal::business(NOT_FOR_SELLERS, "Sellers cannot give this reason.")
        }
        Some(Purpose::SellerRefunds | Purpose::SellerRejects) | None => {
            Refusal::business(UNKNOWN_REASON, "The reason is unknown.")
        }
    })
}

/// The code that a seller is told who may not cancel the order in its state.
pub(super) fn seller_may_cancel(shop: &Shop, order: &Order, switches: &Switches) -> Result<(), Refusal> {
    if may_start(Wish::Cancel, Actor::Seller, order.status, &shop.region, switches) {
        return Ok(());
    }
    Err(match order.status {
        OrderStatus::Completed | OrderStatus::Cancelled => {
            Refusal::business(ENDED, "The order is completed or cancelled.")
        }
        OrderStatus::Unpaid => {
            Refusal::business(WRONG_STATUS_FOR_REASON, "Sellers do not cancel unpaid orders.")
        }
        OrderStatus::OnHold
        | OrderStatus::AwaitingShipment
        | OrderStatus::PartiallyShipping
        | OrderStatus::AwaitingCollection
        | OrderStatus::InTransit
        | OrderStatus::Delivered => {
            Refusal::business(SHIPPED, "The order is on its way and cannot be cancelled any more.")
        }
    })
}

/// Single lines can be cancelled in the US and the UK and for want of stock; elsewhere only the whole order (8.4).
fn lines_are_cancellable(
    lines: &[LineNo],
    reason: &str,
    shop: &Shop,
    order: &Order,
    switches: &Switches,
) -> Result<(), Refusal> {
    let open = || order.lines.iter().filter(|line| !line.is_cancelled()).map(|line| line.number);
    if lines.iter().any(|line| !open().any(|open| open == *line)) {
        return Err(Refusal::business(BAD_PARAMETER, "A line item is cancelled already."));
    }
    let whole = lines.is_empty() || open().all(|line| lines.contains(&line));
    let documented = matches!(shop.region, Region::UnitedStates | Region::UnitedKingdom)
        && reason.strip_suffix("_uk").unwrap_or(reason) == reasons::OUT_OF_STOCK
        && matches!(order.status, OrderStatus::OnHold | OrderStatus::AwaitingShipment);
    if whole || documented || switches.line_cancellation_everywhere {
        Ok(())
    } else {
        Err(Refusal::business(LINES_NOT_CANCELLABLE, "Single line items of this order cannot be cancelled."))
    }
}

/// The cancellation of the path.
fn cancellation(call: &Admitted<'_>, world: &World) -> Result<CancelNo, Refusal> {
    let shop = shop(call, world)?;
    let number = call.path_params.get("cancel_id").and_then(|id| id.parse::<CancelNo>().ok());
    let known = number.filter(|number| shop.aftersales.cancellations.contains_key(number));
    known.ok_or_else(|| Refusal::business(NOT_FOUND, "There is no such request to cancel."))
}
