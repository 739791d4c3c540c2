//! The figures, as tables or as JSON.

use std::time::Duration;

use serde_json::json;
use ttshop_clock::{Clock as _, SystemClock};

use crate::jobs::Turn;
use crate::process::Server;

/// One contender of one job.
pub(crate) struct Row {
    job: &'static str,
    who: &'static str,
    pub(crate) turns: Vec<Turn>,
}

impl Row {
    pub(crate) fn new(job: &'static str, who: &'static str) -> Self {
        Self { job, who, turns: Vec::new() }
    }

    /// Median and worst of a figure over the turns.
    fn figures(&self, of: impl Fn(&Turn) -> f64) -> (f64, f64) {
        let mut all: Vec<f64> = self.turns.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        (all[all.len() / 2], all[all.len() - 1])
    }
}

fn micros(time: Duration, calls: u32) -> f64 {
    time.as_secs_f64() * 1e6 / f64::from(calls)
}

/// CPU time of the server and calls a second, beside the job's first line.
pub(crate) fn requests(rows: &[Row], as_json: bool) {
    if !as_json {
        println!("| job | who | CPU of the server | worst | ratio | calls a second |");
        println!("|---|---|--:|--:|--:|--:|");
    }
    for row in rows {
        let (cpu, worst) = row.figures(|turn| micros(turn.cpu, turn.calls));
        let (wall, _) = row.figures(|turn| micros(turn.wall, turn.calls));
        let first = rows.iter().find(|first| first.job == row.job).unwrap();
        let ratio = cpu / first.figures(|turn| micros(turn.cpu, turn.calls)).0;
        let rate = 1e6 / wall;
        if as_json {
            let line = json!({ "job": row.job, "who": row.who, "cpu_us": cpu, "cpu_us_worst": worst, "ratio": ratio, "calls_per_second": rate });
            println!("{line}");
        } else {
            println!("| {} | {} | {cpu:.1} us | {worst:.1} us | {ratio:.2} | {rate:.0} |", row.job, row.who);
        }
    }
}

/// How fast worlds start and how much room they take.
pub(crate) fn sizes(as_json: bool) {
    if !as_json {
        println!("\n| world | ready after | resident | bytes an order |");
        println!("|---|--:|--:|--:|");
    }
    let clock = SystemClock::new();
    let mut empty = 0;
    for (shops, orders) in [(1, 8), (1, 100_000), (1_000, 1_000), (1_000, 1_000_000)] {
        let begun = clock.monotonic();
        let server = Server::emulator(&format!("shops={shops},orders={orders}"));
        let ready = clock.monotonic() - begun;
        let resident = server.resident_kib();
        if orders <= 1_000 {
            empty = resident;
        }
        let each = if orders > 1_000 { (resident - empty) * 1_024 / orders } else { 0 };
        if as_json {
            let line = json!({ "shops": shops, "orders": orders, "ready_ms": ready.as_millis(), "resident_kib": resident, "bytes_per_order": each });
            println!("{line}");
        } else {
            println!("| {shops} shops, {orders} orders | {ready:.0?} | {} MiB | {each} |", resident / 1_024);
        }
    }
}
