//! All clauses of a regulation alike, by their paths: what comparisons of whole files look at.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::read::Sink;
use crate::tree::{below, is_nested, listed, show};

/// A clause with what it says itself, without the clauses inside it.
#[derive(Clone, Debug)]
pub(crate) struct OutlineClause {
    /// Where it is, as `limit[case].extension`.
    pub(crate) path: String,
    /// Its section, as `limit.extension`.
    pub(crate) section: String,
    /// Its keys and values.
    pub(crate) says: BTreeMap<String, Said>,
}

/// A value of a clause.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// In words.
    pub(crate) shown: String,
    /// As the file has it.
    pub(crate) raw: String,
}

/// Sections that are no clauses.
const LEFT_OUT: [&str; 3] = ["format", "regulation", "example"];

impl OutlineClause {
    /// A value in words.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.says.get(key).map(|said| said.shown.as_str())
    }
}

/// The clauses of a tree, in the order of their paths; lists keep theirs.
pub(crate) fn outline(tree: &DeTable<'_>, sink: &Sink<'_>) -> Vec<OutlineClause> {
    let mut outlined = Outline { sink, clauses: Vec::new() };
    for (key, value) in tree {
        let key = key.get_ref().as_ref();
        if !LEFT_OUT.contains(&key) {
            outlined.section(key, key, value);
        }
    }
    outlined.clauses
}

struct Outline<'o> {
    sink: &'o Sink<'o>,
    clauses: Vec<OutlineClause>,
}

impl Outline<'_> {
    fn section(&mut self, path: &str, place: &str, value: &Spanned<DeValue<'_>>) {
        match (value.get_ref(), listed(value.get_ref())) {
            (DeValue::Table(one), _) => self.table(path, place, one),
            (_, Some(elements)) => {
                for (id, element) in elements {
                    if let Some(one) = element.get_ref().as_table() {
                        self.table(&format!("{path}[{id}]"), place, one);
                    }
                }
            }
            // A list whose elements have no names.
            (_, None) => self.push(path, place, BTreeMap::from([("all".to_owned(), self.said(value))])),
        }
    }

    fn table(&mut self, path: &str, place: &str, one: &DeTable<'_>) {
        let mut says = BTreeMap::new();
        for (key, value) in one {
            if !is_nested(value.get_ref()) {
                says.insert(key.get_ref().to_string(), self.said(value));
            }
        }
        if !says.is_empty() {
            self.push(path, place, says);
        }
        for (key, value) in one {
            if is_nested(value.get_ref()) {
                self.section(&below(path, key.get_ref()), &below(place, key.get_ref()), value);
            }
        }
    }

    fn said(&self, value: &Spanned<DeValue<'_>>) -> Said {
        Said { shown: show(value.get_ref()), raw: self.sink.slice(value.span()).to_owned() }
    }

    fn push(&mut self, path: &str, place: &str, says: BTreeMap<String, Said>) {
        self.clauses.push(OutlineClause { path: path.to_owned(), section: place.to_owned(), says });
    }
}
