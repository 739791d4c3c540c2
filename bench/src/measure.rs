//! CPU time of the contenders, in interleaved rounds.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::Contest;

/// What one contender took.
#[derive(Debug, Serialize)]
pub struct Result {
    /// The job.
    pub contest: &'static str,
    /// Who did it.
    pub contender: &'static str,
    /// CPU time of one job in nanoseconds, median of the rounds.
    pub median_ns: f64,
    /// The same in the slowest round.
    pub worst_ns: f64,
    /// CPU time as a multiple of the baseline's in the same round, median of the rounds.
    pub ratio_median: f64,
    /// The same in the round that was worst for the contender.
    pub ratio_worst: f64,
    /// Bytes read in a second of CPU time, in millions.
    pub megabytes_per_second: Option<f64>,
}

/// Lets every contender work for about `slice` of CPU time in each of `rounds` rounds, in turn, so that whatever else the
/// machine does hits all of them alike.
pub fn measure(contest: &mut Contest, rounds: usize, slice: Duration) -> Vec<Result> {
    let times: Vec<u32> = contest.contenders.iter_mut().map(|it| calibrate(&mut it.run, slice)).collect();
    let mut taken = vec![Vec::new(); times.len()];
    for round in 0..rounds {
        for turn in 0..times.len() {
            let index = (round + turn) % times.len();
            let cpu = cpu_of(&mut contest.contenders[index].run, times[index]);
            taken[index].push(cpu.as_secs_f64() * 1e9 / f64::from(times[index]));
        }
    }
    let results = contest.contenders.iter().zip(&taken).map(|(contender, own)| {
        let ratios: Vec<f64> = own.iter().zip(&taken[0]).map(|(own, baseline)| own / baseline).collect();
        let median_ns = median(own);
        Result {
            contest: contest.name,
            contender: contender.name,
            median_ns,
            worst_ns: worst(own),
            ratio_median: median(&ratios),
            ratio_worst: worst(&ratios),
            megabytes_per_second: contest.bytes.map(|bytes| f64::from(bytes) * 1e3 / median_ns),
        }
    });
    results.collect()
}

/// How many jobs fill a slice; warms the contender up on the way.
fn calibrate(run: &mut dyn FnMut(u32), slice: Duration) -> u32 {
    let mut times = 4;
    loop {
        let cpu = cpu_of(run, times);
        if cpu * 4 >= slice {
            let scaled = u64::from(times).saturating_mul(u64::try_from(slice.as_nanos()).unwrap_or(u64::MAX));
            let fitting = u128::from(scaled) / cpu.as_nanos().max(1);
            return u32::try_from(fitting).unwrap_or(u32::MAX).max(1);
        }
        times *= 2;
    }
}

/// CPU time of this process, kernel time included, while the job is done.
fn cpu_of(run: &mut dyn FnMut(u32), times: u32) -> Duration {
    let before = cpu();
    run(times);
    cpu().saturating_sub(before)
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn worst(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}
