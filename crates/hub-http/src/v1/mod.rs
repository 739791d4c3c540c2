//! The REST API, version 1.

mod jobs;
mod orders;
mod shops;
mod sweeps;

use axum::Router;
use axum::routing::{get, post};

use crate::problem::Problem;
use crate::state::HubState;

/// How many rows a page has unless asked otherwise.
const PAGE_DEFAULT: usize = 50;
/// How many rows a page may have.
const PAGE_MAX: usize = 200;

pub(crate) fn routes() -> Router<HubState> {
    Router::new()
        .route("/orders", get(orders::list))
        .route("/orders/{shop_id}/{order_id}", get(orders::show))
        .route("/shops", get(shops::list))
        .route("/sweeps", get(sweeps::list).post(sweeps::run))
        .route("/jobs/parked", get(jobs::parked))
        .route("/jobs/unpark", post(jobs::unpark))
}

/// The number of rows to give.
fn page_size(limit: Option<usize>) -> Result<usize, Problem> {
    match limit {
        None => Ok(PAGE_DEFAULT),
        Some(limit @ 1..=PAGE_MAX) => Ok(limit),
        Some(_) => Err(Problem::bad_request(format!("`limit` must be between 1 and {PAGE_MAX}"))),
    }
}
