//! Supervision's own mailboxes (17): another organ granted time for a term of a case that has its home here, or was
//! registered here.

use duban_proto::supervision::v1::event::Kind;
use ledger::{Incoming, Translate, TranslateError};

use super::{case_of, event, need};
use crate::domain::{Command, NoteExtension};
use crate::event::Event;
use crate::ledgers::Ledgers;

/// Translates what is addressed to another organ.
#[derive(Debug)]
pub(crate) struct Mailboxes;

impl Translate<Ledgers> for Mailboxes {
    const KINDS: &'static [&'static str] = &["extension_decided", "handlers_noted"];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        match need(event::<Event>(entry)?.0.kind, "event", entry)? {
            Kind::ExtensionDecided(decided) => Ok(vec![Command::NoteExtension(Box::new(NoteExtension {
                case_id: case_of(entry)?,
                decided,
            }))]),
            Kind::HandlersNoted(noted) => super::follow_up::noted(entry, noted),
            _ => Ok(Vec::new()),
        }
    }
}
