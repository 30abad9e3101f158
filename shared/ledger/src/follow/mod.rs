//! Following: other ledgers' entries become commands of one's own, each once, with the move of the cursor.

mod ledger;
mod mailbox;
mod pace;
mod page;

use std::{error::Error, future::Future};

pub use ledger::follow_service;
pub use mailbox::follow_mailboxes;

use crate::{Domain, Incoming};

/// What a service makes of the entries it follows.
pub trait Translate<D: Domain>: Send + Sync + 'static {
    /// The kinds of event it has use for; entries of others only move the cursor.
    const KINDS: &'static [&'static str];

    /// The commands an entry becomes in the ledger of `entry.target`: one unit, with the move of the cursor. None: the
    /// cursor moves alone. May look things up and seal; may be called again for the same entry.
    fn translate(
        &self,
        entry: &Incoming,
    ) -> impl Future<Output = Result<Vec<D::Command>, TranslateError>> + Send;

    /// The same for a page of entries of one ledger, in order, for those who look things up for all at once. Answers as
    /// many as it could, up to the first [`TranslateError::Later`].
    fn translate_page(&self, page: &[&Incoming]) -> impl Future<Output = Translated<D>> + Send {
        async move {
            let mut translated = Vec::with_capacity(page.len());
            for entry in page {
                let commands = self.translate(entry).await;
                let late = matches!(commands, Err(TranslateError::Later(_)));
                translated.push(commands);
                if late {
                    break;
                }
            }
            translated
        }
    }
}

/// What the entries of a page become.
pub type Translated<D> = Vec<Result<Vec<<D as Domain>::Command>, TranslateError>>;

/// Why an entry can't be made commands of.
#[derive(Debug, thiserror::Error)]
pub enum TranslateError {
    /// It never will: it is put aside, on record, and the rest goes on.
    #[error("it can't be understood: {0}")]
    Malformed(String),
    /// Something that is needed can't be had now: it is tried again.
    #[error("it can't be translated now")]
    Later(#[source] Box<dyn Error + Send + Sync>),
}
