//! Accountability (21): what is known is gathered, told to who may hold accountable, proposed, opened, heard, concluded.

use duban_proto::supervision::v1::{
    AccountabilityConcluded, AccountabilityDismissed, AccountabilityOpened, AccountabilityOutcome,
    AccountabilityProposed, AccountabilityState, ChainNoted, ConductKind, ConductNoted, ConductTold,
    Evidence, EvidenceNoted, StatementGiven, event::Kind,
};
use ledger::Context;
use regulation::{Accountability, Basis, Text};
use uuid::Uuid;

use super::notice::{id_of, to};
use super::{Decision, Fact, evolve_one};
use crate::domain::conduct::{is_complete, led_to_repeats};
use crate::domain::file::File;
use crate::domain::time::{opt_from_wire, to_wire};
use crate::domain::{AccountabilityCommand, Book, NoticeRejection, OpenFile, Rejection, Rules, Sealed};

/// The outcome where no measure is taken.
const NONE: &str = "none";

/// Decides on accountability for a case.
pub(super) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    (case_id, command): (Uuid, &AccountabilityCommand),
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    match command {
        AccountabilityCommand::Note(noted) => Ok(note(book, case_id, noted, context)),
        AccountabilityCommand::Tell { authority } => Ok(tell(rules, book, case_id, authority)),
        AccountabilityCommand::Hear(told) => Ok(hear(rules, book, case_id, told)),
        AccountabilityCommand::Open(open) => self::open(rules, book, case_id, open, context),
        AccountabilityCommand::Dismiss { file_id, reason } => {
            let file = found(book, case_id, *file_id)?;
            must_decide(book, file, &[AccountabilityState::Proposed], context)?;
            reason.fits(book)?;
            let dismissed =
                AccountabilityDismissed { file_id: file_id.to_string(), reason: reason.reference("reason") };
            let fact = Fact::new(case_id, Kind::AccountabilityDismissed(dismissed));
            Ok(answered(book, *file_id, vec![fact], reason, context))
        }
        AccountabilityCommand::Hearing { file_id, text } => hearing(book, case_id, *file_id, text, context),
        AccountabilityCommand::Conclude { file_id, outcomes, reason } => {
            conclude(rules, book, (case_id, *file_id), outcomes, reason, context)
        }
        AccountabilityCommand::Told(kind) => Ok(told(book, case_id, kind)),
    }
}

/// What changes nothing is noted nowhere.
fn note(book: &Book, case_id: Uuid, noted: &ConductNoted, context: Context<'_>) -> Decision {
    let fact = Fact::new(case_id, Kind::ConductNoted(noted.clone()));
    let mut after = Book::new(book.organ.clone());
    after.with_conducts(book.conduct(case_id).cloned());
    evolve_one(&mut after, &fact, context);
    let changes = after.conduct(case_id) != book.conduct(case_id);
    let empty = book.conduct(case_id).is_none()
        && after.conduct(case_id).is_some_and(|it| {
            it.noted.is_empty() && it.handler.is_empty() && it.persons.is_empty() && it.finding == 0
        });
    Decision::of(if changes && !empty { vec![fact] } else { Vec::new() })
}

/// What follows from what happened: once shirking led to repeated complaints, the organ that may hold accountable is to be told, and
/// of each thing that happens then. At that organ, a file that is watched is proposed when the chain is complete.
pub(super) fn follow_up(
    rules: &Rules<'_>,
    book: &Book,
    mut decision: Decision,
    context: Context<'_>,
) -> Decision {
    let Some(rule) = rules.regulation.accountability() else { return decision };
    let bears = |fact: &&Fact| {
        matches!(fact.kind, Kind::RungFired(_) | Kind::NoticeOverdue(_) | Kind::ConductNoted(_))
    };
    if !decision.facts.iter().any(|fact| bears(&fact)) {
        return decision;
    }
    let after = after(book, &decision.facts, context);
    let citation = Some(rules.citation(&rule.basis, "accountability", &rule.text));
    for conduct in after.changed_conducts() {
        let case_id = conduct.case();
        if !conduct.due && !conduct.untold().is_empty() && led_to_repeats(rule, &conduct.evidence()) {
            let noted = ChainNoted { citation: citation.clone() };
            decision.facts.push(Fact::new(case_id, Kind::ChainNoted(noted)));
        }
        for file in after.files_of(case_id).filter(|file| file.told.authority == book.organ) {
            decision.facts.extend(completed(rules, rule, &after, file, Vec::new()));
        }
    }
    decision
}

/// The book after these entries, as far as accountability is concerned.
fn after(book: &Book, facts: &[Fact], context: Context<'_>) -> Book {
    let mut after = Book::new(book.organ.clone());
    after.clocks.clone_from(&book.clocks);
    after.issued.clone_from(&book.issued);
    after.concerns.clone_from(&book.concerns);
    after.conducts.clone_from(&book.conducts);
    after.files.clone_from(&book.files);
    for (fact, next_seq) in facts.iter().zip(context.next_seq..) {
        evolve_one(&mut after, fact, Context { next_seq, ..context });
    }
    after
}

/// To the authority; into a file here where this organ is the one.
fn tell(rules: &Rules<'_>, book: &Book, case_id: Uuid, authority: &str) -> Decision {
    let Some(conduct) = book.conduct(case_id).filter(|conduct| conduct.due) else {
        return Decision::default();
    };
    let clock = book.clocks_of(case_id).next();
    let told = ConductTold {
        organ: book.handler(case_id).to_owned(),
        home: clock.map_or(&book.organ, |clock| &clock.home).clone(),
        case_number: clock.map(|clock| clock.number.clone()).unwrap_or_default(),
        evidence: conduct.untold(),
        authority: authority.to_owned(),
    };
    let fact = Fact::new(case_id, Kind::ConductTold(told.clone())).addressed(to(book, authority));
    let mut facts = vec![fact];
    if authority == book.organ {
        facts.extend(hear(rules, book, case_id, &told).facts);
    }
    Decision::of(facts)
}

/// What was told is added while the file is open; it is proposed when the chain is complete.
fn hear(rules: &Rules<'_>, book: &Book, case_id: Uuid, told: &ConductTold) -> Decision {
    let id = file_id(&book.organ, case_id, &told.organ);
    let new = match book.file(id) {
        Some(file) if !file.takes_evidence() => Vec::new(),
        Some(file) => file.new_of(&told.evidence),
        None => told.evidence.clone(),
    };
    if new.is_empty() {
        return Decision::default();
    }
    let noted = EvidenceNoted {
        file_id: id.to_string(),
        organ: told.organ.clone(),
        home: told.home.clone(),
        case_number: told.case_number.clone(),
        evidence: new.clone(),
    };
    let mut facts = vec![Fact::new(case_id, Kind::EvidenceNoted(noted))];
    if let Some(rule) = rules.regulation.accountability() {
        let watched = File::watched(id, case_id);
        let file = book.file(id).unwrap_or(&watched);
        facts.extend(completed(rules, rule, book, file, new));
    }
    Decision::of(facts)
}

/// What this organ knows itself is taken into a file that it keeps, and a watched one is proposed when its chain is complete.
fn completed(
    rules: &Rules<'_>,
    rule: &Accountability,
    book: &Book,
    file: &File,
    mut added: Vec<Evidence>,
) -> Vec<Fact> {
    if !file.takes_evidence() {
        return Vec::new();
    }
    let case_id = file.case_id();
    let mut facts = Vec::new();
    let known = book.conduct(case_id).map(|it| it.evidence()).unwrap_or_default();
    let reports = known.into_iter().filter(|it| it.kind() == ConductKind::Retaliation);
    let own = file.new_of(reports);
    if !own.is_empty() {
        added.extend(own.iter().cloned());
        let noted =
            EvidenceNoted { file_id: file.told.file_id.clone(), evidence: own, ..EvidenceNoted::default() };
        facts.push(Fact::new(case_id, Kind::EvidenceNoted(noted)));
    }
    let all: Vec<&Evidence> = file.told.evidence.iter().chain(&added).collect();
    if !file.is_listed() && is_complete(rule, &all) {
        let citation = Some(rules.citation(&rule.basis, "accountability", &rule.text));
        let proposed = AccountabilityProposed { file_id: file.told.file_id.clone(), citation };
        facts.push(Fact::new(case_id, Kind::AccountabilityProposed(proposed)));
    }
    facts
}

/// A file for each case and organ that handled it.
fn file_id(authority: &str, case_id: Uuid, organ: &str) -> Uuid {
    id_of("accountability", &[authority.as_bytes(), case_id.as_bytes(), organ.as_bytes()])
}

/// One that was proposed, or by hand; on the organ that handled the case, on persons, or both.
fn open(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    open: &OpenFile,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let id = open.file_id.unwrap_or_else(|| file_id(&book.organ, case_id, &open.organ));
    let by_hand = match (book.file(id), open.file_id) {
        (Some(file), _) => {
            let watched = open.file_id.is_none() && !file.is_listed();
            if !watched {
                must_decide(book, file, &[AccountabilityState::Proposed], context)?;
            }
            watched
        }
        (None, Some(_)) => return Err(NoticeRejection::NoSuchFile(id).into()),
        (None, None) => true,
    };
    must_be_impartial(book, case_id, context)?;
    open.reason.fits(book)?;
    let known = book.file(id).map(|file| &file.told);
    let organ = known.map_or(&open.organ, |file| &file.organ);
    let heard_within = rules.regulation.accountability().map(|rule| rule.heard_within);
    let opened = AccountabilityOpened {
        file_id: id.to_string(),
        authority: book.organ.clone(),
        organ: organ.clone(),
        home: known.map_or(&open.home, |file| &file.home).clone(),
        case_number: known.map_or(&open.case_number, |file| &file.case_number).clone(),
        persons: open.persons.clone(),
        opened_by: context.actor.to_owned(),
        by_hand,
        reason: open.reason.reference("reason"),
        citation: Some(cited(rules)),
        on_organ: open.on_organ,
        opened_at: Some(to_wire(context.now)),
        heard_until: heard_within.map(|within| to_wire(rules.due(context.now, within).at)),
    };
    let fact = Fact::new(case_id, Kind::AccountabilityOpened(opened)).addressed(to(book, organ));
    Ok(answered(book, id, vec![fact], &open.reason, context))
}

/// By the organ concerned, while the file is open.
fn hearing(
    book: &Book,
    case_id: Uuid,
    file_id: Uuid,
    text: &Sealed,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let file = found(book, case_id, file_id)?;
    if file.told.organ != book.organ {
        return Err(NoticeRejection::NotThisOrgan(book.organ.clone()).into());
    }
    must_stand(file, &[AccountabilityState::Open])?;
    text.fits(book)?;
    let given = StatementGiven {
        file_id: file_id.to_string(),
        text: text.reference("text"),
        given_by: context.actor.to_owned(),
        given_at: Some(to_wire(context.now)),
    };
    let audience = to(book, &file.told.authority);
    let fact = Fact::new(case_id, Kind::StatementGiven(given)).addressed(audience);
    Ok(answered(book, file_id, vec![fact], text, context))
}

/// Once the organ was heard, or its time for it is over; one outcome for each, of the regulation's measures (22).
fn conclude(
    rules: &Rules<'_>,
    book: &Book,
    (case_id, file_id): (Uuid, Uuid),
    outcomes: &[AccountabilityOutcome],
    reason: &Sealed,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let file = found(book, case_id, file_id)?;
    must_decide(book, file, &[AccountabilityState::Open], context)?;
    let heard_until = file.told.heard_until.as_ref().and_then(opt_from_wire);
    if file.told.statements.is_empty() && heard_until.is_some_and(|until| context.now < until) {
        let (zh, en) = ("应当先听取承办单位的陈述。", "The organ concerned is heard first.");
        return Err(NoticeRejection::NotByRegulation { zh, en, article: String::new() }.into());
    }
    let subjects = file.subjects();
    let mut given: Vec<&str> = outcomes.iter().map(|it| it.subject.as_str()).collect();
    given.sort_unstable();
    if given != subjects {
        let (zh, en) = (
            "应当对每一被追责的单位和人员各给出一项处理结果。",
            "There is one outcome for each whom the file is on.",
        );
        return Err(NoticeRejection::NotByRegulation { zh, en, article: String::new() }.into());
    }
    let investigation = rules.regulation.investigation();
    let known =
        |it: &AccountabilityOutcome| it.measure == NONE || investigation.measure(&it.measure).is_some();
    if !outcomes.iter().all(known) {
        let (zh, en) = ("规定中没有该项处理。", "The regulation knows no such measure.");
        return Err(NoticeRejection::NotByRegulation { zh, en, article: "22".to_owned() }.into());
    }
    reason.fits(book)?;
    let concluded = AccountabilityConcluded {
        file_id: file_id.to_string(),
        outcomes: outcomes.to_vec(),
        concluded_by: context.actor.to_owned(),
        reason: reason.reference("reason"),
        concluded_at: Some(to_wire(context.now)),
    };
    let audience = to(book, &file.told.organ);
    let fact = Fact::new(case_id, Kind::AccountabilityConcluded(concluded)).addressed(audience);
    Ok(answered(book, file_id, vec![fact], reason, context))
}

/// What the other organ told; what changes nothing is noted nowhere.
fn told(book: &Book, case_id: Uuid, kind: &Kind) -> Decision {
    let file = |id: &str| id.parse().ok().and_then(|id| book.file(id));
    let news = match kind {
        Kind::AccountabilityOpened(opened) => file(&opened.file_id).is_none(),
        Kind::StatementGiven(given) => file(&given.file_id).is_some_and(|file| {
            !file
                .told
                .statements
                .iter()
                .any(|it| it.given_at == given.given_at && it.given_by == given.given_by)
        }),
        Kind::AccountabilityConcluded(concluded) => {
            file(&concluded.file_id).is_some_and(|it| it.told.state() != AccountabilityState::Concluded)
        }
        _ => false,
    };
    Decision::of(if news { vec![Fact::new(case_id, kind.clone())] } else { Vec::new() })
}

fn found(book: &Book, case_id: Uuid, file_id: Uuid) -> Result<&File, Rejection> {
    let file = book.file(file_id).filter(|file| file.case_id() == case_id && file.is_listed());
    Ok(file.ok_or(NoticeRejection::NoSuchFile(file_id))?)
}

/// The organ that keeps it decides, by a person who had no hand in the case.
fn must_decide(
    book: &Book,
    file: &File,
    states: &[AccountabilityState],
    context: Context<'_>,
) -> Result<(), Rejection> {
    if file.told.authority != book.organ {
        return Err(NoticeRejection::NotThisOrgan(book.organ.clone()).into());
    }
    must_stand(file, states)?;
    must_be_impartial(book, file.case_id(), context)?;
    if file.told.persons.iter().any(|person| person == context.actor) {
        return Err(partial(context));
    }
    Ok(())
}

fn must_be_impartial(book: &Book, case_id: Uuid, context: Context<'_>) -> Result<(), Rejection> {
    let took_part = book.conduct(case_id).is_some_and(|it| it.persons.iter().any(|it| it == context.actor));
    if took_part { Err(partial(context)) } else { Ok(()) }
}

fn partial(context: Context<'_>) -> Rejection {
    NoticeRejection::Excluded {
        person: context.actor.to_owned(),
        zh: "办理过该投诉件或者被追责的人员不得作出追责决定。",
        en: "Whoever had a hand in the case, or is held accountable, does not decide.",
        article: String::new(),
    }
    .into()
}

fn must_stand(file: &File, states: &[AccountabilityState]) -> Result<(), Rejection> {
    let state = file.told.state();
    let name = state.as_str_name().trim_start_matches("ACCOUNTABILITY_STATE_");
    if states.contains(&state) { Ok(()) } else { Err(NoticeRejection::FileState(name).into()) }
}

/// The entries, with the file as it is after them, and its texts.
fn answered(book: &Book, id: Uuid, facts: Vec<Fact>, texts: &Sealed, context: Context<'_>) -> Decision {
    let mut after = Book::new(book.organ.clone());
    after.with_files(book.file(id).cloned());
    for fact in &facts {
        evolve_one(&mut after, fact, context);
    }
    let mut decision = Decision::of(facts);
    decision.answer.file = after.file(id).map(|file| file.told.clone());
    decision.writes = texts.writes();
    decision
}

/// What it rests on: the rule; the house's where the regulation has none.
fn cited(rules: &Rules<'_>) -> duban_proto::common::v1::Citation {
    let Some(rule) = rules.regulation.accountability() else {
        let text = Text { zh: "行政效能追究".into(), en: "accountability".into() };
        return rules.citation(&Basis::House, "accountability", &text);
    };
    rules.citation(&rule.basis, "accountability", &rule.text)
}
