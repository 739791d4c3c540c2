//! The other client for the same platform, as published.

use std::rc::Rc;

use anyhow::{Context as _, Result, ensure};
use tiktok_shop_api::generated::models::{GetOrderListRequest, GetOrderListResponse};
use tiktok_shop_api::signing::{SignRequest, Signer};
use tiktok_shop_api::{Options, TikTokShop};

use crate::calling::{Calls, PAGE_SIZE};
use crate::{Contender, Peer};

const NAME: &str = "tiktok-shop-api";

/// Signs as `expected`.
pub(crate) fn signing(
    path: &'static str,
    params: &[(&str, &str)],
    body: Option<Vec<u8>>,
    app_secret: &'static str,
    expected: &str,
) -> Contender {
    let query: Vec<(String, String)> =
        params.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let sign = move || {
        let body = body.as_deref();
        let content_type = body.map(|_| "application/json");
        Signer::sign(&SignRequest { path, query: &query, content_type, body, app_secret })
    };
    assert_eq!(sign(), expected, "both sign alike");
    Contender::each(NAME, sign)
}

/// Reads a page of orders.
pub(crate) fn decoding(page: Rc<[u8]>) -> Result<Contender> {
    let read = |page: &[u8]| -> GetOrderListResponse {
        serde_json::from_slice(page).expect("the emulator's pages fit the other crate's model")
    };
    let orders = read(&page).data.and_then(|data| data.orders).context("the other crate reads no orders")?;
    ensure!(orders.len() == PAGE_SIZE, "the other crate does not read {PAGE_SIZE} orders");
    Ok(Contender::each(NAME, move || read(std::hint::black_box(&page))))
}

pub(crate) fn client(peer: &Peer) -> Result<TikTokShop> {
    let options = Options::new(&peer.app_key, &peer.app_secret)
        .access_token(&peer.shop.access_token)
        .shop_cipher(&peer.shop.cipher)
        .base_url(&peer.api_url);
    Ok(TikTokShop::new(options)?)
}

/// Calls for one order.
pub(crate) fn detail(calls: &Calls, client: &Rc<TikTokShop>, id: &str) -> Contender {
    let (client, id) = (Rc::clone(client), id.to_owned());
    calls.contender(NAME, move |times| {
        let (client, id) = (Rc::clone(&client), id.clone());
        async move {
            for _ in 0..times {
                let reply = client.orders.get_order_detail(vec![id.clone()]).await?;
                let orders = reply.data.and_then(|data| data.orders).context("no orders")?;
                ensure!(orders.len() == 1, "not one order");
            }
            Ok(())
        }
    })
}

/// Calls for a page.
pub(crate) fn search(calls: &Calls, client: &Rc<TikTokShop>) -> Contender {
    let client = Rc::clone(client);
    calls.contender(NAME, move |times| {
        let client = Rc::clone(&client);
        async move {
            for _ in 0..times {
                let body = GetOrderListRequest::default();
                let reply = client.orders.get_order_list(100, None, None, None, Some(body)).await?;
                let orders = reply.data.and_then(|data| data.orders).context("no orders")?;
                ensure!(orders.len() == PAGE_SIZE, "not {PAGE_SIZE} orders");
            }
            Ok(())
        }
    })
}
