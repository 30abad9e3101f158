//! Names by their sound: pinyin, its first letters, other characters that are read alike.

use std::collections::HashMap;

use pinyin::ToPinyinMulti as _;

use super::text::{Text, add_word};
use super::{Find, Form, Kind};
use crate::mask::stream::{self, Before};

/// The most readings of a name that are looked for.
const MOST_READINGS: usize = 12;
/// A shorter name in Latin letters may be any word (李娥 is `lie`).
const SHORTEST_PINYIN: usize = 6;
/// More letters tell too much of a name to be anything else than a part of it.
const SHORTEST_GIVEN: usize = 4;

/// How a character may be read, in plain letters; ü also as u and yu.
pub(super) fn readings(c: char) -> Vec<String> {
    let plain = c.to_pinyin_multi().into_iter().flatten().map(|reading| reading.plain().replace('ü', "v"));
    let mut readings: Vec<String> = plain.filter(|one| one.bytes().all(|b| b.is_ascii_lowercase())).collect();
    let with_v: Vec<String> = readings.iter().filter(|one| one.contains('v')).cloned().collect();
    readings.extend(with_v.iter().flat_map(|one| [one.replace('v', "u"), one.replace('v', "yu")]));
    readings.sort_unstable();
    readings.dedup();
    readings
}

/// All ways to read some characters.
fn spellings(characters: &str) -> Vec<String> {
    characters.chars().fold(vec![String::new()], |begun, c| {
        let readings = readings(c);
        let longer = begun.iter().flat_map(|begun| readings.iter().map(move |one| format!("{begun}{one}")));
        longer.take(MOST_READINGS).collect()
    })
}

/// The name of a person in pinyin: whole, in either order; the given name; the first letters.
pub(super) fn pinyin(text: &Text, kind: Kind, surname: &str, given: &str, finds: &mut Vec<Find>) {
    let (surnames, givens) = (spellings(surname), spellings(given));
    for given in &givens {
        for surname in &surnames {
            for whole in [format!("{surname}{given}"), format!("{given}{surname}")] {
                let certain = whole.len() >= SHORTEST_PINYIN;
                add_word(&text.latin, &whole, (kind, Form::Pinyin, certain), finds);
            }
        }
        if given.len() >= SHORTEST_GIVEN {
            add_word(&text.latin, given, (kind, Form::Pinyin, false), finds);
        }
    }
    for initials in initials(&format!("{surname}{given}")) {
        letters(text, kind, &initials, finds);
    }
}

/// The first letters of some characters, in every reading.
fn initials(characters: &str) -> Vec<String> {
    characters.chars().fold(vec![String::new()], |begun, c| {
        let mut firsts: Vec<char> = readings(c).iter().filter_map(|reading| reading.chars().next()).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let longer = begun.iter().flat_map(|begun| firsts.iter().map(move |first| format!("{begun}{first}")));
        longer.take(MOST_READINGS).collect()
    })
}

/// First letters, as a word or each apart. Two letters in a row are no name.
fn letters(text: &Text, kind: Kind, initials: &str, finds: &mut Vec<Find>) {
    for at in stream::occurrences(&text.latin, initials) {
        let inner = text.latin.get(at.start + 1..at.end).unwrap_or_default();
        let apart = inner.iter().all(|symbol| symbol.before == Before::Bridge);
        let in_a_row = inner.iter().all(|symbol| symbol.before == Before::Nothing);
        let stands = stream::is_whole_word(&text.latin, &at) && (apart || (in_a_row && inner.len() >= 2));
        if let Some(bytes) = stream::bytes(&text.latin, &at).filter(|_| stands) {
            finds.push(Find { kind, form: Form::Initials, certain: false, bytes });
        }
    }
}

/// The whole name in other characters that are read alike: of a short name, only with the right surname.
pub(super) fn alike(text: &Text, kind: Kind, name: &str, finds: &mut Vec<Find>) {
    let written: Vec<char> = name.chars().collect();
    let sounds: Vec<Vec<String>> = written.iter().map(|c| readings(*c)).collect();
    if written.len() < 2 || sounds.iter().any(Vec::is_empty) {
        return;
    }
    let is_like = |c: char, at: usize| {
        written.get(at) == Some(&c)
            || sounds.get(at).is_some_and(|sounds| readings(c).iter().any(|sound| sounds.contains(sound)))
    };
    // Where in the name a character may stand, found out once for each.
    let mut places = HashMap::<char, Vec<bool>>::new();
    for symbol in &text.words {
        let fits = || (0..written.len()).map(|at| is_like(symbol.ch, at)).collect();
        places.entry(symbol.ch).or_insert_with(fits);
    }
    let same = |c: char, at: usize| places.get(&c).is_some_and(|fits| fits.get(at) == Some(&true));
    for (start, window) in text.words.windows(written.len()).enumerate() {
        let right_surname = window.first().map(|symbol| symbol.ch) == written.first().copied();
        if written.len() == 2 && !right_surname {
            continue;
        }
        let is_alike = window.iter().enumerate().all(|(at, symbol)| same(symbol.ch, at));
        if is_alike && stream::unbroken(window) {
            let bytes = stream::bytes(&text.words, &(start..start + written.len()));
            finds.extend(bytes.map(|bytes| Find { kind, form: Form::Sound, certain: false, bytes }));
        }
    }
}
