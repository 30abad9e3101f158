//! The directory as a file: a JSON array, or CSV with a line of names first (4).

use duban_proto::common::v1::{Organ, OrganKind};
use serde::{Deserialize, Serialize};

/// Between several values in one cell.
const SEPARATOR: char = ';';
/// What begins a CSV file for a spreadsheet: that it is UTF-8.
const MARK: char = '\u{feff}';

/// Why a file of organs can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Not the JSON of organs.
    #[error("the directory of organs is not usable (line {line}, column {column})")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// Not the CSV of organs.
    #[error("the directory of organs is not usable (line {line})")]
    Csv {
        /// From 1.
        line: u64,
        /// What is wrong.
        source: csv::Error,
    },
}

/// One organ as a file has it; what else a file says of it ("level") is for readers only.
#[derive(Debug, Serialize, Deserialize)]
struct Entry<List> {
    code: String,
    name: String,
    short_name: String,
    #[serde(default)]
    aliases: List,
    kind: Kind,
    parent: Option<String>,
    leads: Option<String>,
    number_prefix: Option<String>,
    jurisdiction: Option<String>,
    hosted_by: Option<String>,
    successor: Option<String>,
    #[serde(default)]
    split_into: List,
    closed_on: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Centre,
    SubCentre,
    Unit,
    External,
}

/// The organs of a JSON file, parents before children.
pub fn from_json(text: &str) -> Result<Vec<Organ>, FileError> {
    let entries: Vec<Entry<Vec<String>>> = serde_json::from_str(text).map_err(|source| FileError::Json {
        line: source.line(),
        column: source.column(),
        source,
    })?;
    Ok(parents_first(entries.into_iter().map(organ).collect()))
}

/// The organs of a CSV file, parents before children.
pub fn from_csv(text: &str) -> Result<Vec<Organ>, FileError> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let entries = reader.deserialize().map(|entry: Result<Entry<String>, _>| {
        entry.map_err(|source| FileError::Csv {
            line: source.position().map_or(1, csv::Position::line),
            source,
        })
    });
    let entry = |entry: Result<Entry<String>, FileError>| entry.map(|entry| organ(listed(entry)));
    Ok(parents_first(entries.map(entry).collect::<Result<_, _>>()?))
}

/// A JSON file of these organs.
pub fn to_json(organs: &[Organ]) -> Result<String, serde_json::Error> {
    let entries: Vec<Entry<Vec<String>>> = organs.iter().map(entry).collect();
    serde_json::to_string_pretty(&entries)
}

/// A CSV file of these organs.
pub fn to_csv(organs: &[Organ]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for organ in organs {
        writer.serialize(in_cells(entry(organ)))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(format!("{MARK}{}", String::from_utf8_lossy(&bytes)))
}

/// By depth in the tree, as an import wants them.
fn parents_first(mut organs: Vec<Organ>) -> Vec<Organ> {
    let parents: std::collections::BTreeMap<_, _> =
        organs.iter().map(|organ| (organ.code.clone(), organ.parent.clone())).collect();
    // A tree of a few levels; the bound ends a cycle, which the service will then name.
    let depth = |code: &str| {
        let above = std::iter::successors(Some(code), |code| parents.get(*code).map(String::as_str));
        above.take_while(|code| !code.is_empty()).take(32).count()
    };
    organs.sort_by_cached_key(|organ| depth(&organ.code));
    organs
}

/// A spreadsheet takes a cell that begins so for a formula.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t'])
}

/// The same with cells in the place of lists. Text that a spreadsheet would take for a formula gets an apostrophe.
fn in_cells(entry: Entry<Vec<String>>) -> Entry<String> {
    let plain = |text: String| if is_formula(&text) { format!("'{text}") } else { text };
    let some = |text: Option<String>| text.map(plain);
    let list = |values: Vec<String>| plain(values.join(&SEPARATOR.to_string()));
    Entry {
        code: entry.code,
        name: plain(entry.name),
        short_name: plain(entry.short_name),
        aliases: list(entry.aliases),
        kind: entry.kind,
        parent: entry.parent,
        leads: some(entry.leads),
        number_prefix: some(entry.number_prefix),
        jurisdiction: some(entry.jurisdiction),
        hosted_by: some(entry.hosted_by),
        successor: entry.successor,
        split_into: list(entry.split_into),
        closed_on: entry.closed_on,
    }
}

/// The other way round.
fn listed(entry: Entry<String>) -> Entry<Vec<String>> {
    let plain = |text: String| match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest.to_owned(),
        _ => text,
    };
    let some = |text: Option<String>| text.map(plain);
    let list = |cell: String| {
        let cell = plain(cell);
        let values = cell.split(SEPARATOR).map(str::trim);
        values.filter(|value| !value.is_empty()).map(str::to_owned).collect()
    };
    Entry {
        code: entry.code,
        name: plain(entry.name),
        short_name: plain(entry.short_name),
        aliases: list(entry.aliases),
        kind: entry.kind,
        parent: entry.parent,
        leads: some(entry.leads),
        number_prefix: some(entry.number_prefix),
        jurisdiction: some(entry.jurisdiction),
        hosted_by: some(entry.hosted_by),
        successor: entry.successor,
        split_into: list(entry.split_into),
        closed_on: entry.closed_on,
    }
}

fn organ(entry: Entry<Vec<String>>) -> Organ {
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
        hosted_by,
        successor,
        split_into,
        closed_on,
    } = entry;
    let kind = match kind {
        Kind::Centre => OrganKind::Centre,
        Kind::SubCentre => OrganKind::SubCentre,
        Kind::Unit => OrganKind::Unit,
        Kind::External => OrganKind::External,
    };
    Organ {
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
        hosted_by: hosted_by.unwrap_or_default(),
        split_into,
        closed_on: closed_on.unwrap_or_default(),
        version: 0,
    }
}

fn entry(organ: &Organ) -> Entry<Vec<String>> {
    let kind = match organ.kind() {
        OrganKind::Centre => Kind::Centre,
        OrganKind::SubCentre => Kind::SubCentre,
        OrganKind::Unit | OrganKind::Unspecified => Kind::Unit,
        OrganKind::External => Kind::External,
    };
    let Organ {
        code,
        name,
        short_name,
        aliases,
        kind: _,
        parent,
        number_prefix,
        jurisdiction,
        successor,
        led_by,
        hosted_by,
        split_into,
        closed_on,
        version: _,
    } = organ.clone();
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Entry {
        code,
        name,
        short_name,
        aliases,
        kind,
        parent: some(parent),
        leads: some(led_by),
        number_prefix: some(number_prefix),
        jurisdiction: some(jurisdiction),
        hosted_by: some(hosted_by),
        successor: some(successor),
        split_into,
        closed_on: some(closed_on),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organs() -> Vec<Organ> {
        let centre = Organ {
            code: "baoshan".into(),
            name: "受理中心, \"区\"".into(),
            short_name: "中心".into(),
            aliases: vec!["区投诉中心".into(), "监察局".into()],
            kind: OrganKind::Centre.into(),
            number_prefix: "宝效投".into(),
            jurisdiction: "全区\n行政机关".into(),
            led_by: "区人民政府".into(),
            hosted_by: "区监察局".into(),
            ..Organ::default()
        };
        let closed = Organ {
            code: "baoshan.a".into(),
            name: "=HYPERLINK(1)".into(),
            kind: OrganKind::SubCentre.into(),
            parent: "baoshan".into(),
            successor: "baoshan.b".into(),
            split_into: vec!["baoshan.b".into(), "baoshan.c".into()],
            closed_on: "2026-07-01".into(),
            ..Organ::default()
        };
        vec![centre, closed]
    }

    #[test]
    fn what_is_written_is_read_again() {
        let organs = organs();
        assert_eq!(from_json(&to_json(&organs).unwrap()).unwrap(), organs);
        assert_eq!(from_csv(&to_csv(&organs).unwrap()).unwrap(), organs);
    }

    #[test]
    fn a_spreadsheet_takes_no_cell_for_a_formula() {
        assert!(to_csv(&organs()).unwrap().contains("'=HYPERLINK"));
    }

    #[test]
    fn columns_may_stand_in_any_order_and_be_left_out() {
        let text = "kind,parent,name,short_name,code,level,aliases\nunit,b,室,室,b.a,unit,甲;乙; \n";
        let organs = from_csv(text).unwrap();
        let [unit] = organs.as_slice() else { panic!("{organs:?}") };
        assert_eq!((unit.code.as_str(), unit.kind()), ("b.a", OrganKind::Unit));
        assert_eq!(unit.aliases, ["甲", "乙"]);
    }

    #[test]
    fn what_is_no_file_of_organs_is_told_by_its_line() {
        assert!(from_json("[\n{}]").unwrap_err().to_string().contains("line 2"));
        let text = "code,name,short_name,kind,aliases\nb,室,室,unit,\nb.a,室,室,office,\n";
        assert!(from_csv(text).unwrap_err().to_string().contains("line 3"));
    }
}
