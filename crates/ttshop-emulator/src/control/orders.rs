//! Placing orders and moving them on.

use serde::Deserialize;
use serde_json::json;
use ttshop_types::Timestamp;

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::platform::Platform;
use crate::world::aftersale::reasons;
use crate::world::machine::Act;
use crate::world::order::{Actor, OrderKind, OrderStatus, ShippingType, Terms};
use crate::world::{LineNo, OrderNo, Placement, ShopNo, WantedLine, World};

/// How many orders one request may place.
const ORDERS_MAX: u32 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceOrders {
    shop_id: String,
    #[serde(default = "one")]
    count: u32,
    #[serde(default)]
    lines: Vec<LineRequest>,
    #[serde(default = "unpaid")]
    status: OrderStatus,
    #[serde(default = "by_platform")]
    shipping_type: ShippingType,
    #[serde(default)]
    buyer_message: Option<Box<str>>,
    /// What the order is for; a normal one if missing.
    #[serde(default)]
    kind: KindRequest,
    /// Orders of one buyer go to one address.
    #[serde(default)]
    buyer_user_id: Option<String>,
    #[serde(default)]
    cash_on_delivery: bool,
    #[serde(default)]
    fulfilled_by_tiktok: bool,
}

/// What an order is for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindRequest {
    #[default]
    Normal,
    Sample,
    /// Seconds since 1970.
    PreOrder {
        release_time: i64,
    },
    Exchange {
        order_id: String,
    },
    Replacement {
        order_id: String,
    },
}

impl KindRequest {
    fn kind(&self) -> Result<OrderKind, ControlError> {
        let order = |id: &str| id.parse::<OrderNo>().map_err(|_| ControlError::NotFound("order"));
        Ok(match self {
            Self::Normal => OrderKind::Normal,
            Self::Sample => OrderKind::Sample,
            Self::PreOrder { release_time } => {
                OrderKind::PreOrder { release: Timestamp::from_seconds(*release_time) }
            }
            Self::Exchange { order_id } => OrderKind::Exchange { source: order(order_id)? },
            Self::Replacement { order_id } => OrderKind::Replacement { source: order(order_id)? },
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineRequest {
    sku_id: String,
    #[serde(default = "one")]
    quantity: u32,
}

fn one() -> u32 {
    1
}

fn unpaid() -> OrderStatus {
    OrderStatus::Unpaid
}

fn by_platform() -> ShippingType {
    ShippingType::Tiktok
}

/// `POST orders`
pub(super) fn place(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: PlaceOrders = request.json()?;
    if wanted.count == 0 || wanted.count > ORDERS_MAX {
        return Err(ControlError::Invalid(format!("`count` must be between 1 and {ORDERS_MAX}")));
    }
    let lines = wanted.lines.iter().map(|line| {
        let sku = line.sku_id.parse().map_err(|_| ControlError::NotFound("sku"))?;
        Ok(WantedLine { sku, quantity: line.quantity })
    });
    let placement = Placement {
        lines: lines.collect::<Result<_, ControlError>>()?,
        shipping_type: wanted.shipping_type,
        buyer: wanted
            .buyer_user_id
            .as_deref()
            .map(|id| id.parse().map_err(|_| ControlError::NotFound("buyer")))
            .transpose()?,
        kind: wanted.kind.kind()?,
        terms: Terms {
            cash_on_delivery: wanted.cash_on_delivery,
            fulfilled_by_tiktok: wanted.fulfilled_by_tiktok,
        },
        status: wanted.status,
        buyer_message: wanted.buyer_message,
    };
    let mut order_ids = Vec::new();
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_of(&wanted.shop_id, &world)?;
    for _ in 0..wanted.count {
        order_ids.push(world.place(shop, &placement, now)?.to_string());
    }
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "order_ids": order_ids }))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ActRequest {
    /// Found by the order's id if missing.
    shop_id: Option<String>,
    /// For `cancel` and `cancel_lines`.
    actor: Option<Actor>,
    /// For `cancel` and `cancel_lines`.
    reason: Option<Box<str>>,
    /// For `ship` and `cancel_lines`: which units; all that are left if empty, which `cancel_lines` refuses.
    line_item_ids: Vec<String>,
}

/// `POST orders/{id}/{transition}`
pub(super) fn act(
    request: &ControlRequest<'_>,
    order: &str,
    transition: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let wanted: ActRequest = request.json()?;
    let act = act_of(transition, &wanted)?;
    let order: OrderNo = order.parse().map_err(|_| ControlError::NotFound("order"))?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = match &wanted.shop_id {
        Some(shop) => shop_of(shop, &world)?,
        None => shop_with(order, &world)?,
    };
    world.act(shop, order, &act, now)?;
    let status =
        world.shops.get(&shop).and_then(|shop| shop.book.get(order)).map(|order| order.status.as_str());
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "order_id": order.to_string(), "status": status }))
}

fn act_of(transition: &str, wanted: &ActRequest) -> Result<Act, ControlError> {
    let lines = || {
        let parsed = wanted.line_item_ids.iter().map(|line| line.parse::<LineNo>());
        parsed.collect::<Result<Vec<_>, _>>().map_err(|_| ControlError::NotFound("line item"))
    };
    Ok(match transition {
        "pay" => Act::Pay,
        "release" => Act::Release,
        "ship" => Act::Arrange(lines()?),
        "collect" => Act::Collect,
        "deliver" => Act::Deliver,
        "complete" => Act::Complete,
        "cancel_lines" => Act::CancelLines {
            lines: lines()?,
            by: wanted.actor.unwrap_or(Actor::Seller),
            reason: wanted.reason.clone().unwrap_or_else(|| reasons::OUT_OF_STOCK.into()),
        },
        "request_cancel" => Act::RequestCancel,
        "change_address" => Act::ChangeAddress,
        "cancel" => Act::Cancel {
            by: wanted.actor.unwrap_or(Actor::Buyer),
            reason: wanted
                .reason
                .clone()
                .unwrap_or_else(|| reasons::of(wanted.actor.unwrap_or(Actor::Buyer)).into()),
        },
        _ => return Err(ControlError::NotFound("transition")),
    })
}

fn shop_with(order: OrderNo, world: &World) -> Result<ShopNo, ControlError> {
    let mut shops = world.shops.values();
    let shop = shops.find(|shop| shop.book.get(order).is_some());
    shop.map(|shop| shop.number).ok_or(ControlError::NotFound("order"))
}
