//! Counts what every contender allocates; reads the emulator's address from its input.

use std::alloc::System;
use std::io::{Read as _, Write as _};

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use ttshop_bench::Allocations;

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Jobs before counting, for connections and caches.
const WARM_UP: u32 = 8;

/// Jobs that are counted.
const COUNTED: u32 = 32;

fn main() -> anyhow::Result<()> {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let mut found = Vec::new();
    for contest in ttshop_bench::sdk(&serde_json::from_str(&input)?)? {
        for mut contender in contest.contenders {
            (contender.run)(WARM_UP);
            let region = Region::new(GLOBAL);
            (contender.run)(COUNTED);
            let change = region.change();
            let count = u32::try_from(change.allocations + change.reallocations)?;
            found.push(Allocations {
                contest: contest.name.to_owned(),
                contender: contender.name.to_owned(),
                count: f64::from(count) / f64::from(COUNTED),
                bytes: f64::from(u32::try_from(change.bytes_allocated)?) / f64::from(COUNTED),
            });
        }
    }
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&found)?)?;
    Ok(())
}
