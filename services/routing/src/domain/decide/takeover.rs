//! An organ above takes over a case whose home is below (20). The home moves by the same entry as where it is closed: the case's
//! clock goes on, and the organ that registered the case stays its door. Whatever is being done meanwhile may cross.

use competence::{as_they_are_now, centre, judges_itself};
use directory::Directory;
use duban_proto::common::v1::{CaseState, Citation};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    Event, HomeTakeoverAsked, HomeTakeoverRefused, PassedOn, SupersededBy, TakeoverRefusal,
};
use jiff::Timestamp;
use regulation::Rules;
use uuid::Uuid;

use super::begin::{self, Later, later_term};
use super::step::Step;
use super::{At, Fact, Outcome, home, succession};
use crate::domain::{Answer, Book, Case, Rejection, Sealed, Takeover, Write};

pub(super) fn decide(
    rules: &Rules,
    directory: &Directory,
    book: &Book,
    (case_id, takeover): (Uuid, &Takeover),
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    let case = book.case(case_id);
    if takeover.sealed().is_some_and(|sealed| sealed.key.is_some()) && book.keyed.contains(&case_id) {
        return Err(Rejection::KeyIsThere(case_id));
    }
    match takeover {
        Takeover::Ask { home, assign_to, reason } => {
            ask(rules, (directory, case), at, (home, assign_to.as_deref()), reason)
        }
        Takeover::NoteAsked { asked, at: told_at } => Ok(match case {
            Some(case) => asked_here(Step::new(rules, directory, at, case_id, case.clone()), asked, *told_at),
            None => Outcome { facts: vec![refusal(asked, TakeoverRefusal::Unknown)], ..Outcome::default() },
        }),
        Takeover::NoteRefused(refused) => Ok(refused_here(case, at, refused)),
    }
}

/// At the organ above, which need not know the case. Nobody takes over what is about itself (house).
fn ask(
    rules: &Rules,
    (directory, case): (&Directory, Option<&Case>),
    at: At<'_>,
    (home, assign_to): (&str, Option<&str>),
    reason: &Sealed,
) -> Result<Outcome, Rejection> {
    let own = at.organ;
    let tree = directory.tree();
    if let Some(case) = case.filter(|case| case.is_home(own)) {
        return Err(Rejection::State(case.state()));
    }
    if let Some(since) = case.and_then(|case| case.erased_at) {
        return Err(Rejection::Erased(Timestamp::from_microsecond(since).unwrap_or_default()));
    }
    if home == own || !tree.is_under(home, own) {
        return Err(Rejection::NotAHandler { organ: home.to_owned() });
    }
    let facts = case.and_then(|case| case.facts.clone()).unwrap_or_default();
    let facts = as_they_are_now(directory, &facts);
    for organ in [own].into_iter().chain(assign_to) {
        if !directory.receives(organ) || !tree.is_under(organ, own) || judges_itself(&facts, organ) {
            return Err(Rejection::NotAHandler { organ: organ.to_owned() });
        }
    }
    let asked = HomeTakeoverAsked {
        organ: own.to_owned(),
        home: home.to_owned(),
        assign_to: assign_to.filter(|organ| *organ != own).unwrap_or_default().to_owned(),
        reason: Some(reason.draft.reference()),
        citation: Some(power(rules, directory, own)),
        asked_by: at.actor.to_owned(),
        asked_at: Some(server::time::to_proto(at.now)),
    };
    let mut writes: Vec<Write> = reason.key.clone().map(Write::Key).into_iter().collect();
    writes.push(Write::Text(reason.draft.clone()));
    let answer = Answer { takeover: Some(asked.clone()), ..Answer::default() };
    let facts = vec![Fact { kind: Kind::HomeTakeoverAsked(asked), audience: Some(home.to_owned()) }];
    Ok(Outcome { facts, answer, writes, ..Outcome::default() })
}

/// The centre's power where this is one; an organ above that is none does it by the house's rule.
fn power(rules: &Rules, directory: &Directory, own: &str) -> Citation {
    let regulation = rules.for_organ(own);
    let is_centre = centre(directory, own).is_some_and(|centre| centre.code == own);
    let power = regulation.power("take_over").filter(|_| is_centre);
    Citation {
        regulation: regulation.code().to_owned(),
        version: regulation.version().to_owned(),
        article: power.and_then(|power| power.basis.article()).unwrap_or_default().to_owned(),
        rule: power.map(|_| "take_over".to_owned()).unwrap_or_default(),
        ..Citation::default()
    }
}

/// Whether `above` may have the case from `organ`, its home.
pub(crate) fn may_be_taken_over(case: &Case, organ: &str, above: &str, directory: &Directory) -> bool {
    directory.receives(above) && case.numbers_terms(organ) && why_not(case, organ, above, directory).is_none()
}

/// A concluded case is not taken over by this, but opened again (3).
fn why_not(case: &Case, own: &str, above: &str, directory: &Directory) -> Option<TakeoverRefusal> {
    let open = matches!(case.state(), CaseState::Accepted | CaseState::InHandling);
    let facts = as_they_are_now(directory, &case.facts.clone().unwrap_or_default());
    if !open || case.erased_at.is_some() {
        Some(TakeoverRefusal::Over)
    } else if own == above || !directory.tree().is_under(own, above) {
        Some(TakeoverRefusal::NotAbove)
    } else {
        judges_itself(&facts, above).then_some(TakeoverRefusal::JudgesItself)
    }
}

/// At an organ that was asked: the home hands the case over; who is not the home, or left it, passes on what was asked.
fn asked_here(mut step: Step<'_>, asked: &HomeTakeoverAsked, told_at: Timestamp) -> Outcome {
    let (own, above) = (step.at.organ, asked.organ.as_str());
    let case = &step.case;
    // What was refused stays so, also where the case was opened again since (3).
    let refused = case.has_refused(asked.asked_at.as_ref());
    if refused || own == above || case.home == above || case.reported_to == above {
        return Outcome::default();
    }
    if !case.numbers_terms(own) {
        let home = if case.is_home(own) { case.reported_to.clone() } else { case.home.clone() };
        let event = Event { kind: Some(Kind::HomeTakeoverAsked(asked.clone())) };
        let at = Some(server::time::to_proto(told_at));
        let passed = PassedOn { organ: above.to_owned(), at, event: Some(Box::new(event)) };
        step.tells(Kind::PassedOn(Box::new(passed)), Some(home));
        return step.done();
    }
    if let Some(why) = why_not(case, own, above, step.directory) {
        let Fact { kind, audience } = refusal(asked, why);
        step.tells(kind, audience);
        return step.done();
    }
    succession::pass_home(&mut step, above.to_owned(), Some(asked.clone()));
    step.done()
}

fn refusal(asked: &HomeTakeoverAsked, why: TakeoverRefusal) -> Fact {
    let refused = HomeTakeoverRefused { why: why.into(), asked_at: asked.asked_at };
    Fact { kind: Kind::HomeTakeoverRefused(refused), audience: Some(asked.organ.clone()) }
}

/// At the organ that asked; nothing where it has the case by now.
fn refused_here(case: Option<&Case>, at: At<'_>, refused: &HomeTakeoverRefused) -> Outcome {
    let known = |case: &Case| case.is_home(at.organ) || case.has_refused(refused.asked_at.as_ref());
    if case.is_some_and(known) {
        return Outcome::default();
    }
    let fact = Fact { kind: Kind::HomeTakeoverRefused(*refused), audience: None };
    Outcome { facts: vec![fact], ..Outcome::default() }
}

/// At the next home: a term begins at the organ that is to handle the case, here where that can't have it; where that organ
/// holds it already, as another's, its term goes on. A case whose masks are not confirmed waits for them, and for an officer.
pub(super) fn take_over(step: &mut Step<'_>, asked: &HomeTakeoverAsked, from: &str) {
    let own = step.at.organ;
    let wanted = Some(asked.assign_to.as_str()).filter(|organ| !organ.is_empty());
    let chosen = wanted.and_then(|organ| begin::chosen(step, Some(organ), "").ok());
    let Ok(mut competent) = chosen.map_or_else(|| begin::itself(step), Ok) else {
        return succession::renew(step);
    };
    if competent.organ == own
        && let Some(citation) = &asked.citation
    {
        competent.citation = citation.clone();
    }
    let holder = step.case.holder().map(str::to_owned);
    if holder.as_deref() == Some(&competent.organ) && competent.organ != from {
        return;
    }
    let reason = asked.reason.clone();
    if holder.is_some() {
        let why = SupersededBy::Takeover;
        later_term(step, Later { competent, reason, compulsory: false, why });
    } else if step.case.state() == CaseState::Accepted && step.case.is_ready() {
        home::go_as(step, competent, reason, false);
    }
}
