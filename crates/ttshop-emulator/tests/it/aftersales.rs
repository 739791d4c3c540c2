//! Refunds, returns and replacements, from the request to the money.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::Switches;

use crate::client::{Peer, START, frozen, quiet};
use crate::validator::{Rigour, findings};

const REJECT: &str = "seller_reject_apply_item_is_correct";
const DAY: u64 = 86_400;

/// A quiet world whose webhooks go nowhere, but are kept; tokens outlast the cases.
pub(crate) async fn peer(switches: Switches) -> Peer {
    let switches = Switches { access_token_seconds: 90 * DAY, ..switches };
    let peer = Peer::start(frozen().world(quiet()).switches(switches)).await;
    peer.control(Method::PUT, "app", json!({ "webhook_url": "http://127.0.0.1:9/" })).await;
    peer
}

/// The data of a call that succeeds, held to the catalogue.
pub(crate) async fn answer(
    peer: &Peer,
    method: Method,
    path: &str,
    params: &[(&str, &str)],
    body: &Value,
) -> Value {
    let mut request = peer.request(method, path).with(params);
    if !body.is_null() {
        request = request.body(body);
    }
    let data = peer.data(&request).await;
    let segments: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        pattern.len() == segments.len()
            && pattern.iter().zip(&segments).all(|(a, b)| a == b || a.starts_with('{'))
    };
    let operation = ttshop_catalogue::OPERATIONS
        .iter()
        .find(|operation| operation.method.as_str() == request.method.as_str() && fits(operation.path))
        .unwrap();
    let mut found = findings(operation.response, &data, Rigour::Types);
    // The validator's clock stands still.
    let moved = peer.emulator.now() != START;
    found.retain(|finding| !moved || !finding.ends_with("ahead of the clock"));
    assert!(found.is_empty(), "{path}: {found:?}");
    data
}

/// The code of a call.
pub(crate) async fn code(peer: &Peer, method: Method, path: &str, body: &Value) -> i64 {
    peer.send(&peer.request(method, path).body(body)).await.json()["code"].as_i64().unwrap()
}

pub(crate) async fn order(peer: &Peer, id: &str) -> Value {
    answer(peer, Method::GET, "/order/202507/orders", &[("ids", id)], &Value::Null).await["orders"][0].clone()
}

/// The statuses that notifications of a type told about a case, in order.
pub(crate) async fn announced(peer: &Peer, kind: u64, id: &str) -> Vec<String> {
    let deliveries = peer.control(Method::GET, "deliveries?limit=1000", Value::Null).await;
    let mut words: Vec<String> = deliveries["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| serde_json::from_str::<Value>(delivery["body"].as_str().unwrap()).unwrap())
        .filter(|body| body["type"] == kind && body["data"].to_string().contains(id))
        .map(|body| {
            let data = body["data"].as_object().unwrap();
            let status = data.iter().find(|(name, _)| name.ends_with("_status")).unwrap();
            status.1.as_str().unwrap().to_owned()
        })
        .collect();
    words.reverse();
    words
}

async fn open(peer: &Peer, order: &str, kind: &str, more: Value) -> String {
    let mut body = json!({ "order_id": order, "type": kind });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let opened = peer.control(Method::POST, "returns", body).await;
    opened["return_ids"][0].as_str().unwrap().to_owned()
}

async fn act(peer: &Peer, id: &str, transition: &str, body: Value) -> Value {
    peer.control(Method::POST, &format!("returns/{id}/{transition}"), body).await["return_status"].clone()
}

async fn approve(peer: &Peer, id: &str, body: Value) -> i64 {
    code(peer, Method::POST, &format!("/return_refund/202309/returns/{id}/approve"), &body).await
}

async fn reject(peer: &Peer, id: &str, body: Value) -> i64 {
    code(peer, Method::POST, &format!("/return_refund/202606/returns/{id}/reject"), &body).await
}

async fn shown(peer: &Peer, id: &str) -> Value {
    let body = json!({ "return_ids": [id] });
    let found = answer(peer, Method::POST, "/return_refund/202602/returns/search", &[], &body).await;
    let older = answer(peer, Method::POST, "/return_refund/202309/returns/search", &[], &body).await;
    assert_eq!(found["return_orders"][0]["return_status"], older["return_orders"][0]["return_status"]);
    found["return_orders"][0].clone()
}

async fn wait(peer: &Peer, seconds: u64) {
    peer.control(Method::POST, "clock/advance", json!({ "seconds": seconds })).await;
}

async fn delivered(peer: &Peer) -> String {
    peer.place(1, "DELIVERED").await.remove(0)
}

#[tokio::test]
async fn goods_go_back_and_the_money_follows() {
    let peer = peer(Switches::default()).await;
    let order_id = delivered(&peer).await;
    let paid = order(&peer, &order_id).await["payment"]["total_amount"].clone();
    let body = json!({
        "order_id": order_id, "request_type": "RETURN_AND_REFUND", "reason_name": "x",
    });
    let path = "/return_refund/202602/refunds/calculate";
    let calculated = answer(&peer, Method::POST, path, &[], &body).await;
    assert_eq!(calculated["order_refund_amount"]["refund_total"], paid);

    let id =
        open(&peer, &order_id, "RETURN_AND_REFUND", json!({ "note": "torn", "images": ["https://e/1.jpg"] }))
            .await;
    let case = shown(&peer, &id).await;
    assert_eq!(case["seller_next_action_response"][0]["action"], "SELLER_RESPOND_RETURN");
    assert_eq!(case["refund_amount"]["refund_total"], paid);
    assert_eq!(approve(&peer, &id, json!({ "decision": "APPROVE_RETURN" })).await, 0);
    assert_eq!(act(&peer, &id, "ship", json!({ "tracking_number": "TRACK1" })).await, "BUYER_SHIPPED_ITEM");
    assert_eq!(shown(&peer, &id).await["return_tracking_number"], "TRACK1");
    wait(&peer, 3 * DAY).await;
    let arrived = shown(&peer, &id).await;
    assert_eq!(arrived["seller_next_action_response"][0]["action"], "SELLER_RESPOND_RECEIVE_PACKAGE");
    assert_eq!(approve(&peer, &id, json!({ "decision": "APPROVE_RECEIVED_PACKAGE" })).await, 0);
    assert_eq!(order(&peer, &order_id).await["status"], "DELIVERED");
    wait(&peer, 60).await;
    assert_eq!(shown(&peer, &id).await["return_status"], "RETURN_OR_REFUND_REQUEST_COMPLETE");
    assert_eq!(order(&peer, &order_id).await["status"], "COMPLETED", "all of it was paid back");

    let expected = [
        "RETURN_OR_REFUND_REQUEST_PENDING",
        "AWAITING_BUYER_SHIP",
        "BUYER_SHIPPED_ITEM",
        "RETURN_OR_REFUND_REQUEST_SUCCESS",
        "RETURN_OR_REFUND_REQUEST_COMPLETE",
    ];
    assert_eq!(announced(&peer, 12, &id).await, expected);
    assert_eq!(announced(&peer, 67, &id).await, ["REFUND_SUCCESS"]);
    let expected = ["PENDING_REQUEST_REVIEW", "REQUEST_REVIEW_COMPLETED"];
    assert_eq!(announced(&peer, 64, "aftersales_request_id").await, expected);
    let expected = ["RMA_CREATED", "RETURN_IN_TRANSIT", "PENDING_PACKAGE_REVIEW", "PACKAGE_REVIEW_COMPLETED"];
    assert_eq!(announced(&peer, 65, "rma_id").await, expected);
    let path = format!("/return_refund/202309/returns/{id}/records");
    let records = answer(&peer, Method::GET, &path, &[], &Value::Null).await;
    let events: Vec<&str> =
        records["records"].as_array().unwrap().iter().map(|it| it["event"].as_str().unwrap()).collect();
    let expected =
        ["ORDER_RETURN", "APPROVE_RETURN", "SHIP", "ARRIVE", "APPROVE_RECEIVED_PACKAGE", "REFUNDED"];
    assert_eq!(events, expected);
    assert_eq!(records["records"][0]["images"][0]["url"], "https://e/1.jpg");
}

#[tokio::test]
async fn every_deadline_is_kept_by_the_platform() {
    let peer = peer(Switches::default()).await;
    let refund = open(&peer, &delivered(&peer).await, "REFUND", json!({})).await;
    let back = open(&peer, &delivered(&peer).await, "RETURN_AND_REFUND", json!({})).await;
    let replaced = delivered(&peer).await;
    let again = open(&peer, &replaced, "REPLACEMENT", json!({})).await;
    wait(&peer, DAY).await;
    assert_eq!(shown(&peer, &again).await["return_status"], "REPLACEMENT_REQUEST_COMPLETE");
    let found = peer.search(&[], json!({ "order_status": "AWAITING_SHIPMENT" })).await;
    let replacement = &found["orders"][0];
    assert_eq!(replacement["is_replacement_order"], true);
    assert_eq!(replacement["replaced_order_id"], json!(replaced));
    assert_eq!(replacement["payment"]["total_amount"], "0.00");
    wait(&peer, DAY - 1).await;
    assert_eq!(shown(&peer, &refund).await["return_status"], "RETURN_OR_REFUND_REQUEST_PENDING");
    wait(&peer, 1).await;
    assert_eq!(shown(&peer, &refund).await["return_status"], "RETURN_OR_REFUND_REQUEST_SUCCESS");
    assert_eq!(shown(&peer, &back).await["return_status"], "AWAITING_BUYER_SHIP");
    wait(&peer, 10 * DAY).await;
    assert_eq!(shown(&peer, &back).await["return_status"], "RETURN_OR_REFUND_REQUEST_CANCEL");
    let rejected = open(&peer, &delivered(&peer).await, "REFUND", json!({})).await;
    let no = json!({ "decision": "REJECT_REFUND", "reject_reason": REJECT });
    assert_eq!(reject(&peer, &rejected, no).await, 0);
    wait(&peer, 7 * DAY).await;
    let lapsed = shown(&peer, &rejected).await;
    assert_eq!(lapsed["return_status"], "RETURN_OR_REFUND_REQUEST_CANCEL");
    assert_eq!(lapsed["arbitration_status"], "CLOSED");
}

#[tokio::test]
async fn arbitration_decides_what_seller_and_buyer_cannot() {
    let peer = peer(Switches::default()).await;
    for (favour, refund, back) in [
        ("favour_buyer", "RETURN_OR_REFUND_REQUEST_SUCCESS", "AWAITING_BUYER_SHIP"),
        ("favour_seller", "RETURN_OR_REFUND_REQUEST_CANCEL", "RETURN_OR_REFUND_REQUEST_CANCEL"),
    ] {
        for (kind, decision, expected) in
            [("REFUND", "REJECT_REFUND", refund), ("RETURN_AND_REFUND", "REJECT_RETURN", back)]
        {
            let id = open(&peer, &delivered(&peer).await, kind, json!({})).await;
            let no = json!({ "decision": decision, "reject_reason": REJECT });
            assert_eq!(reject(&peer, &id, no.clone()).await, 0);
            act(&peer, &id, "dispute", json!({ "note": "see the picture" })).await;
            assert_eq!(shown(&peer, &id).await["arbitration_status"], "IN_PROGRESS");
            assert_eq!(reject(&peer, &id, no).await, 25_011_010);
            assert_eq!(act(&peer, &id, favour, json!({})).await, expected);
        }
    }
}

#[tokio::test]
async fn a_partial_refund_is_offered_taken_or_turned_down() {
    let peer = peer(Switches::default()).await;
    let offer = |amount: &str| {
        let partial = json!({ "amount": amount, "currency": "USD" });
        json!({ "decision": "OFFER_PARTIAL_REFUND", "partial_refund": partial })
    };
    let order_id = delivered(&peer).await;
    let id = open(&peer, &order_id, "RETURN_AND_REFUND", json!({})).await;
    assert_eq!(approve(&peer, &id, offer("100000.00")).await, 25_001_001);
    assert_eq!(approve(&peer, &id, offer("1.00")).await, 0);
    assert_eq!(approve(&peer, &id, offer("2.00")).await, 25_007_007);
    let case = shown(&peer, &id).await;
    assert_eq!(case["return_status"], "AWAITING_BUYER_RESPONSE");
    assert_eq!(case["partial_refund"]["amount"], "1.00");
    assert_eq!(act(&peer, &id, "accept_offer", json!({})).await, "RETURN_OR_REFUND_REQUEST_SUCCESS");
    wait(&peer, 60).await;
    let case = shown(&peer, &id).await;
    assert_eq!(case["refund_amount"]["refund_total"], "1.00");
    assert_eq!(case["can_buyer_keep_item"], true);
    assert_eq!(order(&peer, &order_id).await["status"], "DELIVERED", "not all of it was paid back");

    let id = open(&peer, &delivered(&peer).await, "RETURN_AND_REFUND", json!({})).await;
    assert_eq!(approve(&peer, &id, offer("1.00")).await, 0);
    wait(&peer, 2 * DAY).await;
    let case = shown(&peer, &id).await;
    assert_eq!(case["return_status"], "RETURN_OR_REFUND_REQUEST_PENDING");
    assert_eq!(case["buyer_rejected_partial_refund"], true);
    assert_eq!(approve(&peer, &id, offer("1.00")).await, 25_007_007);
    assert_eq!(
        approve(&peer, &id, json!({ "decision": "APPROVE_RETURN", "buyer_keep_item": true })).await,
        0
    );
    assert_eq!(shown(&peer, &id).await["return_status"], "RETURN_OR_REFUND_REQUEST_SUCCESS");
}

#[tokio::test]
async fn wrong_decisions_have_documented_codes() {
    let peer = peer(Switches::default()).await;
    let refund = open(&peer, &delivered(&peer).await, "REFUND", json!({})).await;
    let yes = |decision: &str| json!({ "decision": decision });
    let no = |decision: &str, reason: &str| json!({ "decision": decision, "reject_reason": reason });
    assert_eq!(approve(&peer, &refund, yes("APPROVE_RETURN")).await, 25_020_004);
    assert_eq!(approve(&peer, &refund, yes("APPROVE_EVERYTHING")).await, 25_001_001);
    assert_eq!(approve(&peer, "4042000000000000001", yes("APPROVE_REFUND")).await, 25_007_006);
    assert_eq!(reject(&peer, &refund, no("REJECT_REFUND", "because")).await, 25_001_014);
    let parcel = "reverse_reject_return_parcel_reason_1";
    assert_eq!(reject(&peer, &refund, no("REJECT_REFUND", parcel)).await, 25_001_057);
    assert_eq!(approve(&peer, &refund, yes("APPROVE_REFUND")).await, 0);
    assert_eq!(approve(&peer, &refund, yes("APPROVE_REFUND")).await, 25_011_012);
    assert_eq!(reject(&peer, &refund, no("REJECT_REFUND", REJECT)).await, 25_020_010);

    let back = open(&peer, &delivered(&peer).await, "RETURN_AND_REFUND", json!({})).await;
    assert_eq!(approve(&peer, &back, yes("APPROVE_RECEIVED_PACKAGE")).await, 25_011_013);
    assert_eq!(reject(&peer, &back, no("REJECT_RECEIVED_PACKAGE", parcel)).await, 25_020_012);
    assert_eq!(approve(&peer, &back, yes("APPROVE_RETURN")).await, 0);
    act(&peer, &back, "ship", json!({})).await;
    assert_eq!(reject(&peer, &back, no("REJECT_RECEIVED_PACKAGE", parcel)).await, 25_011_035);
    act(&peer, &back, "arrive", json!({})).await;
    assert_eq!(reject(&peer, &back, no("REJECT_RECEIVED_PACKAGE", REJECT)).await, 25_001_057);
    assert_eq!(reject(&peer, &back, no("REJECT_RECEIVED_PACKAGE", parcel)).await, 0);
    assert_eq!(act(&peer, &back, "dispute", json!({})).await, "REJECT_RECEIVE_PACKAGE");
    assert_eq!(act(&peer, &back, "favour_buyer", json!({})).await, "RETURN_OR_REFUND_REQUEST_SUCCESS");
    assert_eq!(reject(&peer, &back, no("REJECT_RECEIVED_PACKAGE", parcel)).await, 25_020_011);

    let quick = open(&peer, &delivered(&peer).await, "REFUND", json!({ "quick": true })).await;
    assert_eq!(reject(&peer, &quick, no("REJECT_REFUND", REJECT)).await, 25_011_025);
    let withdrawn = open(&peer, &delivered(&peer).await, "REFUND", json!({})).await;
    act(&peer, &withdrawn, "withdraw", json!({})).await;
    assert_eq!(approve(&peer, &withdrawn, yes("APPROVE_REFUND")).await, 25_020_009);
}

#[tokio::test]
async fn sellers_start_refunds_and_returns_where_the_market_lets_them() {
    let peer = peer(Switches::default()).await;
    let path = "/return_refund/202602/returns";
    let damaged = "ecom_order_delivered_refund_reason_damaged_seller";
    let body = |order: &str, kind: &str, reason: &str| json!({ "order_id": order, "return_type": kind, "return_reason": reason });
    let order_id = delivered(&peer).await;
    assert_eq!(code(&peer, Method::POST, path, &body("1", "REFUND", damaged)).await, 25_020_005);
    let unpaid = peer.place(1, "UNPAID").await.remove(0);
    assert_eq!(code(&peer, Method::POST, path, &body(&unpaid, "REFUND", damaged)).await, 25_001_003);
    let done = peer.place(1, "COMPLETED").await.remove(0);
    assert_eq!(code(&peer, Method::POST, path, &body(&done, "REFUND", damaged)).await, 25_001_051);
    let lost = "seller_shipped_refund_package_lost";
    assert_eq!(code(&peer, Method::POST, path, &body(&order_id, "REFUND", lost)).await, 25_001_021);
    assert_eq!(code(&peer, Method::POST, path, &body(&order_id, "REFUND", "because")).await, 25_001_014);
    let mut much = body(&order_id, "REFUND", damaged);
    much["refund_total"] = "100000.00".into();
    assert_eq!(code(&peer, Method::POST, path, &much).await, 25_005_005);
    let key = [("idempotency_key", "once")];
    let wanted = body(&order_id, "REFUND", damaged);
    let first = answer(&peer, Method::POST, path, &key, &wanted).await;
    assert_eq!(first["return_status"], "RETURN_OR_REFUND_REQUEST_SUCCESS");
    assert_eq!(answer(&peer, Method::POST, path, &key, &wanted).await, first);
    assert_eq!(code(&peer, Method::POST, path, &wanted).await, 25_001_011);
    wait(&peer, 60).await;
    let parts = shown(&peer, first["return_id"].as_str().unwrap()).await;
    assert_eq!(parts["role"], "SELLER");
    let other = delivered(&peer).await;
    let back = body(&other, "RETURN_AND_REFUND", "seller_ecom_delivered_return_refund_reason1");
    let created = answer(&peer, Method::POST, "/return_refund/202309/returns", &[], &back).await;
    assert_eq!(created["return_status"], "AWAITING_BUYER_SHIP");
    let moving = peer.place(1, "IN_TRANSIT").await.remove(0);
    let created = answer(&peer, Method::POST, path, &[], &body(&moving, "REFUND", lost)).await;
    wait(&peer, 60).await;
    assert_eq!(order(&peer, &moving).await["status"], "COMPLETED", "{created}");
}

#[tokio::test]
async fn eligibility_foretells_what_happens() {
    let peer = peer(Switches::default()).await;
    let order_id = delivered(&peer).await;
    for version in ["202309", "202512", "202602"] {
        let path = format!("/return_refund/{version}/orders/{order_id}/aftersale_eligibility");
        let found = answer(&peer, Method::GET, &path, &[], &Value::Null).await;
        let entries = found["sku_eligibility"][0]["line_item_eligibility"].as_array().unwrap().clone();
        let verdict = |name: &str| entries.iter().find(|it| it["request_type"] == name).unwrap().clone();
        assert_eq!(verdict("RETURN_AND_REFUND")["eligible"], true);
        assert_eq!(verdict("CANCEL")["ineligible_code"], 25_001_045);
    }
    let id = open(&peer, &order_id, "RETURN_AND_REFUND", json!({})).await;
    let path = format!("/return_refund/202602/orders/{order_id}/aftersale_eligibility");
    let params = [("initiate_aftersale_user", "BUYER"), ("request_types", "REFUND")];
    let found = answer(&peer, Method::GET, &path, &params, &Value::Null).await;
    assert_eq!(found["sku_eligibility"][0]["line_item_eligibility"][0]["ineligible_code"], 25_001_011);

    let params = [("return_or_cancel_id", id.as_str())];
    let path = "/return_refund/202601/decision_eligibility";
    let found = answer(&peer, Method::GET, path, &params, &Value::Null).await;
    let eligible: Vec<&str> = found["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["eligible"] == true)
        .map(|it| it["decision"].as_str().unwrap())
        .collect();
    assert_eq!(eligible, ["APPROVE_RETURN", "DIRECT_REFUND", "REJECT_RETURN"]);
    let path = "/return_refund/202309/reject_reasons";
    let found = answer(&peer, Method::GET, path, &params, &Value::Null).await;
    assert_eq!(found["reasons"][0]["name"], "reverse_reject_request_reason_1");
    let params = [("return_or_cancel_id", id.as_str()), ("seller_id", "1")];
    let path = "/return_refund/202606/review_decision";
    let found = answer(&peer, Method::GET, path, &params, &Value::Null).await;
    let decisions = found["line_items"][0]["decisions"].as_array().unwrap();
    let offer = decisions.iter().find(|it| it["decision"] == "OFFER_PARTIAL_REFUND").unwrap();
    assert_eq!(
        (&offer["eligible"], &offer["partial_refund_amount_range"]["min_amount"]),
        (&json!(true), &json!("0.01"))
    );
}

#[tokio::test]
async fn a_batch_is_reviewed_line_by_line_and_travels_in_one_parcel() {
    let peer = peer(Switches::default()).await;
    let state = peer.control(Method::GET, "state", Value::Null).await;
    let sku = |product: usize| state["shops"][0]["products"][product]["skus"][0]["id"].clone();
    let lines = json!([{ "sku_id": sku(0), "quantity": 2 }, { "sku_id": sku(1) }]);
    let shop = &peer.connection.shops[0].shop_id;
    let body = json!({ "shop_id": shop, "status": "DELIVERED", "lines": lines });
    let placed = peer.control(Method::POST, "orders", body).await;
    let body = json!({ "order_id": placed["order_ids"][0], "by_sku": true });
    let opened = peer.control(Method::POST, "returns", body).await;
    assert_eq!(opened["return_ids"].as_array().unwrap().len(), 2);
    let search = async || {
        let path = "/return_refund/202603/aftersales/search";
        let body = json!({ "pagination": { "page_size": 10 } });
        answer(&peer, Method::POST, path, &[], &body).await["aftersales_requests"][0].clone()
    };
    let request = search().await;
    assert_eq!(request["status"], "PENDING_REQUEST_REVIEW");
    let ids: Vec<Value> = request["line_items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| json!({ "return_line_item_id": line["return_line_item_id"] }))
        .collect();
    let review = async |kind: &str, id: &Value, action: &str, lines: &[Value]| {
        let decision = json!({ "line_items": lines, "action": action, "reason": { "reason_id": REJECT } });
        let one = json!({ "request_id": id, "request_id_type": kind, "line_item_decisions": [decision] });
        let body = json!({ "aftersales_request_decisions": [one] });
        answer(&peer, Method::POST, "/return_refund/202609/aftersales/review", &[], &body).await["errors"]
            .clone()
    };
    let id = &opened["aftersales_request_id"];
    let part = review("AFTERSALES", id, "APPROVE_REQUEST", &ids[..1]).await;
    assert_eq!(part[0]["code"], "25001001", "half of a return cannot be decided on");
    assert_eq!(review("AFTERSALES", id, "APPROVE_REQUEST", &ids).await, json!([]));
    let request = search().await;
    assert_eq!(request["status"], "REQUEST_REVIEW_COMPLETED");
    assert_eq!(request["sku_return_requests"][0]["is_combined_return"], true);
    assert_eq!(request["return_merchandise_authorizations"].as_array().unwrap().len(), 1);
    let rma_id = request["return_merchandise_authorizations"][0]["id"].clone();
    let rma = async || {
        let path = "/return_refund/202604/rma/search";
        let body = json!({ "filters": { "rma_ids": [rma_id] } });
        answer(&peer, Method::POST, path, &[], &body).await["return_merchandise_authorizations"][0].clone()
    };
    assert_eq!(rma().await["status"], "AWAITING_BUYER_RETURN");
    act(&peer, opened["return_ids"][0].as_str().unwrap(), "ship", json!({})).await;
    assert_eq!(rma().await["status"], "RETURN_IN_TRANSIT", "one parcel carries both");
    act(&peer, opened["return_ids"][1].as_str().unwrap(), "arrive", json!({})).await;
    assert_eq!(rma().await["status"], "PENDING_PACKAGE_REVIEW");
    assert_eq!(review("RMA", &rma_id, "APPROVE_RETURN_PACKAGE", &ids).await, json!([]));
    let shown = rma().await;
    assert_eq!(shown["status"], "PACKAGE_REVIEW_COMPLETED");
    assert_eq!(shown["sku_return_requests"][1]["return_status"], "RETURN_OR_REFUND_REQUEST_SUCCESS");
}

#[tokio::test]
async fn what_was_rejected_can_be_asked_for_again() {
    let peer = peer(Switches::default()).await;
    let order_id = delivered(&peer).await;
    let first = open(&peer, &order_id, "RETURN_AND_REFUND", json!({})).await;
    let again = json!({ "order_id": order_id, "type": "REFUND" });
    assert_eq!(peer.try_control(Method::POST, "returns", again.clone()).await.status, 409);
    let no = json!({ "decision": "REJECT_RETURN", "reject_reason": REJECT });
    assert_eq!(reject(&peer, &first, no).await, 0);
    let second = open(&peer, &order_id, "REFUND", json!({})).await;
    let (old, new) = (shown(&peer, &first).await, shown(&peer, &second).await);
    assert_eq!((&old["next_return_id"], &new["pre_return_id"]), (&json!(second), &json!(first)));
    assert_eq!(old["return_status"], "RETURN_OR_REFUND_REQUEST_CANCEL");
    assert_eq!(
        peer.try_control(Method::POST, &format!("returns/{first}/dispute"), json!({})).await.status,
        409
    );
}

#[tokio::test]
async fn a_restored_world_knows_its_cases_and_their_deadlines() {
    let first = peer(Switches::default()).await;
    let refund = open(&first, &delivered(&first).await, "REFUND", json!({})).await;
    first.emulator.settle().await;
    let snapshot = first.control(Method::POST, "snapshot", Value::Null).await;
    let second = peer(Switches::default()).await;
    second.control(Method::POST, "restore", snapshot).await;
    assert_eq!(shown(&second, &refund).await, shown(&first, &refund).await);
    wait(&second, 2 * DAY).await;
    assert_eq!(shown(&second, &refund).await["return_status"], "RETURN_OR_REFUND_REQUEST_SUCCESS");
    let truth = format!("truth/aftersales?shop_id={}", second.connection.shops[0].shop_id);
    let truth = second.control(Method::GET, &truth, Value::Null).await;
    assert_eq!(truth["returns"][0]["return_id"], json!(refund));
}
