//! The service behind the real door, and people who call it with tokens.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{Authenticator, DevKey, Keys, Principal, Role, Table, TokenSettings};
use calendar::Calendar;
use content::{ErasureList, Vault};
use directory::Live;
use duban_proto::common::v1::{Organ as WireOrgan, OrganKind};
use duban_proto::intake::v1::delivery_service_client::DeliveryServiceClient;
use duban_proto::intake::v1::identity_service_client::IdentityServiceClient;
use duban_proto::intake::v1::intake_service_client::IntakeServiceClient;
use duban_proto::intake::v1::report_service_client::ReportServiceClient;
use duban_proto::intake::v1::{
    AcceptCaseRequest, CaseSummary, Complaint, GetCaseRequest, SubmitComplaintResponse,
};
use intake::domain::{Act, Command};
use intake::{Deps, Intake, Ports, Quota, Quotas, SCHEMA};
use jiff::Timestamp;
use ledger::{Clock as _, Organ, Submission, TurnedClock, WriterSettings};
use postgres::testing::TestDb;
use regulation::{Regulation, Rules, Shelf};
use seal::{Algorithm, BlindIndex, Fingerprints, KeyFile, Keyring, Sealer, TrackingCodes};
use server::door::{Access, Door};
use server::{RandomIds, ServerSettings, Services, Serving, Shutdown, methods, serve};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt as _;

use crate::complaint::{about_a_clerk, id, submission};
use crate::others::{Others, ROUTING, SUPERVISION};

pub(crate) const CENTRE: &str = "baoshan";
pub(crate) const TOWN: &str = "baoshan.luodian";
/// An agency that may hand in two complaints a minute.
pub(crate) const NARROW: &str = "narrow";
pub(crate) const UNIT: &str = "baoshan.luodian.services";

const MEASURES: &str = "baoshan-2009-5";

/// A service at work.
pub(crate) struct Running {
    pub(crate) service: Intake,
    pub(crate) clock: Arc<TurnedClock>,
    pub(crate) client: IntakeServiceClient<Channel>,
    pub(crate) identity: IdentityServiceClient<Channel>,
    pub(crate) reports: ReportServiceClient<Channel>,
    pub(crate) delivery: DeliveryServiceClient<Channel>,
    pub(crate) db: TestDb,
    directory: Live,
    key: DevKey,
    shutdown: Shutdown,
    serving: Vec<Serving>,
    others: Option<Others>,
    keys: tempfile::TempDir,
}

/// A moment in Shanghai: "2026-03-02 10:00".
pub(crate) fn at(text: &str) -> Timestamp {
    format!("{}+08:00", text.replace(' ', "T")).parse().unwrap()
}

/// The reason of a rejection: "CASE_NOT_FOUND".
pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// The fields that are not as required.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    let bad = status.get_details_bad_request().map(|bad| bad.field_violations).unwrap_or_default();
    bad.into_iter().map(|violation| violation.field).collect()
}

/// The article it rests on.
pub(crate) fn article(status: &Status) -> String {
    let info = status.get_details_error_info().map(|info| info.metadata).unwrap_or_default();
    info.get("article").cloned().unwrap_or_default()
}

/// A service that stands at Monday, 2 March 2026, 10:00, and knows the organs.
pub(crate) async fn start() -> Running {
    start_with(&[SCHEMA], MEASURES).await
}

/// The same, with every step of an officer done by the rules.
pub(crate) async fn start_automatic() -> Running {
    start_with(&[SCHEMA], "baoshan-2009-5-automatic").await
}

/// The same, following a routing and a supervision that say what the test has them say.
pub(crate) async fn start_following() -> Running {
    let mut running = start_with(&[SCHEMA, ROUTING, SUPERVISION], MEASURES).await;
    let others = Others::new(&running.db, Arc::clone(&running.clock) as Arc<dyn ledger::Clock>).await;
    let [routing, supervision] = others.services(running.shutdown.token());
    let routing = running.serves(routing).await;
    let supervision = running.serves(supervision).await;
    let own = running.as_service(&channel(&running.serving[0]));
    running.service.follow(own, running.as_service(&routing), running.as_service(&supervision));
    running.others = Some(others);
    running
}

async fn start_with(schemas: &[postgres::Schema], measures: &str) -> Running {
    let clock = Arc::new(TurnedClock::standing(at("2026-03-02 10:00")));
    let db = TestDb::new(schemas).await.unwrap();
    let keys = tempfile::tempdir().unwrap();
    let path = keys.path().join("master.key");
    let key_file = KeyFile::open_or_create(&path, Algorithm::Aes256GcmSiv, &mut rand::rng()).unwrap();
    let shutdown = Shutdown::new();
    let deps = deps(&db, &clock, &key_file, keys.path(), &shutdown, measures).await;
    let directory = deps.directory.clone();
    let service = Intake::start(deps);
    let key = DevKey::from_secret([9; 32]);
    let settings = ServerSettings::new("127.0.0.1:0".parse().unwrap());
    let services = service.services(Services::new());
    let serving = serve(settings, door(&key, &clock), services, &shutdown).await.unwrap();
    let channel = channel(&serving);
    let running = Running {
        service,
        clock,
        client: IntakeServiceClient::new(channel.clone()),
        identity: IdentityServiceClient::new(channel.clone()),
        reports: ReportServiceClient::new(channel.clone()),
        delivery: DeliveryServiceClient::new(channel),
        db,
        directory,
        key,
        shutdown,
        serving: vec![serving],
        others: None,
        keys,
    };
    for organ in organs() {
        running.has_organ(organ).await;
    }
    running
}

/// A centre, a sub-centre, and a unit of the sub-centre.
pub(crate) fn organs() -> [WireOrgan; 3] {
    let organ = |code: &str, name: &str, parent: &str, prefix: &str, kind: OrganKind| WireOrgan {
        code: code.into(),
        name: name.into(),
        parent: parent.into(),
        number_prefix: prefix.into(),
        kind: kind.into(),
        ..WireOrgan::default()
    };
    [
        organ(CENTRE, "宝山区行政效能投诉受理中心", "", "宝效投", OrganKind::Centre),
        organ(TOWN, "罗店镇行政效能投诉受理分中心", CENTRE, "罗效投", OrganKind::SubCentre),
        organ(UNIT, "罗店镇社区事务受理服务中心", TOWN, "", OrganKind::Unit),
    ]
}

async fn deps(
    db: &TestDb,
    clock: &Arc<TurnedClock>,
    key_file: &KeyFile,
    keys: &Path,
    shutdown: &Shutdown,
    measures: &str,
) -> Deps {
    let pool = db.pool("intake").await.unwrap();
    let sealer = Sealer::new(Keyring::new(Arc::new(key_file.clone())), Algorithm::Aes256GcmSiv);
    let list_key = Fingerprints::new(key_file.derive("erasure-list"));
    Deps {
        clock: Arc::clone(clock) as Arc<dyn ledger::Clock>,
        rules: Arc::new(Rules::new(regulation(measures), Arc::new(Calendar::bundled().unwrap()))),
        vault: Vault::new(Arc::new(sealer), pool.clone()),
        erasures: Arc::new(ErasureList::open(&keys.join("erasures.jsonl"), list_key).unwrap()),
        fingerprints: Fingerprints::new(key_file.derive("fingerprint")),
        blind_index: BlindIndex::new(key_file.derive("blind index")),
        tracking: TrackingCodes::new(key_file.derive("tracking code")),
        directory: Live::open(pool.clone()).await.unwrap(),
        quotas: Arc::new(quotas()),
        files: files::Files::none(),
        attachments: intake::AttachmentLimits::default(),
        delivery: Arc::new(Ports::none()),
        ids: Arc::new(RandomIds),
        writer_settings: WriterSettings::default(),
        shutdown: shutdown.token().clone(),
        tasks: shutdown.tracker().clone(),
        pool,
    }
}

/// Enough for every test, but for the agency that is to be refused.
fn quotas() -> Quotas {
    let quota = |each: u32| Quota { per_minute: each.try_into().unwrap(), burst: each.try_into().unwrap() };
    Quotas::new(quota(10_000), [(NARROW.to_owned(), quota(2))])
}

pub(crate) fn regulation(code: &str) -> Arc<Regulation> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations");
    Shelf::load(&folder).unwrap().get(code).unwrap().clone()
}

fn channel(serving: &Serving) -> Channel {
    Channel::from_shared(format!("http://{}", serving.address())).unwrap().connect_lazy()
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
    /// The services that it follows.
    pub(crate) fn others(&self) -> &Others {
        self.others.as_ref().unwrap()
    }

    async fn serves(&mut self, services: Services) -> Channel {
        let settings = ServerSettings::new("127.0.0.1:0".parse().unwrap());
        let serving = serve(settings, door(&self.key, &self.clock), services, &self.shutdown).await.unwrap();
        let channel = channel(&serving);
        self.serving.push(serving);
        channel
    }

    /// The followers call with a service's token.
    fn as_service(
        &self,
        channel: &Channel,
    ) -> InterceptedService<Channel, impl FnMut(Request<()>) -> Result<Request<()>, Status> + Clone + use<>>
    {
        let service = Principal::new("service:intake", "", [Role::Service]);
        let token = self.key.mint(&service, self.clock.now(), Duration::from_hours(24)).unwrap();
        let bearer: MetadataValue<Ascii> = format!("Bearer {token}").parse().unwrap();
        InterceptedService::new(channel.clone(), move |mut request: Request<()>| {
            request.metadata_mut().insert("authorization", bearer.clone());
            Ok(request)
        })
    }

    /// The directory has this organ as it is now.
    pub(crate) async fn has_organ(&self, organ: WireOrgan) {
        self.has(Command { case_id: None, agency: None, act: Act::NoteOrgan(Box::new(organ)) }).await;
        self.directory.reload().await.unwrap();
    }

    async fn has(&self, command: Command) {
        let submission = Submission { command, actor: "service:intake".into(), request: None, cause: None };
        self.service.writer().submit(&Organ::new(CENTRE).unwrap(), submission).await.unwrap();
    }

    /// A request by somebody of this role at this organ, who is called like the role.
    pub(crate) fn by<T>(&self, role: Role, organ: &str, message: T) -> Request<T> {
        self.calls(&Principal::new(format!("{role}.{organ}"), organ, [role]), message)
    }

    /// A request by another agency's system, which hands in at the centre.
    pub(crate) fn by_agency<T>(&self, agency: &str, message: T) -> Request<T> {
        let principal = Principal::new(format!("system.{agency}"), CENTRE, [Role::Agency]);
        self.calls(&principal.of_agency(agency), message)
    }

    pub(crate) fn calls<T>(&self, principal: &Principal, message: T) -> Request<T> {
        let token = self.key.mint(principal, self.clock.now(), Duration::from_hours(1)).unwrap();
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    }

    /// A complaint that the centre's desk takes in.
    pub(crate) async fn registered(&mut self, number: u128, complaint: Complaint) -> SubmitComplaintResponse {
        let request = self.by(Role::Desk, CENTRE, submission(number, complaint));
        self.client.submit_complaint(request).await.unwrap().into_inner()
    }

    /// A case that the centre's desk registered and accepted.
    pub(crate) async fn accepted(&mut self, number: u128) -> SubmitComplaintResponse {
        let receipt = self.registered(number, about_a_clerk()).await;
        let accept = AcceptCaseRequest {
            request_id: id(100 + number),
            case_id: receipt.case_id.clone(),
            version: 2,
            ..AcceptCaseRequest::default()
        };
        self.client.accept_case(self.by(Role::Desk, CENTRE, accept)).await.unwrap();
        receipt
    }

    /// The case as the centre's desk sees it.
    pub(crate) async fn seen(&mut self, case_id: &str) -> CaseSummary {
        let request = self.by(Role::Desk, CENTRE, GetCaseRequest { case_id: case_id.into() });
        self.client.get_case(request).await.unwrap().into_inner().case.unwrap()
    }

    /// The same, once it is so.
    pub(crate) async fn until(&mut self, case_id: &str, is: impl Fn(&CaseSummary) -> bool) -> CaseSummary {
        let mut heads = self.service.writer().heads().subscribe();
        loop {
            heads.mark_unchanged();
            let case = self.seen(case_id).await;
            if is(&case) {
                return case;
            }
            tokio::time::timeout(Duration::from_secs(20), heads.changed())
                .await
                .expect("it never is")
                .unwrap();
        }
    }

    /// Waits until every working copy is in the index.
    pub(crate) async fn indexed(&self) {
        let pool = self.db.pool("intake").await.unwrap();
        let all = async {
            let waiting = "select exists (select 1 from text_waiting)";
            while sqlx::query_scalar(waiting).fetch_one(&pool).await.unwrap() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), all).await.expect("it never is");
    }

    /// Another process on the same database, which sends replies by these ports.
    pub(crate) async fn another(&self, delivery: Ports) -> Intake {
        let path = self.keys.path().join("master.key");
        let key_file = KeyFile::open(&path, Algorithm::Aes256GcmSiv).unwrap();
        let deps = deps(&self.db, &self.clock, &key_file, self.keys.path(), &self.shutdown, MEASURES).await;
        Intake::start(Deps { delivery: Arc::new(delivery), ..deps })
    }

    /// Stops in order.
    pub(crate) async fn stop(self) {
        drop((self.client, self.identity, self.reports, self.delivery));
        self.shutdown.begin();
        for serving in self.serving {
            serving.ended().await.unwrap();
        }
        self.service.drain().await;
        if let Some(others) = &self.others {
            others.drain().await;
        }
        assert!(self.shutdown.drained(Duration::from_secs(20)).await, "tasks go on after the shutdown");
    }
}
