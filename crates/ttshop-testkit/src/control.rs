//! The emulator's control API over HTTP.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Moves an emulated world.
#[derive(Clone, Debug)]
pub struct Control {
    client: Client,
    url: String,
}

impl Control {
    /// Controls the emulator whose control API is at `url`.
    ///
    /// # Errors
    /// The HTTP client cannot be set up.
    pub fn at(url: &str) -> anyhow::Result<Self> {
        let client = Client::builder().timeout(REQUEST_TIMEOUT).no_proxy().build()?;
        Ok(Self { client, url: url.to_owned() })
    }

    /// Reads `path`.
    ///
    /// # Errors
    /// The emulator refused, or did not answer JSON.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.ask(Method::GET, path, None).await?)?)
    }

    /// Asks for something to happen.
    ///
    /// # Errors
    /// As [`Control::get`].
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.ask(Method::POST, path, Some(body)).await?)?)
    }

    /// Sets something.
    ///
    /// # Errors
    /// As [`Control::get`].
    pub async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.ask(Method::PUT, path, Some(body)).await?)?)
    }

    /// Places orders and answers their ids.
    ///
    /// # Errors
    /// As [`Control::get`].
    pub async fn place(&self, shop_id: &str, count: u32, status: &str) -> anyhow::Result<Vec<String>> {
        let body = json!({"shop_id": shop_id, "count": count, "status": status});
        let placed = self.post("orders", &body).await?;
        Ok(serde_json::from_value(placed["order_ids"].clone())?)
    }

    /// Lets something happen to an order: `pay`, `release`, `ship`, `collect`, `deliver`, `complete`, `cancel`.
    ///
    /// # Errors
    /// The order's state does not permit it.
    pub async fn act(&self, order_id: &str, transition: &str) -> anyhow::Result<Value> {
        self.post(&format!("orders/{order_id}/{transition}"), &json!({})).await
    }

    /// Status and `update_time` of every order of a shop.
    ///
    /// # Errors
    /// As [`Control::get`].
    pub async fn truth(&self, shop_id: &str) -> anyhow::Result<BTreeMap<String, (String, i64)>> {
        let text =
            self.ask(Method::GET, &format!("truth/orders?summary=true&shop_id={shop_id}"), None).await?;
        let mut truth = BTreeMap::new();
        for line in text.lines() {
            let line: Value = serde_json::from_str(line)?;
            let (id, status) =
                (line["id"].as_str().context("an id")?, line["status"].as_str().context("a status")?);
            let updated = line["update_time"].as_i64().context("an update_time")?;
            truth.insert(id.to_owned(), (status.to_owned(), updated));
        }
        Ok(truth)
    }

    /// How many of the journal's calls went to this path.
    ///
    /// # Errors
    /// As [`Control::get`].
    pub async fn calls_to(&self, path: &str) -> anyhow::Result<usize> {
        let journal = self.get("journal?limit=10000").await?;
        let calls = journal["calls"].as_array().context("a list of calls")?;
        Ok(calls.iter().filter(|call| call["path"] == path).count())
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<String> {
        let request = self.client.request(method, format!("{}/{path}", self.url));
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        };
        let response = request.send().await.with_context(|| format!("asking the emulator for `{path}`"))?;
        let status = response.status();
        let text = response.text().await?;
        ensure!(status.is_success(), "the emulator answered {status} to `{path}`: {text}");
        Ok(text)
    }
}
