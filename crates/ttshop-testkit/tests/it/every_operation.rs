//! Every operation of the catalogue, called once through its typed value.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ttshop::api::Request;
use ttshop::api::samples::{Visitor, each};
use ttshop::{Client, Error, FixedToken, ShopAccess};
use ttshop_catalogue::{Cipher, OPERATIONS, Operation, UserType};
use ttshop_emulator::Connection;
use ttshop_testkit::{PlatformOptions, TestPlatform};

type Send = Box<dyn FnOnce(Client) -> BoxFuture<'static, Result<(), Error>>>;

/// Collects a call of every operation.
struct Calls {
    calls: Vec<(&'static Operation, Send)>,
}

impl Visitor for Calls {
    fn visit<R>(&mut self, sample: R)
    where
        R: Request<Response: Serialize> + DeserializeOwned + Clone + 'static,
    {
        let send = |client: Client| async move { client.send(sample).await.map(drop) }.boxed();
        self.calls.push((R::OPERATION, Box::new(send)));
    }
}

/// The same client with the token and the cipher that the operation takes.
pub(crate) fn client_for(client: &Client, connection: &Connection, operation: &Operation) -> Client {
    let shop = &connection.shops[0];
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

#[tokio::test]
async fn every_operation_is_called_through_its_typed_value_and_its_answer_decodes() {
    let mut options = PlatformOptions::default();
    // What a sample names does not exist in any shop; what operations with behaviour answer is seen in their own tests.
    options.switches.contract_only = true;
    let platform = TestPlatform::start(options).await.unwrap();
    let mut calls = Calls { calls: Vec::new() };
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
