//! What may be done next about a case's terms.

use access::Role;
use duban_proto::common::v1::{Action, CaseState};

use super::Asker;
use crate::domain::{Case, Tenure};

/// A return is among them until its limit, which the term tells, has passed.
pub(super) fn actions(case: &Case, asker: &Asker<'_>) -> Vec<Action> {
    let leader = (asker.has)(Role::Leader);
    let mut actions = Vec::new();
    if case.numbers_terms(asker.organ) {
        actions.extend(at_home(case, asker, leader));
    }
    if let Some(tenure) = case.current()
        && tenure.organ == asker.organ
        && tenure.superseded_by == 0
        && case.state() == CaseState::InHandling
        && !case.is_home(asker.organ)
    {
        actions.extend(at_holder(case, tenure, asker, leader));
    }
    actions
}

fn at_home(case: &Case, asker: &Asker<'_>, leader: bool) -> impl Iterator<Item = Action> {
    let handed_on = case.state() == CaseState::InHandling
        && case.current().is_some_and(|tenure| tenure.organ != asker.organ);
    let current = case.current();
    let returned = current.is_some_and(|tenure| tenure.open_return().is_some());
    let recalled = current.is_some_and(|tenure| tenure.open_recall().is_some());
    let departs = case.open_departure().is_some_and(|departed| departed.proposed_by != asker.subject);
    let open = matches!(case.state(), CaseState::Accepted | CaseState::InHandling);
    let disputes = (leader || (asker.has)(Role::Desk))
        && case.state() == CaseState::Accepted
        && case.is_ready()
        && case.reported_to.is_empty()
        && !case.centre.is_empty()
        && case.open_dispute().is_none();
    chosen([
        (Action::DecideReturn, leader && handed_on && returned),
        (Action::RequestRecall, leader && handed_on && !recalled),
        (Action::TakeOver, (leader || (asker.has)(Role::Head)) && handed_on),
        (Action::DecideDeparture, leader && departs),
        (Action::AskDesignation, disputes),
        (Action::Designate, leader && open && case.reported_to.is_empty() && case.open_dispute().is_some()),
    ])
}

fn at_holder(case: &Case, tenure: &Tenure, asker: &Asker<'_>, leader: bool) -> impl Iterator<Item = Action> {
    let officer = leader || (asker.has)(Role::Desk);
    let early = tenure.is_early();
    let free = !tenure.compulsory && tenure.returned.is_none() && tenure.open_proposal().is_none();
    let decides = tenure.open_proposal().is_some_and(|proposed| {
        proposed.proposed_by != asker.subject
            && proposed.approvers.iter().any(|approver| match approver.as_str() {
                "leader_in_charge" => leader,
                "principal_head" => (asker.has)(Role::Head),
                _ => false,
            })
    });
    chosen([
        (Action::ReturnTransfer, (officer || (asker.has)(Role::Head)) && early && free),
        (Action::DecideSecondReturn, decides),
        (Action::AnswerRecall, leader && tenure.open_recall().is_some()),
        (Action::AskDesignation, officer && early && case.open_dispute().is_none()),
    ])
}

fn chosen<const N: usize>(actions: [(Action, bool); N]) -> impl Iterator<Item = Action> {
    actions.into_iter().filter_map(|(action, allowed)| allowed.then_some(action))
}
