//! What a service is told: defaults, then a file, then variables `DUBAN_…`, then flags; the later one counts.

mod attachments;
mod delivery;
mod error;
mod hidden;
mod source;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;

use serde::Deserialize;
use server::telemetry::LogFormat;
use server::{Cors, Tls};

use crate::place::Service;

pub use attachments::{AttachmentsConfig, S3Config};
pub use delivery::{DeliveryConfig, PortConfig, PortKind};
pub use error::{ConfigError, SettingError};
pub use hidden::Hidden;
pub use source::{Flag, NOT_SETTINGS, load, load_over};

/// Everything that can be set. Every setting stands in a section, and every section may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The service that takes complaints in.
    pub intake: IntakeConfig,
    /// The service that finds the competent organ.
    pub routing: RoutingConfig,
    /// The service that watches the time.
    pub supervision: SupervisionConfig,
    /// The database, as far as it is common to all services.
    pub database: DatabaseConfig,
    /// Metrics and health.
    pub metrics: MetricsConfig,
    /// Log lines.
    pub log: LogConfig,
    /// Tokens of callers.
    pub tokens: TokensConfig,
    /// The table of roles.
    pub access: AccessConfig,
    /// The instance's master key.
    pub keys: KeysConfig,
    /// What was erased.
    pub erasure: ErasureConfig,
    /// How ledgers are written.
    pub ledger: LedgerConfig,
    /// By which rules.
    pub rules: RulesConfig,
    /// How much agencies' systems may hand in.
    pub agencies: AgenciesConfig,
    /// The files of cases.
    pub attachments: AttachmentsConfig,
    /// How replies are sent to complainants.
    pub delivery: DeliveryConfig,
    /// TLS and browsers.
    pub server: ServerConfig,
}

/// Declares one service's section; they differ in the default port alone.
macro_rules! service_section {
    ($(#[$doc:meta])* $name:ident, $port:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            /// Where it listens.
            pub listen: SocketAddr,
            /// Where the other services reach it, `http://host:port`; absent: at `listen`.
            pub url: Option<String>,
            /// Its database, with the name and password of its role: `postgres://duban_intake:…@host/duban`.
            pub database_url: Option<Hidden>,
        }

        impl Default for $name {
            fn default() -> Self {
                Self { listen: loopback($port), url: None, database_url: None }
            }
        }

        impl $name {
            /// The section without its type, for code that treats all services alike.
            pub fn common(&self) -> ServiceConfig<'_> {
                ServiceConfig {
                    listen: self.listen,
                    url: self.url.as_deref(),
                    database_url: self.database_url.as_ref(),
                }
            }
        }
    };
}

service_section!(
    /// `[intake]`.
    IntakeConfig,
    50051
);
service_section!(
    /// `[routing]`.
    RoutingConfig,
    50052
);
service_section!(
    /// `[supervision]`.
    SupervisionConfig,
    50053
);

/// One service's section.
#[derive(Clone, Copy, Debug)]
pub struct ServiceConfig<'a> {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where the others reach it.
    pub url: Option<&'a str>,
    /// Its database.
    pub database_url: Option<&'a Hidden>,
}

/// `[database]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// A login that may create roles and schemas, for `duban migrate` and `duban up --database-url` only.
    pub admin_url: Option<Hidden>,
    /// The most connections of one service: 10.
    pub max_connections: u32,
}

/// `[metrics]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Where `/metrics` and `/healthz` are served over HTTP.
    pub listen: SocketAddr,
}

/// `[log]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// Which lines, as in `RUST_LOG`: `info,ledger=debug`.
    pub filter: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

/// `[tokens]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokensConfig {
    /// The issuer's public keys: PEM, or a JSON Web Key Set.
    pub keys: Option<PathBuf>,
    /// The `iss` that tokens must have; absent: any.
    pub issuer: Option<String>,
    /// The `aud` that tokens must have; absent: `duban`.
    pub audience: Option<String>,
    /// The directory with the key of development tokens, which are then accepted; loopback only.
    pub development: Option<PathBuf>,
    /// A file with the token by which this service follows the others (role `service`).
    pub service_token: Option<PathBuf>,
}

/// `[access]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessConfig {
    /// The table of roles × rpc × scope; absent: the one that came with the program.
    pub table: Option<PathBuf>,
}

/// `[keys]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysConfig {
    /// The file with the master key (32 bytes, mode 0600).
    pub master: Option<PathBuf>,
    /// What seals: `aes-256-gcm-siv` or `sm4-gcm`.
    pub algorithm: Cipher,
}

/// `[erasure]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ErasureConfig {
    /// The erasure list: a file outside the database and its backups, made at the first start. Processes of one machine may
    /// share it; each other machine has one of its own.
    pub list: Option<PathBuf>,
}

/// What seals identities and prose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Cipher {
    /// AES-256-GCM-SIV.
    #[default]
    #[serde(rename = "aes-256-gcm-siv")]
    Aes,
    /// SM4-GCM, where the law asks for domestic algorithms.
    #[serde(rename = "sm4-gcm")]
    Sm4,
}

/// `[ledger]`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LedgerConfig {
    /// What a new ledger is chained with: `sha256` or `sm3`. A ledger that has begun goes on as it began.
    pub hash: Chain,
}

/// What chains a ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chain {
    /// SHA-256.
    #[default]
    Sha256,
    /// SM3, where the law asks for domestic algorithms.
    Sm3,
}

/// `[rules]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RulesConfig {
    /// The regulation in force: a file, or the code of one that came with the program; absent: `baoshan-2009-5`.
    pub regulation: Option<PathBuf>,
    /// A directory of calendars, `2026.toml` …; absent: those that came with the program.
    pub calendars: Option<PathBuf>,
}

/// `[agencies]`: the quota of each agency's system, at each replica of intake.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgenciesConfig {
    /// Complaints a minute: 60,000.
    pub per_minute: NonZeroU32,
    /// Complaints at once, after a pause: 2,000.
    pub burst: NonZeroU32,
    /// The quotas of agencies that have their own, by code: `[agencies.own.12345]`.
    pub own: BTreeMap<String, QuotaConfig>,
}

/// `[agencies.own.12345]`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaConfig {
    /// Complaints a minute.
    pub per_minute: NonZeroU32,
    /// Complaints at once, after a pause.
    pub burst: NonZeroU32,
}

/// `[server]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// TLS of all listeners; absent: plain text.
    pub tls: Option<Tls>,
    /// Browsers by gRPC-Web.
    pub cors: Cors,
    /// The authority that signs the other services' certificates, in PEM; absent: none is trusted, `https` does not work.
    pub peers_ca: Option<PathBuf>,
}

impl Config {
    /// The section of a service.
    pub fn of(&self, service: Service) -> ServiceConfig<'_> {
        match service {
            Service::Intake => self.intake.common(),
            Service::Routing => self.routing.common(),
            Service::Supervision => self.supervision.common(),
        }
    }
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { admin_url: None, max_connections: 10 }
    }
}

impl Default for AgenciesConfig {
    fn default() -> Self {
        let count = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self { per_minute: count(60_000), burst: count(2_000), own: BTreeMap::new() }
    }
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self { listen: loopback(9464) }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::default() }
    }
}

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}
