//! Names put together from names.

use super::leaf::singular;
use crate::codegen::names::{pascal, snake};

/// Longest name of a type that is neither a request nor its answer; those follow the platform's title.
pub(crate) const NAME_MAX: usize = 45;

/// `Sku` before `SkuPrice` is `SkuPrice`, and `GetCoupon` before `CouponStatus` is `GetCouponStatus`: where the first ends
/// as the second begins, the words are said once.
pub(crate) fn followed(first: &str, second: &str) -> String {
    let (left, right) = (words(first), words(second));
    let same = |(a, b): (&String, &String)| singular(a) == singular(b);
    let overlap = (1..=left.len().min(right.len()))
        .rev()
        .find(|&count| left[left.len() - count..].iter().zip(&right[..count]).all(same))
        .unwrap_or_default();
    let joined = left[..left.len() - overlap].iter().chain(&right);
    pascal(&joined.cloned().collect::<Vec<_>>().join("_"))
}

/// Whether a name is neither too long nor says one thing twice in a row.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.len() <= NAME_MAX && !repeats(name)
}

/// Whether a word, or a run of words, follows itself.
pub(crate) fn repeats(name: &str) -> bool {
    let words: Vec<String> = words(name).iter().map(|word| singular(word)).collect();
    (1..=words.len() / 2)
        .any(|run| (0..=words.len() - 2 * run).any(|at| words[at..at + run] == words[at + run..at + 2 * run]))
}

/// `search_open_collaborations` -> `open_collaborations`.
pub(crate) fn without_verb(operation: &str) -> &str {
    operation.split_once('_').map_or(operation, |(_, noun)| noun)
}

fn words(name: &str) -> Vec<String> {
    snake(name).split('_').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_words_are_said_once() {
        assert_eq!(followed("Sku", "SkuPrice"), "SkuPrice");
        assert_eq!(followed("GetCoupon", "CouponStatus"), "GetCouponStatus");
        assert_eq!(followed("OpenCollaborations", "OpenCollaboration"), "OpenCollaboration");
        assert_eq!(followed("Order", "LineItem"), "OrderLineItem");
    }

    #[test]
    fn names_that_repeat_themselves_are_known() {
        assert!(repeats("TemplateTemplate") && repeats("SizeChartDataSizeChartData"));
        assert!(repeats("UpdatePackagesPackage"));
        assert!(!repeats("OrderExternalOrder") && !repeats("Order"));
    }
}
