//! All names of all organs as the index writes them, numbered in the order in which equally good ones are told.

use duban_proto::common::v1::Organ;

use super::alphabet::{Scribe, Symbol};

/// Which of an organ's names: 0 the full one, 1 the short one, then the aliases.
pub(super) type Which = u16;

/// The names, open organs' before closed ones', short ones before long ones, then by the organ's code.
#[derive(Debug, Default)]
pub(super) struct Terms {
    organs: Vec<u32>,
    which: Vec<Which>,
    /// Where the text of each begins, and where the last ends.
    starts: Vec<u32>,
    text: Vec<Symbol>,
}

/// What a name is sorted by, and where it was written first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    closed: bool,
    length: usize,
    organ: u32,
    which: Which,
    start: usize,
}

impl Terms {
    /// The names of these organs; one that is written like another of the same organ is left out.
    pub(super) fn of(organs: &[Organ], scribe: &mut Scribe) -> Self {
        let mut written = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        for (organ, number) in organs.iter().zip(0..) {
            let first = places.len();
            for (name, which) in names(organ).zip(0..) {
                let start = written.len();
                scribe.write(name, &mut written);
                let text = written.get(start..).unwrap_or_default();
                let same = |at: &Place| written.get(at.start..at.start + at.length) == Some(text);
                if text.is_empty() || places.iter().skip(first).any(same) {
                    written.truncate(start);
                    continue;
                }
                let closed = !organ.successor.is_empty();
                places.push(Place { closed, length: text.len(), organ: number, which, start });
            }
        }
        places.sort_unstable();
        let mut terms = Self {
            organs: places.iter().map(|place| place.organ).collect(),
            which: places.iter().map(|place| place.which).collect(),
            starts: Vec::with_capacity(places.len() + 1),
            text: Vec::with_capacity(written.len()),
        };
        for place in places {
            terms.starts.push(terms.end());
            terms
                .text
                .extend_from_slice(written.get(place.start..place.start + place.length).unwrap_or_default());
        }
        terms.starts.push(terms.end());
        terms
    }

    fn end(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.organs.len()
    }

    /// Whose it is: the organ's place in the directory.
    pub(super) fn organ(&self, term: u32) -> Option<u32> {
        self.organs.get(place(term)).copied()
    }

    /// Which of the organ's names it is.
    pub(super) fn which(&self, term: u32) -> Which {
        self.which.get(place(term)).copied().unwrap_or_default()
    }

    /// How it is written.
    pub(super) fn text(&self, term: u32) -> &[Symbol] {
        let (at, starts) = (place(term), &self.starts);
        let text = starts.get(at).zip(starts.get(at + 1));
        text.and_then(|(&from, &to)| self.text.get(place(from)..place(to))).unwrap_or_default()
    }
}

/// An organ's names: the full one, the short one, the aliases.
fn names(organ: &Organ) -> impl Iterator<Item = &str> {
    [&organ.name, &organ.short_name].into_iter().chain(&organ.aliases).map(String::as_str)
}

/// One of them.
pub(super) fn name(organ: &Organ, which: Which) -> &str {
    names(organ).nth(usize::from(which)).unwrap_or_default()
}

/// A number of the index as a place in memory.
pub(super) fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
