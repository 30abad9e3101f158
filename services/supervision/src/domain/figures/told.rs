//! What intake and routing told that figures count. Nothing is rejected: it may come twice, or where nothing is known.

use duban_proto::common::v1::Finding;
use duban_proto::supervision::v1::{
    ClockKind, FacetsNoted, FigureFacets, FigurePart, IntakeNoted, IntakeStep, Measure, OutcomeNoted,
    ReopeningNoted, ReturnNoted, StopReason, event::Kind,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::count::facets;
use super::{exclusion, paper};
use crate::domain::decide::{Decision, Fact};
use crate::domain::time::to_wire;
use crate::domain::{Book, Clock, ClockKey, Rules};

/// What can be asked of an organ's figures.
#[derive(Clone, Debug)]
pub enum FiguresCommand {
    /// Another service told something of a case.
    Told {
        /// The case.
        case_id: Uuid,
        /// What.
        told: Told,
    },
    /// An exclusion is proposed or decided (24).
    Exclusion(exclusion::ExclusionCommand),
    /// An analysis is written or signed, a period frozen.
    Paper(paper::PaperCommand),
}

/// What another service told of a case.
#[derive(Clone, Debug)]
pub enum Told {
    /// Intake: what became of a complaint, with the day that counts.
    Intake(IntakeNoted),
    /// The same; the day is that of this moment.
    IntakeAt(IntakeNoted, Timestamp),
    /// Routing: the result.
    Outcome(NoteOutcome),
    /// What the case is told apart by was corrected.
    Facets(FigureFacets),
    /// Routing: opened again.
    Reopening(ReopeningNoted),
    /// Routing: the organ gave a term back.
    Return(ReturnNoted),
}

/// The result of a term at its organ, or of the case at its home.
#[derive(Clone, Debug)]
pub struct NoteOutcome {
    /// The term; `None` for the case's.
    pub term: Option<u32>,
    /// What was found.
    pub finding: Finding,
    /// What was found of each respondent; empty where `finding` is of all of them.
    pub findings: Vec<Finding>,
    /// When the disposition was approved.
    pub at: Timestamp,
}

impl FiguresCommand {
    /// The case it is about; of an analysis its own id, in the place of a case's.
    pub(crate) fn case_id(&self) -> Option<Uuid> {
        match self {
            Self::Told { case_id, .. } => Some(*case_id),
            Self::Exclusion(command) => Some(command.case_id()),
            Self::Paper(command) => command.analysis(),
        }
    }

    /// What it brings a new data key for.
    pub(crate) fn brings_key(&self) -> Option<Uuid> {
        match self {
            Self::Exclusion(command) => command.brings_key(),
            Self::Paper(command) => command.brings_key(),
            Self::Told { .. } => None,
        }
    }
}

/// What is counted already changes nothing.
pub(crate) fn decide(rules: &Rules<'_>, book: &Book, case_id: Uuid, told: &Told) -> Decision {
    let facts: Vec<Kind> = match told {
        Told::Intake(noted) => intake(book, case_id, noted.clone()).into_iter().collect(),
        Told::IntakeAt(noted, at) => {
            let noted = IntakeNoted { day: rules.date(*at).to_string(), ..noted.clone() };
            intake(book, case_id, noted).into_iter().collect()
        }
        Told::Outcome(outcome) => outcomes(rules, book, case_id, outcome),
        Told::Facets(now) => {
            let differs = book.figures.standing(case_id).any(|it| it.facets != facets(Some(now)));
            let noted = FacetsNoted { facets: Some(now.clone()) };
            differs.then_some(Kind::FacetsNoted(noted)).into_iter().collect()
        }
        Told::Reopening(noted) => {
            let concluded = |part, here: bool| here && book.figures.stands(case_id, part, Measure::Concluded);
            let home = concluded(FigurePart::Cases, noted.home);
            let holder = concluded(FigurePart::Handled, noted.holder);
            let noted = ReopeningNoted { home, holder, ..*noted };
            (home || holder).then_some(Kind::ReopeningNoted(noted)).into_iter().collect()
        }
        Told::Return(noted) => {
            let returned = |measure| {
                let mut standing = book.figures.standing(case_id);
                standing.any(|it| {
                    it.part == FigurePart::Handled && it.measure == measure && it.term == noted.term
                })
            };
            let counts = returned(Measure::Accepted) && !returned(Measure::Returned);
            counts.then_some(Kind::ReturnNoted(*noted)).into_iter().collect()
        }
    };
    Decision::of(facts.into_iter().map(|kind| Fact::new(case_id, kind)).collect())
}

fn intake(book: &Book, case_id: Uuid, noted: IntakeNoted) -> Option<Kind> {
    let counted = |measure| book.figures.stands(case_id, FigurePart::Cases, measure);
    let counted = match noted.step() {
        IntakeStep::Received => counted(Measure::Received),
        IntakeStep::Declined => counted(Measure::Declined),
        IntakeStep::Referred => counted(Measure::Referred),
        IntakeStep::Directed => counted(Measure::Directed),
        IntakeStep::Unspecified => true,
    };
    (!counted).then_some(Kind::IntakeNoted(noted))
}

/// The time is judged by the clock that runs, as when it stops: the result is told before that.
fn outcomes(rules: &Rules<'_>, book: &Book, case_id: Uuid, outcome: &NoteOutcome) -> Vec<Kind> {
    let noted = |clock: &Clock, part: FigurePart| {
        Kind::OutcomeNoted(OutcomeNoted {
            part: part.into(),
            term: clock.key.term,
            finding: outcome.finding.into(),
            findings: outcome.findings.iter().map(|finding| i32::from(*finding)).collect(),
            at: Some(to_wire(outcome.at)),
            on_time: outcome.at <= clock.due_at,
            workdays: rules.workdays(clock.start, outcome.at),
        })
    };
    let Some(term) = outcome.term else {
        let concluded =
            |clock: &&Clock| clock.stopped.is_none_or(|stop| stop.reason == StopReason::Concluded);
        let last = book.clocks_of(case_id).filter(|clock| clock.kind() == ClockKind::Case).last();
        let counted = book.figures.stands(case_id, FigurePart::Cases, Measure::Concluded);
        let last = last.filter(concluded).filter(|_| !counted);
        return last.map(|clock| noted(clock, FigurePart::Cases)).into_iter().collect();
    };
    // The home's clock of a later round is the term's, too, where the home handles the case.
    let clock = book.clock(ClockKey { case_id, term }).filter(|clock| clock.runs());
    let own = clock.filter(|clock| !clock.reopened || clock.responsible_organ == book.organ);
    own.map(|clock| noted(clock, FigurePart::Handled)).into_iter().collect()
}
