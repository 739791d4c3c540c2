//! Results for people and for programs.

use std::io::{Write as _, stdout};

use anyhow::Result as Outcome;
use serde::Serialize;

use crate::{Allocations, Result};

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    result: &'a Result,
    allocations: Option<f64>,
    allocated_bytes: Option<f64>,
}

/// One JSON object for each contender, in one list.
///
/// # Errors
/// The output is closed.
pub fn print_json(results: &[Result], allocations: &[Allocations]) -> Outcome<()> {
    let rows: Vec<Row<'_>> = results
        .iter()
        .map(|result| {
            let counted = find(result, allocations);
            Row {
                result,
                allocations: counted.map(|counted| counted.count),
                allocated_bytes: counted.map(|counted| counted.bytes),
            }
        })
        .collect();
    writeln!(stdout(), "{}", serde_json::to_string_pretty(&rows)?)?;
    Ok(())
}

/// A table; ratios are CPU time over that of the job's first line.
///
/// # Errors
/// The output is closed.
pub fn print_table(results: &[Result], allocations: &[Allocations]) -> Outcome<()> {
    let mut out = stdout().lock();
    writeln!(
        out,
        "| {:<21} | {:<19} | {:>10} | {:>10} | {:>6} | {:>6} | {:>6} | {:>7} | {:>9} |",
        "job", "who", "CPU", "worst", "ratio", "worst", "MB/s", "allocs", "bytes"
    )?;
    writeln!(out, "|---|---|--:|--:|--:|--:|--:|--:|--:|")?;
    for result in results {
        let counted = find(result, allocations);
        writeln!(
            out,
            "| {:<21} | {:<19} | {:>10} | {:>10} | {:>6.2} | {:>6.2} | {:>6} | {:>7} | {:>9} |",
            result.contest,
            result.contender,
            time(result.median_ns),
            time(result.worst_ns),
            result.ratio_median,
            result.ratio_worst,
            result.megabytes_per_second.map_or_else(String::new, |rate| format!("{rate:.0}")),
            counted.map_or_else(String::new, |counted| format!("{:.1}", counted.count)),
            counted.map_or_else(String::new, |counted| format!("{:.0}", counted.bytes)),
        )?;
    }
    Ok(())
}

fn find<'a>(result: &Result, allocations: &'a [Allocations]) -> Option<&'a Allocations> {
    allocations.iter().find(|it| it.contest == result.contest && it.contender == result.contender)
}

fn time(nanoseconds: f64) -> String {
    if nanoseconds < 10_000.0 {
        format!("{nanoseconds:.0} ns")
    } else {
        format!("{:.1} us", nanoseconds / 1e3)
    }
}
