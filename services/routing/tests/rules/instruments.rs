//! A case's instruments and their limits: articles 7 and 22.

use duban_proto::common::v1::{Action, Finding};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::instrument_addressee::To;
use duban_proto::routing::v1::{InstrumentAddressee, InstrumentDelivery, InstrumentKind, InstrumentState};
use regulation::Approver;
use routing::domain::{
    Act, After, AnswerInstrument, Asker, DraftInstrument, OnInstrument, Outcome, RejectAnswer, Rejection,
    Submit, WithdrawInstrument, allowed_actions,
};
use uuid::Uuid;

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, about, about_a_clerk, at, audiences, names, record,
    sealed, submission, whole,
};

const PAPER: u128 = 500;

fn paper() -> String {
    Uuid::from_u128(PAPER).to_string()
}

fn on(act: OnInstrument) -> Act {
    Act::After(After::Instrument(Box::new(act)))
}

fn respondent() -> InstrumentAddressee {
    InstrumentAddressee { to: Some(To::Respondent(0)) }
}

fn authority() -> InstrumentAddressee {
    InstrumentAddressee { to: Some(To::Authority(true)) }
}

fn drafted(kind: InstrumentKind, addressee: InstrumentAddressee, item: u128) -> Act {
    on(OnInstrument::Draft(DraftInstrument {
        kind,
        addressee,
        measures: Vec::new(),
        answer_within: None,
        text: sealed(item),
    }))
}

fn signed(item: u128) -> Act {
    on(OnInstrument::Issue {
        id: Uuid::from_u128(item).to_string(),
        signs_as: vec![Approver::LeaderInCharge],
    })
}

fn answer(text: u128, decided: Option<(&str, &str)>) -> Act {
    let decided = decided.map(|(measure, on)| (measure.to_owned(), on.parse().unwrap()));
    let received_on = "2026-03-05".parse().unwrap();
    on(OnInstrument::Answer(AnswerInstrument { id: paper(), received_on, decided, text: sealed(text) }))
}

fn rejected() -> Act {
    on(OnInstrument::Reject(RejectAnswer { id: paper(), answer_within: None, reason: sealed(41) }))
}

/// The centre investigates an organ.
fn investigating() -> District {
    let mut district = District::routed(about(CENTRE, whole(OTHER)));
    district.appoints(CENTRE);
    district
}

/// The same, with an instrument issued.
fn issued(kind: InstrumentKind, addressee: InstrumentAddressee) -> District {
    let mut district = investigating();
    district.does(CENTRE, INVESTIGATORS[0], drafted(kind, addressee, PAPER)).unwrap();
    district.does(CENTRE, LEADER, signed(PAPER)).unwrap();
    district
}

fn state(district: &District) -> InstrumentState {
    district.case(CENTRE).instrument(&paper()).unwrap().state()
}

fn article(refused: &Rejection) -> &str {
    match refused {
        Rejection::NotByRegulation { article, .. } | Rejection::PersonExcluded { article, .. } => article,
        other => panic!("{other:?}"),
    }
}

fn ticks(district: &mut District, organ: &str, moment: &str) -> Outcome {
    district.now = at(moment);
    let at = district.now;
    district.hears(organ, Act::After(After::RunOut { at }))
}

#[test]
fn art_7_1_documents_are_demanded_under_a_number_by_a_leader_who_did_not_draft_it() {
    let mut district = investigating();
    let draft = drafted(InstrumentKind::DemandDocuments, respondent(), PAPER);
    assert_eq!(names(&district.does(CENTRE, INVESTIGATORS[0], draft).unwrap()), ["instrument_drafted"]);
    let refused = district.does(CENTRE, INVESTIGATORS[0], signed(PAPER)).unwrap_err();
    assert!(
        matches!(refused, Rejection::PersonExcluded { .. }),
        "who drafted it does not sign it: {refused:?}"
    );
    let nobody = on(OnInstrument::Issue { id: paper(), signs_as: Vec::new() });
    let refused = district.does(CENTRE, LEADER, nobody).unwrap_err();
    assert!(matches!(refused, Rejection::PersonExcluded { .. }), "only a leader signs: {refused:?}");
    let outcome = district.does(CENTRE, LEADER, signed(PAPER)).unwrap();
    let told = outcome.answer.instrument.unwrap();
    assert_eq!((told.state(), told.number.as_str()), (InstrumentState::Issued, "调〔2026〕1号"));
    assert_eq!((told.drafted_by.as_str(), told.signed_by.as_str()), (INVESTIGATORS[0], LEADER));
    let citation = told.citation.unwrap();
    assert_eq!((citation.article.as_str(), citation.rule.as_str()), ("7(1)", "demand_documents"));
    let due = told.due_at.as_ref().and_then(server::time::from_proto).unwrap();
    assert_eq!(due, at("2026-03-10 00:00"), "five workdays, the day of the issue not counted");
    let again = district.does(CENTRE, LEADER, signed(PAPER)).unwrap_err();
    assert_eq!(again, Rejection::InstrumentState(InstrumentState::Issued));
}

#[test]
fn house_each_kind_and_year_has_a_gapless_register() {
    let mut district = investigating();
    let mut numbers = Vec::new();
    let kinds = [
        (InstrumentKind::DemandDocuments, 1),
        (InstrumentKind::OrderDuty, 2),
        (InstrumentKind::DemandDocuments, 3),
        (InstrumentKind::DemandDocuments, 4),
    ];
    for (kind, item) in kinds {
        if item == 4 {
            district.now = at("2027-01-04 10:00");
        }
        district.does(CENTRE, INVESTIGATORS[0], drafted(kind, respondent(), item)).unwrap();
        let outcome = district.does(CENTRE, LEADER, signed(item)).unwrap();
        numbers.push(outcome.answer.instrument.unwrap().number);
    }
    assert_eq!(numbers, ["调〔2026〕1号", "责〔2026〕1号", "调〔2026〕2号", "调〔2027〕1号"]);
}

#[test]
fn art_18_during_the_handling_an_investigator_of_the_term_drafts() {
    let mut district = investigating();
    let draft = || drafted(InstrumentKind::DemandExplanation, respondent(), PAPER);
    assert_eq!(article(&district.does(CENTRE, "zhao.si", draft()).unwrap_err()), "18");
    let mut sent = District::acknowledged();
    sent.appoints(TOWN);
    let refused = sent.does(CENTRE, INVESTIGATORS[0], draft()).unwrap_err();
    assert!(matches!(refused, Rejection::State(_)), "the home holds no term: {refused:?}");
    sent.does(TOWN, INVESTIGATORS[0], draft()).unwrap();
}

#[test]
fn art_7_a_kind_goes_to_whom_and_when_the_regulation_says() {
    let mut district = investigating();
    let to_an_authority = drafted(InstrumentKind::DemandDocuments, authority(), PAPER);
    let refused = district.does(CENTRE, INVESTIGATORS[0], to_an_authority).unwrap_err();
    assert_eq!(article(&refused), "7(1)");
    let no_such = InstrumentAddressee { to: Some(To::Respondent(1)) };
    let to_nobody = drafted(InstrumentKind::DemandDocuments, no_such, PAPER);
    let refused = district.does(CENTRE, INVESTIGATORS[0], to_nobody).unwrap_err();
    assert!(matches!(refused, Rejection::Nothing { what: "respondent", .. }), "{refused:?}");
    let too_early = drafted(InstrumentKind::Announcement, respondent(), PAPER);
    let refused = district.does(CENTRE, INVESTIGATORS[0], too_early).unwrap_err();
    assert!(matches!(refused, Rejection::NotByRegulation { .. }), "{refused:?}");
    district
        .does(CENTRE, INVESTIGATORS[0], drafted(InstrumentKind::DemandDocuments, respondent(), PAPER))
        .unwrap();
    district.investigates(CENTRE);
    district.submits(CENTRE);
    district.does(CENTRE, LEADER, Act::Approve { term: 1 }).unwrap();
    let refused = district.does(CENTRE, "head", signed(PAPER)).unwrap_err();
    assert!(matches!(refused, Rejection::NotByRegulation { .. }), "concluded meanwhile: {refused:?}");
    let refused = district
        .does(CENTRE, INVESTIGATORS[0], drafted(InstrumentKind::DemandDocuments, respondent(), 9))
        .unwrap_err();
    assert_eq!(article(&refused), "7(1)");
}

#[test]
fn house_what_is_not_there_is_not_found() {
    let refused = investigating().does(CENTRE, LEADER, signed(PAPER)).unwrap_err();
    assert_eq!(refused, Rejection::NoInstrument(paper()));
}

#[test]
fn house_a_delivery_is_recorded_once_and_not_before_the_issue() {
    let mut district = issued(InstrumentKind::DemandDocuments, respondent());
    let delivery = |day: &str| {
        let (on_day, way) = (day.parse().unwrap(), InstrumentDelivery::InPerson);
        on(OnInstrument::Deliver { id: paper(), on: on_day, way })
    };
    let refused = district.does(CENTRE, "desk", delivery("2026-03-01")).unwrap_err();
    assert!(matches!(refused, Rejection::NotByRegulation { .. }), "{refused:?}");
    district.does(CENTRE, "desk", delivery("2026-03-02")).unwrap();
    assert_eq!(state(&district), InstrumentState::Delivered);
    let refused = district.does(CENTRE, "desk", delivery("2026-03-02")).unwrap_err();
    assert_eq!(refused, Rejection::InstrumentState(InstrumentState::Delivered));
}

#[test]
fn art_3_a_rectification_that_is_not_in_order_goes_back_with_a_new_date() {
    let mut district = issued(InstrumentKind::Rectification, respondent());
    district.now = at("2026-03-05 10:00");
    district.does(CENTRE, "desk", answer(40, None)).unwrap();
    assert_eq!(state(&district), InstrumentState::Answered);
    let refused = district.does(CENTRE, "desk", rejected()).unwrap_err();
    assert!(
        matches!(refused, Rejection::PersonExcluded { .. }),
        "who recorded it does not check it: {refused:?}"
    );
    district.does(CENTRE, INVESTIGATORS[0], rejected()).unwrap();
    assert_eq!(state(&district), InstrumentState::Issued);
    let instrument = district.case(CENTRE).instrument(&paper()).unwrap();
    assert_eq!(instrument.due_at, Some(at("2026-03-20 00:00").as_microsecond()), "ten workdays again");
    assert_eq!(instrument.answers.len(), 1, "the first answer stays on record");
    let accepted = || on(OnInstrument::Accept { id: paper() });
    let refused = district.does(CENTRE, INVESTIGATORS[0], accepted()).unwrap_err();
    assert_eq!(refused, Rejection::InstrumentState(InstrumentState::Issued), "nothing to check");
    district.does(CENTRE, "desk", answer(42, None)).unwrap();
    district.does(CENTRE, INVESTIGATORS[0], accepted()).unwrap();
    assert_eq!(state(&district), InstrumentState::Settled);
    assert_eq!(names(&ticks(&mut district, CENTRE, "2026-04-20 10:00")), [""; 0], "nothing runs any more");
}

#[test]
fn art_22_the_authority_may_decide_on_another_measure_than_was_recommended() {
    let mut district = investigating();
    let recommendation = on(OnInstrument::Draft(DraftInstrument {
        kind: InstrumentKind::Recommendation,
        addressee: authority(),
        measures: vec!["circulated_criticism".into()],
        answer_within: None,
        text: sealed(PAPER),
    }));
    district.does(CENTRE, INVESTIGATORS[0], recommendation).unwrap();
    district.does(CENTRE, LEADER, signed(PAPER)).unwrap();
    district.does(CENTRE, "desk", answer(40, Some(("formal_admonition", "2026-03-04")))).unwrap();
    assert_eq!(state(&district), InstrumentState::Settled, "what an authority decided is not checked");
    let answered = district.case(CENTRE).instrument(&paper()).unwrap().answers[0].answered.clone().unwrap();
    assert_eq!(
        (answered.measure.as_str(), answered.decided_on.as_str()),
        ("formal_admonition", "2026-03-04")
    );
}

#[test]
fn art_22_only_an_authority_decides_on_a_measure() {
    let mut district = issued(InstrumentKind::DemandExplanation, respondent());
    let decided = answer(40, Some(("formal_admonition", "2026-03-04")));
    assert_eq!(article(&district.does(CENTRE, "desk", decided).unwrap_err()), "22");
}

fn concluded(finding: Finding) -> District {
    let mut district = investigating();
    district.does(CENTRE, INVESTIGATORS[0], Act::File(Box::new(record(1, &INVESTIGATORS)))).unwrap();
    let submit = Submit { term: 1, finding, findings: Vec::new(), measures: Vec::new(), report: sealed(30) };
    district.does(CENTRE, INVESTIGATORS[0], Act::Submit(Box::new(submit))).unwrap();
    district.does(CENTRE, LEADER, Act::Approve { term: 1 }).unwrap();
    district
}

#[test]
fn art_22_no_measures_are_recommended_where_the_complaint_is_unfounded() {
    let mut district = concluded(Finding::Unfounded);
    for kind in [InstrumentKind::Recommendation, InstrumentKind::DisciplineReferral] {
        let refused = district.does(CENTRE, "zhao.si", drafted(kind, authority(), PAPER)).unwrap_err();
        assert_eq!(article(&refused), "22");
    }
    let mut founded = concluded(Finding::Founded);
    let referral = drafted(InstrumentKind::DisciplineReferral, authority(), PAPER);
    founded.does(CENTRE, "zhao.si", referral).unwrap();
}

#[test]
fn art_22_a_respondent_who_is_cleared_is_told_so() {
    let mut district = concluded(Finding::Unfounded);
    assert!(district.case(CENTRE).owes_announcement(CENTRE));
    assert!(!concluded(Finding::NotEstablished).case(CENTRE).owes_announcement(CENTRE));
    district.does(CENTRE, "zhao.si", drafted(InstrumentKind::Announcement, respondent(), PAPER)).unwrap();
    let told = district.does(CENTRE, LEADER, signed(PAPER)).unwrap().answer.instrument.unwrap();
    assert_eq!((told.finding(), told.due_at), (Finding::Unfounded, None));
    let refused = district.does(CENTRE, "desk", answer(40, None)).unwrap_err();
    assert_eq!(refused, Rejection::InstrumentState(InstrumentState::Issued), "it is not answered");
    let (on_day, way) = ("2026-03-02".parse().unwrap(), InstrumentDelivery::Post);
    let delivered = on(OnInstrument::Deliver { id: paper(), on: on_day, way });
    let case = district.does(CENTRE, "desk", delivered).unwrap().answer.case.unwrap();
    assert!(!case.owes_announcement);
    assert_eq!(state(&district), InstrumentState::Settled);
}

#[test]
fn house_what_was_issued_is_withdrawn_by_a_leader_a_draft_by_who_drafted_it() {
    let withdrawn = |as_leader| {
        on(OnInstrument::Withdraw(WithdrawInstrument { id: paper(), as_leader, reason: sealed(41) }))
    };
    let mut district = investigating();
    let draft = || drafted(InstrumentKind::DemandDocuments, respondent(), PAPER);
    district.does(CENTRE, INVESTIGATORS[0], draft()).unwrap();
    let refused = district.does(CENTRE, INVESTIGATORS[1], withdrawn(false)).unwrap_err();
    assert!(matches!(refused, Rejection::PersonExcluded { .. }), "{refused:?}");
    district.does(CENTRE, INVESTIGATORS[0], withdrawn(false)).unwrap();
    assert_eq!(state(&district), InstrumentState::Withdrawn);

    let mut district = issued(InstrumentKind::DemandDocuments, respondent());
    let refused = district.does(CENTRE, INVESTIGATORS[0], withdrawn(false)).unwrap_err();
    assert!(matches!(refused, Rejection::PersonExcluded { .. }), "{refused:?}");
    district.does(CENTRE, LEADER, withdrawn(true)).unwrap();
    assert_eq!(names(&ticks(&mut district, CENTRE, "2026-04-20 10:00")), [""; 0], "nothing runs any more");
    let refused = district.does(CENTRE, LEADER, withdrawn(true)).unwrap_err();
    assert_eq!(refused, Rejection::InstrumentState(InstrumentState::Withdrawn));
}

#[test]
fn house_a_reminder_before_the_date_and_overdue_after_it_each_once_in_order() {
    let mut district = issued(InstrumentKind::DemandDocuments, respondent());
    assert_eq!(names(&ticks(&mut district, CENTRE, "2026-03-08 23:59")), [""; 0], "not yet");
    let reminded = ticks(&mut district, CENTRE, "2026-03-09 00:00");
    assert_eq!(names(&reminded), ["instrument_reminded"]);
    assert_eq!(names(&ticks(&mut district, CENTRE, "2026-03-09 00:01")), [""; 0], "once");
    assert_eq!(names(&ticks(&mut district, CENTRE, "2026-03-10 00:00")), ["instrument_overdue"]);
    assert_eq!(state(&district), InstrumentState::Overdue);
    assert_eq!(names(&ticks(&mut district, CENTRE, "2026-03-11 00:00")), [""; 0], "once");
    district.does(CENTRE, "desk", answer(40, None)).unwrap();
    assert_eq!(state(&district), InstrumentState::Answered, "late, and taken all the same");
}

#[test]
fn house_what_was_missed_happens_at_once_in_order_and_says_that_it_is_late() {
    let mut district = issued(InstrumentKind::DemandDocuments, respondent());
    let missed = ticks(&mut district, CENTRE, "2026-04-01 10:00");
    assert_eq!(names(&missed), ["instrument_reminded", "instrument_overdue"]);
    let late = |fact: &routing::domain::Fact| match &fact.kind {
        Kind::InstrumentReminded(event) => event.late,
        Kind::InstrumentOverdue(event) => event.late,
        _ => false,
    };
    assert!(missed.facts.iter().all(late), "{missed:?}");
}

#[test]
fn house_a_transfer_that_nobody_acknowledges_is_noted_at_the_home_and_told() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    assert_eq!(district.case(CENTRE).next_due(CENTRE), Some(at("2026-03-05 00:00").as_microsecond()));
    assert_eq!(district.case(TOWN).next_due(TOWN), None, "the home watches it");
    let overdue = ticks(&mut district, CENTRE, "2026-03-05 00:00");
    assert_eq!(names(&overdue), ["acknowledgement_overdue"]);
    assert_eq!(audiences(&overdue), [Some(TOWN)]);
    assert_eq!(district.case(CENTRE).next_due(CENTRE), None, "once");
    district.deliver();
    assert!(district.case(TOWN).current().unwrap().acknowledgement_overdue_at.is_some());
    let told_again = Act::heard(overdue.facts[0].kind.clone(), CENTRE, district.now).unwrap().unwrap();
    assert_eq!(names(&district.hears(TOWN, told_again)), [""; 0]);
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.deliver();
    let case = routing::domain::routed_case(crate::support::CASE, CENTRE, district.case(CENTRE));
    assert_eq!(case.terms[0].acknowledgement_overdue_since, None, "gone with the acknowledgement");
}

#[test]
fn house_an_acknowledgement_that_crosses_the_reminder_is_left_alone() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    ticks(&mut district, CENTRE, "2026-03-05 00:00");
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.deliver();
    assert_eq!(district.case(TOWN).current().unwrap().acknowledgement_overdue_at, None);
    let acknowledged = District::acknowledged();
    assert_eq!(acknowledged.case(CENTRE).next_due(CENTRE), None);
}

#[test]
fn what_may_be_done_with_instruments_depends_on_role_and_person() {
    use access::Role;
    let asks = |district: &District, subject: &str, role: Role| {
        let has = move |asked: Role| asked == role;
        allowed_actions(district.case(CENTRE), &Asker { subject, organ: CENTRE, has: &has })
    };
    let mut district = investigating();
    assert!(asks(&district, INVESTIGATORS[0], Role::Handler).contains(&Action::DraftInstrument));
    assert!(!asks(&district, "zhao.si", Role::Handler).contains(&Action::DraftInstrument));
    district
        .does(CENTRE, INVESTIGATORS[0], drafted(InstrumentKind::DemandDocuments, respondent(), PAPER))
        .unwrap();
    assert!(asks(&district, LEADER, Role::Leader).contains(&Action::IssueInstrument));
    assert!(!asks(&district, INVESTIGATORS[0], Role::Leader).contains(&Action::IssueInstrument), "own draft");
    assert!(!asks(&district, LEADER, Role::Handler).contains(&Action::IssueInstrument), "no leader");
    district.does(CENTRE, LEADER, signed(PAPER)).unwrap();
    assert!(asks(&district, "desk", Role::Desk).contains(&Action::RecordInstrumentAnswer));
    district.does(CENTRE, "desk", answer(40, None)).unwrap();
    assert!(asks(&district, "zhao.si", Role::Handler).contains(&Action::CheckInstrumentAnswer));
    assert!(!asks(&district, "desk", Role::Handler).contains(&Action::CheckInstrumentAnswer), "recorded it");
}

#[test]
fn house_a_submission_is_no_answer() {
    let mut district = issued(InstrumentKind::DemandDocuments, respondent());
    district.investigates(CENTRE);
    district.does(CENTRE, INVESTIGATORS[0], submission(1)).unwrap();
    assert_eq!(state(&district), InstrumentState::Issued);
}
