//! What buyers, carriers and arbitrators do about orders that went wrong.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::family::{Edition, cancellation_view, return_view};
use crate::money::Minor;
use crate::platform::Platform;
use crate::world::aftersale::{
    Application, CancelAct, CancelError, CancelWish, Deed, DeedError, Handover, OpenError, ReturnAct,
    ReturnKind, ReturnWay, ShipmentType, Words, reasons,
};
use crate::world::order::Actor;
use crate::world::{CancelNo, LineNo, OrderNo, ReturnNo, Shop, ShopNo, World};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReturnRequest {
    order_id: String,
    #[serde(default = "return_and_refund", rename = "type")]
    kind: ReturnKind,
    #[serde(default = "unlike")]
    reason: Box<str>,
    #[serde(default)]
    line_item_ids: Vec<String>,
    /// A return for each variant.
    #[serde(default)]
    by_sku: bool,
    /// Less than everything.
    #[serde(default)]
    refund_total: Option<String>,
    #[serde(default)]
    shipment_type: ShipmentType,
    #[serde(default)]
    handover_method: Handover,
    #[serde(default)]
    quick: bool,
    #[serde(default)]
    note: Option<Box<str>>,
    #[serde(default)]
    images: Vec<Box<str>>,
    #[serde(default)]
    videos: Vec<Box<str>>,
}

fn return_and_refund() -> ReturnKind {
    ReturnKind::ReturnAndRefund
}

fn unlike() -> Box<str> {
    "ecom_order_delivered_refund_reason_not_match_description".into()
}

/// `POST returns`: a buyer applies.
pub(super) fn open_return(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: ReturnRequest = request.json()?;
    let order: OrderNo = wanted.order_id.parse().map_err(|_| ControlError::NotFound("order"))?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_with(&world, |shop| shop.book.get(order).is_some(), "order")?;
    let decimals = world.shops.get(&shop).map_or(2, Shop::decimals);
    let total = wanted.refund_total.as_deref().map(|text| amount(text, decimals)).transpose()?;
    let application = Application {
        order,
        kind: wanted.kind,
        by: Actor::Buyer,
        lines: lines(&wanted.line_item_ids)?,
        by_sku: wanted.by_sku,
        total,
        way: ReturnWay { shipment: wanted.shipment_type, handover: wanted.handover_method },
        quick: wanted.quick,
        words: Words {
            reason: Some(wanted.reason.clone()),
            note: wanted.note,
            images: wanted.images,
            videos: wanted.videos,
        },
        reason: wanted.reason,
    };
    let opened = world.open_return(shop, &application, now)?;
    drop(world);
    platform.baton.nudge();
    let returns: Vec<String> = opened.returns.iter().map(ToString::to_string).collect();
    ok(&json!({ "aftersales_request_id": opened.request.to_string(), "return_ids": returns }))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeedRequest {
    #[serde(default)]
    reason: Option<Box<str>>,
    /// For offers.
    #[serde(default)]
    refund_total: Option<String>,
    /// For `ship`.
    #[serde(default)]
    tracking_number: Option<Box<str>>,
    /// For `ship`.
    #[serde(default)]
    provider_id: Option<Box<str>>,
    #[serde(default)]
    note: Option<Box<str>>,
    #[serde(default)]
    images: Vec<Box<str>>,
    #[serde(default)]
    videos: Vec<Box<str>>,
}

/// `POST returns/{id}/{transition}`
pub(super) fn act_on_return(
    request: &ControlRequest<'_>,
    id: &str,
    transition: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let wanted: DeedRequest = request.json()?;
    let (act, by) = deed_of(transition).ok_or(ControlError::NotFound("transition"))?;
    let number: ReturnNo = id.parse().map_err(|_| ControlError::NotFound("return"))?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_with(&world, |shop| shop.aftersales.returns.contains_key(&number), "return")?;
    let decimals = world.shops.get(&shop).map_or(2, Shop::decimals);
    let offer = wanted.refund_total.as_deref().map(|text| amount(text, decimals)).transpose()?;
    let provider = || wanted.provider_id.clone().unwrap_or_else(|| "7117858858072016686".into());
    let parcel = wanted.tracking_number.clone().map(|number| (number, provider()));
    let (reason, note) = (wanted.reason, wanted.note);
    let words = Words { reason, note, images: wanted.images, videos: wanted.videos };
    world.act_on_return(shop, number, &Deed { act, by, words, offer, parcel }, now)?;
    let case = world.shops.get(&shop).and_then(|shop| shop.aftersales.returns.get(&number));
    let status = case.map(|case| case.status.as_str());
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "return_id": number.to_string(), "return_status": status }))
}

/// What can be done from here: everything that no operation of the API does, and the platform's own approval.
fn deed_of(transition: &str) -> Option<(ReturnAct, Actor)> {
    Some(match transition {
        "withdraw" => (ReturnAct::Withdraw, Actor::Buyer),
        "ship" => (ReturnAct::Ship, Actor::Buyer),
        "arrive" => (ReturnAct::Arrive, Actor::System),
        "accept_offer" => (ReturnAct::AcceptOffer, Actor::Buyer),
        "decline_offer" => (ReturnAct::DeclineOffer, Actor::Buyer),
        "dispute" => (ReturnAct::Dispute, Actor::Buyer),
        "favour_buyer" => (ReturnAct::FavourBuyer, Actor::System),
        "favour_seller" => (ReturnAct::FavourSeller, Actor::System),
        "approve_refund" => (ReturnAct::ApproveRefund, Actor::System),
        "approve_return" => (ReturnAct::ApproveReturn, Actor::System),
        "approve_received_package" => (ReturnAct::ApproveReceivedPackage, Actor::System),
        "approve_replacement" => (ReturnAct::ApproveReplacement, Actor::System),
        "refunded" => (ReturnAct::Refunded, Actor::System),
        _ => return None,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CancelRequest {
    order_id: String,
    #[serde(default = "buyer")]
    actor: Actor,
    #[serde(default)]
    reason: Option<Box<str>>,
    #[serde(default)]
    line_item_ids: Vec<String>,
    /// The buyer asks, and the seller has to answer.
    #[serde(default)]
    request: bool,
}

fn buyer() -> Actor {
    Actor::Buyer
}

/// `POST cancellations`
pub(super) fn cancel(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: CancelRequest = request.json()?;
    let order: OrderNo = wanted.order_id.parse().map_err(|_| ControlError::NotFound("order"))?;
    let reason = wanted.reason.unwrap_or_else(|| reasons::of(wanted.actor).into());
    let lines = lines(&wanted.line_item_ids)?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_with(&world, |shop| shop.book.get(order).is_some(), "order")?;
    let number = if wanted.request {
        world.request_cancel(shop, order, &reason, now)?
    } else {
        world.cancel(shop, order, &CancelWish { by: wanted.actor, reason, lines }, now)?
    };
    let status = cancel_status(&world, shop, number);
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "cancel_id": number.to_string(), "cancel_status": status }))
}

/// `POST cancellations/{id}/{transition}`
pub(super) fn act_on_cancellation(
    id: &str,
    transition: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let act = match transition {
        "approve" => CancelAct::Approve,
        "reject" => CancelAct::Reject,
        "withdraw" => CancelAct::Withdraw,
        "refunded" => CancelAct::Refunded,
        _ => return Err(ControlError::NotFound("transition")),
    };
    let number: CancelNo = id.parse().map_err(|_| ControlError::NotFound("cancellation"))?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_with(&world, |shop| shop.aftersales.cancellations.contains_key(&number), "cancellation")?;
    world.act_on_cancellation(shop, number, act, None, now)?;
    let status = cancel_status(&world, shop, number);
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "cancel_id": number.to_string(), "cancel_status": status }))
}

/// `GET truth/aftersales?shop_id=`: every case as search would show it.
pub(super) fn truth(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let world = platform.world();
    let shop = shop_of(&request.param("shop_id").unwrap_or_default(), &world)?;
    let Some(shop) = world.shops.get(&shop) else { return Err(ControlError::NotFound("shop")) };
    let (book, switches) = (&shop.aftersales, &world.switches);
    let cancellations = book.cancellations.values();
    let cancellations: Vec<Value> =
        cancellations.map(|it| cancellation_view(shop, it, switches, Edition::Second)).collect();
    let returns: Vec<Value> =
        book.returns.values().map(|it| return_view(shop, it, switches, Edition::Second)).collect();
    ok(&json!({ "cancellations": cancellations, "returns": returns }))
}

fn lines(ids: &[String]) -> Result<Vec<LineNo>, ControlError> {
    let parsed = ids.iter().map(|id| id.parse().map_err(|_| ControlError::NotFound("line item")));
    parsed.collect()
}

fn amount(text: &str, decimals: u32) -> Result<Minor, ControlError> {
    let amount = Minor::parse(text, decimals);
    amount.ok_or_else(|| ControlError::Invalid("`refund_total` must be an amount such as \"12.30\"".into()))
}

fn cancel_status(world: &World, shop: ShopNo, number: CancelNo) -> Option<&'static str> {
    let cancellation = world.shops.get(&shop)?.aftersales.cancellations.get(&number)?;
    Some(cancellation.status.as_str())
}

fn shop_with(world: &World, has: impl Fn(&Shop) -> bool, what: &'static str) -> Result<ShopNo, ControlError> {
    let shop = world.shops.values().find(|shop| has(shop));
    shop.map(|shop| shop.number).ok_or(ControlError::NotFound(what))
}

impl From<OpenError> for ControlError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NoShop => Self::NotFound("shop"),
            OpenError::NoOrder => Self::NotFound("order"),
            OpenError::NoLine => Self::NotFound("line item"),
            OpenError::InProgress | OpenError::Finished | OpenError::Order(_) => {
                Self::Conflict(error.to_string())
            }
            OpenError::TooMuch => Self::Invalid(error.to_string()),
        }
    }
}

impl From<DeedError> for ControlError {
    fn from(error: DeedError) -> Self {
        match error {
            DeedError::NoReturn => Self::NotFound("return"),
            DeedError::OfferAmount => Self::Invalid(error.to_string()),
            DeedError::Status(_)
            | DeedError::Arbitration
            | DeedError::OfferedBefore
            | DeedError::NotArrived
            | DeedError::Quick => Self::Conflict(error.to_string()),
        }
    }
}

impl From<CancelError> for ControlError {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::NoCancellation => Self::NotFound("cancellation"),
            CancelError::Status(_) => Self::Conflict(error.to_string()),
            CancelError::Order(error) => error.into(),
        }
    }
}
