//! Telephone and identity numbers: the complainant's in any disguise, and anybody's in a plain one.

use std::ops::Range;

use super::{
    Find, Kind,
    stream::{self, Before, Glyph, Rules, Symbol},
};
use crate::{
    Identity,
    normalize::{self, digit},
};

/// Shorter numbers (12345, an extension) say nothing about a person.
const SHORTEST_PHONE: usize = 7;

/// For a number that is known: whatever stands between its digits, as long as it is no letter or character.
const KNOWN_PHONE: Rules = Rules { symbol: digit, bridge: |c| !c.is_alphanumeric(), longest_bridge: 8 };
const KNOWN_ID: Rules = Rules { symbol: digit_or_x, ..KNOWN_PHONE };

/// For any number: the separators that people use in one.
const ANY: Rules = Rules {
    symbol: digit_or_x,
    bridge: |c| normalize::is_gap(c) || "-‐‑‒–—.·•_/()".contains(c),
    longest_bridge: 2,
};

pub(super) fn find(glyphs: &[Glyph], identity: &Identity) -> Vec<Find> {
    let symbols = stream::symbols(glyphs, &KNOWN_PHONE);
    let phones = identity.phones.iter().flat_map(|phone| phone_forms(phone));
    let mut finds: Vec<Find> = phones
        .flat_map(|phone| stream::occurrences(&symbols, &phone))
        .filter_map(|at| found(&symbols, Kind::Phone, &with_country_code(&symbols, at)))
        .collect();
    let symbols = stream::symbols(glyphs, &KNOWN_ID);
    let numbers = id_forms(&identity.id_number);
    finds.extend(
        numbers
            .iter()
            .flat_map(|number| stream::occurrences(&symbols, number))
            .filter_map(|at| found(&symbols, Kind::IdNumber, &at)),
    );
    finds.extend(anybodys(glyphs));
    finds
}

/// The number, and a landline number also without its area code.
pub(crate) fn phone_forms(raw: &str) -> Vec<String> {
    let full = normalize::phone(raw);
    let area = match full.as_bytes() {
        [b'0', b'1' | b'2', ..] => 3,
        [b'0', ..] => 4,
        _ => 0,
    };
    let local = full.get(area..).unwrap_or_default().to_owned();
    let mut forms = vec![full, local];
    forms.retain(|form| form.len() >= SHORTEST_PHONE);
    forms.dedup();
    forms
}

/// The number, and what it was when it had 15 digits.
pub(crate) fn id_forms(raw: &str) -> Vec<String> {
    let full = normalize::id_number(raw);
    let old = (full.len() == 18).then(|| Some(format!("{}{}", full.get(..6)?, full.get(8..17)?))).flatten();
    let mut forms: Vec<_> = [Some(full), old].into_iter().flatten().collect();
    forms.retain(|form| form.len() >= SHORTEST_PHONE);
    forms
}

/// Any mainland mobile number and any resident identity number, standing as a number of its own.
fn anybodys(glyphs: &[Glyph]) -> Vec<Find> {
    let symbols = stream::symbols(glyphs, &ANY);
    let starts = (0..symbols.len()).filter(|&at| starts_number(&symbols, at));
    starts
        .flat_map(|start| [11, 12, 13, 15, 18].map(|length| start..start + length))
        .filter(|at| starts_number(&symbols, at.end))
        .filter_map(|at| {
            let window = symbols.get(at.clone()).filter(|window| stream::unbroken(window))?;
            let kind = kind_of(&window.iter().map(|symbol| symbol.ch).collect::<String>())?;
            found(&symbols, kind, &with_country_code(&symbols, at))
        })
        .collect()
}

fn kind_of(number: &str) -> Option<Kind> {
    let is_phone = !number.contains('X') && normalize::is_mobile(&normalize::phone(number));
    match number.len() {
        18 => normalize::is_plausible_id_number(number).then_some(Kind::IdNumber),
        _ => is_phone.then_some(Kind::Phone),
    }
}

/// Whether a number may start here (or one that ended before may end): not amid digits of one script.
fn starts_number(symbols: &[Symbol], at: usize) -> bool {
    let Some(symbol) = symbols.get(at) else { return at == symbols.len() };
    let Some(last) = at.checked_sub(1).and_then(|last| symbols.get(last)) else { return true };
    symbol.before != Before::Nothing || last.raw.is_ascii_digit() != symbol.raw.is_ascii_digit()
}

/// The stretch, lengthened to the left over 0086, 86 or 0.
fn with_country_code(symbols: &[Symbol], at: Range<usize>) -> Range<usize> {
    ["0086", "86", "0"]
        .iter()
        .find_map(|code| {
            let start = at.start.checked_sub(code.len())?;
            let window = symbols.get(start..=at.start)?;
            let is_code = window.iter().map(|symbol| symbol.ch).zip(code.chars()).all(|(a, b)| a == b);
            (is_code && stream::unbroken(window)).then_some(start..at.end)
        })
        .unwrap_or(at)
}

fn found(symbols: &[Symbol], kind: Kind, at: &Range<usize>) -> Option<Find> {
    Some((kind, stream::bytes(symbols, at)?))
}

fn digit_or_x(c: char) -> Option<char> {
    if c == 'x' { Some('X') } else { digit(c) }
}
