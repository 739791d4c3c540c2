//! A sorted list of (time, order) that counts a range without walking it.
//!
//! Search answers `total_count` next to a page. A balanced tree finds the page fast but counts a million entries one by
//! one; here the entries lie in sorted blocks, and counting adds up the blocks' lengths.

use crate::world::OrderNo;

/// A place in the list: seconds since 1970, then the order or whatever else is listed.
pub(crate) type Key<N = OrderNo> = (i64, N);

/// How many entries a block holds before it is split.
const BLOCK_LENGTH_MAX: usize = 1_024;

/// The sorted list.
#[derive(Debug)]
pub(crate) struct TimeIndex<N = OrderNo> {
    /// No block is empty; every entry of a block sorts before every entry of the next.
    blocks: Vec<Vec<Key<N>>>,
}

impl<N> Default for TimeIndex<N> {
    fn default() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl<N: Copy + Ord> TimeIndex<N> {
    pub(crate) fn insert(&mut self, key: Key<N>) {
        let Some(number) = self.block_of(key) else {
            self.blocks.push(vec![key]);
            return;
        };
        let block = &mut self.blocks[number];
        if let Err(place) = block.binary_search(&key) {
            block.insert(place, key);
        }
        if block.len() > BLOCK_LENGTH_MAX {
            // A full last block means that time goes on: leave it full, the next entries come after it.
            let keep = if number + 1 == self.blocks.len() { BLOCK_LENGTH_MAX } else { BLOCK_LENGTH_MAX / 2 };
            let rest = self.blocks[number].split_off(keep);
            self.blocks.insert(number + 1, rest);
        }
    }

    pub(crate) fn remove(&mut self, key: Key<N>) {
        let Some(number) = self.block_of(key) else { return };
        let block = &mut self.blocks[number];
        if let Ok(place) = block.binary_search(&key) {
            block.remove(place);
        }
        if block.is_empty() {
            self.blocks.remove(number);
        }
    }

    /// How many entries lie in `from..until`.
    pub(crate) fn count(&self, from: Key<N>, until: Key<N>) -> usize {
        self.rank(until).saturating_sub(self.rank(from))
    }

    /// The entries in `from..until`, oldest first.
    pub(crate) fn ascending(&self, from: Key<N>, until: Key<N>) -> impl Iterator<Item = Key<N>> {
        let (number, place) = self.place_of(from);
        let blocks = self.blocks.get(number..).unwrap_or_default();
        blocks
            .iter()
            .enumerate()
            .flat_map(move |(step, block)| &block[if step == 0 { place } else { 0 }..])
            .copied()
            .take_while(move |key| *key < until)
    }

    /// The entries in `from..until`, newest first.
    pub(crate) fn descending(&self, from: Key<N>, until: Key<N>) -> impl Iterator<Item = Key<N>> {
        let (number, place) = self.place_of(until);
        let partial = self.blocks.get(number).map_or(&[][..], |block| &block[..place]);
        let whole = &self.blocks[..number.min(self.blocks.len())];
        partial
            .iter()
            .rev()
            .chain(whole.iter().rev().flat_map(|block| block.iter().rev()))
            .copied()
            .take_while(move |key| *key >= from)
    }

    /// The block that holds `key` or should; `None` when there is no block at all.
    fn block_of(&self, key: Key<N>) -> Option<usize> {
        let after = self.blocks.partition_point(|block| block.first().is_some_and(|first| *first <= key));
        if self.blocks.is_empty() { None } else { Some(after.saturating_sub(1)) }
    }

    /// The block and the place in it of the first entry that is not below `key`.
    fn place_of(&self, key: Key<N>) -> (usize, usize) {
        let number = self.blocks.partition_point(|block| block.last().is_some_and(|last| *last < key));
        let place = self.blocks.get(number).map_or(0, |block| block.partition_point(|entry| *entry < key));
        (number, place)
    }

    /// How many entries lie below `key`.
    fn rank(&self, key: Key<N>) -> usize {
        let (number, place) = self.place_of(key);
        self.blocks[..number].iter().map(Vec::len).sum::<usize>() + place
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::dice::{Dice, Stream};

    fn range(set: &BTreeSet<Key>, from: Key, until: Key) -> Vec<Key> {
        if from > until { Vec::new() } else { set.range(from..until).copied().collect() }
    }

    #[test]
    fn the_index_answers_like_a_tree() {
        let mut dice = Dice::new(11, Stream::World);
        let (mut index, mut tree) = (TimeIndex::default(), BTreeSet::new());
        for _ in 0..20_000 {
            let key = (i64::try_from(dice.below(3_000)).unwrap(), OrderNo(dice.below(4)));
            if dice.percent_of(40) {
                index.remove(key);
                tree.remove(&key);
            } else {
                index.insert(key);
                tree.insert(key);
            }
        }
        for _ in 0..200 {
            let mut bound = || (i64::try_from(dice.below(3_100)).unwrap(), OrderNo(dice.below(4)));
            let (from, until) = (bound(), bound());
            let expected = range(&tree, from, until);
            assert_eq!(index.count(from, until), expected.len());
            assert_eq!(index.ascending(from, until).collect::<Vec<_>>(), expected);
            let newest_first: Vec<Key> = expected.into_iter().rev().collect();
            assert_eq!(index.descending(from, until).collect::<Vec<_>>(), newest_first);
        }
    }

    #[test]
    fn blocks_split_in_the_middle_too() {
        let mut index = TimeIndex::default();
        for number in (0..5_000).rev() {
            index.insert((number, OrderNo(1)));
        }
        let all: Vec<i64> = index.ascending((0, OrderNo(0)), (9_000, OrderNo(0))).map(|key| key.0).collect();
        assert_eq!(all, (0..5_000).collect::<Vec<_>>());
        assert_eq!(index.count((100, OrderNo(0)), (200, OrderNo(0))), 100);
    }

    #[test]
    fn an_empty_index_is_empty() {
        let index = TimeIndex::<OrderNo>::default();
        assert_eq!(index.count((0, OrderNo(0)), (9, OrderNo(0))), 0);
        assert_eq!(index.descending((0, OrderNo(0)), (9, OrderNo(0))).count(), 0);
        assert_eq!(index.ascending((0, OrderNo(0)), (9, OrderNo(0))).count(), 0);
    }
}
