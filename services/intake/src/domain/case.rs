//! A case as intake knows it, and how each event changes it.

use duban_proto::common::v1::{CaseState, ContentRef, Finding};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    CaseAccepted, CaseCorrected, CaseReopened, ComplaintReceived, ComplaintTreated, ComplaintWithdrawn,
    DeliveryOutcome, HandlingNoted, ReplyOccasion, SupplementProvided, SupplementRequested, Treatment,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::decide::treatment_code;

/// A case in the ledger of the organ that registered it: the row of `case_file`.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its id.
    pub case_id: Uuid,
    /// Where it stands.
    pub state: CaseState,
    /// Counts the entries that changed it, from 1.
    pub version: u32,
    /// The number in the organ's register; empty while it waits in the queue.
    pub number: String,
    /// What came in, with grounds, respondents, missing fields and the original as they are now.
    pub received: ComplaintReceived,
    /// When it was received.
    pub received_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// Until when the complainant may supply what is missing.
    pub supplement_due_at: Option<Timestamp>,
    /// The working copy; absent until the masks are confirmed.
    pub working_copy: Option<ContentRef>,
    /// Ground, department or way by which it left without being accepted; empty otherwise.
    pub closing: String,
    /// The organ responsible now; empty before it is routed.
    pub responsible_organ: String,
    /// The term it is in; 0 before it is routed.
    pub term: u32,
    /// What was found.
    pub finding: Finding,
    /// The complainant withdrew, and the centre may go on with it.
    pub withdrawn: bool,
    /// What the regulation says became of it, as one that is anonymous or was not completed.
    pub treatment: Treatment,
}

impl Case {
    /// The case that begins with this entry.
    pub fn begin(case_id: Uuid, received: ComplaintReceived, at: Timestamp) -> Self {
        Self {
            case_id,
            state: CaseState::Received,
            version: 1,
            number: String::new(),
            received,
            received_at: at,
            accepted_at: None,
            supplement_due_at: None,
            working_copy: None,
            closing: String::new(),
            responsible_organ: String::new(),
            term: 0,
            finding: Finding::Unspecified,
            withdrawn: false,
            treatment: Treatment::Unspecified,
        }
    }

    /// The only way a case changes. True where it did.
    pub fn apply(&mut self, kind: &Kind, at: Timestamp) -> bool {
        let changed = self.change(kind, at);
        if changed {
            self.version += 1;
        }
        changed
    }

    fn change(&mut self, kind: &Kind, at: Timestamp) -> bool {
        match kind {
            Kind::CaseRegistered(event) => {
                self.state = CaseState::Registered;
                self.number.clone_from(&event.number);
            }
            Kind::SupplementRequested(event) => self.supplement_requested(event),
            Kind::SupplementProvided(event) => self.supplemented(event),
            Kind::CaseCorrected(event) => self.corrected(event),
            Kind::CaseAccepted(event) => self.accepted(event, at),
            Kind::CaseDeclined(event) => self.close(CaseState::Declined, &event.ground),
            Kind::CaseReferred(event) => self.close(CaseState::Referred, &event.department),
            Kind::DirectedElsewhere(event) => self.close(CaseState::DirectedElsewhere, &event.way),
            Kind::ComplaintTreated(event) => self.treat(event),
            Kind::UrgencySet(event) => self.set_urgency(*event),
            Kind::MasksConfirmed(event) => self.working_copy.clone_from(&event.working_copy),
            Kind::ComplaintWithdrawn(event) => self.is_withdrawn(*event),
            Kind::HandlingNoted(event) => self.is_handled(event),
            Kind::CaseReopened(event) => self.reopened(event),
            Kind::ReplyDelivered(event) => {
                let told = matches!(event.outcome(), DeliveryOutcome::Sent | DeliveryOutcome::Acknowledged);
                let result = event.occasion() == ReplyOccasion::Result && self.state == CaseState::Concluded;
                if !(told && result) {
                    return false;
                }
                self.state = CaseState::Replied;
            }
            Kind::ComplaintReceived(_)
            | Kind::ReplyDue(_)
            | Kind::IdentityOpened(_)
            | Kind::OrganNoted(_)
            // Found at any time: it must not get between an officer and what the officer is about to do.
            | Kind::CaseLinked(_)
            | Kind::CaseUnlinked(_)
            | Kind::GrantRequested(_)
            | Kind::GrantDecided(_)
            | Kind::OfficersLent(_)
            | Kind::DeliveryBegun(_)
            | Kind::DeliveryFailed(_)
            | Kind::DeliveryDeferred(_)
            | Kind::DeliveryDecided(_)
            // Beside the case: the substance is handled as before (11).
            | Kind::ConductRecorded(_)
            | Kind::AttachmentBegun(_)
            | Kind::AttachmentReceived(_)
            | Kind::AttachmentPassedOn(_)
            | Kind::AttachmentOpened(_)
            | Kind::AttachmentRemoved(_)
            // After the case, or beside it.
            | Kind::ReferralAnswered(_)
            | Kind::ReferralOverdue(_)
            | Kind::ReportReceived(_)
            | Kind::ReportOpened(_)
            | Kind::AnswerDemanded(_)
            | Kind::DemandAnswered(_)
            | Kind::DemandOverdue(_)
            | Kind::ReportClosed(_)
            // What the respondent is given (15).
            | Kind::SummarySubmitted(_)
            | Kind::SummaryReviewed(_)
            | Kind::SummaryApproved(_)
            | Kind::SummaryReturned(_)
            | Kind::SummaryHandedOver(_)
            // What a leader wrote changes the facts by a correction.
            | Kind::InstructionProposed(_)
            | Kind::InstructionRecorded(_)
            | Kind::InstructionReported(_)
            | Kind::HandlingRated(_)
            // What becomes of its texts changes nothing of the case.
            | Kind::RetentionSet(_)
            | Kind::DisposalProposed(_)
            | Kind::ErasureDecided(_)
            | Kind::ErasureRequested(_)
            | Kind::CaseErased(_) => {
                return false;
            }
        }
        true
    }

    /// The complainant was asked for what is missing.
    fn supplement_requested(&mut self, event: &SupplementRequested) {
        self.state = CaseState::SupplementRequested;
        self.closing.clear();
        self.treatment = Treatment::Unspecified;
        self.supplement_due_at = event.due_at.as_ref().and_then(server::time::from_proto);
    }

    /// It was supplied.
    fn supplemented(&mut self, event: &SupplementProvided) {
        if self.state == CaseState::SupplementRequested {
            self.state = CaseState::Registered;
        }
        self.received.original.clone_from(&event.original);
        self.received.missing.clone_from(&event.missing);
        self.received.respondents.clone_from(&event.respondents);
        self.received.anonymous = event.anonymous;
        self.received.no_contact = event.no_contact;
        self.supplement_due_at = None;
        if event.reopens {
            self.state = CaseState::Registered;
            self.closing.clear();
            self.treatment = Treatment::Unspecified;
        }
    }

    /// What was registered wrong is put right.
    fn corrected(&mut self, event: &CaseCorrected) {
        if let Some(received) = &event.received {
            let before = std::mem::replace(&mut self.received, received.clone());
            // What was said since is no part of the complaint.
            self.received.urgency = before.urgency;
            self.received.public_opinion = before.public_opinion;
        }
        // What was masked was another text, or hides another person (15).
        if event.fields.iter().any(|field| ["title", "text", "complainant"].contains(&field.as_str())) {
            self.working_copy = None;
        }
    }

    /// It was accepted.
    fn accepted(&mut self, event: &CaseAccepted, at: Timestamp) {
        self.state = CaseState::Accepted;
        self.supplement_due_at = None;
        let facts = event.facts.as_ref();
        self.accepted_at = facts
            .and_then(|facts| facts.accepted_at.as_ref())
            .and_then(server::time::from_proto)
            .or(Some(at));
        if let Some(facts) = facts {
            self.received.grounds.clone_from(&facts.grounds);
        }
    }

    /// The complainant withdrew it.
    fn is_withdrawn(&mut self, event: ComplaintWithdrawn) {
        self.withdrawn = true;
        if !event.goes_on {
            self.state = CaseState::Withdrawn;
            self.supplement_due_at = None;
        }
    }

    /// Routing told how it goes on.
    fn is_handled(&mut self, event: &HandlingNoted) {
        self.state = event.state();
        self.responsible_organ.clone_from(&event.organ);
        self.term = event.term;
        self.finding = event.finding();
    }

    /// It was opened again (3).
    fn reopened(&mut self, event: &CaseReopened) {
        self.state = CaseState::InHandling;
        self.responsible_organ.clone_from(&event.home);
        self.finding = Finding::Unspecified;
    }

    fn treat(&mut self, event: &ComplaintTreated) {
        self.treatment = event.treatment();
        match self.treatment {
            Treatment::Lead => self.close(CaseState::Lead, treatment_code(event.cause())),
            Treatment::Declined => self.close(CaseState::Declined, treatment_code(event.cause())),
            Treatment::WithoutReply | Treatment::Unspecified => {
                self.state = CaseState::Registered;
                self.supplement_due_at = None;
            }
        }
    }

    fn close(&mut self, state: CaseState, closing: &str) {
        self.state = state;
        closing.clone_into(&mut self.closing);
        self.supplement_due_at = None;
    }

    /// The version of the sealed original that counts now; 0 where there is none.
    pub fn original_version(&self) -> u32 {
        self.received.original.as_ref().map_or(0, |original| original.version)
    }

    /// The version of the working copy; 0 where there is none.
    pub fn working_copy_version(&self) -> u32 {
        self.working_copy.as_ref().map_or(0, |copy| copy.version)
    }

    /// Whether it is decided on acceptance now: registered, and not decided yet; a lead may still be taken up.
    pub fn is_undecided(&self) -> bool {
        matches!(self.state, CaseState::Registered | CaseState::SupplementRequested | CaseState::Lead)
    }

    /// Whether there is somebody to tell: the complainant, or the system that stands between; nobody where the regulation has it
    /// handled without a reply.
    pub fn can_be_told(&self) -> bool {
        let received = &self.received;
        let nobody = received.anonymous && received.no_contact && received.agency.is_empty();
        !nobody && self.treatment != Treatment::WithoutReply
    }

    /// Whether it ended, in whichever way.
    pub fn is_ended(&self) -> bool {
        matches!(
            self.state,
            CaseState::Declined
                | CaseState::Referred
                | CaseState::DirectedElsewhere
                | CaseState::Withdrawn
                | CaseState::Archived
        )
    }

    /// Whether it can be put before a leader: registered, and not ended.
    pub fn takes_instructions(&self) -> bool {
        self.state != CaseState::Received && !self.is_ended()
    }

    /// Whether it was accepted and is not ended: masks can be confirmed.
    pub fn is_under_way(&self) -> bool {
        matches!(
            self.state,
            CaseState::Accepted | CaseState::InHandling | CaseState::Concluded | CaseState::Replied
        )
    }
}
