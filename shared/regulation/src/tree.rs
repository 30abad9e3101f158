//! The tree of a regulation file and its clauses, for what looks at all of them alike: overlays, comparisons, outlines.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The keys by which an element of a list is known, the first that it has.
const IDENTITIES: [&str; 7] = ["code", "stage", "kind", "event", "of", "field", "name"];

/// The same tree with every place `base` further on, behind the files that are read with it.
pub(crate) fn shifted<'s>(table: &DeTable<'s>, base: usize) -> DeTable<'s> {
    let moved = |range: Range<usize>| range.start + base..range.end + base;
    let mut shifted_table = DeTable::new();
    for (key, value) in table {
        let key_there = Spanned::new(moved(key.span()), key.get_ref().clone());
        shifted_table.insert(key_there, shifted_value(value, base));
    }
    shifted_table
}

fn shifted_value<'s>(value: &Spanned<DeValue<'s>>, base: usize) -> Spanned<DeValue<'s>> {
    let there = match value.get_ref() {
        DeValue::Table(table) => DeValue::Table(shifted(table, base)),
        DeValue::Array(array) => {
            let mut elements = DeArray::new();
            for element in array {
                elements.push(shifted_value(element, base));
            }
            DeValue::Array(elements)
        }
        other => other.clone(),
    };
    Spanned::new(value.span().start + base..value.span().end + base, there)
}

/// The tables of an array that holds nothing else, each with its identity; none for any other value.
pub(crate) fn listed<'t, 's>(value: &'t DeValue<'s>) -> Option<Vec<(String, &'t Spanned<DeValue<'s>>)>> {
    let array = value.as_array().filter(|array| !array.is_empty())?;
    array.iter().map(|element| Some((identity(element.get_ref().as_table()?)?, element))).collect()
}

/// What an element of a list is known by.
pub(crate) fn identity(table: &DeTable<'_>) -> Option<String> {
    IDENTITIES.iter().find_map(|key| table.get(*key)?.get_ref().as_str().map(str::to_owned))
}

/// Whether a key is what the element is known by.
pub(crate) fn is_identity(table: &DeTable<'_>, key: &str) -> bool {
    IDENTITIES.iter().find(|known| table.contains_key(**known)).is_some_and(|known| *known == key)
}

/// Whether a flag is set.
pub(crate) fn is_set(table: &DeTable<'_>, key: &str) -> bool {
    table.get(key).is_some_and(|value| value.get_ref().as_bool() == Some(true))
}

/// Whether a value holds clauses of its own, rather than being a part of the one it stands in.
pub(crate) fn is_nested(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Table(table) => !is_text(table),
        value => listed(value).is_some(),
    }
}

/// A text in two languages, as `title.zh` and `title.en`, is a part of its clause.
fn is_text(table: &DeTable<'_>) -> bool {
    table.contains_key("zh") && table.keys().all(|key| ["zh", "en"].contains(&key.get_ref().as_ref()))
}

/// A value as a file would have it, on one line.
pub(crate) fn show(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.clone().into_owned(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(array) => {
            let elements: Vec<_> = array.iter().map(|element| show(element.get_ref())).collect();
            format!("[{}]", elements.join(", "))
        }
        DeValue::Table(table) => {
            let entries: Vec<_> = table
                .iter()
                .map(|(key, value)| format!("{} = {}", key.get_ref(), show(value.get_ref())))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// The path of a key below a path.
pub(crate) fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
