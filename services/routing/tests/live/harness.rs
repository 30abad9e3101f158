//! A service behind the real door, the intake it follows, and people who call it with tokens.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{Authenticator, DevKey, Keys, Principal, Role, Table, TokenSettings};
use calendar::Calendar;
use content::{ErasureList, Vault};
use directory::Live;
use duban_proto::common::v1::{
    CaseFacts, ContentRef, Organ as WireOrgan, OrganKind, Rank, RespondentFacts, RespondentKind,
};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{CaseAccepted, DeliveryOutcome, MasksConfirmed, ReplyDelivered, ReplyOccasion};
use duban_proto::routing::v1::{
    GetRoutedCaseRequest, ImportOrgansRequest, RoutedCase, casework_service_client::CaseworkServiceClient,
    directory_service_client::DirectoryServiceClient, joint_service_client::JointServiceClient,
    routing_service_client::RoutingServiceClient, transfer_service_client::TransferServiceClient,
};
use jiff::Timestamp;
use ledger::{Clock as _, TurnedClock, WriterSettings};
use postgres::testing::TestDb;
use regulation::{Regulation, Rules};
use routing::{Deps, Routing, SCHEMA};
use seal::{Algorithm, Fingerprints, KeyFile, Keyring, Sealer};
use server::door::{Access, Door};
use server::{RandomIds, ServerSettings, Services, Serving, Shutdown, methods, serve};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::intake::{FakeIntake, INTAKE};

pub(crate) const CENTRE: &str = "baoshan";
pub(crate) const TOWN: &str = "baoshan.luodian";
pub(crate) const OTHER: &str = "baoshan.dachang";
pub(crate) const UNIT: &str = "baoshan.luodian.services";
pub(crate) const INVESTIGATORS: [&str; 2] = ["he.jun", "wu.min"];

/// A service at work.
pub(crate) struct Running {
    pub(crate) service: Routing,
    pub(crate) clock: Arc<TurnedClock>,
    pub(crate) intake: FakeIntake,
    pub(crate) directory: DirectoryServiceClient<Channel>,
    pub(crate) routing: RoutingServiceClient<Channel>,
    pub(crate) casework: CaseworkServiceClient<Channel>,
    pub(crate) joint: JointServiceClient<Channel>,
    pub(crate) transfers: TransferServiceClient<Channel>,
    pub(crate) db: TestDb,
    key: DevKey,
    shutdown: Shutdown,
    serving: [Serving; 2],
    _keys: tempfile::TempDir,
}

/// A moment in Shanghai: "2026-03-02 10:00".
pub(crate) fn at(text: &str) -> Timestamp {
    format!("{}+08:00", text.replace(' ', "T")).parse().unwrap()
}

pub(crate) fn case(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A request id.
pub(crate) fn id(number: u128) -> String {
    Uuid::from_u128(1_000 + number).to_string()
}

/// The reason of a rejection: "TERM_SUPERSEDED".
pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// The fields that are not as required.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    let bad = status.get_details_bad_request().map(|bad| bad.field_violations).unwrap_or_default();
    bad.into_iter().map(|violation| violation.field).collect()
}

pub(crate) fn organ(code: &str, parent: &str, prefix: &str, kind: OrganKind) -> WireOrgan {
    WireOrgan {
        code: code.into(),
        name: code.into(),
        parent: parent.into(),
        number_prefix: prefix.into(),
        kind: kind.into(),
        ..WireOrgan::default()
    }
}

/// A centre, two sub-centres, and a unit of one.
pub(crate) fn organs() -> Vec<WireOrgan> {
    vec![
        organ(CENTRE, "", "宝效投", OrganKind::Centre),
        organ(TOWN, CENTRE, "罗效投", OrganKind::SubCentre),
        organ(OTHER, CENTRE, "大效投", OrganKind::SubCentre),
        organ(UNIT, TOWN, "", OrganKind::Unit),
    ]
}

pub(crate) fn respondent(organ: &str, kind: RespondentKind, rank: Rank, head: bool) -> RespondentFacts {
    RespondentFacts { organ: organ.into(), kind: kind.into(), rank: rank.into(), head }
}

pub(crate) fn a_clerk() -> RespondentFacts {
    respondent(UNIT, RespondentKind::Person, Rank::Unranked, false)
}

/// A service that stands at Monday, 2 March 2026, 10:00, knows the organs, and follows an intake.
pub(crate) async fn start() -> Running {
    let mut running = start_without_organs().await;
    let request = ImportOrgansRequest { request_id: id(0), organs: organs() };
    let request = running.by(Role::DirectoryAdmin, CENTRE, request);
    running.directory.import_organs(request).await.unwrap();
    running
}

pub(crate) async fn start_without_organs() -> Running {
    let clock = Arc::new(TurnedClock::standing(at("2026-03-02 10:00")));
    let db = TestDb::new(&[SCHEMA, INTAKE]).await.unwrap();
    let keys = tempfile::tempdir().unwrap();
    let path = keys.path().join("master.key");
    let key_file = KeyFile::open_or_create(&path, Algorithm::Aes256GcmSiv, &mut rand::rng()).unwrap();
    let shutdown = Shutdown::new();
    let service = Routing::start(deps(&db, &clock, &key_file, keys.path(), &shutdown).await);
    let intake = FakeIntake::new(&db, Arc::clone(&clock) as Arc<dyn ledger::Clock>).await;
    let key = DevKey::from_secret([9; 32]);
    let settings = || ServerSettings::new("127.0.0.1:0".parse().unwrap());
    let services = service.services(Services::new());
    let routing = serve(settings(), door(&key, &clock), services, &shutdown).await.unwrap();
    let services = intake.services(Services::new(), shutdown.token().clone());
    let followed = serve(settings(), door(&key, &clock), services, &shutdown).await.unwrap();
    // No supervision runs here: nothing is ordered.
    let nowhere = Channel::from_static("http://127.0.0.1:1").connect_lazy();
    let intakes = as_service(&key, &clock, channel(&followed));
    service.follow(intakes, as_service(&key, &clock, nowhere));
    let channel = channel(&routing);
    Running {
        service,
        clock,
        intake,
        directory: DirectoryServiceClient::new(channel.clone()),
        routing: RoutingServiceClient::new(channel.clone()),
        casework: CaseworkServiceClient::new(channel.clone()),
        joint: JointServiceClient::new(channel.clone()),
        transfers: TransferServiceClient::new(channel),
        db,
        key,
        shutdown,
        serving: [routing, followed],
        _keys: keys,
    }
}

fn channel(serving: &Serving) -> Channel {
    Channel::from_shared(format!("http://{}", serving.address())).unwrap().connect_lazy()
}

/// The followers call with a service's token.
fn as_service(
    key: &DevKey,
    clock: &TurnedClock,
    channel: Channel,
) -> InterceptedService<Channel, impl FnMut(Request<()>) -> Result<Request<()>, Status> + Clone + use<>> {
    let service = Principal::new("service:routing", "", [Role::Service]);
    let token = key.mint(&service, clock.now(), Duration::from_hours(24)).unwrap();
    let bearer: MetadataValue<Ascii> = format!("Bearer {token}").parse().unwrap();
    InterceptedService::new(channel, move |mut request: Request<()>| {
        request.metadata_mut().insert("authorization", bearer.clone());
        Ok(request)
    })
}

async fn deps(
    db: &TestDb,
    clock: &Arc<TurnedClock>,
    key_file: &KeyFile,
    keys: &Path,
    shutdown: &Shutdown,
) -> Deps {
    let pool = db.pool("routing").await.unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    let regulation = Regulation::load(&path).unwrap();
    let sealer = Sealer::new(Keyring::new(Arc::new(key_file.clone())), Algorithm::Aes256GcmSiv);
    let list_key = Fingerprints::new(key_file.derive("erasure-list"));
    Deps {
        clock: Arc::clone(clock) as Arc<dyn ledger::Clock>,
        rules: Arc::new(Rules::new(Arc::new(regulation), Arc::new(Calendar::bundled().unwrap()))),
        vault: Vault::new(Arc::new(sealer), pool.clone()),
        erasures: Arc::new(ErasureList::open(&keys.join("erasures.jsonl"), list_key).unwrap()),
        fingerprints: Fingerprints::new(key_file.derive("fingerprint")),
        directory: Live::open(pool.clone()).await.unwrap(),
        ids: Arc::new(RandomIds),
        writer_settings: WriterSettings::default(),
        shutdown: shutdown.token().clone(),
        tasks: shutdown.tracker().clone(),
        pool,
    }
}

fn door(key: &DevKey, clock: &Arc<TurnedClock>) -> Door {
    let authenticator =
        Authenticator::new(Keys::none(), TokenSettings::default()).with_dev_key(key, true).unwrap();
    let table = Table::parse(Table::BUNDLED, methods::names()).unwrap();
    let clock = Arc::clone(clock);
    Door {
        access: Arc::new(Access::new(authenticator, table)),
        ids: Arc::new(RandomIds),
        now: Arc::new(move || clock.now()),
    }
}

impl Running {
    /// Intake accepts a case and confirms its masks.
    pub(crate) async fn accepted(&self, organ: &str, number: u128, respondent: RespondentFacts) {
        self.accepts(organ, number, respondent, false).await;
        let copy =
            ContentRef { item_id: case(number).to_string(), version: 1, commitment: vec![7; 32].into() };
        let confirmed = MasksConfirmed { working_copy: Some(copy), masks: 0, automatic: false };
        self.intake.says(organ, case(number), Kind::MasksConfirmed(confirmed)).await;
    }

    pub(crate) async fn accepts(
        &self,
        organ: &str,
        number: u128,
        respondent: RespondentFacts,
        automatic: bool,
    ) {
        let facts = CaseFacts {
            registering_organ: organ.into(),
            number: format!("宝效投〔2026〕{number}号"),
            channel: "online".into(),
            grounds: vec!["8.2".into()],
            respondents: vec![respondent],
            accepted_at: Some(server::time::to_proto(self.clock.now())),
            automatic,
            ..CaseFacts::default()
        };
        let accepted = CaseAccepted { facts: Some(facts) };
        self.intake.says(organ, case(number), Kind::CaseAccepted(accepted)).await;
    }

    /// Intake told the complainant the result.
    pub(crate) async fn replied(&self, organ: &str, number: u128, outcome: DeliveryOutcome) {
        let delivered = ReplyDelivered {
            occasion: ReplyOccasion::Result.into(),
            outcome: outcome.into(),
            ..ReplyDelivered::default()
        };
        self.intake.says(organ, case(number), Kind::ReplyDelivered(delivered)).await;
    }

    /// A request by somebody of this role at this organ, who is called like the role.
    pub(crate) fn by<T>(&self, role: Role, organ: &str, message: T) -> Request<T> {
        self.as_person(&format!("{role}.{organ}"), role, organ, message)
    }

    pub(crate) fn as_person<T>(&self, subject: &str, role: Role, organ: &str, message: T) -> Request<T> {
        let principal = Principal::new(subject, organ, [role]);
        let token = self.key.mint(&principal, self.clock.now(), Duration::from_hours(1)).unwrap();
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    }

    /// The case as this organ knows it, once it is so.
    pub(crate) async fn until(
        &mut self,
        organ: &str,
        number: u128,
        is: impl Fn(&RoutedCase) -> bool,
    ) -> RoutedCase {
        let mut heads = self.service.writer().heads().subscribe();
        loop {
            heads.mark_unchanged();
            let look = GetRoutedCaseRequest { case_id: case(number).to_string(), organ: String::new() };
            let answer = self.routing.get_routed_case(self.by(Role::Desk, organ, look)).await;
            if let Some(case) = answer.ok().and_then(|answer| answer.into_inner().case).filter(&is) {
                return case;
            }
            tokio::time::timeout(Duration::from_secs(20), heads.changed())
                .await
                .expect("it never is")
                .unwrap();
        }
    }

    /// Stops in order.
    pub(crate) async fn stop(self) {
        drop((self.directory, self.routing, self.casework, self.joint, self.transfers));
        self.shutdown.begin();
        for serving in self.serving {
            serving.ended().await.unwrap();
        }
        self.service.drain().await;
        self.intake.drain().await;
        assert!(self.shutdown.drained(Duration::from_secs(20)).await, "tasks go on after the shutdown");
    }
}
