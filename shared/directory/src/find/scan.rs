//! Finding the names that fit a pattern.

use std::ops::ControlFlow;

use super::alphabet::Symbol;
use super::pattern::{Class, Pattern};
use super::{Index, terms};

/// Of a long pattern, only the pairs before this one are weighed for the rarest.
const MOST_PAIRS: usize = 24;

/// Where in a name a pattern may stand, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the whole name.
    Whole,
    /// The name begins with it.
    Beginning,
    /// The name contains it.
    Within,
}

impl Place {
    pub(super) const ALL: [Self; 3] = [Self::Whole, Self::Beginning, Self::Within];
}

impl Index {
    /// The names that fit, in their order, until the visitor has enough or `budget` of them were looked at.
    pub(super) fn scan(
        &self,
        pattern: &Pattern<'_>,
        at: Place,
        budget: &mut usize,
        mut visit: impl FnMut(u32) -> ControlFlow<()>,
    ) {
        let Some(lists) = self.rarest(pattern, at) else { return };
        let mut look = |term: u32| {
            if *budget == 0 {
                return ControlFlow::Break(());
            }
            *budget -= 1;
            if fits(self.terms.text(term), pattern, at) { visit(term) } else { ControlFlow::Continue(()) }
        };
        let _: ControlFlow<()> = match lists.as_slice() {
            [list] => list.iter().copied().try_for_each(&mut look),
            _ => union(&lists, self.terms.len()).try_for_each(&mut look),
        };
    }

    /// The shortest lists that every name that fits is in; none where there is no such name.
    fn rarest(&self, pattern: &Pattern<'_>, at: Place) -> Option<Vec<&[u32]>> {
        let before = (at != Place::Within).then_some(&Class::EDGE);
        let after = (at == Place::Whole).then_some(&Class::EDGE);
        let mut chain: Vec<&Class<'_>> = before.into_iter().chain(pattern).chain(after).collect();
        if chain.len() == 1 {
            chain.push(&Class::Any);
        }
        let mut rarest: Option<(usize, Vec<&[u32]>)> = None;
        for (first, second) in chain.iter().zip(chain.iter().skip(1)).take(MOST_PAIRS) {
            let lists = self.grams.lists(first, second);
            let names = lists.iter().map(|list| list.len()).sum();
            if rarest.as_ref().is_none_or(|(least, _)| names < *least) {
                rarest = Some((names, lists));
            }
            if names == 0 {
                break;
            }
        }
        rarest.filter(|(names, _)| *names > 0).map(|(_, lists)| lists)
    }
}

fn fits(text: &[Symbol], pattern: &Pattern<'_>, at: Place) -> bool {
    let alike = |part: &[Symbol]| part.iter().zip(pattern).all(|(symbol, class)| class.has(*symbol));
    match at {
        Place::Whole => text.len() == pattern.len() && alike(text),
        Place::Beginning => text.len() > pattern.len() && alike(text),
        Place::Within => text.windows(pattern.len()).skip(1).any(alike),
    }
}

/// All names that are in any of these lists, in their order.
pub(super) fn union(lists: &[&[u32]], names: usize) -> impl Iterator<Item = u32> + use<> {
    let mut words = vec![0_u64; names.div_ceil(64)];
    for term in lists.iter().copied().flatten() {
        if let Some(word) = words.get_mut(terms::place(term / 64)) {
            *word |= 1 << (term % 64);
        }
    }
    (0..).zip(words).flat_map(|(at, word): (u32, u64)| {
        let next = |rest: &u64| Some(rest & (rest - 1)).filter(|rest| *rest != 0);
        let ones = std::iter::successors(Some(word).filter(|word| *word != 0), next);
        ones.map(move |rest| at * 64 + rest.trailing_zeros())
    })
}
