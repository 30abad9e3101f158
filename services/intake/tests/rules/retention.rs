//! How long a case is kept, who disposes of it, and what is erased (15, 16).

use content::{Erased, Erasure, Line, Listed};
use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    DeliveryOutcome, Ending, ErasureGround, ErasureKind, RetentionSet, RetentionStage,
};
use intake::domain::{
    Act, Command, Disposal, Erase, ExpireSupplement, NoteHandling, NoteReopened, Outcome, Rejection,
    Retained, Write,
};
use uuid::Uuid;

use crate::support::{CASE, LATE_REPLY, Ledger, REPLY, at, ledger, names, note};

const LIST: Uuid = Uuid::from_u128(500);
const DEMAND: Uuid = Uuid::from_u128(600);

fn on_none(act: Act) -> Command {
    Command { case_id: None, agency: None, act }
}

fn list() -> Disposal {
    Disposal { list_id: LIST, cases: vec![CASE] }
}

fn propose() -> Command {
    on_none(Act::ProposeDisposal(list()))
}

fn decide(approved: bool) -> Command {
    on_none(Act::DecideDisposal { list: list(), approved })
}

fn retention(outcome: &Outcome) -> &RetentionSet {
    let set = outcome.facts.iter().find_map(|kind| match kind {
        Kind::RetentionSet(set) => Some(set),
        _ => None,
    });
    set.expect("a retention")
}

/// A case that was archived after it was found so, filed for this many years.
fn archived(finding: Finding, retention_years: u32) -> (Ledger, Outcome) {
    let mut ledger = ledger();
    ledger.submits_automatically();
    for state in [CaseState::InHandling, CaseState::Concluded] {
        ledger.acts(Act::NoteHandling(NoteHandling { finding, ..note(state) })).unwrap();
    }
    let outcome =
        ledger.acts(Act::NoteHandling(NoteHandling { retention_years, ..note(CaseState::Archived) }));
    (ledger, outcome.unwrap())
}

/// One that is due, on the list that the archivist proposed.
fn proposed() -> Ledger {
    let (mut ledger, _) = archived(Finding::Unfounded, 10);
    ledger.now = at("2037-01-01 00:00");
    ledger.has_done("wu.archivist", &propose()).unwrap();
    ledger
}

fn stage(ledger: &Ledger) -> RetentionStage {
    ledger.book.retained(CASE).map(Retained::stage).unwrap_or_default()
}

fn listed(ledger: &Ledger, what: Erased) -> Erase {
    let erasure =
        Erasure { organ: "baoshan".into(), case_id: CASE, what, at: ledger.now, article: "16".into() };
    Erase { listed: vec![Listed { erasure, line: Line::default() }], restored: false }
}

#[test]
fn art_16_the_archivist_may_file_for_longer_than_the_regulation_and_never_for_shorter() {
    let years = |finding, filed| retention(&archived(finding, filed).1).years;
    assert_eq!(years(Finding::Unfounded, 10), 10);
    assert_eq!(years(Finding::Unfounded, 30), 30);
    assert_eq!(years(Finding::Founded, 10), 30);
    assert_eq!(years(Finding::Founded, 0), 0, "for ever is the longest");
}

#[test]
fn art_16_a_period_is_counted_from_the_year_after_and_for_ever_has_no_end() {
    let (_, outcome) = archived(Finding::Unfounded, 10);
    let set = retention(&outcome);
    assert_eq!(set.ending(), Ending::Archived);
    assert_eq!(set.keep_until, Some(server::time::to_proto(at("2037-01-01 00:00"))));
    let (ledger, outcome) = archived(Finding::Founded, 0);
    assert_eq!(retention(&outcome).keep_until, None);
    assert!(!ledger.book.retained(CASE).unwrap().is_due(at("2999-01-01 00:00")));
}

#[test]
fn house_a_withdrawn_complaint_is_kept_for_its_time_and_one_that_goes_on_is_open() {
    let mut ended = ledger().with_registered();
    let outcome = ended.acts(Act::Withdraw { goes_on: false }).unwrap();
    assert_eq!(retention(&outcome).ending(), Ending::Withdrawn);
    let mut open = ledger().with_registered();
    open.acts(Act::Withdraw { goes_on: true }).unwrap();
    assert_eq!(open.book.retained(CASE), None);
}

/// A lead, at the time from when it may be disposed of.
fn lead() -> Ledger {
    let mut ledger = ledger().with_incomplete();
    ledger.asks(&[]).unwrap();
    ledger.now = at("2026-04-01 00:00");
    let expire = ExpireSupplement { at: ledger.now, reply_id: LATE_REPLY };
    let outcome = ledger.acts(Act::ExpireSupplement(expire)).unwrap();
    assert_eq!(retention(&outcome).ending(), Ending::Lead);
    ledger.now = at("2037-01-01 00:00");
    ledger
}

#[test]
fn house_a_lead_is_kept_for_its_time_and_one_that_is_taken_up_is_open() {
    lead().has_done("wu.archivist", &propose()).unwrap();
    let mut taken_up = lead();
    taken_up.asks(&[]).unwrap();
    assert_eq!(taken_up.has_done("wu.archivist", &propose()).unwrap_err(), Rejection::NotDue(vec![CASE]));
}

#[test]
fn house_only_what_is_due_goes_on_a_list_and_only_once() {
    let (mut ledger, _) = archived(Finding::Unfounded, 10);
    ledger.now = at("2036-12-31 23:59");
    assert_eq!(ledger.has_done("wu.archivist", &propose()).unwrap_err(), Rejection::NotDue(vec![CASE]));
    ledger.now = at("2037-01-01 00:00");
    ledger.has_done("wu.archivist", &propose()).unwrap();
    assert_eq!(stage(&ledger), RetentionStage::Proposed);
    assert_eq!(ledger.has_done("wu.archivist", &propose()).unwrap_err(), Rejection::NotDue(vec![CASE]));
}

#[test]
fn house_a_case_linked_to_an_open_one_is_not_due_and_is_left_out_of_an_approved_list() {
    let mut ledger = proposed();
    let retained = ledger.book.retained(CASE).unwrap().clone();
    ledger.book = ledger.book.with_retained(vec![(CASE, retained)], vec![CASE]);
    let outcome = ledger.has_done("li.leader", &decide(true)).unwrap();
    let answer = outcome.answer.disposal.unwrap();
    assert_eq!((answer.erased, answer.kept, answer.left_out), (0, 1, vec![CASE.to_string()]));
    assert_eq!(stage(&ledger), RetentionStage::Kept);
    assert_eq!(ledger.has_done("wu.archivist", &propose()).unwrap_err(), Rejection::NotDue(vec![CASE]));
}

#[test]
fn house_who_proposed_a_list_does_not_decide_on_it() {
    let mut ledger = proposed();
    let refused = ledger.has_done("wu.archivist", &decide(true)).unwrap_err();
    assert_eq!(refused, Rejection::PersonExcluded { person: "wu.archivist".into(), article: "" });
    assert_eq!(stage(&ledger), RetentionStage::Proposed);
    ledger.has_done("li.leader", &decide(false)).unwrap();
    assert_eq!(stage(&ledger), RetentionStage::Kept);
    let nothing = ledger.has_done("li.leader", &decide(true)).unwrap_err();
    assert_eq!(nothing, Rejection::Nothing { what: "disposal_list", id: LIST });
}

#[test]
fn art_16_from_the_decision_on_nothing_of_the_case_can_be_read_or_added() {
    let mut ledger = proposed();
    ledger.has_done("li.leader", &decide(true)).unwrap();
    let gone = ledger.acts(Act::OpenIdentity { purpose: "contact".into() }).unwrap_err();
    let Rejection::Erased(gone) = gone else { panic!("{gone:?}") };
    assert_eq!((gone.kind, gone.article(), gone.at), (ErasureKind::Case, "16", ledger.now));
}

#[test]
fn art_16_an_erasure_is_told_once_and_deletes_in_the_same_transaction() {
    let mut ledger = proposed();
    ledger.has_done("li.leader", &decide(true)).unwrap();
    let erase = on_none(Act::Erase(listed(&ledger, Erased::Case)));
    let outcome = ledger.has_done("service:intake", &erase).unwrap();
    assert!(matches!(outcome.on_others.as_slice(), [(CASE, Kind::CaseErased(_))]));
    let [Write::Erase { listed }] = outcome.writes.as_slice() else { panic!("{:?}", outcome.writes) };
    assert_eq!(listed.len(), 1);
    assert_eq!(stage(&ledger), RetentionStage::Erased);
    let untold = ledger.book.reply(REPLY).map(|reply| (reply.outcome, reply.is_open()));
    assert_eq!(untold, Some((DeliveryOutcome::Erased, false)), "nobody can be told any more");
    let again = ledger.has_done("service:intake", &erase).unwrap();
    assert!(again.on_others.is_empty(), "told twice");
}

#[test]
fn art_16_what_nobody_decided_on_is_not_erased() {
    let mut ledger = proposed();
    let erase = on_none(Act::Erase(listed(&ledger, Erased::Case)));
    let outcome = ledger.has_done("service:intake", &erase).unwrap();
    let [Write::Erase { listed }] = outcome.writes.as_slice() else { panic!("{:?}", outcome.writes) };
    assert!(outcome.on_others.is_empty() && listed.is_empty());
}

#[test]
fn art_15_a_demand_is_decided_by_another_and_leaves_the_case() {
    let mut ledger = ledger();
    ledger.submits_automatically();
    let ask = || Act::RequestErasure { demand_id: DEMAND, ground: ErasureGround::ConsentWithdrawn };
    let grant = || Act::DecideErasure { demand_id: DEMAND, granted: true };
    ledger.by("chen.desk", ask()).unwrap();
    assert!(
        matches!(ledger.by("chen.desk", ask()).unwrap_err(), Rejection::Forbidden { .. }),
        "one at a time"
    );
    let own = ledger.by("chen.desk", grant()).unwrap_err();
    assert_eq!(own, Rejection::PersonExcluded { person: "chen.desk".into(), article: "15" });
    ledger.by("li.leader", grant()).unwrap();
    let gone = ledger.acts(Act::OpenIdentity { purpose: "contact".into() }).unwrap_err();
    assert!(matches!(gone, Rejection::Erased(gone) if gone.kind == ErasureKind::Identity));
    ledger.acts(Act::NoteHandling(note(CaseState::InHandling))).unwrap();
    assert_eq!(ledger.book.case(CASE).unwrap().state, CaseState::InHandling);
}

#[test]
fn art_15_an_open_case_without_a_working_copy_needs_the_identity_still() {
    let mut ledger = ledger().with_registered();
    let ask = Act::RequestErasure { demand_id: DEMAND, ground: ErasureGround::Unlawful };
    assert_eq!(ledger.by("chen.desk", ask.clone()).unwrap_err(), Rejection::MasksNotConfirmed);
    ledger.acts(Act::Withdraw { goes_on: false }).unwrap();
    ledger.by("chen.desk", ask).unwrap();
}

fn opened_again() -> Act {
    Act::NoteReopened(NoteReopened {
        reopening: 1,
        home: "baoshan".into(),
        article: "3".into(),
        reply_id: Uuid::from_u128(700),
    })
}

#[test]
fn art_3_a_case_that_was_opened_again_is_kept_anew_when_it_ends_again() {
    let (mut ledger, _) = archived(Finding::Founded, 10);
    ledger.now = at("2026-04-01 10:00");
    let outcome = ledger.acts(opened_again()).unwrap();
    assert_eq!(names(&outcome), ["reopened", "reply due"]);
    assert_eq!((ledger.case().state, stage(&ledger)), (CaseState::InHandling, RetentionStage::Unspecified));
    assert!(ledger.acts(opened_again()).unwrap().facts.is_empty(), "told twice");
    for state in [CaseState::Concluded, CaseState::Archived] {
        let finding = Finding::Unfounded;
        let noted = NoteHandling { finding, retention_years: 10, ..note(state) };
        ledger.acts(Act::NoteHandling(noted)).unwrap();
    }
    assert_eq!((stage(&ledger), ledger.book.retained(CASE).unwrap().years), (RetentionStage::Kept, 10));
}

#[test]
fn art_16_what_was_decided_to_be_erased_is_not_opened_again() {
    let mut ledger = proposed();
    ledger.has_done("liu.leader", &decide(true)).unwrap();
    assert!(ledger.acts(opened_again()).unwrap().facts.is_empty());
}
