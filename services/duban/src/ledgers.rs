//! `duban ledger`: what operations and auditors do with ledgers, on the database itself.

use std::sync::Arc;

use directory::Live;
use ed25519_dalek::SigningKey;
use ledger::checkpoint::{self, Checkpoint, CheckpointError};
use ledger::rebuild::{self, Mode, RebuildError, Rebuilt};
use ledger::verify::{Fault, Verified};
use ledger::{Domain, Organ, SystemClock, Writer, WriterSettings};
use postgres::embedded::{Cluster, EmbeddedError};
use regulation::Rules;
use sqlx::PgPool;

use crate::config::{Config, ConfigError};
use crate::data::{DataDir, DataError};
use crate::database::{self, Database, DatabaseError};
use crate::place::Service;
use crate::serve::database_key;

pub use ledger::checkpoint::read as read_checkpoints;

/// Why a ledger can't be worked on.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database is not usable.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The data directory is not usable.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A setting is missing.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No data directory, and no configuration.
    #[error(
        "there is no instance: name its directory with --data DIR, or its configuration with --config FILE"
    )]
    NoInstance,
    /// The database failed.
    #[error("{service}: the ledger can't be read")]
    Read {
        /// Whose ledgers.
        service: &'static str,
        /// What Postgres says.
        source: sqlx::Error,
    },
    /// Projections could not be made again.
    #[error("{service}, {organ}: nothing was changed")]
    Rebuild {
        /// Whose.
        service: &'static str,
        /// Which organ's.
        organ: String,
        /// Why.
        source: RebuildError,
    },
    /// The directory can't be read.
    #[error(transparent)]
    Directory(#[from] directory::DirectoryError),
    /// A checkpoint is not usable.
    #[error("the checkpoints are not usable")]
    Checkpoint(#[from] CheckpointError),
}

/// The schemas of an instance, opened for work on their ledgers.
pub struct Opened {
    pools: Vec<(Service, PgPool)>,
    cluster: Option<Cluster>,
}

impl Opened {
    /// Those of a data directory: over the private cluster that `duban up` runs, or that is started for this.
    pub async fn in_data(data: &DataDir, services: &[Service]) -> Result<Self, LedgerError> {
        data.existing_dev_key()?;
        let (database, cluster) = match Database::private(data).await {
            Ok((database, cluster)) => (database, Some(cluster)),
            Err(DatabaseError::Embedded(EmbeddedError::Held { .. })) => {
                let login = data.login()?.ok_or(LedgerError::NoInstance)?;
                (Database::at(&login)?, None)
            }
            Err(error) => return Err(error.into()),
        };
        let mut pools = Vec::new();
        for service in services {
            let pool = database.pool(*service, &data.password(*service)?, 2).await?;
            pools.push((*service, pool));
        }
        Ok(Self { pools, cluster })
    }

    /// Those that a configuration names.
    pub async fn as_configured(config: &Config, services: &[Service]) -> Result<Self, LedgerError> {
        let mut pools = Vec::new();
        for service in services {
            let url = config.of(*service).database_url;
            let url = url.ok_or(ConfigError::Missing { key: database_key(*service), hint: "" })?;
            let login = postgres::parse_url(url.expose()).map_err(DatabaseError::Url)?;
            pools.push((*service, database::pool(*service, login, 2).await?));
        }
        Ok(Self { pools, cluster: None })
    }

    /// Walks ledgers from their first entry to their head; of one organ, or of all.
    pub async fn verify(&self, organ: Option<&Organ>) -> Result<Vec<(Service, Verified)>, LedgerError> {
        let mut found = Vec::new();
        for (service, pool) in &self.pools {
            let verified =
                ledger::verify::verify(pool, organ).await.map_err(|source| read(*service, source))?;
            found.extend(verified.into_iter().map(|verified| (*service, verified)));
        }
        Ok(found)
    }

    /// Whether what was signed is still there.
    pub async fn compare(&self, signed: &[Checkpoint]) -> Result<Vec<(Service, Organ, Fault)>, LedgerError> {
        let mut found = Vec::new();
        for (service, pool) in &self.pools {
            let faults = checkpoint::compare(pool, wire(*service), signed).await?;
            found.extend(faults.into_iter().map(|(organ, fault)| (*service, organ, fault)));
        }
        Ok(found)
    }

    /// Signs all heads.
    pub async fn checkpoint(&self, seed: &[u8; 32]) -> Result<Vec<Checkpoint>, LedgerError> {
        let (key, clock) = (SigningKey::from_bytes(seed), SystemClock::default());
        let mut signed = Vec::new();
        for (service, pool) in &self.pools {
            let heads = checkpoint::checkpoint(pool, wire(*service), &clock, &key).await;
            signed.extend(heads.map_err(|source| read(*service, source))?);
        }
        Ok(signed)
    }

    /// Makes projections again from the ledger, of one organ or of all.
    pub async fn rebuild(
        &self,
        rules: &Arc<Rules>,
        organ: Option<&Organ>,
        mode: Mode,
    ) -> Result<Vec<(Service, Rebuilt)>, LedgerError> {
        let mut found = Vec::new();
        for (service, pool) in &self.pools {
            let (pool, rules) = (pool.clone(), Arc::clone(rules));
            let rebuilt = match service {
                Service::Intake => rebuild_of(*service, intake::Ledgers::new(rules), pool, organ, mode).await,
                Service::Routing => {
                    let directory = Live::open(pool.clone()).await?;
                    rebuild_of(*service, routing::Ledgers::new(rules, directory), pool, organ, mode).await
                }
                Service::Supervision => {
                    rebuild_of(*service, supervision::Ledgers::new(rules), pool, organ, mode).await
                }
            }?;
            found.extend(rebuilt.into_iter().map(|rebuilt| (*service, rebuilt)));
        }
        Ok(found)
    }

    /// Stops the cluster, where it was started for this.
    pub async fn close(self) -> Result<(), LedgerError> {
        for (_, pool) in &self.pools {
            pool.close().await;
        }
        match self.cluster {
            Some(cluster) => cluster.stop().await.map_err(|error| DatabaseError::from(error).into()),
            None => Ok(()),
        }
    }
}

async fn rebuild_of<D: Domain>(
    service: Service,
    domain: D,
    pool: PgPool,
    organ: Option<&Organ>,
    mode: Mode,
) -> Result<Vec<Rebuilt>, LedgerError> {
    let clock = Arc::new(SystemClock::default());
    let writer = Writer::new(Arc::new(domain), pool, clock, WriterSettings::default());
    let organs = match organ {
        Some(organ) => vec![organ.clone()],
        None => rebuild::organs(&writer).await.map_err(|source| read(service, source))?,
    };
    let mut rebuilt = Vec::new();
    for organ in organs {
        let tables = rebuild::rebuild(&writer, &organ, mode).await;
        rebuilt.extend(tables.map_err(|source| LedgerError::Rebuild {
            service: service.name(),
            organ: organ.to_string(),
            source,
        })?);
    }
    Ok(rebuilt)
}

fn wire(service: Service) -> ledger::Service {
    match service {
        Service::Intake => ledger::Service::Intake,
        Service::Routing => ledger::Service::Routing,
        Service::Supervision => ledger::Service::Supervision,
    }
}

fn read(service: Service, source: sqlx::Error) -> LedgerError {
    LedgerError::Read { service: service.name(), source }
}
