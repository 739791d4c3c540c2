//! Which address does what.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::problem::Problem;
use crate::state::HubState;
use crate::{api_key, health, hook, metrics_page, onboarding, v1};

/// How large a body of the REST API may be.
const API_BODY_BYTES_MAX: usize = 16 * 1024;

pub(crate) fn routes(state: HubState) -> Router {
    let with_key = Router::new()
        .nest("/v1", v1::routes())
        .route("/metrics", get(metrics_page::show))
        .layer(DefaultBodyLimit::max(API_BODY_BYTES_MAX))
        .layer(from_fn_with_state(state.clone(), api_key::require));
    Router::new()
        .route("/webhooks/{app}", post(hook::receive))
        .route("/connect/{app}", get(onboarding::begin))
        .route("/callback/{app}", get(onboarding::finish))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .merge(with_key)
        .fallback(|| async { Problem::not_found("there is no such address") })
        .with_state(state)
}
