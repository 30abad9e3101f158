//! What may be done next with a case.

use access::Role;
use duban_proto::common::v1::{Action, CaseState};

use super::Case;

/// What a caller with these roles may do next with a case of the own organ, in the order of the course of a case.
///
/// It says what the state lets be done; the rules still judge each command.
pub fn allowed_actions(case: &Case, has: impl Fn(Role) -> bool) -> Vec<Action> {
    let desk = has(Role::Desk);
    let open = case.state == CaseState::Received || case.is_undecided();
    let running = matches!(case.state, CaseState::Accepted | CaseState::InHandling);
    let officer = desk || has(Role::Agency);
    let table = [
        (Action::Register, desk && case.state == CaseState::Received),
        (
            Action::RequestSupplement,
            desk && matches!(case.state, CaseState::Registered | CaseState::Lead)
                && !case.received.missing.is_empty(),
        ),
        (Action::ProvideSupplement, officer && open),
        (Action::Accept, desk && case.is_undecided()),
        (Action::Decline, desk && case.is_undecided()),
        (Action::Refer, desk && case.is_undecided()),
        (Action::DirectElsewhere, desk && case.is_undecided()),
        (Action::ConfirmMasks, desk && case.is_under_way()),
        (Action::Withdraw, officer && !case.withdrawn && (open || running)),
        (Action::Reply, desk && case.state != CaseState::Received),
        (Action::OpenIdentity, desk || has(Role::Leader)),
        (Action::Link, desk),
        (Action::RecordConduct, desk),
        (Action::RecordReferralAnswer, desk && case.state == CaseState::Referred),
        (Action::RecordInstruction, (desk || has(Role::Leader)) && case.takes_instructions()),
        (Action::SetUrgency, (desk || has(Role::Leader)) && !case.is_ended()),
    ];
    table.into_iter().filter_map(|(action, allowed)| allowed.then_some(action)).collect()
}

/// What a caller with these roles may do next with a case that its organ is responsible for, whoever registered it.
pub fn handler_actions(case: &Case, has: impl Fn(Role) -> bool) -> Vec<Action> {
    let handler = (has(Role::Handler) || has(Role::Leader)) && case.is_under_way();
    let table =
        [(Action::SubmitSummary, handler), (Action::RequestOriginal, handler && case.working_copy.is_some())];
    table.into_iter().filter_map(|(action, allowed)| allowed.then_some(action)).collect()
}
