//! Who is let in, for what: tokens and the table of roles, as configured.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use access::{
    Authenticator, DevKey, DevKeyError, KeyError, Keys, Principal, Role, Table, TableError, TokenSettings,
};
use jiff::{SignedDuration, Timestamp};
use ledger::Clock;
use server::door::Access;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::{Request, Status};

use crate::config::{AccessConfig, TokensConfig};

/// How long a token that the instance makes for itself is valid; it is made again after half of it.
const VALID: Duration = Duration::from_hours(2);

/// Why nobody can be let in.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The issuer's keys are not usable.
    #[error("the keys of the token issuer are not usable")]
    Keys(#[from] KeyError),
    /// The table of roles is not usable.
    #[error("the table of roles is not usable")]
    Table(#[from] TableError),
    /// The development key is not usable.
    #[error(transparent)]
    DevKey(#[from] DevKeyError),
    /// There is neither.
    #[error(
        "nobody could call: set tokens.keys to the issuer's public keys, or tokens.development to a directory for a development key"
    )]
    NoKeys,
    /// The services could not follow each other.
    #[error(
        "the services could not follow each other: set tokens.service_token to a file with a token of role `service`"
    )]
    NoServiceToken,
}

/// The door as configured; with a development key, tokens signed by it are accepted too.
pub fn access(
    tokens: &TokensConfig,
    table: &AccessConfig,
    development: Option<&DevKey>,
) -> Result<Access, DoorError> {
    let keys = tokens.keys.as_deref().map(Keys::load).transpose()?;
    if keys.is_none() && development.is_none() {
        return Err(DoorError::NoKeys);
    }
    let usual = TokenSettings::default();
    let audience = tokens.audience.clone().unwrap_or(usual.audience);
    let settings = TokenSettings { issuer: tokens.issuer.clone(), audience };
    let mut authenticator = Authenticator::new(keys.unwrap_or_else(Keys::none), settings);
    if let Some(key) = development {
        // That the listener is on loopback is checked when it is bound.
        authenticator = authenticator.with_dev_key(key, true)?;
    }
    let table = match &table.table {
        Some(path) => Table::load(path, server::methods::names())?,
        None => Table::parse(Table::BUNDLED, server::methods::names())?,
    };
    Ok(Access::new(authenticator, table))
}

/// The token by which a service follows the others: signed by the development key, or read from a file that somebody
/// renews. Made or read again before it expires.
#[derive(Clone)]
pub struct ServiceToken(Arc<Inner>);

struct Inner {
    source: Source,
    clock: Arc<dyn Clock>,
    current: Mutex<Option<(Timestamp, MetadataValue<Ascii>)>>,
}

enum Source {
    Development(DevKey, Principal),
    File(PathBuf),
}

impl ServiceToken {
    /// For `service`, as configured.
    pub fn new(
        service: crate::place::Service,
        tokens: &TokensConfig,
        development: Option<&DevKey>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, DoorError> {
        let source = match (&tokens.service_token, development) {
            (Some(path), _) => Source::File(path.clone()),
            (None, Some(key)) => {
                let subject = format!("service:{}", service.name());
                Source::Development(key.clone(), Principal::new(subject, "", [Role::Service]))
            }
            (None, None) => return Err(DoorError::NoServiceToken),
        };
        Ok(Self(Arc::new(Inner { source, clock, current: Mutex::default() })))
    }

    fn value(&self) -> Result<MetadataValue<Ascii>, Status> {
        let now = self.0.clock.now();
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some((until, value)) if now < *until => Ok(value.clone()),
            _ => {
                let value = self.0.source.make(now)?;
                let until = now.checked_add(SignedDuration::try_from(VALID / 2).unwrap_or_default());
                *current = Some((until.unwrap_or(now), value.clone()));
                Ok(value)
            }
        }
    }
}

impl Source {
    fn make(&self, now: Timestamp) -> Result<MetadataValue<Ascii>, Status> {
        let token = match self {
            Self::Development(key, principal) => {
                key.mint(principal, now, VALID).map_err(|error| Status::unauthenticated(error.to_string()))?
            }
            Self::File(path) => std::fs::read_to_string(path)
                .map_err(|error| Status::unauthenticated(format!("{}: {error}", path.display())))?,
        };
        let mut value = MetadataValue::try_from(format!("Bearer {}", token.trim()))
            .map_err(|_| Status::unauthenticated("the token is no header value"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Interceptor for ServiceToken {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.value()?);
        Ok(request)
    }
}

impl std::fmt::Debug for ServiceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServiceToken(…)")
    }
}
