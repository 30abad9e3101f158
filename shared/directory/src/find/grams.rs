//! Which names have which two characters beside each other.

use std::ops::Range;

use super::alphabet::{EDGE, Symbol};
use super::pattern::Class;
use super::terms::{Terms, place};

/// By pair of neighbouring characters, the edges counted as characters: the names that have it, in their order.
#[derive(Debug, Default)]
pub(super) struct Grams {
    pairs: Vec<(Symbol, Symbol)>,
    /// Where the names of each pair begin, and where the last ends.
    starts: Vec<u32>,
    terms: Vec<u32>,
}

impl Grams {
    pub(super) fn of(terms: &Terms) -> Self {
        // A number each, the first character in the highest bits: they sort much faster than tuples.
        let mut found: Vec<u64> = Vec::new();
        for term in (0..).take(terms.len()) {
            let mut before = EDGE;
            for &symbol in terms.text(term).iter().chain([&EDGE]) {
                found.push(u64::from(before) << 48 | u64::from(symbol) << 32 | u64::from(term));
                before = symbol;
            }
        }
        found.sort_unstable();
        found.dedup();
        let part = |found: u64, bit: u32| Symbol::try_from(found >> bit & 0xffff).unwrap_or_default();
        let term = |found: &u64| u32::try_from(found & 0xffff_ffff).unwrap_or_default();
        let mut grams = Self { terms: found.iter().map(term).collect(), ..Self::default() };
        for (&found, start) in found.iter().zip(0..) {
            let pair = (part(found, 48), part(found, 32));
            if grams.pairs.last() != Some(&pair) {
                grams.pairs.push(pair);
                grams.starts.push(start);
            }
        }
        grams.starts.push(u32::try_from(found.len()).unwrap_or(u32::MAX));
        grams.pairs.shrink_to_fit();
        grams.starts.shrink_to_fit();
        grams
    }

    /// The lists of names that have a character of the one class before one of the other.
    pub(super) fn lists(&self, first: &Class<'_>, second: &Class<'_>) -> Vec<&[u32]> {
        let mut lists = Vec::new();
        for &symbol in first.members() {
            let beginning = match second.members() {
                [only] => self.range((symbol, *only), (symbol, *only)),
                _ => self.range((symbol, Symbol::MIN), (symbol, Symbol::MAX)),
            };
            for at in beginning {
                if self.pairs.get(at).is_some_and(|(_, next)| second.has(*next)) {
                    lists.push(self.list(at));
                }
            }
        }
        lists
    }

    fn range(&self, from: (Symbol, Symbol), to: (Symbol, Symbol)) -> Range<usize> {
        self.pairs.partition_point(|pair| *pair < from)..self.pairs.partition_point(|pair| *pair <= to)
    }

    fn list(&self, at: usize) -> &[u32] {
        let list = self.starts.get(at).zip(self.starts.get(at + 1));
        list.and_then(|(&from, &to)| self.terms.get(place(from)..place(to))).unwrap_or_default()
    }
}
