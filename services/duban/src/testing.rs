//! A whole instance for a test: three services on free ports, a database of its own, a clock that is turned by hand, and
//! tokens for anybody.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use access::{DevKey, DevKeyError, Principal, Role};
use duban_proto::common::v1::Organ;
use jiff::Timestamp;
use ledger::{Clock, TurnedClock};
use postgres::testing::{TestDb, TestDbError};
use seal::{KeyFile, KeyFileError};
use server::{Ids as _, Shutdown};
use tempfile::TempDir;

use crate::client::{Bearer, ConnectError, Endpoint, Target, connect};
use crate::config::Config;
use crate::database;
use crate::instance::{Instance, InstanceError, Part, Peers};
use crate::organs::{self, ImportError};
use crate::place::{Places, Service};
use crate::serve::{self, StartError};

/// How long a token of a test is valid: longer than any clock is turned in one.
const VALID: Duration = Duration::from_hours(24 * 366);
/// Connections of one service: tests run side by side.
const CONNECTIONS: u32 = 6;

/// How a test wants its instance.
#[derive(Clone, Debug)]
pub struct TestSettings {
    /// The regulation: the code of a bundled one, or a file.
    pub regulation: PathBuf,
    /// Where the clock stands at the beginning.
    pub start: Timestamp,
    /// The organs; none: nothing is imported.
    pub organs: Vec<Organ>,
    /// Everything else; the listeners' addresses are not used.
    pub config: Config,
}

/// Why a test has no instance.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// No database.
    #[error(transparent)]
    Database(#[from] TestDbError),
    /// The services did not start, or did not stop.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The organs were refused.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The samples' organs are not usable.
    #[error(transparent)]
    Samples(#[from] crate::samples::DirectoryFileError),
    /// No master key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// No token.
    #[error(transparent)]
    Token(#[from] DevKeyError),
    /// A service can't be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The system has no directory for the key.
    #[error("no temporary directory")]
    Io(#[from] std::io::Error),
}

impl From<InstanceError> for TestError {
    fn from(error: InstanceError) -> Self {
        StartError::from(error).into()
    }
}

/// A running instance. Told to stop when it is dropped; [`TestInstance::stop`] waits for it.
pub struct TestInstance {
    // Before what it runs on: fields are dropped in order.
    instance: Option<Instance>,
    shutdown: Shutdown,
    settings: TestSettings,
    db: TestDb,
    clock: Arc<TurnedClock>,
    key: DevKey,
    master: KeyFile,
    files: TempDir,
    keys: TempDir,
}

impl TestSettings {
    /// The Baoshan measures and organs, on a Tuesday morning in March.
    pub fn new() -> Result<Self, TestError> {
        Ok(Self {
            regulation: crate::rules::USUAL.into(),
            start: Timestamp::constant(1_772_503_200, 0),
            organs: crate::samples::organs(crate::samples::DIRECTORY)?,
            config: Config::default(),
        })
    }

    /// The same, with another regulation.
    #[must_use]
    pub fn regulation(mut self, regulation: impl Into<PathBuf>) -> Self {
        self.regulation = regulation.into();
        self
    }

    /// The same, at another time.
    #[must_use]
    pub fn start(mut self, start: Timestamp) -> Self {
        self.start = start;
        self
    }

    /// The same, with other organs.
    #[must_use]
    pub fn organs(mut self, organs: Vec<Organ>) -> Self {
        self.organs = organs;
        self
    }
}

impl TestInstance {
    /// Starts an instance on a database of its own, and imports its organs.
    pub async fn start(settings: TestSettings) -> Result<Self, TestError> {
        let schemas = Service::ALL.map(|service| *database::schema(service));
        let db = TestDb::new(&schemas).await?;
        let keys = tempfile::tempdir()?;
        let cipher = serve::cipher(settings.config.keys.algorithm);
        let master = KeyFile::open_or_create(&keys.path().join("master.key"), cipher, &mut rand::rng())?;
        let mut secret = [0; 32];
        server::RandomIds.fill(&mut secret);
        let clock = Arc::new(TurnedClock::standing(settings.start));
        let key = DevKey::from_secret(secret);
        let (shutdown, files) = (Shutdown::new(), tempfile::tempdir()?);
        let mut this = Self { instance: None, shutdown, settings, db, clock, key, master, files, keys };
        this.run().await?;
        this.import().await?;
        Ok(this)
    }

    /// Stops in order.
    pub async fn stop(mut self) -> Result<(), TestError> {
        self.halt().await
    }

    /// Stops in order, and starts again on the same database.
    pub async fn restart(&mut self) -> Result<(), TestError> {
        self.halt().await?;
        self.run().await
    }

    /// The same, with the clock turned to `at` while it is stopped.
    pub async fn restart_at(&mut self, at: Timestamp) -> Result<(), TestError> {
        self.halt().await?;
        self.clock.set(at);
        self.run().await
    }

    /// Stops in order; [`TestInstance::run`] starts it again on the same database.
    pub async fn halt(&mut self) -> Result<(), TestError> {
        match self.instance.take() {
            Some(instance) => Ok(instance.stop().await?),
            None => Ok(()),
        }
    }

    /// The erasure list of all three services.
    pub fn erasure_list(&self) -> PathBuf {
        self.keys.path().join("erasures.jsonl")
    }

    /// The clock of all three services.
    pub fn clock(&self) -> &Arc<TurnedClock> {
        &self.clock
    }

    /// The database.
    pub fn db(&self) -> &TestDb {
        &self.db
    }

    /// The folder with the files of cases, where the settings name no other place.
    pub fn files(&self) -> &std::path::Path {
        self.files.path()
    }

    /// The instance itself; none while it is stopped.
    pub fn instance(&self) -> Option<&Instance> {
        self.instance.as_ref()
    }

    /// Where the services listen.
    pub fn places(&self) -> Places {
        self.instance.as_ref().map(Instance::places).unwrap_or_default()
    }

    /// The key of development tokens.
    pub fn key(&self) -> &DevKey {
        &self.key
    }

    /// A token, valid for a year from what the clock says.
    pub fn token(&self, principal: &Principal) -> Result<String, TestError> {
        Ok(self.key.mint(principal, self.clock.now(), VALID)?)
    }

    /// A connection to a service on which every call is this principal's.
    pub async fn call(&self, service: Service, principal: &Principal) -> Result<Endpoint, TestError> {
        self.call_with(service, Bearer::new(&self.token(principal)?)?).await
    }

    /// A connection to a service without a token.
    pub async fn call_as_public(&self, service: Service) -> Result<Endpoint, TestError> {
        self.call_with(service, Bearer::none()).await
    }

    /// A connection to a service with a token of the test's own.
    pub async fn call_with(&self, service: Service, bearer: Bearer) -> Result<Endpoint, TestError> {
        Ok(connect(&Target::new(self.places().url(service)), bearer).await?)
    }

    /// Starts it, where it was stopped.
    pub async fn run(&mut self) -> Result<(), TestError> {
        self.shutdown = Shutdown::new();
        let mut config = self.settings.config.clone();
        config.rules.regulation = Some(self.settings.regulation.clone());
        if config.attachments.s3.is_none() {
            config.attachments.folder.get_or_insert_with(|| self.files().to_owned());
        }
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let (master, shutdown) = (self.master.clone(), self.shutdown.clone());
        let erasures = serve::erasures(&self.erasure_list(), &master)?;
        let common = serve::common(&config, clock, master, erasures, Some(&self.key), shutdown)?;
        let mut parts = Vec::new();
        for service in Service::ALL {
            let login = self.db.options(service.name())?;
            let pool = database::pool(service, login, CONNECTIONS).await.map_err(StartError::from)?;
            parts.push(Part { service, pool, listen: ANY_PORT });
        }
        let peers = Peers::new(config, Some(self.key.clone()));
        self.instance = Some(Instance::start(common, parts, &peers).await?);
        Ok(())
    }

    async fn import(&self) -> Result<(), TestError> {
        let organs = self.settings.organs.clone();
        if organs.is_empty() {
            return Ok(());
        }
        let admin = Principal::new("test", organs::centre(&organs), [Role::DirectoryAdmin]);
        let routing = self.call(Service::Routing, &admin).await?;
        let (count, id) = (organs.len(), server::RandomIds.new_id(self.clock.now()).to_string());
        organs::import(routing, organs, id).await?;
        match &self.instance {
            Some(instance) if !instance.knows_organs(count).await => Err(ImportError::NotHeard.into()),
            _ => Ok(()),
        }
    }
}

impl Drop for TestInstance {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

impl std::fmt::Debug for TestInstance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestInstance").field("places", &self.places()).finish_non_exhaustive()
    }
}

const ANY_PORT: std::net::SocketAddr =
    std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);
