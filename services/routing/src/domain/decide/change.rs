//! The directory changes: at once by an import, or on a day by a plan (4). Decided on the organs as the ledger that keeps
//! them has them, whatever a process remembers.

use directory::Directory;
use duban_proto::common::v1::Organ;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    ChangeCancelled, ChangePlanned, ChangeState, ChangeTookEffect, ImportOrgansResponse, OrganEstablished,
    PlannedChange,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{At, Fact, Outcome};
use crate::domain::change::check_import;
use crate::domain::{Book, Fault, Rejection, Why, after_change};

/// What is as it was makes no entry (4).
pub(super) fn establish(book: &Book, organs: &[Organ]) -> Result<Outcome, Rejection> {
    let mut outcome = Outcome::default();
    let mut import = ImportOrgansResponse::default();
    let mut fresh = Vec::new();
    for organ in organs {
        let known = book.organ(&organ.code);
        let version = known.map_or(0, |known| known.version);
        match known {
            Some(known) if *known == (Organ { version, ..organ.clone() }) => {
                import.unchanged += 1;
                continue;
            }
            Some(_) => import.changed += 1,
            None => import.established += 1,
        }
        fresh.push(Organ { version: version + 1, ..organ.clone() });
    }
    check_import(&book.organs, &fresh).map_err(Rejection::Change)?;
    outcome.facts.extend(fresh.into_iter().map(|organ| established(organ, "")));
    outcome.answer.import = Some(import);
    Ok(outcome)
}

fn established(organ: Organ, change_id: &str) -> Fact {
    let event = OrganEstablished { organ: Some(organ), change_id: change_id.to_owned() };
    Fact { kind: Kind::OrganEstablished(event), audience: None }
}

/// A change has to be possible on its day, and what is planned for later has to stay so.
pub(super) fn plan(book: &Book, at: At<'_>, change: &PlannedChange) -> Result<Outcome, Rejection> {
    let before = impossible(book, at.organ, None);
    for (change_id, fault) in impossible(book, at.organ, Some(change)) {
        if change_id == change.change_id {
            return Err(Rejection::Change(fault));
        }
        if !before.iter().any(|(other, _)| *other == change_id) {
            return Err(Rejection::Change(Fault { why: Why::Conflicts, ..fault }));
        }
    }
    let planned = PlannedChange {
        state: ChangeState::Planned.into(),
        planned_by: at.actor.to_owned(),
        planned_at: Some(server::time::to_proto(at.now)),
        ..change.clone()
    };
    Ok(outcome(Kind::ChangePlanned(ChangePlanned { change: Some(planned.clone()) }), planned))
}

/// Of all that is planned, and this, in turn: what can't take effect on its day.
fn impossible(book: &Book, keeper: &str, fresh: Option<&PlannedChange>) -> Vec<(String, Fault)> {
    let planned = book.changes.values().filter(|change| change.state() == ChangeState::Planned);
    let mut in_turn: Vec<&PlannedChange> = planned.chain(fresh).collect();
    let moment = |at: Option<&prost_types::Timestamp>| at.and_then(server::time::from_proto);
    // What is planned now comes after what was planned for the same day before.
    in_turn.sort_by_key(|change| {
        let planned = moment(change.planned_at.as_ref()).unwrap_or(Timestamp::MAX);
        (moment(change.effective_at.as_ref()), planned, change.change_id.clone())
    });
    let mut directory = Directory::new(book.organs.values().cloned());
    let mut found = Vec::new();
    for change in in_turn {
        match after_change(&directory, keeper, &change.change.clone().unwrap_or_default()) {
            Ok(organs) => directory = Directory::new(directory.iter().cloned().chain(organs)),
            Err(fault) => found.push((change.change_id.clone(), fault)),
        }
    }
    found
}

/// Before it takes effect.
pub(super) fn cancel(book: &Book, at: At<'_>, change_id: Uuid) -> Result<Outcome, Rejection> {
    let change = waiting(book, change_id)?;
    let ended = ended(change, ChangeState::Cancelled, at);
    let cancelled = ChangeCancelled { change: Some(change.clone()), lapsed_because: String::new() };
    Ok(outcome(Kind::ChangeCancelled(cancelled), ended))
}

/// On its day. What can't be any more, lapses; what is not planned any more, and what is not due yet, is left.
pub(super) fn take_effect(book: &Book, at: At<'_>, change_id: Uuid) -> Outcome {
    let Ok(change) = waiting(book, change_id) else { return Outcome::default() };
    let due = change.effective_at.as_ref().and_then(server::time::from_proto);
    if due.is_none_or(|due| due > at.now) {
        return Outcome::default();
    }
    let directory = Directory::new(book.organs.values().cloned());
    let asked = change.change.clone().unwrap_or_default();
    let organs = match after_change(&directory, at.organ, &asked) {
        Ok(organs) => organs,
        Err(fault) => {
            let lapsed_because = fault.why.code().to_owned();
            let ended = PlannedChange {
                lapsed_because: lapsed_because.clone(),
                ..ended(change, ChangeState::Lapsed, at)
            };
            let lapsed = ChangeCancelled { change: Some(change.clone()), lapsed_because };
            return outcome(Kind::ChangeCancelled(lapsed), ended);
        }
    };
    let took = ChangeTookEffect { change: Some(change.clone()) };
    let mut outcome = outcome(Kind::ChangeTookEffect(took), ended(change, ChangeState::InEffect, at));
    outcome.facts.extend(organs.into_iter().map(|organ| {
        let version = book.organ(&organ.code).map_or(0, |known| known.version) + 1;
        established(Organ { version, ..organ }, &change.change_id)
    }));
    outcome
}

fn waiting(book: &Book, change_id: Uuid) -> Result<&PlannedChange, Rejection> {
    let change = book.changes.get(&change_id.to_string());
    let change = change.ok_or(Rejection::ChangeNotFound(change_id))?;
    match change.state() {
        ChangeState::Planned => Ok(change),
        state => Err(Rejection::ChangeEnded(state)),
    }
}

fn ended(change: &PlannedChange, state: ChangeState, at: At<'_>) -> PlannedChange {
    PlannedChange {
        state: state.into(),
        ended_by: at.actor.to_owned(),
        ended_at: Some(server::time::to_proto(at.now)),
        ..change.clone()
    }
}

fn outcome(kind: Kind, answer: PlannedChange) -> Outcome {
    let mut outcome = Outcome::default();
    outcome.facts.push(Fact { kind, audience: None });
    outcome.answer.change = Some(answer);
    outcome
}
