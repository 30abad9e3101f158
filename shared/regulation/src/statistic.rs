//! Statistics that a regulation asks for: how often, by what, and whether they are made public.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use crate::choice::choices;
use crate::clause::{Basis, Text, take_code};
use crate::read::{Node, Table};

choices! {
    /// How often figures are drawn up.
    pub enum Every {
        /// From Monday to Sunday.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// Three months, from January on.
        Quarter = "quarter",
        /// A calendar year.
        Year = "year",
    }
}

choices! {
    /// By what cases are counted.
    pub enum Dimension {
        /// The channel it came by.
        Channel = "channel",
        /// The ground.
        Ground = "ground",
        /// The respondent's organ or unit.
        Respondent = "respondent",
        /// The organ that handled it.
        Organ = "organ",
        /// What came of it.
        Outcome = "outcome",
        /// In time or late.
        Timeliness = "timeliness",
        /// What the complainant thought of it.
        Satisfaction = "satisfaction",
    }
}

/// Figures that are drawn up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistic {
    /// The code.
    pub code: String,
    /// How often.
    pub every: Every,
    /// By what, in order; empty for the sum alone.
    pub by: Vec<Dimension>,
    /// They are made public.
    pub published: bool,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

impl Every {
    /// The first and last day of the period that a day is in; none at the ends of time.
    pub fn period(self, date: Date) -> Option<(Date, Date)> {
        let (first, length): (Date, Span) = match self {
            Self::Week => {
                let since = date.weekday().to_monday_zero_offset();
                (date.checked_sub(i64::from(since).days()).ok()?, 1.week())
            }
            Self::Month => (date.first_of_month(), 1.month()),
            Self::Quarter => {
                let month = (date.month() - 1) / 3 * 3 + 1;
                (Date::new(date.year(), month, 1).ok()?, 3.months())
            }
            Self::Year => (date.first_of_year(), 1.year()),
        };
        Some((first, first.checked_add(length).ok()?.yesterday().ok()?))
    }

    /// The last period that was over before a day: the one that is reported on it.
    pub fn period_before(self, date: Date) -> Option<(Date, Date)> {
        let (first, _) = self.period(date)?;
        self.period(first.yesterday().ok()?)
    }
}

impl Statistic {
    /// Reads every `[[statistic]]`.
    pub(crate) fn read_all(root: &Table<'_>) -> Vec<Self> {
        let mut taken = Vec::new();
        root.tables("statistic").iter().filter_map(|table| Self::read(table, &mut taken)).collect()
    }

    fn read(table: &Table<'_>, taken: &mut Vec<String>) -> Option<Self> {
        let (code, every) = (take_code(table, taken), table.choice("every"));
        let by = table.get("by").map(|node| node.elements()).unwrap_or_default();
        let by = by.iter().map(Node::choice).collect::<Option<Vec<_>>>();
        let published = table.flag_or("published", false);
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        Some(Self { code: code?, every: every?, by: by?, published: published?, text: text?, basis: basis? })
    }
}
