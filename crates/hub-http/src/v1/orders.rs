//! `GET /v1/orders` and `GET /v1/orders/{shop_id}/{order_id}`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use hub_core::{MirrorRow, Resource};
use hub_store::{OrderQuery, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ttshop_types::ShopId;

use super::page_size;
use crate::problem::Problem;
use crate::state::HubState;

/// Which orders to list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    shop_id: Option<String>,
    status: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// One page.
#[derive(Serialize)]
pub(crate) struct Page {
    orders: Vec<Box<RawValue>>,
    next_cursor: Option<String>,
}

/// One order with everything that is known about it.
#[derive(Serialize)]
pub(crate) struct Order {
    order: Box<RawValue>,
    raw: Box<RawValue>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Provenance {
    operation: String,
    request_id: String,
    fetched_at: String,
}

/// Orders, newest update first.
pub(crate) async fn list(
    State(state): State<HubState>,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Result<Json<Page>, Problem> {
    let Query(filter) = filter.map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
    let query = OrderQuery {
        shop_id: filter.shop_id.map(ShopId::from),
        platform_status: filter.status,
        after: filter.cursor,
        limit: page_size(filter.limit)?,
    };
    let page = state.engine.store().orders(query).await?;
    let orders = page.rows.iter().map(unified).collect::<Result<_, _>>()?;
    Ok(Json(Page { orders, next_cursor: page.next }))
}

/// One order: unified, raw, and where it came from.
pub(crate) async fn show(
    State(state): State<HubState>,
    Path((shop_id, order_id)): Path<(String, String)>,
) -> Result<Json<Order>, Problem> {
    let row = state.engine.store().mirror_row(ShopId::from(shop_id), Resource::Order, order_id).await?;
    let row = row.ok_or_else(|| Problem::not_found("the mirror has no such order"))?;
    let raw = std::str::from_utf8(&row.raw).ok().and_then(|raw| RawValue::from_string(raw.to_owned()).ok());
    Ok(Json(Order {
        order: unified(&row)?,
        raw: raw.ok_or_else(|| damaged(&row))?,
        provenance: Provenance {
            operation: row.provenance.operation,
            request_id: row.provenance.request_id.into_string(),
            fetched_at: row.provenance.fetched_at.to_rfc3339(),
        },
    }))
}

fn unified(row: &MirrorRow) -> Result<Box<RawValue>, Problem> {
    RawValue::from_string(row.unified.clone()).map_err(|_| damaged(row))
}

fn damaged(row: &MirrorRow) -> Problem {
    StoreError::Damaged { what: format!("mirror row {}/{}", row.shop_id, row.id) }.into()
}
