//! Routing's entries of the same organ (17): clocks start with a case and with a term, and stop with the disposition.

use std::sync::Arc;

use content::{Erased, Erasure, ErasureList};
use directory::Live;
use duban_proto::common::v1::{CaseFacts, CaseState};
use duban_proto::routing::v1::{self as routing, HomeSucceeded, TermBegun, event::Kind};
use duban_proto::supervision::v1::StopReason;
use jiff::Timestamp;
use ledger::{Incoming, Translate, TranslateError};
use uuid::Uuid;

use super::{case_of, conduct, event, figures, follow_up, need, parts};
use crate::domain::time::opt_from_wire;
use crate::domain::{ClockKey, Command, HandOver, StartClock, StopClocks, Which};
use crate::ledgers::Ledgers;

use super::result::results;

/// Translates routing's entries.
#[derive(Debug)]
pub(crate) struct Routing {
    pub(crate) directory: Live,
    pub(crate) erasures: Arc<ErasureList>,
}

impl Translate<Ledgers> for Routing {
    const KINDS: &'static [&'static str] = &[
        "organ_established",
        "case_opened",
        "term_begun",
        "term_received",
        "term_left",
        "investigators_appointed",
        "investigator_replaced",
        "disposition_approved",
        "case_concluded",
        "home_succeeded",
        "home_moved",
        "withdrawal_noted",
        "facts_corrected",
        "case_reopened",
        "part_received",
        "part_noted",
        "opinion_decided",
        "content_erased",
        "transfer_returned",
        "investigators_appointed",
    ];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        if entry.kind == "content_erased" {
            return self.erased(entry).await;
        }
        let mut all = commands(entry)?;
        all.extend(results(&self.directory.current(), entry)?);
        all.extend(conduct::commands(entry)?);
        Ok(all)
    }
}

impl Routing {
    /// On this service's list before anything is deleted by it.
    async fn erased(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let kind = need(event::<routing::Event>(entry)?.kind, "event", entry)?;
        let Kind::ContentErased(erased) = kind else { return Ok(Vec::new()) };
        let erasure = Erasure {
            organ: entry.target.as_str().to_owned(),
            case_id: case_of(entry)?,
            what: Erased::Case,
            at: moment(erased.erased_at.as_ref(), "erased_at", entry)?,
            article: erased.article,
        };
        let listed = self.erasures.note(vec![erasure]).await;
        let listed = listed.map_err(|error| TranslateError::Later(Box::new(error)))?;
        Ok(listed.into_iter().map(|listed| Command::Erase(Box::new(listed))).collect())
    }
}

fn commands(entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
    let own = entry.target.as_str();
    let kind = need(event::<routing::Event>(entry)?.kind, "event", entry)?;
    let handled = follow_up::handled(entry, &kind)?;
    let all = match kind {
        Kind::OrganEstablished(established) => {
            let organ = need(established.organ, "organ", entry)?;
            vec![Command::NoteOrgan(Box::new(organ))]
        }
        // Concluded at the home before, which was closed: its time is over.
        Kind::CaseOpened(opened) if opened.inherited.as_ref().is_some_and(is_over) => Vec::new(),
        Kind::CaseOpened(opened) => {
            let facts = need(opened.facts, "facts", entry)?;
            let again = opened.inherited.as_ref().filter(|home| home.reopenings > 0);
            let again = again.and_then(|home| home.reopened_at);
            // The clock of that round (3): a term that begins here starts no other.
            let reopened = again.is_some();
            let facts = CaseFacts { accepted_at: again.or(facts.accepted_at), ..facts };
            let start = moment(facts.accepted_at.as_ref(), "accepted_at", entry)?;
            let inherited = opened.inherited.is_some();
            let start = clock(ClockKey::case(case_of(entry)?), start, own, own, facts, reopened);
            vec![if inherited { Command::InheritClock(start) } else { Command::StartClock(start) }]
        }
        Kind::TermBegun(term) => begun(entry, term)?,
        Kind::TermReceived(received) => {
            let begun_at = moment(received.begun_at.as_ref(), "begun_at", entry)?;
            let term = need(received.term, "term", entry)?;
            holds(entry, term, begun_at)?
        }
        // At the organ that held it; at the home, which notes it too, the clock of that term never ran.
        Kind::TermLeft(left) => {
            let at = moment(left.at.as_ref(), "at", entry)?;
            let stopped = stop(entry, Which::Term(left.term), StopReason::Superseded, at)?;
            std::iter::once(stopped).chain(figures::returned(entry, &left)?).collect()
        }
        Kind::DispositionApproved(approved) => {
            let stopped = stop(entry, Which::Term(approved.term), StopReason::Concluded, entry.recorded_at)?;
            vec![figures::approved(entry, &approved)?, stopped]
        }
        Kind::CaseConcluded(concluded) => {
            let at = moment(concluded.approved_at.as_ref(), "approved_at", entry)?;
            vec![
                figures::concluded(entry, &concluded, at)?,
                stop(entry, Which::All, StopReason::Concluded, at)?,
            ]
        }
        Kind::FactsCorrected(corrected) => {
            let facts = need(corrected.facts, "facts", entry)?;
            let due_at = facts.external_due_at.as_ref().and_then(opt_from_wire);
            let limit = Command::NoteExternalLimit { case_id: case_of(entry)?, due_at };
            vec![limit, figures::corrected(entry, facts)?]
        }
        Kind::CaseReopened(reopened) => vec![figures::reopened(entry, reopened)?],
        // The organ is closed: the term that it held ends, and goes on at its successor.
        Kind::HomeSucceeded(passed) => {
            let over = HandOver { case_id: case_of(entry)?, to: passed.successor };
            vec![superseded(entry, u32::MAX, entry.recorded_at)?, Command::HandOver(over)]
        }
        Kind::HomeMoved(_) => {
            vec![stop(entry, Which::Term(0), StopReason::HomeMoved, entry.recorded_at)?]
        }
        // Where the centre goes on with the matter, its time goes on too.
        Kind::WithdrawalNoted(noted) if noted.goes_on => Vec::new(),
        Kind::WithdrawalNoted(_) => {
            vec![stop(entry, Which::All, StopReason::Withdrawn, entry.recorded_at)?]
        }
        Kind::PartReceived(_) | Kind::PartNoted(_) | Kind::OpinionDecided(_) => parts::commands(entry, kind)?,
        _ => Vec::new(),
    };
    Ok(all.into_iter().chain(handled).collect())
}

fn is_over(inherited: &HomeSucceeded) -> bool {
    !matches!(inherited.state(), CaseState::Accepted | CaseState::InHandling)
}

/// A term began at the home. Its clock runs here where the home handles the case itself; at another organ it starts when
/// that one's ledger says `term_received`.
fn begun(entry: &Incoming, term: TermBegun) -> Result<Vec<Command>, TranslateError> {
    if term.reopenings > 0 {
        return again(entry, &term);
    }
    if term.organ == entry.target.as_str() {
        return holds(entry, term, entry.recorded_at);
    }
    if term.term > 1 { Ok(vec![superseded(entry, term.term, entry.recorded_at)?]) } else { Ok(Vec::new()) }
}

/// The case was opened again (3): the home's clock of the new round counts from then, whichever organ handles it, and also
/// where a term of the same round was before. The case's own stays as judged.
fn again(entry: &Incoming, term: &TermBegun) -> Result<Vec<Command>, TranslateError> {
    let reopened_at = moment(term.reopened_at.as_ref(), "reopened_at", entry)?;
    let (number, organ) = (term.term, term.organ.clone());
    let key = ClockKey::term(case_of(entry)?, number);
    let facts = counted(term, need(term.facts.clone(), "facts", entry)?);
    let start = start_clock(key, reopened_at, entry.target.as_str(), &organ, facts, true);
    Ok(vec![superseded(entry, number, entry.recorded_at)?, start])
}

/// The facts, with the time from which the longest of a clock is counted: the acceptance, or when it was opened again (3, 17).
fn counted(term: &TermBegun, facts: CaseFacts) -> CaseFacts {
    let accepted_at = term.reopened_at.filter(|_| term.reopenings > 0).or(facts.accepted_at);
    CaseFacts { accepted_at, ..facts }
}

/// This organ holds a term from then on, and none that was before it.
fn holds(entry: &Incoming, term: TermBegun, begun_at: Timestamp) -> Result<Vec<Command>, TranslateError> {
    let facts = counted(&term, need(term.facts.clone(), "facts", entry)?);
    let TermBegun { term: number, home, .. } = term;
    let key = ClockKey::term(case_of(entry)?, number);
    let start = start_clock(key, begun_at, &home, entry.target.as_str(), facts, false);
    if number > 1 { Ok(vec![superseded(entry, number, begun_at)?, start]) } else { Ok(vec![start]) }
}

fn superseded(entry: &Incoming, by: u32, at: Timestamp) -> Result<Command, TranslateError> {
    stop(entry, Which::TermsBefore(by), StopReason::Superseded, at)
}

fn stop(
    entry: &Incoming,
    which: Which,
    reason: StopReason,
    at: Timestamp,
) -> Result<Command, TranslateError> {
    let case_id: Uuid = case_of(entry)?;
    Ok(Command::StopClocks(StopClocks { case_id, which, reason, at }))
}

fn start_clock(
    key: ClockKey,
    start: Timestamp,
    home: &str,
    responsible: &str,
    facts: CaseFacts,
    reopened: bool,
) -> Command {
    Command::StartClock(clock(key, start, home, responsible, facts, reopened))
}

fn clock(
    key: ClockKey,
    start: Timestamp,
    home: &str,
    responsible: &str,
    facts: CaseFacts,
    reopened: bool,
) -> Box<StartClock> {
    Box::new(StartClock {
        key,
        start,
        home: home.to_owned(),
        responsible_organ: responsible.to_owned(),
        facts,
        reopened,
    })
}

fn moment(
    at: Option<&prost_types::Timestamp>,
    what: &str,
    entry: &Incoming,
) -> Result<Timestamp, TranslateError> {
    need(at.and_then(opt_from_wire), what, entry)
}

#[cfg(test)]
mod tests {
    use ledger::{CaseId, Organ, Position};
    use prost::Message as _;

    use super::*;

    fn entry(kind: Kind, case: Option<u128>) -> Incoming {
        let organ = Organ::new("baoshan").unwrap();
        Incoming {
            source: organ.clone(),
            target: organ,
            position: Position::START,
            recorded_at: Timestamp::UNIX_EPOCH,
            case: case.map(|case| CaseId(Uuid::from_u128(case))),
            actor: "wang.fang".into(),
            kind: "tested".into(),
            body: routing::Event { kind: Some(kind) }.encode_to_vec().into(),
        }
    }

    fn malformed(entry: &Incoming) -> bool {
        matches!(commands(entry), Err(TranslateError::Malformed(_)))
    }

    #[test]
    fn what_is_not_whole_is_put_aside_and_not_guessed() {
        let opened = || routing::CaseOpened::default();
        assert!(malformed(&entry(Kind::CaseOpened(opened()), Some(1))), "no facts");
        let facts = Some(CaseFacts::default());
        assert!(
            malformed(&entry(Kind::CaseOpened(routing::CaseOpened { facts, ..opened() }), Some(1))),
            "no time"
        );
        let approved = routing::DispositionApproved::default();
        assert!(malformed(&entry(Kind::DispositionApproved(approved), None)), "no case");
        let moved = entry(Kind::HomeMoved(routing::HomeMoved::default()), Some(1));
        assert!(malformed(&Incoming { body: b"\xff".as_slice().into(), ..moved }), "no event");
    }

    #[test]
    fn a_first_term_elsewhere_concerns_no_clock_here() {
        let term = TermBegun { term: 1, organ: "baoshan.luodian".into(), ..TermBegun::default() };
        assert!(commands(&entry(Kind::TermBegun(term), Some(1))).unwrap().is_empty());
    }
}
