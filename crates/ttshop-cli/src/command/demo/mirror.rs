//! The hub's mirror, read through its REST API.

use std::collections::BTreeMap;

use reqwest::Client;
use serde::Deserialize;
use ttshop_types::SecretText;

use super::control::OrderState;
use crate::failure::Failure;

/// The most pages that are read; more would be a cursor that leads in circles.
const PAGES_MAX: usize = 10_000;
/// Orders a page.
const PAGE_SIZE: usize = 100;

/// A reader of one hub.
#[derive(Debug)]
pub(super) struct Mirror {
    client: Client,
    url: String,
    api_key: SecretText,
}

#[derive(Deserialize)]
struct OrderPage {
    orders: Vec<MirroredOrder>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct MirroredOrder {
    id: String,
    status: MirroredStatus,
    updated_at: String,
}

#[derive(Deserialize)]
struct MirroredStatus {
    platform_status: String,
}

impl Mirror {
    pub(super) fn new(client: Client, url: &str, api_key: SecretText) -> Self {
        Self { client, url: url.to_owned(), api_key }
    }

    /// Every mirrored order of a shop.
    pub(super) async fn orders(&self, shop_id: &str) -> Result<BTreeMap<String, OrderState>, Failure> {
        let mut orders = BTreeMap::new();
        let mut cursor = None;
        for _ in 0..PAGES_MAX {
            let page = self.page(shop_id, cursor.as_deref()).await?;
            for order in page.orders {
                let state = OrderState {
                    status: order.status.platform_status,
                    update_time: seconds(&order.updated_at)?,
                };
                orders.insert(order.id, state);
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(orders);
            }
        }
        Err(Failure::new(format!("the hub lists more than {PAGES_MAX} pages of orders")))
    }

    async fn page(&self, shop_id: &str, cursor: Option<&str>) -> Result<OrderPage, Failure> {
        let failed = |error: reqwest::Error| Failure::of("failed to read the hub's orders", &error);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("shop_id", shop_id).append_pair("limit", &PAGE_SIZE.to_string());
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        let request = self.client.get(format!("{}/v1/orders?{}", self.url, query.finish()));
        let response = request.bearer_auth(self.api_key.expose()).send().await.map_err(failed)?;
        let status = response.status();
        let text = response.text().await.map_err(failed)?;
        if !status.is_success() {
            return Err(Failure::new(format!("the hub answered {status} to a list of orders: {text}")));
        }
        serde_json::from_str(&text).map_err(|error| Failure::of("the hub's orders cannot be read", &error))
    }
}

fn seconds(instant: &str) -> Result<i64, Failure> {
    let instant = instant.parse::<jiff::Timestamp>();
    let instant =
        instant.map_err(|error| Failure::of("the hub's time of an order cannot be read", &error))?;
    Ok(instant.as_second())
}
