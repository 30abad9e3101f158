//! The gRPC services: a request is checked and translated, then submitted to the ledger or answered from the tables.

mod archive;
mod cases;
mod casework;
mod change;
mod directory;
mod disposition;
mod error;
mod guidance;
mod history;
mod inquiry;
mod instrument_look;
mod instruments;
mod investigation;
mod joint;
mod lent;
mod look;
mod parts;
mod received;
mod reopen;
mod route;
mod seal;
mod takeover;
mod transfer;
mod transfers;
mod volume;

use std::sync::Arc;

use ::directory::{Directory, Live};
use ::seal::Fingerprints;
use duban_proto::routing::v1 as wire;
use duban_proto::routing::v1::archive_service_server::ArchiveService;
use duban_proto::routing::v1::casework_service_server::CaseworkService;
use duban_proto::routing::v1::directory_service_server::DirectoryService;
use duban_proto::routing::v1::instrument_service_server::InstrumentService;
use duban_proto::routing::v1::investigation_service_server::InvestigationService;
use duban_proto::routing::v1::joint_service_server::JointService;
use duban_proto::routing::v1::received_instrument_service_server::ReceivedInstrumentService;
use duban_proto::routing::v1::routing_service_server::RoutingService;
use duban_proto::routing::v1::transfer_service_server::TransferService;
use ledger::{Committed, Organ, Submission, Writer};
use prost::Message;
use regulation::Regulation;
use server::{Caller, Error, Ids};
use sqlx::PgPool;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::domain::{Answer, Command, Rejection};
use crate::ledgers::Ledgers;

/// The rpcs of `DirectoryService`, `RoutingService`, `CaseworkService`, and of what is built on these.
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
        // On the heap: the commands are large, and each rpc's future would hold them.
        Box::pin(self.writer.submit(&organ, submission)).await.map_err(|error| match error {
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
    plan_change(PlanChangeRequest) -> PlanChangeResponse by change_planned;
    preview_change(PreviewChangeRequest) -> PreviewChangeResponse by change_previewed;
    cancel_change(CancelChangeRequest) -> CancelChangeResponse by change_cancelled;
    list_changes(ListChangesRequest) -> ListChangesResponse by changes_listed;
    get_organ_history(GetOrganHistoryRequest) -> GetOrganHistoryResponse by organ_versions;
    export_organs(ExportOrgansRequest) -> ExportOrgansResponse by organs_exported;
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
    JointService:
    add_co_handlers(AddCoHandlersRequest) -> AddCoHandlersResponse by add_co_handlers;
    acknowledge_part(AcknowledgePartRequest) -> AcknowledgePartResponse by acknowledge_part;
    return_part(ReturnPartRequest) -> ReturnPartResponse by return_part;
    decide_part(DecidePartRequest) -> DecidePartResponse by decide_part;
    submit_opinion(SubmitOpinionRequest) -> SubmitOpinionResponse by submit_opinion;
    decide_opinion(DecideOpinionRequest) -> DecideOpinionResponse by decide_opinion;
    return_opinion(ReturnOpinionRequest) -> ReturnOpinionResponse by return_opinion;
    excuse_part(ExcusePartRequest) -> ExcusePartResponse by excuse_part;
    get_parts(GetPartsRequest) -> GetPartsResponse by parts;
    list_parts(ListPartsRequest) -> ListPartsResponse by list_parts;
}

rpcs! {
    InvestigationService:
    declare_interest(DeclareInterestRequest) -> DeclareInterestResponse by interest_declared;
    recuse_investigator(RecuseInvestigatorRequest) -> RecuseInvestigatorResponse by recused;
    replace_investigator(ReplaceInvestigatorRequest) -> ReplaceInvestigatorResponse by replaced;
    request_loan(RequestLoanRequest) -> RequestLoanResponse by loan_requested;
    decide_loan(DecideLoanRequest) -> DecideLoanResponse by loan_decided;
    list_loans(ListLoansRequest) -> ListLoansResponse by loans;
    set_plan(SetPlanRequest) -> SetPlanResponse by plan_set;
    confirm_record(ConfirmRecordRequest) -> ConfirmRecordResponse by record_confirmed;
    correct_record(CorrectRecordRequest) -> CorrectRecordResponse by record_corrected;
    add_evidence(AddEvidenceRequest) -> AddEvidenceResponse by evidence_added;
    remove_evidence(RemoveEvidenceRequest) -> RemoveEvidenceResponse by evidence_removed;
    list_evidence(ListEvidenceRequest) -> ListEvidenceResponse by evidence_listed;
    set_deputy(SetDeputyRequest) -> SetDeputyResponse by deputy_set;
    end_deputy(EndDeputyRequest) -> EndDeputyResponse by deputy_ended;
    list_deputies(ListDeputiesRequest) -> ListDeputiesResponse by deputies;
    preview_hand_over(PreviewHandOverRequest) -> PreviewHandOverResponse by hand_over_previewed;
    hand_over(HandOverRequest) -> HandOverResponse by handed_over;
}

rpcs! {
    TransferService:
    return_transfer(ReturnTransferRequest) -> ReturnTransferResponse by give_back;
    decide_second_return(DecideSecondReturnRequest) -> DecideSecondReturnResponse by decide_proposal;
    decide_return(DecideReturnRequest) -> DecideReturnResponse by decide_return;
    request_recall(RequestRecallRequest) -> RequestRecallResponse by recall;
    answer_recall(AnswerRecallRequest) -> AnswerRecallResponse by answer_recall;
    take_over(TakeOverRequest) -> TakeOverResponse by take_over;
    take_over_case(TakeOverCaseRequest) -> TakeOverCaseResponse by take_over_case;
    decide_departure(DecideDepartureRequest) -> DecideDepartureResponse by decide_departure;
    ask_designation(AskDesignationRequest) -> AskDesignationResponse by ask_designation;
    designate(DesignateRequest) -> DesignateResponse by designate;
    ask_guidance(AskGuidanceRequest) -> AskGuidanceResponse by ask_guidance;
    give_guidance(GiveGuidanceRequest) -> GiveGuidanceResponse by give_guidance;
    list_guidance(ListGuidanceRequest) -> ListGuidanceResponse by guidance;
    get_transfers(GetTransfersRequest) -> GetTransfersResponse by transfers;
}

rpcs! {
    InstrumentService:
    draft_instrument(DraftInstrumentRequest) -> DraftInstrumentResponse by draft;
    issue_instrument(IssueInstrumentRequest) -> IssueInstrumentResponse by issue;
    record_instrument_delivery(RecordInstrumentDeliveryRequest) -> RecordInstrumentDeliveryResponse by deliver;
    record_instrument_answer(RecordInstrumentAnswerRequest) -> RecordInstrumentAnswerResponse by record_answer;
    accept_instrument_answer(AcceptInstrumentAnswerRequest) -> AcceptInstrumentAnswerResponse by accept_answer;
    reject_instrument_answer(RejectInstrumentAnswerRequest) -> RejectInstrumentAnswerResponse by reject_answer;
    withdraw_instrument(WithdrawInstrumentRequest) -> WithdrawInstrumentResponse by withdraw;
    get_instrument(GetInstrumentRequest) -> GetInstrumentResponse by instrument;
    list_instruments(ListInstrumentsRequest) -> ListInstrumentsResponse by instruments;
    reopen_case(ReopenCaseRequest) -> ReopenCaseResponse by reopen;
}

rpcs! {
    ReceivedInstrumentService:
    acknowledge_instrument(AcknowledgeInstrumentRequest) -> AcknowledgeInstrumentResponse by sign_for;
    answer_instrument(AnswerInstrumentRequest) -> AnswerInstrumentResponse by answer_received;
    get_received_instrument(GetReceivedInstrumentRequest) -> GetReceivedInstrumentResponse by received;
    list_received_instruments(ListReceivedInstrumentsRequest) -> ListReceivedInstrumentsResponse by all_received;
}

rpcs! {
    ArchiveService:
    get_volume(GetVolumeRequest) -> GetVolumeResponse by volume;
    check_volume(CheckVolumeRequest) -> CheckVolumeResponse by volume_checked;
}
