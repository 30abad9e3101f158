//! `duban migrate`: schemas, roles and migrations; the only thing that changes them, beside `duban up` on its own data.

use postgres::Plan;

use crate::config::{Config, ConfigError};
use crate::database::{Database, DatabaseError};
use crate::place::Service;
use crate::serve::{StartError, database_key};

/// What was done to one schema.
#[derive(Debug)]
pub struct Migrated {
    /// The service whose schema it is.
    pub service: Service,
    /// What was applied already, and what is applied now (or would be).
    pub plan: Plan,
}

/// Brings the schemas of all services to this program's state. The roles get the passwords of the services' URLs.
pub async fn migrate(config: &Config) -> Result<Vec<Migrated>, StartError> {
    let database = admin(config)?;
    let mut migrated = Vec::new();
    for service in Service::ALL {
        let plan = database.prepare(service, &password(config, service)?).await?;
        migrated.push(Migrated { service, plan });
    }
    Ok(migrated)
}

/// What [`migrate`] would do; changes nothing.
pub async fn plan(config: &Config) -> Result<Vec<Migrated>, StartError> {
    let database = admin(config)?;
    let mut planned = Vec::new();
    for service in Service::ALL {
        planned.push(Migrated { service, plan: database.plan(service).await? });
    }
    Ok(planned)
}

fn admin(config: &Config) -> Result<Database, StartError> {
    let url = config.database.admin_url.as_ref().ok_or(ConfigError::Missing {
        key: "database.admin_url",
        hint: ", the login of a role that may create roles and schemas",
    })?;
    Ok(Database::at(url)?)
}

/// The password that a service will log in with.
fn password(config: &Config, service: Service) -> Result<String, StartError> {
    let missing = |hint| ConfigError::Missing { key: database_key(service), hint };
    let url = config
        .of(service)
        .database_url
        .ok_or_else(|| missing(", with the password that its role is to have"))?;
    postgres::parse_url(url.expose()).map_err(DatabaseError::Url)?;
    password_of(url.expose()).ok_or_else(|| missing(" with a password in it").into())
}

/// The password in `scheme://user:password@host/…`, percent-decoded.
fn password_of(url: &str) -> Option<String> {
    let (login, _) = url.split_once("://")?.1.split('/').next()?.rsplit_once('@')?;
    let (_, password) = login.split_once(':')?;
    percent_decoded(password).filter(|password| !password.is_empty())
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_url_is_found_and_decoded() {
        let of = |url| password_of(url);
        assert_eq!(of("postgres://duban_intake:a%2Fb%40@db/duban").as_deref(), Some("a/b@"));
        assert_eq!(of("postgres://duban_intake@db/duban"), None);
        assert_eq!(of("postgres://duban_intake:@db/duban"), None);
    }
}
