//! What may be done next with a result: its review, and appeals (5(2), 20).

use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::{AppealState, ReviewState};

use super::Asker;
use super::docket::{Appeal, Review};

/// What the asker may do next with this result in the ledger of `organ`. `took_part`: the asker took part in the handling of
/// the case. It says what the state lets be done; the rules still judge each command.
pub fn review_actions(
    regulation: &regulation::Regulation,
    organ: &str,
    review: &Review,
    took_part: bool,
    asker: &Asker<'_>,
) -> Vec<Action> {
    let Some(conclusion) = review.conclusion.as_ref().filter(|_| !review.overturned) else {
        return Vec::new();
    };
    let mut actions = Vec::new();
    let reviews = (asker.own && (asker.has)(Role::Leader)) || (asker.above && (asker.has)(Role::Supervisor));
    let own = conclusion.authority == organ && regulation.review().is_some();
    if own && reviews && !took_part {
        let mine = review.taken_up_by == asker.subject;
        match review.state() {
            ReviewState::TakenUp if mine => actions.push(Action::DecideReview),
            ReviewState::NotListed | ReviewState::Waiting | ReviewState::TakenUp => {
                actions.push(Action::TakeUpReview);
            }
            _ => {}
        }
    }
    let registers = asker.own && ((asker.has)(Role::Desk) || (asker.has)(Role::Leader));
    if registers && regulation.appeal().is_some() {
        actions.push(Action::RegisterAppeal);
    }
    actions
}

/// What the asker may do next with this appeal in the ledger of `organ`. `excluded`: the asker took part in the handling of the
/// case, or reviewed it.
pub fn appeal_actions(organ: &str, appeal: &Appeal, excluded: bool, asker: &Asker<'_>) -> Vec<Action> {
    let Some(registered) = appeal.registered.as_ref() else { return Vec::new() };
    let mut actions = Vec::new();
    let leads = (asker.has)(Role::Leader) || (asker.has)(Role::Head);
    let decides = (asker.own && leads) || (asker.above && (asker.has)(Role::Supervisor));
    if registered.authority == organ && decides && !excluded {
        match appeal.state() {
            AppealState::Late => actions.push(Action::AdmitAppeal),
            AppealState::Open => actions.push(Action::DecideAppeal),
            _ => {}
        }
    }
    let withdraws = asker.own && ((asker.has)(Role::Desk) || (asker.has)(Role::Leader));
    if registered.organ == organ && withdraws && appeal.waits() {
        actions.push(Action::WithdrawAppeal);
    }
    actions
}
