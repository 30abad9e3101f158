//! Whatever tells of the complainant in a text that goes to the respondent (article 15).
//!
//! [`check`] finds the identity in every spelling, whole and in parts, and what tells who it was in another way: the day
//! and window of a visit, a licence plate, a number or a passage of the complainant's own original. What leaves no doubt is
//! [`certain`](Finding::certain); everything else is a warning, for a person to judge. The time it takes grows with the
//! length of the text, whatever the text is.

mod name;
mod number;
mod occasion;
mod original;
mod place;
mod sound;
mod text;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use crate::{Identity, mask};
use text::Text;

/// What a finding tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The complainant's name.
    Name,
    /// The name of who speaks for the complainant.
    Representative,
    /// A telephone number.
    Phone,
    /// The resident identity number.
    IdNumber,
    /// The e-mail address.
    Email,
    /// The WeChat name.
    Wechat,
    /// The work unit.
    WorkUnit,
    /// The address.
    Address,
    /// The day and the window of a visit.
    Occasion,
    /// A licence plate, anybody's.
    Plate,
    /// A number that stands in the original: of a contract, a case, a receipt.
    Reference,
    /// A passage of the original, word for word.
    Passage,
}

/// In which form it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// Whole, in whatever spelling.
    Whole,
    /// A part of it: the given name, the street, the house.
    Part,
    /// The surname with a title, or with 某.
    Titled,
    /// With characters left out: 章×序.
    Blanked,
    /// In Latin letters.
    Pinyin,
    /// The first letters of the pinyin.
    Initials,
    /// Other characters of the same sound.
    Sound,
    /// A short form of it.
    Short,
    /// Its last digits.
    LastDigits,
    /// The date of birth.
    BirthDate,
    /// Two things that together tell who it was.
    Together,
    /// As it stands in the original.
    AsWritten,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it tells.
    pub kind: Kind,
    /// In which form.
    pub form: Form,
    /// There is no doubt that it tells of the complainant; otherwise a person has to judge.
    pub certain: bool,
    /// Where, in characters (Unicode scalar values, as on the wire).
    pub chars: Range<usize>,
}

/// What a text is checked against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Against<'a> {
    /// Who complains; absent finds nobody.
    pub identity: Option<&'a Identity>,
    /// The complainant is a legal person or another organisation: its name is that of a unit.
    pub is_unit: bool,
    /// Who speaks for it; may be empty.
    pub representative: &'a str,
    /// The names of the persons complained about: a surname that they share is not the complainant's alone.
    pub respondents: &'a [String],
    /// Units that a text may name anyway: those complained about, and those that handle the case. A complainant's own among
    /// them is a warning.
    pub expected_units: &'a [String],
    /// The narrative as received; empty looks for nothing of it.
    pub original: &'a str,
    /// From how many characters on a passage of the original is told; 0 tells none.
    pub passage: usize,
}

/// The most findings that are told; certain ones come first.
const MOST: usize = 1000;

/// A find, before it is placed: in bytes.
struct Find {
    kind: Kind,
    form: Form,
    certain: bool,
    bytes: Range<usize>,
}

/// What tells of the complainant in `text`, in the order in which it stands there. What lies within a finding of its kind
/// that is as certain is not told apart.
pub fn check(text: &str, against: &Against<'_>) -> Vec<Finding> {
    let read = Text::read(text);
    let mut finds = Vec::new();
    if let Some(identity) = against.identity {
        if against.is_unit {
            place::unit(&read, Kind::Name, &identity.name, against.expected_units, &mut finds);
        } else {
            name::person(&read, Kind::Name, &identity.name, against.respondents, &mut finds);
        }
        name::person(&read, Kind::Representative, against.representative, against.respondents, &mut finds);
        name::accounts(&read, identity, &mut finds);
        number::find(&read, identity, &mut finds);
        place::unit(&read, Kind::WorkUnit, &identity.work_unit, against.expected_units, &mut finds);
        place::address(&read, &identity.address, against.expected_units, &mut finds);
    }
    occasion::find(&read, &mut finds);
    original::find(&read, against.original, against.passage, &mut finds);
    placed(text, without_contained(finds))
}

/// The text with every certain finding replaced by what stands for it in a working copy.
pub fn black_out(text: &str, findings: &[Finding]) -> String {
    let mut certain: Vec<&Finding> = findings.iter().filter(|finding| finding.certain).collect();
    certain.sort_by_key(|finding| finding.chars.start);
    let mut certain = certain.into_iter().peekable();
    let (mut copy, mut hidden_to) = (String::with_capacity(text.len()), 0);
    for (at, c) in text.chars().enumerate() {
        while let Some(finding) = certain.next_if(|finding| finding.chars.start <= at) {
            if at >= hidden_to && finding.chars.end > at {
                copy.push_str(marker(finding.kind));
            }
            hidden_to = finding.chars.end.max(hidden_to);
        }
        if at >= hidden_to {
            copy.push(c);
        }
    }
    copy
}

fn marker(kind: Kind) -> &'static str {
    let hides = match kind {
        Kind::Phone => mask::Kind::Phone,
        Kind::IdNumber => mask::Kind::IdNumber,
        Kind::Email => mask::Kind::Email,
        Kind::Wechat => mask::Kind::Wechat,
        Kind::WorkUnit => mask::Kind::Unit,
        Kind::Address => mask::Kind::Address,
        _ => mask::Kind::FullName,
    };
    hides.marker()
}

/// Drops what lies within a find of the same kind that is at least as certain.
fn without_contained(mut finds: Vec<Find>) -> Vec<Find> {
    finds.sort_by_key(|find| (find.bytes.start, Reverse(find.bytes.end), !find.certain));
    let mut reach = HashMap::<(Kind, bool), usize>::new();
    finds.retain(|find| {
        let within = |certain| reach.get(&(find.kind, certain)).is_some_and(|end| find.bytes.end <= *end);
        if within(true) || (!find.certain && within(false)) {
            return false;
        }
        let end = reach.entry((find.kind, find.certain)).or_default();
        *end = find.bytes.end.max(*end);
        true
    });
    finds.sort_by_key(|find| (!find.certain, find.bytes.start));
    finds.truncate(MOST);
    finds
}

/// With their places in characters, in order.
fn placed(text: &str, finds: Vec<Find>) -> Vec<Finding> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let char_at = |byte: usize| starts.partition_point(|start| *start < byte);
    let mut findings: Vec<Finding> = finds
        .into_iter()
        .map(|Find { kind, form, certain, bytes }| Finding {
            kind,
            form,
            certain,
            chars: char_at(bytes.start)..char_at(bytes.end),
        })
        .collect();
    findings.sort_by_key(|finding| (finding.chars.start, Reverse(finding.chars.end)));
    findings
}
