//! What a seller may decide now, and the reasons for saying no.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::return_refund::decide::{not_found, possible};
use crate::family::return_refund::once::shop;
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::Minor;
use crate::world::aftersale::{CancelAct, Cancellation, ReturnAct, ReturnCase, reasons};
use crate::world::{Shop, World};

const BARS_REJECTION: i64 = 25_011_011;
const BARS_APPROVAL: i64 = 25_011_012;
const WRONG_TYPE: i64 = 25_020_004;

/// Every decision, in the order of the documentation.
const DECISIONS: [(&str, Decision); 13] = [
    ("APPROVE_REQUEST_CANCEL", Decision::Cancel(CancelAct::Approve)),
    ("APPROVE_REFUND", Decision::Return(ReturnAct::ApproveRefund)),
    ("APPROVE_RETURN", Decision::Return(ReturnAct::ApproveReturn)),
    ("APPROVE_RECEIVED_PACKAGE", Decision::Return(ReturnAct::ApproveReceivedPackage)),
    ("APPROVE_REPLACEMENT", Decision::Return(ReturnAct::ApproveReplacement)),
    ("ISSUE_REPLACEMENT_REFUND", Decision::Return(ReturnAct::IssueReplacementRefund)),
    ("DIRECT_REFUND", Decision::Return(ReturnAct::DirectRefund)),
    ("REJECT_REQUEST_CANCEL", Decision::Cancel(CancelAct::Reject)),
    ("REJECT_REFUND", Decision::Return(ReturnAct::RejectRefund)),
    ("REJECT_RETURN", Decision::Return(ReturnAct::RejectReturn)),
    ("REJECT_RECEIVED_PACKAGE", Decision::Return(ReturnAct::RejectReceivedPackage)),
    ("REJECT_REPLACEMENT", Decision::Return(ReturnAct::RejectReplacement)),
    ("ISSUE_EXCHANGE_REFUND", Decision::Exchange),
];
/// Decisions that only the newer of the two operations knows.
const OFFERS: [(&str, Decision); 2] = [
    ("OFFER_PARTIAL_REFUND", Decision::Return(ReturnAct::OfferPartialRefund)),
    (
        "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG",
        Decision::Return(ReturnAct::OfferPartialRefundAfterReceivingPkg),
    ),
];

#[derive(Clone, Copy)]
enum Decision {
    Cancel(CancelAct),
    Return(ReturnAct),
    /// There are no exchanges here.
    Exchange,
}

/// A case of either kind.
#[derive(Clone, Copy)]
enum Found<'a> {
    Cancellation(&'a Cancellation),
    Return(&'a ReturnCase),
}

/// `GET /return_refund/202309/reject_reasons`
pub(super) fn get_reject_reasons(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    Ok(data(&json!({ "reasons": reject_reasons(find(call, shop)?, shop) })))
}

/// `GET /return_refund/202601/decision_eligibility`
pub(super) fn get_decision_eligibility(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let found = find(call, shop)?;
    let asked = call.call.param("check_decisions");
    let decisions: Vec<Value> = DECISIONS
        .iter()
        .filter(|(name, _)| is_asked(asked, name))
        .map(|(name, decision)| verdict(name, *decision, found, shop))
        .collect();
    Ok(data(&json!({ "decisions": decisions })))
}

/// `GET /return_refund/202606/review_decision`
pub(super) fn get_available_review_decisions(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let found = find(call, shop)?;
    let asked = call.call.param("check_decisions");
    let decisions = || {
        let all = DECISIONS.iter().chain(&OFFERS).filter(|(name, _)| is_asked(asked, name));
        all.map(|(name, decision)| {
            let mut verdict = verdict(name, *decision, found, shop);
            if let (Found::Return(case), true) = (found, name.starts_with("OFFER")) {
                let most = case.refund().total() - Minor(1);
                verdict["partial_refund_amount_range"] = json!({
                    "min_amount": Minor(1).text(shop.decimals()),
                    "max_amount": most.text(shop.decimals()),
                    "currency": shop.currency(),
                });
            }
            verdict
        })
        .collect::<Vec<Value>>()
    };
    let lines = match found {
        Found::Cancellation(cancellation) => &cancellation.lines,
        Found::Return(case) => &case.lines,
    };
    let line_items: Vec<Value> = lines
        .iter()
        .map(|line| json!({ "return_line_item_id": line.number.to_string(), "decisions": decisions() }))
        .collect();
    let log = format!("{:016X}", crate::dice::hash(call.call.raw_query.as_bytes()));
    Ok(data(&json!({ "line_items": line_items, "request_log_id": log, "errors": [] })))
}

fn is_asked(asked: Option<&str>, name: &str) -> bool {
    asked.is_none_or(|names| names.split(',').any(|wanted| wanted.trim() == name))
}

fn verdict(name: &str, decision: Decision, found: Found<'_>, shop: &Shop) -> Value {
    let hindrance = match (decision, found) {
        (Decision::Cancel(act), Found::Cancellation(cancellation)) => {
            let code = if act == CancelAct::Approve { BARS_APPROVAL } else { BARS_REJECTION };
            cancellation.status.after(act).is_none().then_some(code)
        }
        (Decision::Return(act), Found::Return(case)) => possible(case, act).err().and_then(|it| it.code),
        (Decision::Cancel(_), Found::Return(_))
        | (Decision::Return(_), Found::Cancellation(_))
        | (Decision::Exchange, _) => Some(WRONG_TYPE),
    };
    let mut verdict = json!({ "decision": name, "eligible": hindrance.is_none() });
    match hindrance {
        Some(code) => {
            verdict["ineligible_code"] = code.into();
            verdict["ineligible_reason"] = "The decision does not fit the case's type or status.".into();
        }
        None if name.starts_with("REJECT") => {
            verdict["available_reject_reasons"] = reject_reasons(found, shop).into();
        }
        None => {}
    }
    verdict
}

fn reject_reasons(found: Found<'_>, shop: &Shop) -> Vec<Value> {
    let keys: Vec<String> = match found {
        Found::Cancellation(cancellation) if cancellation.status.after(CancelAct::Reject).is_some() => {
            reasons::reject_cancel().iter().map(|key| (*key).to_owned()).collect()
        }
        Found::Cancellation(_) => Vec::new(),
        Found::Return(case) => reasons::reject_return(&shop.region, case),
    };
    keys.into_iter().map(|key| json!({ "name": key, "text": reasons::text(&key) })).collect()
}

/// The case of `return_or_cancel_id`.
fn find<'a>(call: &Admitted<'_>, shop: &'a Shop) -> Result<Found<'a>, Refusal> {
    let id = call.call.param("return_or_cancel_id").unwrap_or_default();
    let cancellation = id.parse().ok().and_then(|number| shop.aftersales.cancellations.get(&number));
    let case = || id.parse().ok().and_then(|number| shop.aftersales.returns.get(&number));
    cancellation.map(Found::Cancellation).or_else(|| case().map(Found::Return)).ok_or_else(not_found)
}
