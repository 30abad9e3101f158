//! The gRPC services: a request is checked and translated, then submitted to the ledger or answered from the tables.

mod attachments;
mod cases;
mod complaint;
mod conduct;
mod correct;
mod deliveries;
mod demands;
mod desk;
mod drafts;
mod error;
mod grants;
mod identity;
mod import;
mod instruction;
mod links;
mod lists;
mod masks;
mod parcel;
mod preview;
mod rating;
mod referrals;
mod replies;
mod reply_text;
mod reports;
mod respondents;
mod retention;
mod seal;
mod see;
mod stream;
mod submission;
mod submit;
mod summary;
mod summary_check;
mod summary_decide;
mod supplement;
mod track;
mod urgency;
mod volume;
mod watch;

use std::sync::Arc;

use ::seal::{BlindIndex, Fingerprints, TrackingCodes};
use directory::{Directory, Live};
use duban_proto::intake::v1 as wire;
use duban_proto::intake::v1::attachment_service_server::AttachmentService;
use duban_proto::intake::v1::delivery_service_server::DeliveryService;
use duban_proto::intake::v1::draft_service_server::DraftService;
use duban_proto::intake::v1::identity_service_server::IdentityService;
use duban_proto::intake::v1::instruction_service_server::InstructionService;
use duban_proto::intake::v1::intake_service_server::IntakeService;
use duban_proto::intake::v1::rating_service_server::RatingService;
use duban_proto::intake::v1::report_service_server::ReportService;
use duban_proto::intake::v1::retention_service_server::RetentionService;
use duban_proto::intake::v1::summary_service_server::SummaryService;
use duban_proto::intake::v1::urgency_service_server::UrgencyService;
use duban_proto::intake::v1::volume_service_server::VolumeService;
use ledger::{Committed, Organ, Submission, Writer};
use prost::Message;
use regulation::Regulation;
use server::{Caller, Error, Ids};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};
use uuid::Uuid;

use crate::attachments::Attachments;
use crate::deliver::Ports;
use crate::domain::{Act, Answer, Command};
use crate::erasing::Erasing;
use crate::ledgers::Ledgers;
use crate::quota::Quotas;
use crate::store;

/// The rpcs of intake.
#[derive(Clone)]
pub(crate) struct Grpc {
    pub(crate) writer: Writer<Ledgers>,
    pub(crate) directory: Live,
    pub(crate) vault: content::Vault,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) blind_index: Arc<BlindIndex>,
    pub(crate) tracking: Arc<TrackingCodes>,
    pub(crate) quotas: Arc<Quotas>,
    pub(crate) attachments: Attachments,
    pub(crate) erasing: Erasing,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) ports: Arc<Ports>,
    pub(crate) shutdown: CancellationToken,
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
    async fn own_organ(&self, caller: &Caller, requested: &str) -> Result<(String, Arc<Directory>), Error> {
        let directory = self.directory.knowing([requested, caller.principal().organ.as_str()]).await?;
        Ok((caller.organ_code(requested, directory.tree())?, directory))
    }

    /// The organ in whose ledger the caller acts on a case: its own, or a closed one in whose place that is and which
    /// registered the case (4).
    async fn organ_of(
        &self,
        caller: &Caller,
        case_id: impl ToString,
    ) -> Result<(String, Arc<Directory>), Error> {
        let (own, directory) = self.own_organ(caller, "").await?;
        let closed = directory.tree().took_over(&own);
        let case_id = Uuid::try_parse(&case_id.to_string()).ok().filter(|_| !closed.is_empty());
        let Some(case_id) = case_id else { return Ok((own, directory)) };
        let found = store::find_case(self.pool(), &closed, case_id).await?;
        if found.as_ref().is_some_and(|filed| see::is_about_own(caller, filed)) {
            return Err(Error::case_not_found(case_id));
        }
        let organ = found.map_or(own, |filed| filed.organ);
        caller.must_act_for(&organ, directory.tree())?;
        Ok((organ, directory))
    }

    /// Has something decided about a case in an organ's ledger, once for a request id. `request` is the request without
    /// its id.
    async fn submit(
        &self,
        organ: &str,
        caller: &Caller,
        (request_id, request): (Uuid, &impl Message),
        case_id: Uuid,
        act: Act,
    ) -> Result<Committed<Answer>, Error> {
        let organ = Organ::new(organ).map_err(Error::internal)?;
        let agency = see::agency(caller).map(str::to_owned);
        let command = Command { case_id: Some(case_id), agency, act };
        self.submit_command(&organ, caller, (request_id, request), command).await
    }

    async fn submit_command(
        &self,
        organ: &Organ,
        caller: &Caller,
        (request_id, request): (Uuid, &impl Message),
        command: Command,
    ) -> Result<Committed<Answer>, Error> {
        let rpc = caller.grant().row.rpc.as_str();
        let body = [caller.subject().as_bytes(), &[0], &request.encode_to_vec()].concat();
        let fingerprint = self.fingerprints.of(rpc, &body);
        let submission = Submission {
            command,
            actor: caller.subject().to_owned(),
            request: Some(ledger::Request { id: request_id, fingerprint }),
            cause: None,
        };
        Ok(self.writer.submit(organ, submission).await?)
    }
}

/// Splits a request into who asks and what, and hands both over.
macro_rules! answer {
    ($self:ident . $rpc:ident ( $request:ident )) => {{
        let caller = Caller::of(&$request)?;
        Ok(Response::new($self.$rpc(&caller, $request.into_inner()).await?))
    }};
}

/// An rpc that is answered by the method of this name.
macro_rules! rpcs {
    ($service:ident { $($associated:item)* } $($rpc:ident($request:ident) -> $response:ident by $method:ident;)*) => {
        #[tonic::async_trait]
        impl $service for Grpc {
            $($associated)*

            $(async fn $rpc(
                &self,
                request: Request<wire::$request>,
            ) -> Result<Response<wire::$response>, Status> {
                answer!(self.$method(request))
            })*
        }
    };
}

rpcs! {
    IntakeService {
        type SubmitComplaintsStream = stream::Answers;

        async fn submit_complaints(
            &self,
            request: Request<Streaming<wire::SubmitComplaintsRequest>>,
        ) -> Result<Response<Self::SubmitComplaintsStream>, Status> {
            let caller = Caller::of(&request)?;
            Ok(Response::new(stream::answers(self.clone(), caller, request.into_inner())))
        }

        type WatchCasesStream = watch::Changes;

        async fn watch_cases(
            &self,
            request: Request<wire::WatchCasesRequest>,
        ) -> Result<Response<Self::WatchCasesStream>, Status> {
            let caller = Caller::of(&request)?;
            Ok(Response::new(self.watched(caller, request.into_inner()).await?))
        }
    }
    submit_complaint(SubmitComplaintRequest) -> SubmitComplaintResponse by submitted;
    preview_complaint(PreviewComplaintRequest) -> PreviewComplaintResponse by previewed;
    get_submission(GetSubmissionRequest) -> GetSubmissionResponse by submission;
    register_case(RegisterCaseRequest) -> RegisterCaseResponse by register;
    import_case(ImportCaseRequest) -> ImportCaseResponse by imported;
    request_supplement(RequestSupplementRequest) -> RequestSupplementResponse by ask_for_supplement;
    provide_supplement(ProvideSupplementRequest) -> ProvideSupplementResponse by take_supplement;
    accept_case(AcceptCaseRequest) -> AcceptCaseResponse by accept;
    correct_case(CorrectCaseRequest) -> CorrectCaseResponse by corrected;
    decline_case(DeclineCaseRequest) -> DeclineCaseResponse by decline;
    refer_case(ReferCaseRequest) -> ReferCaseResponse by refer;
    direct_elsewhere(DirectElsewhereRequest) -> DirectElsewhereResponse by direct;
    withdraw_complaint(WithdrawComplaintRequest) -> WithdrawComplaintResponse by withdraw;
    record_conduct(RecordConductRequest) -> RecordConductResponse by conduct_recorded;
    link_cases(LinkCasesRequest) -> LinkCasesResponse by linked;
    unlink_cases(UnlinkCasesRequest) -> UnlinkCasesResponse by unlinked;
    propose_masks(ProposeMasksRequest) -> ProposeMasksResponse by masks_proposed;
    confirm_masks(ConfirmMasksRequest) -> ConfirmMasksResponse by masks_confirmed;
    find_respondents(FindRespondentsRequest) -> FindRespondentsResponse by respondents;
    get_case(GetCaseRequest) -> GetCaseResponse by case;
    list_cases(ListCasesRequest) -> ListCasesResponse by cases;
    count_cases(CountCasesRequest) -> CountCasesResponse by count;
    list_replies(ListRepliesRequest) -> ListRepliesResponse by replies;
    send_reply(SendReplyRequest) -> SendReplyResponse by reply;
    track_case(TrackCaseRequest) -> TrackCaseResponse by track;
    record_referral_answer(RecordReferralAnswerRequest) -> RecordReferralAnswerResponse by referral_answered;
    list_referrals(ListReferralsRequest) -> ListReferralsResponse by referrals;
}

rpcs! {
    IdentityService {}
    open_identity(OpenIdentityRequest) -> OpenIdentityResponse by identity_opened;
    request_grant(RequestGrantRequest) -> RequestGrantResponse by grant_requested;
    decide_grant(DecideGrantRequest) -> DecideGrantResponse by grant_decided;
    open_by_grant(OpenByGrantRequest) -> OpenByGrantResponse by opened_by_grant;
    list_grants(ListGrantsRequest) -> ListGrantsResponse by grants;
    list_readings(ListReadingsRequest) -> ListReadingsResponse by readings;
}

rpcs! {
    DraftService {}
    save_draft(SaveDraftRequest) -> SaveDraftResponse by draft_saved;
    list_drafts(ListDraftsRequest) -> ListDraftsResponse by drafts;
    get_draft(GetDraftRequest) -> GetDraftResponse by draft_got;
    delete_draft(DeleteDraftRequest) -> DeleteDraftResponse by draft_deleted;
}

rpcs! {
    AttachmentService {
        async fn upload_chunks(
            &self,
            request: Request<Streaming<wire::UploadChunksRequest>>,
        ) -> Result<Response<wire::UploadChunksResponse>, Status> {
            answer!(self.uploaded(request))
        }

        type DownloadAttachmentStream = attachments::Copies;

        async fn download_attachment(
            &self,
            request: Request<wire::DownloadAttachmentRequest>,
        ) -> Result<Response<Self::DownloadAttachmentStream>, Status> {
            answer!(self.copy_downloaded(request))
        }

        type OpenOriginalStream = attachments::Originals;

        async fn open_original(
            &self,
            request: Request<wire::OpenOriginalRequest>,
        ) -> Result<Response<Self::OpenOriginalStream>, Status> {
            answer!(self.original_opened(request))
        }
    }
    begin_upload(BeginUploadRequest) -> BeginUploadResponse by upload_begun;
    get_upload(GetUploadRequest) -> GetUploadResponse by upload;
    finish_upload(FinishUploadRequest) -> FinishUploadResponse by upload_finished;
    list_attachments(ListAttachmentsRequest) -> ListAttachmentsResponse by attachments_listed;
    pass_on_attachment(PassOnAttachmentRequest) -> PassOnAttachmentResponse by attachment_passed_on;
    remove_attachment(RemoveAttachmentRequest) -> RemoveAttachmentResponse by attachment_removed;
}

rpcs! {
    ReportService {}
    submit_report(SubmitReportRequest) -> SubmitReportResponse by report_submitted;
    submit_tracked_report(SubmitTrackedReportRequest) -> SubmitTrackedReportResponse by tracked_report_submitted;
    list_reports(ListReportsRequest) -> ListReportsResponse by reports;
    open_report(OpenReportRequest) -> OpenReportResponse by report_opened;
    demand_answer(DemandAnswerRequest) -> DemandAnswerResponse by answer_demanded;
    close_report(CloseReportRequest) -> CloseReportResponse by report_closed;
    list_demands(ListDemandsRequest) -> ListDemandsResponse by demands;
    answer_demand(AnswerDemandRequest) -> AnswerDemandResponse by demand_answered;
}

rpcs! {
    RatingService {}
    rate_handling(RateHandlingRequest) -> RateHandlingResponse by rated;
    get_rating(GetRatingRequest) -> GetRatingResponse by rating;
}

rpcs! {
    DeliveryService {}
    decide_delivery(DecideDeliveryRequest) -> DecideDeliveryResponse by delivery_decided;
}

rpcs! {
    RetentionService {}
    list_retention(ListRetentionRequest) -> ListRetentionResponse by retention;
    propose_disposal(ProposeDisposalRequest) -> ProposeDisposalResponse by disposal_proposed;
    decide_disposal(DecideDisposalRequest) -> DecideDisposalResponse by disposal_decided;
    request_erasure(RequestErasureRequest) -> RequestErasureResponse by erasure_requested;
    decide_erasure(DecideErasureRequest) -> DecideErasureResponse by erasure_decided;
}

rpcs! {
    UrgencyService {}
    set_urgency(SetUrgencyRequest) -> SetUrgencyResponse by urgency_set;
}

rpcs! {
    VolumeService {}
    get_intake_volume(GetIntakeVolumeRequest) -> GetIntakeVolumeResponse by intake_volume;
}

rpcs! {
    SummaryService {}
    submit_summary(SubmitSummaryRequest) -> SubmitSummaryResponse by summary_submitted;
    request_original(RequestOriginalRequest) -> RequestOriginalResponse by original_requested;
    get_summary(GetSummaryRequest) -> GetSummaryResponse by summary;
    list_summaries(ListSummariesRequest) -> ListSummariesResponse by summaries;
    review_summary(ReviewSummaryRequest) -> ReviewSummaryResponse by summary_reviewed;
    approve_summary(ApproveSummaryRequest) -> ApproveSummaryResponse by summary_approved;
    approve_original(ApproveOriginalRequest) -> ApproveOriginalResponse by original_approved;
    return_summary(ReturnSummaryRequest) -> ReturnSummaryResponse by summary_returned;
    record_handed_over(RecordHandedOverRequest) -> RecordHandedOverResponse by summary_handed_over;
}

rpcs! {
    InstructionService {}
    submit_proposal(SubmitProposalRequest) -> SubmitProposalResponse by proposal_submitted;
    record_instruction(RecordInstructionRequest) -> RecordInstructionResponse by instruction_recorded;
    report_back(ReportBackRequest) -> ReportBackResponse by reported_back;
    list_instructions(ListInstructionsRequest) -> ListInstructionsResponse by instructions;
}
