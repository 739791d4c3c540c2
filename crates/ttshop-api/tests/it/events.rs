//! Typed events, in every shape the platform is known to send.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use ttshop_api::webhook::{
    Event, InventoryChangedByShop, Notification, OrderStatus, SkuStatusChange, TokopediaMirrorStatusChange,
};
use ttshop_catalogue::WEBHOOKS;
use ttshop_types::UnixSeconds;

use crate::answers::any_json;
use crate::sample::full;

/// Topic, data as sent, and what its event must show.
const SAMPLES: &[(i64, &str, &[&str])] = &[
    (
        1,
        r#"{"order_id":576486316948490001,"order_status":"CANCEL","is_on_hold_order":false,"update_time":"1644412885"}"#,
        &["576486316948490001", "Cancelled", "1644412885"],
    ),
    (3, r#"{"order_id":"576486316948490001","update_time":1644412885}"#, &["576486316948490001"]),
    (
        4,
        r#"{"sc_type":"CANCEL_FULFILL_SPLIT","role_type":"ROLE_SYSTEM","package_list":[{"package_id":"1152","order_id_list":[576486316948490001]}],"update_time":1644412885}"#,
        &["CancelFulfillSplit", "1152", "576486316948490001"],
    ),
    (
        5,
        r#"{"product_id":1729592969712207008,"status":"PRODUCT_AUDIT_FAILURE","suspended_reason":"","update_time":1644412885}"#,
        &["1729592969712207008", "ProductAuditFailure"],
    ),
    (6, r#"{"message":"gone"}"#, &["gone"]),
    (7, r#"{"message":"soon","expiration_time":1644412885}"#, &["soon", "1644412885"]),
    (
        11,
        r#"{"order_id":"5764","cancellations_role":"BUYER","cancel_status":"CANCELLATION_REQUEST_PENDING","cancel_id":4035318504086604001,"create_time":1627587506}"#,
        &["Buyer", "4035318504086604001"],
    ),
    (
        12,
        r#"{"order_id":"5764","return_role":"BUYER","return_type":"RETURN_AND_REFUND","return_status":"X","return_id":"4035","create_time":"1627587506","update_time":1627587506}"#,
        &["ReturnAndRefund", "4035"],
    ),
    (13, r#"{"conversation_id":"7288","create_time":1627587506}"#, &["7288"]),
    (
        14,
        r#"{"message_id":"72","index":1689999999999999,"conversation_id":"7288","type":"TEXT","content":"{\"content\":\"canary\"}","create_time":1,"is_visible":true,"sender":{"im_user_id":"9","role":"BUYER"}}"#,
        &["1689999999999999", "im_user_id"],
    ),
    (
        15,
        r#"{"product_id":"1729","change_source":"SELLER_CENTER","changed_fields":"title","update_time":1}"#,
        &["SellerCenter", "title"],
    ),
    (
        16,
        r#"{"product_id":1729592969712207008,"product_type":"NORMAL","update_time":1}"#,
        &["1729592969712207008", "NORMAL"],
    ),
    (17, r#"{"product_id":"1729","event":{"type":"ADD","scene":"LIVE","content_id":"7"}}"#, &["Add", "LIVE"]),
    (
        18,
        r#"{"product_id":"1729","previous_category_id":"1","current_category_id":600001,"update_time":1}"#,
        &["600001"],
    ),
    (
        19,
        r#"{"size_chart_template_id":"7267","size_chart_template_name":"S","event_type":"EDIT"}"#,
        &["7267", "Edit"],
    ),
    (20, r#"{"cancel_time":"1644412885"}"#, &["1644412885"]),
    (21, r#"{"inbound_order_id":"IBR1","order_status":"ARRIVE_HUB","update_time":1}"#, &["ArriveHub"]),
    (22, r#"{"onboarded_regions":[{"region_code":"GB"}],"update_time":1}"#, &["GB"]),
    (
        23,
        r#"{"match_type":"UNMATCH","product_type":"LOCAL","goods_id":"1","product_id":"2","sku_id":1729592969712207009}"#,
        &["Unmatch", "1729592969712207009"],
    ),
    (
        24,
        r#"{"goods_id":"1","sku_id":"2","fbt_warehouse_inventory":[{"fbt_warehouse_id":"3","on_hand_detail":{"total_quantity":"6","reserved_quantity":1,"available_quantity":5}}]}"#,
        &["total_quantity: Some(6)"],
    ),
    (
        25,
        r#"{"external_product_id":"E1","opportunity_matching_status":"NOT_MATCHED","opportunity_ids":["8"],"end_time":1644412885}"#,
        &["NotMatched", "1644412885"],
    ),
    (
        27,
        r#"{"product_id":"1","sku_id":"2","trigger_reason":{"alert_type":"REALTIME","low_stock_threshold":3},"current_inventory_status":"OUT_OF_STOCK","inventory_distribution":{"total_quantity":0}}"#,
        &["Realtime", "OutOfStock"],
    ),
    (
        33,
        r#"{"index":"1","message_id":"2","conversation_id":"3","msg_type":"TEXT","content":"canary","create_time":"1644412885","sender":{"sender_im_user_id":"4"}}"#,
        &["1644412885", "sender_im_user_id"],
    ),
    (
        35,
        r#"{"tts_shop_id":"7494049642642441621","update_time":1,"mirror_status":"CANCELED"}"#,
        &["7494049642642441621", "Cancelled"],
    ),
    (
        36,
        r#"{"package_id":"1152","order_id":"576486316948490001","invoice_status":"INVALID","invalid_reason":"NOT_FOUND"}"#,
        &["576486316948490001", "Invalid", "NotFound"],
    ),
    (
        37,
        r#"{"product_id":1729592969712207008,"audit":{"status":"PRE_APPROVED","pre_approved_reason":"R1"},"integrated_platform_statuses":{"platform":"TOKOPEDIA","status":"S"},"update_time":1}"#,
        &["PreApproved", "R1", "TOKOPEDIA"],
    ),
    (38, r#"{"product_id":"1729","sku_id":"1730"}"#, &["1730"]),
    (
        39,
        r#"{"activity_id":"7136","update_time":1,"activity_type":"FLASHSALE","product_level":"VARIATION","status":"DEACTIVATED"}"#,
        &["Flashsale", "Deactivated"],
    ),
    (
        42,
        r#"{"combined_listing_id":"1","products":[{"id":1729592969712207008}],"added_product_ids":[],"removed_product_ids":["3"],"status":"S"}"#,
        &["1729592969712207008"],
    ),
    (
        46,
        r#"{"translation_task":{"id":"1","status":"FAILED","fail_reason":"F","target_lang":"en-GB","original_image":{"uri":"u"}}}"#,
        &["Failed", "en-GB"],
    ),
    (
        50,
        r#"{"product_id":"1","skus":[{"sku_id":1729592969712207009,"status":"DEACTIVATED","deactivation_source":"SELLER"}],"update_time":1}"#,
        &["1729592969712207009", "Deactivated", "Seller"],
    ),
    (
        51,
        r#"{"source_product_id":"1","replicated_product":{"product_id":"2","region":"GB","result":"FAILED","fail_reasons":{"message":"m"}}}"#,
        &["Failed", "Some(\"m\")"],
    ),
    (
        52,
        r#"{"global_product_id":"1","local_product_id":"1729","listing_method":"LOCAL_REPLICATION"}"#,
        &["LocalReplication", "[\"1729\"]"],
    ),
    (
        55,
        r#"{"precheck_task_id":"1","result":"PASS","issues":[{"risk":"r","suggestion":"s"}]}"#,
        &["Pass", "Some(\"s\")"],
    ),
    (
        56,
        r#"{"application_id":"1","new_status":"CONTENT_PENDING","creator":{"creator_open_id":"c"},"product":[{"id":"1729","sku_id":"2"}]}"#,
        &["ContentPending", "Some(\"c\")", "1729"],
    ),
    (
        58,
        r#"{"mcf_order":{"external_order_id":"E","mcf_order_id":"M","consign_orders":{"id":"C1","tracking_number":"T","status":"S","goods":[{"id":"1","quantity":2}]},"create_time":1}}"#,
        &["C1", "quantity: Some(2)"],
    ),
    (
        59,
        r#"{"task_id":"v09-abc","violation_check_result":{"status":"SUCCESS"},"good_quality_check_result":{"status":"FAIL","issues":[{"code":"c","suggestions":"s"}]}}"#,
        &["v09-abc", "Success", "Fail"],
    ),
    (
        62,
        r#"{"product_id":"1","abnormality_types":["Weight"],"weight_recommendation":{"unit":"KILOGRAM","weight":{"min_value":"0.1","max_value":"0.5"}}}"#,
        &["Weight", "0.5"],
    ),
    (
        63,
        r#"{"activity_id":"1","update_time":1,"change_type":"product_update","product_update_list":{"product_ids":[1729592969712207008]}}"#,
        &["product_update", "1729592969712207008"],
    ),
    (
        64,
        r#"{"aftersales_request_id":"1","return_role":"SELLER","aftersales_request_status":"REQUEST_REVIEW_COMPLETED","create_time":"1644412885"}"#,
        &["RequestReviewCompleted", "1644412885"],
    ),
    (
        65,
        r#"{"rma_id":"1","aftersales_request_id":"2","return_role":"BUYER","rma_status":"RMA_CREATED","update_time":1644412886}"#,
        &["RmaCreated", "1644412886"],
    ),
    (
        66,
        r#"{"appeal_task":{"size_chart_id":7267592969712207008,"size_chart_image_uri":"u","appeal_audit_result":[{"indicator_type":"i","status":"s"}]},"product_id":1729592969712207008}"#,
        &["7267592969712207008", "1729592969712207008"],
    ),
    (
        67,
        r#"{"aftersales_request_id":"1","rma_id":"2","line_items":[{"main_order_id":"576486316948490001","sku_id":"3","return_line_item_id":"4","sku_return_request_id":"5"}],"refund_currency":"GBP","refund_status":"REFUND_SUCCESS","refund_timestamp":1644412885,"refund_total":"9.99"}"#,
        &["576486316948490001", "9.99"],
    ),
    (
        71,
        r#"{"event_id":"e1","occurred_at":"2026-04-23T10:00:00.123456789Z","shop_id":7494049642642441621,"product_id":1729592969712207008,"sku_id":1729592969712207009,"quantity_snapshot_after_change":{"total_quantity":5},"change_detail":[{"idempotency_key":"k","trigger_source":"order_created","total_quantity_delta":-1}]}"#,
        &["1729592969712207009", "order_created", "Some(-1)"],
    ),
];

fn event(body: &str) -> Event {
    Notification::parse(body.as_bytes()).expect("the sample is an envelope").event()
}

#[test]
fn every_topic_has_a_sample_and_is_typed() {
    let covered: BTreeSet<i64> = SAMPLES.iter().map(|(number, ..)| *number).collect();
    let known: BTreeSet<i64> = WEBHOOKS.iter().map(|topic| topic.number).collect();
    assert_eq!((covered.len(), &covered), (44, &known));
    for (number, data, shown) in SAMPLES {
        for kind in [number.to_string(), format!("{:?}", number.to_string())] {
            let event = event(&format!(r#"{{"type":{kind},"shop_id":1,"timestamp":1,"data":{data}}}"#));
            assert_eq!(event.number(), Some(*number), "{event:?}");
            let text = format!("{event:?}");
            for part in *shown {
                assert!(text.contains(part), "topic {number} does not show {part}: {text}");
            }
            assert!(!text.contains("canary"), "messages of buyers are shown: {text}");
        }
    }
}

#[test]
fn every_documented_field_of_every_topic_is_read() {
    for topic in WEBHOOKS {
        let body = json!({ "type": topic.number, "data": full(topic.data) }).to_string();
        let event = event(&body);
        assert_eq!(event.number(), Some(topic.number));
        let text = format!("{event:?}");
        assert!(!text.contains(": None") && !text.contains("[]"), "{}: {text}", topic.name);
    }
}

#[test]
fn cancelled_orders_are_cancelled_however_it_is_spelt() {
    for spelling in ["CANCEL", "CANCELLED", "CANCELED"] {
        let body = json!({ "type": 1, "data": { "order_status": spelling } }).to_string();
        let Event::OrderStatusChange(change) = event(&body) else { panic!("topic 1") };
        assert_eq!(change.order_status, Some(OrderStatus::Cancelled));
    }
}

#[test]
fn topics_without_a_number_are_known_by_name_or_content() {
    assert_eq!(event(r#"{"type":"PACKAGE_UPDATE","data":{}}"#).number(), Some(4));
    let Event::SkuStatusChange(change) = event(r#"{"type":"TBD","data":{"skus":[{"sku_id":"3"}]}}"#) else {
        panic!("topic 50")
    };
    let SkuStatusChange { skus, .. } = *change;
    assert_eq!(skus.len(), 1);
    assert!(matches!(event(r#"{"type":"TBD","data":{"a":1}}"#), Event::Unknown(_)));
}

#[test]
fn inventory_comes_bare_or_wrapped_under_two_numbers() {
    let (_, data, _) = SAMPLES.iter().find(|(number, ..)| *number == 71).unwrap();
    let bodies = [
        (*data).to_owned(),
        format!(r#"{{"type":68,"seller_open_id":"s","data":{data}}}"#),
        format!(r#"{{"type":"71","data":{data}}}"#),
    ];
    for body in &bodies {
        let notification = Notification::parse(body.as_bytes()).unwrap();
        let Event::InventoryChangedByShop(change) = notification.event() else { panic!("{body}") };
        let InventoryChangedByShop { event_id, sku_id, .. } = *change;
        assert_eq!(event_id.as_deref(), Some("e1"));
        assert_eq!(sku_id.unwrap().as_str(), "1729592969712207009");
        assert_eq!(notification.shop().unwrap().as_str(), "7494049642642441621");
    }
}

#[test]
fn the_shop_is_found_where_the_envelope_names_a_seller() {
    let body =
        r#"{"type":35,"seller_open_id":"s","data":{"tts_shop_id":7494049642642441621,"update_time":"5"}}"#;
    let notification = Notification::parse(body.as_bytes()).unwrap();
    assert_eq!(notification.shop().unwrap().as_str(), "7494049642642441621");
    assert_eq!(notification.seller_open_id.as_ref().unwrap().as_str(), "s");
    let Event::TokopediaMirrorStatusChange(change) = notification.event() else { panic!("topic 35") };
    let TokopediaMirrorStatusChange { update_time, .. } = *change;
    assert_eq!(update_time, Some(UnixSeconds(5)));
    let creator = Notification::parse(br#"{"type":17,"creator_open_id":"c","data":{}}"#).unwrap();
    assert!(creator.shop().is_none() && creator.creator_open_id.is_some());
}

#[test]
fn what_is_unknown_is_kept_and_not_shown() {
    let Event::Unknown(unknown) = event(r#"{"type":999,"data":{"name":"canary"}}"#) else { panic!("999") };
    assert_eq!((unknown.type_text.as_str(), unknown.data.as_str()), ("999", r#"{"name":"canary"}"#));
    assert!(!format!("{unknown:?}").contains("canary"));
    for odd in ["[1]", "\"text\"", "7", "null"] {
        assert!(matches!(event(&format!(r#"{{"type":1,"data":{odd}}}"#)), Event::Unknown(_)), "{odd}");
    }
    assert!(matches!(event(r#"{"type":1}"#), Event::Unknown(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_data_is_an_event_and_none_of_it_is_lost(number in -1_i64..80, data in any_json()) {
        let body = json!({ "type": number, "data": data }).to_string();
        let notification = Notification::parse(body.as_bytes()).unwrap();
        let kept = notification.data.map_or(Value::Null, |raw| serde_json::from_str(raw.get()).unwrap());
        prop_assert_eq!(kept, serde_json::from_str::<Value>(&data.to_string()).unwrap());
        if let Event::Unknown(unknown) = notification.event() {
            prop_assert_eq!(unknown.data, notification.data.map_or("", |raw| raw.get()));
        }
    }

    #[test]
    fn any_field_of_any_topic_may_be_anything(odd in any_json()) {
        for topic in WEBHOOKS {
            let data = crate::sample::object(topic.data.fields, &|_| odd.clone());
            let body = json!({ "type": topic.number, "data": data }).to_string();
            let event = Notification::parse(body.as_bytes()).expect("the sample is an envelope").event();
            prop_assert_eq!(event.number(), Some(topic.number));
        }
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(notification) = Notification::parse(&bytes) {
            let _event = notification.event();
        }
    }
}
