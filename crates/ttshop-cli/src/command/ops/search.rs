//! `ttshop ops search`: operations by words.

use clap::Args;
use ttshop_catalogue::{OPERATIONS, Operation, Status};

use super::entry::{Entry, table};
use crate::failure::Failure;
use crate::output::Output;

/// How many are shown.
const RESULTS_MAX: usize = 20;

const EXAMPLES: &str = "\
Examples:
  ttshop ops search ship package
  ttshop ops search webhooks --json";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Words of the name, the platform's title or the path.
    #[arg(required = true)]
    words: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let found = ranked(&arguments.words, RESULTS_MAX);
    if output.wants_json() {
        return output.json(&found.into_iter().map(Entry::from).collect::<Vec<_>>());
    }
    if found.is_empty() {
        return Err(Failure::new(format!("no operation fits `{}`", arguments.words.join(" ")))
            .remedy("try fewer or shorter words, or `ttshop ops list --family NAME`"));
    }
    output.table(table(&found))
}

/// The operations that fit best, best first: those that hold every word, else those that hold most of the letters.
pub(super) fn ranked(words: &[String], limit: usize) -> Vec<&'static Operation> {
    let words: Vec<String> = words
        .iter()
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut scored: Vec<_> = OPERATIONS
        .iter()
        .map(|operation| (score(operation, &words), *operation))
        .filter(|(score, _)| *score > 0)
        .collect();
    scored.sort_by(|(left, a), (right, b)| {
        right.cmp(left).then_with(|| a.key.cmp(b.key)).then_with(|| b.version.cmp(a.version))
    });
    scored.into_iter().take(limit).map(|(_, operation)| operation).collect()
}

/// Points for a whole word in the name, a part of one, and a near spelling; nothing unless every word scores.
fn score(operation: &Operation, words: &[String]) -> u32 {
    let name = operation.key.to_lowercase();
    let parts: Vec<&str> = name.split(['.', '_']).collect();
    let elsewhere = format!("{} {}", operation.title.to_lowercase(), operation.path.to_lowercase());
    let mut total = 0;
    for word in words {
        let points = if parts.contains(&word.as_str()) {
            12
        } else if parts.iter().any(|part| part.starts_with(word.as_str()) || same_stem(part, word)) {
            9
        } else if name.contains(word.as_str()) {
            6
        } else if elsewhere.contains(word.as_str()) {
            4
        } else if parts.iter().any(|part| is_near(part, word)) {
            3
        } else {
            return 0;
        };
        total += points;
    }
    let brevity = 8_usize.saturating_sub(parts.len());
    let standing = u32::from(operation.pinned) * 4 + u32::from(operation.status == Status::Current) * 2;
    total * 4 + standing + u32::try_from(brevity).unwrap_or(0)
}

fn same_stem(part: &str, word: &str) -> bool {
    part.trim_end_matches('s') == word.trim_end_matches('s')
}

/// Whether one added, missing or changed letter parts the two words.
fn is_near(part: &str, word: &str) -> bool {
    let (long, short) = if part.len() >= word.len() { (part, word) } else { (word, part) };
    if short.len() < 4 || long.len() - short.len() > 1 {
        return false;
    }
    let same_start = long.bytes().zip(short.bytes()).take_while(|(a, b)| a == b).count();
    let (long, short) = (&long.as_bytes()[same_start..], &short.as_bytes()[same_start..]);
    long.get(1..) == Some(short) || long.get(1..) == short.get(1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(words: &str) -> &'static str {
        let words: Vec<_> = words.split(' ').map(str::to_owned).collect();
        ranked(&words, 1).first().map_or("nothing", |operation| operation.key)
    }

    #[test]
    fn the_obvious_operation_comes_first() {
        for (words, key) in [
            ("search orders", "order.search_orders"),
            ("order detail", "order.get_order_detail"),
            ("GetOrderList", "order.search_orders"),
            ("ship package", "fulfillment.ship_package"),
            ("serch ordrs", "order.search_orders"),
        ] {
            assert_eq!(first(words), key, "{words}");
        }
    }

    #[test]
    fn every_word_must_fit() {
        assert_eq!(first("order zebra"), "nothing");
    }
}
