//! The regulation and the calendar that an instance works by: those that came with the program, or from disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use calendar::{Calendar, CalendarError};
use regulation::{Faults, Regulation, Rules};

use crate::config::RulesConfig;

/// Declares the regulations that came with the program.
macro_rules! bundled {
    ($($code:literal)*) => {
        &[$((
            $code,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/regulations/", $code, ".toml")),
        )),*]
    };
}

/// The regulations that came with the program: code and text.
pub const BUNDLED: &[(&str, &str)] = bundled![
    "baoshan-2009-5"
    "baoshan-2009-5-automatic"
    "industrial-park-2011-3"
    "luodian-2010-12"
    "market-bureau-2012-7"
];
/// The regulation where none is named.
pub const USUAL: &str = "baoshan-2009-5";

/// Why there are no rules.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// The file of the regulation has faults; each with line and column.
    #[error("the regulation is not usable:\n{0}")]
    Regulation(#[source] Faults),
    /// Neither a file nor a code.
    #[error(
        "there is no regulation {}: expected a file, or one of {}", name.display(), codes()
    )]
    NoRegulation {
        /// What was asked for.
        name: PathBuf,
    },
    /// The calendar's files are not usable.
    #[error("the calendar is not usable")]
    Calendar(#[from] CalendarError),
}

/// Regulation and calendar as configured.
pub fn load(config: &RulesConfig) -> Result<Rules, RulesError> {
    let named = config.regulation.as_deref().unwrap_or(Path::new(USUAL));
    let regulation = regulation(named)?;
    let calendar = calendar(config.calendars.as_deref())?;
    Ok(Rules::new(Arc::new(regulation), Arc::new(calendar)))
}

/// The regulation in a file, or the bundled one of that code.
pub fn regulation(named: &Path) -> Result<Regulation, RulesError> {
    if let Some(text) = named.to_str().and_then(bundled_text) {
        let find = |code: &str| bundled_text(code).map(str::to_owned);
        let file = format!("{}.toml", named.display());
        return Regulation::parse_with(text, &file, &find).map_err(RulesError::Regulation);
    }
    if !named.exists() {
        return Err(RulesError::NoRegulation { name: named.to_owned() });
    }
    Regulation::load(named).map_err(RulesError::Regulation)
}

/// The calendars of a directory, or the bundled ones.
pub fn calendar(directory: Option<&Path>) -> Result<Calendar, CalendarError> {
    directory.map_or_else(Calendar::bundled, Calendar::load)
}

fn bundled_text(code: &str) -> Option<&'static str> {
    BUNDLED.iter().find(|(known, _)| *known == code).map(|(_, text)| *text)
}

fn codes() -> String {
    BUNDLED.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_regulation_passes_its_own_examples() {
        let calendar = calendar(None).unwrap();
        for (code, _) in BUNDLED {
            let regulation = regulation(Path::new(code)).unwrap();
            assert_eq!(regulation.code(), *code);
            for example in regulation.run_examples(&calendar) {
                assert!(example.passed(), "{code}: {}: {:?}", example.name, example.failures);
            }
        }
    }

    #[test]
    fn a_regulation_that_is_not_there_is_answered_with_those_that_are() {
        let error = regulation(Path::new("baoshan-2010")).unwrap_err().to_string();
        assert!(error.contains("baoshan-2010") && error.contains("baoshan-2009-5-automatic"), "{error}");
    }
}
