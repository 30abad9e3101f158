//! What may be done next with a case.

mod transfer;

use access::Role;
use duban_proto::common::v1::{Action, CaseState};
use duban_proto::routing::v1::TermState;
use regulation::Investigation;

use super::decide::{may_be_reopened, may_be_taken_over};
use super::inquiry_actions::{free, inquiry, lending};
use super::paper::{instrument_actions, may_draft};
use super::{Case, Tenure, joint};

/// Who asks.
pub struct Asker<'a> {
    /// The subject of the token.
    pub subject: &'a str,
    /// The caller's organ.
    pub organ: &'a str,
    /// Its roles.
    pub has: &'a dyn Fn(Role) -> bool,
}

/// What else is known of who asks, and of the organ.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'a> {
    /// Whose deputy the caller is now.
    pub represents: &'a [String],
    /// How the organ's cases are investigated; absent where it is not looked at.
    pub rule: Option<&'a Investigation>,
    /// There is an organ above that could lend officers.
    pub may_borrow: bool,
}

/// What the caller may do next with a case of its own organ's ledger, in the order of the course of a case; of the
/// investigation the acts that lead on.
///
/// It says what the state lets be done; the rules still judge each command.
pub fn allowed_actions(case: &Case, asker: &Asker<'_>) -> Vec<Action> {
    course(case, asker, &Standing::default())
}

/// The same, and what else an investigation lets be done (18).
pub fn next_actions(case: &Case, asker: &Asker<'_>, standing: &Standing<'_>) -> Vec<Action> {
    let mut actions = course(case, asker, standing);
    if let Some(tenure) = case.current().filter(|tenure| tenure.organ == asker.organ)
        && case.state() == CaseState::InHandling
        && tenure.state() != TermState::Superseded
    {
        actions.extend(inquiry(case, tenure, asker, standing));
    }
    actions.extend(lending(case, asker));
    actions
}

fn course(case: &Case, asker: &Asker<'_>, standing: &Standing<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    let home = case.is_home(asker.organ);
    let leader = (asker.has)(Role::Leader);
    let routes = leader || (asker.has)(Role::Desk);
    if home && routes && case.state() == CaseState::Accepted && case.is_ready() && case.reported_to.is_empty()
    {
        actions.push(Action::Route);
    }
    if let Some(tenure) =
        case.current().filter(|tenure| tenure.organ == asker.organ && tenure.superseded_by == 0)
        && case.state() == CaseState::InHandling
    {
        actions.extend(casework(case, tenure, asker, standing));
    }
    joint::add_actions(case, asker, &mut actions);
    let files = (asker.has)(Role::Archivist) || (asker.has)(Role::Desk);
    if case.is_kept_by(asker.organ) && files && case.replied && case.state() == CaseState::Replied {
        actions.push(Action::Archive);
    }
    actions.extend(transfer::actions(case, asker));
    actions.extend(after(case, asker, standing));
    actions
}

/// On instruments, and what follows a result (3, 7, 22).
fn after(case: &Case, asker: &Asker<'_>, standing: &Standing<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    if may_draft(case, asker, standing) {
        actions.push(Action::DraftInstrument);
    }
    for action in case.instruments.iter().flat_map(|one| instrument_actions(case, one, asker)) {
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    if (asker.has)(Role::Leader) || (asker.has)(Role::Supervisor) {
        actions.extend(reopening(case, asker.organ));
    }
    actions
}

/// What a supervisor of an organ above may do with a case of `organ`'s ledger.
pub fn allowed_from_above(case: &Case, organ: &str) -> Vec<Action> {
    reopening(case, organ).into_iter().collect()
}

/// What `above`, an organ above `organ`, may do with a case of its ledger to have it itself (20).
pub fn taken_over_from_above(
    case: &Case,
    organ: &str,
    above: &str,
    directory: &directory::Directory,
) -> Option<Action> {
    may_be_taken_over(case, organ, above, directory).then_some(Action::TakeOverCase)
}

fn reopening(case: &Case, organ: &str) -> Option<Action> {
    (case.erased_at.is_none() && may_be_reopened(case, organ)).then_some(Action::ReopenCase)
}

fn casework(case: &Case, tenure: &Tenure, asker: &Asker<'_>, standing: &Standing<'_>) -> Vec<Action> {
    let leader = (asker.has)(Role::Leader);
    let appoints = (leader || (asker.has)(Role::Desk)) && !case.is_recused(asker.subject);
    let investigates = investigates(case, tenure, asker, standing);
    let officer = (asker.has)(Role::Desk) || (asker.has)(Role::Handler);
    let decides = leader && free(case, tenure, asker.subject, standing.represents);
    let state = tenure.state();
    let working = matches!(state, TermState::Investigating | TermState::Returned);
    [
        (Action::Acknowledge, officer && state == TermState::Begun),
        (
            Action::AppointInvestigators,
            appoints && matches!(state, TermState::Acknowledged | TermState::Investigating),
        ),
        (Action::RecordInvestigation, investigates && working && are_enough(tenure, standing)),
        (Action::SubmitDisposition, investigates && working && is_complete(tenure, standing)),
        (Action::ReturnDisposition, decides && state == TermState::Submitted),
        (
            Action::ApproveDisposition,
            decides && state == TermState::Submitted && is_complete(tenure, standing),
        ),
    ]
    .into_iter()
    .filter_map(|(action, allowed)| allowed.then_some(action))
    .collect()
}

/// Investigates, or is the deputy of one who does; and did not withdraw.
pub(super) fn investigates(case: &Case, tenure: &Tenure, asker: &Asker<'_>, standing: &Standing<'_>) -> bool {
    let seat = tenure.seat(asker.subject, standing.represents);
    (asker.has)(Role::Handler) && seat.is_some() && !case.is_recused(asker.subject)
}

/// As many investigate as the regulation asks for (18).
pub(super) fn are_enough(tenure: &Tenure, standing: &Standing<'_>) -> bool {
    let missing = |rule: &Investigation| rule.missing(usize::MAX, usize::MAX, tenure.investigators.len());
    standing.rule.and_then(missing).is_none()
}

/// There is what the regulation asks for before the report (18).
fn is_complete(tenure: &Tenure, standing: &Standing<'_>) -> bool {
    let Some(rule) = standing.rule else { return !tenure.records.is_empty() };
    rule.missing(tenure.counted(&rule.record), tenure.evidence(), tenure.investigators.len()).is_none()
}
