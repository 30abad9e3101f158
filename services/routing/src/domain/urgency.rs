//! How urgent a case is (house): said at intake, one of the facts that whoever gets the case gets with it.

use duban_proto::common::v1::{CaseFacts, Urgency};
use duban_proto::routing::v1::UrgencyNoted;
use duban_proto::routing::v1::event::Kind;

use super::{Case, Entry};

impl Case {
    /// As it is told.
    pub fn urgency(&self) -> UrgencyNoted {
        let told =
            |facts: &CaseFacts| UrgencyNoted { urgency: facts.urgency, public_opinion: facts.public_opinion };
        self.facts.as_ref().map(told).unwrap_or_default()
    }

    /// What lists are sorted by before anything else: the most urgent first, and what the public watches before what it does not;
    /// 0 of all others.
    pub fn priority(&self) -> i16 {
        let now = self.urgency();
        let urgency = match now.urgency() {
            Urgency::MostUrgent => 4,
            Urgency::Urgent => 2,
            Urgency::Unspecified => 0,
        };
        urgency + i16::from(now.public_opinion)
    }

    pub(super) fn apply_urgency(&mut self, entry: &Entry<'_>) {
        if let (Kind::UrgencyNoted(noted), Some(facts)) = (entry.kind, &mut self.facts) {
            (facts.urgency, facts.public_opinion) = (noted.urgency, noted.public_opinion);
        }
    }
}
