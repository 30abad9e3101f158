//! What a person types.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use client::{Bearer, Endpoint, Target, connect};
use duban_proto::supervision::v1::Period;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::gather::{Gathered, Services, Wanted, gather};
use crate::model::Document;
use crate::{Fonts, figures, render};

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "duban-print",
    version,
    about = "Prints the file of a case and its forms: PDF/A with Chinese type, and JSON",
    after_help = EXAMPLES
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    instance: Instance,
}

const EXAMPLES: &str = "\
Examples:
  export DUBAN_TOKEN=$(duban token --role archivist --organ baoshan --subject me)
  duban-print volume 0190f12c-90c7-4624-b5b6-26d8db24c040 --out volume.pdf
  duban-print volume 0190f12c-90c7-4624-b5b6-26d8db24c040 --out volume.json
  duban-print form transfer 0190f12c-90c7-4624-b5b6-26d8db24c040 --out transfer.pdf
  duban-print form record 0190f12c-90c7-4624-b5b6-26d8db24c040 --with-identity --purpose verify --out record.pdf
  duban-print figures --from 2026-01-01 --to 2026-12-31 --out figures.pdf

The type is fetched once by services/print/fonts.";

/// The commands.
#[derive(Debug, Subcommand)]
enum Command {
    /// The whole file: cover, contents, documents, closing note (16). As PDF/A, or as JSON where --out ends so.
    Volume(Wish),
    /// One form of the case, with number, signatory and place for the seal.
    Form {
        /// Which.
        form: Form,
        #[command(flatten)]
        wish: Wish,
        /// The how manieth of its kind, from 1; by default the last.
        #[arg(long, value_name = "NUMBER")]
        ordinal: Option<usize>,
    },
    /// A report of figures with charts (5(3), 6(3)). As PDF/A, or as JSON where --out ends so.
    Figures(ReportWish),
}

/// The report that is printed.
#[derive(Debug, Args)]
struct ReportWish {
    /// The first day.
    #[arg(long, value_name = "DATE")]
    from: String,
    /// The last day.
    #[arg(long, value_name = "DATE")]
    to: String,
    /// The organ and those below; by default all that you may see.
    #[arg(long, value_name = "CODE", default_value = "")]
    organ: String,
    /// The analysis that goes before the figures, by its id.
    #[arg(long, value_name = "ID")]
    analysis: Option<String>,
    #[command(flatten)]
    paper: PaperWish,
}

/// Where it goes, and how it looks.
#[derive(Debug, Args)]
struct PaperWish {
    /// Where it goes: a file that ends in .pdf or .json.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The directory of the type; by default one called `fonts` beside or above the program.
    #[arg(long, value_name = "DIR", env = "DUBAN_FONTS")]
    fonts: Option<PathBuf>,
    /// The zone of dates.
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    zone: String,
}

/// The forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// 《行政效能投诉记录表》 (13).
    Record,
    /// 《行政效能投诉处理表》 (19).
    Disposition,
    /// 转办单 (14).
    Transfer,
    /// 告知书 (16, 17).
    Notice,
    /// 督办单 (20).
    SupervisionNotice,
    /// 呈批表 (14(1)).
    Instruction,
}

/// What is printed, and for whom.
#[derive(Debug, Args)]
struct Wish {
    /// The case's id.
    case: String,
    /// With who complains: only for who may open it, and on record (15).
    #[arg(long, requires = "purpose")]
    with_identity: bool,
    /// For what it is opened: contact, verify, reply.
    #[arg(long, value_name = "PURPOSE", requires = "with_identity")]
    purpose: Option<String>,
    #[command(flatten)]
    paper: PaperWish,
}

/// Where the instance is, and who calls.
#[derive(Debug, Args)]
struct Instance {
    /// Where all three services are, behind one address.
    #[arg(long, global = true, value_name = "URL", env = "DUBAN_URL")]
    url: Option<String>,
    /// Where intake is.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "DUBAN_INTAKE_URL",
        default_value = "http://127.0.0.1:50051"
    )]
    intake: String,
    /// Where routing is.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "DUBAN_ROUTING_URL",
        default_value = "http://127.0.0.1:50052"
    )]
    routing: String,
    /// Where supervision is.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "DUBAN_SUPERVISION_URL",
        default_value = "http://127.0.0.1:50053"
    )]
    supervision: String,
    /// The authority that signs the services' certificates, in PEM, with https.
    #[arg(long, global = true, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The token to call with.
    #[arg(long, global = true, value_name = "TOKEN", env = "DUBAN_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

impl Form {
    /// Its code in the regulation.
    fn code(self) -> &'static str {
        match self {
            Self::Record => "record_form",
            Self::Disposition => "disposition_form",
            Self::Transfer => "transfer_form",
            Self::Notice => "notice",
            Self::SupervisionNotice => "supervision_notice",
            Self::Instruction => "instruction_form",
        }
    }
}

impl Instance {
    async fn services(&self) -> anyhow::Result<Services> {
        let token = self.token.as_deref().context("no token: give one with --token, or as DUBAN_TOKEN")?;
        let bearer = Bearer::new(token)?;
        let to = async |url: &str| -> anyhow::Result<Endpoint> {
            let url = self.url.as_deref().unwrap_or(url).to_owned();
            let target = Target { url, ca: self.ca.clone() };
            Ok(connect(&target, bearer.clone()).await?)
        };
        Ok(Services {
            intake: to(&self.intake).await?,
            routing: to(&self.routing).await?,
            supervision: to(&self.supervision).await?,
        })
    }
}

impl PaperWish {
    #[expect(clippy::disallowed_methods, reason = "the edge: the day a person prints it")]
    fn now(&self) -> anyhow::Result<ZonedDateTime> {
        let zone = TimeZone::get(&self.zone).with_context(|| format!("there is no zone {:?}", self.zone))?;
        Ok(ZonedDateTime::new(Timestamp::now(), zone))
    }

    fn as_json(&self) -> anyhow::Result<bool> {
        match self.out.extension().and_then(|extension| extension.to_str()) {
            Some("pdf") => Ok(false),
            Some("json") => Ok(true),
            _ => anyhow::bail!("{} ends in neither .pdf nor .json", self.out.display()),
        }
    }

    /// Before anything is opened on record: without the type there is nothing to print. None for JSON.
    fn fonts(&self) -> anyhow::Result<Option<Fonts>> {
        if self.as_json()? { Ok(None) } else { Ok(Some(Fonts::find(self.fonts.as_deref())?)) }
    }
}

impl Wish {
    fn wanted(&self) -> anyhow::Result<Wanted> {
        let purpose = self.purpose.clone().filter(|_| self.with_identity);
        Ok(Wanted { case_id: self.case.clone(), purpose, now: self.paper.now()? })
    }
}

impl Cli {
    async fn run(&self) -> anyhow::Result<()> {
        match &self.command {
            Command::Volume(wish) => self.print(wish, None).await,
            Command::Form { form, wish, ordinal } => self.print(wish, Some((*form, *ordinal))).await,
            Command::Figures(wish) => self.report(wish).await,
        }
    }

    /// The file of a case, or one form of it.
    async fn print(&self, wish: &Wish, form: Option<(Form, Option<usize>)>) -> anyhow::Result<()> {
        let fonts = wish.paper.fonts()?;
        let wanted = wish.wanted()?;
        let gathered = gather(&self.instance.services().await?, &wanted).await?;
        let volume = &gathered.volume;
        let bytes = match (form, &fonts) {
            (None, None) => serde_json::to_vec_pretty(volume)?,
            (None, Some(fonts)) => render::volume(volume, fonts, &wanted.now)?,
            (Some((form, ordinal)), fonts) => {
                let document = pick(&gathered, form, ordinal)?;
                match fonts {
                    Some(fonts) => render::form(volume, document, fonts, &wanted.now)?,
                    None => serde_json::to_vec_pretty(document)?,
                }
            }
        };
        write(&wish.paper.out, &bytes)
    }

    /// A report of figures.
    async fn report(&self, wish: &ReportWish) -> anyhow::Result<()> {
        let ReportWish { from, to, organ, analysis, paper } = wish;
        let (fonts, now) = (paper.fonts()?, paper.now()?);
        let period = Period { from: from.clone(), to: to.clone() };
        let wanted = figures::Wanted { period, organ: organ.clone(), analysis: analysis.clone(), now };
        let services = self.instance.services().await?;
        let parts = figures::Parts::fetch(&services.supervision, &wanted).await?;
        if let Some(id) = analysis.as_ref().filter(|_| parts.analysis.is_none()) {
            anyhow::bail!("there is no analysis {id} that you may see");
        }
        let report = parts.bind(&wanted);
        let bytes = match fonts {
            Some(fonts) => render::figures(&report, &fonts, &wanted.now)?,
            None => serde_json::to_vec_pretty(&report)?,
        };
        write(&paper.out, &bytes)
    }
}

/// The form asked for. The one for a leader's instruction is there before there is one.
fn pick(gathered: &Gathered, form: Form, ordinal: Option<usize>) -> anyhow::Result<&Document> {
    let found = gathered.volume.document(form.code(), ordinal);
    let blank = gathered.instruction_form.as_ref().filter(|_| form == Form::Instruction && ordinal.is_none());
    let name = form.code();
    found.or(blank).with_context(|| format!("the file of this case has no such {name} that you may see"))
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Runs the command line of this process; says what went wrong and what to do.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime.context("the system gives no threads") {
        Ok(runtime) => runtime.block_on(cli.run()),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
