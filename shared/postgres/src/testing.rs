//! A fresh database per test: one cluster per test process, a template per set of schemas, a copy per test.
//!
//! The cluster starts with the first database and ends, with its directory, when the process does.
//! Administration runs on threads with a runtime of their own, because a pool must not outlive the runtime of the test
//! that made it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::future::Future;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool};

use crate::embedded::{Cluster, EmbeddedError};
use crate::{MigrationError, PoolSettings, Schema, connect, prepare_schema};

/// Password of every service's role in tests.
const PASSWORD: &str = "test";

static SHARED: Mutex<Option<Shared>> = Mutex::new(None);
/// Databases whose tests have ended.
static UNUSED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Why a test has no database.
#[derive(Debug, thiserror::Error)]
pub enum TestDbError {
    /// The cluster did not start.
    #[error("no cluster for tests")]
    Cluster(#[from] EmbeddedError),
    /// A schema could not be made.
    #[error("no template for tests")]
    Schema(#[from] MigrationError),
    /// Postgres refused.
    #[error("no database for the test")]
    Database(#[from] sqlx::Error),
    /// The system refused a thread or a runtime.
    #[error("no thread for the administration of tests")]
    Thread(#[from] std::io::Error),
    /// The test asked for a schema that it did not name at first.
    #[error("the test's database has no schema {0}")]
    NoSuchSchema(String),
}

/// A database of a test's own, with the schemas it asked for, empty.
pub struct TestDb {
    admin: PgConnectOptions,
    schemas: Vec<Schema>,
}

/// What the tests of a process share.
struct Shared {
    cluster: Cluster,
    /// Name of the template made for a set of schemas.
    templates: HashMap<String, String>,
}

impl TestDb {
    /// Makes the database: a copy (some 20 ms) of a template, which the first to ask for these schemas makes.
    ///
    /// Once the value is dropped and nobody is connected any more, a later call removes the database.
    pub async fn new(schemas: &[Schema]) -> Result<Self, TestDbError> {
        let schemas = schemas.to_vec();
        let task = tokio::task::spawn_blocking(move || {
            let (admin, template) = template(&schemas)?;
            let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
            block_on(copy(&admin, &template, &name))??;
            Ok(Self { admin: admin.database(&name), schemas })
        });
        task.await.map_err(std::io::Error::from)?
    }

    /// The superuser's login to this database.
    pub fn admin(&self) -> PgConnectOptions {
        self.admin.clone()
    }

    /// The superuser's login as a URL.
    pub fn admin_url(&self) -> String {
        self.admin.to_url_lossy().to_string()
    }

    /// The login of the role of `schema`, as the service has it.
    pub fn options(&self, schema: &str) -> Result<PgConnectOptions, TestDbError> {
        let known = self.schemas.iter().find(|known| known.name == schema);
        let known = known.ok_or_else(|| TestDbError::NoSuchSchema(schema.to_owned()))?;
        Ok(self.admin.clone().username(known.role).password(PASSWORD))
    }

    /// The login of the role of `schema` as a URL.
    pub fn url(&self, schema: &str) -> Result<String, TestDbError> {
        Ok(self.options(schema)?.to_url_lossy().to_string())
    }

    /// A pool as the service of `schema` has it. Belongs to the runtime that calls.
    pub async fn pool(&self, schema: &str) -> Result<PgPool, TestDbError> {
        let settings = PoolSettings::new("test", schema);
        Ok(connect(self.options(schema)?, &settings).await?)
    }

    /// For each statement in a folder of `.sql` files: the plan that a session of the service keeps for it, whatever its
    /// parameters. By file name; a line an element.
    pub async fn kept_plans(
        &self,
        schema: &str,
        folder: &Path,
    ) -> Result<BTreeMap<String, Vec<String>>, TestDbError> {
        let settings = PoolSettings { max_connections: 1, ..PoolSettings::new("test", schema) };
        let pool = connect(self.options(schema)?, &settings).await?;
        let mut connection = pool.acquire().await?;
        connection.execute("set plan_cache_mode = force_generic_plan").await?;
        let mut plans = BTreeMap::new();
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "sql") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let statement = std::fs::read_to_string(&path)?;
                plans.insert(name, kept_plan(&mut connection, &statement).await?);
            }
        }
        Ok(plans)
    }

    /// A pool of the superuser. Belongs to the runtime that calls.
    pub async fn admin_pool(&self) -> Result<PgPool, TestDbError> {
        Ok(PgPoolOptions::new().max_connections(4).connect_with(self.admin()).await?)
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some(name) = self.admin.get_database() {
            UNUSED.lock().unwrap_or_else(PoisonError::into_inner).push(name.to_owned());
        }
    }
}

/// The superuser's login and the name of the template for `schemas`; makes the cluster and the template if need be.
fn template(schemas: &[Schema]) -> Result<(PgConnectOptions, String), TestDbError> {
    let key = key(schemas);
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let shared = if let Some(shared) = &mut *shared {
        shared
    } else {
        let cluster = block_on(Cluster::temporary())??;
        shared.insert(Shared { cluster, templates: HashMap::new() })
    };
    let admin = shared.cluster.admin();
    if let Some(name) = shared.templates.get(&key) {
        return Ok((admin, name.clone()));
    }
    let name = format!("template_{}", shared.templates.len());
    block_on(make_template(&shared.cluster, &name, schemas))??;
    shared.templates.insert(key, name.clone());
    Ok((admin, name))
}

async fn make_template(cluster: &Cluster, name: &str, schemas: &[Schema]) -> Result<(), TestDbError> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(cluster.database(name).await?).await?;
    for schema in schemas {
        prepare_schema(&pool, schema, PASSWORD).await?;
    }
    pool.close().await;
    // A database with connections can't be copied: let nobody in, and send away who is still leaving.
    let close = format!(
        "ALTER DATABASE {name} ALLOW_CONNECTIONS false; \
         SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    for statement in close.split("; ") {
        execute(&cluster.admin(), statement.to_owned()).await?;
    }
    Ok(())
}

/// Copies the template, and removes databases that are not used any more.
async fn copy(admin: &PgConnectOptions, template: &str, name: &str) -> Result<(), sqlx::Error> {
    let mut connection = admin.connect().await?;
    // Without WAL, which is quicker; Postgres 14 always copies so, and does not know the word.
    let how = if connection.server_version_num() >= Some(150_000) { "STRATEGY file_copy" } else { "" };
    let create = format!("CREATE DATABASE {name} TEMPLATE {template} {how}");
    connection.execute(AssertSqlSafe(create)).await?;
    let unused = std::mem::take(&mut *UNUSED.lock().unwrap_or_else(PoisonError::into_inner));
    for database in unused {
        let busy = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = $1)";
        if sqlx::query_scalar(busy).bind(&database).fetch_one(&mut connection).await? {
            UNUSED.lock().unwrap_or_else(PoisonError::into_inner).push(database);
        } else {
            // Best effort: whatever stays goes with the cluster.
            let _ = connection.execute(AssertSqlSafe(format!("DROP DATABASE {database}"))).await;
        }
    }
    connection.close().await
}

async fn kept_plan(connection: &mut PgConnection, statement: &str) -> Result<Vec<String>, sqlx::Error> {
    connection.execute(AssertSqlSafe(format!("prepare kept as {statement}"))).await?;
    let count = "select cardinality(parameter_types) from pg_prepared_statements where name = 'kept'";
    let parameters: i32 = sqlx::query_scalar(count).fetch_one(&mut *connection).await?;
    let nulls = vec!["null"; usize::try_from(parameters).unwrap_or_default()].join(", ");
    let arguments = if nulls.is_empty() { nulls } else { format!("({nulls})") };
    let explain = format!("explain (costs off) execute kept{arguments}");
    let plan = sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(&mut *connection).await?;
    connection.execute("deallocate kept").await?;
    Ok(plan)
}

async fn execute(admin: &PgConnectOptions, statement: String) -> Result<(), sqlx::Error> {
    let mut connection = admin.connect().await?;
    connection.execute(AssertSqlSafe(statement)).await?;
    connection.close().await
}

/// Names, roles and migrations: what makes two sets of schemas the same.
fn key(schemas: &[Schema]) -> String {
    let mut key = String::new();
    for schema in schemas {
        let _ = write!(key, "{}/{}/{:?}:", schema.name, schema.role, schema.append_only);
        for migration in schema.migrations.iter().flat_map(|set| set.iter()) {
            let _ = write!(key, "{}={:02x?},", migration.version, migration.checksum);
        }
    }
    key
}

/// Runs a future on this thread, which is one for blocking.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, std::io::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(future))
}
