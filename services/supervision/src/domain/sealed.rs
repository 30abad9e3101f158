use content::{Draft, NewKey};
use duban_proto::common::v1::ContentRef;
use uuid::Uuid;

use super::{Book, Rejection, Write};

/// The texts of a command, sealed under the case's data key.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    /// The texts, each under the name of its field; a field that was left empty has none.
    pub drafts: Vec<(&'static str, Draft)>,
    /// The data key, where the case had none here: most cases never need one.
    pub case_key: Option<NewKey>,
}

impl Sealed {
    /// What the ledger says of a text; `None` where there is none.
    pub(crate) fn reference(&self, field: &str) -> Option<ContentRef> {
        self.drafts.iter().find(|(name, _)| *name == field).map(|(_, draft)| draft.reference())
    }

    /// Rejects a new key for a case that has one by now: the texts are sealed again under that.
    pub(crate) fn fits(&self, book: &Book) -> Result<(), Rejection> {
        let known = self.brings_key().filter(|case_id| book.keyed.contains(case_id));
        known.map_or(Ok(()), |case_id| Err(Rejection::KeyIsThere(case_id)))
    }

    /// What is kept beside the ledger.
    pub(crate) fn writes(&self) -> Vec<Write> {
        let texts = self.drafts.iter().map(|(_, draft)| Write::Text(draft.clone()));
        self.case_key.clone().map(Write::Key).into_iter().chain(texts).collect()
    }

    /// The case that it brings a new data key for.
    pub(crate) fn brings_key(&self) -> Option<Uuid> {
        self.case_key.as_ref().map(|key| key.case_id)
    }
}
