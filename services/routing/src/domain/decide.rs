//! From a command and the state to events, or a rejection with its article.

mod begin;
mod casework;
mod change;
mod erase;
mod greet;
mod guidance;
mod home;
mod inquiry;
mod instruments;
mod joint;
mod loan;
mod ordered;
mod received;
mod reopen;
mod run_out;
mod staff;
mod step;
mod succession;
mod takeover;
mod told;
mod transfer;
mod transfer_told;
mod urgency;

use directory::Directory;
use duban_proto::routing::v1::event::Kind;
use jiff::Timestamp;
use regulation::Rules;
use uuid::Uuid;

use super::{Act, After, Answer, Book, Command, Joint, Rejection, Write};
pub(crate) use instruments::position;
pub use loan::lender;
pub(crate) use reopen::may_be_reopened;
pub use staff::hand_over_plan;
use step::Step;
pub(crate) use takeover::may_be_taken_over;

/// Where, when and by whom a command is decided.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The organ in whose ledger.
    pub organ: &'a str,
    /// The time its entries will have.
    pub now: Timestamp,
    /// Who: the subject of the token, or a service.
    pub actor: &'a str,
}

/// An entry to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What happens.
    pub kind: Kind,
    /// The organ it is addressed to.
    pub audience: Option<String>,
}

/// What a command leads to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What happens, in order.
    pub facts: Vec<Fact>,
    /// The answer.
    pub answer: Answer,
    /// What is kept beside the ledger.
    pub writes: Vec<Write>,
    /// What happens on other cases, after that: of a command that is about many.
    pub on_others: Vec<(Uuid, Kind)>,
}

/// Decides a command. `directory` is the tree of organs as it is known at the time.
pub fn decide(
    rules: &Rules,
    directory: &Directory,
    book: &Book,
    command: &Command,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    if let Act::Establish(organs) = &command.act {
        return change::establish(book, organs);
    }
    if let Act::Succession(act) = &command.act {
        return succession::decide(rules, directory, book, (command.case_id, act), at);
    }
    if let Act::Inquire(inquire) = &command.act
        && inquire.needs_no_case()
    {
        return staff::decide(rules, book, command.case_id.unwrap_or_default(), inquire, at);
    }
    if let Act::Guidance(asked) = &command.act {
        return guidance::decide(directory, book, command, asked, at);
    }
    if let Act::Received(act) = &command.act {
        return received::decide(book, command, act, at);
    }
    let case_id = command.case_id.ok_or(Rejection::CaseNotFound(Uuid::nil()))?;
    if let Act::Takeover(takeover) = &command.act {
        return takeover::decide(rules, directory, book, (case_id, takeover), at);
    }
    let case = book.case(case_id);
    match &command.act {
        Act::Open(open) => return Ok(home::open(rules, directory, at, case_id, case, open)),
        Act::ReceiveTerm(told) => return Ok(told::receive_term(rules, directory, at, case_id, case, told)),
        Act::Joint(Joint::Receive(begun)) => {
            return Ok(joint::receive(rules, directory, at, case_id, case, begun));
        }
        _ => {}
    }
    if command.brings_key().is_some_and(|case_id| book.keyed.contains(&case_id)) {
        return Err(Rejection::KeyIsThere(case_id));
    }
    let step =
        case.map(|case| Step::new(rules, directory, at, case_id, case.clone()).with_staff(book.staff()));
    match (&command.act, step) {
        // Withdrawn or corrected before it was accepted, or told of a case that never came here.
        (
            Act::NoteWithdrawal { .. }
            | Act::NoteReply { .. }
            | Act::CorrectFacts { .. }
            | Act::NoteUrgency(_)
            | Act::After(After::NoteReopened(_) | After::NoteUnacknowledged(_) | After::RunOut { .. })
            | Act::Ordered(_),
            None,
        ) => Ok(Outcome::default()),
        (Act::Erase(listed), None) => Ok(received::erase(book, case_id, listed)),
        // What a later home tells may come before what the home before told.
        (act, None) if !act.is_asked_by_a_person() => Ok(Outcome::default()),
        (_, None) => Err(Rejection::CaseNotFound(case_id)),
        (act @ Act::After(after), Some(step)) => {
            erase::must_be_there(&step, act)?;
            decide_after(book, after, step)
        }
        (act, Some(step)) => decide_on(act, step),
    }
}

/// About instruments, limits and reopening (3, 7, 22).
fn decide_after(book: &Book, after: &After, step: Step<'_>) -> Result<Outcome, Rejection> {
    match after {
        After::Instrument(act) => instruments::decide(step, book, act),
        After::Reopen(reopen) => reopen::reopen(step, reopen),
        After::NoteReopened(reopened) => Ok(reopen::note(step, reopened)),
        After::RunOut { at } => Ok(run_out::run_out(step, *at)),
        After::NoteUnacknowledged(overdue) => Ok(run_out::note_overdue(step, overdue)),
    }
}

fn decide_on(act: &Act, step: Step<'_>) -> Result<Outcome, Rejection> {
    erase::must_be_there(&step, act)?;
    match act {
        Act::NoteWorkingCopy(copy) => Ok(home::note_working_copy(step, copy)),
        Act::NoteWithdrawal { goes_on } => Ok(home::note_withdrawal(step, *goes_on)),
        Act::CorrectFacts { facts, from } => Ok(home::correct_facts(step, facts, from.as_deref())),
        Act::NoteReply { at } => Ok(home::note_reply(step, *at)),
        Act::NoteUrgency(noted) => Ok(urgency::note(step, *noted)),
        Act::Route(route) => home::route(step, route),
        Act::Archive(archive) => home::archive(step, *archive),
        Act::NoteAcknowledgement { term, organ, at } => {
            Ok(told::note_acknowledgement(step, *term, organ, *at))
        }
        Act::NoteResult(told) => Ok(told::note_result(step, told)),
        Act::MoveHome { home } => Ok(told::move_home(step, home)),
        Act::FollowHome { home, from } => Ok(told::follow_home(step, home, from)),
        Act::NoteOutcome(outcome) => Ok(told::note_outcome(step, outcome)),
        Act::NoteArchive(archive) => Ok(told::note_archive(step, *archive)),
        Act::Erase(listed) => Ok(erase::erase(step, listed)),
        Act::Acknowledge { term } => casework::acknowledge(step, *term),
        Act::Appoint(appoint) => casework::appoint(step, appoint),
        Act::File(file) => casework::file(step, file),
        Act::Submit(submit) => casework::submit(step, submit),
        Act::Return { term, reason } => casework::send_back(step, *term, reason),
        Act::Approve { term } => casework::approve(step, *term),
        Act::Joint(joint) => joint::decide(step, joint),
        Act::Inquire(inquire) => inquiry::decide(step, inquire),
        Act::Transfer(handshake) => transfer::decide(step, handshake),
        Act::Ordered(ordered) => Ok(ordered::decide(step, ordered)),
        Act::Establish(_)
        | Act::Succession(_)
        | Act::Takeover(_)
        | Act::Open(_)
        | Act::ReceiveTerm(_)
        | Act::Guidance(_)
        | Act::Received(_)
        | Act::After(_) => Err(Rejection::CaseNotFound(step.case_id)),
    }
}
