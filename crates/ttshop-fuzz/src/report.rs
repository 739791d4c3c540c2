//! What the runner prints.

use std::io::{Write as _, stdout};

use anyhow::Result;

use crate::supervise::{Ended, Orders};
use crate::target::Target;

/// Prints one line about a target, and how to repeat what was found; answers whether all is well.
///
/// # Errors
/// The output is closed.
pub fn print_report(target: &Target, ended: &Ended, orders: &Orders) -> Result<bool> {
    let mut out = stdout().lock();
    let name = target.name;
    let path = match ended {
        Ended::Reported(report) => {
            let per_second = u128::from(report.iterations) * 1_000 / u128::from(report.milliseconds.max(1));
            writeln!(
                out,
                "{name:<10} {:>10} inputs, {per_second:>7} a second, {:>5} shapes",
                report.iterations, report.shapes
            )?;
            report.finding.as_ref()
        }
        Ended::Lost(path) => {
            writeln!(out, "{name:<10} died or hung")?;
            Some(path)
        }
        Ended::LostOnce => {
            let each = orders.each.as_secs();
            writeln!(out, "{name:<10} died or hung once, seed {}, {each} s a target", orders.seed)?;
            return Ok(false);
        }
    };
    let Some(path) = path else { return Ok(true) };
    writeln!(out, "{name:<10} FAILED, the input is kept; repeat with:")?;
    writeln!(out, "    cargo xtask fuzz --target {name} --input {}", path.display())?;
    Ok(false)
}
