//! What the other services tell: how the case goes on, and that its time was extended.

use duban_proto::common::v1::{CaseState, LocalizedText};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{CaseReopened, HandlingNoted, ReplyOccasion};
use jiff::SignedDuration;
use regulation::{Event, Period, Stage};

use super::step::Step;
use super::{Outcome, retention};
use crate::domain::{
    Book, Case, NoteChanged, NoteExtension, NoteHandling, NoteReopened, Rejection, Retained, Write,
};

/// An end at 24:00 belongs to the day that it ends.
const INSTANT: SignedDuration = SignedDuration::from_nanos(1);

/// Notes where the case stands; what it is past already, or what comes after it was withdrawn, changes nothing.
/// A conclusion has to be told promptly (17).
pub(super) fn note(mut step: Step<'_>, note: &NoteHandling) -> Outcome {
    if !goes_on_to(&step.case, note) {
        return Outcome::default();
    }
    let case = &step.case;
    let concluded = note.state == CaseState::Concluded;
    let event = HandlingNoted {
        state: note.state.into(),
        organ: if note.organ.is_empty() { case.responsible_organ.clone() } else { note.organ.clone() },
        term: if note.term == 0 { case.term } else { note.term },
        finding: if concluded { note.finding } else { case.finding }.into(),
    };
    step.happens(Kind::HandlingNoted(event));
    retention::set(&mut step, Some(Period::of_years(note.retention_years)));
    if concluded {
        let limit = step.regulation.limit(Stage::Reply);
        let from = note.approved_at.unwrap_or(step.at.now);
        let due_at = limit.map(|limit| step.rules.due(step.at.organ, from, limit.length).at);
        let citation = match limit {
            Some(limit) => step.cite(&limit.basis, limit.stage.code(), Some(&limit.text)),
            None => step.cite_article("17"),
        };
        step.must_tell(note.reply_id, ReplyOccasion::Result, citation, due_at);
    }
    step.done()
}

fn goes_on_to(case: &Case, note: &NoteHandling) -> bool {
    let running = matches!(case.state, CaseState::Accepted | CaseState::InHandling);
    match note.state {
        CaseState::InHandling => {
            let same = case.state == CaseState::InHandling
                && (note.organ.is_empty() || note.organ == case.responsible_organ)
                && (note.term == 0 || note.term == case.term);
            running && !same
        }
        CaseState::Concluded => running,
        CaseState::Archived => matches!(case.state, CaseState::Concluded | CaseState::Replied),
        _ => false,
    }
}

/// It is handled once more (3), and the complainant is told so; what was decided to be erased stays as it is, and what is not
/// concluded any more was told of before.
pub(super) fn reopened(mut step: Step<'_>, book: &Book, note: &NoteReopened) -> Outcome {
    let concluded =
        matches!(step.case.state, CaseState::Concluded | CaseState::Replied | CaseState::Archived);
    let gone = book.retained(step.case.case_id).and_then(Retained::case_gone).is_some();
    if !concluded || gone {
        return Outcome::default();
    }
    step.happens(Kind::CaseReopened(CaseReopened {
        reopening: note.reopening,
        home: note.home.clone(),
        finding: step.case.finding.into(),
    }));
    if step.regulation.reply(Event::Reopened).is_some() {
        let citation = step.cite_article(&note.article);
        step.must_tell(note.reply_id, ReplyOccasion::Reopened, citation, None);
    }
    step.done()
}

/// The result was changed on an appeal (5(2)): the complainant is told the new one. What was not told yet is told as it is now.
pub(super) fn changed(mut step: Step<'_>, book: &Book, note: &NoteChanged) -> Outcome {
    let case = &step.case;
    let concluded = matches!(case.state, CaseState::Concluded | CaseState::Replied | CaseState::Archived);
    let gone = book.retained(case.case_id).and_then(Retained::case_gone).is_some();
    if !concluded || gone || case.finding == note.finding {
        return Outcome::default();
    }
    let event = HandlingNoted {
        state: case.state.into(),
        organ: case.responsible_organ.clone(),
        term: case.term,
        finding: note.finding.into(),
    };
    let waits = book.owes_result(case.case_id);
    step.happens(Kind::HandlingNoted(event));
    if !waits {
        let limit = step.regulation.limit(Stage::Reply);
        let due_at = limit.map(|limit| step.rules.due(step.at.organ, step.at.now, limit.length).at);
        let citation = step.cite_article(&note.article);
        step.must_tell(note.reply_id, ReplyOccasion::Result, citation, due_at);
    }
    step.done()
}

/// The complainant is told of an extension and why (17). The citation's words say the new end.
pub(super) fn extended(mut step: Step<'_>, note: &NoteExtension) -> Result<Outcome, Rejection> {
    if !matches!(step.case.state, CaseState::Accepted | CaseState::InHandling) {
        return Ok(Outcome::default());
    }
    let start = step.case.accepted_at.unwrap_or(step.at.now);
    let length = note.length.parse().map_err(|_| Rejection::NoLimit("extension"))?;
    // Of a case that was opened again, the time counts from then: supervision tells the end.
    let zone = &step.regulation.counting().zone;
    let told = note.due_at.and_then(|at| at.checked_sub(INSTANT).ok());
    let told = told.map(|last| zone.to_datetime(last).date());
    let date = told.unwrap_or_else(|| step.rules.due(step.at.organ, start, length).date);
    let mut citation = step.cite_article(&note.article);
    citation.text = Some(LocalizedText {
        zh: format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        en: date.to_string(),
    });
    step.must_tell(note.reply_id, ReplyOccasion::Extended, citation, None);
    if let Some(told) = note.told.as_ref().filter(|_| step.case.can_be_told()) {
        step.keeps(Write::Draft(told.clone()));
    }
    Ok(step.done())
}
