//! What is wrong with the settings: each with its name, where it was set, and what is expected.

use std::fmt;
use std::path::PathBuf;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file named is not there or can't be read.
    #[error("cannot read the configuration file {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// One or more settings are wrong.
    #[error("{}", list(settings))]
    Settings {
        /// All of them.
        settings: Vec<SettingError>,
    },
    /// A setting that this command needs is not there.
    #[error("setting {key} is missing: set it in the file, or as the variable {}{hint}", variable(key))]
    Missing {
        /// Its name, `intake.database_url`.
        key: &'static str,
        /// What it holds, with a dash before; may be empty.
        hint: &'static str,
    },
}

/// One setting that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// Its name, `intake.listen`; empty where the file is no TOML.
    pub key: String,
    /// Where it was set: `file duban.toml`, `variable DUBAN_INTAKE_LISTEN`, `flag --intake`.
    pub source: String,
    /// What is wrong and what is expected.
    pub message: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "setting {} ", self.key)?;
        }
        write!(f, "({}): {}", self.source, self.message)
    }
}

/// The variable that sets a setting: `intake.listen` → `DUBAN_INTAKE_LISTEN`.
pub(super) fn variable(key: &str) -> String {
    format!("{}{}", super::source::PREFIX, key.replace('.', "_").to_uppercase())
}

fn list(settings: &[SettingError]) -> String {
    settings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
