//! Placing orders and counting what comes of them.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ttshop_clock::Clock;

use super::Arguments;
use super::stage::Stage;
use super::table::Screen;
use super::tally::{Arrival, Placement, Summary, Tally};
use crate::failure::Failure;
use crate::output::Output;

/// States in which orders are placed, in turn: just placed, paid and held, paid and released.
const STATUSES: [&str; 3] = ["UNPAID", "ON_HOLD", "AWAITING_SHIPMENT"];
/// How long the last deliveries may take after the last order; a lost webhook waits for a sweep.
const DRAIN_MAX: Duration = Duration::from_secs(30);
/// How long the sink listens for repetitions after everything arrived.
const QUIET: Duration = Duration::from_millis(750);
/// How long the mirror may take to catch up with the last changes.
const MIRROR_MAX: Duration = Duration::from_secs(30);
/// How often mirror and truth are compared meanwhile.
const COMPARE_EVERY: Duration = Duration::from_millis(250);
/// How often a live table is drawn.
const DRAW_EVERY: Duration = Duration::from_millis(100);

/// One performance.
#[derive(Debug)]
pub(super) struct Play {
    orders_max: Option<u64>,
    interval: Duration,
    clock: Arc<dyn Clock>,
    screen: Screen,
    tally: Tally,
    placed: u64,
}

impl Play {
    pub(super) fn new(arguments: &Arguments, output: Output, clock: Arc<dyn Clock>) -> Self {
        Self {
            orders_max: arguments.orders,
            interval: Duration::from_secs(1) / arguments.rate,
            clock,
            screen: Screen::new(output),
            tally: Tally::default(),
            placed: 0,
        }
    }

    /// Places orders until there are enough or someone says so, waits for the last deliveries, and sums up.
    pub(super) async fn run(
        mut self,
        stage: &mut Stage,
        ended: impl Future<Output = ()>,
    ) -> Result<Summary, Failure> {
        let mut ended = pin!(ended);
        let mut due = self.clock.monotonic();
        let mut drawn = due;
        while self.orders_max.is_none_or(|max| self.placed < max) {
            let now = self.clock.monotonic();
            if now >= drawn + DRAW_EVERY {
                self.screen.refresh(&self.tally);
                drawn = now;
            }
            if now >= due {
                self.place(stage).await?;
                due += self.interval;
            }
            let wait = due.min(drawn + DRAW_EVERY).saturating_sub(self.clock.monotonic());
            tokio::select! {
                biased;
                () = &mut ended => break,
                Some(arrival) = stage.sink.arrivals.recv() => self.arrived(arrival)?,
                () = self.clock.sleep(wait) => {}
            }
        }
        self.drain(stage).await?;
        self.screen.refresh(&self.tally);
        let (compared, differences) = self.compare(stage).await?;
        let summary = Summary {
            mirror_compared: compared,
            mirror_differences: differences,
            forged: stage.sink.forged(),
            ..self.tally.summary()
        };
        self.screen.finish();
        Ok(summary)
    }

    async fn place(&mut self, stage: &Stage) -> Result<(), Failure> {
        let turn = usize::try_from(self.placed).unwrap_or_default();
        let shop = &stage.shops[turn % stage.shops.len()];
        let status = STATUSES[turn / stage.shops.len() % STATUSES.len()];
        let placed_at = self.clock.monotonic();
        let order_id = stage.control.place(&shop.id, status).await?;
        self.placed += 1;
        let placement = Placement { order_id: order_id.clone(), shop: shop.region.clone(), placed_at };
        match self.tally.placed(placement) {
            Some(journey) => self.screen.delivered(&order_id, journey),
            None => Ok(()),
        }
    }

    fn arrived(&mut self, arrival: Arrival) -> Result<(), Failure> {
        let order_id = arrival.order_id.clone();
        match self.tally.arrived(arrival) {
            Some(journey) => self.screen.delivered(&order_id, journey),
            None => Ok(()),
        }
    }

    /// Waits until every order arrived and the sink fell quiet, or the time is up.
    async fn drain(&mut self, stage: &mut Stage) -> Result<(), Failure> {
        let deadline = self.clock.monotonic() + DRAIN_MAX;
        loop {
            let left = deadline.saturating_sub(self.clock.monotonic());
            let is_complete = self.tally.waiting() == 0;
            let wait = if is_complete { QUIET.min(left) } else { left };
            tokio::select! {
                biased;
                Some(arrival) = stage.sink.arrivals.recv() => self.arrived(arrival)?,
                () = self.clock.sleep(wait) => return Ok(()),
            }
            self.screen.refresh(&self.tally);
        }
    }

    /// Compares the mirror with the truth until both agree or the time is up; answers how many were compared and differ.
    async fn compare(&mut self, stage: &mut Stage) -> Result<(u64, u64), Failure> {
        let deadline = self.clock.monotonic() + MIRROR_MAX;
        loop {
            let (mut compared, mut differences) = (0, 0);
            for shop in &stage.shops {
                let (truth, mirror) =
                    (stage.control.truth(&shop.id).await?, stage.mirror.orders(&shop.id).await?);
                compared += u64::try_from(truth.len()).unwrap_or(u64::MAX);
                let missing = truth.iter().filter(|(id, state)| mirror.get(*id) != Some(state)).count();
                let invented = mirror.keys().filter(|id| !truth.contains_key(*id)).count();
                differences += u64::try_from(missing + invented).unwrap_or(u64::MAX);
            }
            if differences == 0 || self.clock.monotonic() >= deadline {
                return Ok((compared, differences));
            }
            tokio::select! {
                Some(arrival) = stage.sink.arrivals.recv() => self.arrived(arrival)?,
                () = self.clock.sleep(COMPARE_EVERY) => {}
            }
        }
    }
}
