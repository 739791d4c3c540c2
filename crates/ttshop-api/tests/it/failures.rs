//! Batches that fail in part, and data that must not be shown.

use ttshop_api::authorization::GetAuthorizedShops;
use ttshop_api::fulfillment::BatchShipPackages;
use ttshop_api::order::SearchOrders;
use ttshop_api::product::ActivateProducts;
use ttshop_api::{Answer as _, Request as _};

#[test]
fn errors_inside_a_success_are_failures_with_their_subject() {
    let data =
        br#"{"errors":[{"code":12052048,"message":"not found","detail":{"product_id":"17"}},{"code":"7"}]}"#;
    let failures = ActivateProducts::decode(data).unwrap().failures();
    assert_eq!(failures.len(), 2);
    assert_eq!((failures[0].code, failures[0].message.as_str()), (Some(12_052_048), "not found"));
    assert_eq!(failures[0].subject, [("product_id", "17".to_owned())]);
    assert_eq!((failures[1].code, failures[1].subject.len()), (Some(7), 0));
    let data = br#"{"errors":[{"code":1,"detail":{"package_id":9}}]}"#;
    assert_eq!(
        BatchShipPackages::decode(data).unwrap().failures()[0].subject,
        [("package_id", "9".to_owned())]
    );
}

#[test]
fn an_answer_without_errors_has_no_failures() {
    assert!(ActivateProducts::decode(b"{}").unwrap().failures().is_empty());
    assert!(SearchOrders::decode(b"").unwrap().failures().is_empty());
}

#[test]
fn debug_shows_neither_ciphers_nor_buyers() {
    let shops = GetAuthorizedShops::decode(br#"{"shops":[{"id":"1","cipher":"canary"}]}"#).unwrap();
    assert_eq!(shops.shops[0].cipher.as_ref().unwrap().expose(), "canary");
    assert!(!format!("{shops:?}").contains("canary"));
    let data = br#"{"orders":[{"buyer_email":"canary@example.com","cpf":"canary",
        "recipient_address":{"name":"canary","phone_number":"canary","full_address":"canary","region_code":"GB"}}]}"#;
    let orders = SearchOrders::decode(data).unwrap();
    let shown = format!("{orders:?}");
    assert!(!shown.contains("canary") && shown.contains("GB"), "{shown}");
    assert_eq!(orders.orders[0].buyer_email.as_ref().unwrap().clear(), Some("canary@example.com"));
}
