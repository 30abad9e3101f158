//! What a command comes to: entries, an answer, or a rejection.

pub(crate) mod accountability;
pub(crate) mod again;
mod appeal;
mod concern;
mod erase;
mod extend;
mod fire;
mod follow_up;
mod inherit;
pub(crate) mod notice;
mod part;
pub(crate) mod pause;
mod result;
mod review;
mod run;

use duban_proto::supervision::v1::{OrganNoted, event::Kind};
use jiff::tz::TimeZone;
use ledger::{Context, Organ};
pub use review::proposed;
use uuid::Uuid;

use super::evolve::{Stamp, evolve};
use super::figures::{FiguresCommand, decide_exclusion, decide_paper, decide_told};
use super::{Answer, Book, Command, Rejection, Rules, Write};

/// One entry to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The case it is about.
    pub case_id: Option<Uuid>,
    /// What happened.
    pub kind: Kind,
    /// The organ it is addressed to.
    pub audience: Option<Organ>,
}

/// What a command comes to.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The entries, in order. None: nothing changes.
    pub facts: Vec<Fact>,
    /// The answer: without prose, and without what depends on who reads it.
    pub answer: Answer,
    /// Primary data.
    pub writes: Vec<Write>,
}

/// Decides. Pure: the same book, command, rules and context give the same decision.
pub fn decide(
    rules: &regulation::Rules,
    book: &Book,
    command: &Command,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let rules = &Rules::of(rules, &book.organ);
    let decision = match command {
        Command::StartClock(start) => Ok(run::start(rules, book, start)),
        Command::InheritClock(start) => Ok(inherit::start(rules, book, start, context)),
        Command::HandOver(over) => Ok(inherit::hand_over(rules, book, over)),
        Command::StopClocks(stop) => Ok(run::stop(rules, book, stop, context.now)),
        Command::FireRungs(fire) => Ok(fire::fire(rules, book, fire, context)),
        Command::RequestExtension(request) => extend::request(rules, book, request, context),
        Command::DecideExtension(decide) => extend::decide(rules, book, decide, context),
        Command::NoteExtension(note) => Ok(extend::note(rules, book, note, context)),
        Command::WorkOutAgain(clocks) => Ok(again::work_out(rules, book, clocks, context)),
        Command::NoteExternalLimit { case_id, due_at } => Ok(run::note_limit(book, *case_id, *due_at)),
        Command::Concern(note) => Ok(concern::note(book, note, context)),
        Command::FollowUp(on) => follow_up::decide(rules, book, on, context),
        Command::Figures(command) => figures(rules, book, command, context),
        Command::Part(note) => Ok(part::note(rules, book, note, context.now)),
        Command::NoteRung { case_id, told } => Ok(fire::note(book, *case_id, told)),
        Command::Pausing(pausing) => pause::decide(rules, book, pausing, context),
        Command::Notice(command) => notice::decide(rules, book, command, context),
        Command::Accountability(case_id, command) => {
            accountability::decide(rules, book, (*case_id, command), context)
        }
        Command::Erase(listed) => Ok(erase::erase(book, listed)),
        Command::OnResult(on) => result::decide(rules, book, on, context),
        Command::NoteOrgan(organ) => Ok(Decision::of(vec![Fact::new(
            None,
            Kind::OrganNoted(OrganNoted { organ: Some((**organ).clone()) }),
        )])),
    };
    let decision = notice::follow_up(book, decision?);
    Ok(accountability::follow_up(rules, book, decision, context))
}

/// Takes an entry into a book that is only looked at: for answers.
fn evolve_one(book: &mut Book, fact: &Fact, context: Context<'_>) {
    let (seq, zone) = (context.next_seq, &TimeZone::UTC);
    let stamp = Stamp { seq, recorded_at: context.now, actor: context.actor, zone };
    evolve(book, fact.case_id, &fact.kind, stamp);
}

fn figures(
    rules: &Rules<'_>,
    book: &Book,
    command: &FiguresCommand,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    match command {
        FiguresCommand::Told { case_id, told } => Ok(decide_told(rules, book, *case_id, told)),
        FiguresCommand::Exclusion(command) => decide_exclusion(rules, book, command, context),
        FiguresCommand::Paper(command) => decide_paper(book, command, context),
    }
}

impl Fact {
    /// An entry addressed to nobody.
    pub(crate) fn new(case_id: impl Into<Option<Uuid>>, kind: Kind) -> Self {
        Self { case_id: case_id.into(), kind, audience: None }
    }

    /// The same, addressed to another organ.
    pub(crate) fn addressed(mut self, audience: Option<Organ>) -> Self {
        self.audience = audience;
        self
    }
}

impl Decision {
    /// Entries without an answer.
    pub(crate) fn of(facts: Vec<Fact>) -> Self {
        Self { facts, ..Self::default() }
    }
}
