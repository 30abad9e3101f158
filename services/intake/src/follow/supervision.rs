//! Supervision's entries of the same organ: more time was granted, which the complainant is told (17).

use std::sync::Arc;

use duban_proto::supervision::v1::{self as supervision, event::Kind};
use ledger::{Incoming, Translate, TranslateError};
use server::Ids;

use super::{event, need, on_case};
use crate::domain::{Act, Command, NoteExtension};
use crate::ledgers::Ledgers;

/// Translates supervision's entries.
pub(crate) struct Supervision {
    pub(crate) ids: Arc<dyn Ids>,
}

impl Translate<Ledgers> for Supervision {
    const KINDS: &'static [&'static str] = &["extension_decided"];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let kind = need(event::<supervision::Event>(entry)?.kind, "event", entry)?;
        let Kind::ExtensionDecided(decided) = kind else { return Ok(Vec::new()) };
        if !decided.granted || decided.registering_organ != entry.target.as_str() {
            return Ok(Vec::new());
        }
        let note = NoteExtension {
            length: decided.length,
            due_at: decided.due_at.as_ref().and_then(server::time::from_proto),
            article: decided.citation.map(|citation| citation.article).unwrap_or_default(),
            reply_id: self.ids.new_id(entry.recorded_at),
        };
        Ok(vec![on_case(entry, Act::NoteExtension(note))?])
    }
}
