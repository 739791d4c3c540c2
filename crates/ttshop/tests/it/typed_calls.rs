//! Calls with the generated requests, and the facade over them.

use futures_util::StreamExt as _;
use ttshop::api::Request as _;
use ttshop::api::authorization::GetAuthorizedShops;
use ttshop::api::event::{EventType, UpdateShopWebhook};
use ttshop::api::order::{self, GetOrderDetail, SearchOrders};
use ttshop::{ErrorKind, PagingError, ShopAccess};
use ttshop_sign::MatchedSecret;
use ttshop_types::{Timestamp, UnixSeconds};

use crate::world::{Answer, CIPHER, Script, app, body_of, client, is_signed, param, success};

fn page(id: u32, next: &str) -> Answer {
    success(&format!(
        r#"{{"orders":[{{"id":"{id}"}},{{"id":"{id}0"}}],"next_page_token":"{next}","total_count":4}}"#
    ))
}

#[tokio::test]
async fn a_request_is_a_value_and_the_reply_keeps_its_bytes() {
    let script = Script::of([success(r#"{"orders":[{"id":"7", "new_field":1.50}]}"#)]);
    let (client, _) = client(&script);
    let reply = client.send(GetOrderDetail::new(["7", "8"])).await.unwrap();
    assert_eq!(reply.data.orders[0].id.as_ref().unwrap().as_str(), "7");
    assert_eq!(reply.request_id.as_str(), "2026-ok");
    assert_eq!(reply.raw.items("orders").unwrap()[0].get(), r#"{"id":"7", "new_field":1.50}"#);
    #[expect(deprecated, reason = "an older version goes through the same machinery")]
    let older = order::v202309::GetOrderDetail::new(["7"]);
    client.send(older).await.unwrap();
    let requests = script.requests();
    assert_eq!(param(&requests[0], "ids").as_deref(), Some("7,8"));
    assert_eq!(requests[0].url.path(), GetOrderDetail::OPERATION.path);
    assert_eq!(requests[1].url.path(), "/order/202309/orders");
}

#[tokio::test]
async fn a_facade_call_is_awaited_or_read_item_by_item() {
    let script = Script::of([page(1, "a"), page(2, ""), page(3, "")]);
    let (client, _) = client(&script);
    let since = UnixSeconds::from(Timestamp::from_seconds(1_699_990_000));
    let search = SearchOrders::new().page_size(2).update_time_ge(since);
    let items: Vec<_> = client.order().search_orders(search.clone()).items().collect().await;
    let ids: Vec<_> = items.into_iter().map(|order| order.unwrap().id.unwrap().into_string()).collect();
    assert_eq!(ids, ["1", "10", "2", "20"]);
    let reply = client.order().search_orders(search).await.unwrap();
    assert_eq!((reply.data.orders.len(), reply.data.total_count), (2, Some(4)));
    let requests = script.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| body_of(request) == r#"{"update_time_ge":1699990000}"#));
    assert_eq!(param(&requests[1], "page_token").as_deref(), Some("a"));
}

#[tokio::test]
async fn a_stream_that_cannot_reach_the_end_says_so_and_stops() {
    let script = Script::of([page(1, "a"), page(2, "a")]);
    let (client, _) = client(&script);
    let items: Vec<_> = client.items(&SearchOrders::new()).collect().await;
    assert_eq!(items.len(), 5);
    let error = items.last().unwrap().as_ref().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Paging(PagingError::TokenRepeated { .. })), "{error}");
    let script = Script::of([page(1, "a"), page(2, "b"), page(3, "c")]);
    let (client, _) = crate::world::client(&script);
    let mut pages = client.pages(&SearchOrders::new()).pages_max(2);
    assert!(pages.next().await.unwrap().is_ok() && pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().is_err());
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn a_shop_of_the_list_can_be_called_for() {
    let data = format!(r#"{{"shops":[{{"id":"9","name":"N","region":"GB","cipher":"{CIPHER}"}}]}}"#);
    let script = Script::of([success(&data), success("{}")]);
    let (client, _) = client(&script);
    let shop = client.send(GetAuthorizedShops::default()).await.unwrap().data.shops.remove(0);
    assert!(!format!("{shop:?}").contains(CIPHER), "{shop:?}");
    let client = client.with_shop(ShopAccess::new(shop.id.unwrap(), shop.cipher.unwrap()));
    let register = UpdateShopWebhook::new("https://hub.example/hooks", EventType::OrderStatusChange);
    client.event().update_shop_webhook(register).await.unwrap();
    let request = script.requests().pop().unwrap();
    assert_eq!(param(&request, "shop_cipher").as_deref(), Some(CIPHER));
    assert_eq!(
        body_of(&request),
        r#"{"address":"https://hub.example/hooks","event_type":"ORDER_STATUS_CHANGE"}"#
    );
    assert!(is_signed(&request));
}

#[test]
fn a_client_verifies_its_notifications() {
    let client = ttshop::Client::builder(app()).transport(Script::of([success("{}")])).build().unwrap();
    let signer = ttshop_sign::WebhookSigner::new(&app().key, &app().secret);
    let sign = signer.sign(b"{}");
    let verifier = client.webhook_verifier();
    assert_eq!(verifier.verify(Some(sign.as_bytes()), b"{}"), Ok(MatchedSecret::Current));
    assert!(verifier.verify(Some(sign.as_bytes()), b"{ }").is_err());
}
