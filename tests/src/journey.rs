//! The steps of a case, each an rpc played by the person whose step it is.

use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::intake::v1::{
    AcceptCaseRequest, CaseSummary, Complaint, ConfirmMasksRequest, DeliveryOutcome, GetCaseRequest,
    ListRepliesRequest, ProposeMasksRequest, Reply, ReplyOccasion, SendReplyRequest, SubmitComplaintResponse,
};
use duban_proto::routing::v1::{
    AcknowledgeTransferRequest, AppointInvestigatorsRequest, ApproveDispositionRequest, GetRoutedCaseRequest,
    RecordInvestigationRequest, RecordKind, RouteCaseRequest, RouteCaseResponse, RoutedCase,
    SubmitDispositionRequest,
};

use crate::{World, complaints, eventually};

/// The two investigators of an organ.
pub const INVESTIGATORS: [&str; 2] = ["wu.min", "he.jun"];

/// A case and what its steps need.
#[derive(Debug)]
pub struct Journey<'w> {
    /// The instance it happens in.
    pub world: &'w World,
    /// The organ that registered it.
    pub organ: String,
    /// The receipt.
    pub receipt: SubmitComplaintResponse,
}

impl<'w> Journey<'w> {
    /// A complaint that the desk of `organ` registers.
    pub async fn registered(world: &'w World, organ: &str, complaint: Complaint) -> Self {
        let receipt = world
            .desk(organ)
            .intake()
            .submit_complaint(complaints::submit(complaint))
            .await
            .expect("a complete complaint is registered")
            .into_inner();
        assert_eq!(receipt.state(), CaseState::Registered);
        Self { world, organ: organ.into(), receipt }
    }

    /// The same, accepted and masked.
    pub async fn accepted(world: &'w World, organ: &str, complaint: Complaint) -> Self {
        let journey = Self::registered(world, organ, complaint).await;
        journey.accept().await;
        journey.mask().await;
        journey
    }

    /// The same, with the organ that is competent by the rules.
    pub async fn routed(world: &'w World, organ: &str, complaint: Complaint) -> (Self, RouteCaseResponse) {
        let journey = Self::accepted(world, organ, complaint).await;
        let route = journey.route().await;
        (journey, route)
    }

    /// The case's id.
    pub fn case_id(&self) -> String {
        self.receipt.case_id.clone()
    }

    /// The case as intake shows it to the desk.
    pub async fn at_intake(&self) -> CaseSummary {
        let request = GetCaseRequest { case_id: self.case_id() };
        let answer =
            self.world.desk(&self.organ).intake().get_case(request).await.expect("the desk reads its case");
        answer.into_inner().case.expect("a case")
    }

    /// The case as routing knows it at `organ`, once it is there.
    pub async fn at(&self, organ: &str) -> RoutedCase {
        eventually(&format!("the case at {organ}"), async || {
            let request = GetRoutedCaseRequest { case_id: self.case_id(), organ: organ.into() };
            self.world.desk(organ).routing().get_routed_case(request).await.ok()?.into_inner().case
        })
        .await
    }

    /// The case as routing knows it at `organ`, once `is` holds.
    pub async fn at_when(&self, organ: &str, what: &str, is: impl Fn(&RoutedCase) -> bool) -> RoutedCase {
        eventually(what, async || {
            let case = self.at(organ).await;
            is(&case).then_some(case)
        })
        .await
    }

    /// Waits until intake shows the case in `state`.
    pub async fn reaches(&self, state: CaseState) -> CaseSummary {
        eventually(&format!("{state:?} at intake"), async || {
            let case = self.at_intake().await;
            (case.state() == state).then_some(case)
        })
        .await
    }

    /// The desk accepts it (13).
    pub async fn accept(&self) {
        let request = AcceptCaseRequest {
            request_id: complaints::request_id(),
            case_id: self.case_id(),
            version: self.at_intake().await.version,
            ..AcceptCaseRequest::default()
        };
        self.world.desk(&self.organ).intake().accept_case(request).await.expect("accepted");
    }

    /// The desk confirms the proposed masks (15).
    pub async fn mask(&self) -> String {
        let mut intake = self.world.desk(&self.organ).intake();
        let proposed = intake
            .propose_masks(ProposeMasksRequest { case_id: self.case_id() })
            .await
            .expect("masks proposed")
            .into_inner();
        let request = ConfirmMasksRequest {
            request_id: complaints::request_id(),
            case_id: self.case_id(),
            content_version: proposed.content_version,
            masks: proposed.masks,
        };
        intake.confirm_masks(request).await.expect("masks confirmed").into_inner().working_copy
    }

    /// The leader of the organ that registered it routes it by the rules (14), once routing has it.
    pub async fn route(&self) -> RouteCaseResponse {
        self.route_at(&self.organ).await
    }

    /// The leader of `home` routes it by the rules (14), once routing has it there.
    pub async fn route_at(&self, home: &str) -> RouteCaseResponse {
        let case = self.at_when(home, "the working copy at routing", |case| case.working_copy_ready).await;
        self.world
            .leader(home)
            .routing()
            .route_case(RouteCaseRequest {
                request_id: complaints::request_id(),
                case_id: self.case_id(),
                version: case.version,
                ..RouteCaseRequest::default()
            })
            .await
            .expect("routed")
            .into_inner()
    }

    /// `holder` acknowledges the transfer.
    pub async fn acknowledge(&self, holder: &str) {
        let case = self.at_when(holder, "the term at its holder", |case| case.current_term > 0).await;
        let request = AcknowledgeTransferRequest {
            request_id: complaints::request_id(),
            case_id: self.case_id(),
            term: case.current_term,
        };
        self.world.desk(holder).routing().acknowledge_transfer(request).await.expect("acknowledged");
    }

    /// `holder` appoints its two investigators (18).
    pub async fn appoint(&self, holder: &str) -> u32 {
        let term = self.at(holder).await.current_term;
        let request = AppointInvestigatorsRequest {
            request_id: complaints::request_id(),
            case_id: self.case_id(),
            term,
            investigators: INVESTIGATORS.map(String::from).to_vec(),
        };
        self.world.leader(holder).casework().appoint_investigators(request).await.expect("appointed");
        term
    }

    /// An investigation record by both investigators (18).
    pub async fn record(&self, holder: &str) {
        let request = self.record_request(self.at(holder).await.current_term);
        self.investigator(holder).casework().record_investigation(request).await.expect("recorded");
    }

    /// The request for a record that is complete.
    pub fn record_request(&self, term: u32) -> RecordInvestigationRequest {
        RecordInvestigationRequest {
            request_id: complaints::request_id(),
            case_id: self.case_id(),
            term,
            kind: RecordKind::Investigation.into(),
            taken_at: Some(self.world.timestamp()),
            place: "办事大厅二楼".into(),
            investigators: INVESTIGATORS.map(String::from).to_vec(),
            text: "经查看监控和取号记录,当日三号窗口确有要求群众多次往返的情况。".into(),
            confirmed: true,
        }
    }

    /// Report and disposition form, before the leader (19).
    pub async fn dispose(&self, holder: &str) {
        let request = self.disposition_request(self.at(holder).await.current_term);
        self.investigator(holder).casework().submit_disposition(request).await.expect("submitted");
    }

    /// The request for report and form that are complete.
    pub fn disposition_request(&self, term: u32) -> SubmitDispositionRequest {
        SubmitDispositionRequest {
            request_id: complaints::request_id(),
            case_id: self.case_id(),
            term,
            finding: Finding::Founded.into(),
            measures: vec!["criticism_and_education".into()],
            report: "调查终结:投诉属实。窗口未一次性告知,已责令整改。".into(),
            opinion: "建议批评教育。".into(),
            findings: Vec::new(),
        }
    }

    /// The leader in charge approves (19).
    pub async fn approve(&self, holder: &str) {
        let request = ApproveDispositionRequest {
            request_id: complaints::request_id(),
            case_id: self.case_id(),
            term: self.at(holder).await.current_term,
        };
        self.world.leader(holder).casework().approve_disposition(request).await.expect("approved");
    }

    /// Everything `holder` does from the appointment to the approval.
    pub async fn handle(&self, holder: &str) {
        self.appoint(holder).await;
        self.record(holder).await;
        self.dispose(holder).await;
        self.approve(holder).await;
    }

    /// The open reply of an occasion, once it is due.
    pub async fn reply_due(&self, occasion: ReplyOccasion) -> Reply {
        eventually(&format!("a reply about {occasion:?}"), async || {
            let request =
                ListRepliesRequest { case_id: self.case_id(), open_only: true, ..Default::default() };
            let listed = self.world.desk(&self.organ).intake().list_replies(request).await.ok()?.into_inner();
            listed.replies.into_iter().find(|reply| reply.occasion() == occasion)
        })
        .await
    }

    /// The desk tells the complainant.
    pub async fn reply(&self, occasion: ReplyOccasion, outcome: DeliveryOutcome) -> CaseSummary {
        let reply = self.reply_due(occasion).await;
        let request = SendReplyRequest {
            request_id: complaints::request_id(),
            case_id: self.case_id(),
            reply_id: reply.reply_id,
            form: "call".into(),
            text: String::new(),
            outcome: outcome.into(),
        };
        let answer = self.world.desk(&self.organ).intake().send_reply(request).await.expect("reply recorded");
        answer.into_inner().case.expect("a case")
    }

    fn investigator(&self, holder: &str) -> crate::Officer {
        let [first, _] = INVESTIGATORS;
        self.world.officer("handler", holder, first)
    }
}
