//! One or more services in this process: started, served, following each other, stopped in order.

mod part;
mod peers;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use content::{ErasureList, ListError};
use directory::{DirectoryError, Live};
use ledger::{Clock, WriterSettings};
use regulation::Rules;
use seal::{KeyFile, Keyring, Sealer};
use server::door::{Access, Door};
use server::{Cors, Limits, ServeError, ServerSettings, Serving, Shutdown, Tls};
use sqlx::PgPool;

use crate::attachments::Attachments;
use crate::place::{Places, Service};

pub use part::Running;
pub use peers::{Channels, Peer, Peers};

/// How long writers may take for what waits, once no calls come any more.
const DRAIN: Duration = Duration::from_secs(20);
/// How long the connections of a pool may take to come back.
const CLOSE: Duration = Duration::from_secs(5);
/// How long an import of organs may take to reach all services.
const HEARD_WITHIN: Duration = Duration::from_secs(15);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A service that runs in this process.
#[derive(Debug)]
pub struct Part {
    /// Which.
    pub service: Service,
    /// Its schema, migrated, by its own role.
    pub pool: PgPool,
    /// Where it listens; port 0 for any free one.
    pub listen: SocketAddr,
}

/// What all parts have in common.
#[derive(Clone)]
pub struct Common {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The regulation and the calendar.
    pub rules: Arc<Rules>,
    /// The instance's master key.
    pub master: KeyFile,
    /// What seals identities and prose.
    pub cipher: seal::Algorithm,
    /// Who is let in.
    pub access: Arc<Access>,
    /// How ledgers are written.
    pub writer: WriterSettings,
    /// What was erased: gone through before anything is served.
    pub erasures: Arc<ErasureList>,
    /// How much agencies may hand in.
    pub quotas: Arc<intake::Quotas>,
    /// The files of cases.
    pub attachments: Attachments,
    /// Where replies go.
    pub delivery: Arc<intake::Ports>,
    /// TLS of all listeners.
    pub tls: Option<Tls>,
    /// Browsers.
    pub cors: Cors,
    /// Limits of all listeners.
    pub limits: Limits,
    /// Stops everything.
    pub shutdown: Shutdown,
}

/// Why an instance did not start.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// A service's directory can't be read.
    #[error("{service} did not start")]
    Directory {
        /// Which.
        service: &'static str,
        /// Why.
        source: DirectoryError,
    },
    /// What was erased can't be kept erased.
    #[error("{service} did not start")]
    Erasures {
        /// Which.
        service: &'static str,
        /// Why.
        source: ListError,
    },
    /// A listener could not start, or ended.
    #[error("cannot serve {service}")]
    Serve {
        /// Which service's.
        service: &'static str,
        /// Why.
        source: ServeError,
    },
    /// Another service's address is none, or its certificate can't be read.
    #[error(transparent)]
    Peer(#[from] crate::client::ConnectError),
    /// The services have no token for each other.
    #[error(transparent)]
    Door(#[from] crate::door::DoorError),
    /// Not all tasks ended in time.
    #[error("not everything that was waiting was written within {} s; it will be seen to after the next start", within.as_secs())]
    NotDrained {
        /// How long it was waited for.
        within: Duration,
    },
}

/// A part that has started.
struct Working {
    service: Service,
    running: Running,
    pool: PgPool,
    directory: Live,
    serving: Serving,
}

/// Services at work.
pub struct Instance {
    parts: Vec<Working>,
    rules: Arc<Rules>,
    shutdown: Shutdown,
}

impl Instance {
    /// Starts the parts: when this returns they listen, and follow each other and `peers`.
    ///
    /// Where one can't start, those that have started are told to stop by the shutdown, which the caller begins.
    pub async fn start(common: Common, parts: Vec<Part>, peers: &Peers) -> Result<Self, InstanceError> {
        let mut started = Vec::new();
        for part in parts {
            let Part { service, pool, listen } = part;
            let again = part::replay(service, &pool, &common.erasures).await;
            let again =
                again.map_err(|source| InstanceError::Erasures { service: service.name(), source })?;
            if again > 0 {
                tracing::warn!(
                    service = service.name(),
                    erasures = again,
                    "a backup brought back what was erased: deleted again"
                );
            }
            let directory = Live::open(pool.clone())
                .await
                .map_err(|source| InstanceError::Directory { service: service.name(), source })?;
            let running = Running::start(service, pool.clone(), directory.clone(), &common);
            let serving = serve(&common, &running, service, listen).await?;
            started.push(Working { service, running, pool, directory, serving });
        }
        let (rules, shutdown) = (Arc::clone(&common.rules), common.shutdown.clone());
        let instance = Self { parts: started, rules, shutdown };
        for part in &instance.parts {
            let here = |other| instance.address(other);
            part.running.follow(&peers.of(part.service, &here, &common.clock)?);
        }
        Ok(instance)
    }

    /// Where a service listens, if it runs here.
    pub fn address(&self, service: Service) -> Option<SocketAddr> {
        let part = self.parts.iter().find(|part| part.service == service);
        part.map(|part| part.serving.address())
    }

    /// Where all three listen; the usual places for those that do not run here.
    pub fn places(&self) -> Places {
        let usual = Places::default();
        let of = |service| self.address(service).unwrap_or_else(|| usual.address(service));
        Places {
            intake: of(Service::Intake),
            routing: of(Service::Routing),
            supervision: of(Service::Supervision),
        }
    }

    /// The regulation and the calendar.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// A service that runs here.
    pub fn running(&self, service: Service) -> Option<&Running> {
        self.parts.iter().find(|part| part.service == service).map(|part| &part.running)
    }

    /// Waits until every part knows so many organs: an import is on its way through the ledgers. False: not in time.
    pub async fn knows_organs(&self, count: usize) -> bool {
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < HEARD_WITHIN {
            if self.parts.iter().all(|part| part.directory.current().iter().count() >= count) {
                return true;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        false
    }

    /// Stops in order: no new calls, what is at work is answered, what waits is written, all tasks end, the pools close.
    pub async fn stop(self) -> Result<(), InstanceError> {
        self.shutdown.begin();
        let (mut ended, mut pools) = (Ok(()), Vec::new());
        for Working { service, running, pool, serving, .. } in self.parts {
            let served = serving.ended().await;
            running.drain().await;
            pools.push(pool);
            ended =
                ended.and(served.map_err(|source| InstanceError::Serve { service: service.name(), source }));
        }
        let drained = self.shutdown.drained(DRAIN).await;
        for pool in pools {
            // A connection that does not come back is ended with the process.
            let _ = tokio::time::timeout(CLOSE, pool.close()).await;
        }
        ended.and(if drained { Ok(()) } else { Err(InstanceError::NotDrained { within: DRAIN }) })
    }
}

impl Common {
    /// What seals for a service.
    fn sealer(&self) -> Arc<Sealer> {
        Arc::new(Sealer::new(Keyring::new(Arc::new(self.master.clone())), self.cipher))
    }

    fn door(&self) -> Door {
        let clock = Arc::clone(&self.clock);
        Door {
            access: Arc::clone(&self.access),
            ids: Arc::new(server::RandomIds),
            now: Arc::new(move || clock.now()),
        }
    }
}

async fn serve(
    common: &Common,
    running: &Running,
    service: Service,
    listen: SocketAddr,
) -> Result<Serving, InstanceError> {
    let settings = ServerSettings {
        listen,
        tls: common.tls.clone(),
        cors: common.cors.clone(),
        limits: common.limits.clone(),
    };
    let services = running.services(server::Services::new());
    let served = server::serve(settings, common.door(), services, &common.shutdown).await;
    served.map_err(|source| InstanceError::Serve { service: service.name(), source })
}
