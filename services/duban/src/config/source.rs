//! The three sources of settings, put together.

use std::path::Path;

use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::Config;
use super::error::{ConfigError, SettingError, variable};

/// What all variables begin with.
pub(super) const PREFIX: &str = "DUBAN_";

/// Variables with the prefix that are no settings of a service: the commands and the private cluster read them.
pub const NOT_SETTINGS: &[&str] = &["PG_BIN", "DATA", "TOKEN", "LANG"];

/// A setting given on the command line.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The flag's name, `--intake`.
    pub name: &'static str,
    /// What it sets, `intake.listen`.
    pub key: &'static str,
    /// To what.
    pub value: String,
}

/// The settings of `file` (if there is one), the variables, and `flags`.
pub fn load(file: Option<&Path>, flags: &[Flag]) -> Result<Config, ConfigError> {
    load_over(&[], file, flags)
}

/// The same, over defaults of a command's own.
pub fn load_over(usual: &[Flag], file: Option<&Path>, flags: &[Flag]) -> Result<Config, ConfigError> {
    let mut figment = usual.iter().cloned().fold(Figment::new(), Figment::merge);
    if let Some(path) = file {
        // Read here, so that a missing file is an error and not an empty one.
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        figment = figment.merge(File { path, text: &text });
    }
    figment = figment.merge(variables());
    for flag in flags {
        figment = figment.merge(flag.clone());
    }
    figment.extract().map_err(|errors| ConfigError::Settings {
        settings: errors.into_iter().map(|error| setting_error(&error)).collect(),
    })
}

/// A section's name has no underscore, so the first underscore ends it: `DUBAN_INTAKE_DATABASE_URL` is
/// `intake.database_url`. `__` goes one deeper: `DUBAN_SERVER_TLS__KEY`.
fn variables() -> Env {
    Env::prefixed(PREFIX)
        .ignore(NOT_SETTINGS)
        .map(|name| name.as_str().to_lowercase().replacen('_', ".", 1).replace("__", ".").into())
        .split(".")
}

fn setting_error(error: &figment::Error) -> SettingError {
    let key = match &error.kind {
        figment::error::Kind::UnknownField(field, _) if error.path.last() != Some(field) => {
            error.path.iter().chain([field]).cloned().collect::<Vec<_>>().join(".")
        }
        _ => error.path.join("."),
    };
    let source = match &error.metadata {
        Some(metadata) if metadata.name == VARIABLES => format!("variable {}", variable(&key)),
        Some(metadata) => metadata.name.to_string(),
        None => "configuration".to_owned(),
    };
    SettingError { key, source, message: error.kind.to_string() }
}

/// What figment calls the variables with our prefix.
const VARIABLES: &str = "`DUBAN_` environment variable(s)";

/// A file that was read, under its name.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Provider for File<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("file {}", self.path.display()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Toml::string(self.text).data()
    }
}

impl Provider for Flag {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("flag {}", self.name))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let nested = self.key.rsplit('.').fold(Value::from(self.value.clone()), |inner, part| {
            Value::from(Dict::from([(part.to_owned(), inner)]))
        });
        let dict = nested.into_dict().unwrap_or_default();
        Ok(Map::from([(Profile::Default, dict)]))
    }
}
