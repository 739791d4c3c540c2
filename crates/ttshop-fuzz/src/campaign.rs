//! One target's loop: mutate, run, keep what came to something new.

use std::any::Any;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::mutator::Mutator;
use crate::target::{Shape, Target};

/// How many inputs are kept to be mutated, beside the corpus.
const POOL_MAX: usize = 8_192;

/// How many inputs are tried between two looks at the clock.
const INPUTS_PER_LOOK: u32 = 64;

/// What a campaign came to.
#[derive(Debug)]
pub struct Tally {
    /// How many inputs were tried.
    pub iterations: u64,
    /// How many inputs came to something that no earlier one did.
    pub shapes: usize,
    /// The first input that failed, which ends the campaign.
    pub finding: Option<Finding>,
}

/// An input for which something does not hold.
#[derive(Debug)]
pub struct Finding {
    /// The input.
    pub input: Vec<u8>,
    /// What the target said.
    pub message: String,
}

/// Tries the corpus and then changed inputs until `is_over` says so or one fails. `before` sees every input before it is
/// tried. The same seed and the same corpus try the same inputs in the same order.
pub fn campaign(
    target: &Target,
    corpus: &[Vec<u8>],
    seed: u64,
    is_over: &mut dyn FnMut() -> bool,
    before: &mut dyn FnMut(&[u8]),
) -> Tally {
    let mut pool: Vec<Vec<u8>> = corpus.to_vec();
    let kept_max = pool.len() + POOL_MAX;
    let mut mutator = Mutator::new(seed);
    let mut seen: HashSet<Shape> = HashSet::new();
    let mut tally = Tally { iterations: 0, shapes: 0, finding: None };
    let mut unchanged = corpus.iter().cloned();
    loop {
        for _ in 0..INPUTS_PER_LOOK {
            let is_new = unchanged.next();
            let is_corpus = is_new.is_some();
            let input = is_new.unwrap_or_else(|| {
                let (input, other) = (mutator.pick(&pool), mutator.pick(&pool));
                mutator.mutate(input, other)
            });
            before(&input);
            tally.iterations += 1;
            match try_input(target, &input) {
                Err(message) => {
                    tally.finding = Some(Finding { input, message });
                    return Tally { shapes: seen.len(), ..tally };
                }
                Ok(shape) => {
                    if seen.insert(shape) && !is_corpus && pool.len() < kept_max {
                        pool.push(input);
                    }
                }
            }
        }
        if is_over() {
            return Tally { shapes: seen.len(), ..tally };
        }
    }
}

/// Tries one input.
///
/// # Errors
/// The target panicked: what it said.
pub fn try_input(target: &Target, input: &[u8]) -> Result<Shape, String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).map_err(|panic| said(&*panic))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{TARGETS, find};

    /// Looks at the clock that a healthy target survives in a test.
    const LOOKS: u32 = 30;

    fn run(target: &Target, seed: u64) -> Tally {
        let mut looks = 0;
        let mut is_over = || {
            looks += 1;
            looks > LOOKS
        };
        campaign(target, &(target.seeds)(), seed, &mut is_over, &mut |_| ())
    }

    #[test]
    fn a_planted_panic_is_found_again_by_its_seed_and_by_its_input() {
        let planted = find("planted-panic").unwrap();
        let found = run(planted, 7).finding.unwrap();
        assert_eq!(found.message, "a planted panic");
        assert_eq!(try_input(planted, &found.input), Err("a planted panic".to_owned()));
        assert_eq!(run(planted, 7).finding.unwrap().input, found.input);
    }

    #[test]
    fn healthy_targets_survive_and_see_more_than_their_seeds() {
        for target in &TARGETS {
            let tally = run(target, 7);
            assert!(tally.finding.is_none(), "{}: seed 7: {:?}", target.name, tally.finding);
            assert!(tally.iterations >= u64::from(LOOKS * INPUTS_PER_LOOK), "{}", target.name);
            assert!(tally.shapes > 3, "{}: {}", target.name, tally.shapes);
        }
    }

    #[test]
    fn every_input_is_announced_before_it_is_tried() {
        let planted = find("planted-panic").unwrap();
        let mut last = Vec::new();
        let tally =
            campaign(planted, &(planted.seeds)(), 7, &mut || false, &mut |input| last = input.to_vec());
        assert_eq!(last, tally.finding.unwrap().input);
    }
}
