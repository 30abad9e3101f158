//! A text, read once in each of the ways in which it is searched.

use std::ops::Range;

use super::{Find, Form, Kind};
use crate::mask::stream::{self, Before, Glyph, Rules, Symbol};
use crate::normalize::{digit, is_gap};

/// What people put between the characters of a name: anything but what ends a clause.
const WORDS: Rules = Rules {
    symbol: |c| c.is_alphanumeric().then_some(c),
    bridge: |c| !c.is_alphanumeric() && !",.;:!?，。；：！？、…".contains(c),
    longest_bridge: 8,
};
/// The same with these.
const LOOSE: Rules = Rules { bridge: |c| !c.is_alphanumeric(), ..WORDS };
/// The letters of pinyin, with or without tones.
const LATIN: Rules = Rules { symbol: latin, bridge: |c| !c.is_alphabetic(), longest_bridge: 4 };
/// Digits in whatever script, also where letters stand in for them.
const DIGITS: Rules = Rules { symbol: digit_like, bridge: |c| !c.is_alphanumeric(), longest_bridge: 12 };
/// Letters and digits, numerals as digits.
const PLACES: Rules = Rules {
    symbol: |c| c.is_alphanumeric().then(|| digit(c).unwrap_or(c)),
    bridge: |c| !c.is_alphanumeric(),
    longest_bridge: 6,
};
/// Everything but gaps.
const ACCOUNTS: Rules = Rules { symbol: |c| (!is_gap(c)).then_some(c), bridge: is_gap, longest_bridge: 8 };

/// It.
pub(super) struct Text {
    /// Letters, digits and punctuation as they follow each other, without what is only space.
    pub(super) solid: Vec<Glyph>,
    pub(super) words: Vec<Symbol>,
    pub(super) loose: Vec<Symbol>,
    pub(super) latin: Vec<Symbol>,
    pub(super) digits: Vec<Symbol>,
    pub(super) places: Vec<Symbol>,
    pub(super) accounts: Vec<Symbol>,
}

impl Text {
    pub(super) fn read(text: &str) -> Self {
        let glyphs = stream::glyphs(text);
        let of = |rules| stream::symbols(&glyphs, rules);
        Self {
            words: of(&WORDS),
            loose: of(&LOOSE),
            latin: of(&LATIN),
            digits: of(&DIGITS),
            places: of(&PLACES),
            accounts: of(&ACCOUNTS),
            solid: glyphs.into_iter().filter(|glyph| !is_gap(glyph.ch)).collect(),
        }
    }

    /// The bytes that a stretch of `solid` covers.
    pub(super) fn solid_bytes(&self, at: Range<usize>) -> Option<Range<usize>> {
        let stretch = self.solid.get(at)?;
        Some(stretch.first()?.start..stretch.last()?.end)
    }

    /// The character at a place of `solid`.
    pub(super) fn at(&self, place: usize) -> Option<char> {
        self.solid.get(place).map(|glyph| glyph.ch)
    }

    /// Whether these characters stand at a place of `solid`.
    pub(super) fn stands(&self, place: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.at(place + offset) == Some(c))
    }
}

/// Every place where `pattern` stands in a way of reading.
pub(super) fn add(
    symbols: &[Symbol],
    pattern: &str,
    (kind, form, certain): (Kind, Form, bool),
    finds: &mut Vec<Find>,
) {
    let found = stream::occurrences(symbols, pattern);
    finds.extend(
        found.iter().filter_map(|at| Some(Find { kind, form, certain, bytes: stream::bytes(symbols, at)? })),
    );
}

/// The same as a word of its own, where it is in Latin letters or digits.
pub(super) fn add_word(
    symbols: &[Symbol],
    pattern: &str,
    (kind, form, certain): (Kind, Form, bool),
    finds: &mut Vec<Find>,
) {
    let found = stream::occurrences(symbols, pattern);
    finds.extend(
        found
            .iter()
            .filter(|at| stream::is_whole_word(symbols, at))
            .filter_map(|at| Some(Find { kind, form, certain, bytes: stream::bytes(symbols, at)? })),
    );
}

/// Stretches of digits that nothing interrupts, or nothing but separators.
pub(super) fn runs(symbols: &[Symbol], through_separators: bool) -> Vec<Range<usize>> {
    let mut runs = Vec::<Range<usize>>::new();
    for (at, symbol) in symbols.iter().enumerate() {
        let goes_on = match symbol.before {
            Before::Nothing => true,
            Before::Bridge => through_separators,
            Before::Break => false,
        };
        match runs.last_mut() {
            Some(run) if goes_on => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// A letter without its tone; ü is v.
fn latin(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' => c,
        'ā' | 'á' | 'ǎ' | 'à' => 'a',
        'ē' | 'é' | 'ě' | 'è' => 'e',
        'ī' | 'í' | 'ǐ' | 'ì' => 'i',
        'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
        'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
        _ => return None,
    })
}

fn digit_like(c: char) -> Option<char> {
    match c {
        'o' => Some('0'),
        'l' | 'i' => Some('1'),
        'x' => Some('X'),
        _ => digit(c),
    }
}
