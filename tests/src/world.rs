//! An instance of the three services, and the people who call it.

use std::sync::Arc;
use std::time::Duration;

use access::{Principal, Role};
use duban::client::{Bearer, Endpoint, Target};
use duban::place::Service;
use duban::testing::{TestInstance, TestSettings};
use duban_proto::intake::v1::{
    attachment_service_client::AttachmentServiceClient, delivery_service_client::DeliveryServiceClient,
    draft_service_client::DraftServiceClient, identity_service_client::IdentityServiceClient,
    instruction_service_client::InstructionServiceClient, intake_service_client::IntakeServiceClient,
    rating_service_client::RatingServiceClient, report_service_client::ReportServiceClient,
    retention_service_client::RetentionServiceClient, summary_service_client::SummaryServiceClient,
    urgency_service_client::UrgencyServiceClient, volume_service_client::VolumeServiceClient,
};
use duban_proto::routing::v1::{
    archive_service_client::ArchiveServiceClient, casework_service_client::CaseworkServiceClient,
    directory_service_client::DirectoryServiceClient, instrument_service_client::InstrumentServiceClient,
    investigation_service_client::InvestigationServiceClient, joint_service_client::JointServiceClient,
    received_instrument_service_client::ReceivedInstrumentServiceClient,
    routing_service_client::RoutingServiceClient, transfer_service_client::TransferServiceClient,
};
use duban_proto::supervision::v1::{
    Clock, GetClocksRequest, accountability_service_client::AccountabilityServiceClient,
    appeal_service_client::AppealServiceClient, clock_service_client::ClockServiceClient,
    follow_up_service_client::FollowUpServiceClient, notice_service_client::NoticeServiceClient,
    review_service_client::ReviewServiceClient, statistics_service_client::StatisticsServiceClient,
    supervision_service_client::SupervisionServiceClient, watch_service_client::WatchServiceClient,
};
use jiff::{SignedDuration, Timestamp};
use ledger::{Clock as _, TurnedClock};
use tonic::service::interceptor::InterceptedService;

use crate::Journey;

/// How long something that is on its way may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Waits until `look` finds something.
///
/// # Panics
/// If it does not come in time.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = tokio::time::Instant::now();
    let mut ticks = tokio::time::interval(LOOK);
    loop {
        ticks.tick().await;
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not come");
    }
}

/// An instance with the organs of Baoshan; its clock stands at Tuesday, 10 February 2026, 10:00 in Shanghai.
#[derive(Debug)]
pub struct World {
    /// The instance.
    pub instance: TestInstance,
}

/// Somebody who calls, with a token.
#[derive(Clone, Debug)]
pub struct Officer {
    intake: Endpoint,
    routing: Endpoint,
    supervision: Endpoint,
}

impl World {
    /// By the Baoshan measures.
    pub async fn new() -> Self {
        Self::with(TestSettings::new().expect("the samples' organs")).await
    }

    /// With every step an officer takes at intake done by the rules.
    pub async fn automatic() -> Self {
        Self::with(TestSettings::new().expect("the samples' organs").regulation("baoshan-2009-5-automatic"))
            .await
    }

    /// With settings of the test's own.
    pub async fn with(settings: TestSettings) -> Self {
        let start = "2026-02-10T02:00:00Z".parse().expect("a moment");
        let instance = TestInstance::start(settings.start(start)).await.expect("an instance");
        Self { instance }
    }

    /// The clock of all services.
    pub fn clock(&self) -> &Arc<TurnedClock> {
        self.instance.clock()
    }

    /// Turns the clock forward.
    pub fn turn(&self, by: SignedDuration) {
        self.clock().advance(by);
    }

    /// Turns the clock to a moment in Shanghai, "2026-03-02 10:00".
    pub fn turn_to(&self, text: &str) {
        let moment: Timestamp = format!("{}+08:00", text.replace(' ', "T")).parse().expect("a moment");
        assert!(moment >= self.clock().now(), "time does not go back");
        self.clock().set(moment);
    }

    /// Now, by the instance's clock.
    pub fn timestamp(&self) -> prost_types::Timestamp {
        server::time::to_proto(self.clock().now())
    }

    /// A desk officer.
    pub fn desk(&self, organ: &str) -> Officer {
        self.officer("desk", organ, &format!("desk.{organ}"))
    }

    /// A leader in charge.
    pub fn leader(&self, organ: &str) -> Officer {
        self.officer("leader", organ, &format!("leader.{organ}"))
    }

    /// The principal head.
    pub fn head(&self, organ: &str) -> Officer {
        self.officer("head", organ, &format!("head.{organ}"))
    }

    /// An archivist.
    pub fn archivist(&self, organ: &str) -> Officer {
        self.officer("archivist", organ, &format!("archivist.{organ}"))
    }

    /// One who supervises an organ and all below.
    pub fn supervisor(&self, organ: &str) -> Officer {
        self.officer("supervisor", organ, &format!("supervisor.{organ}"))
    }

    /// The system of another agency, which hands in at `organ`.
    pub fn agency(&self, organ: &str) -> Officer {
        self.calls(&Principal::new("system.12345", organ, [Role::Agency]).of_agency("12345"))
    }

    /// Whoever has this role.
    pub fn officer(&self, role: &str, organ: &str, subject: &str) -> Officer {
        let role: Role = role.parse().expect("a role");
        self.calls(&Principal::new(subject, organ, [role]))
    }

    /// Somebody without a token.
    pub fn anybody(&self) -> Officer {
        self.with_bearer(&Bearer::none())
    }

    /// Somebody with this token.
    pub fn holder_of(&self, token: &str) -> Officer {
        self.with_bearer(&Bearer::new(token).expect("a header value"))
    }

    fn calls(&self, principal: &Principal) -> Officer {
        self.holder_of(&self.instance.token(principal).expect("a token"))
    }

    fn with_bearer(&self, bearer: &Bearer) -> Officer {
        let to = |service| {
            let target = Target::new(self.instance.places().url(service));
            InterceptedService::new(target.endpoint().expect("an address").connect_lazy(), bearer.clone())
        };
        Officer {
            intake: to(Service::Intake),
            routing: to(Service::Routing),
            supervision: to(Service::Supervision),
        }
    }

    /// The clocks of a case, as its organ's supervision sees them; none before the first has started.
    pub async fn clocks(&self, journey: &Journey<'_>, organ: &str) -> Vec<Clock> {
        let request = GetClocksRequest { case_id: journey.case_id() };
        let answer = self.supervisor(organ).supervision().get_clocks(request).await;
        answer.map(|answer| answer.into_inner().clocks).unwrap_or_default()
    }

    /// The same, once there are some and `are` holds.
    pub async fn clocks_when(
        &self,
        journey: &Journey<'_>,
        organ: &str,
        are: impl Fn(&[Clock]) -> bool,
    ) -> Vec<Clock> {
        eventually("the clocks", async || {
            let clocks = self.clocks(journey, organ).await;
            (!clocks.is_empty() && are(&clocks)).then_some(clocks)
        })
        .await
    }

    /// Every ledger of every service is what was written, and every projection what its ledger says.
    pub async fn ledgers_verify(&self) {
        for service in Service::ALL {
            let pool = self.instance.db().pool(service.name()).await.expect("a pool");
            let verified = ledger::verify::verify(&pool, None).await.expect("verified");
            assert!(!verified.is_empty(), "no ledger at {}", service.name());
            for ledger in verified {
                assert_eq!(ledger.fault, None, "{} of {}", ledger.organ, service.name());
            }
        }
    }
}

impl Officer {
    /// The way to a service, for calls of one's own making.
    pub fn endpoint(&self, service: Service) -> Endpoint {
        match service {
            Service::Intake => self.intake.clone(),
            Service::Routing => self.routing.clone(),
            Service::Supervision => self.supervision.clone(),
        }
    }

    /// Intake.
    pub fn intake(&self) -> IntakeServiceClient<Endpoint> {
        IntakeServiceClient::new(self.intake.clone())
    }

    /// Drafts.
    pub fn drafts(&self) -> DraftServiceClient<Endpoint> {
        DraftServiceClient::new(self.intake.clone())
    }

    /// Identities.
    pub fn identity(&self) -> IdentityServiceClient<Endpoint> {
        IdentityServiceClient::new(self.intake.clone())
    }

    /// The files of cases.
    pub fn attachments(&self) -> AttachmentServiceClient<Endpoint> {
        AttachmentServiceClient::new(self.intake.clone())
    }

    /// Reports of obstruction and retaliation.
    pub fn reports(&self) -> ReportServiceClient<Endpoint> {
        ReportServiceClient::new(self.intake.clone())
    }

    /// What complainants think of results, of their own accord.
    pub fn ratings(&self) -> RatingServiceClient<Endpoint> {
        RatingServiceClient::new(self.intake.clone())
    }

    /// Deliveries.
    pub fn delivery(&self) -> DeliveryServiceClient<Endpoint> {
        DeliveryServiceClient::new(self.intake.clone())
    }

    /// Retention and erasure.
    pub fn retention(&self) -> RetentionServiceClient<Endpoint> {
        RetentionServiceClient::new(self.intake.clone())
    }

    /// Intake's part of files.
    pub fn intake_volume(&self) -> VolumeServiceClient<Endpoint> {
        VolumeServiceClient::new(self.intake.clone())
    }

    /// Routing's part of files.
    pub fn archive(&self) -> ArchiveServiceClient<Endpoint> {
        ArchiveServiceClient::new(self.routing.clone())
    }

    /// What respondents are given.
    pub fn summaries(&self) -> SummaryServiceClient<Endpoint> {
        SummaryServiceClient::new(self.intake.clone())
    }

    /// Leaders' instructions.
    pub fn instructions(&self) -> InstructionServiceClient<Endpoint> {
        InstructionServiceClient::new(self.intake.clone())
    }

    /// The directory.
    pub fn directory(&self) -> DirectoryServiceClient<Endpoint> {
        DirectoryServiceClient::new(self.routing.clone())
    }

    /// Routing.
    pub fn routing(&self) -> RoutingServiceClient<Endpoint> {
        RoutingServiceClient::new(self.routing.clone())
    }

    /// Transfers, designation, guidance.
    pub fn transfers(&self) -> TransferServiceClient<Endpoint> {
        TransferServiceClient::new(self.routing.clone())
    }

    /// Casework.
    pub fn casework(&self) -> CaseworkServiceClient<Endpoint> {
        CaseworkServiceClient::new(self.routing.clone())
    }

    /// Joint handling.
    pub fn joint(&self) -> JointServiceClient<Endpoint> {
        JointServiceClient::new(self.routing.clone())
    }

    /// Investigation.
    pub fn investigation(&self) -> InvestigationServiceClient<Endpoint> {
        InvestigationServiceClient::new(self.routing.clone())
    }

    /// Instruments, and what follows a result.
    pub fn instruments(&self) -> InstrumentServiceClient<Endpoint> {
        InstrumentServiceClient::new(self.routing.clone())
    }

    /// Instruments that other organs sent.
    pub fn received(&self) -> ReceivedInstrumentServiceClient<Endpoint> {
        ReceivedInstrumentServiceClient::new(self.routing.clone())
    }

    /// How urgent cases are.
    pub fn urgency(&self) -> UrgencyServiceClient<Endpoint> {
        UrgencyServiceClient::new(self.intake.clone())
    }

    /// Figures and appraisal.
    pub fn statistics(&self) -> StatisticsServiceClient<Endpoint> {
        StatisticsServiceClient::new(self.supervision.clone())
    }

    /// Clocks: pauses, the digest, previews.
    pub fn clock_service(&self) -> ClockServiceClient<Endpoint> {
        ClockServiceClient::new(self.supervision.clone())
    }

    /// Reminders and supervision notices.
    pub fn notices(&self) -> NoticeServiceClient<Endpoint> {
        NoticeServiceClient::new(self.supervision.clone())
    }

    /// Files of accountability.
    pub fn accountability(&self) -> AccountabilityServiceClient<Endpoint> {
        AccountabilityServiceClient::new(self.supervision.clone())
    }

    /// Supervision.
    pub fn supervision(&self) -> SupervisionServiceClient<Endpoint> {
        SupervisionServiceClient::new(self.supervision.clone())
    }

    /// Reviews of conclusions.
    pub fn reviews(&self) -> ReviewServiceClient<Endpoint> {
        ReviewServiceClient::new(self.supervision.clone())
    }

    /// Appeals of respondents.
    pub fn appeals(&self) -> AppealServiceClient<Endpoint> {
        AppealServiceClient::new(self.supervision.clone())
    }

    /// What complainants think of results.
    pub fn follow_ups(&self) -> FollowUpServiceClient<Endpoint> {
        FollowUpServiceClient::new(self.supervision.clone())
    }

    /// The board and the clocks as they change.
    pub fn watch(&self) -> WatchServiceClient<Endpoint> {
        WatchServiceClient::new(self.supervision.clone())
    }
}
