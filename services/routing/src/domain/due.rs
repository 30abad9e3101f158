//! The limits of a case that run out: the next moment at which the tick has to look at it.

use duban_proto::common::v1::CaseState;

use super::instrument::micros;
use super::{Case, Instrument, Tenure};

impl Case {
    /// The next moment, in microseconds; none where nothing runs. Whatever has a limit adds its own here.
    pub fn next_due(&self, organ: &str) -> Option<i64> {
        if self.state() == CaseState::Withdrawn || self.erased_at.is_some() {
            return None;
        }
        let acknowledgement = self.unacknowledged(organ).and_then(Tenure::acknowledge_by_micros);
        let instruments = self.instruments.iter().filter_map(Instrument::next_at);
        instruments.chain(acknowledgement).chain(self.next_part_due()).min()
    }

    /// The term that another organ has to acknowledge, as the home watches it; none once it is noted that it is late.
    pub(crate) fn unacknowledged(&self, organ: &str) -> Option<&Tenure> {
        let waits = |tenure: &&Tenure| {
            tenure.organ != organ
                && tenure.acknowledged_at.is_none()
                && tenure.acknowledgement_overdue_at.is_none()
        };
        let watched = self.numbers_terms(organ) && self.state() == CaseState::InHandling;
        self.current().filter(waits).filter(|_| watched)
    }
}

impl Tenure {
    /// Until when it has to be acknowledged.
    pub(crate) fn acknowledge_by_micros(&self) -> Option<i64> {
        micros(self.acknowledge_by.as_ref())
    }
}
