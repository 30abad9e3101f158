//! Sanctions: what a breach costs whoever is answerable, and what repeating it costs besides.

use calendar::Length;
use jiff::Span;
use jiff::civil::Date;

use crate::amount::{Amount, AmountError};
use crate::choice::choices;
use crate::claim::{ClaimFact, ClaimFacts};
use crate::clause::{Basis, Text, take_code};
use crate::condition::{Condition, Evaluation, Sight};
use crate::facts::{CaseFacts, ComplaintFacts, Scope};
use crate::limit::Stage;
use crate::read::Table;
use crate::vocabulary::Vocabulary;

choices! {
    /// In what a sanction is counted.
    pub enum Unit {
        /// Money; amounts are in fen.
        Yuan = "yuan",
        /// Points.
        Points = "points",
    }
}

/// What a breach costs.
#[derive(Clone, Debug)]
pub struct Sanction {
    /// The code of the breach.
    pub code: String,
    /// The stage that it is for being late in, where that is the breach.
    pub stage: Option<Stage>,
    /// In what it is counted.
    pub unit: Unit,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    /// What repeating it costs besides.
    pub repeats: Vec<Repeat>,
    when: Option<Condition>,
    least: Amount,
    most: Option<Amount>,
}

/// What repeating a breach costs besides.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// At the how manieth time.
    pub times: u32,
    /// Within how long, back from the last; absent: ever.
    pub within: Option<Length>,
    /// At every further time too.
    pub each: bool,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    amount: Amount,
}

/// A breach, with all that a sanction depends on.
#[derive(Clone, Copy, Debug)]
pub struct Breach<'b> {
    /// What was breached.
    pub of: BreachOf<'b>,
    /// When, where days are counted.
    pub on: Date,
    /// When the same breach was made before, by whoever is answerable.
    pub earlier: &'b [Date],
    /// The complaint.
    pub complaint: &'b ComplaintFacts,
    /// What has become of it.
    pub case: &'b CaseFacts,
    /// The claim, where amounts depend on it.
    pub claim: &'b ClaimFacts,
}

/// What was breached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreachOf<'b> {
    /// A duty, by the code of its sanction.
    Duty(&'b str),
    /// The limit of a stage.
    Limit(Stage),
}

/// A sanction as it comes out. Amounts are fen, or points.
#[derive(Clone, Debug)]
pub struct Imposed<'r> {
    /// The sanction, with its article and words.
    pub sanction: &'r Sanction,
    /// The least in all; equal to the most where nothing is left to judgement.
    pub least: u64,
    /// The most in all.
    pub most: u64,
    /// What is in it for repeating, each with its clause.
    pub repeated: Vec<(&'r Repeat, u64)>,
}

impl Sanction {
    /// The sanction of a breach; of those with one code or stage, the first whose condition holds.
    pub(crate) fn imposed<'r>(
        rules: &'r [Self],
        breach: &Breach<'_>,
    ) -> Result<Option<Imposed<'r>>, AmountError> {
        let scope = Scope { case: Some(breach.case), ..Scope::of(breach.complaint) };
        let evaluation = Evaluation::new(&scope);
        let is_of = |rule: &&Self| match breach.of {
            BreachOf::Duty(code) => rule.stage.is_none() && rule.code == code,
            BreachOf::Limit(stage) => rule.stage == Some(stage),
        };
        let applies = |rule: &&Self| rule.when.as_ref().is_none_or(|when| when.holds(&evaluation));
        rules.iter().filter(is_of).find(applies).map(|rule| rule.impose(breach)).transpose()
    }

    fn impose(&self, breach: &Breach<'_>) -> Result<Imposed<'_>, AmountError> {
        let least = self.least.of(breach.claim)?;
        let most = self.most.as_ref().map_or(Ok(least), |most| most.of(breach.claim))?;
        let mut imposed = Imposed { sanction: self, least, most: most.max(least), repeated: Vec::new() };
        for repeat in self.repeats.iter().filter(|repeat| repeat.is_reached(breach)) {
            let amount = repeat.amount.of(breach.claim)?;
            let add = |sum: u64| sum.checked_add(amount).ok_or(AmountError::Range);
            (imposed.least, imposed.most) = (add(imposed.least)?, add(imposed.most)?);
            imposed.repeated.push((repeat, amount));
        }
        Ok(imposed)
    }

    /// Its condition, as the file has it.
    pub fn when(&self) -> Option<&str> {
        self.when.as_ref().map(Condition::source)
    }

    /// The amount, or the least and the most, as the file has them.
    pub fn amounts(&self) -> (&str, Option<&str>) {
        (self.least.source(), self.most.as_ref().map(Amount::source))
    }

    /// Reads every `[[sanction]]`.
    pub(crate) fn read_all(root: &Table<'_>, facts: &[ClaimFact], vocabulary: &Vocabulary) -> Vec<Self> {
        let mut taken = Vec::new();
        let read = |table: &Table<'_>| Self::read(table, facts, vocabulary, &mut taken);
        root.tables("sanction").iter().filter_map(read).collect()
    }

    fn read(
        table: &Table<'_>,
        facts: &[ClaimFact],
        vocabulary: &Vocabulary,
        taken: &mut Vec<String>,
    ) -> Option<Self> {
        let (code, stage) = (take_code(table, taken), table.opt_choice("stage"));
        let unit = table.opt_choice("unit").unwrap_or(Unit::Yuan);
        let when = Condition::read_when(table, Sight::Case, vocabulary);
        let amount = |key| table.get(key).map(|node| Amount::read(&node, facts));
        let (exact, least, most) = (amount("amount"), amount("least"), amount("most"));
        let repeats = table.tables("repeat").iter().filter_map(|one| Repeat::read(one, facts)).collect();
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        let (least, most) = match (exact, least, most) {
            (Some(exact), None, None) => (exact?, None),
            (None, Some(least), Some(most)) => (least?, Some(most?)),
            _ => {
                let expected = "`amount`, or `least` and `most` where it is left to judgement";
                table.fault("it is not said what it costs", Some(expected.into()));
                return None;
            }
        };
        Some(Self { code: code?, stage, unit, text: text?, basis: basis?, repeats, when, least, most })
    }
}

impl Repeat {
    /// The amount, as the file has it.
    pub fn amount(&self) -> &str {
        self.amount.source()
    }

    /// Whether this breach is one of so many within the time.
    fn is_reached(&self, breach: &Breach<'_>) -> bool {
        let counts = |at: &&Date| {
            **at <= breach.on && self.within.is_none_or(|within| reaches(**at, within, breach.on))
        };
        let count = 1 + breach.earlier.iter().filter(counts).count();
        let times = usize::try_from(self.times).unwrap_or(usize::MAX);
        if self.each { count >= times } else { count == times }
    }

    fn read(table: &Table<'_>, facts: &[ClaimFact]) -> Option<Self> {
        let times = table.count("times");
        if times.is_some_and(|times| times < 2) {
            table.fault("the first time is no repetition", Some("`times` of 2 or more".into()));
        }
        let within = table.opt_length("within");
        if within.is_some_and(|within| span(within).is_none()) {
            table.fault("`within` is counted in the calendar", Some("days or months, as \"1 month\"".into()));
        }
        let each = table.flag_or("each", false);
        let amount = table.need("amount", "an amount").and_then(|node| Amount::read(&node, facts));
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        Some(Self { times: times?, within, each: each?, text: text?, basis: basis?, amount: amount? })
    }
}

/// Whether a time from one day reaches another: the day it begins does not count (Civil Code, article 201).
fn reaches(from: Date, within: Length, to: Date) -> bool {
    span(within).and_then(|span| from.checked_add(span).ok()).is_some_and(|end| to <= end)
}

fn span(length: Length) -> Option<Span> {
    match length {
        Length::Days(days) => Span::new().try_days(days).ok(),
        Length::Months(months) => Span::new().try_months(months).ok(),
        Length::Workdays(_) | Length::Hours(_) | Length::Minutes(_) | Length::DutyMinutes(_) => None,
    }
}
