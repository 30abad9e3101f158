use duban_proto::common::v1::{Action, CaseState};
use duban_proto::intake::v1::{HandOverWay, SummaryKind, SummaryState};
use intake::domain::{
    Act, ApproveSummary, HandOverSummary, NoteHandling, OnSummary, Outcome, Rejection, SubmitSummary,
    Summary, handler_actions,
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::support::{CASE, Ledger, at, draft, ledger, names, note};

const TOWN: &str = "baoshan.luodian";
const WRITER: &str = "wu.min";
const LEADER: &str = "leader";
const FIRST: Uuid = Uuid::from_u128(60);

/// A case that the town is responsible for.
fn handled() -> Ledger {
    let mut ledger = ledger().with_accepted();
    let held = NoteHandling { organ: TOWN.into(), term: 1, ..note(CaseState::InHandling) };
    ledger.acts(Act::NoteHandling(held)).unwrap();
    ledger
}

fn on(act: OnSummary) -> Act {
    Act::OnSummary(Box::new(act))
}

fn of(summary_id: Uuid, kind: SummaryKind, working_copy_version: u32) -> SubmitSummary {
    let reason = (kind == SummaryKind::Original).then(|| draft(Uuid::from_u128(90), 1));
    SubmitSummary {
        summary_id,
        kind,
        organ: TOWN.into(),
        text: draft(summary_id, 1),
        reason,
        working_copy_version,
    }
}

fn submits(ledger: &mut Ledger, number: u128, by: &str) -> Result<Outcome, Rejection> {
    let submit = of(Uuid::from_u128(number), SummaryKind::Summary, 0);
    ledger.by(by, on(OnSummary::Submit(submit)))
}

fn reviews(ledger: &mut Ledger, summary_id: Uuid, by: &str) {
    let outcome = ledger.by(by, on(OnSummary::Review { summary_id })).unwrap();
    assert_eq!(names(&outcome), ["summary reviewed"]);
}

fn approves(ledger: &mut Ledger, summary_id: Uuid, certain: u32) -> Result<Outcome, Rejection> {
    let reasons = (certain > 0).then(|| draft(Uuid::from_u128(91), 1));
    ledger.by(LEADER, on(OnSummary::Approve(ApproveSummary { summary_id, certain, reasons })))
}

fn returns(ledger: &mut Ledger, summary_id: Uuid, by: &str) -> Result<Outcome, Rejection> {
    let reason = draft(Uuid::from_u128(92), 1);
    ledger.by(by, on(OnSummary::Return { summary_id, reason }))
}

fn state(ledger: &Ledger, summary_id: Uuid) -> SummaryState {
    ledger.book.summary(CASE, summary_id).map(|one| one.held.state()).unwrap()
}

fn handed_over(summary_id: Uuid, organ: &str, time: &str) -> Act {
    on(OnSummary::HandOver(HandOverSummary {
        summary_id,
        organ: organ.into(),
        way: HandOverWay::InPerson,
        at: at(time),
        recipient: draft(Uuid::from_u128(93), 1),
    }))
}

#[test]
fn art_15_a_summary_is_sent_in_looked_at_approved_and_handed_over() {
    let mut ledger = handled();
    let sent = submits(&mut ledger, 60, WRITER).unwrap();
    assert_eq!(names(&sent), ["summary submitted"]);
    assert_eq!(sent.writes.len(), 1, "the text is kept");
    let told = sent.answer.summary.unwrap();
    assert_eq!((told.state(), told.attempt, told.text.as_str()), (SummaryState::InReview, 1, ""));
    reviews(&mut ledger, FIRST, LEADER);
    let approved = approves(&mut ledger, FIRST, 0).unwrap();
    assert_eq!(names(&approved), ["summary approved"]);
    ledger.now += SignedDuration::from_hours(2);
    let over = ledger.by(WRITER, handed_over(FIRST, TOWN, "2026-03-02 11:00")).unwrap();
    assert_eq!(names(&over), ["summary handed over"]);
    assert_eq!(state(&ledger, FIRST), SummaryState::HandedOver);
    ledger.by(WRITER, handed_over(FIRST, TOWN, "2026-03-02 11:30")).unwrap();
    assert_eq!(ledger.book.summary(CASE, FIRST).unwrap().held.handed_over.len(), 2, "to two respondents");
    assert_eq!(ledger.version(), handled().version(), "it gets between nobody and the case");
}

#[test]
fn art_15_only_the_organ_that_is_responsible_now_writes() {
    let mut ledger = handled();
    let mut submit = of(FIRST, SummaryKind::Summary, 0);
    submit.organ = "baoshan.dachang".into();
    let refused = ledger.by(WRITER, on(OnSummary::Submit(submit))).unwrap_err();
    assert_eq!(refused, Rejection::NotResponsible { organ: "baoshan.dachang".into() });
    let mut early = self::ledger().with_registered();
    assert_eq!(submits(&mut early, 60, WRITER).unwrap_err(), Rejection::State(CaseState::Registered));
}

#[test]
fn house_attempts_are_counted_for_a_person_whatever_becomes_of_them() {
    let mut ledger = handled();
    for number in 60..65 {
        submits(&mut ledger, number, WRITER).unwrap();
        reviews(&mut ledger, Uuid::from_u128(number), LEADER);
        if number == 60 {
            approves(&mut ledger, FIRST, 0).unwrap();
        } else {
            returns(&mut ledger, Uuid::from_u128(number), LEADER).unwrap();
        }
    }
    assert_eq!(submits(&mut ledger, 65, WRITER).unwrap_err(), Rejection::TooManyAttempts { most: 5 });
    assert_eq!(
        submits(&mut ledger, 65, "he.jun").unwrap().answer.summary.unwrap().attempt,
        1,
        "another's first"
    );
}

#[test]
fn house_a_further_one_takes_the_place_of_the_writers_own_in_review() {
    let mut ledger = handled();
    submits(&mut ledger, 60, WRITER).unwrap();
    submits(&mut ledger, 61, "he.jun").unwrap();
    reviews(&mut ledger, FIRST, LEADER);
    submits(&mut ledger, 62, WRITER).unwrap();
    assert_eq!(state(&ledger, FIRST), SummaryState::Replaced);
    assert_eq!(state(&ledger, Uuid::from_u128(61)), SummaryState::InReview, "another's stays");
    let nothing = Rejection::Nothing { what: "summary", id: FIRST };
    assert_eq!(approves(&mut ledger, FIRST, 0).unwrap_err(), nothing);
}

#[test]
fn art_15_the_writer_does_not_decide_and_nobody_does_unseen() {
    let mut ledger = handled();
    submits(&mut ledger, 60, LEADER).unwrap();
    let excluded = Rejection::PersonExcluded { person: LEADER.into(), article: "15" };
    assert_eq!(approves(&mut ledger, FIRST, 0).unwrap_err(), excluded);
    let look = ledger.by(LEADER, on(OnSummary::Review { summary_id: FIRST })).unwrap_err();
    assert_eq!(look, excluded, "nor see what was found in the own words");
    assert_eq!(returns(&mut ledger, FIRST, "head").unwrap_err(), Rejection::NotReviewed);
    reviews(&mut ledger, FIRST, "head");
    returns(&mut ledger, FIRST, "head").unwrap();
    assert_eq!(state(&ledger, FIRST), SummaryState::Returned);
    let nothing = Rejection::Nothing { what: "summary", id: FIRST };
    assert_eq!(returns(&mut ledger, FIRST, "head").unwrap_err(), nothing, "decided already");
}

#[test]
fn art_15_what_is_certain_stands_in_the_way_of_approval() {
    let mut ledger = handled();
    submits(&mut ledger, 60, WRITER).unwrap();
    reviews(&mut ledger, FIRST, LEADER);
    let refused = approves(&mut ledger, FIRST, 2).unwrap_err();
    assert_eq!(refused, Rejection::IdentityRevealed { findings: 2 }, "even with reasons");
    assert_eq!(state(&ledger, FIRST), SummaryState::InReview);
}

#[test]
fn house_a_regulation_may_let_it_pass_with_a_reason_for_each() {
    let mut ledger =
        handled().by_measures("despite_findings = \"never\"", "despite_findings = \"with_reasons\"");
    submits(&mut ledger, 60, WRITER).unwrap();
    reviews(&mut ledger, FIRST, LEADER);
    let without = ApproveSummary { summary_id: FIRST, certain: 1, reasons: None };
    let refused = ledger.by(LEADER, on(OnSummary::Approve(without))).unwrap_err();
    assert_eq!(refused, Rejection::IdentityRevealed { findings: 1 });
    let outcome = approves(&mut ledger, FIRST, 1).unwrap();
    assert_eq!(outcome.writes.len(), 1, "the reasons are kept");
    // Of an original nothing passes.
    ledger.masks(1, 1).unwrap();
    let original = Uuid::from_u128(70);
    ledger.by(WRITER, on(OnSummary::Submit(of(original, SummaryKind::Original, 1)))).unwrap();
    reviews(&mut ledger, original, LEADER);
    let refused = approves(&mut ledger, original, 1).unwrap_err();
    assert_eq!(refused, Rejection::IdentityRevealed { findings: 1 });
}

#[test]
fn art_15_an_original_is_of_the_working_copy_as_it_is() {
    let mut ledger = handled();
    let original = Uuid::from_u128(70);
    let asks = |version| on(OnSummary::Submit(of(original, SummaryKind::Original, version)));
    assert_eq!(ledger.by(WRITER, asks(0)).unwrap_err(), Rejection::MasksNotConfirmed);
    ledger.masks(1, 1).unwrap();
    let sent = ledger.by(WRITER, asks(1)).unwrap();
    assert_eq!(sent.answer.summary.unwrap().attempt, 0, "it tells its writer nothing, and does not count");
    reviews(&mut ledger, original, LEADER);
    ledger.masks(1, 2).unwrap();
    assert_eq!(approves(&mut ledger, original, 0).unwrap_err(), Rejection::MasksNotConfirmed);
}

#[test]
fn art_15_only_what_is_approved_is_handed_over_and_by_who_wrote_it() {
    let mut ledger = handled();
    submits(&mut ledger, 60, WRITER).unwrap();
    let nothing = Rejection::Nothing { what: "summary", id: FIRST };
    let now = "2026-03-02 10:00";
    assert_eq!(ledger.by(WRITER, handed_over(FIRST, TOWN, now)).unwrap_err(), nothing);
    reviews(&mut ledger, FIRST, LEADER);
    approves(&mut ledger, FIRST, 0).unwrap();
    for (time, organ) in [("2026-03-02 09:59", TOWN), ("2026-03-02 10:01", TOWN)] {
        assert_eq!(ledger.by(WRITER, handed_over(FIRST, organ, time)).unwrap_err(), nothing, "{time}");
    }
    let refused = ledger.by(WRITER, handed_over(FIRST, "baoshan.dachang", now)).unwrap_err();
    assert_eq!(refused, Rejection::NotResponsible { organ: "baoshan.dachang".into() });
    // Also when the case has gone on to another: what was done is recorded.
    let moved = NoteHandling { organ: "baoshan.dachang".into(), term: 2, ..note(CaseState::InHandling) };
    ledger.acts(Act::NoteHandling(moved)).unwrap();
    ledger.by(WRITER, handed_over(FIRST, TOWN, now)).unwrap();
}

#[test]
fn house_actions_are_true_for_role_and_person() {
    let mut ledger = handled();
    let offered = handler_actions(ledger.case(), |role| role == access::Role::Handler);
    assert_eq!(offered, [Action::SubmitSummary], "no original before the masks are confirmed");
    assert!(handler_actions(ledger.case(), |role| role == access::Role::Desk).is_empty());
    ledger.masks(1, 1).unwrap();
    let offered = handler_actions(ledger.case(), |role| role == access::Role::Handler);
    assert_eq!(offered, [Action::SubmitSummary, Action::RequestOriginal]);

    submits(&mut ledger, 60, WRITER).unwrap();
    let of = |ledger: &Ledger| -> Summary { ledger.book.summary(CASE, FIRST).unwrap().clone() };
    assert_eq!(of(&ledger).allowed_actions(LEADER, true, false), [Action::DecideSummary]);
    assert!(of(&ledger).allowed_actions(WRITER, true, true).is_empty(), "nobody decides on the own one");
    reviews(&mut ledger, FIRST, LEADER);
    approves(&mut ledger, FIRST, 0).unwrap();
    assert!(of(&ledger).allowed_actions(LEADER, true, false).is_empty());
    assert_eq!(of(&ledger).allowed_actions(WRITER, false, true), [Action::RecordHandedOver]);
}
