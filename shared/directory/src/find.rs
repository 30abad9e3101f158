//! Finding an organ by what people call it: its code, any of its names, a part of one, its sound, its initials, or any
//! of these with a character or two wrong (articles 2 and 10).
//!
//! The index is made once for a directory, when it is first asked. It holds every name, the code aside, in folded
//! characters, and for each pair of neighbouring characters the names that have it. A sound or an initial is a set of
//! characters, so these need no index of their own. Names are numbered in the order in which equally good ones are told,
//! so a search may stop as soon as it has enough.

mod alphabet;
mod codes;
mod edits;
mod grams;
mod pattern;
mod scan;
mod search;
mod terms;

use duban_proto::common::v1::Organ;

pub(crate) use edits::Edits;

use alphabet::{Alphabet, Scribe};
use codes::Codes;
use grams::Grams;
use search::Search;
use terms::{Terms, name, place};

use crate::snapshot::LEVELS;

/// How an organ was found, and how well: the first is the best.
///
/// This is the ranking, in full: by this; in `Pinyin` and `Initials` a whole name before the beginning of one before a
/// part of one; in `Fuzzy` by the number of wrong characters, a whole name before a part of one, a name before a code;
/// then organs that exist before closed ones; then the shorter name; then the code. An organ is told once, at its best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is the code.
    Code,
    /// It is the full name.
    Name,
    /// It is the short name.
    ShortName,
    /// It is an alias.
    Alias,
    /// A name or the code begins with it.
    Prefix,
    /// A name contains it.
    Partial,
    /// A name sounds like it: other characters of the same sound, or syllables without tones, the last perhaps unfinished.
    Pinyin,
    /// The syllables of a name begin with its letters.
    Initials,
    /// A name, a part of one or the code is like it but for one character, or two where it has six or more (a code: eight).
    /// Only told where no organ has exactly this code or name.
    Fuzzy,
}

/// An organ that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit<'a> {
    /// The organ.
    pub organ: &'a Organ,
    /// The name or code that matched, as the directory has it.
    pub matched: &'a str,
    /// How it matched.
    pub how: How,
}

/// All that is needed to find an organ of a directory.
#[derive(Debug, Default)]
pub(crate) struct Index {
    alphabet: Alphabet,
    terms: Terms,
    grams: Grams,
    codes: Codes,
    /// By organ: the one above it.
    parents: Vec<Option<u32>>,
}

impl Index {
    /// The index of organs that are sorted by code.
    pub(crate) fn of(organs: &[Organ]) -> Self {
        let mut scribe = Scribe::new();
        let terms = Terms::of(organs, &mut scribe);
        let grams = Grams::of(&terms);
        let parents = organs.iter().map(|organ| number(organs, &organ.parent)).collect();
        Self { alphabet: scribe.finish(), terms, grams, codes: Codes::of(organs), parents }
    }

    /// The best `limit` of the organs, which are the same that the index was made of.
    pub(crate) fn find<'a>(
        &self,
        organs: &'a [Organ],
        query: &str,
        below: Option<&str>,
        limit: usize,
    ) -> Vec<Hit<'a>> {
        let wanted = match below {
            None => vec![true; organs.len()],
            Some(top) => self.under(number(organs, top)),
        };
        let found = Search::new(self, organs, wanted, limit).run(query);
        let hits = found.into_iter().filter_map(|found| {
            let organ = organs.get(place(found.organ))?;
            let matched = found.which.map_or(organ.code.as_str(), |which| name(organ, which));
            Some(Hit { organ, matched, how: found.how })
        });
        hits.collect()
    }

    /// By organ: whether it is `top` or below it.
    fn under(&self, top: Option<u32>) -> Vec<bool> {
        let above = |at: &u32| self.parents.get(place(*at)).copied().flatten();
        let path = |at: u32| std::iter::successors(Some(at), above).take(LEVELS);
        (0..).take(self.parents.len()).map(|at| path(at).any(|at| Some(at) == top)).collect()
    }
}

/// The place of the organ with this code.
fn number(organs: &[Organ], code: &str) -> Option<u32> {
    let at = organs.binary_search_by(|organ| organ.code.as_str().cmp(code)).ok()?;
    u32::try_from(at).ok()
}
