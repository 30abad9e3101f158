//! One look-up: the ways to be found one after another, from the best, until there are enough organs.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use duban_proto::common::v1::Organ;

use super::edits::Edits;
use super::pattern::{self, Class, Pattern};
use super::scan::{Place, union};
use super::terms::{Which, place};
use super::{How, Index, codes};

/// A longer query, in characters, finds nothing: no name and no code is as long.
const LONGEST_QUERY: usize = 200;
/// Names that one look-up compares at the most, so that a query made of the commonest characters costs no more than
/// others. The better ways to be found come first and compare few, so what it may cut off are parts and sounds.
const MOST_COMPARED: usize = 400_000;
/// The same for names that may be wrong somewhere, which cost more.
const MOST_ALIKE: usize = 60_000;

/// An organ that was found.
pub(super) struct Found {
    /// Its place in the directory.
    pub(super) organ: u32,
    /// Which name matched; none for the code.
    pub(super) which: Option<Which>,
    pub(super) how: How,
}

pub(super) struct Search<'a> {
    index: &'a Index,
    organs: &'a [Organ],
    /// By organ: it may be told and was not told yet.
    wanted: Vec<bool>,
    limit: usize,
    budget: usize,
    found: Vec<Found>,
}

impl<'a> Search<'a> {
    pub(super) fn new(index: &'a Index, organs: &'a [Organ], wanted: Vec<bool>, limit: usize) -> Self {
        Self { index, organs, wanted, limit, budget: MOST_COMPARED, found: Vec::new() }
    }

    /// What is found, the best first.
    pub(super) fn run(mut self, query: &str) -> Vec<Found> {
        if query.chars().take(LONGEST_QUERY + 1).count() > LONGEST_QUERY {
            return self.found;
        }
        let code: String = spelling::characters(query.trim()).flat_map(char::to_lowercase).collect();
        let letters: Vec<char> = spelling::letters(query).collect();
        self.code(&code);
        if !letters.is_empty() {
            let alphabet = &self.index.alphabet;
            let literal = pattern::literal(&letters, alphabet);
            self.names(&literal);
            self.patterns(std::slice::from_ref(&literal), &[Place::Beginning], How::Prefix);
            self.code_beginnings(&code);
            self.patterns(std::slice::from_ref(&literal), &[Place::Within], How::Partial);
            self.patterns(&pattern::sounds(&letters, alphabet), &Place::ALL, How::Pinyin);
            self.patterns(&pattern::initials(&letters, alphabet), &Place::ALL, How::Initials);
            // Whoever names an organ exactly means no other that is spelt nearly so.
            if self.found.iter().all(|found| found.how > How::Alias) {
                self.alike(&literal);
                self.codes_alike(&code);
            }
        }
        self.found
    }

    fn full(&self) -> bool {
        self.found.len() >= self.limit
    }

    /// Tells an organ, once.
    fn tell(&mut self, organ: u32, which: Option<Which>, how: How) {
        if self.full() {
            return;
        }
        if let Some(wanted) = self.wanted.get_mut(place(organ)).filter(|wanted| **wanted) {
            *wanted = false;
            self.found.push(Found { organ, which, how });
        }
    }

    fn code(&mut self, code: &str) {
        if let Ok(at) = self.organs.binary_search_by(|organ| organ.code.as_str().cmp(code)) {
            self.tell(number(at), None, How::Code);
        }
    }

    /// Whole names: full ones, short ones, aliases.
    fn names(&mut self, literal: &Pattern<'_>) {
        let mut whole = Vec::new();
        self.index.scan(literal, Place::Whole, &mut self.budget, |term| {
            let how = match self.index.terms.which(term) {
                0 => How::Name,
                1 => How::ShortName,
                _ => How::Alias,
            };
            whole.push((how, term));
            ControlFlow::Continue(())
        });
        whole.sort_unstable();
        for (how, term) in whole {
            self.tell_name(term, how);
        }
    }

    fn tell_name(&mut self, term: u32, how: How) {
        if let Some(organ) = self.index.terms.organ(term) {
            self.tell(organ, Some(self.index.terms.which(term)), how);
        }
    }

    /// Names that fit any of the patterns, place by place.
    fn patterns(&mut self, patterns: &[Pattern<'_>], places: &[Place], how: How) {
        for at in places {
            let mut terms = Vec::new();
            for pattern in patterns {
                if self.full() {
                    return;
                }
                let missing = self.limit - self.found.len();
                let mut organs = BTreeSet::new();
                self.index.scan(pattern, *at, &mut self.budget, |term| {
                    let organ = self.index.terms.organ(term).unwrap_or_default();
                    if self.wanted.get(place(organ)) == Some(&true) && organs.insert(organ) {
                        terms.push(term);
                    }
                    if organs.len() < missing { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                });
            }
            terms.sort_unstable();
            for term in terms {
                self.tell_name(term, how);
            }
        }
    }

    fn code_beginnings(&mut self, code: &str) {
        let range = codes::beginning_with(self.organs, code);
        for closed in [false, true] {
            for (at, organ) in range.clone().zip(self.organs.get(range.clone()).unwrap_or_default()) {
                if self.full() {
                    return;
                }
                if organ.successor.is_empty() != closed {
                    self.tell(number(at), None, How::Prefix);
                }
            }
        }
    }

    /// Names with something wrong: whatever is left right has one of `wrong` + 1 pairs that have no character in common.
    fn alike(&mut self, literal: &Pattern<'_>) {
        let most = match literal.len() {
            0..=2 => return,
            3..=5 => 1,
            _ => 2,
        };
        let symbols: Vec<usize> =
            literal.iter().flat_map(Class::members).map(|it| usize::from(*it)).collect();
        let edits = Edits::of(&symbols, self.index.alphabet.size());
        let (Some(edits), false) = (edits, self.full()) else { return };
        let (terms, grams) = (&self.index.terms, &self.index.grams);
        let short = literal.len() == 3;
        let edge = short.then_some(&Class::EDGE);
        let chain: Vec<&Class<'_>> = edge.into_iter().chain(literal).chain(edge).collect();
        let pairs = chain.iter().zip(chain.iter().skip(1));
        let lists: Vec<Vec<&[u32]>> = pairs.map(|(first, second)| grams.lists(first, second)).collect();
        let costs: Vec<usize> = lists.iter().map(|lists| lists.iter().map(|list| list.len()).sum()).collect();
        let affordable =
            |wrong: &usize| cheapest(&costs, wrong + 1).is_some_and(|(cost, _)| cost <= MOST_ALIKE);
        let wrong = (1..=most).rev().find(affordable).unwrap_or(1);
        let chosen = cheapest(&costs, wrong + 1).map(|(_, chosen)| chosen).unwrap_or_default();
        let lists: Vec<&[u32]> = chosen.iter().filter_map(|at| lists.get(*at)).flatten().copied().collect();
        let mut found = Vec::new();
        for term in union(&lists, terms.len()).take(MOST_ALIKE) {
            let text = || terms.text(term).iter().map(|symbol| usize::from(*symbol));
            let part = edits.part(text());
            if part > wrong {
                continue;
            }
            let whole = edits.whole(text());
            if whole <= wrong {
                found.push((whole, false, term));
            } else if !short {
                found.push((part, true, term));
            }
        }
        found.sort_unstable();
        for (_, _, term) in found {
            self.tell_name(term, How::Fuzzy);
        }
    }

    fn codes_alike(&mut self, code: &str) {
        let wrong = match code.len() {
            0..=3 => return,
            4..=7 => 1,
            _ => 2,
        };
        if code.is_ascii() && !self.full() {
            let mut alike = self.index.codes.alike(code, wrong);
            let closed = |at: usize| self.organs.get(at).is_some_and(|organ| !organ.successor.is_empty());
            alike.sort_by_key(|(wrong, at)| (*wrong, closed(place(*at)), *at));
            for (_, organ) in alike {
                self.tell(organ, None, How::Fuzzy);
            }
        }
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The `count` places with the least sum that are not neighbours, and the sum; none where there are not so many.
fn cheapest(costs: &[usize], count: usize) -> Option<(usize, Vec<usize>)> {
    // By number of places: the best choice among those seen before the last one, and among all seen.
    let mut before: Vec<Option<(usize, Vec<usize>)>> = vec![None; count + 1];
    before.iter_mut().take(1).for_each(|none| *none = Some((0, Vec::new())));
    let mut now = before.clone();
    for (at, cost) in costs.iter().enumerate() {
        let mut next = now.clone();
        for (best, fewer) in next.iter_mut().skip(1).zip(&before) {
            let Some((sum, places)) = fewer else { continue };
            if best.as_ref().is_none_or(|(least, _)| sum + cost < *least) {
                *best = Some((sum + cost, places.iter().copied().chain([at]).collect()));
            }
        }
        before = std::mem::replace(&mut now, next);
    }
    now.pop().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_places_are_never_neighbours() {
        assert_eq!(cheapest(&[5, 1, 1, 9, 3], 2), Some((4, vec![1, 4])));
        assert_eq!(cheapest(&[5, 1, 1, 9, 3], 3), Some((9, vec![0, 2, 4])));
        assert_eq!(cheapest(&[1, 1], 2), None);
        assert_eq!(cheapest(&[], 1), None);
    }
}
