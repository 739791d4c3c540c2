//! Sellers answer refunds, returns and replacements.

use serde_json::Value;

use crate::family::nothing;
use crate::family::return_refund::cancel::wrong_reject_reason;
use crate::family::return_refund::lines::BAD_PARAMETER;
use crate::family::return_refund::once::{Once, once, shop};
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::Minor;
use crate::world::aftersale::{
    Arbitration, Deed, DeedError, Done, ReturnAct, ReturnCase, ReturnKind, ReturnStatus, Words, reasons,
};
use crate::world::order::Actor;
use crate::world::{ReturnNo, Shop, World};

const WRONG_STATUS: i64 = 25_001_003;
const OFFER_AMOUNT: i64 = 25_005_020;
pub(super) const NOT_FOUND: i64 = 25_007_006;
const NEGOTIATED: i64 = 25_007_007;
const ARBITRATED: i64 = 25_011_010;
const BARS_APPROVAL: i64 = 25_011_012;
const BARS_RECEIPT: i64 = 25_011_013;
const QUICK: i64 = 25_011_025;
const BARS_OFFER: i64 = 25_011_032;
const NOT_REJECTABLE: i64 = 25_011_035;
const WRONG_TYPE: i64 = 25_020_004;
const CANCELLED_ALREADY: i64 = 25_020_009;
const APPROVED_ALREADY: i64 = 25_020_010;
const RECEIVED_ALREADY: i64 = 25_020_011;
const BARS_PARCEL_REJECTION: i64 = 25_020_012;

/// `POST /return_refund/202309/returns/{return_id}/approve`
pub(super) fn approve_return(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let Once::Now(fresh) = once(call, call.call.param("idempotency_key"), world)? else {
        return Ok(nothing());
    };
    let found = shop(call, world)?;
    let (shop, case) = (found.number, case_of_path(call, found)?);
    let keeps = call.body.get("buyer_keep_item").and_then(Value::as_bool).unwrap_or(false);
    let act = match call.body.get("decision").and_then(Value::as_str).unwrap_or_default() {
        "APPROVE_REFUND" => ReturnAct::ApproveRefund,
        "APPROVE_RETURN" if keeps => ReturnAct::ApproveWithoutReturn,
        "APPROVE_RETURN" => ReturnAct::ApproveReturn,
        "APPROVE_RECEIVED_PACKAGE" => ReturnAct::ApproveReceivedPackage,
        "APPROVE_REPLACEMENT" => ReturnAct::ApproveReplacement,
        "ISSUE_REPLACEMENT_REFUND" => ReturnAct::IssueReplacementRefund,
        "DIRECT_REFUND" => ReturnAct::DirectRefund,
        "OFFER_PARTIAL_REFUND" => ReturnAct::OfferPartialRefund,
        _ => return Err(Refusal::business(BAD_PARAMETER, "The decision is unknown.")),
    };
    let offer = offer(found, call.body.get("partial_refund"), "amount")?;
    let deed = Deed { offer, ..act.by(Actor::Seller) };
    decide(world, shop, case, &deed, call)?;
    fresh.remember(call, Done::Decided, world);
    Ok(nothing())
}

/// `POST /return_refund/{202309,202606}/returns/{return_id}/reject`
pub(super) fn reject_return(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let Once::Now(fresh) = once(call, call.call.param("idempotency_key"), world)? else {
        return Ok(nothing());
    };
    let found = shop(call, world)?;
    let (shop, number) = (found.number, case_of_path(call, found)?);
    let text = |name: &str| call.body.get(name).and_then(Value::as_str);
    let act = match text("decision").unwrap_or_default() {
        "REJECT_REFUND" => ReturnAct::RejectRefund,
        "REJECT_RETURN" => ReturnAct::RejectReturn,
        "REJECT_RECEIVED_PACKAGE" => ReturnAct::RejectReceivedPackage,
        "REJECT_REPLACEMENT" => ReturnAct::RejectReplacement,
        "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG" if call.operation.version != "202309" => {
            ReturnAct::OfferPartialRefundAfterReceivingPkg
        }
        _ => return Err(Refusal::business(BAD_PARAMETER, "The decision is unknown.")),
    };
    let case = found.aftersales.returns.get(&number).ok_or_else(not_found)?;
    possible(case, act)?;
    let reason = text("reject_reason").unwrap_or_default();
    if !reasons::reject_return(&found.region, case).iter().any(|known| known == reason) {
        return Err(wrong_reject_reason(reason));
    }
    let images = call.body.get("images").and_then(Value::as_array).into_iter().flatten();
    let images = images.filter_map(|image| image["image_id"].as_str()).map(evidence_url).collect();
    let words = Words {
        reason: Some(reason.into()),
        note: text("comment").map(Into::into),
        images,
        videos: Vec::new(),
    };
    let offer = offer(found, call.body.get("partial_refund_amount"), "partial_refund_total")?;
    decide(world, shop, number, &Deed { words, offer, ..act.by(Actor::Seller) }, call)?;
    fresh.remember(call, Done::Decided, world);
    Ok(nothing())
}

fn evidence_url(image_id: &str) -> Box<str> {
    format!("https://p16-oec-va.ibyteimg.com/emulated/evidence/{image_id}").into()
}

fn decide(
    world: &mut World,
    shop: crate::world::ShopNo,
    number: ReturnNo,
    deed: &Deed,
    call: &Admitted<'_>,
) -> Result<(), Refusal> {
    let case = world.shops.get(&shop).and_then(|shop| shop.aftersales.returns.get(&number));
    possible(case.ok_or_else(not_found)?, deed.act)?;
    world.act_on_return(shop, number, deed, call.now).map_err(|error| refusal(error, deed.act))
}

/// The code that says why a decision is not possible in the case's type and state.
pub(super) fn possible(case: &ReturnCase, act: ReturnAct) -> Result<(), Refusal> {
    if !kinds_of(act).contains(&case.kind) {
        return Err(Refusal::business(WRONG_TYPE, "The decision does not fit the type of the request."));
    }
    if case.next.is_none() && case.stage().after(act).is_some() {
        return Ok(());
    }
    if case.arbitration == Some(Arbitration::InProgress) {
        return Err(Refusal::business(ARBITRATED, "The platform arbitrates this case."));
    }
    Err(refusal(DeedError::Status(case.status), act))
}

/// The types that a decision is for.
fn kinds_of(act: ReturnAct) -> &'static [ReturnKind] {
    match act {
        ReturnAct::ApproveRefund | ReturnAct::RejectRefund => &[ReturnKind::Refund],
        ReturnAct::ApproveReplacement | ReturnAct::IssueReplacementRefund | ReturnAct::RejectReplacement => {
            &[ReturnKind::Replacement]
        }
        _ => &[ReturnKind::ReturnAndRefund],
    }
}

/// The documented code of each refusal.
pub(super) fn refusal(error: DeedError, act: ReturnAct) -> Refusal {
    let code = match (error, act) {
        (DeedError::NoReturn, _) => NOT_FOUND,
        (DeedError::Arbitration, _) => ARBITRATED,
        (DeedError::OfferedBefore, _) => NEGOTIATED,
        (DeedError::OfferAmount, _) => OFFER_AMOUNT,
        (DeedError::NotArrived, _) => NOT_REJECTABLE,
        (DeedError::Quick, _) => QUICK,
        (DeedError::Status(status), act) => code_of_status(status, act),
    };
    let listed = if code == OFFER_AMOUNT { BAD_PARAMETER } else { code };
    Refusal::business(listed, format!("The decision was not carried out: {error}."))
}

fn code_of_status(status: ReturnStatus, act: ReturnAct) -> i64 {
    use ReturnAct as A;
    let done = status == ReturnStatus::RequestSuccess || status.is_refunded();
    match act {
        A::RejectReceivedPackage if done => RECEIVED_ALREADY,
        A::RejectReceivedPackage => BARS_PARCEL_REJECTION,
        A::RejectRefund | A::RejectReturn | A::RejectReplacement
            if status.is_void() || status.is_rejected() =>
        {
            WRONG_STATUS
        }
        A::RejectRefund | A::RejectReturn | A::RejectReplacement => APPROVED_ALREADY,
        _ if status.is_void() => CANCELLED_ALREADY,
        A::ApproveReceivedPackage => BARS_RECEIPT,
        A::OfferPartialRefund if status == ReturnStatus::AwaitingBuyerResponse => NEGOTIATED,
        A::OfferPartialRefund => BARS_OFFER,
        A::OfferPartialRefundAfterReceivingPkg => NOT_REJECTABLE,
        _ => BARS_APPROVAL,
    }
}

/// An offered amount in the shop's currency.
pub(super) fn offer(shop: &Shop, body: Option<&Value>, name: &str) -> Result<Option<Minor>, Refusal> {
    let Some(body) = body.filter(|body| !body.is_null()) else { return Ok(None) };
    let amount = body[name].as_str().and_then(|text| Minor::parse(text, shop.decimals()));
    let fits = body["currency"].as_str().is_none_or(|currency| currency == shop.currency());
    match amount.filter(|_| fits) {
        Some(amount) => Ok(Some(amount)),
        None => {
            Err(Refusal::business(BAD_PARAMETER, "The partial refund is no amount of the shop's currency."))
        }
    }
}

/// The case of the path.
pub(super) fn case_of_path(call: &Admitted<'_>, shop: &Shop) -> Result<ReturnNo, Refusal> {
    let number = call.path_params.get("return_id").and_then(|id| id.parse::<ReturnNo>().ok());
    number.filter(|number| shop.aftersales.returns.contains_key(number)).ok_or_else(not_found)
}

pub(super) fn not_found() -> Refusal {
    Refusal::business(NOT_FOUND, "There is no such return.")
}
