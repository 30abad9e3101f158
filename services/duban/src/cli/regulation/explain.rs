//! `duban regulation explain`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::super::look::{Language, say};
use super::{language, load};

pub(super) const EXAMPLES: &str = "\
Examples:
  duban regulation explain baoshan-2009-5
  duban regulation explain deploy/regulations/luodian-2010-12.toml --language zh
  duban regulation explain baoshan-2009-5 --as svg --to flow.svg
  duban regulation explain baoshan-2009-5 --as mermaid

The page is Markdown and ends with the course as Mermaid, which most readers of Markdown draw.";

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A file, or the code of a bundled regulation.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What to give: the page, or the course alone.
    #[arg(long = "as", value_name = "FORM", default_value = "page")]
    form: Form,
    /// A file to write to, instead of standard output.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// The language; by default that of the environment.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// Every clause in words, and the course.
    Page,
    /// The course as Mermaid.
    Mermaid,
    /// The course as a drawing.
    Svg,
}

impl Explain {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Some(regulation) = load(&self.file)? else { return Ok(ExitCode::FAILURE) };
        let language = language(self.language);
        let text = match self.form {
            Form::Page => {
                let (page, flow) = (regulation.explain(language), regulation.flow(language));
                format!("{page}\n```mermaid\n{flow}```\n")
            }
            Form::Mermaid => regulation.flow(language),
            Form::Svg => regulation.flow_svg(language),
        };
        match &self.to {
            None => say(text)?,
            Some(file) => {
                std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
