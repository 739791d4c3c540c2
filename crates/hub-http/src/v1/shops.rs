//! `GET /v1/shops`.

use axum::Json;
use axum::extract::State;
use hub_core::Shop;
use serde::Serialize;

use crate::problem::Problem;
use crate::state::HubState;

#[derive(Serialize)]
pub(crate) struct Shops {
    shops: Vec<ShopView>,
}

#[derive(Serialize)]
struct ShopView {
    id: String,
    name: String,
    region: String,
    seller_type: String,
    app: String,
    state: &'static str,
    connected_at: String,
}

/// Every shop.
pub(crate) async fn list(State(state): State<HubState>) -> Result<Json<Shops>, Problem> {
    let shops = state.engine.store().shops().await?;
    Ok(Json(Shops { shops: shops.into_iter().map(view).collect() }))
}

fn view(shop: Shop) -> ShopView {
    ShopView {
        id: shop.id.into_string(),
        name: shop.name,
        region: shop.region.code().to_owned(),
        seller_type: shop.seller_type,
        app: shop.app.to_string(),
        state: shop.state.as_str(),
        connected_at: shop.connected_at.to_rfc3339(),
    }
}
