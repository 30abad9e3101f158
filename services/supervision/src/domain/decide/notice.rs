//! Reminders and supervision notices: issued, seen, answered, checked, overdue, withdrawn (16, 20).

use duban_proto::common::v1::{Citation, LocalizedText};
use duban_proto::supervision::v1::{
    ClockKind, Instrument, NoticeAnswerAccepted, NoticeAnswerRejected, NoticeAnswered, NoticeIssued,
    NoticeOverdue, NoticeSeen, NoticeState, NoticeWithdrawn, RungFired, WithdrawalReason, event::Kind,
};
use jiff::Timestamp;
use ledger::{Context, Organ};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::fire::Notices;
use super::{Decision, Fact};
use crate::domain::notice::{Notice, subject};
use crate::domain::time::to_wire;
use crate::domain::{
    Book, Clock, IssueNotice, NoticeAct, NoticeCommand, NoticeRejection, OnNotice, Rejection, Rules, Sealed,
    answer,
};

/// The power that a notice by hand rests on.
const POWER: &str = "remind";
/// What is hashed first, of an id that the ledger gives.
const DOMAIN: &[u8] = b"duban.supervision.id.v1";

/// Decides on a notice.
pub(super) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    command: &NoticeCommand,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    match command {
        NoticeCommand::Issue(it) => issue(rules, book, it, context),
        NoticeCommand::On(it) => on(rules, book, it, context),
        NoticeCommand::Lapse { at, notices } => Ok(lapse(book, *at, notices)),
        NoticeCommand::Note { case_id, told } => Ok(note(book, *case_id, told)),
    }
}

/// An id that follows from where something stands in which ledger: the same in every run.
pub(super) fn id_of(what: &str, parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    for part in [DOMAIN, what.as_bytes()].iter().chain(parts) {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// Makes a notice of a rung that issues one, as the entry of this number; to whom the entry is addressed.
pub(super) fn of_rung(book: &Book, clock: &Clock, fired: &mut RungFired, seq: u64) -> Option<Organ> {
    if !matches!(fired.instrument(), Instrument::Reminder | Instrument::SupervisionNotice) {
        return None;
    }
    let case_id = clock.key.case_id;
    // The case's own clock runs at the home, whoever handles the case.
    if clock.kind() == ClockKind::Case && clock.responsible_organ == book.organ {
        book.handler(case_id).clone_into(&mut fired.organ);
    }
    fired.notice_id = id_of("notice", &[book.organ.as_bytes(), &seq.to_be_bytes()]).to_string();
    fired.issued_by.clone_from(&book.organ);
    fired.number.clone_from(&clock.number);
    to(book, &fired.organ)
}

/// What a rung of another organ's ladder issued, as the organ it is for notes it.
pub(crate) fn told_of_rung(fired: &RungFired, at: Timestamp) -> Kind {
    Kind::NoticeIssued(NoticeIssued {
        notice_id: fired.notice_id.clone(),
        instrument: fired.instrument,
        number: fired.instrument_number.clone(),
        issued_by: fired.issued_by.clone(),
        organ: fired.organ.clone(),
        case_number: fired.number.clone(),
        issued_at: Some(to_wire(at)),
        answer_by: fired.answer_by,
        citation: fired.citation.clone(),
        rung: fired.rung.clone(),
        term: fired.term,
        ..NoticeIssued::default()
    })
}

/// Signed by who issues it; a supervision notice gets the next number of the year.
fn issue(
    rules: &Rules<'_>,
    book: &Book,
    issue: &IssueNotice,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let ended = book.clocks_of(issue.case_id).all(|clock| !clock.runs());
    if let Some(stop) = book.clocks_of(issue.case_id).find_map(|clock| clock.stopped).filter(|_| ended) {
        return Err(Rejection::Stopped(answer::reason_name(stop.reason)));
    }
    issue.text.fits(book)?;
    let answered = issue.instrument == Instrument::SupervisionNotice;
    let within = issue.answer_within.unwrap_or(rules.regulation.notices().answer_within);
    let number = || Notices::new(rules, book, &issue.number_prefix, context.now).next();
    let issued = NoticeIssued {
        notice_id: issue.notice_id.to_string(),
        instrument: issue.instrument.into(),
        number: if answered { number() } else { String::new() },
        issued_by: book.organ.clone(),
        signed_by: context.actor.to_owned(),
        organ: issue.organ.clone(),
        case_number: issue.case_number.clone(),
        issued_at: Some(to_wire(context.now)),
        answer_by: answered.then(|| to_wire(rules.due(context.now, within).at)),
        text: issue.text.reference("text"),
        citation: Some(power(rules)),
        ..NoticeIssued::default()
    };
    let fact = Fact::new(issue.case_id, Kind::NoticeIssued(issued)).addressed(to(book, &issue.organ));
    Ok(answered_with(book, fact, issue.notice_id, Some(&issue.text), context))
}

fn on(rules: &Rules<'_>, book: &Book, on: &OnNotice, context: Context<'_>) -> Result<Decision, Rejection> {
    let missing = || NoticeRejection::NoSuchNotice(on.notice_id);
    let notice = book.issued(on.notice_id).filter(|it| it.case_id() == on.case_id).ok_or_else(missing)?;
    let id = on.notice_id.to_string();
    let kind = match &on.act {
        NoticeAct::Acknowledge => {
            must_be_of(&notice.told.organ, book)?;
            must(notice, notice.is_open() && notice.told.seen_by.is_empty())?;
            let seen_at = Some(to_wire(context.now));
            Kind::NoticeSeen(NoticeSeen { notice_id: id, seen_by: context.actor.to_owned(), seen_at })
        }
        NoticeAct::Answer { measures, text } => answer_to(rules, book, notice, measures, text, context)?,
        NoticeAct::Accept { round } => {
            must_check(book, notice, *round, context)?;
            let checked_by = context.actor.to_owned();
            Kind::NoticeAnswerAccepted(NoticeAnswerAccepted { notice_id: id, round: *round, checked_by })
        }
        NoticeAct::Reject { round, answer_within, reason } => {
            must_check(book, notice, *round, context)?;
            reason.fits(book)?;
            let within = answer_within.unwrap_or(rules.regulation.notices().answer_within);
            Kind::NoticeAnswerRejected(NoticeAnswerRejected {
                notice_id: id,
                round: *round,
                checked_by: context.actor.to_owned(),
                answer_by: Some(to_wire(rules.due(context.now, within).at)),
                reason: reason.reference("reason"),
            })
        }
        NoticeAct::Withdraw { reason } => {
            must_be_of(&notice.told.issued_by, book)?;
            must(notice, notice.is_open())?;
            reason.fits(book)?;
            Kind::NoticeWithdrawn(NoticeWithdrawn {
                notice_id: id,
                reason: WithdrawalReason::ByHand.into(),
                withdrawn_by: context.actor.to_owned(),
                text: reason.reference("reason"),
            })
        }
    };
    let sealed = NoticeCommand::On(Box::new(on.clone()));
    let fact = between(book, notice, kind);
    Ok(answered_with(book, fact, on.notice_id, sealed.sealed(), context))
}

/// In time or late; what was done is of the regulation's codes.
fn answer_to(
    rules: &Rules<'_>,
    book: &Book,
    notice: &Notice,
    measures: &[String],
    text: &Sealed,
    context: Context<'_>,
) -> Result<Kind, Rejection> {
    must_be_of(&notice.told.organ, book)?;
    must(notice, notice.waits())?;
    let known = rules.regulation.notices();
    if measures.iter().any(|measure| known.measure(measure).is_none()) {
        let (zh, en) = ("规定中没有该项措施。", "The regulation knows no such measure.");
        let article = known.basis.article().unwrap_or_default().to_owned();
        return Err(NoticeRejection::NotByRegulation { zh, en, article }.into());
    }
    text.fits(book)?;
    Ok(Kind::NoticeAnswered(NoticeAnswered {
        notice_id: notice.told.notice_id.clone(),
        round: u32::try_from(notice.told.answers.len()).unwrap_or(u32::MAX).saturating_add(1),
        answered_by: context.actor.to_owned(),
        answered_at: Some(to_wire(context.now)),
        measures: measures.to_vec(),
        text: text.reference("text"),
    }))
}

/// The last answer waits for it, and it is another's.
fn must_check(book: &Book, notice: &Notice, round: u32, context: Context<'_>) -> Result<(), Rejection> {
    must_be_of(&notice.told.issued_by, book)?;
    let last = notice.told.answers.last();
    must(notice, notice.told.state() == NoticeState::Answered && last.is_some_and(|it| it.round == round))?;
    if last.is_some_and(|it| it.answered_by == context.actor) {
        return Err(NoticeRejection::Excluded {
            person: context.actor.to_owned(),
            zh: "反馈督办情况的人不得审核该反馈。",
            en: "Whoever answered does not check the answer.",
            article: String::new(),
        }
        .into());
    }
    Ok(())
}

/// The answers that are overdue at the tick's time.
fn lapse(book: &Book, at: Timestamp, notices: &[(Uuid, Uuid)]) -> Decision {
    let notices: std::collections::BTreeSet<_> = notices.iter().map(|(_, id)| *id).collect();
    let due = notices.into_iter().filter_map(|id| book.issued(id)).filter(|notice| {
        notice.told.issued_by == book.organ && notice.next_at().is_some_and(|next| next <= at)
    });
    let facts = due.map(|notice| {
        let (notice_id, answer_by) = (notice.told.notice_id.clone(), notice.told.answer_by);
        between(book, notice, Kind::NoticeOverdue(NoticeOverdue { notice_id, answer_by }))
    });
    Decision::of(facts.collect())
}

/// What changes nothing (it was told before, or crossed something that settled it) is noted nowhere.
fn note(book: &Book, case_id: Uuid, told: &Kind) -> Decision {
    let Some(id) = subject(told) else { return Decision::default() };
    let changes = match (book.issued(id), told) {
        (None, Kind::NoticeIssued(_)) => true,
        (None, _) | (Some(_), Kind::NoticeIssued(_)) => false,
        (Some(notice), _) => notice.clone().after(told) != *notice,
    };
    Decision::of(changes.then(|| Fact::new(case_id, told.clone())).into_iter().collect())
}

/// What follows from clocks that stop or move: notices of a case that ended, and those of rungs that are annulled, are withdrawn.
pub(super) fn follow_up(book: &Book, mut decision: Decision) -> Decision {
    if book.issued.is_empty() {
        return decision;
    }
    let mut gone: Vec<(&Notice, WithdrawalReason)> = Vec::new();
    for fact in &decision.facts {
        let Some(case_id) = fact.case_id else { continue };
        let open = book.issued_of(case_id).filter(|notice| notice.is_open());
        match &fact.kind {
            Kind::ClockMoved(moved) => {
                let annulled = open.filter(|it| {
                    let of_clock = !it.told.rung.is_empty() && it.told.term == moved.term;
                    it.told.issued_by == book.organ && of_clock && it.index >= moved.rungs_standing
                });
                gone.extend(annulled.map(|notice| (notice, WithdrawalReason::Annulled)));
            }
            Kind::ClockStopped(stopped) => {
                let left = stands(book, &decision.facts, case_id);
                let ended = open.filter(|it| {
                    let fired_here = it.told.issued_by == book.organ && !it.told.rung.is_empty();
                    if fired_here { it.told.term == stopped.term } else { !left }
                });
                gone.extend(ended.map(|notice| (notice, WithdrawalReason::Ended)));
            }
            _ => {}
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let facts = gone.into_iter().filter(|(notice, _)| seen.insert(notice.id())).map(|(notice, reason)| {
        let notice_id = notice.told.notice_id.clone();
        let withdrawn = NoticeWithdrawn { notice_id, reason: reason.into(), ..NoticeWithdrawn::default() };
        between(book, notice, Kind::NoticeWithdrawn(withdrawn))
    });
    let facts: Vec<Fact> = facts.collect();
    decision.facts.extend(facts);
    decision
}

/// Whether a clock of the case goes on here after these entries.
fn stands(book: &Book, facts: &[Fact], case_id: Uuid) -> bool {
    let stops = |term: u32| {
        facts.iter().any(|fact| match &fact.kind {
            Kind::ClockStopped(stopped) => fact.case_id == Some(case_id) && stopped.term == term,
            _ => false,
        })
    };
    let starts = facts.iter().any(|fact| matches!(fact.kind, Kind::ClockStarted(_)));
    starts || book.clocks_of(case_id).any(|clock| clock.runs() && !stops(clock.key.term))
}

/// Addressed to the other of the two organs, where there is one.
fn between(book: &Book, notice: &Notice, kind: Kind) -> Fact {
    let other = notice.other(&book.organ).and_then(|other| Organ::new(other).ok());
    Fact::new(notice.case_id(), kind).addressed(other)
}

/// To an organ that is another one.
pub(super) fn to(book: &Book, organ: &str) -> Option<Organ> {
    // Codes come from the entries of other ledgers and from the directory: they are organs.
    Organ::new(organ).ok().filter(|_| organ != book.organ)
}

/// The entry, with the notice as it is after it, and its texts.
fn answered_with(
    book: &Book,
    fact: Fact,
    id: Uuid,
    texts: Option<&Sealed>,
    context: Context<'_>,
) -> Decision {
    let mut after = Book::new(book.organ.clone());
    after.with_issued(book.issued(id).cloned());
    super::evolve_one(&mut after, &fact, context);
    let mut decision = Decision::of(vec![fact]);
    decision.answer.notice = after.issued(id).map(|notice| notice.told.clone());
    decision.writes = texts.map(Sealed::writes).unwrap_or_default();
    decision
}

fn must(notice: &Notice, holds: bool) -> Result<(), Rejection> {
    let state = notice.told.state().as_str_name().trim_start_matches("NOTICE_STATE_");
    if holds { Ok(()) } else { Err(NoticeRejection::NoticeState(state).into()) }
}

fn must_be_of(organ: &str, book: &Book) -> Result<(), Rejection> {
    if organ == book.organ { Ok(()) } else { Err(NoticeRejection::NotThisOrgan(book.organ.clone()).into()) }
}

/// What a notice by hand rests on; the house's where the regulation has no such power.
fn power(rules: &Rules<'_>) -> Citation {
    let regulation = rules.regulation;
    match regulation.power(POWER) {
        Some(power) => rules.citation(&power.basis, POWER, &power.text),
        None => Citation {
            regulation: regulation.code().to_owned(),
            version: regulation.version().to_owned(),
            text: Some(LocalizedText { zh: "催办、督办".into(), en: "remind and supervise".into() }),
            ..Citation::default()
        },
    }
}
