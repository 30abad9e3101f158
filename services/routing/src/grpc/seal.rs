//! Sealing a text before any lock is taken, under the case's data key, which is new where the case has none here.

use content::ContentError;
use duban_proto::common::v1::ContentRef;
use ledger::Committed;
use prost::Message;
use server::{Caller, Error};
use uuid::Uuid;

use super::{Grpc, Submitted};
use crate::domain::{Act, Answer, Command, Rejection, Sealed};

/// How often a text is sealed again because the case got a data key in between.
pub(super) const ATTEMPTS: usize = 3;

/// A text to be sealed.
pub(super) struct Text<'a> {
    pub(super) kind: &'static str,
    pub(super) text: &'a [u8],
}

impl Grpc {
    /// Submits an act that comes with a text; the text is sealed again where another was quicker to bring a key.
    pub(super) async fn submit_sealed(
        &self,
        organ: &str,
        caller: &Caller,
        request: (Uuid, &impl Message),
        case_id: Uuid,
        (text, act): (Text<'_>, impl Fn(Sealed) -> Act + Send),
    ) -> Result<Committed<Answer>, Error> {
        let place = (self.new_id(), 1);
        self.submit_version(organ, caller, request, (case_id, place), (text, act)).await
    }

    /// The same, for a version of a text that may be there: its id and the version it gets.
    pub(super) async fn submit_version(
        &self,
        organ: &str,
        caller: &Caller,
        request: (Uuid, &impl Message),
        (case_id, place): (Uuid, (Uuid, u32)),
        (text, act): (Text<'_>, impl Fn(Sealed) -> Act + Send),
    ) -> Result<Committed<Answer>, Error> {
        let mut attempt = 1;
        loop {
            let sealed = self.sealed(organ, case_id, place, &text).await?;
            let command = Command { case_id: Some(case_id), act: act(sealed) };
            match self.submit(organ, caller, request, command).await {
                Err(Submitted::Rejected(Rejection::KeyIsThere(_))) if attempt < ATTEMPTS => attempt += 1,
                other => return Ok(other?),
            }
        }
    }

    pub(super) async fn sealed(
        &self,
        organ: &str,
        case_id: Uuid,
        (item_id, version): (Uuid, u32),
        text: &Text<'_>,
    ) -> Result<Sealed, Error> {
        let known = match self.vault.case_key(organ, case_id).await {
            Err(ContentError::NoKey { .. }) => None,
            other => Some(other?),
        };
        let rng = &mut rand::rng();
        let (case_key, key) = if let Some(case_key) = known {
            (case_key, None)
        } else {
            let (case_key, new) = self.vault.new_case(organ, case_id, rng)?;
            (case_key, Some(new))
        };
        let draft =
            self.vault.draft(&case_key, organ, case_id, item_id, version, text.kind, text.text, rng)?;
        Ok(Sealed { draft, key })
    }

    /// A sealed text; empty where it was erased.
    pub(super) async fn read(&self, organ: &str, case_id: Uuid, text: &ContentRef) -> Result<Vec<u8>, Error> {
        let item_id = Uuid::try_parse(&text.item_id).map_err(Error::internal)?;
        match self.vault.read(organ, case_id, item_id, text.version).await {
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(ContentError::Missing { .. } | ContentError::NoKey { .. } | ContentError::Erased(_)) => {
                Ok(Vec::new())
            }
            Err(error) => Err(error.into()),
        }
    }
}
