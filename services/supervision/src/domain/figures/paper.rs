//! What is written and signed from figures (5(3), 6(3), 24): analyses, and periods that are frozen.

use access::Role;
use duban_proto::common::v1::{Action, ContentRef};
use duban_proto::supervision::v1::{
    self as wire, AnalysisSaved, AnalysisSigned, Period, PeriodFrozen, event::Kind,
};
use jiff::Timestamp;
use ledger::Context;
use uuid::Uuid;

use super::FiguresBook;
use crate::domain::decide::{Decision, Fact};
use crate::domain::evolve::Stamp;
use crate::domain::time::to_wire;
use crate::domain::{Answer, Asker, Book, Rejection, Sealed};

/// An analysis, without its words.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalysisPlace {
    /// Its id; also of the key that its words are under.
    pub id: Uuid,
    /// The period.
    pub period: Period,
    /// The last version.
    pub version: u32,
    /// The words of that.
    pub text: ContentRef,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: Timestamp,
    /// Who signed it and when.
    pub signed: Option<(String, Timestamp)>,
}

/// What was frozen, for its list.
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    /// What the entry says.
    pub frozen: PeriodFrozen,
    /// Who signed it.
    pub signed_by: String,
    /// When.
    pub signed_at: Timestamp,
}

/// What can be asked.
#[derive(Clone, Debug)]
pub enum PaperCommand {
    /// Somebody writes an analysis, or a new version.
    Save {
        /// The analysis.
        id: Uuid,
        /// It is new.
        is_new: bool,
        /// The period.
        period: Period,
        /// The words, under a key of their own.
        text: Sealed,
    },
    /// Somebody signs one.
    Sign {
        /// The analysis.
        id: Uuid,
        /// The version that was read.
        version: u32,
    },
    /// Somebody freezes a period. The day of `as_of` is over, so what is frozen can't change any more.
    Freeze(Box<PeriodFrozen>),
}

impl PaperCommand {
    pub(super) fn brings_key(&self) -> Option<Uuid> {
        match self {
            Self::Save { text, .. } => text.brings_key(),
            Self::Sign { .. } | Self::Freeze(_) => None,
        }
    }

    /// The analysis that it needs.
    pub(crate) fn analysis(&self) -> Option<Uuid> {
        match self {
            Self::Save { id, .. } | Self::Sign { id, .. } => Some(*id),
            Self::Freeze(_) => None,
        }
    }

    /// The kind and period of which it needs the last version that was frozen.
    pub(crate) fn freezes(&self) -> Option<(i32, String, String)> {
        match self {
            Self::Freeze(frozen) => Some(place(frozen)),
            Self::Save { .. } | Self::Sign { .. } => None,
        }
    }
}

fn place(frozen: &PeriodFrozen) -> (i32, String, String) {
    let Period { from, to } = frozen.period.clone().unwrap_or_default();
    (frozen.kind, from, to)
}

/// What the asker may do next with an analysis.
pub fn analysis_actions(analysis: &AnalysisPlace, asker: &Asker<'_>) -> Vec<Action> {
    if !asker.own || analysis.signed.is_some() {
        return Vec::new();
    }
    let has = |roles: &[Role]| roles.iter().any(|role| (asker.has)(*role));
    let writes = has(&[Role::Desk, Role::Leader, Role::Head, Role::Supervisor]);
    let signs = has(&[Role::Leader, Role::Head]);
    let actions = [(writes, Action::SaveAnalysis), (signs, Action::SignAnalysis)];
    actions.into_iter().filter(|(may, _)| *may).map(|(_, action)| action).collect()
}

/// Decides. What is signed does not change any more.
pub(crate) fn decide(
    book: &Book,
    command: &PaperCommand,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let known = |id: Uuid| book.figures.analyses.get(&id);
    match command {
        PaperCommand::Save { id, is_new, period, text } => {
            text.fits(book)?;
            let analysis = known(*id);
            if analysis.is_none() && !is_new {
                return Err(Rejection::NoSuchAnalysis(*id));
            }
            unsigned(analysis)?;
            let saved = AnalysisSaved {
                analysis_id: id.to_string(),
                period: Some(period.clone()),
                version: analysis.map_or(0, |it| it.version).saturating_add(1),
                text: text.reference("text"),
            };
            let mut decision = answered(book, *id, Kind::AnalysisSaved(saved), context);
            decision.writes = text.writes();
            Ok(decision)
        }
        PaperCommand::Sign { id, version } => {
            let analysis = known(*id).ok_or(Rejection::NoSuchAnalysis(*id))?;
            unsigned(Some(analysis))?;
            if analysis.version != *version {
                return Err(Rejection::NotTheLastVersion { last: analysis.version });
            }
            let signed = AnalysisSigned { analysis_id: id.to_string(), version: *version };
            Ok(answered(book, *id, Kind::AnalysisSigned(signed), context))
        }
        PaperCommand::Freeze(frozen) => {
            let last = book.figures.versions.get(&place(frozen)).copied().unwrap_or_default();
            let frozen = PeriodFrozen { version: last.saturating_add(1), ..(**frozen).clone() };
            let signed = Frozen {
                frozen: frozen.clone(),
                signed_by: context.actor.to_owned(),
                signed_at: context.now,
            };
            Ok(Decision {
                facts: vec![Fact::new(None, Kind::PeriodFrozen(frozen))],
                answer: Answer { frozen: Some(told_frozen(&book.organ, &signed)), ..Answer::default() },
                ..Decision::default()
            })
        }
    }
}

fn unsigned(analysis: Option<&AnalysisPlace>) -> Result<(), Rejection> {
    match analysis.and_then(|it| it.signed.as_ref()) {
        Some(_) => Err(Rejection::Decided("SIGNED")),
        None => Ok(()),
    }
}

fn answered(book: &Book, id: Uuid, kind: Kind, context: Context<'_>) -> Decision {
    let mut after = FiguresBook { analyses: book.figures.analyses.clone(), ..FiguresBook::default() };
    let zone = jiff::tz::TimeZone::UTC;
    evolve(&mut after, &kind, Stamp { seq: 0, recorded_at: context.now, actor: context.actor, zone: &zone });
    let analysis = after.analyses.get(&id).map(|it| told_analysis(&book.organ, it));
    let facts = vec![Fact::new(id, kind)];
    Decision { facts, answer: Answer { analysis, ..Answer::default() }, ..Decision::default() }
}

/// Changes the book.
pub(super) fn evolve(book: &mut FiguresBook, kind: &Kind, stamp: Stamp<'_>) {
    match kind {
        Kind::AnalysisSaved(saved) => {
            let Ok(id) = saved.analysis_id.parse() else { return };
            let analysis = AnalysisPlace {
                id,
                period: saved.period.clone().unwrap_or_default(),
                version: saved.version,
                text: saved.text.clone().unwrap_or_default(),
                written_by: stamp.actor.to_owned(),
                written_at: stamp.recorded_at,
                signed: None,
            };
            book.analyses.insert(id, analysis);
            book.changed_analyses.insert(id);
        }
        Kind::AnalysisSigned(signed) => {
            let id = signed.analysis_id.parse().ok();
            let Some(analysis) = id.and_then(|id: Uuid| book.analyses.get_mut(&id)) else { return };
            analysis.signed = Some((stamp.actor.to_owned(), stamp.recorded_at));
            book.changed_analyses.insert(analysis.id);
        }
        Kind::PeriodFrozen(frozen) => {
            book.versions.insert(place(frozen), frozen.version);
            let (signed_by, signed_at) = (stamp.actor.to_owned(), stamp.recorded_at);
            book.frozen.push(Frozen { frozen: frozen.clone(), signed_by, signed_at });
        }
        _ => {}
    }
}

/// As the contract has it; `text` and `allowed_actions` are for the edge.
pub(crate) fn told_analysis(organ: &str, analysis: &AnalysisPlace) -> wire::Analysis {
    let (signed_by, signed_at) = analysis.signed.clone().unzip();
    wire::Analysis {
        analysis_id: analysis.id.to_string(),
        organ: organ.to_owned(),
        period: Some(analysis.period.clone()),
        text: String::new(),
        version: analysis.version,
        written_by: analysis.written_by.clone(),
        written_at: Some(to_wire(analysis.written_at)),
        signed_by: signed_by.unwrap_or_default(),
        signed_at: signed_at.map(to_wire),
        allowed_actions: Vec::new(),
    }
}

/// As the contract has it.
pub(crate) fn told_frozen(organ: &str, frozen: &Frozen) -> wire::Frozen {
    let Frozen {
        frozen: PeriodFrozen { frozen_id, period, kind: _, version, as_of, content, sha256 }, ..
    } = frozen;
    wire::Frozen {
        frozen_id: frozen_id.clone(),
        organ: organ.to_owned(),
        period: period.clone(),
        version: *version,
        as_of: as_of.clone(),
        signed_by: frozen.signed_by.clone(),
        signed_at: Some(to_wire(frozen.signed_at)),
        sha256: sha256.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")),
        content: content.clone(),
    }
}
