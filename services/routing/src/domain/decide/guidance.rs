//! A sub-centre asks the centre, the centre answers once; both are on record at both (5(4), 23).

use content::Listed;
use directory::Directory;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{GuidanceAsked, GuidanceErased, GuidanceGiven};
use jiff::Timestamp;
use uuid::Uuid;

use super::{At, Fact, Outcome};
use crate::domain::{AnyGuidance, Book, Command, Guidance, Rejection, Sealed, Write};

/// Decides on a question or an answer. What was told before changes nothing.
pub(super) fn decide(
    directory: &Directory,
    book: &Book,
    command: &Command,
    asked: &AnyGuidance,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    if let Some(case_id) = command.brings_key().filter(|case_id| book.keyed.contains(case_id)) {
        return Err(Rejection::KeyIsThere(case_id));
    }
    match asked {
        AnyGuidance::Ask { id, question } => ask(directory, book, command.case_id, (*id, question), at),
        AnyGuidance::Give { id, answer } => give(book, *id, answer, at),
        AnyGuidance::NoteQuestion(asked) => {
            let known = asked_before(book, &asked.guidance_id);
            Ok(if known { Outcome::default() } else { note(Kind::GuidanceAsked(asked.clone())) })
        }
        AnyGuidance::NoteAnswer(given) => {
            let id = crate::domain::guidance_id(&given.guidance_id);
            let open = id.and_then(|id| book.guidance(id)).is_some_and(Guidance::is_open);
            Ok(if open { note(Kind::GuidanceGiven(given.clone())) } else { Outcome::default() })
        }
        AnyGuidance::NoteErased { id, listed } => Ok(note_erased(book, *id, listed)),
    }
}

/// The answer goes with the case that the question was on (16); one in general stays.
fn note_erased(book: &Book, id: Uuid, listed: &Listed) -> Outcome {
    if book.guidance(id).is_none_or(|guidance| guidance.erased_at.is_some()) {
        return Outcome::default();
    }
    let mut outcome = note(erased(&id.to_string(), listed));
    outcome.writes.push(Write::Erase(listed.clone()));
    outcome
}

/// The entry of it, at the organ that asked as at the centre.
pub(super) fn erased(guidance_id: &str, listed: &Listed) -> Kind {
    Kind::GuidanceErased(GuidanceErased {
        guidance_id: guidance_id.to_owned(),
        erased_at: Some(server::time::to_proto(listed.erasure.at)),
        article: listed.erasure.article.clone(),
    })
}

fn asked_before(book: &Book, id: &str) -> bool {
    crate::domain::guidance_id(id).is_none_or(|id| book.guidance(id).is_some())
}

fn note(kind: Kind) -> Outcome {
    Outcome { facts: vec![Fact { kind, audience: None }], ..Outcome::default() }
}

fn ask(
    directory: &Directory,
    book: &Book,
    case_id: Option<Uuid>,
    (id, question): (Uuid, &Sealed),
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    if let Some(case_id) = case_id {
        let case = book.case(case_id).ok_or(Rejection::CaseNotFound(case_id))?;
        if let Some(erased_at) = case.erased_at {
            return Err(Rejection::Erased(Timestamp::from_microsecond(erased_at).unwrap_or_default()));
        }
    }
    let centre = competence::centre(directory, at.organ).filter(|centre| centre.code != at.organ);
    let centre = centre.ok_or(Rejection::Nothing { what: "centre", id })?.code.clone();
    let asked = GuidanceAsked {
        guidance_id: id.to_string(),
        organ: at.organ.to_owned(),
        question: Some(question.draft.reference()),
        asked_by: at.actor.to_owned(),
        asked_at: Some(server::time::to_proto(at.now)),
        case_id: case_id.map(|case_id| case_id.to_string()).unwrap_or_default(),
        asked_of: centre.clone(),
    };
    let mut outcome = told(Kind::GuidanceAsked(asked), Some(centre), question);
    outcome.answer.guidance_id = id.to_string();
    Ok(outcome)
}

fn give(book: &Book, id: Uuid, answer: &Sealed, at: At<'_>) -> Result<Outcome, Rejection> {
    let nothing = Rejection::Nothing { what: "question", id };
    let open = book.guidance(id).filter(|guidance| guidance.is_open());
    let asked = open.and_then(|guidance| guidance.asked.as_ref()).filter(|asked| asked.asked_of == at.organ);
    let asked_by = asked.ok_or(nothing)?.organ.clone();
    let given_at = Some(server::time::to_proto(at.now));
    let given = GuidanceGiven {
        guidance_id: id.to_string(),
        organ: at.organ.to_owned(),
        answer: Some(answer.draft.reference()),
        given_by: at.actor.to_owned(),
        given_at,
    };
    let mut outcome = told(Kind::GuidanceGiven(given), Some(asked_by), answer);
    outcome.answer.given_at = given_at;
    Ok(outcome)
}

fn told(kind: Kind, audience: Option<String>, text: &Sealed) -> Outcome {
    let mut writes: Vec<Write> = text.key.clone().map(Write::Key).into_iter().collect();
    writes.push(Write::Text(text.draft.clone()));
    Outcome { facts: vec![Fact { kind, audience }], writes, ..Outcome::default() }
}
