//! What may be done next with a case.

use access::Role;
use duban_proto::common::v1::{Action, CaseState};
use duban_proto::routing::v1::TermState;

use super::{Case, Tenure};

/// Who asks.
pub struct Asker<'a> {
    /// The subject of the token.
    pub subject: &'a str,
    /// The caller's organ.
    pub organ: &'a str,
    /// Its roles.
    pub has: &'a dyn Fn(Role) -> bool,
}

/// What the caller may do next with a case of its own organ's ledger, in the order of the course of a case.
///
/// It says what the state lets be done; the rules still judge each command.
pub fn allowed_actions(case: &Case, asker: &Asker<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    let home = case.is_home(asker.organ);
    let leader = (asker.has)(Role::Leader);
    let routes = leader || (asker.has)(Role::Desk);
    if home && routes && case.state() == CaseState::Accepted && case.is_ready() && case.reported_to.is_empty()
    {
        actions.push(Action::Route);
    }
    if let Some(tenure) = case.current().filter(|tenure| tenure.organ == asker.organ)
        && case.state() == CaseState::InHandling
    {
        actions.extend(casework(tenure, asker, routes, leader));
    }
    let files = (asker.has)(Role::Archivist) || (asker.has)(Role::Desk);
    if case.is_kept_by(asker.organ) && files && case.replied && case.state() == CaseState::Replied {
        actions.push(Action::Archive);
    }
    actions
}

fn casework(tenure: &Tenure, asker: &Asker<'_>, appoints: bool, leader: bool) -> Vec<Action> {
    let investigates =
        (asker.has)(Role::Handler) && tenure.investigators.iter().any(|name| name == asker.subject);
    let officer = (asker.has)(Role::Desk) || (asker.has)(Role::Handler);
    let decides = leader && !tenure.took_part(asker.subject);
    let state = tenure.state();
    let working = matches!(state, TermState::Investigating | TermState::Returned);
    [
        (Action::Acknowledge, officer && state == TermState::Begun),
        (
            Action::AppointInvestigators,
            appoints && matches!(state, TermState::Acknowledged | TermState::Investigating),
        ),
        (Action::RecordInvestigation, investigates && working),
        (Action::SubmitDisposition, investigates && working && !tenure.records.is_empty()),
        (Action::ReturnDisposition, decides && state == TermState::Submitted),
        (Action::ApproveDisposition, decides && state == TermState::Submitted),
    ]
    .into_iter()
    .filter_map(|(action, allowed)| allowed.then_some(action))
    .collect()
}
