//! `GET /healthz` and `GET /readyz`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Serialize;

use crate::state::HubState;

/// The process answers.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    store: &'static str,
    vault: &'static str,
    backlog: Option<BacklogView>,
}

#[derive(Serialize)]
struct BacklogView {
    accepted: u64,
    jobs: u64,
    parked: u64,
    deliveries: u64,
    dead: u64,
    mirrored: u64,
    oldest_ms: u64,
}

/// The store answers and every app's secret is loaded.
pub(crate) async fn ready(State(state): State<HubState>) -> Response {
    let backlog = state.engine.backlog().await.ok();
    let has_secrets = state.engine.apps_without_secret().is_empty();
    let ready = backlog.is_some() && has_secrets;
    let readiness = Readiness {
        ready,
        store: if backlog.is_some() { "ok" } else { "unavailable" },
        vault: if has_secrets { "ok" } else { "app secret missing" },
        backlog: backlog.map(|backlog| BacklogView {
            accepted: backlog.accepted,
            jobs: backlog.jobs,
            parked: backlog.parked,
            deliveries: backlog.deliveries,
            dead: backlog.dead,
            mirrored: backlog.mirrored,
            oldest_ms: backlog.oldest_ms,
        }),
    };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness)).into_response()
}
