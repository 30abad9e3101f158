//! Open cases follow where an organ is closed (4). Where it is the home, the home moves to the successor, or to the organ above
//! where that one would judge itself; where it holds the term, the home begins a new one there. The case's clock goes on: it is
//! accepted when it was. By the same entry the home moves to an organ above that takes the case over (20).
//!
//! Each is decided on the case as it stands, so what was done is not done again, and goes on after a stop where it was.

use std::collections::BTreeSet;

use competence::{Competent, as_they_are_now, judges_itself};
use directory::Directory;
use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    CaseOpened, Handling, HomeAssumed, HomeMoved, HomeSucceeded, HomeTakeoverAsked, PassedOn, SupersededBy,
};
use regulation::Rules;
use uuid::Uuid;

use super::begin::{self, Later, later_term};
use super::step::Step;
use super::{At, Outcome, change, greet, home, takeover};
use crate::domain::{Book, Case, Command, Rejection, Succession, Tenure, Told};

/// The article that says who is there, and for what.
const ARTICLE: &str = "4";
/// Its rule.
const RULE: &str = "succession";

pub(super) fn decide(
    rules: &Rules,
    directory: &Directory,
    book: &Book,
    (case_id, act): (Option<Uuid>, &Succession),
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    match act {
        Succession::Plan(planned) => return change::plan(book, at, planned),
        Succession::Cancel { change_id } => return change::cancel(book, at, *change_id),
        Succession::TakeEffect { change_id } => return Ok(change::take_effect(book, at, *change_id)),
        _ => {}
    }
    let case_id = case_id.ok_or(Rejection::CaseNotFound(Uuid::nil()))?;
    let case = book.case(case_id);
    let step = || case.map(|case| Step::new(rules, directory, at, case_id, case.clone()));
    match act {
        Succession::Follow => Ok(step().map_or_else(Outcome::default, follow)),
        Succession::Inherit(passed) => Ok(inherit(rules, directory, at, case_id, case, passed)),
        Succession::NoteHome(moved) => Ok(step().map_or_else(Outcome::default, |step| note(step, moved))),
        Succession::Greeted { organ, noted } => {
            Ok(step().map_or_else(Outcome::default, |step| greet::greeted(step, organ, noted)))
        }
        Succession::Told(told) => {
            if let Some(step) = step().filter(|step| is_passed_on(step, told)) {
                return Ok(pass_on(step, told));
            }
            if case.is_some_and(|case| is_of_earlier_result(case, &told.kind)) {
                return Ok(Outcome::default());
            }
            let command = Command { case_id: Some(case_id), act: told.act.clone() };
            super::decide(rules, directory, book, &command, at)
        }
        Succession::Plan(_) | Succession::Cancel { .. } | Succession::TakeEffect { .. } => {
            Err(Rejection::CaseNotFound(case_id))
        }
    }
}

/// The home is closed, or the organ that holds the term.
fn follow(mut step: Step<'_>) -> Outcome {
    if !step.case.is_kept_by(step.at.organ) {
        return Outcome::default();
    }
    let before = step.case.version;
    match heir(&step, step.at.organ) {
        Some(heir) => {
            let next = if judges(&step, &heir) { above(&step, &heir).unwrap_or(heir) } else { heir };
            pass_home(&mut step, next, None);
        }
        None => renew(&mut step),
    }
    // Where nothing can be done, nothing is said.
    if step.case.version == before { Outcome::default() } else { step.done() }
}

/// The organ to which the case follows from a closed one.
fn heir(step: &Step<'_>, closed: &str) -> Option<String> {
    let respondents = step.case.facts.iter().flat_map(|facts| &facts.respondents);
    let about = respondents.map(|respondent| respondent.organ.as_str());
    step.directory.heir(closed, about).map(|organ| organ.code.clone())
}

/// Whether an organ would judge itself, as the organs are now (house).
fn judges(step: &Step<'_>, organ: &str) -> bool {
    let facts = as_they_are_now(step.directory, &step.case.facts.clone().unwrap_or_default());
    judges_itself(&facts, organ)
}

/// The nearest organ above this one that can have the case and would not judge itself (house).
fn above(step: &Step<'_>, organ: &str) -> Option<String> {
    let path = step.directory.path(organ).into_iter().map(|above| above.code.as_str());
    let mut able = path.filter(|above| step.directory.receives(above) && !judges(step, above));
    able.next().map(str::to_owned)
}

/// What the next home has to know goes to it: the successor of a closed one, or an organ above that takes the case over (20).
pub(super) fn pass_home(step: &mut Step<'_>, successor: String, takeover: Option<HomeTakeoverAsked>) {
    let closed = step.cite_article(ARTICLE, RULE);
    let passed = HomeSucceeded {
        home: step.at.organ.to_owned(),
        successor: successor.clone(),
        citation: takeover.as_ref().map_or(Some(closed), |asked| asked.citation.clone()),
        takeover,
        ..step.case.succeeds()
    };
    step.tells(Kind::HomeSucceeded(passed), Some(successor));
}

/// The organ is the next home; also where it knows the case already, as holder or from before.
fn inherit(
    rules: &Rules,
    directory: &Directory,
    at: At<'_>,
    case_id: Uuid,
    case: Option<&Case>,
    passed: &HomeSucceeded,
) -> Outcome {
    if case.is_some_and(|case| case.homes >= passed.homes) {
        return Outcome::default();
    }
    let kind = Kind::CaseOpened(CaseOpened {
        facts: passed.facts.clone(),
        came_from: passed.came_from.clone(),
        inherited: Some(passed.clone()),
        centre: home::centre_above(directory, at.organ),
    });
    let step = match case {
        None => Step::begun(rules, directory, at, case_id, kind),
        Some(case) => {
            let mut step = Step::new(rules, directory, at, case_id, case.clone());
            step.happens(kind);
            Some(step)
        }
    };
    let Some(mut step) = step else { return Outcome::default() };
    let came_from = passed.home.clone();
    step.tells(Kind::HomeAssumed(HomeAssumed { came_from: came_from.clone() }), Some(came_from));
    match &passed.takeover {
        Some(asked) => takeover::take_over(&mut step, asked, &passed.home),
        None => renew(&mut step),
    }
    home::route_at_once(&mut step);
    step.done()
}

/// A new term in the place of one that a closed organ holds: at its successor, at the home where the successor would judge
/// itself, and with the organ above where the home would, too (house). Where there is none, a leader names another, by what was
/// a recall.
pub(super) fn renew(step: &mut Step<'_>) {
    let Some(tenure) = step.case.current().filter(|_| step.case.state() == CaseState::InHandling).cloned()
    else {
        return;
    };
    let own = step.at.organ;
    // A process may not have heard yet that the home before was closed.
    let left = tenure.organ == step.case.inherited_from && tenure.organ != own;
    let heir = heir(step, &tenure.organ).or_else(|| left.then(|| own.to_owned()));
    let Some(heir) = heir else { return };
    if !judges(step, &heir) {
        begin_at(step, &tenure, heir);
    } else if !judges(step, own) {
        begin_at(step, &tenure, own.to_owned());
    } else if let Some(above) = above(step, own) {
        pass_home(step, above, None);
    } else if let Some(asked) = tenure.open_recall() {
        // Nobody is there to answer it.
        let organ = step.directory.current(&asked.organ).map(|organ| organ.code.as_str());
        if let Ok(competent) = begin::chosen(step, organ, &tenure.organ) {
            let (reason, why) = (asked.reason.clone(), SupersededBy::Succession);
            later_term(step, Later { competent, reason, compulsory: false, why });
        }
    }
}

fn begin_at(step: &mut Step<'_>, before: &Tenure, organ: String) {
    let handling = match (organ == step.at.organ, before.handling()) {
        (true, _) => Handling::Own,
        (false, Handling::Own | Handling::Direct) => Handling::Assigned,
        (false, handling) => handling,
    };
    let facts_used = vec![format!("closed={}", before.organ), format!("successor={organ}")];
    let next = Competent {
        organ,
        handling,
        up: false,
        citation: step.cite_article(ARTICLE, RULE),
        facts_used,
        alternatives: Vec::new(),
    };
    let why = SupersededBy::Succession;
    later_term(step, Later { competent: next, reason: None, compulsory: false, why });
}

/// The successor took the case over: whoever acts on it or is told of it has to know its home.
pub(super) fn tell_of_home(mut step: Step<'_>, moved: HomeMoved) -> Outcome {
    let own = step.at.organ;
    let case = &step.case;
    let other = |holder: &&str| *holder != own && *holder != moved.home;
    let holder = case.holder().filter(other).unwrap_or_default();
    // Of a case that was withdrawn meanwhile, it has to know as well: its term may have ended at the next home.
    let withdrawn = case.current().filter(|_| case.state() == CaseState::Withdrawn);
    let held = withdrawn.map(|tenure| tenure.organ.as_str()).filter(other).unwrap_or(holder);
    let concerned = [case.registering_organ(), &case.came_from, &case.inherited_from, held];
    let concerned = concerned.map(str::to_owned);
    // Who takes a case over begins a term: what was done under the one before is void.
    let handles = if case.taken_over { &case.assigned_to } else { holder };
    let moved = HomeMoved { homes: case.homes, holder: handles.to_owned(), ..moved };
    let concerned: BTreeSet<String> = concerned.into();
    step.happens(Kind::HomeMoved(moved.clone()));
    for organ in concerned.into_iter().filter(|organ| !organ.is_empty() && *organ != moved.home) {
        if organ != own {
            step.tells(Kind::HomeMoved(moved.clone()), Some(organ));
        }
    }
    step.done()
}

/// The home moved; what was told of an earlier move comes to nothing.
pub(super) fn note(mut step: Step<'_>, moved: &HomeMoved) -> Outcome {
    if step.case.is_kept_by(step.at.organ) || step.case.homes >= moved.homes {
        return Outcome::default();
    }
    step.happens(Kind::HomeMoved(moved.clone()));
    greet::greet(&mut step);
    step.done()
}

/// The home that is told is none any more. What comes from the next home, once it took the case over, is for this organ;
/// what it told before, it told as the holder of a term.
fn is_passed_on(step: &Step<'_>, told: &Told) -> bool {
    // What a home answers to a holder's greeting is for the holder.
    let answer = matches!(&told.kind, Kind::HomeNoted(noted) if noted.home == told.from);
    Told::passes_on(&told.kind)
        && !answer
        && step.case.passed
        && (step.case.is_home(step.at.organ) || told.from != step.case.home)
}

/// A reply that was told before the case was opened again is not one to what was found since (3).
fn is_of_earlier_result(case: &Case, kind: &Kind) -> bool {
    matches!(kind, Kind::ReplyNoted(reply) if reply.round > 0 && reply.round <= case.reopenings)
}

fn pass_on(mut step: Step<'_>, told: &Told) -> Outcome {
    let event = duban_proto::routing::v1::Event { kind: Some(told.kind.clone()) };
    let passed = PassedOn {
        organ: told.from.clone(),
        at: Some(server::time::to_proto(told.at)),
        event: Some(Box::new(event)),
    };
    let next = step.case.reported_to.clone();
    step.tells(Kind::PassedOn(Box::new(passed)), Some(next));
    step.done()
}
