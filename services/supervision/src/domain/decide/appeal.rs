//! A respondent appeals against a result: in time, decided by others than before, and what the decision does (5(2)).

use duban_proto::common::v1::{AppealOutcome, Citation};
use duban_proto::supervision::v1::event::Kind;
use duban_proto::supervision::v1::{
    AppealAdmitted, AppealDecided, AppealRegistered, AppealState, AppealWithdrawn, Conclusion, OrderedOn,
    ReinvestigationOrdered,
};
use jiff::civil::Date;
use ledger::{Context, Organ};
use uuid::Uuid;

use super::{Decision, Fact, review};
use crate::domain::docket::{Appeal, AppealKey};
use crate::domain::review::{AdmitAppeal, DecideAppeal, NotAppealed, RegisterAppeal, ResultRejection};
use crate::domain::time::{from_wire, to_wire};
use crate::domain::{Book, Rejection, Rules, answer};

/// Within the time from the notice of the result; a late one with a reason waits for its admission. Once for each respondent
/// and result.
pub(super) fn register(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    register: &RegisterAppeal,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let no = |why| refused(rules, why);
    let limit = &rules.regulation.appeal().ok_or_else(|| no(NotAppealed::NotProvided))?.limit;
    let (key, latest, conclusion) = book.docket.latest(case_id).ok_or_else(|| no(NotAppealed::NoResult))?;
    if latest.overturned {
        return Err(no(NotAppealed::NoResult));
    }
    let respondents = u32::try_from(conclusion.respondents.len()).unwrap_or(u32::MAX);
    if register.respondent >= respondents {
        return Err(no(NotAppealed::NoSuchRespondent));
    }
    let earlier = book.docket.appeals_of(case_id).filter_map(|appeal| appeal.registered.as_ref());
    if earlier.into_iter().any(|it| (it.term, it.respondent) == (key.term, register.respondent)) {
        return Err(no(NotAppealed::AppealedAlready));
    }
    let concluded_on = rules.date(from_wire(conclusion.concluded_at.as_ref()));
    if register.told_on < concluded_on || register.filed_on < register.told_on {
        return Err(no(NotAppealed::BeforeTheResult));
    }
    if register.filed_on > rules.date(context.now) {
        return Err(no(NotAppealed::InTheFuture));
    }
    let due_on = last_day(rules, register.told_on, limit.within);
    let late = register.filed_on > due_on;
    if late && !register.excused {
        return Err(ResultRejection::TooLate { due_on, article: article(rules) }.into());
    }
    register.words.fits(book)?;
    let registered = AppealRegistered {
        appeal_id: register.appeal_id.to_string(),
        term: key.term,
        respondent: register.respondent,
        organ: book.organ.clone(),
        authority: conclusion.authority.clone(),
        home: conclusion.home.clone(),
        number: conclusion.number.clone(),
        told_on: register.told_on.to_string(),
        filed_on: register.filed_on.to_string(),
        due_on: due_on.to_string(),
        late,
        decide_by: limit.decide_within.map(|length| to_wire(rules.due(context.now, length).at)),
        words: register.words.reference("appeal"),
        citation: citation(rules),
    };
    let audience = other(book, &conclusion.authority);
    let fact = Fact::new(case_id, Kind::AppealRegistered(registered)).addressed(audience);
    let key = AppealKey { case_id, appeal_id: register.appeal_id };
    let mut decision = answered(book, key, Decision::of(vec![fact]), context);
    decision.writes = register.words.writes();
    Ok(decision)
}

/// Of a late one, once, by somebody who may decide it.
pub(super) fn admit(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    admit: &AdmitAppeal,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let key = AppealKey { case_id, appeal_id: admit.appeal_id };
    let (appeal, registered) = to_decide(rules, book, key)?;
    if appeal.state() != AppealState::Late {
        let why = if appeal.waits() { NotAppealed::NotLate } else { NotAppealed::NotOpen };
        return Err(refused(rules, why));
    }
    must_be_another(rules, book, case_id, context.actor)?;
    admit.reason.fits(book)?;
    let admitted = AppealAdmitted {
        appeal_id: admit.appeal_id.to_string(),
        admitted: admit.admitted,
        reason: admit.reason.reference("reason"),
    };
    let fact = Fact::new(case_id, Kind::AppealAdmitted(admitted)).addressed(other(book, &registered.organ));
    let mut decision = answered(book, key, Decision::of(vec![fact]), context);
    decision.writes = admit.reason.writes();
    Ok(decision)
}

/// By somebody who did not investigate, approve or review the first time. Revoked, the matter is investigated again by others.
pub(super) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    decide: &DecideAppeal,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let key = AppealKey { case_id, appeal_id: decide.appeal_id };
    let (appeal, registered) = to_decide(rules, book, key)?;
    if appeal.state() != AppealState::Open {
        return Err(refused(rules, NotAppealed::NotOpen));
    }
    must_be_another(rules, book, case_id, context.actor)?;
    // What was opened again meanwhile is not decided on: its new result is another.
    let (_, latest, conclusion) =
        book.docket.latest(case_id).ok_or_else(|| refused(rules, NotAppealed::NoResult))?;
    let counts = !latest.overturned && conclusion.term == registered.term;
    if !counts && decide.outcome != AppealOutcome::Upheld {
        return Err(refused(rules, NotAppealed::NoResult));
    }
    let changes = decide.outcome == AppealOutcome::Changed;
    if changes && is_the_same(conclusion, decide) {
        return Err(refused(rules, NotAppealed::NothingChanged));
    }
    decide.reason.fits(book)?;
    let reason = decide.reason.reference("reason");
    let decided = AppealDecided {
        appeal_id: decide.appeal_id.to_string(),
        term: registered.term,
        respondent: registered.respondent,
        home: registered.home.clone(),
        decided_by: book.organ.clone(),
        outcome: decide.outcome.into(),
        finding: decide.finding.into(),
        measures: decide.measures.clone(),
        reason: reason.clone(),
        citation: citation(rules),
        decided_at: Some(to_wire(context.now)),
    };
    let audience = other(book, &registered.home).or_else(|| other(book, &registered.organ));
    let mut facts = vec![Fact::new(case_id, Kind::AppealDecided(decided)).addressed(audience)];
    if decide.outcome == AppealOutcome::Revoked {
        let ordered = ReinvestigationOrdered {
            order_id: decide.order_id.to_string(),
            term: registered.term,
            home: registered.home.clone(),
            ordered_by: book.organ.clone(),
            on: OrderedOn::Appeal.into(),
            directly: false,
            reason,
            citation: citation(rules),
            ordered_at: Some(to_wire(context.now)),
        };
        facts.extend(review::order(book, case_id, ordered));
    }
    let mut decision = answered(book, key, Decision::of(facts), context);
    decision.writes = decide.reason.writes();
    Ok(decision)
}

/// By the organ that registered it, while it waits.
pub(super) fn withdraw(
    rules: &Rules<'_>,
    book: &Book,
    key: AppealKey,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let (appeal, registered) = known(book, key)?;
    if registered.organ != book.organ {
        return Err(refused(rules, NotAppealed::NotTheAuthority));
    }
    if !appeal.waits() {
        return Err(refused(rules, NotAppealed::NotOpen));
    }
    let withdrawn = AppealWithdrawn { appeal_id: key.appeal_id.to_string() };
    let fact = Fact::new(key.case_id, Kind::AppealWithdrawn(withdrawn));
    let fact = fact.addressed(other(book, &registered.authority));
    Ok(answered(book, key, Decision::of(vec![fact]), context))
}

/// What another organ told of an appeal: what is known already, or is over, changes nothing.
pub(super) fn note(book: &Book, case_id: Uuid, id: &str, told: Kind) -> Decision {
    let known = id.parse().ok().and_then(|appeal_id| book.docket.appeal(AppealKey { case_id, appeal_id }));
    let news = match (&told, known) {
        (Kind::AppealRegistered(_), known) => known.is_none(),
        (Kind::AppealAdmitted(_), Some(appeal)) => appeal.state() == AppealState::Late,
        // Who withdrew it while it was being decided may hear the decision all the same.
        (Kind::AppealDecided(_), Some(appeal)) => appeal.decided.is_none(),
        (Kind::AppealWithdrawn(_), Some(appeal)) => appeal.waits(),
        // The home need not know of an appeal that another organ registered.
        (Kind::AppealDecided(decided), None) => decided.home == book.organ,
        _ => false,
    };
    let facts = if news { vec![Fact::new(case_id, told)] } else { Vec::new() };
    Decision::of(facts)
}

/// The last day of a limit that begins with a day.
fn last_day(rules: &Rules<'_>, from: Date, within: calendar::Length) -> Date {
    let zone = &rules.regulation.counting().zone;
    // A day without a beginning in the zone is far from any case.
    zone.to_timestamp(from.at(0, 0, 0, 0)).map_or(from, |start| rules.due(start, within).date)
}

fn is_the_same(conclusion: &Conclusion, decide: &DecideAppeal) -> bool {
    conclusion.respondents.len() == 1
        && conclusion.finding() == decide.finding
        && conclusion.measures == decide.measures
}

fn known(book: &Book, key: AppealKey) -> Result<(&Appeal, &AppealRegistered), Rejection> {
    let appeal = book.docket.appeal(key);
    let registered = appeal.and_then(|appeal| Some((appeal, appeal.registered.as_ref()?)));
    registered.ok_or_else(|| ResultRejection::NoSuchAppeal(key.appeal_id).into())
}

fn to_decide<'b>(
    rules: &Rules<'_>,
    book: &'b Book,
    key: AppealKey,
) -> Result<(&'b Appeal, &'b AppealRegistered), Rejection> {
    let (appeal, registered) = known(book, key)?;
    if registered.authority != book.organ {
        return Err(refused(rules, NotAppealed::NotTheAuthority));
    }
    Ok((appeal, registered))
}

fn must_be_another(rules: &Rules<'_>, book: &Book, case_id: Uuid, person: &str) -> Result<(), Rejection> {
    if !book.docket.took_part(case_id, person) && !book.docket.reviewed(case_id, person) {
        return Ok(());
    }
    Err(ResultRejection::TookPart { person: person.to_owned(), article: article(rules) }.into())
}

fn other(book: &Book, organ: &str) -> Option<Organ> {
    Organ::new(organ).ok().filter(|_| organ != book.organ)
}

fn answered(book: &Book, key: AppealKey, mut decision: Decision, context: Context<'_>) -> Decision {
    let after = book.docket.after(&decision.facts, context);
    decision.answer.appeal = after.appeal(key).map(|appeal| answer::appeal(&book.organ, key.case_id, appeal));
    decision
}

fn refused(rules: &Rules<'_>, why: NotAppealed) -> Rejection {
    ResultRejection::Appeal { why, article: article(rules) }.into()
}

fn citation(rules: &Rules<'_>) -> Option<Citation> {
    let appeal = rules.regulation.appeal()?;
    Some(rules.citation(&appeal.basis, "appeal", &appeal.text))
}

fn article(rules: &Rules<'_>) -> String {
    citation(rules).map(|citation| citation.article).unwrap_or_default()
}
