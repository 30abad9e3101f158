//! A service behind the real door, with clocks that the test starts, and clients with tokens.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{Authenticator, DevKey, Keys, Principal, Role, Table, TokenSettings};
use calendar::Calendar;
use content::{ErasureList, Vault};
use directory::Live;
use duban_proto::common::v1::{CaseFacts, Organ as WireOrgan, OrganKind};
use duban_proto::intake::v1 as intake;
use duban_proto::routing::v1 as routing;
use duban_proto::supervision::v1::appeal_service_client::AppealServiceClient;
use duban_proto::supervision::v1::clock_service_client::ClockServiceClient;
use duban_proto::supervision::v1::review_service_client::ReviewServiceClient;
use duban_proto::supervision::v1::statistics_service_client::StatisticsServiceClient;
use duban_proto::supervision::v1::supervision_service_client::SupervisionServiceClient;
use duban_proto::supervision::v1::{FiredRung, ListFiredRungsRequest, StopReason};
use jiff::Timestamp;
use ledger::{Clock as _, Organ, Submission, TurnedClock, WriterSettings};
use postgres::testing::TestDb;
use regulation::{Regulation, Rules};
use seal::{Algorithm, Fingerprints, KeyFile, Keyring, Sealer};
use server::door::{Access, Door};
use server::{RandomIds, ServerSettings, Services, Serving, Shutdown, methods, serve};
use supervision::domain::time::to_wire;
use supervision::domain::{ClockKey, Command, StartClock, StopClocks, Which};
use supervision::{Deps, SCHEMA, Supervision};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::others::{Fake, INTAKE, ROUTING};

pub(crate) const CENTRE: &str = "baoshan";
pub(crate) const TOWN: &str = "baoshan.luodian";
pub(crate) const OTHER: &str = "baoshan.dachang";

/// A service at work.
pub(crate) struct Running {
    pub(crate) supervision: Supervision,
    pub(crate) clock: Arc<TurnedClock>,
    pub(crate) client: SupervisionServiceClient<Channel>,
    pub(crate) reviews: ReviewServiceClient<Channel>,
    pub(crate) appeals: AppealServiceClient<Channel>,
    pub(crate) channel: Channel,
    pub(crate) clocks: ClockServiceClient<Channel>,
    pub(crate) db: TestDb,
    key: DevKey,
    shutdown: Shutdown,
    serving: Serving,
    others: Option<Others>,
    keys: tempfile::TempDir,
}

/// The services that it follows.
struct Others {
    intake: Fake<intake::Event>,
    routing: Fake<routing::Event>,
}

/// A moment in Shanghai: "2026-03-02 10:00".
pub(crate) fn at(text: &str) -> Timestamp {
    format!("{}+08:00", text.replace(' ', "T")).parse().unwrap()
}

pub(crate) fn case(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// The reason of a rejection: "EXTENSION_NOT_ALLOWED".
pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// A service that stands at 2 March 2026, 10:00, with the directory noted in its ledgers.
pub(crate) async fn start() -> Running {
    start_with(&[SCHEMA], "", "").await
}

/// The same by the Baoshan measures with other words in the place of some.
pub(crate) async fn start_by(from: &str, to: &str) -> Running {
    start_with(&[SCHEMA], from, to).await
}

/// The same, following an intake and a routing that say what the test has them say.
pub(crate) async fn start_following() -> Running {
    let mut running = start_with(&[SCHEMA, INTAKE, ROUTING], "", "").await;
    let clock = || Arc::clone(&running.clock) as Arc<dyn ledger::Clock>;
    let others = Others {
        intake: Fake::new(&running.db, clock()).await,
        routing: Fake::new(&running.db, clock()).await,
    };
    let token = running.shutdown.token();
    let intake = running.calls(others.intake.services(Services::new(), token.clone())).await;
    let routing = running.calls(others.routing.services(Services::new(), token.clone())).await;
    running.supervision.follow(intake, routing);
    running.others = Some(others);
    running
}

async fn start_with(schemas: &[postgres::Schema], from: &str, to: &str) -> Running {
    let clock = Arc::new(TurnedClock::standing(at("2026-03-02 10:00")));
    let db = TestDb::new(schemas).await.unwrap();
    let keys = tempfile::tempdir().unwrap();
    let key_file =
        KeyFile::open_or_create(&keys.path().join("master.key"), Algorithm::Aes256GcmSiv, &mut rand::rng())
            .unwrap();
    let shutdown = Shutdown::new();
    let rules = rules(from, to);
    let deps = deps(&db, &clock, &key_file, keys.path(), &shutdown, rules).await;
    let directory = deps.directory.clone();
    let supervision = Supervision::start(deps);
    let key = DevKey::from_secret([9; 32]);
    let settings = ServerSettings::new("127.0.0.1:0".parse().unwrap());
    let services = supervision.services(Services::new());
    let serving = serve(settings, door(&key, &clock), services, &shutdown).await.unwrap();
    let channel = Channel::from_shared(format!("http://{}", serving.address())).unwrap();
    let channel = channel.connect().await.unwrap();
    let running = Running {
        supervision,
        clock,
        client: SupervisionServiceClient::new(channel.clone()),
        reviews: ReviewServiceClient::new(channel.clone()),
        appeals: AppealServiceClient::new(channel.clone()),
        clocks: ClockServiceClient::new(channel.clone()),
        channel,
        db,
        key,
        shutdown,
        serving,
        others: None,
        keys,
    };
    running.note_organs().await;
    directory.reload().await.unwrap();
    running
}

fn rules(from: &str, to: &str) -> Arc<Rules> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    let source = std::fs::read_to_string(path).unwrap();
    assert!(source.contains(from), "{from}");
    let regulation = Regulation::parse(&source.replacen(from, to, 1), "changed.toml").unwrap();
    Arc::new(Rules::new(Arc::new(regulation), Arc::new(Calendar::bundled().unwrap())))
}

async fn deps(
    db: &TestDb,
    clock: &Arc<TurnedClock>,
    key_file: &KeyFile,
    keys: &Path,
    shutdown: &Shutdown,
    rules: Arc<Rules>,
) -> Deps {
    let pool = db.pool("supervision").await.unwrap();
    let sealer = Sealer::new(Keyring::new(Arc::new(key_file.clone())), Algorithm::Aes256GcmSiv);
    let list_key = Fingerprints::new(key_file.derive("erasure-list"));
    Deps {
        clock: Arc::clone(clock) as Arc<dyn ledger::Clock>,
        rules,
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
    /// The intake that it follows.
    pub(crate) fn intake(&self) -> &Fake<intake::Event> {
        &self.others.as_ref().unwrap().intake
    }

    /// The routing that it follows.
    pub(crate) fn routing(&self) -> &Fake<routing::Event> {
        &self.others.as_ref().unwrap().routing
    }

    /// Another connection to the service.
    pub(crate) fn endpoint(&self) -> tonic::transport::Endpoint {
        Channel::from_shared(format!("http://{}", self.serving.address())).unwrap()
    }

    /// Figures and appraisal.
    pub(crate) async fn statistics(&self) -> StatisticsServiceClient<Channel> {
        StatisticsServiceClient::connect(format!("http://{}", self.serving.address())).await.unwrap()
    }

    /// Another process on the same database, with a clock of its own; it ends with this one.
    pub(crate) async fn another(&self, clock: &Arc<TurnedClock>) -> Supervision {
        let keys = self.keys.path();
        let key_file =
            KeyFile::open_or_create(&keys.join("master.key"), Algorithm::Aes256GcmSiv, &mut rand::rng());
        let rules = Arc::clone(self.supervision.writer().domain().rules());
        Supervision::start(deps(&self.db, clock, &key_file.unwrap(), keys, &self.shutdown, rules).await)
    }

    /// Serves another's ledgers, and calls them as this service does.
    async fn calls(
        &self,
        services: Services,
    ) -> InterceptedService<Channel, impl FnMut(Request<()>) -> Result<Request<()>, Status> + Clone + use<>>
    {
        let settings = ServerSettings::new("127.0.0.1:0".parse().unwrap());
        let serving = serve(settings, door(&self.key, &self.clock), services, &self.shutdown).await.unwrap();
        let channel = Channel::from_shared(format!("http://{}", serving.address())).unwrap().connect_lazy();
        let service = Principal::new("service:supervision", "", [Role::Service]);
        // The followers go on calling while the clock is turned.
        let token = self.key.mint(&service, self.clock.now(), Duration::from_hours(90 * 24)).unwrap();
        let bearer: MetadataValue<Ascii> = format!("Bearer {token}").parse().unwrap();
        InterceptedService::new(channel, move |mut request: Request<()>| {
            request.metadata_mut().insert("authorization", bearer.clone());
            Ok(request)
        })
    }

    /// Where the service listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.serving.address())
    }

    async fn note_organs(&self) {
        for (code, parent, prefix, kind) in [
            (CENTRE, "", "宝效投", OrganKind::Centre),
            (TOWN, CENTRE, "宝罗效投", OrganKind::SubCentre),
            (OTHER, CENTRE, "宝大效投", OrganKind::SubCentre),
        ] {
            let organ = WireOrgan {
                code: code.into(),
                short_name: code.into(),
                parent: parent.into(),
                number_prefix: prefix.into(),
                kind: kind.into(),
                ..WireOrgan::default()
            };
            self.has(CENTRE, Command::NoteOrgan(Box::new(organ))).await;
        }
    }

    /// Has a command decided, as a follower would.
    pub(crate) async fn has(&self, organ: &str, command: Command) {
        let submission =
            Submission { command, actor: "service:supervision".into(), request: None, cause: None };
        self.supervision.writer().submit(&Organ::new(organ).unwrap(), submission).await.unwrap();
    }

    /// A case with its home at this organ was accepted now; its clock starts.
    pub(crate) async fn accepted(&self, organ: &str, number: u128) {
        self.starts(organ, ClockKey::case(case(number)), organ).await;
    }

    /// A clock of a case accepted now starts at this organ.
    pub(crate) async fn starts(&self, organ: &str, key: ClockKey, home: &str) {
        let now = self.clock.now();
        let facts = CaseFacts {
            registering_organ: home.into(),
            number: format!("宝效投〔2026〕{}号", key.case_id.as_u128()),
            accepted_at: Some(to_wire(now)),
            ..CaseFacts::default()
        };
        let start = StartClock {
            key,
            start: now,
            home: home.into(),
            responsible_organ: organ.into(),
            facts,
            reopened: false,
        };
        self.has(organ, Command::StartClock(Box::new(start))).await;
    }

    pub(crate) async fn concluded(&self, organ: &str, number: u128) {
        let (which, reason) = (Which::All, StopReason::Concluded);
        let stop = StopClocks { case_id: case(number), which, reason, at: self.clock.now() };
        self.has(organ, Command::StopClocks(stop)).await;
    }

    /// A request with a token of these roles at this organ; the subject is named after the first role.
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

    /// The rungs that have fired, newest first, once there are this many.
    pub(crate) async fn fired(&mut self, organ: &str, count: usize) -> Vec<FiredRung> {
        let mut heads = self.supervision.writer().heads().subscribe();
        let until = tokio::time::Instant::now() + Duration::from_secs(20);
        loop {
            heads.mark_unchanged();
            let request = self.by(Role::Supervisor, organ, ListFiredRungsRequest::default());
            let rungs = self.client.list_fired_rungs(request).await.unwrap().into_inner().rungs;
            if rungs.len() >= count {
                return rungs;
            }
            assert!(tokio::time::Instant::now() < until, "no rung fires");
            // Another process on the same database moves no head here: it is looked at again in any case.
            drop(tokio::time::timeout(Duration::from_millis(100), heads.changed()).await);
        }
    }

    /// Stops in order.
    pub(crate) async fn stop(self) {
        drop((self.client, self.reviews, self.appeals, self.channel));
        self.shutdown.begin();
        self.serving.ended().await.unwrap();
        self.supervision.drain().await;
        if let Some(Others { intake, routing }) = &self.others {
            intake.drain().await;
            routing.drain().await;
        }
        assert!(self.shutdown.drained(Duration::from_secs(20)).await, "tasks go on after the shutdown");
    }
}
