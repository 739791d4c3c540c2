//! `GET /v1/sweeps` and `POST /v1/sweeps`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use hub_core::SweepReport;
use serde::Serialize;
use ttshop_types::Timestamp;

use super::PAGE_MAX;
use crate::problem::Problem;
use crate::state::HubState;

#[derive(Serialize)]
pub(crate) struct Sweeps {
    sweeps: Vec<SweepView>,
}

#[derive(Serialize)]
struct SweepView {
    shop_id: String,
    resource: &'static str,
    from: String,
    until: String,
    seen: u64,
    missing: u64,
    outdated: u64,
    repaired: u64,
    finished_at: String,
}

/// The newest reports, newest first.
pub(crate) async fn list(State(state): State<HubState>) -> Result<Json<Sweeps>, Problem> {
    let reports = state.engine.store().sweep_reports(PAGE_MAX).await?;
    Ok(Json(Sweeps { sweeps: reports.into_iter().map(view).collect() }))
}

/// Begins a sweep of every connected shop; its reports appear in the list.
pub(crate) async fn run(State(state): State<HubState>) -> StatusCode {
    state.engine.sweep_now();
    StatusCode::ACCEPTED
}

fn view(report: SweepReport) -> SweepView {
    let time = |millis: i64| Timestamp::from_millis(millis).to_rfc3339();
    SweepView {
        repaired: report.repaired(),
        resource: report.resource.as_str(),
        from: time(report.from_ms),
        until: time(report.until_ms),
        seen: report.seen,
        missing: report.missing,
        outdated: report.outdated,
        finished_at: time(report.finished_at_ms),
        shop_id: report.shop_id.into_string(),
    }
}
