//! From a command and the state to events, or a rejection with its article.

mod attach;
mod correct;
mod delivery;
mod desk;
mod grant;
mod handling;
mod import;
mod instruction;
mod link;
mod rating;
mod referral;
mod reply;
mod report;
mod retention;
mod step;
mod submit;
mod summary;
mod supplement;
mod treat;
mod urgency;

use std::sync::Arc;

use content::{Draft, Listed};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{ConductRecorded, IdentityOpened, OrganNoted};
use jiff::Timestamp;
use regulation::Rules;
use uuid::Uuid;

use super::{Act, Answer, Book, Case, Command, Private, Rejection};
pub(crate) use desk::source_code;
use step::Step;
pub(crate) use submit::facts;
pub(super) use treat::code as treatment_code;

/// Where and when a command is decided.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The organ in whose ledger.
    pub organ: &'a str,
    /// The time its entries will have.
    pub now: Timestamp,
    /// Who: the subject of the token.
    pub actor: &'a str,
}

/// What a command leads to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What happens, in order; all on the command's case.
    pub facts: Vec<Kind>,
    /// The answer.
    pub answer: Answer,
    /// What is kept beside the ledger.
    pub writes: Vec<Write>,
    /// What happens on other cases, after that: of a command that is about many.
    pub on_others: Vec<(Uuid, Kind)>,
}

/// Something kept beside the ledger.
#[derive(Clone, Debug)]
pub enum Write {
    /// Key, texts and identity.
    Private(Arc<Private>),
    /// One text.
    Draft(Draft),
    /// Deletes what is listed as erased.
    Erase {
        /// It.
        listed: Arc<[Listed]>,
    },
}

/// Decides a command.
pub fn decide(rules: &Rules, book: &Book, command: &Command, at: At<'_>) -> Result<Outcome, Rejection> {
    match (&command.act, command.case_id) {
        (Act::NoteOrgan(organ), _) => Ok(Outcome {
            facts: vec![Kind::OrganNoted(OrganNoted { organ: Some(organ.as_ref().clone()) })],
            ..Outcome::default()
        }),
        (Act::ProposeDisposal(list), _) => retention::propose(book, list, at),
        (Act::DecideDisposal { list, approved }, _) => retention::dispose(book, list, *approved, at),
        (Act::Erase(erase), _) => Ok(retention::erase(book, erase)),
        (act, Some(case_id)) => decide_case(rules, book, command, act, case_id, at),
        (_, None) => Err(Rejection::CaseNotFound(Uuid::nil())),
    }
}

fn decide_case(
    rules: &Rules,
    book: &Book,
    command: &Command,
    act: &Act,
    case_id: Uuid,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    let regulation = rules.for_organ(at.organ);
    let known = || {
        let case = book.case(case_id).filter(|case| is_callers(case, command))?;
        Some(Step::new(rules, regulation, at, case.clone()))
    };
    // What another service tells of a case that is not ours concerns us not: its home moved here from elsewhere.
    match act {
        // Of a case that another organ may have registered.
        Act::NoteLent(lent) => {
            let facts = vec![Kind::OfficersLent(lent.as_ref().clone())];
            return Ok(Outcome { facts, ..Outcome::default() });
        }
        Act::OnReport(act) => return report::decide(rules, book, case_id, act, at),
        Act::Submit(submit) => return submit::submit(rules, book, case_id, submit, at),
        Act::Import(import) => return import::import(rules, book, case_id, import, at),
        Act::NoteHandling(note) => {
            return Ok(known().map_or_else(Outcome::default, |step| handling::note(step, note)));
        }
        Act::ExpireSupplement(expire) => {
            return Ok(known().map_or_else(Outcome::default, |step| treat::expire(step, expire)));
        }
        Act::ReferralOverdue { at } => {
            return Ok(known().map_or_else(Outcome::default, |step| referral::overdue(step, book, *at)));
        }
        Act::NoteReopened(note) => {
            return Ok(known().map_or_else(Outcome::default, |step| handling::reopened(step, book, note)));
        }
        Act::NoteChanged(note) => {
            return Ok(known().map_or_else(Outcome::default, |step| handling::changed(step, book, note)));
        }
        Act::NoteExtension(note) => {
            return known().map_or_else(|| Ok(Outcome::default()), |s| handling::extended(s, note));
        }
        _ => {}
    }
    let step = known().ok_or(Rejection::CaseNotFound(case_id))?;
    retention::must_be_there(book, case_id, act)?;
    match act {
        Act::Register(register) => submit::register(step, book, register),
        Act::RequestSupplement(request) => desk::request_supplement(step, request),
        Act::ProvideSupplement(supplement) => supplement::provide(step, supplement),
        Act::Correct(correct) => correct::correct(step, correct),
        Act::SetUrgency(set) => urgency::set(step, *set),
        Act::Accept(accept) => desk::accept(step, accept),
        Act::Close(close) => desk::close(step, close),
        Act::Withdraw { goes_on } => desk::withdraw(step, *goes_on),
        Act::ConfirmMasks(confirm) => desk::confirm_masks(step, confirm),
        Act::SendReply(send) => reply::send(step, book, send),
        Act::BeginDelivery(begin) => delivery::begin(step, book, begin),
        Act::EndDelivery(end) => delivery::end(step, book, end),
        Act::DecideDelivery(decide) => delivery::settle(step, book, decide),
        Act::OpenIdentity { purpose } => Ok(open_identity(step, purpose)),
        Act::RecordConduct { occurred_at, text } => Ok(record_conduct(step, *occurred_at, text)),
        Act::RequestGrant(request) => Ok(grant::request(step, request)),
        Act::DecideGrant(decision) => grant::decide(step, book, *decision),
        Act::OpenByGrant { grant_id, organ } => grant::open(step, book, *grant_id, organ),
        Act::RecordReferralAnswer(answer) => referral::answer(step, book, answer),
        Act::Link(to) => Ok(link::link(step, book, to)),
        Act::Unlink(from) => link::unlink(step, book, from),
        Act::Attach(attach) => attach::decide(step, book, attach),
        Act::OnSummary(act) => summary::decide(step, book, act),
        Act::OnInstruction(act) => instruction::decide(step, book, act),
        Act::Rate(rate) => rating::rate(step, book, rate),
        Act::RequestErasure { demand_id, ground } => retention::request(step, book, *demand_id, *ground),
        Act::DecideErasure { demand_id, granted } => retention::decide(step, book, *demand_id, *granted),
        Act::Submit(_)
        | Act::Import(_)
        | Act::NoteHandling(_)
        | Act::NoteExtension(_)
        | Act::NoteReopened(_)
        | Act::NoteChanged(_)
        | Act::NoteOrgan(_)
        | Act::NoteLent(_)
        | Act::ExpireSupplement(_)
        | Act::ReferralOverdue { .. }
        | Act::OnReport(_)
        | Act::ProposeDisposal(_)
        | Act::DecideDisposal { .. }
        | Act::Erase(_) => Err(Rejection::CaseNotFound(case_id)),
    }
}

/// An agency's system may know of its own submissions only.
fn is_callers(case: &Case, command: &Command) -> bool {
    command.agency.as_ref().is_none_or(|agency| *agency == case.received.agency)
}

/// In any state, and whatever it was: nobody is the worse for it in the substance (11).
fn record_conduct(mut step: Step<'_>, occurred_at: Timestamp, text: &Draft) -> Outcome {
    step.happens(Kind::ConductRecorded(ConductRecorded {
        occurred_at: Some(server::time::to_proto(occurred_at)),
        text: Some(text.reference()),
    }));
    step.keeps(Write::Draft(text.clone()));
    step.done()
}

/// Any officer whom the access table lets open it, in any state: the reading is on record (15).
fn open_identity(mut step: Step<'_>, purpose: &str) -> Outcome {
    step.happens(Kind::IdentityOpened(IdentityOpened {
        purpose: purpose.to_owned(),
        grant_id: String::new(),
    }));
    step.done()
}
