//! How things look in a terminal.

use std::env;
use std::fmt::Display;
use std::io::{self, Write as _};

use clap::ValueEnum;

/// In which language sentences are given that exist in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// As asked for, or as the environment says.
    pub(super) fn or_of_environment(asked: Option<Self>) -> Self {
        let set = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| env::var(name).ok());
        asked.unwrap_or_else(|| match set() {
            Some(locale) if locale.starts_with("zh") => Self::Zh,
            _ => Self::En,
        })
    }

    /// The sentence in this language.
    pub(super) fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Writes to standard output. A reader that went away (`| head`) is no error.
pub(super) fn say(text: impl Display) -> anyhow::Result<()> {
    let mut output = io::stdout().lock();
    match write!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// An error with its causes, a line each, without one that says the same again.
pub(super) fn error(error: &anyhow::Error) -> String {
    let mut text = format!("error: {error}");
    let mut last = error.to_string();
    for cause in error.chain().skip(1) {
        let words = cause.to_string();
        if !last.contains(&words) {
            text.push_str("\n  because: ");
            text.push_str(&words);
        }
        last = words;
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    #[test]
    fn an_error_is_told_with_its_causes_and_none_twice() {
        let error = anyhow::Error::msg("no such file").context("cannot read x").context("cannot start");
        let again = Err::<(), _>(anyhow::Error::msg("port in use")).context("cannot listen: port in use");
        assert_eq!(
            super::error(&error),
            "error: cannot start\n  because: cannot read x\n  because: no such file"
        );
        assert_eq!(super::error(&again.unwrap_err()), "error: cannot listen: port in use");
    }
}
