//! Calls over HTTP: bare, with the SDK, with the published crate. One connection, one call at a time.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use ttshop::api::order::{GetOrderDetail, SearchOrders};
use ttshop::{App, Client, FixedToken, ShopAccess};
use ttshop_sign::RequestSigner;

use crate::{Contender, Contest, Peer};

/// How many orders the searches ask for.
pub(crate) const PAGE_SIZE: usize = 100;

const DETAIL: &str = "/order/202507/orders";
const SEARCH: &str = "/order/202309/orders/search";
const SEARCH_BODY: &str = "{}";

/// The three clients, connected to one emulator.
pub(crate) struct Calls {
    runtime: Rc<Runtime>,
    bare: Rc<Bare>,
    ours: Rc<Client>,
    #[cfg(feature = "published")]
    theirs: Rc<tiktok_shop_api::TikTokShop>,
    order_id: String,
}

/// Sends requests whose address was signed beforehand.
struct Bare {
    http: reqwest::Client,
    peer: Peer,
}

impl Calls {
    /// Connects, and checks that all three get the same answers.
    pub(crate) fn new(peer: &Peer) -> Result<Self> {
        let runtime = Rc::new(Builder::new_current_thread().enable_all().build()?);
        let bare = Rc::new(Bare { http: reqwest::Client::builder().no_proxy().build()?, peer: peer.clone() });
        let mut calls = Self {
            runtime,
            bare,
            ours: Rc::new(ours(peer)?),
            #[cfg(feature = "published")]
            theirs: Rc::new(crate::published::client(peer)?),
            order_id: String::new(),
        };
        calls.order_id = calls.checked_order()?;
        Ok(calls)
    }

    /// The bytes of one page, as answered.
    pub(crate) fn page(&self) -> Result<Vec<u8>> {
        self.runtime.block_on(self.bare.call(&self.bare.search()))
    }

    pub(crate) fn contests(&self) -> Vec<Contest> {
        let id = self.order_id.clone();
        let one = |name, read: fn(&[u8])| {
            let (bare, id) = (Rc::clone(&self.bare), id.clone());
            self.contender(name, move |times| {
                let (bare, request) = (Rc::clone(&bare), bare.detail(&id));
                async move { bare.repeat(&request, times, read).await }
            })
        };
        let page = |name, read: fn(&[u8])| {
            let bare = Rc::clone(&self.bare);
            self.contender(name, move |times| {
                let (bare, request) = (Rc::clone(&bare), bare.search());
                async move { bare.repeat(&request, times, read).await }
            })
        };
        vec![
            Contest {
                name: "call for 1 order",
                bytes: None,
                contenders: vec![
                    one("bare reqwest", |_| ()),
                    one("bare reqwest, Value", read_value),
                    self.ours_raw(&id),
                    self.ours_detail(&id),
                    #[cfg(feature = "published")]
                    crate::published::detail(self, &self.theirs, &id),
                ],
            },
            Contest {
                name: "call for 100 orders",
                bytes: None,
                contenders: vec![
                    page("bare reqwest", |_| ()),
                    page("bare reqwest, Value", read_value),
                    self.ours_search(),
                    #[cfg(feature = "published")]
                    crate::published::search(self, &self.theirs),
                ],
            },
        ]
    }

    /// By name: the answer is checked and stays as it came, as with the bare call.
    fn ours_raw(&self, id: &str) -> Contender {
        let (client, id) = (Rc::clone(&self.ours), id.to_owned());
        self.contender("ttshop, unread", move |times| {
            let (client, id) = (Rc::clone(&client), id.clone());
            async move {
                for _ in 0..times {
                    let reply = client.call("order.get_order_detail@202507", json!({"ids": [id]})).await?;
                    ensure!(!reply.data().is_empty(), "no order");
                }
                Ok(())
            }
        })
    }

    fn ours_detail(&self, id: &str) -> Contender {
        let (client, id) = (Rc::clone(&self.ours), id.to_owned());
        self.contender("ttshop", move |times| {
            let (client, id) = (Rc::clone(&client), id.clone());
            async move {
                for _ in 0..times {
                    let reply = client.send(GetOrderDetail::new([id.as_str()])).await?;
                    ensure!(reply.data.orders.len() == 1, "not one order");
                }
                Ok(())
            }
        })
    }

    fn ours_search(&self) -> Contender {
        let client = Rc::clone(&self.ours);
        self.contender("ttshop", move |times| {
            let client = Rc::clone(&client);
            async move {
                for _ in 0..times {
                    let reply = client.send(SearchOrders::new().page_size(100)).await?;
                    ensure!(reply.data.orders.len() == PAGE_SIZE, "not {PAGE_SIZE} orders");
                }
                Ok(())
            }
        })
    }

    pub(crate) fn contender<F>(&self, name: &'static str, job: impl Fn(u32) -> F + 'static) -> Contender
    where
        F: Future<Output = Result<()>>,
    {
        let runtime = Rc::clone(&self.runtime);
        let run = move |times| {
            let done = runtime.block_on(job(times));
            done.unwrap_or_else(|error| panic!("{name} failed: {error:#}"));
        };
        Contender { name, run: Box::new(run) }
    }

    fn checked_order(&self) -> Result<String> {
        self.runtime.block_on(async {
            let reply = self.ours.send(SearchOrders::new().page_size(100)).await?;
            let id = reply.data.orders.first().and_then(|order| order.id.clone()).context("no order")?;
            Ok(id.into_string())
        })
    }
}

impl Bare {
    fn detail(&self, id: &str) -> reqwest::Request {
        self.request(reqwest::Method::GET, DETAIL, ("ids", id), None)
    }

    fn search(&self) -> reqwest::Request {
        self.request(reqwest::Method::POST, SEARCH, ("page_size", "100"), Some(SEARCH_BODY))
    }

    /// A request, signed for now: it stays good for minutes.
    fn request(
        &self,
        method: reqwest::Method,
        path: &str,
        param: (&str, &str),
        body: Option<&'static str>,
    ) -> reqwest::Request {
        let Peer { api_url, app_key, app_secret, shop, .. } = &self.peer;
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let timestamp = since_1970.as_secs().to_string();
        let mut params =
            [param, ("app_key", app_key), ("timestamp", &timestamp), ("shop_cipher", &shop.cipher)];
        let sign =
            RequestSigner::new(app_secret.as_str().into()).sign(path, &mut params, body.map(str::as_bytes));
        let mut url = reqwest::Url::parse(&format!("{api_url}{path}")).expect("the emulator has an address");
        url.query_pairs_mut().extend_pairs(params).append_pair("sign", &sign);
        let mut request = reqwest::Request::new(method, url);
        let token = shop.access_token.parse().expect("tokens are ASCII");
        request.headers_mut().insert("x-tts-access-token", token);
        if let Some(body) = body {
            let json = reqwest::header::HeaderValue::from_static("application/json");
            request.headers_mut().insert(reqwest::header::CONTENT_TYPE, json);
            *request.body_mut() = Some(body.into());
        }
        request
    }

    async fn call(&self, request: &reqwest::Request) -> Result<Vec<u8>> {
        let request = request.try_clone().context("the body is no stream")?;
        let response = self.http.execute(request).await?;
        let status = response.status();
        let body = response.bytes().await?;
        ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        Ok(body.into())
    }

    async fn repeat(&self, request: &reqwest::Request, times: u32, read: fn(&[u8])) -> Result<()> {
        for _ in 0..times {
            let request = request.try_clone().context("the body is no stream")?;
            let response = self.http.execute(request).await?;
            ensure!(response.status().is_success(), "{}", response.status());
            read(&response.bytes().await?);
        }
        Ok(())
    }
}

fn ours(peer: &Peer) -> Result<Client> {
    let app = App {
        key: peer.app_key.as_str().into(),
        secret: peer.app_secret.as_str().into(),
        service_id: peer.service_id.as_str().into(),
    };
    let token = FixedToken::new(peer.shop.access_token.as_str().into());
    let shop = ShopAccess::new(peer.shop.shop_id.as_str().into(), peer.shop.cipher.as_str().into());
    let builder = Client::builder(app).base_url(&peer.api_url).auth_url(&peer.api_url);
    Ok(builder.tokens(Arc::new(token)).build()?.with_shop(shop))
}

fn read_value(bytes: &[u8]) {
    std::hint::black_box(serde_json::from_slice::<Value>(bytes).is_ok());
}
