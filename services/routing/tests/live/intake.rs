//! An intake whose ledgers say what the test has them say.

use std::sync::Arc;

use duban_proto::intake::v1 as wire;
use duban_proto::intake::v1::event::Kind;
use ledger::{CaseId, Context, Decision, Domain, Fact, Feed, Organ, Recorded, Service, Submission, Writer};
use postgres::Schema;
use postgres::testing::TestDb;
use server::Services;
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Only the ledger: this intake has no tables.
pub(crate) const INTAKE: Schema = Schema {
    name: "intake",
    role: "duban_intake",
    migrations: &[&ledger::MIGRATOR],
    append_only: &["entry"],
};

ledger::event! {
    /// What it says.
    pub struct Said(wire::Event): "duban.intake.v1.Event" by wire::event::Kind {
        ComplaintReceived => "complaint_received",
        CaseRegistered => "case_registered",
        SupplementRequested => "supplement_requested",
        SupplementProvided => "supplement_provided",
        CaseAccepted => "case_accepted",
        CaseDeclined => "case_declined",
        CaseReferred => "case_referred",
        DirectedElsewhere => "directed_elsewhere",
        MasksConfirmed => "masks_confirmed",
        ComplaintWithdrawn => "complaint_withdrawn",
        HandlingNoted => "handling_noted",
        ReplyDue => "reply_due",
        ReplyDelivered => "reply_delivered",
        IdentityOpened => "identity_opened",
        OrganNoted => "organ_noted",
        CaseLinked => "case_linked",
        CaseUnlinked => "case_unlinked",
        GrantRequested => "grant_requested",
        GrantDecided => "grant_decided",
        ConductRecorded => "conduct_recorded",
        CaseCorrected => "case_corrected",
        AttachmentBegun => "attachment_begun",
        AttachmentReceived => "attachment_received",
        AttachmentPassedOn => "attachment_passed_on",
        AttachmentOpened => "attachment_opened",
        AttachmentRemoved => "attachment_removed",
        ComplaintTreated => "complaint_treated",
        ReferralAnswered => "referral_answered",
        ReferralOverdue => "referral_overdue",
        ReportReceived => "report_received",
        ReportOpened => "report_opened",
        AnswerDemanded => "answer_demanded",
        DemandAnswered => "demand_answered",
        DemandOverdue => "demand_overdue",
        ReportClosed => "report_closed",
        DeliveryBegun => "delivery_begun",
        DeliveryFailed => "delivery_failed",
        DeliveryDeferred => "delivery_deferred",
        DeliveryDecided => "delivery_decided",
        RetentionSet => "retention_set",
        DisposalProposed => "disposal_proposed",
        ErasureDecided => "erasure_decided",
        ErasureRequested => "erasure_requested",
        CaseErased => "case_erased",
        CaseReopened => "case_reopened",
        SummarySubmitted => "summary_submitted",
        SummaryReviewed => "summary_reviewed",
        SummaryApproved => "summary_approved",
        SummaryReturned => "summary_returned",
        SummaryHandedOver => "summary_handed_over",
        InstructionProposed => "instruction_proposed",
        InstructionRecorded => "instruction_recorded",
        InstructionReported => "instruction_reported",
        UrgencySet => "urgency_set",
        OfficersLent => "officers_lent",
        HandlingRated => "handling_rated",
    }
}

/// What it says is what it is told to say.
struct Says;

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

pub(crate) struct FakeIntake(Writer<Says>);

impl FakeIntake {
    pub(crate) async fn new(db: &TestDb, clock: Arc<dyn ledger::Clock>) -> Self {
        let pool = db.pool("intake").await.unwrap();
        Self(Writer::new(Arc::new(Says), pool, clock, ledger::WriterSettings::default()))
    }

    pub(crate) fn services(&self, services: Services, shutdown: CancellationToken) -> Services {
        services.with(Feed::new(&self.0, shutdown).into_server())
    }

    pub(crate) async fn says(&self, organ: &str, case: Uuid, kind: Kind) {
        let command = (CaseId(case), Said::new(kind));
        let submission = Submission { command, actor: "desk".into(), request: None, cause: None };
        self.0.submit(&Organ::new(organ).unwrap(), submission).await.unwrap();
    }

    pub(crate) async fn drain(&self) {
        self.0.drain().await;
    }
}

impl Domain for Says {
    const SERVICE: Service = Service::Intake;
    const FOLLOWS: &'static [Service] = &[];
    const PROJECTIONS: &'static [&'static str] = &[];
    type Command = (CaseId, Said);
    type Event = Said;
    type Answer = ();
    type Rejection = Never;
    type Write = ();
    type Book = ();

    fn case_of(&self, command: &Self::Command) -> Option<CaseId> {
        Some(command.0)
    }

    async fn load(
        &self,
        _: &mut PgConnection,
        _: &Organ,
        _: &[CaseId],
        _: &[&Self::Command],
    ) -> Result<(), sqlx::Error> {
        Ok(())
    }

    fn decide(
        &self,
        (): &(),
        (case, event): &Self::Command,
        _: &Context<'_>,
    ) -> Result<Decision<Self>, Never> {
        let facts = vec![Fact { case: Some(*case), event: event.clone(), audience: None }];
        Ok(Decision { facts, answer: (), writes: Vec::new() })
    }

    fn evolve(&self, (): &mut (), _: &Recorded<'_, Said>) {}

    async fn save(&self, _: &mut PgConnection, _: &Organ, (): (), _: Vec<()>) -> Result<(), sqlx::Error> {
        Ok(())
    }
}
