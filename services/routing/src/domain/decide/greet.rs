//! A holder and a home that is new to it (4, 20). What comes from the home before, in its own mailbox, may be later than what the
//! new home told: once it has both, the holder says so, and is told again what it could not understand.

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    FactsCorrected, HomeMoved, HomeNoted, SupersededBy, TermState, TermSuperseded, WithdrawalNoted,
};

use super::step::Step;
use super::told::held_by;
use super::{Outcome, succession};

/// At the holder of a term that runs.
pub(super) fn greet(step: &mut Step<'_>) {
    let own = step.at.organ;
    let runs = step.case.current().filter(|tenure| {
        tenure.organ == own && tenure.superseded_by == 0 && tenure.state() != TermState::Superseded
    });
    let Some(term) = runs.map(|tenure| tenure.term).filter(|_| !step.case.is_home(own)) else { return };
    let home = step.case.home.clone();
    let (homes, facts) = (step.case.homes, step.case.facts.clone());
    step.tells(Kind::HomeNoted(HomeNoted { term, home: home.clone(), homes, facts }), Some(home));
}

/// At the home: nothing where the holder knows what there is to know. At the holder: the home says that it is another by now.
pub(super) fn greeted(mut step: Step<'_>, organ: &str, noted: &HomeNoted) -> Outcome {
    let own = step.at.organ;
    if !step.case.is_home(own) {
        let (home, homes) = (noted.home.clone(), noted.homes);
        return succession::note(step, &HomeMoved { home, homes, ..HomeMoved::default() });
    }
    let Some(tenure) = held_by(&step, noted.term, organ).filter(|tenure| tenure.organ != own).cloned() else {
        return Outcome::default();
    };
    let mut again = Vec::new();
    if noted.homes < step.case.homes {
        let (home, homes) = (own.to_owned(), step.case.homes);
        again.push(Kind::HomeNoted(HomeNoted { term: noted.term, home, homes, facts: None }));
    }
    if tenure.superseded_by > 0 && !tenure.left {
        let next = step.case.terms.iter().find(|next| next.term == tenure.superseded_by);
        let at = next.map(|next| server::time::to_proto(ledger::from_micros(next.begun_at)));
        let why = SupersededBy::try_from(tenure.superseded_because).unwrap_or_default().into();
        let (term, by) = (tenure.term, tenure.superseded_by);
        again.push(Kind::TermSuperseded(TermSuperseded { term, by, why, at }));
    } else if tenure.superseded_by == 0 {
        again.extend(tenure.open_recall().cloned().map(Kind::RecallRequested));
        if step.case.facts != noted.facts {
            again.push(Kind::FactsCorrected(FactsCorrected { facts: step.case.facts.clone() }));
        }
    }
    if step.case.state() == CaseState::Withdrawn {
        again.push(Kind::WithdrawalNoted(WithdrawalNoted { goes_on: false }));
    }
    if again.is_empty() {
        return Outcome::default();
    }
    // All of it stands in this ledger already, and changes nothing here.
    for kind in again {
        step.enters(kind, Some(organ.to_owned()));
    }
    step.done()
}
