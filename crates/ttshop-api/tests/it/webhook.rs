//! The envelope of a delivery.

use ttshop_api::webhook::{Notification, NotificationError};
use ttshop_types::Timestamp;

#[test]
fn a_usual_delivery_is_read() {
    let body = br#"{"type":1,"tts_notification_id":"7327112393057371910","shop_id":"7494049642642441621",
        "timestamp":1644412885,"data":{"order_id":"576486316948490001"}}"#;
    let notification = Notification::parse(body).unwrap();
    assert_eq!(notification.webhook_type().unwrap().name, "ORDER_STATUS_CHANGE");
    assert_eq!(notification.notification_id.as_ref().unwrap().as_str(), "7327112393057371910");
    assert_eq!(notification.shop_id.as_ref().unwrap().as_str(), "7494049642642441621");
    assert_eq!(notification.timestamp, Some(Timestamp::from_seconds(1_644_412_885)));
    assert_eq!(notification.data_text("order_id").as_deref(), Some("576486316948490001"));
}

#[test]
fn numbers_text_and_missing_keys_are_all_read() {
    let body = br#"{"type":"TBD","seller_open_id":"s","timestamp":"1644412885","data":{"sku_id":1729592969712207008}}"#;
    let notification = Notification::parse(body).unwrap();
    assert_eq!((notification.type_text.as_str(), notification.type_number()), ("TBD", None));
    assert!(notification.webhook_type().is_none() && notification.notification_id.is_none());
    assert!(notification.shop_id.is_none() && notification.seller_open_id.is_some());
    assert_eq!(notification.timestamp, Some(Timestamp::from_seconds(1_644_412_885)));
    assert_eq!(notification.data_text("sku_id").as_deref(), Some("1729592969712207008"));
    let body = br#"{"type":"68","shop_id":7494049642642441621}"#;
    let notification = Notification::parse(body).unwrap();
    assert_eq!(notification.type_number(), Some(71));
    assert_eq!(notification.shop_id.unwrap().as_str(), "7494049642642441621");
    assert!(notification.data.is_none());
}

#[test]
fn what_is_no_delivery_is_refused() {
    assert!(matches!(Notification::parse(b"hello"), Err(NotificationError::NotJson(_))));
    assert!(matches!(
        Notification::parse(b"[]"),
        Err(NotificationError::NotJson(_) | NotificationError::NoType)
    ));
    assert!(matches!(Notification::parse(b"{}"), Err(NotificationError::NoType)));
}
