//! What a text has from the complainant's own narrative: numbers of papers, and passages word for word.

use std::collections::HashSet;
use std::ops::Range;

use super::text::Text;
use super::{Find, Form, Kind};
use crate::mask::stream::{self, Symbol};

/// A shorter number stands on many papers.
const SHORTEST: usize = 6;
/// So does one of fewer digits.
const LEAST_DIGITS: usize = 4;

pub(super) fn find(text: &Text, original: &str, passage: usize, finds: &mut Vec<Find>) {
    if original.is_empty() {
        return;
    }
    let original = Text::read(original);
    numbers(text, &original, finds);
    passages(text, &original, passage, finds);
}

/// Numbers of contracts, cases and receipts that stand in both.
fn numbers(text: &Text, original: &Text, finds: &mut Vec<Find>) {
    let known: HashSet<String> = papers(original).into_iter().map(|(_, number)| number).collect();
    for (at, number) in papers(text) {
        if known.contains(&number) {
            finds.extend(text.solid_bytes(at).map(|bytes| Find {
                kind: Kind::Reference,
                form: Form::AsWritten,
                certain: false,
                bytes,
            }));
        }
    }
}

/// Stretches of letters and digits, with what stands inside such numbers, that have enough digits.
fn papers(text: &Text) -> Vec<(Range<usize>, String)> {
    let inside = |c: char| c.is_ascii_alphanumeric() || "-_/.〔〕()[]【】第字初终民刑行执号".contains(c);
    let (mut papers, mut at) = (Vec::new(), 0);
    while at < text.solid.len() {
        let start = at;
        let mut number = String::new();
        while let Some(c) = text.at(at).filter(|c| inside(*c)) {
            number.extend(Some(c).filter(char::is_ascii_alphanumeric));
            at += 1;
        }
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if number.len() >= SHORTEST && digits >= LEAST_DIGITS {
            papers.push((start..at, number));
        }
        at = at.max(start + 1);
    }
    papers
}

/// Passages of at least `length` letters and digits that stand in both.
fn passages(text: &Text, original: &Text, length: usize, finds: &mut Vec<Find>) {
    if length == 0 {
        return;
    }
    let places: HashSet<u64> = windows(&original.places, length).map(|(_, hash)| hash).collect();
    let mut run: Option<Range<usize>> = None;
    let mut close = |run: Option<Range<usize>>| {
        let bytes = run.and_then(|run| stream::bytes(&text.places, &run));
        let find = |bytes| Find { kind: Kind::Passage, form: Form::AsWritten, certain: false, bytes };
        finds.extend(bytes.map(find));
    };
    for (at, hash) in windows(&text.places, length) {
        if !places.contains(&hash) {
            continue;
        }
        match &mut run {
            Some(run) if at <= run.end => run.end = at + length,
            _ => close(run.replace(at..at + length)),
        }
    }
    close(run);
}

/// Each stretch of `length` symbols by its place and a hash of it, rolled along.
fn windows(symbols: &[Symbol], length: usize) -> impl Iterator<Item = (usize, u64)> {
    const BASE: u64 = 0x0000_0100_0000_01b3;
    let first = symbols.iter().take(length).fold(0, |hash: u64, symbol| step(hash, BASE, symbol.ch));
    let power = (1..length).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = first;
    (0..(symbols.len() + 1).saturating_sub(length)).map(move |at| {
        if let (true, Some(gone), Some(new)) =
            (at > 0, symbols.get(at.wrapping_sub(1)), symbols.get(at + length - 1))
        {
            let without = hash.wrapping_sub(value(gone.ch).wrapping_mul(power));
            hash = step(without, BASE, new.ch);
        }
        (at, hash)
    })
}

fn step(hash: u64, base: u64, c: char) -> u64 {
    hash.wrapping_mul(base).wrapping_add(value(c))
}

/// A character, spread over 64 bits.
fn value(c: char) -> u64 {
    (u64::from(u32::from(c)) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
