//! What may be done next with the parts of a case.

use access::Role;
use duban_proto::common::v1::{Action, CaseState};
use duban_proto::routing::v1::{PartState, TermState};

use super::super::{Asker, Case};
use super::Part;

/// Adds what the parts let the caller do, and takes away what they don't.
pub(crate) fn add_actions(case: &Case, asker: &Asker<'_>, actions: &mut Vec<Action>) {
    if case.state() != CaseState::InHandling {
        return;
    }
    let waits = case.open_parts().next().is_some();
    actions
        .retain(|action| !waits || !matches!(action, Action::SubmitDisposition | Action::ApproveDisposition));
    let asks = (asker.has)(Role::Desk) || (asker.has)(Role::Leader);
    let under_way = case.current().is_some_and(|tenure| {
        !matches!(tenure.state(), TermState::Submitted | TermState::Concluded | TermState::Superseded)
    });
    if case.numbers_terms(asker.organ) && asks && under_way {
        actions.push(Action::AddCoHandlers);
    }
    let mut on_parts: Vec<Action> =
        case.parts.iter().flat_map(|part| on_part(case, part, asker, None)).collect();
    on_parts.sort_unstable();
    on_parts.dedup();
    actions.extend(on_parts);
}

/// What the caller may do next with a part, at this moment.
pub fn actions_on(case: &Case, part: &Part, asker: &Asker<'_>, now: jiff::Timestamp) -> Vec<Action> {
    if case.state() != CaseState::InHandling {
        return Vec::new();
    }
    on_part(case, part, asker, Some(now))
}

/// Without a moment, whatever may be once the date has passed counts too.
fn on_part(case: &Case, part: &Part, asker: &Asker<'_>, now: Option<jiff::Timestamp>) -> Vec<Action> {
    let mut actions = Vec::new();
    let (leader, handler) = ((asker.has)(Role::Leader), (asker.has)(Role::Handler));
    let state = part.facts.state();
    if part.facts.organ == asker.organ {
        let desk = (asker.has)(Role::Desk);
        let returnable = matches!(state, PartState::Begun | PartState::Acknowledged);
        let writable = matches!(state, PartState::Acknowledged | PartState::Queried);
        let decides = part.open_round().is_some_and(|round| !round.took_part(asker.subject));
        actions.extend((state == PartState::Begun && (desk || handler)).then_some(Action::AcknowledgePart));
        actions.extend((returnable && (leader || handler)).then_some(Action::ReturnPart));
        actions.extend((writable && handler).then_some(Action::SubmitOpinion));
        actions.extend((state == PartState::Submitted && leader && decides).then_some(Action::DecideOpinion));
    }
    let home = case.numbers_terms(asker.organ);
    let leads =
        case.current().is_some_and(|tenure| tenure.organ == asker.organ && tenure.term == part.facts.term);
    let overdue = now.is_none_or(|now| part.is_overdue(now));
    actions.extend((home && leader && part.is_open()).then_some(Action::DecidePart));
    let answered = state == PartState::Answered && !part.facts.queried;
    actions.extend((answered && leader && (home || leads)).then_some(Action::ReturnOpinion));
    actions.extend((home && leader && part.is_open() && overdue).then_some(Action::ExcusePart));
    actions
}
