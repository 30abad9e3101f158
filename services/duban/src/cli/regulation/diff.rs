//! `duban regulation diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::super::look::{Language, say};
use super::{language, load};

pub(super) const EXAMPLES: &str = "\
Examples:
  duban regulation diff baoshan-2009-5 luodian-2010-12
  duban regulation diff old.toml new.toml --language zh

By whom it concerns; [tighter] and [looser] are said of duties, [better] and [worse] of what complainants have to do.";

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// A file, or the code of a bundled regulation.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The one it is compared with.
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// The language; by default that of the environment.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,
}

impl Diff {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        // Both are read, so that the faults of both are told.
        let (Some(old), Some(new)) = (load(&self.old)?, load(&self.new)?) else {
            return Ok(ExitCode::FAILURE);
        };
        say(old.explain_changes(&new, language(self.language)))?;
        Ok(ExitCode::SUCCESS)
    }
}
