//! How long a case is kept after it ended (article 16; the periods are the house's).

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::casework::Investigation;
use crate::choice::choices;
use crate::clause::{Basis, Language};
use crate::read::{Node, Table};
use crate::vocabulary::Vocabulary;

choices! {
    /// How a case ended.
    pub enum Ending {
        /// 归档: filed and archived after the result was told.
        Archived = "archived",
        /// 不予受理.
        Declined = "declined",
        /// 归口移交.
        Referred = "referred",
        /// The complainant was told where to go.
        DirectedElsewhere = "directed_elsewhere",
        /// Withdrawn, and not gone on with.
        Withdrawn = "withdrawn",
        /// Kept as a lead that nobody took up again.
        Lead = "lead",
    }
}

/// How long something is kept; the longer one is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// So many years, from 1 to 200, counted from 1 January after the year in which it ended.
    Years(u16),
    /// 永久.
    Permanent,
}

/// How long cases are kept: the first rule that fits counts, else `otherwise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The rules, in order.
    pub rules: Vec<RetentionRule>,
    /// What no rule speaks of. Permanent where a regulation has no `[retention]`.
    pub otherwise: Period,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// How long cases that ended so are kept. An empty list is any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRule {
    /// How they ended.
    pub endings: Vec<Ending>,
    /// What was found, by the outcome's code.
    pub outcomes: Vec<String>,
    /// What was complained of: one of these, by the ground's code.
    pub grounds: Vec<String>,
    /// For how long.
    pub keep: Period,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// The longest period in years.
const MOST_YEARS: u16 = 200;
const EXPECTED: &str = "`permanent`, or years as `10 years`, 200 at the most";

impl Period {
    /// From when something that ended at `end` may be disposed of, in the zone in which days are counted; never, where it
    /// is kept for ever.
    pub fn until(self, end: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let Self::Years(years) = self else { return None };
        let year = zone.to_datetime(end).year().checked_add(i16::try_from(years).ok()?)?;
        let day = Date::new(year.checked_add(1)?, 1, 1).ok()?;
        zone.to_timestamp(day.to_datetime(Time::midnight())).ok()
    }

    /// In years; 0 is for ever, as in the contracts.
    pub fn years(self) -> u32 {
        match self {
            Self::Years(years) => years.into(),
            Self::Permanent => 0,
        }
    }

    /// The period of a number of years; 0 is for ever.
    pub fn of_years(years: u32) -> Self {
        u16::try_from(years)
            .ok()
            .filter(|years| (1..=MOST_YEARS).contains(years))
            .map_or(Self::Permanent, Self::Years)
    }

    /// In words.
    pub(crate) fn say(self, language: Language) -> String {
        match (self, language) {
            (Self::Permanent, Language::Zh) => "永久".to_owned(),
            (Self::Years(years), Language::Zh) => format!("{years}年"),
            (period, Language::En) => period.to_string(),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permanent => f.write_str("permanent"),
            Self::Years(years) => write!(f, "{years} years"),
        }
    }
}

impl FromStr for Period {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "permanent" {
            return Ok(Self::Permanent);
        }
        let years = text.strip_suffix(" years").or_else(|| text.strip_suffix(" year"));
        let years = years.and_then(|years| years.parse().ok());
        years.filter(|years| (1..=MOST_YEARS).contains(years)).map(Self::Years).ok_or(EXPECTED)
    }
}

impl Retention {
    /// How long a case is kept that ended so, with this outcome (empty where there is none) and these grounds; and what
    /// that rests on.
    pub fn of(&self, ending: Ending, outcome: &str, grounds: &[String]) -> (Period, &Basis) {
        let fits = |rule: &&RetentionRule| {
            (rule.endings.is_empty() || rule.endings.contains(&ending))
                && (rule.outcomes.is_empty() || rule.outcomes.iter().any(|code| code == outcome))
                && (rule.grounds.is_empty() || rule.grounds.iter().any(|code| grounds.contains(code)))
        };
        self.rules.iter().find(fits).map_or((self.otherwise, &self.basis), |rule| (rule.keep, &rule.basis))
    }

    /// Reads `[retention]`.
    pub(crate) fn read(
        root: &Table<'_>,
        vocabulary: &Vocabulary,
        investigation: Option<&Investigation>,
    ) -> Option<Self> {
        let Some(table) = root.get("retention") else {
            return Some(Self { rules: Vec::new(), otherwise: Period::Permanent, basis: Basis::House });
        };
        let table = table.table()?;
        let (otherwise, basis) = (period(&table), Basis::read(&table));
        let mut rules = Vec::new();
        for rule in table.tables("rule") {
            rules.extend(RetentionRule::read(&rule, vocabulary, investigation));
        }
        table.finish();
        Some(Self { rules, otherwise: otherwise?, basis: basis? })
    }
}

impl RetentionRule {
    fn read(
        table: &Table<'_>,
        vocabulary: &Vocabulary,
        investigation: Option<&Investigation>,
    ) -> Option<Self> {
        let endings = elements(table, "endings").iter().filter_map(Node::choice).collect();
        let outcomes = codes(table, "outcomes", "an outcome of [investigation]", |code| {
            investigation.is_none_or(|it| it.outcomes.iter().any(|outcome| outcome.code == code))
        });
        let grounds = codes(table, "grounds", "the code of a [[ground]]", |code| {
            vocabulary.grounds.iter().any(|ground| ground.code == code)
        });
        let (keep, basis) = (period(table), Basis::read(table));
        table.finish();
        Some(Self { endings, outcomes, grounds, keep: keep?, basis: basis? })
    }
}

fn period(table: &Table<'_>) -> Option<Period> {
    table.need("keep", EXPECTED)?.parsed(EXPECTED)
}

fn elements<'a>(table: &Table<'a>, key: &'static str) -> Vec<Node<'a>> {
    table.get(key).map(|node| node.elements()).unwrap_or_default()
}

/// Codes that have to be known.
fn codes(table: &Table<'_>, key: &'static str, expected: &str, known: impl Fn(&str) -> bool) -> Vec<String> {
    let mut codes = Vec::new();
    for node in elements(table, key) {
        let Some(code) = node.string() else { continue };
        if !known(&code) {
            node.fault(format!("no `{code}`"), Some(expected.into()));
        }
        codes.push(code);
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_counted_from_the_year_after_and_in_the_zone_of_the_days() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        // Still 2026 in Greenwich, and 2027 in Shanghai.
        let end: Timestamp = "2026-12-31T20:00:00Z".parse().unwrap();
        let until = Period::Years(10).until(end, &shanghai).unwrap();
        assert_eq!(until, "2038-01-01T00:00:00+08:00".parse::<Timestamp>().unwrap());
        assert_eq!(Period::Permanent.until(end, &shanghai), None);
    }

    #[test]
    fn for_ever_is_longer_than_any_years_and_is_zero_in_the_contracts() {
        assert!(Period::Permanent > Period::Years(200) && Period::Years(30) > Period::Years(10));
        for period in [Period::Permanent, Period::Years(30)] {
            assert_eq!(Period::of_years(period.years()), period);
            assert_eq!(period.to_string().parse(), Ok(period));
        }
        assert!("0 years".parse::<Period>().is_err() && "ten".parse::<Period>().is_err());
    }
}
