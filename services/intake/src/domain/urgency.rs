//! How urgent a case is, and whether the public watches it (house).

use duban_proto::common::v1::Urgency;
use duban_proto::intake::v1::UrgencySet;

use super::Case;

impl Case {
    /// It was said how urgent it is.
    pub(super) fn set_urgency(&mut self, event: UrgencySet) {
        self.received.urgency = event.urgency;
        self.received.public_opinion = event.public_opinion;
    }
}

/// The code by which cases are looked for; empty where it is as urgent as any other.
pub(crate) const fn urgency_code(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Unspecified => "",
        Urgency::Urgent => "urgent",
        Urgency::MostUrgent => "most_urgent",
    }
}

/// The code by which cases that the public watches are looked for.
pub(crate) const PUBLIC_OPINION: &str = "public_opinion";
