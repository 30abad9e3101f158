//! How urgent a case is: told from organ to organ like a correction (house).

use duban_proto::routing::v1::UrgencyNoted;
use duban_proto::routing::v1::event::Kind;

use super::Outcome;
use super::home::next_to_tell;
use super::step::Step;

/// Told once more, nothing changes. Whoever holds the term, or is the home above, is told next.
pub(super) fn note(mut step: Step<'_>, noted: UrgencyNoted) -> Outcome {
    if step.case.urgency() == noted {
        return Outcome::default();
    }
    let next = next_to_tell(&step);
    step.tells(Kind::UrgencyNoted(noted), next);
    step.done()
}
