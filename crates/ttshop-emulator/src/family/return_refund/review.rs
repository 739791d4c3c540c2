//! `POST /return_refund/{202606,202609}/aftersales/review`: decisions about many units at once, each failing on its own.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::family::data;
use crate::family::return_refund::decide::{NOT_FOUND, not_found, offer, possible, refusal};
use crate::family::return_refund::lines::BAD_PARAMETER;
use crate::family::return_refund::once::{Once, once, shop};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::aftersale::{Deed, Done, ReturnAct, ReturnCase, ReturnKind, Words, reasons};
use crate::world::order::Actor;
use crate::world::{RequestNo, ReturnNo, RmaNo, Shop, ShopNo, World};

const UNKNOWN_REASON: i64 = 25_001_014;

pub(super) fn review_aftersales(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = shop(call, world)?.number;
    let mut errors: Vec<Value> = Vec::new();
    for request in call.body["aftersales_request_decisions"].as_array().into_iter().flatten() {
        let fresh = match once(call, request["idempotency_key"].as_str(), world)? {
            Once::Now(fresh) => fresh,
            Once::Before(_) => continue,
        };
        let failures = review(call, number, request, world);
        if failures.is_empty() {
            fresh.remember(call, Done::Decided, world);
        }
        errors.extend(failures.into_iter().map(|refusal| {
            let code = refusal.code.unwrap_or(BAD_PARAMETER);
            json!({ "code": code.to_string(), "message": refusal.message })
        }));
    }
    Ok(data(&json!({ "errors": errors })))
}

/// What failed of the decisions about one request or authorization.
fn review(call: &Admitted<'_>, shop: ShopNo, request: &Value, world: &mut World) -> Vec<Refusal> {
    let mut failures = Vec::new();
    for decision in request["line_item_decisions"].as_array().into_iter().flatten() {
        let Some(found) = world.shops.get(&shop) else { break };
        let deeds = match deeds(request, decision, found) {
            Ok(deeds) => deeds,
            Err(refusal) => {
                failures.push(refusal);
                continue;
            }
        };
        for (number, deed) in deeds {
            let result = world.act_on_return(shop, number, &deed, call.now);
            failures.extend(result.err().map(|error| refusal(error, deed.act)));
        }
    }
    failures
}

/// One deed for every case whose units a decision names.
fn deeds(request: &Value, decision: &Value, shop: &Shop) -> Result<Vec<(ReturnNo, Deed)>, Refusal> {
    let ids = decision["line_items"].as_array().into_iter().flatten();
    let named: BTreeSet<&str> = ids.filter_map(|line| line["return_line_item_id"].as_str()).collect();
    let mut deeds = Vec::new();
    let mut reached = 0;
    for number in returns_of(request, shop)? {
        let case = shop.aftersales.returns.get(&number).ok_or_else(not_found)?;
        let own = case.lines.iter().filter(|line| named.contains(line.number.to_string().as_str())).count();
        reached += own;
        if own == 0 {
            continue;
        }
        if own < case.lines.len() {
            let message = "All units of one return need the same decision.";
            return Err(Refusal::business(BAD_PARAMETER, message));
        }
        let deed = deed(decision, case, shop)?;
        possible(case, deed.act)?;
        deeds.push((number, deed));
    }
    if reached < named.len() || named.is_empty() {
        return Err(Refusal::business(BAD_PARAMETER, "A line item is not part of the request."));
    }
    Ok(deeds)
}

fn deed(decision: &Value, case: &ReturnCase, shop: &Shop) -> Result<Deed, Refusal> {
    let act = act(decision["action"].as_str().unwrap_or_default(), case.kind);
    let act = act.ok_or_else(|| Refusal::business(BAD_PARAMETER, "The action does not fit the request."))?;
    let reason = decision["reason"]["reason_id"].as_str();
    let rejects = matches!(
        act,
        ReturnAct::RejectRefund
            | ReturnAct::RejectReturn
            | ReturnAct::RejectReplacement
            | ReturnAct::RejectReceivedPackage
    );
    let known = |reason: &str| reasons::reject_return(&shop.region, case).iter().any(|known| known == reason);
    if rejects && !reason.is_some_and(known) {
        return Err(Refusal::business(UNKNOWN_REASON, "The reason is unknown."));
    }
    let image = decision["reason"]["media"]["uri"].as_str();
    let words = Words {
        reason: reason.map(Into::into),
        note: decision["reason"]["text"].as_str().map(Into::into),
        images: image.into_iter().map(Into::into).collect(),
        videos: Vec::new(),
    };
    let solution = decision.get("alternative_solution_details");
    Ok(Deed { words, offer: offer(shop, solution, "partial_refund_amount")?, ..act.by(Actor::Seller) })
}

/// What an action means for a case of this type.
fn act(action: &str, kind: ReturnKind) -> Option<ReturnAct> {
    Some(match (action, kind) {
        ("APPROVE_REQUEST", ReturnKind::Refund) => ReturnAct::ApproveRefund,
        ("APPROVE_REQUEST", ReturnKind::ReturnAndRefund) => ReturnAct::ApproveReturn,
        ("APPROVE_REQUEST", ReturnKind::Replacement) => ReturnAct::ApproveReplacement,
        ("REJECT_REQUEST", ReturnKind::Refund) => ReturnAct::RejectRefund,
        ("REJECT_REQUEST", ReturnKind::ReturnAndRefund) => ReturnAct::RejectReturn,
        ("REJECT_REQUEST", ReturnKind::Replacement) => ReturnAct::RejectReplacement,
        ("REFUND_INSTEAD", ReturnKind::ReturnAndRefund) => ReturnAct::DirectRefund,
        ("REFUND_INSTEAD", ReturnKind::Replacement) => ReturnAct::IssueReplacementRefund,
        ("APPROVE_RETURN_PACKAGE", ReturnKind::ReturnAndRefund) => ReturnAct::ApproveReceivedPackage,
        ("REJECT_RETURN_PACKAGE", ReturnKind::ReturnAndRefund) => ReturnAct::RejectReceivedPackage,
        ("OFFER_PARTIAL_REFUND", ReturnKind::ReturnAndRefund) => ReturnAct::OfferPartialRefund,
        ("OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG", ReturnKind::ReturnAndRefund) => {
            ReturnAct::OfferPartialRefundAfterReceivingPkg
        }
        _ => return None,
    })
}

/// The returns of a request, or of an authorization.
fn returns_of(request: &Value, shop: &Shop) -> Result<Vec<ReturnNo>, Refusal> {
    let id = request["request_id"].as_str().unwrap_or_default();
    let returns = if request["request_id_type"].as_str() == Some("RMA") {
        let rma = id.parse::<RmaNo>().ok().and_then(|number| shop.aftersales.rmas.get(&number));
        rma.map(|rma| rma.returns.clone())
    } else {
        let found = id.parse::<RequestNo>().ok().and_then(|number| shop.aftersales.requests.get(&number));
        found.map(|request| request.returns.clone())
    };
    returns.ok_or_else(|| Refusal::business(NOT_FOUND, "There is no such request."))
}
