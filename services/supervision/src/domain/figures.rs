//! Figures (5(3), 6(3), 24): what happened to a case is counted on the day that counts, as of the day it was recorded.
//!
//! Each thing counted is an [`Occurrence`], which tells apart (channel, grounds …) what it is counted under; one that does
//! not count any more is undone as of a day, and stays. The counters are the sums of the occurrences, kept as they come.

mod against;
mod appraise;
mod count;
mod exclusion;
mod paper;
mod table;
mod told;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};

use duban_proto::common::v1::Finding;
use duban_proto::supervision::v1::{FigurePart, Measure};
use jiff::civil::Date;
use uuid::Uuid;

pub use against::{Against, against_key, read_against};
pub use appraise::{Handling, ranks};
pub use count::day_of;
pub(crate) use count::{count, count_concerns};
pub use exclusion::{Exclusion, ExclusionCommand, exclusion_actions, handled_actions};
pub use paper::{AnalysisPlace, Frozen, PaperCommand, analysis_actions};
pub use table::{Counted, p90};
pub use told::{FiguresCommand, NoteOutcome, Told};
pub(crate) use {
    exclusion::decide as decide_exclusion, paper::decide as decide_paper, told::decide as decide_told,
};
pub(crate) use {exclusion::told as told_exclusion, paper::told_analysis, paper::told_frozen};

/// How many columns the counters have.
pub const COLUMNS: usize = 14;

/// Whose figures, what is counted: the columns of the counters, in their order in the table.
const MEASURES: [Measure; COLUMNS - 1] = [
    Measure::Received,
    Measure::Accepted,
    Measure::Declined,
    Measure::Referred,
    Measure::Directed,
    Measure::Open,
    Measure::Concluded,
    Measure::Late,
    Measure::Extended,
    Measure::Withdrawn,
    Measure::Reopened,
    Measure::Returned,
    Measure::Repeated,
];

/// By what counters tell cases apart; the numbers stand in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// Not at all.
    All = 0,
    /// The channel's code.
    Channel = 1,
    /// A ground's code.
    Ground = 2,
    /// What was found, "FOUNDED".
    Outcome = 3,
    /// Ground and outcome, "8.4/FOUNDED".
    GroundOutcome = 4,
    /// Workdays used, "7": the histogram.
    Workdays = 5,
    /// Whom the case is about, and what was found ([`against_key`]).
    Against = 6,
}

/// One counter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CounterKey {
    /// Whose figures.
    pub part: i16,
    /// By what.
    pub facet: Facet,
    /// The day that counts.
    pub day: i32,
    /// The value of the facet.
    pub value: String,
    /// The day it was recorded.
    pub recorded_on: i32,
}

/// What counters tell a case apart by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// The channel's code.
    pub channel: String,
    /// The grounds' codes.
    pub grounds: Vec<String>,
    /// Whom it is about: an organ's code, and whether one of its people.
    pub against: Vec<Against>,
}

/// Something that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The entry that says so, and its place among those of this entry.
    pub key: OccurrenceKey,
    /// Whose figures.
    pub part: FigurePart,
    /// What; never `ON_TIME` or `LATE`.
    pub measure: Measure,
    /// The day that counts, in days since 1970.
    pub day: i32,
    /// The day it was recorded.
    pub recorded_on: i32,
    /// The day from which on it counts no more.
    pub undone_on: Option<i32>,
    /// The term; 0 for the case.
    pub term: u32,
    /// What it is told apart by.
    pub facets: Facets,
    /// What was found, where it is concluded.
    pub finding: Finding,
    /// What was found of each respondent, where it is concluded: as many as `facets.against`.
    pub findings: Vec<Finding>,
    /// Concluded, and not in time.
    pub late: bool,
    /// Workdays used, where it is concluded.
    pub workdays: u32,
}

/// Which occurrence of an organ's ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OccurrenceKey {
    /// The case.
    pub case_id: Uuid,
    /// The entry's number.
    pub seq: u64,
    /// Its place among those of this entry.
    pub ordinal: i16,
}

/// What a batch counts, of one organ: the occurrences of its cases, and what they add to the counters.
#[derive(Debug, Default)]
pub struct FiguresBook {
    pub(crate) occurrences: BTreeMap<OccurrenceKey, Occurrence>,
    pub(crate) dirty: BTreeSet<OccurrenceKey>,
    pub(crate) counters: BTreeMap<CounterKey, [i32; COLUMNS]>,
    pub(crate) exclusions: BTreeMap<Uuid, Exclusion>,
    pub(crate) changed_exclusions: BTreeSet<Uuid>,
    pub(crate) analyses: BTreeMap<Uuid, AnalysisPlace>,
    pub(crate) changed_analyses: BTreeSet<Uuid>,
    /// The last version of what was frozen, by kind and period.
    pub(crate) versions: BTreeMap<(i32, String, String), u32>,
    pub(crate) frozen: Vec<Frozen>,
}

/// A date as days since 1970.
pub fn number_of(date: Date) -> i32 {
    date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// Days since 1970 as a date.
pub fn date_of(number: i32) -> Date {
    Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days(number))
}

/// `FOUNDED`
pub fn finding_name(finding: Finding) -> &'static str {
    finding.as_str_name().trim_start_matches("FINDING_")
}

impl Occurrence {
    /// The counters it is in, each with its facet's value.
    fn values(&self) -> Vec<(Facet, String)> {
        let Facets { channel, grounds, against } = &self.facets;
        let mut values = vec![(Facet::All, String::new()), (Facet::Channel, channel.clone())];
        values.extend(grounds.iter().map(|ground| (Facet::Ground, ground.clone())));
        if self.measure == Measure::Concluded {
            let found = finding_name(self.finding);
            values.push((Facet::Outcome, found.to_owned()));
            values.extend(grounds.iter().map(|ground| (Facet::GroundOutcome, format!("{ground}/{found}"))));
            values.push((Facet::Workdays, self.workdays.to_string()));
            if self.part == FigurePart::Cases {
                let mut keys: Vec<String> = against
                    .iter()
                    .zip(self.findings.iter().chain(std::iter::repeat(&self.finding)))
                    .map(|(against, finding)| against_key(against, *finding))
                    .collect();
                // Two people of an organ, with the same finding, are one case against its people.
                keys.sort_unstable();
                keys.dedup();
                values.extend(keys.into_iter().map(|key| (Facet::Against, key)));
            }
        }
        values
    }

    /// What it adds to each of them.
    fn row(&self) -> [i32; COLUMNS] {
        let mut row = [0; COLUMNS];
        let of = |measure: Measure| MEASURES.iter().position(|it| *it == measure);
        if let Some(column) = of(self.measure).and_then(|at| row.get_mut(at)) {
            *column = 1;
        }
        if let Some(column) = of(Measure::Late).filter(|_| self.late).and_then(|at| row.get_mut(at)) {
            *column = 1;
        }
        if let Some(workdays) = row.last_mut() {
            *workdays = i32::try_from(self.workdays).unwrap_or(i32::MAX);
        }
        row
    }
}

impl FiguresBook {
    /// Puts in occurrences as loaded: those that count.
    pub fn with_occurrences(&mut self, occurrences: impl IntoIterator<Item = Occurrence>) {
        self.occurrences.extend(occurrences.into_iter().map(|it| (it.key, it)));
    }

    /// What counts of a case.
    pub fn standing(&self, case_id: Uuid) -> impl Iterator<Item = &Occurrence> {
        let key = |seq, ordinal| OccurrenceKey { case_id, seq, ordinal };
        let all = self.occurrences.range(key(0, i16::MIN)..=key(u64::MAX, i16::MAX)).map(|(_, it)| it);
        all.filter(|it| it.undone_on.is_none())
    }

    /// Whether such a thing of a case counts.
    pub fn stands(&self, case_id: Uuid, part: FigurePart, measure: Measure) -> bool {
        self.standing(case_id).any(|it| it.part == part && it.measure == measure)
    }

    /// The counters that this batch adds to.
    pub fn counters(&self) -> &BTreeMap<CounterKey, [i32; COLUMNS]> {
        &self.counters
    }

    /// The occurrences that changed in this batch.
    pub fn changed(&self) -> Vec<&Occurrence> {
        self.dirty.iter().filter_map(|key| self.occurrences.get(key)).collect()
    }

    /// The exclusions that changed in this batch.
    pub fn changed_exclusions(&self) -> Vec<&Exclusion> {
        self.changed_exclusions.iter().filter_map(|id| self.exclusions.get(id)).collect()
    }

    /// The analyses that changed in this batch.
    pub fn changed_analyses(&self) -> Vec<&AnalysisPlace> {
        self.changed_analyses.iter().filter_map(|id| self.analyses.get(id)).collect()
    }

    /// What was frozen in this batch.
    pub fn newly_frozen(&self) -> &[Frozen] {
        &self.frozen
    }

    /// What a case is told apart by, as last known.
    fn facets(&self, case_id: Uuid) -> Facets {
        self.standing(case_id).last().map(|it| it.facets.clone()).unwrap_or_default()
    }

    fn add(&mut self, mut occurrence: Occurrence) {
        while self.occurrences.contains_key(&occurrence.key) {
            occurrence.key.ordinal += 1;
        }
        self.tally(&occurrence, occurrence.recorded_on, 1);
        self.dirty.insert(occurrence.key);
        self.occurrences.insert(occurrence.key, occurrence);
    }

    /// Undoes those of a case that fit, as of a day.
    fn undo(&mut self, case_id: Uuid, today: i32, fits: impl Fn(&Occurrence) -> bool) -> Vec<Occurrence> {
        let keys: Vec<OccurrenceKey> =
            self.standing(case_id).filter(|it| fits(it)).map(|it| it.key).collect();
        let mut undone = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(it) = self.occurrences.get_mut(&key) else { continue };
            it.undone_on = Some(today);
            let it = it.clone();
            self.tally(&it, today, -1);
            self.dirty.insert(key);
            undone.push(it);
        }
        undone
    }

    /// A counter that came to nothing stays, so that a rebuild, whose batches are others, comes to the same rows.
    fn tally(&mut self, occurrence: &Occurrence, recorded_on: i32, by: i32) {
        let row = occurrence.row();
        for (facet, value) in occurrence.values() {
            let part = i16::try_from(i32::from(occurrence.part)).unwrap_or_default();
            let key = CounterKey { part, facet, day: occurrence.day, value, recorded_on };
            let counter = self.counters.entry(key).or_insert([0; COLUMNS]);
            for (sum, one) in counter.iter_mut().zip(row) {
                *sum += by * one;
            }
        }
    }
}
