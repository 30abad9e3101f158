//! The gRPC services: a request is checked and translated, then submitted to the ledger or answered from the tables.

mod archive;
mod cases;
mod casework;
mod directory;
mod disposition;
mod error;
mod investigation;
mod look;
mod route;
mod seal;
mod volume;

use std::sync::Arc;

use ::directory::{Directory, Live};
use ::seal::Fingerprints;
use duban_proto::routing::v1 as wire;
use duban_proto::routing::v1::archive_service_server::ArchiveService;
use duban_proto::routing::v1::casework_service_server::CaseworkService;
use duban_proto::routing::v1::directory_service_server::DirectoryService;
use duban_proto::routing::v1::routing_service_server::RoutingService;
use ledger::{Committed, Organ, Submission, Writer};
use prost::Message;
use regulation::Regulation;
use server::{Caller, Error, Ids};
use sqlx::PgPool;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::domain::{Answer, Command, Rejection};
use crate::ledgers::Ledgers;

/// The rpcs of `DirectoryService`, `RoutingService` and `CaseworkService`.
#[derive(Clone)]
pub(crate) struct Grpc {
    pub(crate) writer: Writer<Ledgers>,
    pub(crate) directory: Live,
    pub(crate) vault: content::Vault,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) ids: Arc<dyn Ids>,
}

impl Grpc {
    fn pool(&self) -> &PgPool {
        self.writer.pool()
    }

    /// The regulation of an organ.
    fn regulation(&self, organ: &str) -> &Regulation {
        self.writer.domain().rules().for_organ(organ)
    }

    /// A new id.
    fn new_id(&self) -> Uuid {
        self.ids.new_id(self.writer.clock().now())
    }

    /// The organ the caller acts for, and the directory.
    async fn own_organ(&self, caller: &Caller) -> Result<(String, Arc<Directory>), Error> {
        let directory = self.directory.knowing([caller.principal().organ.as_str()]).await?;
        Ok((caller.organ_code("", directory.tree())?, directory))
    }

    /// Has a command decided in an organ's ledger, once for a request id. `request` is the request without its id.
    async fn submit(
        &self,
        organ: &str,
        caller: &Caller,
        (request_id, request): (Uuid, &impl Message),
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
            other => Submitted::Error(other.into()),
        })
    }
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

impl From<Error> for Submitted {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// An rpc that is answered by the method of this name.
macro_rules! rpcs {
    ($service:ident: $($rpc:ident($request:ident) -> $response:ident by $method:ident;)*) => {
        #[tonic::async_trait]
        impl $service for Grpc {
            $(async fn $rpc(
                &self,
                request: Request<wire::$request>,
            ) -> Result<Response<wire::$response>, Status> {
                let caller = Caller::of(&request)?;
                Ok(Response::new(self.$method(&caller, request.into_inner()).await?))
            })*
        }
    };
}

rpcs! {
    DirectoryService:
    import_organs(ImportOrgansRequest) -> ImportOrgansResponse by establish;
    get_organ(GetOrganRequest) -> GetOrganResponse by organ;
    list_organs(ListOrgansRequest) -> ListOrgansResponse by organs;
}

rpcs! {
    RoutingService:
    preview_route(PreviewRouteRequest) -> PreviewRouteResponse by preview;
    route_case(RouteCaseRequest) -> RouteCaseResponse by route;
    acknowledge_transfer(AcknowledgeTransferRequest) -> AcknowledgeTransferResponse by acknowledge;
    get_routed_case(GetRoutedCaseRequest) -> GetRoutedCaseResponse by case;
    list_routed_cases(ListRoutedCasesRequest) -> ListRoutedCasesResponse by cases;
}

rpcs! {
    CaseworkService:
    appoint_investigators(AppointInvestigatorsRequest) -> AppointInvestigatorsResponse by appoint;
    record_investigation(RecordInvestigationRequest) -> RecordInvestigationResponse by file;
    submit_disposition(SubmitDispositionRequest) -> SubmitDispositionResponse by put_before_the_leader;
    return_disposition(ReturnDispositionRequest) -> ReturnDispositionResponse by send_back;
    approve_disposition(ApproveDispositionRequest) -> ApproveDispositionResponse by approve;
    get_casework(GetCaseworkRequest) -> GetCaseworkResponse by casework;
    archive_case(ArchiveCaseRequest) -> ArchiveCaseResponse by archive;
}

rpcs! {
    ArchiveService:
    get_volume(GetVolumeRequest) -> GetVolumeResponse by volume;
    check_volume(CheckVolumeRequest) -> CheckVolumeResponse by volume_checked;
}
