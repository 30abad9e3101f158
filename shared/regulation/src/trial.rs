//! What would happen with a complaint, step by step, with dates: the facts come from a file, nothing is kept.

mod steps;

use calendar::Calendar;
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::clause::Language;
use crate::fault::Faults;
use crate::given::Given;
use crate::lineage::tree;
use crate::read::{Piece, Sink, Table};
use crate::regulation::Regulation;

/// The facts of a complaint to be tried: as those of an example (`complaint`, `respondent`, `home`, `case`, `claim`, `breach`)
/// and `start`, when it comes in.
#[derive(Clone, Debug)]
pub struct Trial {
    given: Given,
    start: DateTime,
}

/// One thing that would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When, or by when; none for what has no date.
    pub at: Option<Timestamp>,
    /// It is a date by which something is due.
    pub is_limit: bool,
    /// What, in words.
    pub text: String,
    /// What it rests on, in words.
    pub basis: String,
}

impl Trial {
    /// Reads the facts of a file for a regulation; `file` is the name used in faults.
    pub fn parse(source: &str, file: &str, regulation: &Regulation) -> Result<Self, Faults> {
        let pieces = [Piece { file, source, base: 0 }];
        let sink = Sink::new(&pieces);
        let Some(tree) = tree(source, &sink, 0) else { return sink.result(None) };
        let table = Table::new(&sink, String::new(), 0, &tree);
        let start =
            table.need("start", "a local moment as \"2026-02-10T15:00\"").and_then(|n| n.parsed("a moment"));
        let given = Given::read(&table, Some(regulation.clauses()));
        table.finish();
        let trial = start.map(|start| Self { given, start });
        drop(table);
        sink.result(trial)
    }

    /// What would happen.
    pub fn run(&self, regulation: &Regulation, calendar: &Calendar, language: Language) -> Vec<Step> {
        steps::steps(&self.given, self.start, regulation, calendar, language)
    }
}

impl Step {
    /// The step on one line, its moment local to a zone.
    pub fn line(&self, zone: &jiff::tz::TimeZone) -> String {
        let at = self
            .at
            .map_or_else(String::new, |at| zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string());
        let mark = if self.is_limit { "≤" } else { " " };
        let mark = if self.at.is_none() { " " } else { mark };
        format!("{mark} {at:<16}  {} ({})", self.text, self.basis)
    }
}
