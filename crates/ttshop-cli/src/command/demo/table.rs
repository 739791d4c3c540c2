//! What the demo shows while it runs.

use serde::Serialize;

use super::tally::{Journey, Tally};
use crate::failure::Failure;
use crate::output::{Live, Output, TableRows, Tone};

/// How many orders a live table holds.
const ROWS_MAX: usize = 14;
/// How wide the columns of plain lines are: order, shop, status.
const ORDER_WIDTH: usize = 20;
const STATUS_WIDTH: usize = 18;

/// A live table on a terminal, plain lines elsewhere, JSON lines for scripts.
#[derive(Debug)]
pub(super) enum Screen {
    Live(Live),
    Lines(Output),
    Json(Output),
}

#[derive(Serialize)]
struct Line<'a> {
    order_id: &'a str,
    shop: &'a str,
    status: &'a str,
    delivered_after_ms: u128,
}

impl Screen {
    pub(super) fn new(output: Output) -> Self {
        match (output.wants_json(), output.is_terminal()) {
            (true, _) => Self::Json(output),
            (false, true) => Self::Live(output.live()),
            (false, false) => Self::Lines(output),
        }
    }

    /// An order was delivered for the first time.
    pub(super) fn delivered(&self, order_id: &str, journey: &Journey) -> Result<(), Failure> {
        let millis = journey.took().unwrap_or_default().as_millis();
        match self {
            Self::Live(_) => Ok(()),
            Self::Lines(output) => output.line(format!(
                "{order_id:<ORDER_WIDTH$} {:<4} {:<STATUS_WIDTH$} {millis:>6} ms",
                journey.shop, journey.status
            )),
            Self::Json(output) => {
                let (shop, status) = (journey.shop.as_str(), journey.status.as_str());
                output.json(&Line { order_id, shop, status, delivered_after_ms: millis })
            }
        }
    }

    /// Draws the newest orders; lines were printed already.
    pub(super) fn refresh(&self, tally: &Tally) {
        let Self::Live(live) = self else { return };
        let mut rows = TableRows::new(&["order", "shop", "status", "placement to delivery"]);
        for (order_id, journey) in tally.newest(ROWS_MAX) {
            let (took, tone) = match journey.took() {
                Some(took) => (format!("{} ms", took.as_millis()), Tone::Good),
                None => ("on its way".to_owned(), Tone::Warning),
            };
            rows.toned([
                (order_id.to_owned(), Tone::Plain),
                (journey.shop.clone(), Tone::Plain),
                (journey.status.clone(), Tone::Plain),
                (took, tone),
            ]);
        }
        let (placed, waiting) = (tally.placed_count(), tally.waiting());
        live.show(rows, &format!("{placed} placed, {} delivered; Ctrl-C ends", placed - waiting));
    }

    /// Leaves the last picture.
    pub(super) fn finish(self) {
        if let Self::Live(live) = self {
            live.finish();
        }
    }
}
