//! A text as the symbols that count for one kind of search, each knowing where it stood and what lay before it.

use std::ops::Range;

use crate::normalize;

/// A folded, lower-case character and the bytes of the text it came from.
#[derive(Clone, Copy)]
pub(crate) struct Glyph {
    pub(crate) ch: char,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A glyph that counts in a search.
#[derive(Clone, Copy)]
pub(crate) struct Symbol {
    /// As searched for (numerals as digits, where the search wants that).
    pub(crate) ch: char,
    /// As folded.
    pub(crate) raw: char,
    /// What lies between it and the symbol before.
    pub(crate) before: Before,
    start: usize,
    end: usize,
}

/// What lies between two symbols.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    Nothing,
    /// Something that may stand inside one name or number.
    Bridge,
    /// Something that ends it, or the beginning of the text.
    Break,
}

/// What counts in a search.
pub(crate) struct Rules {
    /// The symbol that a glyph counts as.
    pub(crate) symbol: fn(char) -> Option<char>,
    /// Whether a glyph that does not count may stand between two that belong together.
    pub(crate) bridge: fn(char) -> bool,
    /// How many such glyphs may stand together.
    pub(crate) longest_bridge: usize,
}

pub(crate) fn glyphs(text: &str) -> Vec<Glyph> {
    text.char_indices()
        .flat_map(|(start, c)| {
            let end = start + c.len_utf8();
            let place = move |ch| Glyph { ch, start, end };
            normalize::folded(c).flat_map(char::to_lowercase).map(place)
        })
        .collect()
}

pub(crate) fn symbols(glyphs: &[Glyph], rules: &Rules) -> Vec<Symbol> {
    let mut symbols = Vec::with_capacity(glyphs.len());
    let (mut between, mut broken) = (0, true);
    for &Glyph { ch: raw, start, end } in glyphs {
        if let Some(ch) = (rules.symbol)(raw) {
            let before = match (broken, between) {
                (true, _) => Before::Break,
                (false, 0) => Before::Nothing,
                (false, _) => Before::Bridge,
            };
            symbols.push(Symbol { ch, raw, before, start, end });
            (between, broken) = (0, false);
        } else {
            between += 1;
            broken |= !(rules.bridge)(raw) || between > rules.longest_bridge;
        }
    }
    symbols
}

/// Every place where `pattern` stands in `symbols` without a break, as indexes into `symbols`.
pub(crate) fn occurrences(symbols: &[Symbol], pattern: &str) -> Vec<Range<usize>> {
    let pattern: Vec<char> = pattern.chars().collect();
    if pattern.is_empty() {
        return Vec::new();
    }
    symbols
        .windows(pattern.len())
        .enumerate()
        .filter(|(_, window)| window.iter().map(|s| s.ch).eq(pattern.iter().copied()) && unbroken(window))
        .map(|(at, _)| at..at + pattern.len())
        .collect()
}

/// Whether all of these may belong to one name or number.
pub(crate) fn unbroken(window: &[Symbol]) -> bool {
    window.iter().skip(1).all(|symbol| symbol.before != Before::Break)
}

/// Whether a stretch is no mere part of a longer word in Latin letters or digits.
pub(crate) fn is_whole_word(symbols: &[Symbol], at: &Range<usize>) -> bool {
    let glued = |right: usize| {
        let left = right.checked_sub(1).and_then(|left| symbols.get(left));
        matches!((left, symbols.get(right)), (Some(left), Some(right))
            if right.before == Before::Nothing
                && left.ch.is_ascii_alphanumeric()
                && right.ch.is_ascii_alphanumeric())
    };
    !glued(at.start) && !glued(at.end)
}

/// The bytes of the text that a stretch of symbols covers.
pub(crate) fn bytes(symbols: &[Symbol], at: &Range<usize>) -> Option<Range<usize>> {
    let stretch = symbols.get(at.clone())?;
    Some(stretch.first()?.start..stretch.last()?.end)
}
