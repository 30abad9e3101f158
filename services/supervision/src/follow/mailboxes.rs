//! Supervision's own mailboxes (17): another organ granted time for a term of a case that has its home here, or was
//! registered here; paused its time, or tells what its ladder did (house).

use duban_proto::supervision::v1::event::Kind;
use ledger::{Incoming, Translate, TranslateError};

use super::{case_of, event, need};
use crate::domain::{Command, NoteExtension, Pausing};
use crate::event::Event;
use crate::ledgers::Ledgers;

/// Translates what is addressed to another organ.
#[derive(Debug)]
pub(crate) struct Mailboxes;

impl Translate<Ledgers> for Mailboxes {
    const KINDS: &'static [&'static str] =
        &["extension_decided", "rung_told", "clock_paused", "clock_resumed"];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        match need(event::<Event>(entry)?.0.kind, "event", entry)? {
            Kind::ExtensionDecided(decided) => Ok(vec![Command::NoteExtension(Box::new(NoteExtension {
                case_id: case_of(entry)?,
                decided,
            }))]),
            Kind::RungTold(told) => {
                Ok(vec![Command::NoteRung { case_id: case_of(entry)?, told: Box::new(told) }])
            }
            Kind::ClockPaused(paused) => {
                let told = Pausing::NotePaused { case_id: case_of(entry)?, paused: Box::new(paused) };
                Ok(vec![Command::Pausing(Box::new(told))])
            }
            Kind::ClockResumed(resumed) => {
                let told = Pausing::NoteResumed { case_id: case_of(entry)?, resumed: Box::new(resumed) };
                Ok(vec![Command::Pausing(Box::new(told))])
            }
            _ => Ok(Vec::new()),
        }
    }
}
