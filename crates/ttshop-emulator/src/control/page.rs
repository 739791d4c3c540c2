//! The page for people: three files that speak to the control API.

use serde_json::{Value, json};

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::gateway::Answer;
use crate::platform::Platform;
use crate::world::order::{Actor, OrderStatus};

/// Nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Orders of a list when the caller does not say.
const LIMIT_DEFAULT: usize = 50;
/// Most orders of a list.
const LIMIT_MAX: usize = 500;

/// `GET /_emulator/`
pub(super) fn page() -> Reply {
    file("text/html; charset=utf-8", include_str!("page/page.html"))
}

/// `GET page.css`
pub(super) fn style() -> Reply {
    file("text/css; charset=utf-8", include_str!("page/page.css"))
}

/// `GET page.js`
pub(super) fn script() -> Reply {
    file("text/javascript; charset=utf-8", include_str!("page/page.js"))
}

fn file(content_type: &'static str, text: &str) -> Reply {
    let mut answer = Answer { content_type, ..Answer::json(200, text.as_bytes().to_vec()) };
    answer.headers.push(("content-security-policy", POLICY.into()));
    answer.headers.push(("x-content-type-options", "nosniff".into()));
    answer.headers.push(("cache-control", "no-cache".into()));
    Reply::Answer(answer)
}

/// `GET orders?shop_id=&limit=`: newest first, with what may happen to each.
pub(super) fn orders(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let world = platform.world();
    let shop = shop_of(&request.param("shop_id").unwrap_or_default(), &world)?;
    let shop = world.shops.get(&shop).ok_or(ControlError::NotFound("shop"))?;
    let newest = shop.book.newest().take(request.limit(LIMIT_DEFAULT, LIMIT_MAX));
    let orders: Vec<Value> = newest
        .map(|order| {
            json!({
                "id": order.number.to_string(),
                "status": order.status.as_str(),
                "create_time": order.created.as_seconds(),
                "acts": acts_in(order.status),
                "cancel_by": canceller_in(order.status),
            })
        })
        .collect();
    ok(&json!({ "total": shop.book.len(), "orders": orders }))
}

/// The transitions of `POST orders/{id}/{transition}` that a status has.
fn acts_in(status: OrderStatus) -> &'static [&'static str] {
    match status {
        OrderStatus::Unpaid => &["pay", "cancel"],
        OrderStatus::OnHold => &["release", "change_address", "cancel"],
        OrderStatus::AwaitingShipment => &["ship", "request_cancel", "change_address", "cancel"],
        OrderStatus::PartiallyShipping => &["ship", "cancel"],
        OrderStatus::AwaitingCollection => &["collect", "cancel"],
        OrderStatus::InTransit => &["deliver", "cancel"],
        OrderStatus::Delivered => &["complete"],
        OrderStatus::Completed | OrderStatus::Cancelled => &[],
    }
}

/// Who may cancel: the buyer until a parcel is arranged, the platform afterwards.
fn canceller_in(status: OrderStatus) -> Actor {
    match status {
        OrderStatus::PartiallyShipping | OrderStatus::AwaitingCollection | OrderStatus::InTransit => {
            Actor::System
        }
        OrderStatus::Unpaid
        | OrderStatus::OnHold
        | OrderStatus::AwaitingShipment
        | OrderStatus::Delivered
        | OrderStatus::Completed
        | OrderStatus::Cancelled => Actor::Buyer,
    }
}
