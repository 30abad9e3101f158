use std::collections::BTreeMap;
use std::ops::{AddAssign, SubAssign};

use duban_proto::supervision::v1::{Figures, Measure};

use super::{COLUMNS, MEASURES, Occurrence};

/// Sums of counters, a column a measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted(pub [i64; COLUMNS]);

impl AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        for (sum, one) in self.0.iter_mut().zip(other.0) {
            *sum += one;
        }
    }
}

impl SubAssign for Counted {
    fn sub_assign(&mut self, other: Self) {
        for (sum, one) in self.0.iter_mut().zip(other.0) {
            *sum -= one;
        }
    }
}

impl Counted {
    /// What one occurrence adds.
    pub fn of(occurrence: &Occurrence) -> Self {
        Self(occurrence.row().map(i64::from))
    }

    /// One of them.
    pub fn get(&self, measure: Measure) -> u64 {
        let column = |measure| {
            let at = MEASURES.iter().position(|it| *it == measure);
            at.and_then(|at| self.0.get(at)).map_or(0, |count| u64::try_from(*count).unwrap_or_default())
        };
        match measure {
            Measure::OnTime => column(Measure::Concluded).saturating_sub(column(Measure::Late)),
            other => column(other),
        }
    }

    /// Workdays used by what is concluded, together.
    pub fn workdays(&self) -> u64 {
        self.0.last().map_or(0, |sum| u64::try_from(*sum).unwrap_or_default())
    }

    /// As the contract has them.
    pub fn told(&self, p90_workdays: Option<u32>) -> Figures {
        Figures {
            received: self.get(Measure::Received),
            accepted: self.get(Measure::Accepted),
            declined: self.get(Measure::Declined),
            referred: self.get(Measure::Referred),
            directed: self.get(Measure::Directed),
            open: self.get(Measure::Open),
            concluded: self.get(Measure::Concluded),
            on_time: self.get(Measure::OnTime),
            late: self.get(Measure::Late),
            extended: self.get(Measure::Extended),
            withdrawn: self.get(Measure::Withdrawn),
            reopened: self.get(Measure::Reopened),
            returned: self.get(Measure::Returned),
            repeated: self.get(Measure::Repeated),
            workdays: self.workdays(),
            p90_workdays,
        }
    }
}

/// The workdays that nine of ten took no longer than: the exact rank, no interpolation. `None` where there are none.
pub fn p90(histogram: &BTreeMap<u32, i64>) -> Option<u32> {
    let all: i64 = histogram.values().sum();
    let rank = (all * 9).div_euclid(10) + i64::from((all * 9).rem_euclid(10) > 0);
    let mut below = 0;
    let reaches = |(workdays, count): (&u32, &i64)| {
        below += count;
        (*count > 0 && below >= rank).then_some(*workdays)
    };
    histogram.iter().find_map(reaches)
}
