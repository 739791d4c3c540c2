//! What is asked of the servers.

use std::rc::Rc;
use std::time::Duration;

use serde_json::{Value, json};
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_emulator::Connection;

use crate::client::{Client, signed};
use crate::process::Server;

/// How long one turn lasts at most; jobs that change the world end earlier.
const TURN: Duration = Duration::from_millis(1_500);

/// One kind of call.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// The body of the first answer.
    pub(crate) reply: Vec<u8>,
    pub(crate) requests: Requests,
}

/// Prepared calls.
#[derive(Clone)]
pub(crate) enum Requests {
    /// The same again and again.
    One(Rc<[u8]>),
    /// Each only once, because it changes the world.
    Each(Rc<[Vec<u8>]>),
}

/// A server that does a job.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    server: Server,
    requests: Requests,
    /// How many of the calls that work only once are spent.
    spent: usize,
}

/// What one turn came to.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) calls: u32,
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
}

impl Contender {
    pub(crate) fn new(name: &'static str, server: Server, requests: Requests) -> Self {
        Self { name, server, requests, spent: 0 }
    }

    pub(crate) async fn turn(&mut self) -> Turn {
        let clock = SystemClock::new();
        let mut client = Client::connect(&self.server.address).await;
        let (begun, cpu) = (clock.monotonic(), self.server.cpu());
        let mut calls = 0;
        while clock.monotonic() - begun < TURN {
            let request: &[u8] = match &self.requests {
                Requests::One(request) => request,
                Requests::Each(all) => {
                    // A fifth of them in each turn.
                    if calls as usize >= all.len() / crate::ROUNDS {
                        break;
                    }
                    self.spent += 1;
                    &all[self.spent - 1]
                }
            };
            client.call(request).await;
            calls += 1;
        }
        Turn { calls, wall: clock.monotonic() - begun, cpu: self.server.cpu() - cpu }
    }
}

/// The jobs, with their calls prepared for the emulator's world.
pub(crate) async fn all(platform: &Server) -> Vec<Job> {
    let connection = platform.connection.clone().unwrap();
    let mut client = Client::connect(&platform.address).await;
    let found = search(&connection, &mut client, &json!({}), 1).await;
    let order = found["orders"][0]["id"].as_str().unwrap();
    let detail = signed(&connection, "GET", DETAIL, &[("ids", order)], "");
    let listing = signed(&connection, "POST", SEARCH, &[("page_size", "100")], "{}");
    let mut jobs = Vec::new();
    for (name, method, path, request) in
        [("order detail", "get", DETAIL, detail), ("search of 100 orders", "post", SEARCH, listing)]
    {
        let reply = client.call(&request).await.to_vec();
        jobs.push(Job { name, method, path, reply, requests: Requests::One(request.into()) });
    }
    jobs.push(shipping(&connection, &mut client).await);
    jobs
}

const DETAIL: &str = "/order/202507/orders";
const SEARCH: &str = "/order/202309/orders/search";
const SHIP: &str = "/fulfillment/202309/packages/ship";
/// Packages in one call, the documented most.
const BATCH: usize = 50;
/// Calls that ship a batch.
const BATCHES: usize = 100;

async fn shipping(connection: &Connection, client: &mut Client) -> Job {
    place(connection, BATCH * (BATCHES + 1)).await;
    let mut packages = Vec::new();
    let mut token = String::new();
    while packages.len() < BATCH * (BATCHES + 1) {
        let params = [("page_size", "100"), ("page_token", token.as_str())];
        let body = "{\"order_status\":\"AWAITING_SHIPMENT\"}";
        let request =
            signed(connection, "POST", SEARCH, &params[..if token.is_empty() { 1 } else { 2 }], body);
        let page: Value = serde_json::from_slice(client.call(&request).await).unwrap();
        for order in page["data"]["orders"].as_array().unwrap() {
            packages
                .extend(order["packages"].as_array().unwrap().iter().map(|package| package["id"].clone()));
        }
        token = page["data"]["next_page_token"].as_str().unwrap_or_default().to_owned();
        assert!(!token.is_empty() || packages.len() >= BATCH * (BATCHES + 1), "{} packages", packages.len());
    }
    let batch = |ids: &[Value]| {
        let body = json!({ "packages": ids.iter().map(|id| json!({ "id": id, "handover_method": "DROP_OFF" })).collect::<Vec<_>>() });
        signed(connection, "POST", SHIP, &[], &body.to_string())
    };
    let mut requests: Vec<Vec<u8>> = packages.chunks_exact(BATCH).take(BATCHES + 1).map(batch).collect();
    let reply = client.call(&requests.remove(0)).await.to_vec();
    let answer: Value = serde_json::from_slice(&reply).unwrap();
    assert!(answer["data"]["errors"].as_array().is_none_or(Vec::is_empty), "{answer}");
    Job {
        name: "ship a batch of 50",
        method: "post",
        path: SHIP,
        reply,
        requests: Requests::Each(requests.into()),
    }
}

async fn search(connection: &Connection, client: &mut Client, body: &Value, size: u32) -> Value {
    let size = size.to_string();
    let request = signed(connection, "POST", SEARCH, &[("page_size", &size)], &body.to_string());
    let answer: Value = serde_json::from_slice(client.call(&request).await).unwrap();
    answer["data"].clone()
}

/// Buyers place paid orders in the first shop.
async fn place(connection: &Connection, count: usize) {
    let body =
        json!({ "shop_id": connection.shops[0].shop_id, "count": count, "status": "AWAITING_SHIPMENT" });
    let url = format!("{}/orders", connection.control_url);
    let client = reqwest::Client::builder().build().unwrap();
    let answer = client.post(url).body(body.to_string()).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}
