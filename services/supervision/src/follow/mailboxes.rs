//! Supervision's own mailboxes (17): another organ granted time for a term of a case that has its home here, or was
//! registered here.

use duban_proto::supervision::v1::event::Kind;
use ledger::{Incoming, Translate, TranslateError};

use super::{case_of, event, need};
use crate::domain::review::{OnResult, ResultAct};
use crate::domain::{Command, NoteExtension};
use crate::event::Event;
use crate::ledgers::Ledgers;

/// Translates what is addressed to another organ.
#[derive(Debug)]
pub(crate) struct Mailboxes;

impl Translate<Ledgers> for Mailboxes {
    const KINDS: &'static [&'static str] = &[
        "extension_decided",
        "conclusion_noted",
        "reinvestigation_ordered",
        "result_overturned",
        "appeal_registered",
        "appeal_admitted",
        "appeal_decided",
        "appeal_withdrawn",
    ];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        match need(event::<Event>(entry)?.0.kind, "event", entry)? {
            Kind::ExtensionDecided(decided) => Ok(vec![Command::NoteExtension(Box::new(NoteExtension {
                case_id: case_of(entry)?,
                decided,
            }))]),
            other => heard(entry, other),
        }
    }
}

/// About the result of a case (5(2), 20).
fn heard(entry: &Incoming, kind: Kind) -> Result<Vec<Command>, TranslateError> {
    let act = match kind {
        Kind::ConclusionNoted(noted) => {
            ResultAct::NoteConclusion(Box::new(need(noted.conclusion, "conclusion", entry)?))
        }
        Kind::ReinvestigationOrdered(ordered) => ResultAct::NoteOrdered(Box::new(ordered)),
        Kind::ResultOverturned(told) => ResultAct::NoteOverturned(told),
        Kind::AppealRegistered(told) => ResultAct::NoteAppeal(Box::new(told)),
        Kind::AppealAdmitted(told) => ResultAct::NoteAdmitted(told),
        Kind::AppealDecided(told) => ResultAct::NoteDecided(Box::new(told)),
        Kind::AppealWithdrawn(told) => ResultAct::NoteWithdrawn(told),
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Command::OnResult(OnResult { case_id: case_of(entry)?, act })])
}
