//! What may be done next with an investigation (18).

use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::routing::v1::{LoanState, TermState};

use super::actions::{are_enough, investigates};
use super::{Asker, Case, Standing, Tenure};

/// Whether a person may decide on the disposition: neither the person nor anybody whose deputy it is took part or withdrew.
pub(super) fn free(case: &Case, tenure: &Tenure, person: &str, represents: &[String]) -> bool {
    let involved = |name: &str| tenure.took_part(name) || case.is_recused(name);
    !involved(person) && !represents.iter().any(|name| involved(name))
}

/// With the term that the organ holds.
pub(super) fn inquiry(
    case: &Case,
    tenure: &Tenure,
    asker: &Asker<'_>,
    standing: &Standing<'_>,
) -> impl Iterator<Item = Action> {
    let leader = (asker.has)(Role::Leader);
    let present = !case.is_recused(asker.subject);
    let works = investigates(case, tenure, asker, standing);
    let state = tenure.state();
    let working = works && matches!(state, TermState::Investigating | TermState::Returned);
    let staffed = matches!(state, TermState::Investigating | TermState::Submitted | TermState::Returned);
    let asked = tenure.inquiry.loans.iter().any(|loan| loan.state() == LoanState::Open);
    let borrows = staffed || state == TermState::Acknowledged;
    [
        (Action::DeclareInterest, present && (leader || (asker.has)(Role::Handler))),
        (Action::RecuseInvestigator, present && (leader || (asker.has)(Role::Head))),
        (Action::ReplaceInvestigator, present && staffed && (leader || (asker.has)(Role::Desk))),
        (Action::RequestLoan, present && leader && standing.may_borrow && borrows && !asked),
        (Action::SetPlan, working),
        (Action::ConfirmRecord, working && tenure.records.iter().any(|record| !record.confirmed)),
        (Action::CorrectRecord, working && !tenure.records.is_empty() && are_enough(tenure, standing)),
        (Action::AddEvidence, working),
        (Action::RemoveEvidence, working && tenure.evidence() > 0),
    ]
    .into_iter()
    .filter_map(|(action, allowed)| allowed.then_some(action))
}

/// An organ below waits for officers of this one.
pub(super) fn lending(case: &Case, asker: &Asker<'_>) -> Option<Action> {
    ((asker.has)(Role::Leader) && !case.lends.is_empty()).then_some(Action::DecideLoan)
}
