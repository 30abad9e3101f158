//! Texts with named places, as `{number}`; the names are checked when the file is loaded.

use crate::clause::Language;
use crate::nearest::suggest;
use crate::read::{Node, Table};

/// A text in two languages with named places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    zh: Vec<Part>,
    en: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(String),
    Place(String),
}

/// A place of a template for which nothing was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing is given for `{{{place}}}`")]
pub struct MissingPlace {
    /// The name of the place.
    pub place: String,
}

impl Template {
    /// Fills every place from the fields given; fields without a place are left out.
    pub fn render(&self, language: Language, fields: &[(&str, &str)]) -> Result<String, MissingPlace> {
        let parts = match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        };
        fill(parts, fields)
    }

    /// The names of the places, each once.
    pub fn places(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.zh.iter().chain(&self.en).filter_map(Part::place).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The text as the file has it.
    pub fn source(&self, language: Language) -> String {
        let parts = if language == Language::Zh { &self.zh } else { &self.en };
        let text = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Place(place) => format!("{{{place}}}"),
        };
        parts.iter().map(text).collect()
    }

    /// Reads `zh` and `en`, with these places admitted.
    pub(crate) fn read(table: &Table<'_>, places: &[&str]) -> Option<Self> {
        let one = |key| table.need(key, "a text").and_then(|node| parts(&node, places));
        let (zh, en) = (one("zh"), one("en"));
        Some(Self { zh: zh?, en: en? })
    }
}

impl Part {
    fn place(&self) -> Option<&str> {
        match self {
            Self::Place(place) => Some(place),
            Self::Words(_) => None,
        }
    }
}

/// Kinds of numbers given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    parts: Vec<Part>,
}

impl Numbering {
    /// The places a number has: the organ's own prefix, the year, the number within it.
    const PLACES: [&'static str; 3] = ["prefix", "year", "number"];

    /// The number in full, as `宝效投〔2026〕123号`; without leading zeros.
    pub fn render(&self, prefix: &str, year: i16, number: u64) -> String {
        let (year, number) = (year.to_string(), number.to_string());
        // Only the three places exist, so nothing can be missing.
        fill(&self.parts, &[("prefix", prefix), ("year", &year), ("number", &number)]).unwrap_or_default()
    }

    /// The year and the number in it of a number that was given out by this template; none of another one's.
    pub fn parse(&self, prefix: &str, number: &str) -> Option<(i16, u64)> {
        let (mut rest, mut year, mut ordinal) = (number, None, None);
        for part in &self.parts {
            let literal = match part {
                Part::Words(words) => words,
                Part::Place(place) if place == "prefix" => prefix,
                Part::Place(place) => {
                    // A year has four digits, also where the number follows at once.
                    let most = if place == "year" { 4 } else { 10 };
                    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
                    let (value, after) = rest.split_at(digits);
                    if place == "year" {
                        year = value.parse().ok();
                    } else {
                        ordinal = value.parse().ok();
                    }
                    rest = after;
                    continue;
                }
            };
            rest = rest.strip_prefix(literal)?;
        }
        let (year, ordinal) = (year?, ordinal?);
        (ordinal > 0 && self.render(prefix, year, ordinal) == number).then_some((year, ordinal))
    }

    /// Reads the template under a key; year and number have to be in it, or numbers would repeat.
    pub(crate) fn read(table: &Table<'_>, key: &'static str) -> Option<Self> {
        let node = table.need(key, "a template as \"{prefix}〔{year}〕{number}号\"")?;
        let parts = parts(&node, &Self::PLACES)?;
        for place in Self::PLACES {
            if !parts.iter().any(|part| part.place() == Some(place)) {
                node.fault(format!("`{{{place}}}` is missing"), Some("prefix, year and number".into()));
                return None;
            }
        }
        Some(Self { parts })
    }
}

/// How the forms of one kind are numbered within a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormNumber {
    parts: Vec<Part>,
}

impl FormNumber {
    /// The places it has: the number of the case, and the how manieth of its kind it is.
    const PLACES: [&'static str; 2] = ["number", "ordinal"];

    /// The number in full, as `宝效投〔2026〕123号(转1)`.
    pub fn render(&self, number: &str, ordinal: u32) -> String {
        // Only the two places exist, so nothing can be missing.
        fill(&self.parts, &[("number", number), ("ordinal", &ordinal.to_string())]).unwrap_or_default()
    }

    /// Reads the template; without both places numbers would repeat.
    pub(crate) fn read(node: &Node<'_>) -> Option<Self> {
        let parts = parts(node, &Self::PLACES)?;
        if Self::PLACES.iter().all(|place| parts.iter().any(|part| part.place() == Some(place))) {
            return Some(Self { parts });
        }
        node.fault("it does not tell two forms apart", Some("`{number}` and `{ordinal}`".into()));
        None
    }
}

fn fill(parts: &[Part], fields: &[(&str, &str)]) -> Result<String, MissingPlace> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Words(words) => text.push_str(words),
            Part::Place(place) => match fields.iter().find(|(name, _)| name == place) {
                Some((_, value)) => text.push_str(value),
                None => return Err(MissingPlace { place: place.clone() }),
            },
        }
    }
    Ok(text)
}

fn parts(node: &Node<'_>, places: &[&str]) -> Option<Vec<Part>> {
    let text = node.string()?;
    let mut parts = Vec::new();
    let mut rest = text.as_str();
    while let Some((words, after)) = rest.split_once('{') {
        let Some((place, after)) = after.split_once('}') else {
            node.fault("a `{` without its `}`", None);
            return None;
        };
        if !places.contains(&place) {
            let known = suggest(place, places.iter().copied());
            node.fault(format!("unknown place `{{{place}}}`"), Some(known));
            return None;
        }
        parts.push(Part::Words(words.to_owned()));
        parts.push(Part::Place(place.to_owned()));
        rest = after;
    }
    if text.trim().is_empty() {
        node.fault("empty", Some("some text".into()));
        return None;
    }
    parts.push(Part::Words(rest.to_owned()));
    Some(parts)
}
