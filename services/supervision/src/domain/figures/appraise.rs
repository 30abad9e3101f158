//! The points of an organ's handling, by the regulation's rule (24).

use std::collections::BTreeMap;

use duban_proto::supervision::v1::{Measure, Points};
use regulation::{Appraisal, AppraisalMeasure};

use super::{Counted, Occurrence, p90};

/// What an organ's handling came to.
#[derive(Clone, Debug, Default)]
pub struct Handling {
    /// The figures of its terms.
    pub counted: Counted,
    /// How many of what it concluded took so many workdays.
    pub histogram: BTreeMap<u32, i64>,
}

impl Handling {
    /// Leaves out what was counted of an excluded case.
    pub fn leave_out(&mut self, occurrence: &Occurrence) {
        self.counted -= Counted::of(occurrence);
        if occurrence.measure == Measure::Concluded {
            *self.histogram.entry(occurrence.workdays).or_default() -= 1;
        }
    }

    /// The points by criterion, and all of them, in thousandths; none where nothing was concluded. A criterion that has no value
    /// takes no part: the others are weighed among themselves.
    pub fn points(&self, rule: &Appraisal) -> (Vec<Points>, Option<u32>) {
        if self.counted.get(Measure::Concluded) == 0 {
            return (Vec::new(), None);
        }
        let (mut points, mut got, mut could, mut all) = (Vec::new(), 0_u64, 0_u64, 0_u64);
        for criterion in &rule.criteria {
            let value_milli = self.value_milli(criterion.measure);
            let points_milli = value_milli.map_or(0, |value| criterion.points_milli(value));
            all += u64::from(criterion.weight);
            if value_milli.is_some() {
                got += u64::from(points_milli);
                could += u64::from(criterion.weight);
            }
            points.push(Points { code: criterion.code.clone(), value_milli, points_milli });
        }
        let score = (got * all).checked_div(could).and_then(|score| u32::try_from(score).ok());
        (points, score)
    }

    /// The value of a measure, in thousandths; `None` where there is nothing to take it of.
    fn value_milli(&self, measure: AppraisalMeasure) -> Option<u64> {
        let count = |measure| self.counted.get(measure);
        let (concluded, accepted) = (count(Measure::Concluded), count(Measure::Accepted));
        let share = |part: u64, whole: u64| (part * 1000).checked_div(whole);
        match measure {
            AppraisalMeasure::OnTime => share(count(Measure::OnTime), concluded),
            AppraisalMeasure::Concluded => share(concluded, accepted),
            AppraisalMeasure::Returned => share(count(Measure::Returned), accepted),
            AppraisalMeasure::Reopened => {
                let reopened = count(Measure::Reopened);
                share(reopened, concluded + reopened)
            }
            AppraisalMeasure::Extended => share(count(Measure::Extended), accepted),
            AppraisalMeasure::AverageWorkdays => share(self.counted.workdays(), concluded),
            AppraisalMeasure::P90Workdays => p90(&self.histogram).map(|days| u64::from(days) * 1000),
        }
    }
}

/// The rank of each score, from 1; the same score has the same rank.
pub fn ranks(scores: &[Option<u32>]) -> Vec<u32> {
    let better = |score: u32| scores.iter().flatten().filter(|other| **other > score).count();
    let rank =
        |score: &Option<u32>| score.map_or(0, |score| u32::try_from(better(score)).unwrap_or(u32::MAX) + 1);
    scores.iter().map(rank).collect()
}
