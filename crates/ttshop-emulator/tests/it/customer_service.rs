//! Conversations with buyers.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::EmulatorBuilder;

use crate::checked::{checked, checked_with, code};
use crate::client::{Peer, frozen, quiet};
use crate::webhooks::Receiver;

const CONVERSATIONS: &str = "/customer_service/202309/conversations";

fn builder() -> EmulatorBuilder {
    frozen().world(quiet())
}

/// A buyer writes; answers conversation and buyer.
async fn opened(peer: &Peer, text: &str) -> (String, String) {
    let body = json!({ "shop_id": peer.connection.shops[0].shop_id, "text": text });
    let opened = peer.control(Method::POST, "conversations", body).await;
    let text = |name: &str| opened[name].as_str().unwrap().to_owned();
    (text("conversation_id"), text("buyer_user_id"))
}

async fn listed(peer: &Peer) -> Value {
    let params = [("page_size", "20"), ("need_session_id", "true"), ("need_session_info", "true")];
    checked_with(peer, Method::GET, CONVERSATIONS, &params, &Value::Null).await["conversations"].clone()
}

async fn messages(peer: &Peer, id: &str, params: &[(&str, &str)]) -> Value {
    checked_with(peer, Method::GET, &format!("{CONVERSATIONS}/{id}/messages"), params, &Value::Null).await
}

fn text(text: &str) -> Value {
    json!({ "type": "TEXT", "content": json!({ "content": text }).to_string() })
}

#[tokio::test]
async fn a_buyer_writes_and_the_shop_answers() {
    let peer = Peer::start(builder()).await;
    let (id, buyer) = opened(&peer, "Where is my parcel?").await;
    let list = listed(&peer).await;
    assert_eq!((&list[0]["id"], &list[0]["unread_count"]), (&json!(id), &json!(1)));
    assert_eq!(list[0]["participants"][0]["user_id"], buyer.as_str());
    assert_eq!(list[0]["cur_session"]["phase"], "ASSIGNED");
    let session = list[0]["cur_session_id"].as_str().unwrap().to_owned();

    let path = format!("{CONVERSATIONS}/{id}/messages");
    let newer = path.replace("202309", "202606");
    checked(&peer, Method::POST, &path, &text("On its way")).await;
    let mut robot = text("Anything else?");
    robot["sender_role"] = "ROBOT".into();
    let sent = checked(&peer, Method::POST, &newer, &robot).await;
    checked(&peer, Method::POST, &format!("{path}/read"), &json!({})).await;
    assert_eq!(listed(&peer).await[0]["unread_count"], 0);

    let newest = messages(&peer, &id, &[("page_size", "2"), ("need_plaintext", "true")]).await;
    let rows = newest["messages"].as_array().unwrap();
    assert_eq!((&rows[0]["id"], &rows[0]["plaintext"]), (&sent["message_id"], &json!("Anything else?")));
    assert_eq!(
        (&rows[0]["sender"]["role"], &rows[1]["sender"]["role"]),
        (&json!("ROBOT"), &json!("CUSTOMER_SERVICE"))
    );
    let token = newest["next_page_token"].as_str().unwrap();
    // A message that comes meanwhile does not shift the pages.
    peer.control(Method::POST, &format!("conversations/{id}/messages"), json!({ "text": "No" })).await;
    let next = [("page_size", "2"), ("need_plaintext", "true"), ("page_token", token)];
    let older = messages(&peer, &id, &next).await;
    assert_eq!(older["messages"].as_array().unwrap().len(), 1, "{older}");
    assert_eq!(older["messages"][0]["plaintext"], "Where is my parcel?");
    assert_eq!(older["next_page_token"], "");

    let end = format!("/customer_service/202605/conversations/{id}/sessions/{session}/end");
    checked(&peer, Method::POST, &end, &json!({})).await;
    assert_eq!(code(&peer, Method::POST, &end, &json!({})).await, 45_101_003);
    let one = format!("/customer_service/202601/conversations/{id}");
    let shown = checked_with(&peer, Method::GET, &one, &[("need_session_id", "true")], &Value::Null).await;
    assert_eq!(shown["conversation"]["cur_session_id"], Value::Null);
}

#[tokio::test]
async fn pages_in_order_of_writing_lead_to_the_end() {
    let peer = Peer::start(builder()).await;
    let (id, _) = opened(&peer, "0").await;
    let path = format!("{CONVERSATIONS}/{id}/messages");
    for number in 1..7 {
        checked(&peer, Method::POST, &path, &text(&number.to_string())).await;
    }
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let params =
            [("page_size", "3"), ("sort_order", "ASC"), ("need_plaintext", "true"), ("page_token", &*token)];
        let page = messages(&peer, &id, &params).await;
        let texts = page["messages"].as_array().unwrap().iter();
        seen.extend(texts.map(|row| row["plaintext"].as_str().unwrap().parse::<u32>().unwrap()));
        token = page["next_page_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
        if seen.len() == 3 {
            checked(&peer, Method::POST, &path, &text("7")).await;
        }
    }
    assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused() {
    let peer = Peer::start(builder()).await;
    let (id, _) = opened(&peer, "Hello").await;
    let path = format!("{CONVERSATIONS}/{id}/messages");
    let order = &peer.place(1, "UNPAID").await[0];
    let shop_id = peer.connection.shops[0].shop_id.clone();
    let coupon = json!({ "shop_id": shop_id, "title": "Sorry", "percent_off": 10 });
    let coupon = peer.control(Method::POST, "promotions/coupons", coupon).await["coupon_id"].clone();
    for (kind, content, expected) in [
        ("TEXT", json!({}), 36_009_004),
        ("POEM", json!({}), 45_111_001),
        ("PRODUCT_CARD", json!({ "product_id": "17" }), 45_101_003),
        ("ORDER_CARD", json!({ "order_id": "57" }), 45_101_003),
        ("ORDER_CARD", json!({ "order_id": order }), 0),
        ("RETURN_REFUND_CARD", json!({ "order_id": order }), 45_101_002),
        ("COUPON_CARD", json!({ "coupon_id": "76" }), 45_111_017),
        ("COUPON_CARD", json!({ "coupon_id": coupon }), 0),
        ("COUPON_CARD", json!({ "coupon_id": coupon }), 45_111_012),
    ] {
        let body = json!({ "type": kind, "content": content.to_string() });
        assert_eq!(code(&peer, Method::POST, &path, &body).await, expected, "{kind} {content}");
    }
    peer.control(Method::POST, &format!("conversations/{id}/block"), Value::Null).await;
    assert_eq!(code(&peer, Method::POST, &path, &text("Hello")).await, 45_109_001);
    let unknown = format!("{CONVERSATIONS}/7601000000000000000/messages");
    assert_eq!(code(&peer, Method::POST, &unknown, &text("Hello")).await, 45_101_003);
    let stranger = json!({ "buyer_user_id": "7136000000000000001" });
    assert_eq!(code(&peer, Method::POST, CONVERSATIONS, &stranger).await, 45_109_003);
}

#[tokio::test]
async fn a_seller_writes_first_to_somebody_who_ordered() {
    let peer = Peer::start(builder()).await;
    let order = &peer.place(1, "AWAITING_SHIPMENT").await[0];
    let detail = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", order)]);
    let buyer = peer.data(&detail).await["orders"][0]["user_id"].clone();
    let made = checked(&peer, Method::POST, CONVERSATIONS, &json!({ "buyer_user_id": buyer })).await;
    let again = checked(&peer, Method::POST, CONVERSATIONS, &json!({ "buyer_user_id": buyer })).await;
    assert_eq!(made, again);
    let body = json!({ "shop_id": peer.connection.shops[0].shop_id, "order_id": order, "text": "Hi" });
    let opened = peer.control(Method::POST, "conversations", body).await;
    assert_eq!(opened["conversation_id"], made["conversation_id"]);
}

#[tokio::test]
async fn performance_follows_from_sessions() {
    let peer = Peer::start(builder()).await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(opened(&peer, "Hello").await.0);
    }
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 180 })).await;
    for id in &ids[..3] {
        checked(&peer, Method::POST, &format!("{CONVERSATIONS}/{id}/messages"), &text("Hi")).await;
    }
    for (id, score) in ids.iter().zip([5, 4, 1]) {
        peer.control(Method::POST, &format!("conversations/{id}/rate"), json!({ "score": score })).await;
    }
    let path = "/customer_service/202407/performance";
    let params = [("support_date_ge", "2026-09-01"), ("support_date_lt", "2026-10-01")];
    let shown = checked_with(&peer, Method::GET, path, &params, &Value::Null).await["performance"].clone();
    assert_eq!(shown["support_session_count"], 4);
    assert_eq!(shown["response_percentage"], "75.00");
    assert_eq!(shown["satisfaction_percentage"], "66.66");
    assert_eq!(shown["response_time_mins"], "3.00");
    let wrong = peer.request(Method::GET, path).with(&[params[0], ("support_date_lt", "soon")]);
    assert_eq!(peer.send(&wrong).await.json()["code"], 36_009_004);

    let now = peer.emulator.now().as_seconds();
    let body = json!({ "begin_time_ge": now - 3_600, "begin_time_lt": now + 1 });
    let path = "/customer_service/202602/sessions/search";
    let found = checked_with(&peer, Method::POST, path, &[("page_size", "3")], &body).await;
    assert_eq!(found["sessions"].as_array().unwrap().len(), 3);
    assert_ne!(found["next_page_token"], "");
    assert_eq!(found["sessions"][0]["conversation_id"], ids[3].as_str());

    let settings = "/customer_service/202309/agents/settings";
    checked(&peer, Method::PUT, settings, &json!({ "can_accept_chat": false })).await;
    assert_eq!(checked(&peer, Method::GET, settings, &Value::Null).await["can_accept_chat"], false);
    assert_eq!(listed(&peer).await[0]["cur_session"]["phase"], "QUEUED");
}

#[tokio::test]
async fn conversations_and_messages_are_told() {
    let peer = Peer::start(builder()).await;
    let receiver = Receiver::start().await;
    peer.control(Method::PUT, "app", json!({ "webhook_url": receiver.url })).await;
    let (id, _) = opened(&peer, "Hello").await;
    checked(&peer, Method::POST, &format!("{CONVERSATIONS}/{id}/messages"), &text("Hi")).await;
    peer.control(Method::POST, "settle", Value::Null).await;
    let mut told = receiver.bodies();
    told.sort_by_key(|body| (body["type"].as_i64(), body["data"]["index"].as_str().map(str::to_owned)));
    let types: Vec<i64> = told.iter().map(|body| body["type"].as_i64().unwrap()).collect();
    assert_eq!(types, [13, 14, 14], "{told:?}");
    assert!(told.iter().all(|body| body["data"]["conversation_id"] == id.as_str()));
    assert_eq!(told[1]["data"]["sender"]["role"], "BUYER");
    assert_eq!(told[2]["data"]["content"], "{\"content\":\"Hi\"}");
}
