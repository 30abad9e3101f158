//! Supervision's entries of the same organ: more time was granted, which the complainant is told, and why (17).

use std::sync::Arc;

use content::{ContentError, Draft, Vault};
use duban_proto::supervision::v1::clock_service_client::ClockServiceClient;
use duban_proto::supervision::v1::{self as supervision, KeptText, ReadExtensionToldRequest, event::Kind};
use ledger::{Incoming, Translate, TranslateError};
use server::Ids;
use tokio::sync::Mutex;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{Body as HttpBody, Bytes, StdError};
use tonic::{Code, Status};
use uuid::Uuid;

use super::{event, need, on_case};
use crate::domain::{Act, Command, NoteExtension};
use crate::ledgers::Ledgers;

/// Translates supervision's entries.
pub(crate) struct Supervision<C> {
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) vault: Vault,
    /// Where the words for the complainant are read: no entry holds them.
    pub(crate) words: Mutex<ClockServiceClient<C>>,
}

impl<C> Translate<Ledgers> for Supervision<C>
where
    C: GrpcService<Body> + Clone + Send + 'static,
    C::Future: Send,
    C::Error: Into<StdError> + Send,
    C::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
    <C::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
{
    const KINDS: &'static [&'static str] = &["extension_decided"];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let kind = need(event::<supervision::Event>(entry)?.kind, "event", entry)?;
        let Kind::ExtensionDecided(decided) = kind else { return Ok(Vec::new()) };
        if !decided.granted || decided.registering_organ != entry.target.as_str() {
            return Ok(Vec::new());
        }
        let reply_id = self.ids.new_id(entry.recorded_at);
        let case_id = need(entry.case, "case", entry)?.0;
        let told = match decided.told {
            Some(told) => self.sealed(entry, case_id, &decided.extension_id, told, reply_id).await?,
            None => None,
        };
        let note = NoteExtension {
            length: decided.length,
            due_at: decided.due_at.as_ref().and_then(server::time::from_proto),
            article: decided.citation.map(|citation| citation.article).unwrap_or_default(),
            reply_id,
            told,
        };
        Ok(vec![on_case(entry, Act::NoteExtension(note))?])
    }
}

impl<C> Supervision<C>
where
    C: GrpcService<Body> + Clone + Send + 'static,
    C::Future: Send,
    C::Error: Into<StdError> + Send,
    C::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
    <C::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
{
    /// The words, sealed under the case's key here, as the explanation of the reply; `None` where they were erased.
    async fn sealed(
        &self,
        entry: &Incoming,
        case_id: Uuid,
        extension_id: &str,
        told: KeptText,
        reply_id: Uuid,
    ) -> Result<Option<Draft>, TranslateError> {
        let words = self.read(case_id, extension_id, told.organ).await?;
        if words.trim().is_empty() {
            return Ok(None);
        }
        let organ = entry.target.as_str();
        let key = match self.vault.case_key(organ, case_id).await {
            Ok(key) => key,
            Err(ContentError::NoKey { .. } | ContentError::Erased(_)) => return Ok(None),
            Err(error) => return Err(later(error)),
        };
        let sealed = words.as_bytes();
        let mut random = rand::rng();
        let draft = self.vault.draft(&key, organ, case_id, reply_id, 1, "explanation", sealed, &mut random);
        draft.map(Some).map_err(later)
    }

    async fn read(&self, case_id: Uuid, extension_id: &str, organ: String) -> Result<String, TranslateError> {
        let mut words = self.words.lock().await.clone();
        let request = ReadExtensionToldRequest {
            case_id: case_id.to_string(),
            extension_id: extension_id.to_owned(),
            organ,
        };
        match words.read_extension_told(request).await {
            Ok(read) => Ok(read.into_inner().told),
            Err(status) if passes(&status) => Err(later(status)),
            Err(status) => {
                // What can't be read never will be: the complainant is told without it.
                tracing::warn!(error = &status as &dyn std::error::Error, "words for a complainant not read");
                Ok(String::new())
            }
        }
    }
}

/// Whether it may be otherwise when it is tried again.
fn passes(status: &Status) -> bool {
    !matches!(
        status.code(),
        Code::Unimplemented
            | Code::NotFound
            | Code::InvalidArgument
            | Code::FailedPrecondition
            | Code::OutOfRange
    )
}

fn later(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TranslateError {
    TranslateError::Later(error.into())
}
