//! `duban serve`: one service, or all, as a department runs them. Never migrates.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::DevKey;
use content::{ErasureList, ListError};
use ledger::{Clock, SystemClock, WriterSettings};
use seal::{Fingerprints, KeyFile, KeyFileError};
use server::telemetry::{Metrics, TelemetryError};
use server::{Limits, ServeError, Shutdown};

use crate::attachments::{self, AttachmentsError};
use crate::config::{
    AgenciesConfig, AttachmentsConfig, Chain, Cipher, Config, ConfigError, DeliveryConfig, QuotaConfig,
};
use crate::data::DataError;
use crate::database::{self, DatabaseError};
use crate::door::{self, DoorError};
use crate::instance::{Common, Instance, InstanceError, Part, Peers};
use crate::place::Service;
use crate::rules::{self, RulesError};

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is missing.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory is not usable.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The database is not usable.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The rules are not usable.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// Nobody can be let in.
    #[error(transparent)]
    Door(#[from] DoorError),
    /// The development key is not usable.
    #[error(transparent)]
    DevKey(#[from] access::DevKeyError),
    /// The master key is not usable.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The storage for the files of cases is not usable.
    #[error(transparent)]
    Attachments(#[from] AttachmentsError),
    /// The erasure list is not usable.
    #[error(transparent)]
    Erasures(#[from] ListError),
    /// Logs or metrics can't be set up.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// Metrics can't be served.
    #[error("cannot serve metrics")]
    Metrics(#[source] ServeError),
    /// A service did not start, or failed.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// Replies can't be sent as configured.
    #[error(transparent)]
    Delivery(#[from] intake::PortFaults),
    /// The signals of the system can't be heard.
    #[error("cannot listen for Ctrl-C")]
    Signals(#[source] std::io::Error),
}

/// Serves `services` until Ctrl-C or SIGTERM; `ready` hears when all listen.
pub async fn serve(
    mut config: Config,
    services: &[Service],
    ready: impl FnOnce(&Instance),
) -> Result<(), StartError> {
    if !services.contains(&Service::Intake) {
        // The secret of the bucket is intake's alone.
        config.attachments = AttachmentsConfig::default();
        config.delivery = DeliveryConfig::default(); // intake alone sends: its folders and keys are not here
    }
    server::telemetry::init_logs(&config.log.filter, config.log.format)?;
    let shutdown = Shutdown::new();
    shutdown.on_signals().map_err(StartError::Signals)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let development = config.tokens.development.as_deref().map(dev_key).transpose()?;
    let path: &PathBuf = config.keys.master.as_ref().ok_or(ConfigError::Missing {
        key: "keys.master",
        hint: ", the path of a file with 32 random bytes and mode 0600",
    })?;
    let master = KeyFile::open(path, cipher(config.keys.algorithm))?;
    let list = config.erasure.list.as_ref().ok_or(ConfigError::Missing {
        key: "erasure.list",
        hint: ", the path of a file outside the database and its backups; it is made at the first start",
    })?;
    let erasures = erasures(list, &master)?;
    let parts = parts(&config, services).await?;
    let common = common(&config, clock, master, erasures, development.as_ref(), shutdown.clone())?;
    let metrics = Metrics::install()?;
    metrics.serve(config.metrics.listen, &shutdown).map_err(StartError::Metrics)?;
    let instance = Instance::start(common, parts, &Peers::new(config, development)).await;
    let instance = instance.inspect_err(|_| shutdown.begin())?;
    ready(&instance);
    shutdown.begun().await;
    instance.stop().await?;
    Ok(())
}

/// The pools of the services, on schemas that are as this program needs them.
async fn parts(config: &Config, services: &[Service]) -> Result<Vec<Part>, StartError> {
    let mut parts = Vec::new();
    for service in services {
        let section = config.of(*service);
        let url = section.database_url.ok_or(ConfigError::Missing {
            key: database_key(*service),
            hint: ", as postgres://role:password@host/database",
        })?;
        let login = postgres::parse_url(url.expose()).map_err(DatabaseError::Url)?;
        let pool = database::pool(*service, login, config.database.max_connections).await?;
        database::check(*service, &pool).await?;
        parts.push(Part { service: *service, pool, listen: section.listen });
    }
    Ok(parts)
}

/// What all services of a process have in common, as configured.
pub(crate) fn common(
    config: &Config,
    clock: Arc<dyn Clock>,
    master: KeyFile,
    erasures: Arc<ErasureList>,
    development: Option<&DevKey>,
    shutdown: Shutdown,
) -> Result<Common, StartError> {
    let algorithm = match config.ledger.hash {
        Chain::Sha256 => ledger::Algorithm::Sha256,
        Chain::Sm3 => ledger::Algorithm::Sm3,
    };
    let rules = Arc::new(rules::load(&config.rules)?);
    Ok(Common {
        clock,
        delivery: Arc::new(config.delivery.open(&rules.regulation)?),
        rules,
        master,
        cipher: cipher(config.keys.algorithm),
        access: Arc::new(door::access(&config.tokens, &config.access, development)?),
        writer: WriterSettings { algorithm, ..WriterSettings::default() },
        erasures,
        quotas: Arc::new(quotas(&config.agencies)),
        attachments: attachments::open(&config.attachments)?,
        tls: config.server.tls.clone(),
        cors: config.server.cors.clone(),
        limits: Limits::default(),
        shutdown,
    })
}

/// The erasure list, checked with a key of its own.
pub(crate) fn erasures(path: &Path, master: &KeyFile) -> Result<Arc<ErasureList>, StartError> {
    Ok(Arc::new(ErasureList::open(path, Fingerprints::new(master.derive("erasure-list")))?))
}

/// How much agencies may hand in, as configured.
fn quotas(config: &AgenciesConfig) -> intake::Quotas {
    let usual = intake::Quota { per_minute: config.per_minute, burst: config.burst };
    let own = |(agency, own): (&String, &QuotaConfig)| {
        (agency.clone(), intake::Quota { per_minute: own.per_minute, burst: own.burst })
    };
    intake::Quotas::new(usual, config.own.iter().map(own))
}

/// What seals, by the name in the configuration.
pub(crate) fn cipher(cipher: Cipher) -> seal::Algorithm {
    match cipher {
        Cipher::Aes => seal::Algorithm::Aes256GcmSiv,
        Cipher::Sm4 => seal::Algorithm::Sm4Gcm,
    }
}

/// The name of the setting with a service's database.
pub(crate) fn database_key(service: Service) -> &'static str {
    match service {
        Service::Intake => "intake.database_url",
        Service::Routing => "routing.database_url",
        Service::Supervision => "supervision.database_url",
    }
}

fn dev_key(directory: &std::path::Path) -> Result<DevKey, access::DevKeyError> {
    DevKey::open(directory, || {
        let mut secret = [0; 32];
        server::Ids::fill(&server::RandomIds, &mut secret);
        secret
    })
}
