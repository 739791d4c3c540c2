//! `GET /v1/jobs/parked` and `POST /v1/jobs/unpark`.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use hub_core::Lane;
use serde::{Deserialize, Serialize};

use super::PAGE_MAX;
use crate::problem::Problem;
use crate::state::HubState;

#[derive(Serialize)]
pub(crate) struct Parked {
    jobs: Vec<ParkedView>,
}

#[derive(Serialize)]
struct ParkedView {
    lane: String,
    reason: String,
    attempts: u32,
}

/// Which job to wake.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unpark {
    lane: String,
}

#[derive(Serialize)]
pub(crate) struct Unparked {
    lane: String,
}

/// Jobs that wait for a person, oldest first.
pub(crate) async fn parked(State(state): State<HubState>) -> Result<Json<Parked>, Problem> {
    let jobs = state.engine.store().parked_jobs(PAGE_MAX).await?;
    let view = |job: hub_store::ParkedJob| ParkedView {
        lane: job.lane.as_str().to_owned(),
        reason: job.reason,
        attempts: job.attempts,
    };
    Ok(Json(Parked { jobs: jobs.into_iter().map(view).collect() }))
}

/// Puts one of them back to work.
pub(crate) async fn unpark(
    State(state): State<HubState>,
    body: Result<Json<Unpark>, JsonRejection>,
) -> Result<Json<Unparked>, Problem> {
    let Json(Unpark { lane }) = body.map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
    if state.engine.unpark(Lane::from_stored(lane.clone())).await? {
        Ok(Json(Unparked { lane }))
    } else {
        Err(Problem::not_found("no job is parked in this lane"))
    }
}
