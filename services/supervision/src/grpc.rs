//! The gRPC service: a request is checked and translated, then submitted to the ledger or answered from the tables.

/// Splits a request into who asks and what, and hands both over.
macro_rules! answer {
    ($self:ident . $rpc:ident ( $request:ident )) => {{
        let caller = Caller::of(&$request)?;
        Ok(Response::new($self.$rpc(&caller, $request.into_inner()).await?))
    }};
}

mod accountability;
mod appeal;
mod board;
mod clock_service;
mod clocks;
mod concerns;
mod digest;
mod error;
mod explain;
mod extensions;
mod follow_up;
mod notices;
mod pauses;
mod preview;
mod review;
mod rungs;
mod sealed;
mod see;
mod statistics;
mod watch;

use std::sync::Arc;

use directory::{Directory, Live};
use duban_proto::supervision::v1 as wire;
use duban_proto::supervision::v1::supervision_service_server::SupervisionService;
use ledger::{Committed, Organ, Submission, Writer};
use prost::Message;
use serde::Serialize;
use server::page::PageToken;
use server::{Caller, Error, Ids};
use sqlx::PgPool;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use self::error::directory_error;
use crate::domain::{Answer, Command, Rejection};
use crate::ledgers::Ledgers;
use crate::watch::Watch;

/// The rpcs of `SupervisionService`.
#[derive(Clone)]
pub(crate) struct Grpc {
    pub(crate) writer: Writer<Ledgers>,
    pub(crate) directory: Live,
    pub(crate) vault: content::Vault,
    pub(crate) fingerprints: seal::Fingerprints,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) watch: Watch,
}

impl Grpc {
    fn pool(&self) -> &PgPool {
        self.writer.pool()
    }

    fn rules(&self) -> &regulation::Rules {
        self.writer.domain().rules()
    }

    /// The directory; read again where it does not know the caller's organ, or the one that is asked for.
    async fn directory(&self, caller: &Caller, organ: &str) -> Result<Arc<Directory>, Error> {
        self.directory.knowing([caller.principal().organ.as_str(), organ]).await.map_err(directory_error)
    }

    /// Has a command decided in an organ's ledger, once for a request id. `request` is the request without its id.
    async fn submit(
        &self,
        organ: &str,
        caller: &Caller,
        request_id: Uuid,
        request: &impl Message,
        command: Command,
    ) -> Result<Committed<Answer>, Submitted> {
        let organ = Organ::new(organ).map_err(|error| Submitted::Error(Error::internal(error)))?;
        let rpc = caller.grant().row.rpc.as_str();
        let body = [caller.subject().as_bytes(), &[0], &request.encode_to_vec()].concat();
        let fingerprint = self.fingerprints.of(rpc, &body);
        let request = Some(ledger::Request { id: request_id, fingerprint });
        let submission = Submission { command, actor: caller.subject().to_owned(), request, cause: None };
        self.writer.submit(&organ, submission).await.map_err(|error| match error {
            ledger::SubmitError::Rejected(rejection) => Submitted::Rejected(rejection),
            reused @ ledger::SubmitError::RequestReused => {
                Submitted::Error(Error::from(reused).meta("request_id", request_id))
            }
            other => Submitted::Error(other.into()),
        })
    }
}

/// The token of the next page: of the last row, where the page is full; else empty.
fn next<R, K: Serialize>(
    tokens: &PageToken,
    rows: &[R],
    size: i64,
    key: impl FnOnce(&R) -> K,
) -> Result<String, Error> {
    let full = i64::try_from(rows.len()).is_ok_and(|rows| rows >= size);
    rows.last().filter(|_| full).map_or_else(|| Ok(String::new()), |last| tokens.encode(&key(last)))
}

/// Why a command came to nothing.
enum Submitted {
    /// The rules say no.
    Rejected(Rejection),
    /// Anything else.
    Error(Error),
}

impl From<Submitted> for Error {
    fn from(submitted: Submitted) -> Self {
        match submitted {
            Submitted::Rejected(rejection) => rejection.into(),
            Submitted::Error(error) => error,
        }
    }
}

#[tonic::async_trait]
impl SupervisionService for Grpc {
    async fn get_clocks(
        &self,
        request: Request<wire::GetClocksRequest>,
    ) -> Result<Response<wire::GetClocksResponse>, Status> {
        answer!(self.clocks_of_case(request))
    }

    async fn list_due_clocks(
        &self,
        request: Request<wire::ListDueClocksRequest>,
    ) -> Result<Response<wire::ListDueClocksResponse>, Status> {
        answer!(self.due_clocks(request))
    }

    async fn explain_deadline(
        &self,
        request: Request<wire::ExplainDeadlineRequest>,
    ) -> Result<Response<wire::ExplainDeadlineResponse>, Status> {
        answer!(self.explain(request))
    }

    async fn request_extension(
        &self,
        request: Request<wire::RequestExtensionRequest>,
    ) -> Result<Response<wire::RequestExtensionResponse>, Status> {
        answer!(self.ask_for_extension(request))
    }

    async fn decide_extension(
        &self,
        request: Request<wire::DecideExtensionRequest>,
    ) -> Result<Response<wire::DecideExtensionResponse>, Status> {
        answer!(self.decide_on_extension(request))
    }

    async fn list_extensions(
        &self,
        request: Request<wire::ListExtensionsRequest>,
    ) -> Result<Response<wire::ListExtensionsResponse>, Status> {
        answer!(self.extensions(request))
    }

    async fn list_fired_rungs(
        &self,
        request: Request<wire::ListFiredRungsRequest>,
    ) -> Result<Response<wire::ListFiredRungsResponse>, Status> {
        answer!(self.fired_rungs(request))
    }

    async fn get_board(
        &self,
        request: Request<wire::GetBoardRequest>,
    ) -> Result<Response<wire::GetBoardResponse>, Status> {
        answer!(self.board(request))
    }

    async fn list_concerns(
        &self,
        request: Request<wire::ListConcernsRequest>,
    ) -> Result<Response<wire::ListConcernsResponse>, Status> {
        answer!(self.concerns(request))
    }
}
