//! The emulator's control API, spoken over HTTP like everything else between the parts.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;

/// How long one request may take: comparing a large world takes the longest.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// A client of one emulator.
#[derive(Clone, Debug)]
pub(super) struct Control {
    client: Client,
    url: String,
}

/// What is true of one order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct OrderState {
    pub(super) status: String,
    pub(super) update_time: i64,
}

#[derive(Deserialize)]
struct Placed {
    order_ids: Vec<String>,
}

#[derive(Deserialize)]
struct TruthLine {
    id: String,
    status: String,
    update_time: i64,
}

impl Control {
    pub(super) fn new(client: Client, url: &str) -> Self {
        Self { client, url: url.to_owned() }
    }

    /// Places one order and takes it to `status`; answers its id.
    pub(super) async fn place(&self, shop_id: &str, status: &str) -> Result<String, Failure> {
        let response =
            self.ask(Method::POST, "orders", &json!({"shop_id": shop_id, "status": status})).await?;
        let placed: Placed = read(&body(response).await?)?;
        placed.order_ids.into_iter().next().ok_or_else(|| Failure::new("the emulator placed no order"))
    }

    /// Lets webhooks go wrong as `chaos` says.
    pub(super) async fn set_chaos(&self, chaos: &Value) -> Result<(), Failure> {
        self.ask(Method::PUT, "webhook_chaos", chaos).await.map(drop)
    }

    /// Where consent returns to.
    pub(super) async fn set_redirect(&self, url: &str) -> Result<(), Failure> {
        self.ask(Method::PUT, "app", &json!({"redirect_url": url})).await.map(drop)
    }

    /// What is true of every order of a shop.
    pub(super) async fn truth(&self, shop_id: &str) -> Result<BTreeMap<String, OrderState>, Failure> {
        let path = format!("truth/orders?summary=true&shop_id={shop_id}");
        let text = body(self.ask(Method::GET, &path, &Value::Null).await?).await?;
        let lines = text.lines().map(read::<TruthLine>);
        let states = lines.map(|line| {
            line.map(|line| (line.id, OrderState { status: line.status, update_time: line.update_time }))
        });
        states.collect()
    }

    async fn ask(&self, method: Method, path: &str, json: &Value) -> Result<Response, Failure> {
        let request = self.client.request(method, format!("{}/{path}", self.url)).timeout(REQUEST_TIMEOUT);
        let request = if json.is_null() {
            request
        } else {
            request.header("content-type", "application/json").body(json.to_string())
        };
        let failed =
            |error: reqwest::Error| Failure::of(format!("failed to ask the emulator for `{path}`"), &error);
        let response = request.send().await.map_err(failed)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (status, text) = (response.status(), body(response).await.unwrap_or_default());
        Err(Failure::new(format!("the emulator answered {status} to `{path}`: {text}")))
    }
}

async fn body(response: Response) -> Result<String, Failure> {
    response.text().await.map_err(|error| Failure::of("failed to read the emulator's answer", &error))
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::of("the emulator's answer cannot be read", &error))
}
