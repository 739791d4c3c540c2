//! `POST /return_refund/{202309,202602}/returns`: sellers pay back or ask for goods back.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::return_refund::cancel::wrong_reject_reason;
use crate::family::return_refund::lines::{BAD_PARAMETER, wanted_lines};
use crate::family::return_refund::once::{Once, once, shop};
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::Minor;
use crate::world::aftersale::reasons::{self, Purpose};
use crate::world::aftersale::{
    Application, Done, Handover, OpenError, ReturnKind, ReturnStatus, ReturnWay, ShipmentType, Words,
    obstacle,
};
use crate::world::order::{Actor, Order, OrderStatus};
use crate::world::{OrderNo, ReturnNo, Shop, World};

const WRONG_STATUS: i64 = 25_001_003;
const FINISHED: i64 = 25_001_010;
const IN_PROGRESS: i64 = 25_001_011;
const NOT_FOR_SELLERS: i64 = 25_001_015;
const WRONG_STATUS_FOR_REASON: i64 = 25_001_021;
const ENDED: i64 = 25_001_051;
const TOO_MUCH: i64 = 25_005_005;
const NO_PERMISSION: i64 = 25_020_005;

pub(super) fn create_return(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let fresh = match once(call, call.call.param("idempotency_key"), world)? {
        Once::Now(fresh) => fresh,
        Once::Before(Done::Created { number, status }) => return Ok(answer(number, status)),
        Once::Before(Done::Decided) => return Err(Refusal::internal()),
    };
    let found = shop(call, world)?;
    let number = found.number;
    let application = application(call, found)?;
    let opened = world.open_return(number, &application, call.now).map_err(refusal)?;
    let created = opened.returns.first().and_then(|number| {
        let shop = world.shops.get(&call.shop?)?;
        Some((*number, shop.aftersales.returns.get(number)?.status))
    });
    let (number, status) = created.ok_or_else(Refusal::internal)?;
    fresh.remember(call, Done::Created { number, status }, world);
    Ok(answer(number, status))
}

fn application(call: &Admitted<'_>, shop: &Shop) -> Result<Application, Refusal> {
    let text = |name: &str| call.body.get(name).and_then(Value::as_str);
    let order = text("order_id").and_then(|id| id.parse::<OrderNo>().ok());
    let order = order.and_then(|number| shop.book.get(number));
    let order = order
        .ok_or_else(|| Refusal::business(NO_PERMISSION, "The shop has no permission for this order."))?;
    let kind =
        text("return_type").and_then(ReturnKind::parse).filter(|kind| *kind != ReturnKind::Replacement);
    let kind = kind.ok_or_else(|| Refusal::business(BAD_PARAMETER, "The return type is unknown."))?;
    let reason = text("return_reason").unwrap_or_default();
    reason_fits(reason, kind, order)?;
    let lines = wanted_lines(&call.body, shop, order, |line| obstacle(shop, order, line.number).is_none())?;
    Ok(Application {
        order: order.number,
        kind,
        by: Actor::Seller,
        reason: reason.into(),
        lines,
        by_sku: false,
        total: total(call, shop)?,
        way: way(&call.body),
        quick: false,
        words: Words { reason: Some(reason.into()), ..Words::default() },
    })
}

/// `refund_total` with its currency, which is the shop's.
fn total(call: &Admitted<'_>, shop: &Shop) -> Result<Option<Minor>, Refusal> {
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if text("currency").is_some_and(|currency| currency != shop.currency()) {
        return Err(Refusal::business(BAD_PARAMETER, "The currency is not the shop's."));
    }
    let parsed = text("refund_total").map(|total| Minor::parse(total, shop.decimals()));
    match parsed {
        Some(None) => Err(Refusal::business(BAD_PARAMETER, "The refund total is no amount of the currency.")),
        Some(amount) => Ok(amount),
        None => Ok(None),
    }
}

/// How the goods come back; platform label and drop-off unless something else is said.
pub(super) fn way(body: &Value) -> ReturnWay {
    let is = |name: &str, word: &str| body.get(name).and_then(Value::as_str) == Some(word);
    let shipment = if is("shipment_type", "BUYER_ARRANGE") {
        ShipmentType::BuyerArrange
    } else {
        ShipmentType::Platform
    };
    let handover = if is("handover_method", "PICKUP") { Handover::Pickup } else { Handover::DropOff };
    ReturnWay { shipment, handover }
}

/// A state in which nothing can be started is told by the order, not by the reason.
fn reason_fits(reason: &str, kind: ReturnKind, order: &Order) -> Result<(), Refusal> {
    let allowed = reasons::seller_refund(kind, order.status);
    if allowed.is_empty() || allowed.contains(&reason) {
        return Ok(());
    }
    Err(match reasons::purpose(reason) {
        Some(Purpose::SellerRefunds) => {
            Refusal::business(WRONG_STATUS_FOR_REASON, "The reason does not fit the order's status.")
        }
        Some(Purpose::NotForSellers) => {
            Refusal::business(NOT_FOR_SELLERS, "Sellers cannot give this reason.")
        }
        Some(Purpose::SellerCancels | Purpose::SellerRejects) | None => {
            Refusal { code: Some(25_001_014), ..wrong_reject_reason(reason) }
        }
    })
}

fn refusal(error: OpenError) -> Refusal {
    let code = match error {
        OpenError::NoShop | OpenError::NoOrder => NO_PERMISSION,
        OpenError::NoLine => BAD_PARAMETER,
        OpenError::InProgress => IN_PROGRESS,
        OpenError::Finished => FINISHED,
        OpenError::Order(OrderStatus::Completed | OrderStatus::Cancelled) => ENDED,
        OpenError::Order(_) => WRONG_STATUS,
        OpenError::TooMuch => TOO_MUCH,
    };
    Refusal::business(code, format!("The return was not created: {error}."))
}

fn answer(number: ReturnNo, status: ReturnStatus) -> Success {
    data(&json!({ "return_id": number.to_string(), "return_status": status.as_str() }))
}
