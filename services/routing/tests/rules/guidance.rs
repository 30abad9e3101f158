//! What the centre answered on a case goes with the case: articles 16 and 23.

use content::{Erased, Erasure, Line, Listed};
use duban_proto::routing::v1::event::Kind;
use routing::domain::{Act, AnyGuidance, At, Book, Command, Entry, Outcome, Rejection, Write, decide};
use uuid::Uuid;

use crate::support::{
    CASE, CENTRE, District, TOWN, about_a_clerk, at, audiences, directory, names, rules, sealed,
};

const QUESTION: Uuid = Uuid::from_u128(900);

fn listed(organ: &str, key: Uuid) -> Listed {
    let erasure = Erasure {
        organ: organ.into(),
        case_id: key,
        what: Erased::Case,
        at: at("2037-01-02 10:00"),
        article: "16".into(),
    };
    Listed { erasure, line: Line::default() }
}

fn guidance(act: AnyGuidance) -> Act {
    Act::Guidance(Box::new(act))
}

/// Asked on the case by the town, and answered by the centre.
fn answered() -> (District, Vec<Kind>) {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let ask = guidance(AnyGuidance::Ask { id: QUESTION, question: sealed(60) });
    let outcome = district.does(TOWN, "desk", ask).unwrap();
    let asked = outcome.facts.into_iter().map(|fact| fact.kind).collect();
    (district, asked)
}

/// In the centre's ledger, about no case of its own.
fn at_the_centre(book: &mut Book, act: AnyGuidance) -> Result<Outcome, Rejection> {
    let at = At { organ: CENTRE, now: at("2026-03-03 10:00"), actor: "leader" };
    let command = Command { case_id: None, act: guidance(act) };
    let outcome = decide(rules(), &directory(), book, &command, at)?;
    for fact in &outcome.facts {
        book.evolve(&Entry { organ: CENTRE, at: at.now, actor: at.actor, case_id: None, kind: &fact.kind });
    }
    Ok(outcome)
}

#[test]
fn art_16_the_answer_to_a_question_on_a_case_is_erased_with_it() {
    let (mut district, asked) = answered();
    let outcome = district.hears(TOWN, Act::Erase(listed(TOWN, CASE)));
    assert_eq!(names(&outcome), ["content_erased", "guidance_erased"]);
    assert_eq!(audiences(&outcome), [Some(CENTRE), Some(CENTRE)]);
    let mut book = Book::default();
    let noted = AnyGuidance::heard(&asked[0], TOWN).unwrap();
    at_the_centre(&mut book, noted).unwrap();
    at_the_centre(&mut book, AnyGuidance::Give { id: QUESTION, answer: sealed(61) }).unwrap();
    let erased = || AnyGuidance::NoteErased { id: QUESTION, listed: listed(CENTRE, QUESTION) };
    let outcome = at_the_centre(&mut book, erased()).unwrap();
    assert_eq!(names(&outcome), ["guidance_erased"]);
    let [Write::Erase(gone)] = outcome.writes.as_slice() else { panic!("{outcome:?}") };
    assert_eq!(
        (gone.erasure.organ.as_str(), gone.erasure.case_id),
        (CENTRE, QUESTION),
        "the answer's own key"
    );
    assert_eq!(names(&at_the_centre(&mut book, erased()).unwrap()), [""; 0], "told once more");
}

#[test]
fn art_16_nothing_is_answered_any_more_on_an_erased_case() {
    let (_, asked) = answered();
    let mut book = Book::default();
    let noted = AnyGuidance::heard(&asked[0], TOWN).unwrap();
    at_the_centre(&mut book, noted).unwrap();
    let erased = AnyGuidance::NoteErased { id: QUESTION, listed: listed(CENTRE, QUESTION) };
    at_the_centre(&mut book, erased).unwrap();
    assert!(!book.guidance(QUESTION).unwrap().is_open(), "it is on no list of what waits");
    let refused = at_the_centre(&mut book, AnyGuidance::Give { id: QUESTION, answer: sealed(61) });
    assert!(matches!(refused.unwrap_err(), Rejection::Nothing { what: "question", .. }));
}

#[test]
fn art_16_what_was_asked_in_general_stays() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let outcome = district.hears(TOWN, Act::Erase(listed(TOWN, CASE)));
    assert_eq!(names(&outcome), ["content_erased"], "nothing was asked on it");
    let mut book = Book::default();
    let erased = AnyGuidance::NoteErased { id: QUESTION, listed: listed(CENTRE, QUESTION) };
    assert_eq!(names(&at_the_centre(&mut book, erased).unwrap()), [""; 0], "of a question that never came");
}
