//! `directory.json`: an array of organs.

use duban_proto::common::v1::{Organ, OrganKind};
use serde::Deserialize;

/// Why a file of organs can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the directory of organs is not usable (line {line}, column {column})")]
pub struct DirectoryFileError {
    /// From 1.
    line: usize,
    /// From 1.
    column: usize,
    /// What is wrong.
    source: serde_json::Error,
}

/// One organ as the file has it; `level` is for readers only.
#[derive(Deserialize)]
struct Entry {
    code: String,
    name: String,
    short_name: String,
    #[serde(default)]
    aliases: Vec<String>,
    kind: Kind,
    parent: Option<String>,
    leads: Option<String>,
    number_prefix: Option<String>,
    jurisdiction: Option<String>,
    successor: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Centre,
    SubCentre,
    Unit,
    External,
}

/// The organs of such a file, parents before children.
pub fn organs(text: &str) -> Result<Vec<Organ>, DirectoryFileError> {
    let entries: Vec<Entry> = serde_json::from_str(text).map_err(|source| DirectoryFileError {
        line: source.line(),
        column: source.column(),
        source,
    })?;
    let mut organs: Vec<Organ> = entries.into_iter().map(Organ::from).collect();
    let parents: std::collections::BTreeMap<_, _> =
        organs.iter().map(|organ| (organ.code.clone(), organ.parent.clone())).collect();
    // A tree of a few levels; the bound ends a cycle, which the service will then name.
    let depth = |code: &str| {
        let above = std::iter::successors(Some(code), |code| parents.get(*code).map(String::as_str));
        above.take_while(|code| !code.is_empty()).take(32).count()
    };
    organs.sort_by_cached_key(|organ| depth(&organ.code));
    Ok(organs)
}

impl From<Entry> for Organ {
    fn from(entry: Entry) -> Self {
        let Entry {
            code,
            name,
            short_name,
            aliases,
            kind,
            parent,
            leads,
            number_prefix,
            jurisdiction,
            successor,
        } = entry;
        let kind = match kind {
            Kind::Centre => OrganKind::Centre,
            Kind::SubCentre => OrganKind::SubCentre,
            Kind::Unit => OrganKind::Unit,
            Kind::External => OrganKind::External,
        };
        Self {
            code,
            name,
            short_name,
            aliases,
            kind: kind.into(),
            parent: parent.unwrap_or_default(),
            number_prefix: number_prefix.unwrap_or_default(),
            jurisdiction: jurisdiction.unwrap_or_default(),
            successor: successor.unwrap_or_default(),
            led_by: leads.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_organs_come_parents_first() {
        let organs = organs(super::super::DIRECTORY).unwrap();
        assert_eq!(organs.len(), 98);
        for (place, organ) in organs.iter().enumerate() {
            let before = organs.iter().take(place).any(|above| above.code == organ.parent);
            assert!(organ.parent.is_empty() || before, "{}", organ.code);
        }
    }

    #[test]
    fn a_file_that_is_none_is_told_by_line_and_column() {
        let error = super::organs("[\n{}]").unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
