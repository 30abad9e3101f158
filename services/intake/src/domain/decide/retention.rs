//! How long a case is kept once it ended, what is disposed of then, and what is erased before (15, 16).

use std::sync::Arc;

use content::{Erased, Listed};
use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    AttachmentRemoval, AttachmentRemoved, CaseErased, DecideDisposalResponse, DisposalProposed, Ending,
    ErasureDecided, ErasureGround, ErasureKind, ErasureRequested, ProposeDisposalResponse, RetentionSet,
    RetentionStage,
};
use regulation::Period;
use uuid::Uuid;

use super::step::Step;
use super::{At, Outcome, Write};
use crate::domain::{Act, Attach, Attachment, Book, Disposal, Erase, Rejection, Retained};

/// The case ended: how long it is kept. `filed_for` is what the archivist set for this case: never shorter than the regulation.
pub(super) fn set(step: &mut Step<'_>, filed_for: Option<Period>) {
    let Some((ending, rule)) = ending(step.case.state) else { return };
    let outcome = outcome(step.case.finding);
    let (period, basis) = step.regulation.retention().of(rule, outcome, &step.case.received.grounds);
    let period = filed_for.map_or(period, |filed_for| filed_for.max(period));
    let until = period.until(step.at.now, &step.regulation.counting().zone);
    let citation = step.cite(basis, "retention", None);
    step.happens(Kind::RetentionSet(RetentionSet {
        ending: ending.into(),
        years: period.years(),
        keep_until: until.map(server::time::to_proto),
        citation: Some(citation),
    }));
}

fn ending(state: CaseState) -> Option<(Ending, regulation::Ending)> {
    Some(match state {
        CaseState::Archived => (Ending::Archived, regulation::Ending::Archived),
        CaseState::Declined => (Ending::Declined, regulation::Ending::Declined),
        CaseState::Referred => (Ending::Referred, regulation::Ending::Referred),
        CaseState::DirectedElsewhere => (Ending::DirectedElsewhere, regulation::Ending::DirectedElsewhere),
        CaseState::Withdrawn => (Ending::Withdrawn, regulation::Ending::Withdrawn),
        CaseState::Lead => (Ending::Lead, regulation::Ending::Lead),
        _ => return None,
    })
}

fn outcome(finding: Finding) -> &'static str {
    match finding {
        Finding::Unspecified => "",
        Finding::Founded => "founded",
        Finding::PartlyFounded => "partly_founded",
        Finding::Unfounded => "unfounded",
        Finding::NotEstablished => "not_established",
    }
}

/// Of an erased case nothing can be done any more; of one without identity, nothing that needs it.
pub(super) fn must_be_there(book: &Book, case_id: Uuid, act: &Act) -> Result<(), Rejection> {
    let Some(retained) = book.retained(case_id) else { return Ok(()) };
    // Its bytes have to go all the same.
    if matches!(act, Act::Attach(Attach::Abandon { .. } | Attach::Erased { .. })) {
        return Ok(());
    }
    let needs_identity = matches!(
        act,
        Act::OpenIdentity { .. }
            | Act::Attach(_)
            | Act::Correct(_)
            | Act::BeginDelivery(_)
            | Act::RequestGrant(_)
            | Act::DecideGrant(_)
            | Act::OpenByGrant { .. }
            | Act::ProvideSupplement(_)
            | Act::ConfirmMasks(_)
            | Act::OnSummary(_)
            | Act::OnInstruction(_)
            | Act::RequestErasure { .. }
            | Act::DecideErasure { .. }
    );
    let gone = if needs_identity { retained.identity_gone() } else { retained.case_gone() };
    gone.map_or(Ok(()), |gone| Err(Rejection::Erased(gone)))
}

/// All of them, or none; those that may not be disposed of are told at once.
pub(super) fn propose(book: &Book, list: &Disposal, at: At<'_>) -> Result<Outcome, Rejection> {
    if let Some(unknown) = list.cases.iter().find(|case_id| book.case(**case_id).is_none()) {
        return Err(Rejection::CaseNotFound(*unknown));
    }
    let free = |case_id: &&Uuid| {
        let kept = |retained: &Retained| retained.stage() == RetentionStage::Kept;
        !(book.retained(**case_id).is_some_and(kept) && is_due(book, **case_id, at))
    };
    let not_due: Vec<Uuid> = list.cases.iter().filter(free).copied().collect();
    if !not_due.is_empty() {
        return Err(Rejection::NotDue(not_due));
    }
    let list_id = list.list_id.to_string();
    let proposed =
        |case_id: &Uuid| (*case_id, Kind::DisposalProposed(DisposalProposed { list_id: list_id.clone() }));
    let mut outcome = Outcome { on_others: list.cases.iter().map(proposed).collect(), ..Outcome::default() };
    let cases = count(&list.cases);
    outcome.answer.proposed = Some(ProposeDisposalResponse { list_id: list_id.clone(), cases });
    Ok(outcome)
}

fn is_due(book: &Book, case_id: Uuid, at: At<'_>) -> bool {
    let ended = book.case(case_id).is_some_and(|case| case.is_ended() || case.state == CaseState::Lead);
    ended && !book.is_held(case_id) && book.retained(case_id).is_some_and(|retained| retained.is_due(at.now))
}

/// By another person than who proposed it. What is no more due since is left out, and kept.
pub(super) fn dispose(
    book: &Book,
    list: &Disposal,
    approved: bool,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    let list_id = list.list_id.to_string();
    let waits =
        |retained: &Retained| retained.stage() == RetentionStage::Proposed && retained.list_id == list_id;
    let cases: Vec<Uuid> =
        list.cases.iter().filter(|id| book.retained(**id).is_some_and(waits)).copied().collect();
    let Some(first) = cases.first().and_then(|case_id| book.retained(*case_id)) else {
        return Err(Rejection::Nothing { what: "disposal_list", id: list.list_id });
    };
    if first.proposed_by == at.actor {
        return Err(Rejection::PersonExcluded { person: first.proposed_by.clone(), article: "" });
    }
    let mut outcome = Outcome::default();
    let mut answer = DecideDisposalResponse::default();
    for case_id in cases {
        let granted = approved && is_due(book, case_id, at);
        if granted {
            answer.erased += 1;
        } else {
            answer.kept += 1;
        }
        if approved && !granted {
            answer.left_out.push(case_id.to_string());
        }
        let decided = ErasureDecided {
            kind: ErasureKind::Case.into(),
            granted,
            list_id: list_id.clone(),
            ground: ErasureGround::RetentionEnded.into(),
            left_out: approved && !granted,
        };
        outcome.on_others.push((case_id, Kind::ErasureDecided(decided)));
    }
    outcome.answer.disposal = Some(answer);
    Ok(outcome)
}

/// The case has to do without the identity: by its working copy, or because it ended.
pub(super) fn request(
    mut step: Step<'_>,
    book: &Book,
    demand_id: Uuid,
    ground: ErasureGround,
) -> Result<Outcome, Rejection> {
    let case_id = step.case.case_id;
    if step.case.working_copy.is_none() && !step.case.is_ended() {
        return Err(Rejection::MasksNotConfirmed);
    }
    let retained = book.retained(case_id);
    if retained.is_some_and(|retained| retained.identity_stage() == RetentionStage::Proposed) {
        return Err(Rejection::Forbidden {
            article: Some("15".to_owned()),
            fields: Vec::new(),
            zh: "该件已有一项清除申请等待审批。".to_owned(),
            en: "another demand to erase it waits for its decision".to_owned(),
        });
    }
    tell(
        &mut step,
        retained,
        Kind::ErasureRequested(ErasureRequested { demand_id: demand_id.to_string(), ground: ground.into() }),
    );
    Ok(step.done())
}

/// By another person than who took it in.
pub(super) fn decide(
    mut step: Step<'_>,
    book: &Book,
    demand_id: Uuid,
    granted: bool,
) -> Result<Outcome, Rejection> {
    let retained = book.retained(step.case.case_id);
    let waits = |retained: &&Retained| {
        retained.identity_stage() == RetentionStage::Proposed && retained.demand_id == demand_id.to_string()
    };
    let demand =
        retained.filter(waits).ok_or(Rejection::Nothing { what: "erasure_demand", id: demand_id })?;
    if demand.demanded_by == step.at.actor {
        return Err(Rejection::PersonExcluded { person: demand.demanded_by.clone(), article: "15" });
    }
    let decided = ErasureDecided {
        kind: ErasureKind::Identity.into(),
        granted,
        list_id: demand_id.to_string(),
        ground: demand.demand_ground,
        left_out: false,
    };
    tell(&mut step, retained, Kind::ErasureDecided(decided));
    Ok(step.done())
}

/// It happens, and the answer says how the case stands by it.
fn tell(step: &mut Step<'_>, before: Option<&Retained>, kind: Kind) {
    let after = Retained::after(before, &kind, step.at.actor, step.at.now);
    step.answer().retention = after.map(|retained| retained.to_wire(step.case.case_id));
    step.happens(kind);
}

/// What is done already, by another replica or before a crash, makes no entry.
pub(super) fn erase(book: &Book, erase: &Erase) -> Outcome {
    let is_open = |one: &&Listed| match book.retained(one.erasure.case_id) {
        None => erase.restored,
        Some(retained) => {
            let stage = match one.erasure.what {
                Erased::Case => retained.stage(),
                Erased::Identity => retained.identity_stage(),
            };
            if erase.restored { stage != RetentionStage::Erased } else { stage == RetentionStage::Decided }
        }
    };
    let open: Arc<[Listed]> = erase.listed.iter().filter(is_open).cloned().collect();
    let told = |one: &Listed| {
        let kind = match one.erasure.what {
            Erased::Case => ErasureKind::Case,
            Erased::Identity => ErasureKind::Identity,
        };
        // Decided on and listed, and then the service was stopped: nothing was brought back.
        let stage = |retained: &Retained| match one.erasure.what {
            Erased::Case => retained.stage(),
            Erased::Identity => retained.identity_stage(),
        };
        let waited =
            book.retained(one.erasure.case_id).is_some_and(|it| stage(it) == RetentionStage::Decided);
        let erased = CaseErased {
            kind: kind.into(),
            erased_at: Some(server::time::to_proto(one.erasure.at)),
            article: one.erasure.article.clone(),
            restored: erase.restored && !waited,
        };
        (one.erasure.case_id, Kind::CaseErased(erased))
    };
    let known = || open.iter().filter(|one| book.case(one.erasure.case_id).is_some());
    let files = known().flat_map(|one| files_of(book, one.erasure.case_id));
    let on_others = known().map(told).chain(files).collect();
    // Also where nothing is told: it has to be noted that nothing is left to tell.
    let listed = if erase.restored { erase.listed.iter().cloned().collect() } else { open };
    Outcome { on_others, writes: vec![Write::Erase { listed }], ..Outcome::default() }
}

/// The files of a case can't be opened any more: their keys were texts of the case. Their bytes go as those of removed ones do.
fn files_of(book: &Book, case_id: Uuid) -> impl Iterator<Item = (Uuid, Kind)> {
    let removed = move |file: &Attachment| {
        let event = AttachmentRemoved {
            attachment_id: file.attachment_id.to_string(),
            ground: AttachmentRemoval::Erased.into(),
            ..AttachmentRemoved::default()
        };
        (case_id, Kind::AttachmentRemoved(event))
    };
    book.attachments_of(case_id).filter(|file| file.counts()).map(removed)
}

fn count(cases: &[Uuid]) -> u32 {
    u32::try_from(cases.len()).unwrap_or(u32::MAX)
}
