//! Telephone and identity numbers: whole in any disguise, by their last digits, by the date of birth.

use super::occasion::{self, Date};
use super::text::{Text, add, runs};
use super::{Find, Form, Kind};
use crate::mask::number::{id_forms, phone_forms};
use crate::mask::stream;
use crate::{Identity, normalize};

/// How many last digits tell which number is meant.
const LAST: [usize; 3] = [4, 5, 6];

pub(super) fn find(text: &Text, identity: &Identity, finds: &mut Vec<Find>) {
    for phone in &identity.phones {
        for form in phone_forms(phone) {
            add(&text.digits, &form, (Kind::Phone, Form::Whole, true), finds);
        }
    }
    let numbers = id_forms(&identity.id_number);
    for number in &numbers {
        add(&text.digits, number, (Kind::IdNumber, Form::Whole, true), finds);
    }
    last_digits(text, identity, finds);
    birth_date(text, numbers.first().map_or("", String::as_str), finds);
}

/// A number of its own that is the end of one.
fn last_digits(text: &Text, identity: &Identity, finds: &mut Vec<Find>) {
    let phones = identity.phones.iter().map(|phone| (Kind::Phone, normalize::phone(phone)));
    let numbers: Vec<(Kind, String)> =
        phones.chain([(Kind::IdNumber, normalize::id_number(&identity.id_number))]).collect();
    let ends: Vec<(Kind, &str)> = numbers
        .iter()
        .filter(|(_, number)| number.len() > 6)
        .flat_map(|(kind, number)| {
            LAST.map(|count| (*kind, number.get(number.len() - count..).unwrap_or_default()))
        })
        .collect();
    for run in [runs(&text.digits, false), runs(&text.digits, true)].concat() {
        let digits: String = match text.digits.get(run.clone()) {
            Some(symbols) if LAST.contains(&symbols.len()) => {
                symbols.iter().map(|symbol| symbol.ch).collect()
            }
            _ => continue,
        };
        for (kind, _) in ends.iter().filter(|(_, end)| *end == digits) {
            let bytes = stream::bytes(&text.digits, &run);
            finds.extend(bytes.map(|bytes| Find {
                kind: *kind,
                form: Form::LastDigits,
                certain: false,
                bytes,
            }));
        }
    }
}

/// The day of birth that an identity number tells.
fn birth_date(text: &Text, number: &str, finds: &mut Vec<Find>) {
    let part = |at: std::ops::Range<usize>| number.get(at).and_then(|part| part.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (part(6..10), part(10..12), part(12..14)) else { return };
    let born = Date { year: Some(year), month, day };
    let found = occasion::days(text).into_iter().filter(|(_, told)| *told == Some(born));
    finds.extend(found.filter_map(|(at, _)| {
        let bytes = text.solid_bytes(at)?;
        Some(Find { kind: Kind::IdNumber, form: Form::BirthDate, certain: false, bytes })
    }));
}
