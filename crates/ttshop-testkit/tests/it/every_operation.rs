//! Every operation of the catalogue, called once through its typed value.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ttshop::api::Request;
use ttshop::api::order::SearchOrders;
use ttshop::api::samples::{Visitor, each};
use ttshop::{Client, Error, FixedToken, ShopAccess};
use ttshop_catalogue::{Cipher, OPERATIONS, Operation, UserType};
use ttshop_emulator::Connection;
use ttshop_testkit::{PlatformOptions, TestPlatform};

type Send = Box<dyn FnOnce(Client) -> BoxFuture<'static, Result<(), Error>>>;

/// Collects a call of every operation.
struct Calls {
    /// An order of the first shop: one answer is worked out from it.
    order_id: String,
    calls: Vec<(&'static Operation, Send)>,
}

impl Visitor for Calls {
    fn visit<R>(&mut self, sample: R)
    where
        R: Request<Response: Serialize> + DeserializeOwned + Clone + 'static,
    {
        let sample = fit(sample, &self.order_id);
        let send = |client: Client| async move { client.send(sample).await.map(drop) }.boxed();
        self.calls.push((R::OPERATION, Box::new(send)));
    }
}

/// The few samples that must name what exists in the world.
fn fit<R: Request + DeserializeOwned>(sample: R, order_id: &str) -> R {
    let mut flat = serde_json::to_value(&sample).unwrap();
    match R::OPERATION.key {
        "order.get_order_price_details" => flat["order_id"] = json!(order_id),
        "event.update_shop_webhook" => {
            flat["event_type"] = json!("NEW_MESSAGE");
            flat["address"] = json!("https://hooks.example.com/tiktok");
        }
        "event.delete_shop_webhook" => flat["event_type"] = json!("NEW_MESSAGE"),
        _ => return sample,
    }
    serde_json::from_value(flat).unwrap()
}

/// The same client with the token and the cipher that the operation takes.
fn client_for(client: &Client, connection: &Connection, operation: &Operation) -> Client {
    // De-authorising the first shop would end everything else.
    let ends = operation.key == "authorization.deauthorize_shop";
    let shop = &connection.shops[usize::from(ends)];
    let token = match operation.user_types.first() {
        Some(UserType::Creator) => connection.creators[0].access_token.clone(),
        Some(UserType::Partner) => connection.partners[0].access_token.clone(),
        Some(UserType::Seller) | None => shop.access_token.clone(),
    };
    let client = client.with_tokens(Arc::new(FixedToken::new(token.unwrap().into())));
    match operation.takes {
        Cipher::Shop => {
            client.with_shop(ShopAccess::new(shop.shop_id.clone().into(), shop.cipher.clone().into()))
        }
        Cipher::CategoryAsset => {
            client.with_category_asset(connection.partners[0].category_assets[0].cipher.clone().into())
        }
        Cipher::None => client,
    }
}

async fn some_order(platform: &TestPlatform) -> String {
    let region = platform.connection().shops[0].region.clone();
    let client = platform.shop_client(&region).unwrap();
    let found = client.send(SearchOrders::new().page_size(1)).await.unwrap();
    let found: Value = found.raw.decode().unwrap();
    found["orders"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_operation_is_called_through_its_typed_value_and_its_answer_decodes() {
    let platform = TestPlatform::start(PlatformOptions::default()).await.unwrap();
    let mut calls = Calls { order_id: some_order(&platform).await, calls: Vec::new() };
    each(&mut calls);
    let client = platform.client(Arc::new(FixedToken::new("set for each call".into()))).unwrap();
    let connection = platform.connection();
    let (mut answered, mut wrong) = (0, Vec::new());
    for (operation, send) in calls.calls {
        match send(client_for(&client, &connection, operation)).await {
            Ok(()) => answered += 1,
            Err(error) => wrong.push(format!("{} {}: {error}", operation.method.as_str(), operation.path)),
        }
    }
    println!("{answered} of {} operations answer through their typed value", OPERATIONS.len());
    assert!(wrong.is_empty(), "{} calls failed\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((answered, OPERATIONS.len()), (544, 544));
}
