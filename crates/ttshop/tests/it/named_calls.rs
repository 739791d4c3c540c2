//! Calls by name.

use serde_json::{Value, json};

use crate::world::{Script, body_of, client, param, success};

#[track_caller]
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

async fn refused(name: &str, arguments: Value) -> String {
    let script = Script::of([success("{}")]);
    let error = client(&script).0.call(name, arguments).await.unwrap_err();
    assert_eq!(script.count(), 0, "it was sent");
    assert!(!error.may_have_happened());
    error.to_string()
}

#[tokio::test]
async fn arguments_find_their_places() {
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    client.call("order.get_order_detail", json!({"ids": ["1", 2]})).await.unwrap();
    client.call("order.get_order_detail@202309", json!({"ids": "3"})).await.unwrap();
    client
        .call("product.get_product", json!({"product_id": 17, "return_under_review_version": true}))
        .await
        .unwrap();
    client.call("product.delete_products", json!({"product_ids": ["9"]})).await.unwrap();
    client.call("event.update_shop_webhook", json!({"event_type": "A", "address": "B"})).await.unwrap();
    let requests = script.requests();
    assert_eq!(requests[0].url.path(), "/order/202507/orders");
    assert_eq!(param(&requests[0], "ids").as_deref(), Some("1,2"));
    assert_eq!(body_of(&requests[0]), "");
    assert_eq!(requests[1].url.path(), "/order/202309/orders");
    assert_eq!(requests[2].url.path(), "/product/202309/products/17");
    assert_eq!(param(&requests[2], "return_under_review_version").as_deref(), Some("true"));
    assert_eq!(
        (requests[3].method.as_str(), text(body_of(&requests[3]))),
        ("DELETE", r#"{"product_ids":["9"]}"#)
    );
    assert_eq!(requests[4].method, "PUT");
    assert_eq!(text(body_of(&requests[4])), r#"{"address":"B","event_type":"A"}"#);
}

#[tokio::test]
async fn a_name_in_two_places_goes_to_both() {
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    let operation = ttshop_catalogue::OPERATIONS
        .iter()
        .find(|operation| operation.body.is_some_and(|body| body.field("activity_id").is_some()))
        .unwrap();
    client.call(operation.key, json!({"activity_id": "5"})).await.unwrap();
    let request = script.requests().remove(0);
    assert_eq!(request.url.path(), "/promotion/202309/activities/5/products");
    assert_eq!(body_of(&request), r#"{"activity_id":"5"}"#);
}

#[tokio::test]
async fn an_unknown_name_is_refused_with_the_known_ones() {
    let text = refused("order.search_orders", json!({"page_size": 1, "pagesize": 2})).await;
    assert!(text.contains("unknown parameter `pagesize`; known are page_size, "), "{text}");
    assert!(text.contains("update_time_ge"), "{text}");
    let text = refused("order.find_orders", json!({})).await;
    assert!(text.contains("no operation is called `order.find_orders`"), "{text}");
    let text = refused("order.get_order_detail@209912", json!({})).await;
    assert!(text.contains("`order.get_order_detail@209912`"), "{text}");
}

#[tokio::test]
async fn arguments_that_fit_no_address_are_refused() {
    let text = refused("product.get_product", json!({})).await;
    assert!(text.contains("the path needs `product_id`"), "{text}");
    for id in [json!(null), json!({}), json!([1]), json!("")] {
        let text = refused("product.get_product", json!({"product_id": id})).await;
        assert!(text.contains("`product_id` must be"), "{text}");
    }
    let text = refused("order.get_order_detail", json!({"ids": [{"id": 1}]})).await;
    assert!(text.contains("`ids` must be"), "{text}");
    let text = refused("order.search_orders", json!([1])).await;
    assert!(text.contains("not a JSON object"), "{text}");
    let text = refused("product.upload_product_image", json!({})).await;
    assert!(text.contains("`data` is a file"), "{text}");
    let text = refused("product.upload_product_image", json!({"data": "front.png"})).await;
    assert!(text.contains("`data` is a file"), "{text}");
}
