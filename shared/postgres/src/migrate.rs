//! Migrations: forward only, one schema at a time, never a table locked for longer than a second.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::migrate::{Migrate, MigrateError, Migration};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool};

use crate::error::{MigrationError, sqlstate};
use crate::grants::{cannot, create_role_and_schema, grant};
use crate::schema::Schema;
use crate::scram;

/// How often a role is altered again that another program is altering, and how much longer the wait gets each time.
const ROLE_ATTEMPTS: u32 = 10;
const ROLE_PAUSE: Duration = Duration::from_millis(20);
/// How long a migration waits for a lock. Whoever comes after it waits as well, so this and the run of the statement,
/// [`RUN`] in all, stay within the promised second.
const LOCK_WAIT: &str = "400ms";
const RUN: &str = "1s";
/// How often a migration that met a locked table is tried again, and after what pause.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(250);

/// A migration that is not applied yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its version, the number its file name begins with.
    pub version: i64,
    /// The rest of its file name, in words.
    pub description: String,
}

/// How a schema in a database compares with what this program knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Versions that are applied and known, ascending.
    pub applied: Vec<i64>,
    /// What [`prepare_schema`] would apply, in its order.
    pub pending: Vec<Pending>,
    /// Versions that are applied and unknown here: data of a newer or another version of the program.
    pub unknown: Vec<i64>,
}

/// Compares the schema in the database with this program's migrations; changes nothing.
///
/// Works with the pool of the service's role as well. A schema that is not there yet has everything pending.
///
/// # Errors
/// [`MigrationError::Edited`] and [`MigrationError::HalfApplied`]; unknown versions are not an error here.
pub async fn plan(pool: &PgPool, schema: &Schema) -> Result<Plan, MigrationError> {
    let migrations = schema.merged()?;
    let mut connection = pool.acquire().await.map_err(cannot(schema, "connect"))?;
    compare(&mut connection, schema, &migrations).await
}

/// Brings the schema to this program's state: role with `password`, schema, migrations, rights. Idempotent.
///
/// `admin` may create roles and schemas in the database; what is created belongs to its role. Several programs may
/// do this at once, they wait for each other. On a schema in use, no statement of a migration waits and
/// runs for longer than a second in all, and a migration that met a locked table is tried again for some 25 s; only one marked `-- no-transaction`
/// (CREATE INDEX CONCURRENTLY) may run longer, and must not lock.
///
/// # Errors
/// [`MigrationError::DataOfAnotherVersion`] before anything is changed, if the schema has unknown migrations.
pub async fn prepare_schema(admin: &PgPool, schema: &Schema, password: &str) -> Result<Plan, MigrationError> {
    let migrations = schema.merged()?;
    let verifier = scram::verifier(password, rand::random())?;
    let mut connection = connect(admin, schema).await?;
    lock(&mut connection, schema).await?;
    let plan = compare(&mut connection, schema, &migrations).await?;
    if !plan.unknown.is_empty() {
        return Err(MigrationError::DataOfAnotherVersion {
            schema: schema.name,
            unknown: plan.unknown,
            newest: migrations.last().map(|migration| migration.version),
        });
    }
    role_and_schema(&mut connection, schema, &verifier).await?;
    connection
        .ensure_migrations_table(&schema.history())
        .await
        .map_err(|error| failed(schema, "create the table of migrations", error))?;
    // Nobody waits for the tables of a schema that is just being made.
    let in_use = !plan.applied.is_empty();
    for migration in migrations.iter().filter(|migration| !plan.applied.contains(&migration.version)) {
        apply(&mut connection, schema, migration, in_use).await?;
    }
    grant(&mut connection, schema).await?;
    // Closing gives the lock back; if it fails, the server does so itself.
    let _ = connection.close().await;
    Ok(plan)
}

/// Roles are the whole server's, and the lock is one database's: a program that prepares another database may be altering
/// the same role at this moment. Then it is done again; it is one transaction, and idempotent.
async fn role_and_schema(
    connection: &mut PgConnection,
    schema: &Schema,
    verifier: &str,
) -> Result<(), MigrationError> {
    let mut attempt = 1;
    loop {
        match create_role_and_schema(connection, schema, verifier).await {
            Err(error) if attempt < ROLE_ATTEMPTS && error.is_race() => {
                tokio::time::sleep(ROLE_PAUSE * attempt).await;
                attempt += 1;
            }
            done => return done,
        }
    }
}

/// A connection of its own: a pool's has the limits of a service.
async fn connect(admin: &PgPool, schema: &Schema) -> Result<PgConnection, MigrationError> {
    admin
        .connect_options()
        .as_ref()
        .clone()
        .application_name("duban-migrate")
        .options([("search_path", schema.name), ("client_min_messages", "warning"), ("timezone", "UTC")])
        .options([("statement_timeout", "0"), ("lock_timeout", LOCK_WAIT), ("jit", "off")])
        .connect()
        .await
        .map_err(cannot(schema, "connect"))
}

/// One migrating program in a database at a time: roles and the rights on `public` are everybody's.
async fn lock(connection: &mut PgConnection, schema: &Schema) -> Result<(), MigrationError> {
    let wait = format!(
        "SET lock_timeout = '60s'; SELECT pg_advisory_lock(hashtextextended('duban.migrate', 0)); \
         SET lock_timeout = '{LOCK_WAIT}'"
    );
    match connection.execute(AssertSqlSafe(wait)).await {
        Ok(_) => Ok(()),
        Err(error) if sqlstate(&error).as_deref() == Some("55P03") => Err(MigrationError::Busy),
        Err(error) => Err(cannot(schema, "take the migration lock")(error)),
    }
}

async fn compare(
    connection: &mut PgConnection,
    schema: &Schema,
    migrations: &[&Migration],
) -> Result<Plan, MigrationError> {
    let mut known: HashMap<i64, &Migration> = migrations.iter().map(|one| (one.version, *one)).collect();
    let mut plan = Plan::default();
    for (version, success, checksum) in history(connection, schema).await? {
        match known.remove(&version) {
            _ if !success => return Err(MigrationError::HalfApplied { schema: schema.name, version }),
            None => plan.unknown.push(version),
            Some(migration) if *migration.checksum != *checksum => {
                return Err(MigrationError::Edited { schema: schema.name, version });
            }
            Some(_) => plan.applied.push(version),
        }
    }
    let pending = migrations.iter().filter(|migration| known.contains_key(&migration.version));
    plan.pending = pending
        .map(|one| Pending { version: one.version, description: one.description.to_string() })
        .collect();
    Ok(plan)
}

/// Version, success and checksum of what is applied, ascending; nothing if the table is not there.
async fn history(
    connection: &mut PgConnection,
    schema: &Schema,
) -> Result<Vec<(i64, bool, Vec<u8>)>, MigrationError> {
    let read = cannot(schema, "read the table of migrations");
    let table = schema.history();
    // Asked of the catalogue: to_regclass would be refused to a role that may not use the schema.
    let there = "SELECT EXISTS (SELECT 1 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
                 WHERE n.nspname = $1 AND c.relname = '_sqlx_migrations')";
    match sqlx::query_scalar(there).bind(schema.name).fetch_one(&mut *connection).await {
        Ok(true) => {
            let rows = format!("SELECT version, success, checksum FROM {table} ORDER BY version");
            sqlx::query_as(AssertSqlSafe(rows)).fetch_all(connection).await.map_err(read)
        }
        Ok(false) => Ok(Vec::new()),
        Err(error) => Err(read(error)),
    }
}

async fn apply(
    connection: &mut PgConnection,
    schema: &Schema,
    migration: &Migration,
    in_use: bool,
) -> Result<(), MigrationError> {
    let limit = if in_use && !migration.no_tx { RUN } else { "0" };
    connection
        .execute(AssertSqlSafe(format!("SET statement_timeout = '{limit}'")))
        .await
        .map_err(cannot(schema, "limit the migration"))?;
    let mut left = TRIES;
    loop {
        left -= 1;
        match connection.apply(&schema.history(), migration).await {
            Ok(took) => {
                tracing::info!(
                    db.schema = schema.name,
                    migration.version,
                    took_ms = took.as_secs_f64() * 1e3,
                    "migration applied"
                );
                break;
            }
            // In a transaction, so nothing of it is left.
            Err(error) if left > 0 && !migration.no_tx && met_a_lock(&error) => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(not_applied(schema, migration, error)),
        }
    }
    connection.execute("SET statement_timeout = 0").await.map_err(cannot(schema, "end the migration"))?;
    Ok(())
}

/// Whether the migration waited in vain for a lock (55P03) or was the victim of a deadlock (40P01).
fn met_a_lock(error: &MigrateError) -> bool {
    let (MigrateError::ExecuteMigration(source, _) | MigrateError::Execute(source)) = error else {
        return false;
    };
    sqlstate(source).is_some_and(|code| code == "55P03" || code == "40P01")
}

fn not_applied(schema: &Schema, migration: &Migration, error: MigrateError) -> MigrationError {
    MigrationError::Failed {
        schema: schema.name,
        version: migration.version,
        description: migration.description.to_string(),
        source: cause(error),
    }
}

fn failed(schema: &Schema, doing: &'static str, error: MigrateError) -> MigrationError {
    cannot(schema, doing)(cause(error))
}

fn cause(error: MigrateError) -> sqlx::Error {
    match error {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => source,
        other => sqlx::Error::Migrate(Box::new(other)),
    }
}
