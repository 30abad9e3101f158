//! How urgent a case is (house).

use duban_proto::intake::v1::UrgencySet;
use duban_proto::intake::v1::event::Kind;

use super::Outcome;
use super::step::Step;
use crate::domain::Rejection;

/// Before the case ends; said once more, nothing changes.
pub(super) fn set(mut step: Step<'_>, set: UrgencySet) -> Result<Outcome, Rejection> {
    if step.case.is_ended() {
        return Err(Rejection::State(step.case.state));
    }
    let received = &step.case.received;
    let now = UrgencySet { urgency: received.urgency, public_opinion: received.public_opinion };
    if now != set {
        step.happens(Kind::UrgencySet(set));
    }
    Ok(step.done())
}
