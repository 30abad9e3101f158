//! A regulation laid over the one it extends: what it says replaces, what it does not say stays.
//!
//! Lists are matched element by element, by what each is known by (a code, a stage, an event). An element that the parent
//! does not have is put at the end, or `before` another; one with `left_out = true` is taken out. Every clause that is
//! touched has a `because`. Whether the outcome is allowed is another question: [`crate::tighten`] answers it.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::clause::Text;
use crate::read::{Sink, Table};
use crate::tree::{below, is_identity, is_nested, is_set, listed, show};

/// Something that a regulation has adapted of the one it extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adaptation {
    /// What, as `limit[case].length`.
    pub path: String,
    /// What the parent says; none where it says nothing.
    pub from: Option<String>,
    /// What holds here; none where it was taken out.
    pub to: Option<String>,
    /// Why.
    pub reason: Text,
}

/// Sections that need no reason: who the file is, what is the house's anyway, what tests it.
const WITHOUT_REASON: [&str; 4] = ["format", "regulation", "settings", "example"];
/// What only an overlay says.
const OWN_KEYS: [&str; 3] = ["because", "before", "left_out"];
/// Keys whose change makes the clause's words untrue.
const IN_WORDS: [&str; 4] = ["length", "most", "least_investigators", "cap"];

/// Lays a file over its parent; both trees have the places of the sink.
pub(crate) fn overlay<'s>(
    parent: &DeTable<'s>,
    child: &DeTable<'s>,
    sink: &Sink<'s>,
) -> (DeTable<'s>, Vec<Adaptation>) {
    let mut layer = Layer { sink, adaptations: Vec::new() };
    let mut merged = parent.clone();
    for (key, value) in child {
        let name = key.get_ref().as_ref();
        let reason = if WITHOUT_REASON.contains(&name) { Why::NotNeeded } else { Why::Missing };
        // An identity is not inherited, and so not merged.
        let below_it = (name != "regulation").then(|| merged.get(name)).flatten();
        let value = match below_it {
            Some(under) => layer.value(under, value, name, name, &reason),
            None => layer.new_value(value, name, name, &reason),
        };
        merged.remove(name);
        merged.insert(key.clone(), value);
    }
    (merged, layer.adaptations)
}

/// Why something is otherwise here.
#[derive(Clone)]
enum Why {
    NotNeeded,
    Missing,
    Given(Text),
}

struct Layer<'l, 's> {
    sink: &'l Sink<'s>,
    adaptations: Vec<Adaptation>,
}

impl<'s> Layer<'_, 's> {
    /// What is at a place when a value is laid over another.
    fn value(
        &mut self,
        under: &Spanned<DeValue<'s>>,
        over: &Spanned<DeValue<'s>>,
        path: &str,
        place: &str,
        why: &Why,
    ) -> Spanned<DeValue<'s>> {
        // What an example expects is said anew, not added to.
        let value = match (under.get_ref(), over.get_ref()) {
            (_, new) if path.starts_with("example.") => new.clone(),
            (DeValue::Table(a), DeValue::Table(b)) if is_nested(over.get_ref()) => {
                DeValue::Table(self.table(a, b, over.span().start, path, place, why))
            }
            (a, b) => match (listed(a), listed(b)) {
                (Some(a), Some(b)) => DeValue::Array(self.list(&a, &b, path, place, why)),
                _ => b.clone(),
            },
        };
        Spanned::new(over.span(), value)
    }

    /// A value that the parent does not have, without what only an overlay says.
    fn new_value(
        &mut self,
        value: &Spanned<DeValue<'s>>,
        path: &str,
        place: &str,
        why: &Why,
    ) -> Spanned<DeValue<'s>> {
        let nothing = DeTable::new();
        let fresh = match value.get_ref() {
            DeValue::Table(table) if is_nested(value.get_ref()) => {
                DeValue::Table(self.table(&nothing, table, value.span().start, path, place, why))
            }
            other => match listed(other) {
                Some(elements) => DeValue::Array(self.list(&[], &elements, path, place, why)),
                None => other.clone(),
            },
        };
        Spanned::new(value.span(), fresh)
    }

    fn table(
        &mut self,
        under: &DeTable<'s>,
        over: &DeTable<'s>,
        at: usize,
        path: &str,
        place: &str,
        why: &Why,
    ) -> DeTable<'s> {
        let why = self.why(over, place, why);
        let mut merged = under.clone();
        let mut touched = false;
        for (key, value) in over {
            let name = key.get_ref().as_ref();
            if OWN_KEYS.contains(&name) {
                continue;
            }
            let (path_below, place_below) = (below(path, name), below(place, name));
            if is_set_table(value.get_ref(), "left_out") {
                let reason = self.why_of(value, &place_below, &why);
                self.adapted(&place_below, under.get(name).map(|_| "…".to_owned()), None, &reason);
                merged.remove(name);
                continue;
            }
            let laid = match under.get(name) {
                Some(old) => self.value(old, value, &path_below, &place_below, &why),
                None => self.new_value(value, &path_below, &place_below, &why),
            };
            if !is_nested(value.get_ref()) && !is_identity(over, name) {
                let from = under.get(name).map(|old| show(old.get_ref()));
                let to = show(laid.get_ref());
                if from.as_ref() != Some(&to) {
                    touched = true;
                    if !under.is_empty() {
                        self.adapted(&place_below, from, Some(to), &why);
                    }
                }
            }
            if is_nested(value.get_ref()) && !under.is_empty() && !under.contains_key(name) {
                self.adapted(
                    &place_below,
                    None,
                    Some("…".to_owned()),
                    &self.why_of(value, &place_below, &why),
                );
            }
            merged.remove(name);
            merged.insert(key.clone(), laid);
        }
        if touched && matches!(why, Why::Missing) {
            let expected = "`because.zh` and `because.en`: why it is otherwise here".to_owned();
            self.sink.push(at, place, "adapted without a reason".to_owned(), Some(expected));
        }
        self.words(under, over, at, place);
        merged
    }

    /// A number that changes changes in the clause's words too.
    fn words(&self, under: &DeTable<'s>, over: &DeTable<'s>, at: usize, place: &str) {
        let changed = |key: &&&str| {
            let (old, new) = (under.get(**key), over.get(**key));
            old.zip(new).is_some_and(|(old, new)| show(old.get_ref()) != show(new.get_ref()))
        };
        let Some(key) = IN_WORDS.iter().find(changed) else { return };
        if under.contains_key("zh") && !(over.contains_key("zh") && over.contains_key("en")) {
            let message = format!("`{key}` is otherwise, and the words are the parent's");
            self.sink.push(at, place, message, Some("`zh` and `en` that say it".to_owned()));
        }
    }

    fn list(
        &mut self,
        under: &[(String, &Spanned<DeValue<'s>>)],
        over: &[(String, &Spanned<DeValue<'s>>)],
        path: &str,
        place: &str,
        why: &Why,
    ) -> DeArray<'s> {
        let mut elements: Vec<(String, Spanned<DeValue<'s>>)> =
            under.iter().map(|(id, value)| (id.clone(), (*value).clone())).collect();
        for (id, value) in over {
            let Some(table) = value.get_ref().as_table() else { continue };
            let place = format!("{place}[{id}]");
            let found = elements.iter().position(|(other, _)| other == id);
            if is_set(table, "left_out") {
                let reason = self.why(table, &place, why);
                if matches!(reason, Why::Missing) {
                    let expected = "`because.zh` and `because.en`".to_owned();
                    self.sink.push(
                        value.span().start,
                        &place,
                        "left out without a reason".into(),
                        Some(expected),
                    );
                }
                match found {
                    Some(index) => {
                        elements.remove(index);
                        self.adapted(&place, Some(id.clone()), None, &reason);
                    }
                    None => self.unknown(value.span().start, &place, id),
                }
                continue;
            }
            if let Some((_, old)) = found.and_then(|index| elements.get_mut(index)) {
                let laid = self.value(&old.clone(), value, path, &place, why);
                *old = laid;
            } else {
                let fresh = self.new_value(value, path, &place, why);
                let reason = self.why(table, &place, why);
                self.adapted(&place, None, Some(id.clone()), &reason);
                let index = self.index(table, &elements, &place);
                elements.insert(index, (id.clone(), fresh));
            }
        }
        let mut array = DeArray::new();
        for (_, element) in elements {
            array.push(element);
        }
        array
    }

    /// Where a new element goes: before the one it names, or at the end.
    fn index(&self, table: &DeTable<'s>, elements: &[(String, Spanned<DeValue<'s>>)], place: &str) -> usize {
        let Some(before) = table.get("before") else { return elements.len() };
        let named = before.get_ref().as_str().unwrap_or_default();
        let found = elements.iter().position(|(id, _)| id == named);
        if found.is_none() {
            self.unknown(before.span().start, place, named);
        }
        found.unwrap_or(elements.len())
    }

    fn unknown(&self, at: usize, place: &str, id: &str) {
        self.sink.push(at, place, format!("the parent has no `{id}` here"), Some("one that it has".into()));
    }

    /// The reason given here, or the one around it.
    fn why(&self, table: &DeTable<'s>, place: &str, around: &Why) -> Why {
        let Some(because) = table.get("because") else { return around.clone() };
        let Some(inner) = because.get_ref().as_table() else {
            let expected = "`because.zh` and `because.en`".to_owned();
            self.sink.push(because.span().start, place, "it is no text".to_owned(), Some(expected));
            return Why::NotNeeded;
        };
        // Read with the sink of the caller, so that an empty text is a fault at its place.
        let read = Table::new(self.sink, below(place, "because"), because.span().start, inner);
        let text = Text::read(&read);
        read.finish();
        text.map_or(Why::NotNeeded, Why::Given)
    }

    fn why_of(&self, value: &Spanned<DeValue<'s>>, place: &str, around: &Why) -> Why {
        value.get_ref().as_table().map_or_else(|| around.clone(), |table| self.why(table, place, around))
    }

    fn adapted(&mut self, path: &str, from: Option<String>, to: Option<String>, why: &Why) {
        if let Why::Given(reason) = why {
            let (path, reason) = (path.to_owned(), reason.clone());
            self.adaptations.push(Adaptation { path, from, to, reason });
        }
    }
}

fn is_set_table(value: &DeValue<'_>, key: &str) -> bool {
    value.as_table().is_some_and(|table| is_set(table, key))
}
