//! The database of an instance: the private cluster's or one elsewhere, with a schema and a role for each service.

use postgres::embedded::{Cluster, EmbeddedError, Options};
use postgres::{MigrationError, Plan, PoolSettings, Schema};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::config::Hidden;
use crate::data::{DataDir, DataError};
use crate::place::Service;

/// The name of the database in the private cluster.
const NAME: &str = "duban";

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The private cluster did not start, or ended.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The URL is none.
    #[error("the database URL is not well-formed: expected as postgres://user:password@host/database")]
    Url(#[source] sqlx::Error),
    /// Nobody answers, or the login is refused.
    #[error("cannot log in to the database as {role}")]
    Login {
        /// The role.
        role: String,
        /// What Postgres says.
        source: sqlx::Error,
    },
    /// A schema can't be prepared.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The schema is not that of this program.
    #[error(
        "schema {schema} is not prepared for this version of duban ({pending} migrations are missing): run `duban migrate`"
    )]
    NotMigrated {
        /// The schema.
        schema: &'static str,
        /// How many.
        pending: usize,
    },
    /// The data directory is not usable.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// A database, and who may do everything in it.
#[derive(Clone)]
pub struct Database {
    admin: PgConnectOptions,
}

/// What a service owns in a database.
pub fn schema(service: Service) -> &'static Schema {
    match service {
        Service::Intake => &intake::SCHEMA,
        Service::Routing => &routing::SCHEMA,
        Service::Supervision => &supervision::SCHEMA,
    }
}

impl Database {
    /// Starts the private cluster of a data directory; its database is made at the first start.
    pub async fn private(data: &DataDir) -> Result<(Self, Cluster), DatabaseError> {
        let cluster = Cluster::start(data.cluster(), Options::default()).await?;
        let admin = cluster.database(NAME).await?;
        Ok((Self { admin }, cluster))
    }

    /// One elsewhere, by the URL of a login that may create roles and schemas.
    pub fn at(url: &Hidden) -> Result<Self, DatabaseError> {
        Ok(Self { admin: postgres::parse_url(url.expose()).map_err(DatabaseError::Url)? })
    }

    /// The login that may do everything. Contains the password.
    pub fn admin(&self) -> &PgConnectOptions {
        &self.admin
    }

    /// Brings a service's schema to this program's state, and its role to this password.
    pub async fn prepare(&self, service: Service, password: &str) -> Result<Plan, DatabaseError> {
        let pool = PgPoolOptions::new().max_connections(1).connect_with(self.admin.clone()).await;
        let pool = pool.map_err(|source| refused(&self.admin, source))?;
        let plan = postgres::prepare_schema(&pool, schema(service), password).await?;
        pool.close().await;
        Ok(plan)
    }

    /// What [`Database::prepare`] would do; changes nothing.
    pub async fn plan(&self, service: Service) -> Result<Plan, DatabaseError> {
        let pool = PgPoolOptions::new().max_connections(1).connect_with(self.admin.clone()).await;
        let pool = pool.map_err(|source| refused(&self.admin, source))?;
        let plan = postgres::plan(&pool, schema(service)).await?;
        pool.close().await;
        Ok(plan)
    }

    /// A pool of a service's role with this password.
    pub async fn pool(&self, service: Service, password: &str, most: u32) -> Result<PgPool, DatabaseError> {
        let login = self.admin.clone().username(schema(service).role).password(password);
        pool(service, login, most).await
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database(…)")
    }
}

/// A service's pool by its own login.
pub async fn pool(service: Service, login: PgConnectOptions, most: u32) -> Result<PgPool, DatabaseError> {
    let mut settings = PoolSettings::new(format!("duban {}", service.name()), service.name());
    settings.max_connections = most;
    let pool = postgres::connect(login.clone(), &settings).await;
    pool.map_err(|source| refused(&login, source))
}

/// Refuses a schema that is not in the state that this program needs; changes nothing.
pub async fn check(service: Service, pool: &PgPool) -> Result<(), DatabaseError> {
    let schema = schema(service);
    let plan = postgres::plan(pool, schema).await?;
    if !plan.unknown.is_empty() {
        let newest = plan.applied.last().copied();
        let error =
            MigrationError::DataOfAnotherVersion { schema: schema.name, unknown: plan.unknown, newest };
        return Err(error.into());
    }
    match plan.pending.len() {
        0 => Ok(()),
        pending => Err(DatabaseError::NotMigrated { schema: schema.name, pending }),
    }
}

fn refused(login: &PgConnectOptions, source: sqlx::Error) -> DatabaseError {
    DatabaseError::Login { role: login.get_username().to_owned(), source }
}
