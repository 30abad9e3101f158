use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::intake::v1::{DeliveryOutcome, ReplyOccasion};
use intake::domain::{Act, Command, NoteChanged, NoteHandling, NoteReopened};
use server::time::to_proto;
use uuid::Uuid;

use crate::support::{OTHER_CASE, REPLY, at, due, ledger, names, note};

fn begins(term: u32, organ: &str) -> Act {
    Act::NoteHandling(NoteHandling { organ: organ.into(), term, ..note(CaseState::InHandling) })
}

#[test]
fn art_14_a_term_names_who_is_responsible_now_and_is_noted_once() {
    let mut ledger = ledger().with_accepted();
    assert_eq!(names(&ledger.acts(begins(1, "baoshan.luodian")).unwrap()), ["handling noted"]);
    assert!(ledger.acts(begins(1, "baoshan.luodian")).unwrap().facts.is_empty(), "told twice");
    ledger.acts(begins(2, "baoshan.dachang")).unwrap();
    let case = ledger.case();
    assert_eq!(
        (case.state, case.responsible_organ.as_str(), case.term),
        (CaseState::InHandling, "baoshan.dachang", 2)
    );
}

#[test]
fn art_17_the_result_is_told_within_three_workdays_of_the_approval() {
    let mut ledger = ledger().with_accepted();
    ledger.now = at("2026-03-09 08:00");
    let concluded = NoteHandling {
        finding: Finding::PartlyFounded,
        approved_at: Some(at("2026-03-06 16:00")),
        ..note(CaseState::Concluded)
    };
    let outcome = ledger.acts(Act::NoteHandling(concluded.clone())).unwrap();
    assert_eq!(names(&outcome), ["handling noted", "reply due"]);
    assert_eq!(due(&outcome).occasion(), ReplyOccasion::Result);
    assert_eq!(due(&outcome).due_at, Some(to_proto(at("2026-03-12 00:00"))), "Wednesday's end");
    assert_eq!(ledger.case().finding, Finding::PartlyFounded);
    assert!(ledger.acts(Act::NoteHandling(concluded)).unwrap().facts.is_empty(), "told twice");
}

#[test]
fn a_case_goes_on_and_never_back() {
    let mut ledger = ledger().with_concluded();
    assert!(ledger.acts(begins(2, "baoshan.dachang")).unwrap().facts.is_empty(), "told late");
    ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    ledger.acts(Act::NoteHandling(note(CaseState::Archived))).unwrap();
    assert_eq!((ledger.case().state, ledger.case().finding), (CaseState::Archived, Finding::Founded));
}

#[test]
fn house_what_is_told_of_a_withdrawn_case_comes_too_late() {
    let mut ledger = ledger().with_accepted();
    ledger.acts(Act::Withdraw { goes_on: false }).unwrap();
    assert!(ledger.acts(Act::NoteHandling(note(CaseState::Concluded))).unwrap().facts.is_empty());
    assert!(ledger.notes_extension("20 workdays").facts.is_empty());
}

#[test]
fn what_is_told_of_a_case_registered_elsewhere_is_no_error() {
    let mut ledger = ledger().with_accepted();
    let act = begins(1, "baoshan");
    let outcome = ledger.does(&Command { case_id: Some(OTHER_CASE), agency: None, act }).unwrap();
    assert!(outcome.facts.is_empty());
}

#[test]
fn art_17_an_extension_is_told_with_the_new_end_counted_from_acceptance() {
    let mut ledger = ledger().with_accepted();
    let outcome = ledger.notes_extension("20 workdays");
    let citation = due(&outcome).citation.as_ref().unwrap();
    assert_eq!(due(&outcome).occasion(), ReplyOccasion::Extended);
    assert_eq!(
        (citation.article.as_str(), citation.text.as_ref().unwrap().zh.as_str()),
        ("17", "2026年3月30日")
    );
}

#[test]
fn art_3_a_result_that_was_not_told_is_told_no_more_and_an_old_one_is_not_confirmed_as_the_new() {
    let reopened = |reopening| {
        Act::NoteReopened(NoteReopened {
            reopening,
            home: "baoshan".into(),
            article: "3".into(),
            reply_id: Uuid::from_u128(700 + u128::from(reopening)),
        })
    };
    let mut untold = ledger().with_concluded();
    untold.acts(reopened(1)).unwrap();
    assert!(!untold.book.reply(REPLY).unwrap().is_open());
    assert!(untold.tells(REPLY, DeliveryOutcome::Sent).is_err(), "nobody is told an earlier result");

    let mut told = ledger().with_concluded();
    told.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    told.acts(reopened(1)).unwrap();
    told.now = at("2026-04-20 10:00");
    let again = NoteHandling { reply_id: Uuid::from_u128(800), ..note(CaseState::Concluded) };
    told.acts(Act::NoteHandling(again)).unwrap();
    assert!(told.tells(REPLY, DeliveryOutcome::Acknowledged).is_err(), "of the first result");
    assert_eq!(told.case().state, CaseState::Concluded);
    told.tells(Uuid::from_u128(800), DeliveryOutcome::Sent).unwrap();
    assert_eq!(told.case().state, CaseState::Replied);
}

#[test]
fn art_5_2_a_result_that_was_changed_on_appeal_is_told_anew_and_one_not_told_yet_as_it_is_now() {
    let changed = |finding, reply| {
        let (article, reply_id) = ("5(2)".into(), Uuid::from_u128(reply));
        Act::NoteChanged(NoteChanged { finding, article, reply_id })
    };
    let mut untold = ledger().with_concluded();
    let outcome = untold.acts(changed(Finding::Unfounded, 900)).unwrap();
    assert_eq!(names(&outcome), ["handling noted"], "the reply that is due tells it");
    assert_eq!((untold.case().state, untold.case().finding), (CaseState::Concluded, Finding::Unfounded));

    let mut told = ledger().with_concluded();
    told.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    told.now = at("2026-04-20 10:00");
    let outcome = told.acts(changed(Finding::Unfounded, 900)).unwrap();
    assert_eq!(names(&outcome), ["handling noted", "reply due"]);
    assert_eq!(told.case().state, CaseState::Replied, "it is no other state");
    told.tells(Uuid::from_u128(900), DeliveryOutcome::Sent).unwrap();
    assert!(told.acts(changed(Finding::Unfounded, 901)).unwrap().facts.is_empty(), "told twice");

    let mut running = ledger().with_accepted();
    assert!(running.acts(changed(Finding::Unfounded, 902)).unwrap().facts.is_empty(), "there is no result");
}
