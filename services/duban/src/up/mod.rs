//! `duban up`: everything on this machine, with one command and nothing to prepare.

mod live;
mod told;

use std::path::PathBuf;
use std::sync::Arc;

use access::DevKey;
use ledger::{Clock, SystemClock, TurnedClock};
use postgres::embedded::{self, Cluster, EmbeddedError};
use seal::KeyFile;
use server::telemetry::Metrics;
use server::{ServeError, Shutdown};

use crate::config::Config;
use crate::data::{DataDir, DataError};
use crate::database::{Database, DatabaseError};
use crate::demo::{self, DemoError, Period};
use crate::instance::{Common, Instance, Part, Peers};
use crate::organs::ImportError;
use crate::place::Service;
use crate::rules;
use crate::serve::{self, StartError};
use crate::wall;

use live::Live;

/// What `duban up` is asked for.
#[derive(Debug)]
pub struct Up {
    /// Settings.
    pub config: Config,
    /// Where everything is kept.
    pub data: DataDir,
    /// Play the 45 days before now first.
    pub demo: bool,
    /// A file of organs for the first start; absent: the samples'.
    pub directory: Option<PathBuf>,
}

/// Why it does not run, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum UpError {
    /// It did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A port is not free.
    #[error("cannot serve {what}")]
    Port {
        /// Whose.
        what: &'static str,
        /// Why.
        source: ServeError,
    },
    /// The organs could not be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The demo could not be played.
    #[error("the demo stopped")]
    Demo(#[from] DemoError),
    /// The private Postgres ended, or does not stop.
    #[error(transparent)]
    Postgres(#[from] EmbeddedError),
    /// A demo is only played on new data.
    #[error(
        "{} has data already, and the demo plays on new data only: choose another directory with --data DIR, or run without --demo",
        path.display()
    )]
    NotNew {
        /// The directory.
        path: PathBuf,
    },
}

impl From<DataError> for UpError {
    fn from(error: DataError) -> Self {
        StartError::from(error).into()
    }
}

impl From<DatabaseError> for UpError {
    fn from(error: DatabaseError) -> Self {
        StartError::from(error).into()
    }
}

/// Runs until Ctrl-C or SIGTERM. `say` is given what a person should read, a paragraph at a time.
pub async fn up(up: Up, say: &(dyn Fn(&str) + Sync)) -> Result<(), UpError> {
    let shutdown = Shutdown::new();
    shutdown.on_signals().map_err(StartError::Signals)?;
    let filter = &up.config.log;
    server::telemetry::init_logs(&filter.filter, filter.format).map_err(StartError::from)?;
    if up.config.database.admin_url.is_none() {
        embedded::check_free(up.data.cluster())?;
    }
    free_ports(&up.config)?;
    up.data.open()?;
    if up.demo && up.data.read(STARTED)?.is_some() {
        return Err(UpError::NotNew { path: up.data.path().to_owned() });
    }
    let (database, cluster) = database(&up).await?;
    // Dropped half-way, the cluster is told to stop as well; here it is waited for.
    let ended = tokio::select! {
        ended = run(&up, &database, shutdown.clone(), say) => ended,
        error = failure(cluster.as_ref()) => Err(error.into()),
    };
    shutdown.begin();
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    ended
}

/// In the data directory once an instance has started on it.
const STARTED: &str = "started.json";

async fn run(
    up: &Up,
    database: &Database,
    shutdown: Shutdown,
    say: &(dyn Fn(&str) + Sync),
) -> Result<(), UpError> {
    let key = up.data.dev_key()?;
    let stage = Stage::of(up)?;
    let parts = parts(up, database).await?;
    let common = common(up, &stage, &key, shutdown.clone())?;
    let metrics = Metrics::install().map_err(StartError::from)?;
    metrics.serve(up.config.metrics.listen, &shutdown).map_err(StartError::Metrics)?;
    let peers = Peers::new(up.config.clone(), Some(key.clone()));
    let instance = Instance::start(common, parts, &peers).await.map_err(StartError::from)?;
    let ended = attend(up, &stage, &instance, key, &shutdown, say).await;
    if ended.is_ok() {
        say("stopping …");
    }
    let stopped = instance.stop().await.map_err(StartError::from);
    ended.and(stopped.map_err(UpError::from))
}

/// What is done while it serves, until it is told to stop.
async fn attend(
    up: &Up,
    stage: &Stage,
    instance: &Instance,
    key: DevKey,
    shutdown: &Shutdown,
    say: &(dyn Fn(&str) + Sync),
) -> Result<(), UpError> {
    let live = Live { data: &up.data, instance, key, clock: stage.clock() };
    let organs = live.import_directory(up.directory.as_deref()).await?;
    up.data.keep_places(&instance.places())?;
    up.data.write(STARTED, 0o644, b"{}\n")?;
    say(&told::running(&up.config, &up.data, &instance.places(), organs));
    if let Stage::Demo { clock, period } = stage {
        tokio::select! {
            played = live.play(clock, *period, say) => played?,
            () = shutdown.begun() => {}
        }
    }
    shutdown.begun().await;
    Ok(())
}

/// By which clock the instance goes.
enum Stage {
    Live(Arc<SystemClock>),
    Demo { clock: Arc<TurnedClock>, period: Period },
}

impl Stage {
    fn of(up: &Up) -> Result<Self, UpError> {
        if !up.demo {
            return Ok(Self::Live(Arc::default()));
        }
        let calendar = rules::calendar(up.config.rules.calendars.as_deref());
        let calendar = calendar.map_err(|error| StartError::from(rules::RulesError::from(error)))?;
        let period = demo::period(wall::now(), Arc::new(calendar));
        Ok(Self::Demo { clock: Arc::new(TurnedClock::standing(period.start)), period })
    }

    fn clock(&self) -> Arc<dyn Clock> {
        match self {
            Self::Live(clock) => Arc::clone(clock) as Arc<dyn Clock>,
            Self::Demo { clock, .. } => Arc::clone(clock) as Arc<dyn Clock>,
        }
    }
}

/// The database: the private cluster's, or the one that the settings name.
async fn database(up: &Up) -> Result<(Database, Option<Cluster>), UpError> {
    if let Some(url) = &up.config.database.admin_url {
        return Ok((Database::at(url)?, None));
    }
    let (database, cluster) = Database::private(&up.data).await?;
    up.data.keep_login(database.admin())?;
    Ok((database, Some(cluster)))
}

/// The schemas, brought to this program's state, and a pool for each.
async fn parts(up: &Up, database: &Database) -> Result<Vec<Part>, UpError> {
    let mut parts = Vec::new();
    for service in Service::ALL {
        let password = up.data.password(service)?;
        database.prepare(service, &password).await?;
        let pool = database.pool(service, &password, up.config.database.max_connections).await?;
        parts.push(Part { service, pool, listen: up.config.of(service).listen });
    }
    Ok(parts)
}

fn common(up: &Up, stage: &Stage, key: &DevKey, shutdown: Shutdown) -> Result<Common, StartError> {
    let path = up.config.keys.master.clone().unwrap_or_else(|| up.data.keys().join("master.key"));
    let cipher = serve::cipher(up.config.keys.algorithm);
    let master = KeyFile::open_or_create(&path, cipher, &mut rand::rng())?;
    let list = up.config.erasure.list.clone().unwrap_or_else(|| up.data.erasures());
    let erasures = serve::erasures(&list, &master)?;
    let mut config = up.config.clone();
    if config.attachments.s3.is_none() {
        config.attachments.folder.get_or_insert_with(|| up.data.attachments());
    }
    serve::common(&config, stage.clock(), master, erasures, Some(key), shutdown)
}

/// Says which port is taken before anything is started.
fn free_ports(config: &Config) -> Result<(), UpError> {
    let services = Service::ALL.map(|service| (service.name(), config.of(service).listen));
    for (what, address) in services.into_iter().chain([("metrics", config.metrics.listen)]) {
        server::serve::bind(address).map_err(|source| UpError::Port { what, source })?;
    }
    Ok(())
}

/// Waits until the private cluster ends without being told to.
async fn failure(cluster: Option<&Cluster>) -> EmbeddedError {
    match cluster {
        Some(cluster) => cluster.ended().await,
        None => std::future::pending().await,
    }
}
