//! `GET /metrics`: numbers for Prometheus.

use std::fmt;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use crate::problem::Problem;
use crate::state::HubState;

/// Bounds of histograms, in seconds: from a fast commit to a slow job.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// This process's numbers.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

/// The process has a recorder of numbers already.
#[derive(Debug, thiserror::Error)]
#[error("failed to install the recorder of metrics")]
pub struct MetricsError(#[source] BuildError);

impl Metrics {
    /// Starts counting. Once a process.
    ///
    /// # Errors
    /// Something else counts already.
    pub fn install() -> Result<Self, MetricsError> {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).map_err(MetricsError)?;
        builder.install_recorder().map(Self).map_err(MetricsError)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// The numbers as text.
pub(crate) async fn show(State(state): State<HubState>) -> Response {
    match &state.metrics {
        Some(metrics) => {
            // Histograms gather what was recorded since; without it they would grow.
            metrics.0.run_upkeep();
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.0.render()).into_response()
        }
        None => Problem::not_found("this hub counts nothing").into_response(),
    }
}
