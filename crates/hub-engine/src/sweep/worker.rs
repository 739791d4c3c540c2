//! When shops are swept.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use hub_core::Shop;

use super::lease::{hold, let_go};
use super::pass::{SweepError, sweep};
use crate::HubCode;
use crate::hub::{Hub, Stop};

/// How many shops are swept at once.
const SHOPS_AT_ONCE: usize = 4;
/// Sweeps every connected shop now, at each interval and at each nudge, until it is told to stop.
pub(crate) async fn run(hub: Arc<Hub>, mut stop: Stop) {
    while !stop.is_set() {
        sweep_all(&hub).await;
        tokio::select! {
            () = hub.nudges.sweep.notified() => {}
            () = hub.clock.sleep(hub.settings.sweep_every) => {}
            () = stop.wait() => return,
        }
    }
}

async fn sweep_all(hub: &Hub) {
    let shops = match hub.shops.connected(&*hub.store, &*hub.clock).await {
        Ok(shops) => shops,
        Err(error) => {
            tracing::error!(error = %error, "shops could not be read; the next sweep looks again");
            return;
        }
    };
    stream::iter(shops)
        .for_each_concurrent(SHOPS_AT_ONCE, |shop| async move { sweep_one(hub, &shop).await })
        .await;
}

async fn sweep_one(hub: &Hub, shop: &Shop) {
    match hold(hub, shop).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => {
            tracing::error!(error = %error, "a sweep could not begin; the next one tries again");
            return;
        }
    }
    let started = hub.clock.monotonic();
    match sweep(hub, shop).await {
        Ok(report) => {
            let took = hub.clock.monotonic().saturating_sub(started);
            metrics::histogram!("hub_sweep_seconds").record(took.as_secs_f64());
            metrics::counter!("hub_sweeps_total", "end" => "done").increment(1);
            metrics::counter!("hub_sweep_repaired_total").increment(report.repaired());
            tracing::info!(shop.id = %shop.id, sweep.seen = report.seen, sweep.missing = report.missing,
                sweep.outdated = report.outdated, "a sweep ended");
        }
        Err(SweepError::Stopping) => tracing::debug!(shop.id = %shop.id, "a sweep ends with the hub"),
        Err(error) => {
            metrics::counter!("hub_sweeps_total", "end" => "failed").increment(1);
            let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
            let text = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
            tracing::warn!(shop.id = %shop.id, code = %HubCode::SweepIncomplete, error = %text, "a sweep broke off; the next one begins at its cursor");
        }
    }
    if let Err(error) = let_go(hub, shop).await {
        tracing::warn!(error = %error, "a sweep lease was not given back; it ends by itself");
    }
}
