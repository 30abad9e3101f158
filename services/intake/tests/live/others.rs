//! A routing and a supervision whose ledgers say what the test has them say.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::Arc;

use duban_proto::{routing::v1 as routing, supervision::v1 as supervision};
use ledger::{CaseId, Context, Decision, Domain, Fact, Feed, Organ, Recorded, Service, Submission, Writer};
use postgres::Schema;
use postgres::testing::TestDb;
use server::Services;
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::harness::CENTRE;

/// Only the ledger: these services have no tables.
pub(crate) const ROUTING: Schema = Schema {
    name: "routing",
    role: "duban_routing",
    migrations: &[&ledger::MIGRATOR],
    append_only: &["entry"],
};
pub(crate) const SUPERVISION: Schema = Schema { name: "supervision", role: "duban_supervision", ..ROUTING };

ledger::event! {
    /// What routing says.
    pub struct RoutingSaid(routing::Event): "duban.routing.v1.Event" by routing::event::Kind {
        OrganEstablished => "organ_established",
        CaseOpened => "case_opened",
        TermBegun => "term_begun",
        TermReceived => "term_received",
        TransferAcknowledged => "transfer_acknowledged",
        InvestigatorsAppointed => "investigators_appointed",
        InvestigationRecorded => "investigation_recorded",
        DispositionSubmitted => "disposition_submitted",
        DispositionReturned => "disposition_returned",
        DispositionApproved => "disposition_approved",
        ResultReported => "result_reported",
        TransferNoted => "transfer_noted",
        CaseConcluded => "case_concluded",
        ReportedUp => "reported_up",
        HomeAssumed => "home_assumed",
        HomeMoved => "home_moved",
        ActVoided => "act_voided",
        CaseArchived => "case_archived",
        WithdrawalNoted => "withdrawal_noted",
        ReplyNoted => "reply_noted",
        OutcomeReturned => "outcome_returned",
        WorkingCopyNoted => "working_copy_noted",
        FactsCorrected => "facts_corrected",
        InvestigatorRecused => "investigator_recused",
        InvestigatorReplaced => "investigator_replaced",
        LoanRequested => "loan_requested",
        LoanDecided => "loan_decided",
        LoanNoted => "loan_noted",
        PlanSet => "plan_set",
        RecordConfirmed => "record_confirmed",
        RecordCorrected => "record_corrected",
        EvidenceListed => "evidence_listed",
        DeputySet => "deputy_set",
        TransferReturned => "transfer_returned",
        ReturnProposed => "return_proposed",
        ReturnDropped => "return_dropped",
        ReturnDecided => "return_decided",
        RecallRequested => "recall_requested",
        RecallAnswered => "recall_answered",
        TermSuperseded => "term_superseded",
        TermLeft => "term_left",
        DepartureProposed => "departure_proposed",
        DepartureDecided => "departure_decided",
        DesignationAsked => "designation_asked",
        Designated => "designated",
        GuidanceAsked => "guidance_asked",
        GuidanceGiven => "guidance_given",
        InstrumentDrafted => "instrument_drafted",
        InstrumentIssued => "instrument_issued",
        InstrumentDelivered => "instrument_delivered",
        InstrumentAnswered => "instrument_answered",
        InstrumentAnswerAccepted => "instrument_answer_accepted",
        InstrumentAnswerRejected => "instrument_answer_rejected",
        InstrumentWithdrawn => "instrument_withdrawn",
        InstrumentReminded => "instrument_reminded",
        InstrumentOverdue => "instrument_overdue",
        AcknowledgementOverdue => "acknowledgement_overdue",
        CaseReopened => "case_reopened",
        ChangePlanned => "change_planned",
        ChangeCancelled => "change_cancelled",
        ChangeTookEffect => "change_took_effect",
        HomeSucceeded => "home_succeeded",
        PassedOn => "passed_on",
        ContentErased => "content_erased",
        PartBegun => "part_begun",
        PartReceived => "part_received",
        PartAcknowledged => "part_acknowledged",
        PartReturned => "part_returned",
        OpinionSubmitted => "opinion_submitted",
        OpinionDecided => "opinion_decided",
        OpinionQueried => "opinion_queried",
        PartChanged => "part_changed",
        PartNoted => "part_noted",
        ReinvestigationNoted => "reinvestigation_noted",
        AppealNoted => "appeal_noted",
        InstrumentSent => "instrument_sent",
        InstrumentNoted => "instrument_noted",
        InstrumentAcknowledged => "instrument_acknowledged",
        InstrumentReplied => "instrument_replied",
        GuidanceErased => "guidance_erased",
        PartOverdue => "part_overdue",
        UrgencyNoted => "urgency_noted",
        HomeTakeoverAsked => "home_takeover_asked",
        HomeTakeoverRefused => "home_takeover_refused",
        HomeNoted => "home_noted",
    }
}

ledger::event! {
    /// What supervision says.
    pub struct SupervisionSaid(supervision::Event): "duban.supervision.v1.Event" by supervision::event::Kind {
        ClockStarted => "clock_started",
        ClockStopped => "clock_stopped",
        ExtensionRequested => "extension_requested",
        ExtensionDecided => "extension_decided",
        ClockMoved => "clock_moved",
        RungFired => "rung_fired",
        OrganNoted => "organ_noted",
        RepeatNoted => "repeat_noted",
        RepeatTakenBack => "repeat_taken_back",
        ReportNoted => "report_noted",
        ReportSettled => "report_settled",
        ExternalLimitNoted => "external_limit_noted",
        HandlersNoted => "handlers_noted",
        FollowUpDue => "follow_up_due",
        FollowUpAttempted => "follow_up_attempted",
        FollowUpRecorded => "follow_up_recorded",
        LookAsked => "look_asked",
        FollowUpDropped => "follow_up_dropped",
        IntakeNoted => "intake_noted",
        OutcomeNoted => "outcome_noted",
        FacetsNoted => "facets_noted",
        ReopeningNoted => "reopening_noted",
        ReturnNoted => "return_noted",
        ExclusionProposed => "exclusion_proposed",
        ExclusionDecided => "exclusion_decided",
        AnalysisSaved => "analysis_saved",
        AnalysisSigned => "analysis_signed",
        PeriodFrozen => "period_frozen",
        RungTold => "rung_told",
        ClockPaused => "clock_paused",
        ClockResumed => "clock_resumed",
        NoticeIssued => "notice_issued",
        NoticeSeen => "notice_seen",
        NoticeAnswered => "notice_answered",
        NoticeAnswerAccepted => "notice_answer_accepted",
        NoticeAnswerRejected => "notice_answer_rejected",
        NoticeOverdue => "notice_overdue",
        NoticeWithdrawn => "notice_withdrawn",
        ConductNoted => "conduct_noted",
        ChainNoted => "chain_noted",
        ConductTold => "conduct_told",
        EvidenceNoted => "evidence_noted",
        AccountabilityProposed => "accountability_proposed",
        AccountabilityOpened => "accountability_opened",
        AccountabilityDismissed => "accountability_dismissed",
        StatementGiven => "statement_given",
        AccountabilityConcluded => "accountability_concluded",
        HandlersNoted => "handlers_noted",
        FollowUpDue => "follow_up_due",
        FollowUpAttempted => "follow_up_attempted",
        FollowUpRecorded => "follow_up_recorded",
        LookAsked => "look_asked",
        FollowUpDropped => "follow_up_dropped",
        ContentErased => "content_erased",
        ConclusionNoted => "conclusion_noted",
        ReviewProposed => "review_proposed",
        ReviewTakenUp => "review_taken_up",
        ReviewDecided => "review_decided",
        ReinvestigationOrdered => "reinvestigation_ordered",
        ResultOverturned => "result_overturned",
        AppealRegistered => "appeal_registered",
        AppealAdmitted => "appeal_admitted",
        AppealDecided => "appeal_decided",
        AppealWithdrawn => "appeal_withdrawn",
    }
}

/// Whose words these are.
trait Spoken: ledger::Event + Clone + Debug {
    const BY: Service;
}

impl Spoken for RoutingSaid {
    const BY: Service = Service::Routing;
}

impl Spoken for SupervisionSaid {
    const BY: Service = Service::Supervision;
}

/// What it says is what it is told to say.
struct Says<E>(PhantomData<fn() -> E>);

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

pub(crate) struct Others {
    routing: Writer<Says<RoutingSaid>>,
    supervision: Writer<Says<SupervisionSaid>>,
}

async fn writer<E: Spoken>(db: &TestDb, clock: Arc<dyn ledger::Clock>) -> Writer<Says<E>> {
    let pool = db.pool(E::BY.name()).await.unwrap();
    Writer::new(Arc::new(Says(PhantomData)), pool, clock, ledger::WriterSettings::default())
}

async fn say<E: Spoken>(writer: &Writer<Says<E>>, case: Option<Uuid>, event: E) {
    let submission = Submission {
        command: (case.map(CaseId), event),
        actor: "wang.fang".into(),
        request: None,
        cause: None,
    };
    writer.submit(&Organ::new(CENTRE).unwrap(), submission).await.unwrap();
}

impl Others {
    pub(crate) async fn new(db: &TestDb, clock: Arc<dyn ledger::Clock>) -> Self {
        Self { routing: writer(db, Arc::clone(&clock)).await, supervision: writer(db, clock).await }
    }

    /// Their feeds.
    pub(crate) fn services(&self, shutdown: &CancellationToken) -> [Services; 2] {
        [
            Services::new().with(Feed::new(&self.routing, shutdown.clone()).into_server()),
            Services::new().with(Feed::new(&self.supervision, shutdown.clone()).into_server()),
        ]
    }

    /// The centre's routing says that this happened.
    pub(crate) async fn routing_says(&self, case: Option<&str>, kind: routing::event::Kind) {
        say(&self.routing, case.map(|case| case.parse().unwrap()), RoutingSaid::new(kind)).await;
    }

    /// The centre's supervision says that an extension was decided.
    pub(crate) async fn extension_decided(&self, case: &str, decided: supervision::ExtensionDecided) {
        let kind = supervision::event::Kind::ExtensionDecided(decided);
        say(&self.supervision, Some(case.parse().unwrap()), SupervisionSaid::new(kind)).await;
    }

    pub(crate) async fn drain(&self) {
        self.routing.drain().await;
        self.supervision.drain().await;
    }
}

impl<E: Spoken> Domain for Says<E> {
    const SERVICE: Service = E::BY;
    const FOLLOWS: &'static [Service] = &[];
    const PROJECTIONS: &'static [&'static str] = &[];
    type Command = (Option<CaseId>, E);
    type Event = E;
    type Answer = ();
    type Rejection = Never;
    type Write = ();
    type Book = ();

    fn case_of(&self, command: &Self::Command) -> Option<CaseId> {
        command.0
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
        let facts = vec![Fact { case: *case, event: event.clone(), audience: None }];
        Ok(Decision { facts, answer: (), writes: Vec::new() })
    }

    fn evolve(&self, (): &mut (), _: &Recorded<'_, E>) {}

    async fn save(&self, _: &mut PgConnection, _: &Organ, (): (), _: Vec<()>) -> Result<(), sqlx::Error> {
        Ok(())
    }
}
