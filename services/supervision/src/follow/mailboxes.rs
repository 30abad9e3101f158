//! Supervision's own mailboxes: what another organ's supervision told this one (5(2), 16, 17, 20, 21).

use std::sync::Arc;

use content::{Erased, Erasure, ErasureList};
use duban_proto::supervision::v1::event::Kind;
use duban_proto::supervision::v1::{ConductKind, ConductNoted, ContentErased};
use ledger::{Incoming, Translate, TranslateError};
use uuid::Uuid;

use super::{case_of, event, follow_up, need};
use crate::domain::decide::notice::told_of_rung;
use crate::domain::review::{OnResult, ResultAct};
use crate::domain::time::{opt_from_wire, to_wire};
use crate::domain::{AccountabilityCommand, Command, NoteExtension, NoticeCommand, Pausing};
use crate::event::Event;
use crate::ledgers::Ledgers;

/// Translates what is addressed to another organ.
#[derive(Debug)]
pub(crate) struct Mailboxes {
    pub(crate) erasures: Arc<ErasureList>,
}

impl Translate<Ledgers> for Mailboxes {
    const KINDS: &'static [&'static str] = &[
        "extension_decided",
        "rung_told",
        "clock_paused",
        "clock_resumed",
        "rung_fired",
        "notice_issued",
        "notice_seen",
        "notice_answered",
        "notice_answer_accepted",
        "notice_answer_rejected",
        "notice_overdue",
        "notice_withdrawn",
        "repeat_noted",
        "repeat_taken_back",
        "conduct_told",
        "accountability_opened",
        "statement_given",
        "accountability_concluded",
        "conclusion_noted",
        "reinvestigation_ordered",
        "result_overturned",
        "appeal_registered",
        "appeal_admitted",
        "appeal_decided",
        "appeal_withdrawn",
        "handlers_noted",
        "content_erased",
    ];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let case_id = case_of(entry)?;
        let told = need(event::<Event>(entry)?.0.kind, "event", entry)?;
        if let Kind::ContentErased(erased) = told {
            return self.erased(case_id, erased, entry).await;
        }
        Ok(command(case_id, told, entry)?.into_iter().collect())
    }
}

impl Mailboxes {
    /// On this service's list before anything is deleted by it.
    async fn erased(
        &self,
        case_id: Uuid,
        erased: ContentErased,
        entry: &Incoming,
    ) -> Result<Vec<Command>, TranslateError> {
        let at = need(erased.erased_at.as_ref().and_then(opt_from_wire), "erased_at", entry)?;
        let organ = entry.target.as_str().to_owned();
        let erasure = Erasure { organ, case_id, what: Erased::Case, at, article: erased.article };
        let listed = self.erasures.note(vec![erasure]).await;
        let listed = listed.map_err(|error| TranslateError::Later(Box::new(error)))?;
        Ok(listed.into_iter().map(|listed| Command::Erase(Box::new(listed))).collect())
    }
}

fn command(case_id: Uuid, told: Kind, entry: &Incoming) -> Result<Option<Command>, TranslateError> {
    let pausing = |told| Command::Pausing(Box::new(told));
    Ok(Some(match told {
        Kind::ExtensionDecided(decided) => {
            Command::NoteExtension(Box::new(NoteExtension { case_id, decided }))
        }
        Kind::RungTold(told) => Command::NoteRung { case_id, told: Box::new(told) },
        Kind::ClockPaused(paused) => pausing(Pausing::NotePaused { case_id, paused: Box::new(paused) }),
        Kind::ClockResumed(resumed) => pausing(Pausing::NoteResumed { case_id, resumed: Box::new(resumed) }),
        Kind::HandlersNoted(noted) => follow_up::noted(entry, noted)?,
        other => return of_conduct(case_id, other, entry),
    }))
}

/// What was issued, and what comes of how organs handle (16, 20, 21).
fn of_conduct(case_id: Uuid, told: Kind, entry: &Incoming) -> Result<Option<Command>, TranslateError> {
    let notice = |told| Command::Notice(Box::new(NoticeCommand::Note { case_id, told: Box::new(told) }));
    let accountability = |case_id, command| Command::Accountability(case_id, Box::new(command));
    Ok(Some(match told {
        Kind::RungFired(fired) => notice(told_of_rung(&fired, entry.recorded_at)),
        Kind::NoticeIssued(_)
        | Kind::NoticeSeen(_)
        | Kind::NoticeAnswered(_)
        | Kind::NoticeAnswerAccepted(_)
        | Kind::NoticeAnswerRejected(_)
        | Kind::NoticeOverdue(_)
        | Kind::NoticeWithdrawn(_) => notice(told),
        Kind::RepeatNoted(noted) => {
            let before = need(noted.other_case_id.parse().ok(), "other_case_id", entry)?;
            accountability(before, repeated(case_id, entry, false))
        }
        Kind::RepeatTakenBack(back) => {
            let before = need(back.other_case_id.parse().ok(), "other_case_id", entry)?;
            accountability(before, repeated(case_id, entry, true))
        }
        Kind::ConductTold(told) => accountability(case_id, AccountabilityCommand::Hear(Box::new(told))),
        Kind::AccountabilityOpened(_) | Kind::StatementGiven(_) | Kind::AccountabilityConcluded(_) => {
            accountability(case_id, AccountabilityCommand::Told(Box::new(told)))
        }
        other => return of_result(case_id, other, entry),
    }))
}

/// About the result of a case (5(2), 20).
fn of_result(case_id: Uuid, told: Kind, entry: &Incoming) -> Result<Option<Command>, TranslateError> {
    let act = match told {
        Kind::ConclusionNoted(noted) => {
            ResultAct::NoteConclusion(Box::new(need(noted.conclusion, "conclusion", entry)?))
        }
        Kind::ReinvestigationOrdered(ordered) => ResultAct::NoteOrdered(Box::new(ordered)),
        Kind::ResultOverturned(told) => ResultAct::NoteOverturned(told),
        Kind::AppealRegistered(told) => ResultAct::NoteAppeal(Box::new(told)),
        Kind::AppealAdmitted(told) => ResultAct::NoteAdmitted(told),
        Kind::AppealDecided(told) => ResultAct::NoteDecided(Box::new(told)),
        Kind::AppealWithdrawn(told) => ResultAct::NoteWithdrawn(told),
        _ => return Ok(None),
    };
    Ok(Some(Command::OnResult(OnResult { case_id, act })))
}

/// A complaint of another organ says that this one's came again.
fn repeated(case_id: Uuid, entry: &Incoming, taken_back: bool) -> AccountabilityCommand {
    AccountabilityCommand::Note(Box::new(ConductNoted {
        kind: ConductKind::Repeated.into(),
        at: Some(to_wire(entry.recorded_at)),
        other_id: case_id.to_string(),
        taken_back,
        ..ConductNoted::default()
    }))
}
