//! What is sent.

use serde_json::json;
use ttshop::{Client, ErrorKind, InvalidCall};

use crate::world::{self, APP_KEY, CIPHER, Script, TOKEN, body_of, client, is_signed, param, success};

#[tokio::test]
async fn every_call_is_stamped_signed_and_carries_the_token() {
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    let arguments = json!({"page_size": 50, "page_token": "a+b/c==", "update_time_ge": 1_699_990_000});
    client.call("order.search_orders", arguments).await.unwrap();
    let request = script.requests().remove(0);
    assert!(is_signed(&request));
    assert_eq!(request.method, "POST");
    assert_eq!(request.url.host_str(), Some("open-api.tiktokglobalshop.com"));
    assert_eq!(request.url.path(), "/order/202309/orders/search");
    assert_eq!(param(&request, "app_key").as_deref(), Some(APP_KEY));
    assert_eq!(param(&request, "timestamp").as_deref(), Some("1700000000"));
    assert_eq!(param(&request, "shop_cipher").as_deref(), Some(CIPHER));
    assert_eq!(param(&request, "page_token").as_deref(), Some("a+b/c=="));
    assert_eq!(request.headers["x-tts-access-token"], TOKEN);
    assert!(request.headers["x-tts-access-token"].is_sensitive());
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(body_of(&request), r#"{"update_time_ge":1699990000}"#);
}

#[tokio::test]
async fn a_cipher_is_sent_only_where_one_is_taken() {
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    client.call("authorization.get_authorized_shops", json!({})).await.unwrap();
    client.call("event.get_shop_webhooks", json!({})).await.unwrap();
    let ciphers: Vec<_> = script.requests().iter().map(|request| param(request, "shop_cipher")).collect();
    assert_eq!(ciphers, [None, Some(CIPHER.to_owned())]);
}

#[tokio::test]
async fn a_call_for_a_shop_needs_a_shop() {
    let script = Script::of([success("{}")]);
    let clock = ttshop_clock::VirtualClock::at(world::NOW);
    let client = world::builder(&script, &clock).build().unwrap();
    let error = client.call("order.search_orders", json!({"page_size": 1})).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Invalid(InvalidCall::ShopMissing)), "{error}");
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn a_client_without_tokens_says_so() {
    let script = Script::of([success("{}")]);
    let client = Client::builder(world::app()).transport(script.clone()).build().unwrap();
    let error = client.call("authorization.get_authorized_shops", json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Token(ttshop::TokenError::NoSource)), "{error}");
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn an_id_that_would_change_the_path_is_never_sent() {
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    for id in ["..", ".", "%2e%2e"] {
        let sent = script.count();
        let answer = client.call("product.get_product", json!({"product_id": id})).await;
        if let Err(error) = answer {
            assert!(matches!(error.kind(), ErrorKind::Invalid(InvalidCall::Address)), "{error}");
            assert_eq!(script.count(), sent);
        }
    }
    client.call("product.get_product", json!({"product_id": "a/../b?c#d"})).await.unwrap();
    for request in script.requests() {
        assert!(request.url.path().starts_with("/product/202309/products/"), "{}", request.url.path());
        assert!(is_signed(&request));
    }
}

#[tokio::test]
async fn an_address_with_a_prefix_is_signed_without_it() {
    let script = Script::of([success("{}")]);
    let clock = ttshop_clock::VirtualClock::at(world::NOW);
    let builder = world::builder(&script, &clock).base_url("http://127.0.0.1:7800/proxy/");
    builder.build().unwrap().call("authorization.get_authorized_shops", json!({})).await.unwrap();
    let request = script.requests().remove(0);
    assert_eq!(request.url.path(), "/proxy/authorization/202309/shops");
    let mut params = [("app_key", APP_KEY), ("timestamp", "1700000000")];
    let signer = ttshop_sign::RequestSigner::new(world::APP_SECRET.into());
    let expected = signer.sign("/authorization/202309/shops", &mut params, None);
    assert_eq!(param(&request, "sign").as_deref(), Some(&*expected));
}

#[test]
fn an_address_that_is_none_is_refused() {
    for address in ["", "open-api.tiktokglobalshop.com", "ftp://host", "https://host/?a=b"] {
        let answer =
            Client::builder(world::app()).base_url(address).transport(Script::of([success("{}")])).build();
        assert!(answer.is_err(), "{address}");
    }
}
