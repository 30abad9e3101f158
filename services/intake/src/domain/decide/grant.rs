//! Letting somebody who handles the case know who complains (15): asked for by the reader, decided on by another person,
//! for a time; each reading is on record.

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{GrantDecided, GrantRequested, GrantState, IdentityGrant, IdentityOpened};
use uuid::Uuid;

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::{Book, DecideGrant, Grant, Rejection, RequestGrant};

/// Who may ask is settled before: somebody of the organ that handles the case.
pub(super) fn request(mut step: Step<'_>, request: &RequestGrant) -> Outcome {
    let grant = IdentityGrant {
        grant_id: request.grant_id.to_string(),
        case_id: step.case.case_id.to_string(),
        reader: step.at.actor.to_owned(),
        reader_organ: request.organ.clone(),
        purpose: request.purpose.clone(),
        state: GrantState::Requested.into(),
        requested_at: Some(server::time::to_proto(step.at.now)),
        ..IdentityGrant::default()
    };
    step.answer().grant = Some(grant.clone());
    step.happens(Kind::GrantRequested(GrantRequested {
        grant: Some(grant),
        reason: Some(request.reason.reference()),
    }));
    step.keeps(Write::Draft(request.reason.clone()));
    step.done()
}

/// Nobody decides on the own request. What was granted can be prolonged or taken back; what was refused or taken back stays
/// so: the reader asks again, with a better reason.
pub(super) fn decide(mut step: Step<'_>, book: &Book, decision: DecideGrant) -> Result<Outcome, Rejection> {
    let Grant { grant, reason, .. } = known(&step, book, decision.grant_id)?.clone();
    if grant.state() == GrantState::Refused {
        return Err(nothing(decision.grant_id));
    }
    if grant.reader == step.at.actor {
        return Err(Rejection::PersonExcluded { person: grant.reader, article: "15" });
    }
    let now = step.at.now;
    let until = decision.valid.map(|valid| now.saturating_add(valid).unwrap_or(now));
    let state = if until.is_some() { GrantState::Granted } else { GrantState::Refused };
    let grant = IdentityGrant {
        state: state.into(),
        decided_by: step.at.actor.to_owned(),
        decided_at: Some(server::time::to_proto(now)),
        valid_until: until.map(server::time::to_proto),
        ..grant
    };
    step.answer().grant = Some(grant.clone());
    step.happens(Kind::GrantDecided(GrantDecided { grant: Some(grant), reason: Some(reason) }));
    Ok(step.done())
}

/// Somebody else's grant looks like none, as one that has ended does.
pub(super) fn open(
    mut step: Step<'_>,
    book: &Book,
    grant_id: Uuid,
    organ: &str,
) -> Result<Outcome, Rejection> {
    let grant = known(&step, book, grant_id)?;
    if !grant.lets_read(step.at.actor, organ, step.at.now) {
        return Err(nothing(grant_id));
    }
    let purpose = grant.grant.purpose.clone();
    step.happens(Kind::IdentityOpened(IdentityOpened { purpose, grant_id: grant_id.to_string() }));
    Ok(step.done())
}

fn known<'b>(step: &Step<'_>, book: &'b Book, grant_id: Uuid) -> Result<&'b Grant, Rejection> {
    book.grant(step.case.case_id, grant_id).ok_or_else(|| nothing(grant_id))
}

fn nothing(id: Uuid) -> Rejection {
    Rejection::Nothing { what: "grant", id }
}
