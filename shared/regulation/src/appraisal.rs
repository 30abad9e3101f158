//! How organs are appraised by how they handled their cases (article 24).

use crate::choice::choices;
use crate::clause::{Basis, Text, take_code};
use crate::read::{Node, Table};

choices! {
    /// What a criterion measures, of the terms that an organ held.
    pub enum AppraisalMeasure {
        /// Of what is concluded, the share in time.
        OnTime = "on_time",
        /// Of what began, the share concluded.
        Concluded = "concluded",
        /// Of what began, the share given back.
        Returned = "returned",
        /// Of what is concluded or was opened again, the share opened again.
        Reopened = "reopened",
        /// Of what began, the extensions granted.
        Extended = "extended",
        /// Workdays used, on average.
        AverageWorkdays = "average_workdays",
        /// Workdays that nine of ten took no longer than.
        P90Workdays = "p90_workdays",
    }
}

/// The rule of an appraisal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appraisal {
    /// In words.
    pub text: Text,
    /// The article.
    pub basis: Basis,
    /// The criteria, in order.
    pub criteria: Vec<AppraisalCriterion>,
}

/// A criterion: a value gives points in proportion between the worst and the best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppraisalCriterion {
    /// Its code.
    pub code: String,
    /// What it measures.
    pub measure: AppraisalMeasure,
    /// Its points at the most.
    pub weight: u32,
    /// From which value on it gives all points, in thousandths: of a whole for a share, of one workday.
    pub best: u32,
    /// From which value on it gives none, in thousandths.
    pub worst: u32,
    /// What it is called.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

impl AppraisalCriterion {
    /// The points of a value, both in thousandths; rounded down.
    pub fn points_milli(&self, value: u64) -> u32 {
        let (best, worst) = (i128::from(self.best), i128::from(self.worst));
        let value = i128::from(value);
        let (done, all) =
            if best > worst { (value - worst, best - worst) } else { (worst - value, worst - best) };
        let points = i128::from(self.weight) * 1000 * done.clamp(0, all) / all;
        u32::try_from(points).unwrap_or(u32::MAX)
    }
}

impl Appraisal {
    /// Reads `[appraisal]`.
    pub(crate) fn read(node: &Node<'_>) -> Option<Self> {
        let table = node.table()?;
        let (text, basis) = (Text::read(&table), Basis::read(&table));
        let mut taken = Vec::new();
        let inner = table.tables("criterion");
        if inner.is_empty() {
            table.fault("no criterion", Some("at least one [[appraisal.criterion]]".into()));
        }
        let criteria: Vec<_> =
            inner.iter().map(|inner| AppraisalCriterion::read(inner, &mut taken)).collect();
        table.finish();
        Some(Self { text: text?, basis: basis?, criteria: criteria.into_iter().collect::<Option<_>>()? })
    }
}

impl AppraisalCriterion {
    fn read(table: &Table<'_>, taken: &mut Vec<String>) -> Option<Self> {
        let code = take_code(table, taken);
        let (measure, weight) = (table.choice("measure"), table.count("weight"));
        let (best, worst) = (table.count("best"), table.count("worst"));
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        if best.is_some() && best == worst {
            table.fault("the best is the worst", Some("two values".into()));
            return None;
        }
        Some(Self {
            code: code?,
            measure: measure?,
            weight: weight?,
            best: best?,
            worst: worst?,
            text: text?,
            basis: basis?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(best: u32, worst: u32) -> AppraisalCriterion {
        AppraisalCriterion {
            code: "it".into(),
            measure: AppraisalMeasure::OnTime,
            weight: 40,
            best,
            worst,
            text: Text { zh: "项".into(), en: "it".into() },
            basis: Basis::House,
        }
    }

    #[test]
    fn points_are_in_proportion_between_the_worst_and_the_best_either_way() {
        let up = criterion(1000, 600);
        assert_eq!([500, 600, 800, 1000, 2000].map(|it| up.points_milli(it)), [0, 0, 20_000, 40_000, 40_000]);
        let down = criterion(5_000, 15_000);
        assert_eq!([0, 5_000, 10_000, 15_000].map(|it| down.points_milli(it)), [40_000, 40_000, 20_000, 0]);
    }
}
