//! `duban submit`.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal as _, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use access::Role;
use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::client::{Instance, at_terminal, block_on};
use crate::client::submit::{self, Item, Outcome, Settings, Tally, Unusable};
use crate::place::Service;
use crate::samples;

/// Submits the complaints of a file, one JSON object a line; a result a line on standard output.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Submit {
    /// The file; - is standard input.
    #[arg(value_name = "FILE.jsonl")]
    file: PathBuf,
    /// The organ that receives them.
    #[arg(long, value_name = "CODE")]
    organ: String,
    /// Who hands them in: an agency's system, or a desk officer, at whose desk they are registered at once.
    #[arg(long = "as", value_name = "ROLE", default_value = "desk", value_parser = ["desk", "agency"])]
    role: String,
    /// The agency whose system it is, with --as agency.
    #[arg(long, value_name = "CODE", default_value = "12345")]
    agency: String,
    /// How many may be unanswered at once.
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=4096))]
    in_flight: u16,
    /// Adds the results to this file (mode 0600) instead; lines it has a result for are not submitted again.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// How many seconds nothing may go forward before it is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    patience: u64,
    #[command(flatten)]
    instance: Instance,
}

const EXAMPLES: &str = "\
Examples:
  duban submit deploy/samples/complaints.jsonl --organ baoshan
  duban submit complaints.jsonl --organ baoshan.luodian --as agency --agency 12345
  duban submit complaints.jsonl --organ baoshan --results results.jsonl --in-flight 512

A line is an object as in deploy/samples/README.md. Cut off half-way, submit the same file again: a request_id has its
effect once, and the answer is the same. Ends with status 1 where a complaint was rejected.";

/// Where results go.
enum Results {
    File(File),
    Output(io::BufWriter<io::Stdout>),
    Terminal,
}

impl Submit {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let done = self.results.as_deref().map(results_so_far).transpose()?.unwrap_or_default();
        let bar = bar(lines_of(&self.file)?);
        bar.inc(done.len() as u64);
        let mut results = Results::open(self.results.as_deref())?;
        let mut tally = Tally::default();
        let mut failure = None;
        let begun = Instant::now();
        let mut tell = |outcome: &Outcome| {
            tally.add(outcome);
            bar.inc(1);
            if let Err(error) = results.add(outcome, &bar) {
                failure.get_or_insert(error);
            }
        };
        let ended = block_on(self.submit(self.items(input(&self.file)?, &done), &mut tell));
        bar.finish_and_clear();
        let flushed = results.flush();
        if ended.is_ok() || tally != Tally::default() {
            summary(tally, begun.elapsed());
        }
        ended?;
        failure.map_or(flushed, Err).context("cannot write the results")?;
        Ok(if tally.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn submit(
        &self,
        items: impl Iterator<Item = Result<Item, Unusable>>,
        tell: &mut dyn FnMut(&Outcome),
    ) -> anyhow::Result<()> {
        let role = if self.role == "agency" { Role::Agency } else { Role::Desk };
        let mut principal = at_terminal(&self.organ, role);
        if role == Role::Agency {
            principal = principal.of_agency(&self.agency);
        }
        let intake = self.instance.connect(Service::Intake, Some(principal)).await?;
        let settings =
            Settings { in_flight: self.in_flight.into(), patience: Duration::from_secs(self.patience) };
        submit::submit(intake, items, settings, tell).await?;
        Ok(())
    }

    /// What is to be submitted, a line at a time as it is read, without what is done already. An input that can't be read on
    /// ends there.
    fn items(
        &self,
        input: impl BufRead,
        done: &HashSet<String>,
    ) -> impl Iterator<Item = Result<Item, Unusable>> {
        let mut lines = input.lines().enumerate();
        let mut ended = false;
        std::iter::from_fn(move || {
            while !ended {
                let (index, text) = lines.next()?;
                let line = index + 1;
                let text = match text {
                    Ok(text) if text.trim().is_empty() => continue,
                    Ok(text) => text,
                    Err(error) => {
                        ended = error.kind() != io::ErrorKind::InvalidData;
                        return Some(Err(Unusable { line, why: error.to_string() }));
                    }
                };
                match samples::requests_of(&text, line, &self.organ) {
                    Ok(request) if done.contains(&request.request_id) => {}
                    Ok(request) => return Some(Ok(Item { line, request })),
                    Err(error) => return Some(Err(Unusable { line, why: error.to_string() })),
                }
            }
            None
        })
    }
}

impl Results {
    fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = file else {
            let output = io::stdout();
            return Ok(if output.is_terminal() {
                Self::Terminal
            } else {
                Self::Output(io::BufWriter::new(output))
            });
        };
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        let file = opened.with_context(|| format!("cannot write the results to {}", path.display()))?;
        Ok(Self::File(file))
    }

    fn add(&mut self, outcome: &Outcome, bar: &ProgressBar) -> io::Result<()> {
        let mut line = serde_json::to_string(outcome)?;
        line.push('\n');
        match self {
            // Each at once: it is what a later run goes on from.
            Self::File(file) => file.write_all(line.as_bytes()),
            Self::Output(output) => output.write_all(line.as_bytes()),
            Self::Terminal => bar.suspend(|| io::stdout().write_all(line.as_bytes())),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.sync_all(),
            Self::Output(output) => output.flush(),
            Self::Terminal => Ok(()),
        }
    }
}

/// The ids of the requests that an earlier run has a result for. A last line that was cut off is not one.
fn results_so_far(path: &Path) -> anyhow::Result<HashSet<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashSet::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut done = HashSet::new();
    for line in BufReader::new(file).lines() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        if let Ok(outcome @ Outcome::Received { .. }) = serde_json::from_str::<Outcome>(&line) {
            done.insert(outcome.request_id().to_owned());
        }
    }
    Ok(done)
}

/// The file, or standard input: never whole in memory.
fn input(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(BufReader::new(file)))
}

/// How many lines a file has; not known of standard input.
fn lines_of(path: &Path) -> anyhow::Result<Option<u64>> {
    if path == Path::new("-") {
        return Ok(None);
    }
    let mut lines = 0;
    for line in input(path)?.split(b'\n') {
        line.with_context(|| format!("cannot read {}", path.display()))?;
        lines += 1;
    }
    Ok(Some(lines))
}

fn bar(lines: Option<u64>) -> ProgressBar {
    let (bar, template) = match lines {
        Some(lines) => (ProgressBar::new(lines), "{bar:40} {pos}/{len}  {per_sec}  {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {pos}  {per_sec}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

fn summary(tally: Tally, took: Duration) {
    let Tally { received, rejected } = tally;
    let seconds = took.as_secs_f64();
    #[allow(clippy::cast_precision_loss)] // a rate for a person
    let rate = (received + rejected) as f64 / seconds.max(0.001);
    eprintln!("{received} received, {rejected} rejected, in {seconds:.1} s ({rate:.0}/s)");
}
