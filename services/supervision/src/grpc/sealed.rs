//! Texts that go with a command, and reading them again.

use content::ContentError;
use duban_proto::common::v1::ContentRef;
use prost::Message;
use server::{Caller, Error};
use uuid::Uuid;

use super::error::content_error;
use super::{Grpc, Submitted};
use crate::domain::{Answer, Command, Rejection, Sealed};

/// How often texts are sealed again because the case got a data key in between.
const ATTEMPTS: usize = 3;

/// The texts of a case that a command brings, each with the name of its field. Empty ones are left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts<'a> {
    pub(super) case_id: Uuid,
    pub(super) fields: &'a [(&'static str, &'a str)],
}

impl Grpc {
    /// Seals the texts and has the command decided. Most cases have no data key here before their first text: the command
    /// brings one, and is made again where another was quicker. `request` is the request without its id.
    pub(super) async fn submit_sealed(
        &self,
        (organ, caller): (&str, &Caller),
        request_id: Uuid,
        request: &impl Message,
        texts: Texts<'_>,
        command: impl Fn(Sealed) -> Command,
    ) -> Result<Answer, Error> {
        for _ in 0..ATTEMPTS {
            let sealed = self.sealed(organ, texts).await?;
            match self.submit(organ, caller, request_id, request, command(sealed)).await {
                Ok(committed) => return Ok(committed.answer),
                Err(Submitted::Rejected(Rejection::KeyIsThere(_))) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(Rejection::KeyIsThere(texts.case_id).into())
    }

    /// The texts, sealed under the case's data key, which is new where the case has none here.
    async fn sealed(&self, organ: &str, Texts { case_id, fields }: Texts<'_>) -> Result<Sealed, Error> {
        let mut sealed = Sealed::default();
        let written = fields.iter().filter(|(_, text)| !text.is_empty());
        if written.clone().next().is_none() {
            return Ok(sealed);
        }
        let key = match self.vault.case_key(organ, case_id).await {
            Ok(key) => key,
            Err(ContentError::NoKey { .. }) => {
                let new = self.vault.new_case(organ, case_id, &mut rand::rng());
                let (key, new) = new.map_err(content_error)?;
                sealed.case_key = Some(new);
                key
            }
            Err(error) => return Err(content_error(error)),
        };
        for (field, text) in written {
            let item_id = self.ids.new_id(self.writer.clock().now());
            let draft =
                self.vault.draft(&key, organ, case_id, item_id, 1, field, text.as_bytes(), &mut rand::rng());
            sealed.drafts.push((field, draft.map_err(content_error)?));
        }
        Ok(sealed)
    }

    /// A text kept under an organ's ledger; empty where there is none here, and where it was erased.
    pub(super) async fn words(
        &self,
        organ: &str,
        case_id: Uuid,
        text: Option<&ContentRef>,
    ) -> Result<String, Error> {
        let Some(text) = text.filter(|text| !text.item_id.is_empty()) else { return Ok(String::new()) };
        let item_id = text.item_id.parse().map_err(Error::internal)?;
        match self.vault.read_text(organ, case_id, item_id, text.version).await {
            Ok(text) => Ok(text.as_str().to_owned()),
            Err(ContentError::Missing { .. } | ContentError::NoKey { .. } | ContentError::Erased(_)) => {
                Ok(String::new())
            }
            Err(error) => Err(content_error(error)),
        }
    }
}
