//! Reading a spanned TOML tree, collecting every fault with its line and column.
//!
//! A reader asks a [`Table`] for the keys it knows; [`Table::finish`] then refuses every key that nobody asked
//! for. So a file can never say something that the program silently ignores.

use std::cell::RefCell;
use std::str::FromStr;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::bounds::MAX_FAULTS;
use crate::choice::Choice;
use crate::fault::{Fault, Faults};
use crate::nearest::{one_of, suggest};

/// One file of those that a regulation is read from: an ancestor's, or its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'s> {
    /// The name used in faults.
    pub(crate) file: &'s str,
    /// Its text.
    pub(crate) source: &'s str,
    /// Where its offsets begin: behind those of the pieces before it.
    pub(crate) base: usize,
}

/// Where faults are gathered while one regulation is read.
pub(crate) struct Sink<'s> {
    pieces: &'s [Piece<'s>],
    faults: RefCell<Vec<Fault>>,
}

impl<'s> Sink<'s> {
    /// An empty sink for these files, in the order of their bases; the last is the regulation's own.
    pub(crate) fn new(pieces: &'s [Piece<'s>]) -> Self {
        Self { pieces, faults: RefCell::new(Vec::new()) }
    }

    /// The piece of an offset, and the offset inside it.
    fn piece(&self, at: usize) -> (Option<&'s Piece<'s>>, usize) {
        let piece = self.pieces.iter().rev().find(|piece| piece.base <= at);
        (piece, at - piece.map_or(0, |piece| piece.base))
    }

    /// File, line and column of an offset.
    pub(crate) fn place(&self, at: usize) -> (&'s str, usize, usize) {
        let (piece, inside) = self.piece(at);
        let (file, source) = piece.map_or(("", ""), |piece| (piece.file, piece.source));
        let before = source.get(..inside).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        (file, before.matches('\n').count() + 1, column)
    }

    /// Records a fault at an offset.
    pub(crate) fn push(&self, at: usize, path: &str, message: String, expected: Option<String>) {
        if self.faults.borrow().len() >= MAX_FAULTS {
            return;
        }
        let (file, line, column) = self.place(at);
        let fault = Fault { file: file.to_owned(), line, column, path: path.to_owned(), message, expected };
        self.faults.borrow_mut().push(fault);
    }

    /// The source text between two offsets of one file.
    pub(crate) fn slice(&self, range: std::ops::Range<usize>) -> &'s str {
        let (piece, from) = self.piece(range.start);
        let to = from + range.len();
        piece.and_then(|piece| piece.source.get(from..to)).unwrap_or_default()
    }

    /// The value, unless there is any fault.
    pub(crate) fn result<T>(self, value: Option<T>) -> Result<T, Faults> {
        let faults = self.faults.into_inner();
        match value {
            Some(value) if faults.is_empty() => Ok(value),
            _ if faults.is_empty() => {
                let file = self.pieces.last().map_or("", |piece| piece.file);
                Err(Faults::of_file(file, "the file could not be read".to_owned(), "a regulation"))
            }
            _ => Err(Faults::new(faults)),
        }
    }
}

/// A value with its path and place.
pub(crate) struct Node<'a> {
    pub(crate) sink: &'a Sink<'a>,
    pub(crate) path: String,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Node<'a> {
    /// The value's bytes in the source.
    pub(crate) fn span(&self) -> std::ops::Range<usize> {
        self.value.span()
    }

    /// Records a fault at this value.
    pub(crate) fn fault(&self, message: impl Into<String>, expected: Option<String>) {
        self.sink.push(self.value.span().start, &self.path, message.into(), expected);
    }

    fn wrong_type(&self, expected: &str) {
        self.fault(format!("found {}", self.value.get_ref().type_str()), Some(expected.to_owned()));
    }

    /// Whether it is a string.
    pub(crate) fn is_text(&self) -> bool {
        self.value.get_ref().is_str()
    }

    /// Whether it is an array.
    pub(crate) fn is_array(&self) -> bool {
        self.value.get_ref().is_array()
    }

    /// A string.
    pub(crate) fn string(&self) -> Option<String> {
        let text = self.value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type("a string");
        }
        text.map(str::to_owned)
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self) -> Option<bool> {
        let flag = self.value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type("true or false");
        }
        flag
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&self) -> Option<u32> {
        let number =
            self.value.get_ref().as_integer().and_then(|i| u32::from_str_radix(i.as_str(), i.radix()).ok());
        if number.is_none() {
            self.wrong_type("a whole number that is not negative");
        }
        number
    }

    /// A date.
    pub(crate) fn date(&self) -> Option<Date> {
        let date = match self.value.get_ref() {
            DeValue::Datetime(at) if at.time.is_none() => Date::from_str(&at.to_string()).ok(),
            _ => None,
        };
        if date.is_none() {
            self.wrong_type("a date as 2009-04-01, without quotes");
        }
        date
    }

    /// The elements of an array.
    pub(crate) fn elements(&self) -> Vec<Node<'a>> {
        let Some(array) = self.value.get_ref().as_array() else {
            self.wrong_type("an array");
            return Vec::new();
        };
        let node =
            |(index, value)| Node { sink: self.sink, path: format!("{}[{}]", self.path, index + 1), value };
        array.iter().enumerate().map(node).collect()
    }

    /// The table that this value is.
    pub(crate) fn table(&self) -> Option<Table<'a>> {
        let table = self.value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type("a table");
        }
        table.map(|table| Table::new(self.sink, self.path.clone(), self.value.span().start, table))
    }

    /// One of a closed list of codes.
    pub(crate) fn choice<T: Choice>(&self) -> Option<T> {
        let code = self.string()?;
        let value = T::of(&code);
        if value.is_none() {
            let expected = match suggest(&code, T::CODES.iter().copied()) {
                near if near.starts_with('`') => format!("{near}; {}", one_of(T::CODES.iter().copied())),
                list => list,
            };
            self.fault(format!("unknown `{code}`"), Some(expected));
        }
        value
    }

    /// Anything with a serde form of its own.
    pub(crate) fn deserialized<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        match T::deserialize(toml::de::ValueDeserializer::from(self.value.clone())) {
            Ok(value) => Some(value),
            Err(error) => {
                let at = error.span().unwrap_or_else(|| self.span()).start;
                self.sink.push(at, &self.path, error.message().to_owned(), None);
                None
            }
        }
    }

    /// Anything with a textual form, such as a length of time.
    pub(crate) fn parsed<T: FromStr>(&self, expected: &str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.string()?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(format!("`{text}`: {error}"), Some(expected.to_owned()));
                None
            }
        }
    }
}

/// A table, and the keys that have been asked for so far.
pub(crate) struct Table<'a> {
    pub(crate) sink: &'a Sink<'a>,
    pub(crate) path: String,
    at: usize,
    entries: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    /// A table at a place of the file.
    pub(crate) fn new(sink: &'a Sink<'a>, path: String, at: usize, entries: &'a DeTable<'a>) -> Self {
        Self { sink, path, at, entries, asked: RefCell::new(Vec::new()) }
    }

    /// Records a fault at the head of the table.
    pub(crate) fn fault(&self, message: impl Into<String>, expected: Option<String>) {
        self.sink.push(self.at, &self.path, message.into(), expected);
    }

    /// The file the table stands in, and the line it starts on.
    pub(crate) fn place(&self) -> (String, usize) {
        let (file, line, _) = self.sink.place(self.at);
        (file.to_owned(), line)
    }

    fn child_path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key that may be absent.
    pub(crate) fn get(&self, key: &'static str) -> Option<Node<'a>> {
        self.asked.borrow_mut().push(key);
        let value = self.entries.get(key)?;
        Some(Node { sink: self.sink, path: self.child_path(key), value })
    }

    /// The value of a key that has to be there.
    pub(crate) fn need(&self, key: &'static str, expected: &str) -> Option<Node<'a>> {
        let node = self.get(key);
        if node.is_none() {
            self.fault(format!("`{key}` is missing"), Some(format!("`{key}` = {expected}")));
        }
        node
    }

    /// A required string that is not blank.
    pub(crate) fn string(&self, key: &'static str) -> Option<String> {
        let node = self.need(key, "a string")?;
        let text = node.string()?;
        if text.trim().is_empty() {
            node.fault("empty", Some("some text".to_owned()));
            return None;
        }
        Some(text)
    }

    /// A required code: lower-case letters, digits, `-`, `_` and `.`.
    pub(crate) fn code(&self, key: &'static str) -> Option<String> {
        let code = self.string(key)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if code.len() > 64 || !code.chars().all(plain) {
            let node = self.get(key)?;
            node.fault(format!("`{code}` is no code"), Some("at most 64 of a-z 0-9 - _ .".to_owned()));
            return None;
        }
        Some(code)
    }

    /// A flag, with what its absence means.
    pub(crate) fn flag_or(&self, key: &'static str, absent: bool) -> Option<bool> {
        self.get(key).map_or(Some(absent), |node| node.flag())
    }

    /// A required count.
    pub(crate) fn count(&self, key: &'static str) -> Option<u32> {
        self.need(key, "a whole number")?.count()
    }

    /// A required date.
    pub(crate) fn date(&self, key: &'static str) -> Option<Date> {
        self.need(key, "a date")?.date()
    }

    /// A date that may be absent. As with every optional value, a faulty one is `None` too: the fault is on record,
    /// so that nothing comes of the file.
    pub(crate) fn opt_date(&self, key: &'static str) -> Option<Date> {
        self.get(key)?.date()
    }

    /// A required code of a closed list.
    pub(crate) fn choice<T: Choice>(&self, key: &'static str) -> Option<T> {
        self.need(key, &one_of(T::CODES.iter().copied()))?.choice()
    }

    /// A code of a closed list that may be absent.
    pub(crate) fn opt_choice<T: Choice>(&self, key: &'static str) -> Option<T> {
        self.get(key)?.choice()
    }

    /// A required array of codes of a closed list, with at least one element.
    pub(crate) fn choices<T: Choice>(&self, key: &'static str) -> Option<Vec<T>> {
        let node = self.need(key, &format!("an array of {}", one_of(T::CODES.iter().copied())))?;
        let elements = node.elements();
        if elements.is_empty() {
            node.fault("empty", Some("at least one".to_owned()));
        }
        elements.iter().map(Node::choice).collect::<Option<Vec<T>>>().filter(|all| !all.is_empty())
    }

    /// A required length of time, as `10 workdays`.
    pub(crate) fn length(&self, key: &'static str) -> Option<calendar::Length> {
        self.need(key, LENGTH)?.parsed(LENGTH)
    }

    /// A length of time that may be absent.
    pub(crate) fn opt_length(&self, key: &'static str) -> Option<calendar::Length> {
        self.get(key)?.parsed(LENGTH)
    }

    /// A required table.
    pub(crate) fn table(&self, key: &'static str) -> Option<Table<'a>> {
        self.need(key, "a table")?.table()
    }

    /// The tables of an array of tables; none if the key is absent.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        self.get(key).map_or_else(Vec::new, |node| node.elements().iter().filter_map(Node::table).collect())
    }

    /// Every key with its value, for a table whose keys the file itself declares.
    pub(crate) fn all(&self) -> Vec<(String, Node<'a>)> {
        let mut all = Vec::new();
        for (key, value) in self.entries {
            let path = self.child_path(key.get_ref());
            all.push((key.get_ref().to_string(), Node { sink: self.sink, path, value }));
        }
        all
    }

    /// Refuses every key that has not been asked for.
    pub(crate) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.entries.iter().filter(|(key, _)| !asked.contains(&key.get_ref().as_ref())) {
            let path = self.child_path(key.get_ref());
            let known = suggest(key.get_ref(), asked.iter().copied());
            self.sink.push(key.span().start, &path, format!("unknown key `{}`", key.get_ref()), Some(known));
        }
    }
}

const LENGTH: &str = "a length such as \"10 workdays\", \"30 days\", \"24 hours\" or \"20 minutes\"";
