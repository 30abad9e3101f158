//! How what the ladder tells goes out, whatever the clock.

use calendar::Calendar;
use jiff::Timestamp;

use crate::choice::choices;
use crate::clause::{Basis, Text};
use crate::read::Table;

choices! {
    /// When people are told of a rung.
    pub enum Sends {
        /// When it fires.
        AtOnce = "at_once",
        /// In the hours on duty of a workday: what fires outside them waits for the next.
        WorkingHours = "working_hours",
    }
}

/// The section `[ladder]`: when people are told of rungs. The rungs themselves fire at their time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderRule {
    /// When.
    pub sends: Sends,
    /// The rule in words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

impl LadderRule {
    pub(crate) fn read(table: &Table<'_>) -> Option<Self> {
        let (sends, text, basis) = (table.choice("sends"), Text::read(table), Basis::read(table));
        table.finish();
        Some(Self { sends: sends?, text: text?, basis: basis? })
    }
}

impl crate::Regulation {
    /// When people are told of rungs; absent: when they fire.
    pub fn ladder_rule(&self) -> Option<&LadderRule> {
        self.clauses().ladder.as_ref()
    }

    /// From when people are told of a rung that fires at `at`.
    pub fn rung_told_from(&self, at: Timestamp, calendar: &Calendar) -> Timestamp {
        let held = self.ladder_rule().is_some_and(|ladder| ladder.sends == Sends::WorkingHours);
        if held { calendar.on_duty_from(at, self.counting()) } else { at }
    }
}
