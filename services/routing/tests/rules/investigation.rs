//! Who investigates, and how: articles 18 and 19.

use std::path::Path;
use std::sync::Arc;

use access::Role;
use calendar::Calendar;
use duban_proto::common::v1::{Action, CaseState};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    Deputy, EvidenceListed, HandOverObstacle, LoanGround, LoanRefusal, LoanState, RecordKind, RecusalGround,
    ReplacementGround,
};
use regulation::{Regulation, Rules};
use routing::domain::{
    Act, Asker, Case, HandOver, Inquire, Outcome, Rejection, Sealed, Standing, lender, next_actions, version,
};
use uuid::Uuid;

use crate::support::{
    CASE, CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, about_a_clerk, appointment, at, audiences,
    names, record, replacement, sealed, sealed_with_key, submission,
};

const LOAN: Uuid = Uuid::from_u128(900);

fn inquire(inquire: Inquire) -> Act {
    Act::Inquire(Box::new(inquire))
}

fn recusal(person: Option<&str>) -> Act {
    inquire(Inquire::Recuse {
        term: 1,
        person: person.map(str::to_owned),
        ground: RecusalGround::Kin,
        reason: sealed(60),
    })
}

fn evidence(record_id: &str) -> Act {
    inquire(Inquire::AddEvidence {
        evidence: Box::new(EvidenceListed {
            term: 1,
            kind: "document".into(),
            collected_at: Some(server::time::to_proto(at("2026-03-02 09:45"))),
            collected_by: vec!["wu.min".into()],
            record_id: record_id.into(),
            ..EvidenceListed::default()
        }),
        description: sealed(70),
    })
}

/// The version of a text that was there before.
fn sealed_version(item: u128, version: u32) -> Sealed {
    let mut sealed = sealed(item);
    sealed.draft.version = version;
    sealed
}

fn plan(seen: u32) -> Act {
    inquire(Inquire::SetPlan { term: 1, version: seen, plan: sealed_version(80, seen + 1) })
}

fn confirmation(version: u32, refusal: Option<Sealed>) -> Act {
    inquire(Inquire::Confirm { term: 1, record_id: Uuid::from_u128(20), version, refusal })
}

fn correction(seen: u32, text: u32) -> Act {
    let mut file = record(1, &INVESTIGATORS);
    file.confirmed = false;
    file.record = sealed_version(20, text);
    inquire(Inquire::Correct { record_id: Uuid::from_u128(20), version: seen, file: Box::new(file) })
}

fn deputyship(person: &str, deputy: &str, from: &str, until: &str) -> Act {
    let moment = |text| Some(server::time::to_proto(at(text)));
    inquire(Inquire::SetDeputy(Box::new(Deputy {
        deputy_id: Uuid::from_u128(500).to_string(),
        person: person.into(),
        deputy: deputy.into(),
        begins_at: moment(from),
        until: moment(until),
        ended_at: None,
        set_by: LEADER.into(),
    })))
}

fn loan_request() -> Act {
    inquire(Inquire::RequestLoan {
        term: 1,
        loan_id: LOAN,
        ground: LoanGround::TooFewStaff,
        wanted: 1,
        approves: false,
    })
}

fn loan_decision(officers: &[&str]) -> Act {
    let officers: Vec<String> = officers.iter().map(|name| (*name).to_owned()).collect();
    let refusal = if officers.is_empty() { LoanRefusal::NobodyFree } else { LoanRefusal::Unspecified };
    inquire(Inquire::DecideLoan { loan_id: LOAN, officers, refusal })
}

fn hand_over(officer: &str, successors: &[&str]) -> Act {
    inquire(Inquire::HandOver(Box::new(HandOver {
        hand_over_id: Uuid::from_u128(600),
        officer: officer.into(),
        successors: successors.iter().map(|name| (*name).to_owned()).collect(),
        ground: ReplacementGround::Left,
        cases: vec![CASE, Uuid::from_u128(2)],
        more: false,
    })))
}

fn excluded(rejection: &Rejection) -> &str {
    match rejection {
        Rejection::PersonExcluded { person, .. } => person,
        other => panic!("{other:?}"),
    }
}

fn investigated() -> District {
    let mut district = District::acknowledged();
    district.appoints(TOWN);
    district
}

fn tenure(district: &District) -> &routing::domain::Tenure {
    district.case(TOWN).current().unwrap()
}

fn obstacles(outcome: &Outcome) -> Vec<(String, i32)> {
    let handed = outcome.answer.inquiry.as_ref().and_then(|told| told.hand_over.as_ref()).unwrap();
    handed.cases.iter().map(|case| (case.successor.clone(), case.obstacle)).collect()
}

#[test]
fn house_whoever_withdrew_takes_no_part_in_anything() {
    let mut district = investigated();
    let outcome = district.does(TOWN, "wu.min", recusal(None)).unwrap();
    let Kind::InvestigatorRecused(recused) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert_eq!((recused.person.as_str(), recused.ordered), ("wu.min", false));
    assert_eq!(tenure(&district).investigators, ["he.jun"]);
    for (actor, act) in [
        ("wu.min", Act::File(Box::new(record(1, &INVESTIGATORS)))),
        ("wu.min", plan(0)),
        ("wu.min", recusal(None)),
        (LEADER, recusal(Some("wu.min"))),
        (LEADER, appointment(1, &["he.jun", "wu.min"])),
        (LEADER, replacement("he.jun", "wu.min")),
    ] {
        assert_eq!(excluded(&district.does(TOWN, actor, act).unwrap_err()), "wu.min");
    }
    district.does(TOWN, "he.jun", recusal(None)).unwrap();
    assert_eq!(excluded(&district.does(TOWN, "he.jun", submission(1)).unwrap_err()), "he.jun");
}

#[test]
fn house_a_withdrawal_is_ordered_of_somebody_else_by_one_who_did_not_withdraw() {
    let mut district = investigated();
    assert_eq!(excluded(&district.does(TOWN, LEADER, recusal(Some(LEADER))).unwrap_err()), LEADER);
    let outcome = district.does(TOWN, LEADER, recusal(Some("zhao.si"))).unwrap();
    let Kind::InvestigatorRecused(recused) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert!(recused.ordered, "also of one who was not appointed");
    district.does(TOWN, LEADER, recusal(None)).unwrap();
    let refused = [
        recusal(Some("sun.li")),
        appointment(1, &["he.jun", "wu.min", "sun.li"]),
        replacement("wu.min", "sun.li"),
        loan_request(),
    ]
    .map(|act| district.does(TOWN, LEADER, act).unwrap_err());
    assert!(refused.iter().all(|refused| excluded(refused) == LEADER), "{refused:?}");
}

#[test]
fn house_a_leader_who_withdrew_does_not_decide() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    district.does(TOWN, LEADER, recusal(None)).unwrap();
    let refused = district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(excluded(&refused), LEADER);
    let refused = district.does(TOWN, LEADER, Act::Return { term: 1, reason: sealed(40) }).unwrap_err();
    assert_eq!(excluded(&refused), LEADER);
    district.does(TOWN, "he.bin", Act::Approve { term: 1 }).unwrap();
}

#[test]
fn art_18_one_who_is_left_can_neither_record_nor_submit() {
    let mut district = investigated();
    district.investigates(TOWN);
    district.does(TOWN, "wu.min", recusal(None)).unwrap();
    let too_few = Rejection::TooFewInvestigators { given: 1, least: 2, article: "18".into() };
    let alone = Act::File(Box::new(record(1, &["he.jun"])));
    assert_eq!(district.does(TOWN, "he.jun", alone).unwrap_err(), too_few);
    assert_eq!(district.does(TOWN, "he.jun", submission(1)).unwrap_err(), too_few);
    district.does(TOWN, LEADER, replacement("wu.min", "zhao.si")).unwrap();
    assert_eq!(tenure(&district).investigators, ["he.jun", "zhao.si"]);
    district.does(TOWN, "zhao.si", submission(1)).unwrap();
    district.does(TOWN, LEADER, recusal(Some("zhao.si"))).unwrap();
    assert_eq!(district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap_err(), too_few, "withdrew since");
}

#[test]
fn house_a_replacement_has_a_reason() {
    let mut district = investigated();
    let without = inquire(Inquire::Replace {
        term: 1,
        former: "wu.min".into(),
        successor: "zhao.si".into(),
        ground: ReplacementGround::Other,
        reason: None,
    });
    let needs_reason = Rejection::ReplacementNeedsReason { person: "wu.min".into() };
    assert_eq!(district.does(TOWN, LEADER, without).unwrap_err(), needs_reason);
    let instead = appointment(1, &["he.jun", "zhao.si"]);
    assert_eq!(district.does(TOWN, LEADER, instead).unwrap_err(), needs_reason);
    let outcome = district.does(TOWN, LEADER, replacement("wu.min", "zhao.si")).unwrap();
    assert_eq!(names(&outcome), ["investigator_replaced"]);
    let gone = district.does(TOWN, LEADER, replacement("wu.min", "sun.li")).unwrap_err();
    assert_eq!(excluded(&gone), "wu.min", "does not investigate");
    let again = district.does(TOWN, LEADER, replacement("he.jun", "zhao.si")).unwrap_err();
    assert_eq!(excluded(&again), "zhao.si", "investigates already");
    let mut early = District::acknowledged();
    let refused = early.does(TOWN, LEADER, replacement("wu.min", "zhao.si")).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling));
}

#[test]
fn art_19_who_was_replaced_stays_on_record_and_does_not_decide() {
    let mut district = investigated();
    district.does(TOWN, LEADER, replacement("wu.min", "zhao.si")).unwrap();
    let left = Act::File(Box::new(record(1, &["he.jun", "wu.min"])));
    assert_eq!(excluded(&district.does(TOWN, "he.jun", left).unwrap_err()), "wu.min");
    let filed = Act::File(Box::new(record(1, &["he.jun", "zhao.si"])));
    district.does(TOWN, "he.jun", filed).unwrap();
    district.submits(TOWN);
    let refused = district.does(TOWN, "wu.min", Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(excluded(&refused), "wu.min", "was appointed, and never did anything");
    assert_eq!(tenure(&district).inquiry.replaced.len(), 1);
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
}

#[test]
fn art_18_an_interview_counts_once_it_is_confirmed() {
    let mut district = investigated();
    let mut unconfirmed = record(1, &INVESTIGATORS);
    unconfirmed.confirmed = false;
    district.does(TOWN, "wu.min", Act::File(Box::new(unconfirmed))).unwrap();
    assert_eq!(district.does(TOWN, "wu.min", submission(1)).unwrap_err(), Rejection::RecordMissing);
    let stranger = district.does(TOWN, "zhao.si", confirmation(1, None)).unwrap_err();
    assert_eq!(excluded(&stranger), "zhao.si");
    let stale = district.does(TOWN, "wu.min", confirmation(2, None)).unwrap_err();
    assert_eq!(stale, Rejection::Version { expected: 2, actual: 1 });
    district.does(TOWN, "wu.min", confirmation(1, Some(sealed(61)))).unwrap();
    assert_eq!(
        district.does(TOWN, "wu.min", submission(1)).unwrap_err(),
        Rejection::RecordMissing,
        "refused"
    );
    let again = district.does(TOWN, "wu.min", confirmation(1, Some(sealed(62)))).unwrap_err();
    assert!(matches!(again, Rejection::Nothing { what: "unconfirmed_record", .. }), "{again:?}");
    district.does(TOWN, "wu.min", confirmation(1, None)).unwrap();
    let settled = district.does(TOWN, "wu.min", confirmation(1, None)).unwrap_err();
    assert!(matches!(settled, Rejection::Nothing { what: "unconfirmed_record", .. }), "{settled:?}");
    let unknown = Inquire::Confirm { term: 1, record_id: Uuid::from_u128(21), version: 1, refusal: None };
    let unknown = district.does(TOWN, "wu.min", inquire(unknown)).unwrap_err();
    assert!(matches!(unknown, Rejection::Nothing { what: "record", .. }), "{unknown:?}");
    district.submits(TOWN);
}

#[test]
fn art_18_an_investigation_record_has_no_interviewee() {
    let mut district = investigated();
    let mut scene = record(1, &INVESTIGATORS);
    (scene.kind, scene.confirmed) = (RecordKind::Investigation, false);
    district.does(TOWN, "wu.min", Act::File(Box::new(scene))).unwrap();
    district.submits(TOWN);
}

#[test]
fn art_18_a_corrected_record_is_confirmed_anew_and_the_old_one_stays() {
    let mut district = investigated();
    district.investigates(TOWN);
    let stale = district.does(TOWN, "wu.min", correction(2, 3)).unwrap_err();
    assert_eq!(stale, Rejection::Version { expected: 2, actual: 1 });
    let skips = district.does(TOWN, "wu.min", correction(1, 3)).unwrap_err();
    assert_eq!(skips, Rejection::Version { expected: 1, actual: 3 });
    district.does(TOWN, "wu.min", correction(1, 2)).unwrap();
    let now = &tenure(&district).records[0];
    assert_eq!((version(now), now.confirmed, now.kind()), (2, false, RecordKind::Interview));
    let [earlier] = tenure(&district).inquiry.earlier.as_slice() else { panic!("one version before") };
    assert_eq!((version(earlier), earlier.confirmed), (1, true));
    assert_eq!(district.does(TOWN, "wu.min", submission(1)).unwrap_err(), Rejection::RecordMissing);
    district.does(TOWN, "wu.min", confirmation(2, None)).unwrap();
    district.submits(TOWN);
    let late = district.does(TOWN, "wu.min", correction(2, 3)).unwrap_err();
    assert_eq!(late, Rejection::State(CaseState::InHandling), "it is before the leader");
}

#[test]
fn art_18_the_plan_is_made_anew_by_who_saw_the_last_one() {
    let mut district = investigated();
    assert_eq!(excluded(&district.does(TOWN, LEADER, plan(0)).unwrap_err()), LEADER);
    district.does(TOWN, "wu.min", plan(0)).unwrap();
    let stale = district.does(TOWN, "he.jun", plan(0)).unwrap_err();
    assert_eq!(stale, Rejection::Version { expected: 0, actual: 1 });
    let outcome = district.does(TOWN, "he.jun", plan(1)).unwrap();
    assert_eq!(outcome.answer.inquiry.unwrap().number, 2);
    let by: Vec<&str> = tenure(&district).inquiry.plans.iter().map(|plan| plan.by.as_str()).collect();
    assert_eq!(by, ["wu.min", "he.jun"]);
}

#[test]
fn art_18_the_evidence_list_keeps_what_was_taken_off_it() {
    let mut district = investigated();
    let missing = district.does(TOWN, "wu.min", evidence("nothing")).unwrap_err();
    assert!(matches!(missing, Rejection::Nothing { what: "record", .. }), "{missing:?}");
    district.investigates(TOWN);
    let of_the_record = evidence(&Uuid::from_u128(20).to_string());
    assert_eq!(district.does(TOWN, "wu.min", of_the_record).unwrap().answer.inquiry.unwrap().number, 1);
    assert_eq!(excluded(&district.does(TOWN, "zhao.si", evidence("")).unwrap_err()), "zhao.si");
    let remove = |number| inquire(Inquire::RemoveEvidence { term: 1, number, reason: sealed(71) });
    district.does(TOWN, "he.jun", remove(1)).unwrap();
    for number in [1, 2] {
        let refused = district.does(TOWN, "he.jun", remove(number)).unwrap_err();
        assert!(matches!(refused, Rejection::Nothing { what: "evidence", .. }), "{refused:?}");
    }
    assert_eq!(district.does(TOWN, "wu.min", evidence("")).unwrap().answer.inquiry.unwrap().number, 2);
    let [first, second] = tenure(&district).inquiry.exhibits.as_slice() else { panic!("two") };
    assert_eq!((first.by.as_str(), first.removed_by.as_str()), ("wu.min", "he.jun"));
    assert!(second.removed_at.is_none() && tenure(&district).evidence() == 1);
    let mut by_others = investigated();
    let collected = inquire(Inquire::AddEvidence {
        evidence: Box::new(EvidenceListed {
            term: 1,
            collected_by: vec!["zhao.si".into()],
            ..EvidenceListed::default()
        }),
        description: sealed(70),
    });
    assert_eq!(excluded(&by_others.does(TOWN, "wu.min", collected).unwrap_err()), "zhao.si");
}

#[test]
fn art_18_no_report_without_the_evidence_that_the_regulation_asks_for() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    let text = std::fs::read_to_string(path).unwrap().replacen("least = 0", "least = 1", 1);
    let regulation = Arc::new(Regulation::parse(&text, "r.toml").unwrap());
    let mut district = investigated();
    district.rules = Box::leak(Box::new(Rules::new(regulation, Arc::new(Calendar::bundled().unwrap()))));
    district.investigates(TOWN);
    let missing = Rejection::EvidenceMissing { given: 0, least: 1, article: String::new() };
    assert_eq!(district.does(TOWN, "wu.min", submission(1)).unwrap_err(), missing);
    district.does(TOWN, "wu.min", evidence("")).unwrap();
    district.submits(TOWN);
}

#[test]
fn house_a_deputy_acts_between_the_dates_and_both_names_are_kept() {
    let mut district = investigated();
    let set = deputyship("wu.min", "zhao.si", "2026-03-02 12:00", "2026-03-04 12:00");
    assert_eq!(names(&district.does(TOWN, LEADER, set).unwrap()), ["deputy_set"]);
    let file = || Act::File(Box::new(record(1, &["he.jun", "zhao.si"])));
    assert_eq!(excluded(&district.does(TOWN, "zhao.si", file()).unwrap_err()), "zhao.si", "too early");
    district.now = at("2026-03-02 12:00");
    let both = Act::File(Box::new(record(1, &["wu.min", "zhao.si"])));
    let alone = district.does(TOWN, "zhao.si", both).unwrap_err();
    assert!(matches!(alone, Rejection::TooFewInvestigators { given: 1, least: 2, .. }), "{alone:?}");
    let outcome = district.does(TOWN, "zhao.si", file()).unwrap();
    let Kind::InvestigationRecorded(recorded) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert_eq!(recorded.investigators, ["he.jun", "zhao.si"]);
    assert_eq!(recorded.on_behalf_of, ["wu.min"]);
    let outcome = district.does(TOWN, "zhao.si", submission(1)).unwrap();
    let Kind::DispositionSubmitted(submitted) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert_eq!(submitted.on_behalf_of, "wu.min");
    district.does(TOWN, LEADER, Act::Return { term: 1, reason: sealed(40) }).unwrap();
    district.now = at("2026-03-04 12:00");
    assert_eq!(excluded(&district.does(TOWN, "zhao.si", plan(0)).unwrap_err()), "zhao.si", "too late");
    district.submits(TOWN);
    let refused = district.does(TOWN, "zhao.si", Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(excluded(&refused), "zhao.si", "who acted as a deputy took part");
}

#[test]
fn house_a_deputyship_ends_before_its_time() {
    let mut district = investigated();
    let set = deputyship("wu.min", "zhao.si", "2026-03-02 09:00", "2026-03-04 12:00");
    district.does(TOWN, LEADER, set).unwrap();
    district.does(TOWN, "zhao.si", plan(0)).unwrap();
    let end = || inquire(Inquire::EndDeputy { deputy_id: Uuid::from_u128(500) });
    let ended = district.does(TOWN, "he.bin", end()).unwrap().answer.inquiry.unwrap().deputy.unwrap();
    assert_eq!((ended.set_by.as_str(), ended.ended_at.is_some()), (LEADER, true));
    assert_eq!(excluded(&district.does(TOWN, "zhao.si", plan(1)).unwrap_err()), "zhao.si");
    let again = district.does(TOWN, LEADER, end()).unwrap_err();
    assert!(matches!(again, Rejection::Nothing { what: "deputy", .. }), "{again:?}");
}

#[test]
fn art_19_the_deputy_of_one_who_took_part_does_not_decide() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    let set = deputyship("wu.min", "he.bin", "2026-03-02 09:00", "2026-03-04 12:00");
    district.does(TOWN, LEADER, set).unwrap();
    let refused = district.does(TOWN, "he.bin", Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(excluded(&refused), "he.bin");
    district.now = at("2026-03-04 12:00");
    district.does(TOWN, "he.bin", Act::Approve { term: 1 }).unwrap();
}

#[test]
fn house_a_deputy_includes_nobody_who_withdrew() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    let set = deputyship("qian.yi", "he.bin", "2026-03-02 09:00", "2026-03-04 12:00");
    district.does(TOWN, LEADER, set).unwrap();
    district.does(TOWN, "qian.yi", recusal(None)).unwrap();
    let refused = district.does(TOWN, "he.bin", Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(excluded(&refused), "qian.yi", "for whom the leader stands");
    let mut district = investigated();
    district.does(TOWN, LEADER, recusal(Some("zhao.si"))).unwrap();
    let set = deputyship("wu.min", "zhao.si", "2026-03-02 09:00", "2026-03-04 12:00");
    district.does(TOWN, LEADER, set).unwrap();
    assert_eq!(excluded(&district.does(TOWN, "zhao.si", plan(0)).unwrap_err()), "zhao.si");
}

#[test]
fn house_a_leader_approves_with_the_names_of_those_the_leader_stands_for() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    let set = deputyship("qian.yi", LEADER, "2026-03-02 09:00", "2026-03-04 12:00");
    district.does(TOWN, "head", set).unwrap();
    let outcome = district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    let Kind::DispositionApproved(approved) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert_eq!(approved.deputy_for, ["qian.yi"]);
    assert_eq!(tenure(&district).rounds[0].deputy_for, ["qian.yi"]);
}

#[test]
fn house_the_parent_lends_officers_for_a_case_it_need_not_know() {
    let mut district = District::routed(about_a_clerk(TOWN));
    assert!(!district.knows(CENTRE));
    let outcome = district.does(TOWN, LEADER, loan_request()).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["loan_requested"], vec![Some(CENTRE)]));
    let twice = district.does(TOWN, LEADER, loan_request()).unwrap_err();
    assert_eq!(twice, Rejection::State(CaseState::InHandling), "one at a time");
    let mail = district.take_mail();
    let heard = || Act::heard(mail[0].1.kind.clone(), TOWN, at("2026-03-02 10:00")).unwrap().unwrap();
    assert_eq!(names(&district.hears(CENTRE, heard())), ["loan_noted"]);
    assert_eq!(names(&district.hears(CENTRE, heard())), [""; 0], "heard again");
    let outcome = district.does(CENTRE, LEADER, loan_decision(&["li.hua"])).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["loan_decided"], vec![Some(TOWN)]));
    let again = district.does(CENTRE, LEADER, loan_decision(&["li.hua"])).unwrap_err();
    assert!(matches!(again, Rejection::Nothing { what: "loan", .. }), "{again:?}");
    let mail = district.take_mail();
    let heard = || Act::heard(mail[0].1.kind.clone(), CENTRE, district.now).unwrap().unwrap();
    let (first, second) = (heard(), heard());
    assert_eq!(names(&district.hears(TOWN, first)), ["loan_noted"]);
    assert_eq!(names(&district.hears(TOWN, second)), [""; 0], "heard again");
    assert!(!tenure(&district).has_on_loan("li.hua", CENTRE), "lent, and not appointed");
    district.does(TOWN, LEADER, appointment(1, &["wu.min", "li.hua"])).unwrap();
    let case: &Case = district.case(TOWN);
    assert!(case.has_on_loan("li.hua", CENTRE));
    assert!(!case.has_on_loan("li.hua", OTHER) && !case.has_on_loan("wu.min", CENTRE));
    district.does(TOWN, "li.hua", Act::File(Box::new(record(1, &["li.hua", "wu.min"])))).unwrap();
    district.does(TOWN, LEADER, recusal(Some("li.hua"))).unwrap();
    assert!(!district.case(TOWN).has_on_loan("li.hua", CENTRE));
}

#[test]
fn house_nobody_is_lent_who_took_part_or_withdrew() {
    let mut district = District::routed(about_a_clerk(TOWN));
    district.does(TOWN, "zhao.si", recusal(None)).unwrap();
    district.appoints(TOWN);
    district.does(TOWN, LEADER, loan_request()).unwrap();
    district.deliver();
    for person in ["zhao.si", "wu.min"] {
        let refused = district.does(CENTRE, LEADER, loan_decision(&[person])).unwrap_err();
        assert_eq!(excluded(&refused), person);
    }
    district.does(CENTRE, LEADER, loan_decision(&[])).unwrap();
    district.deliver();
    assert_eq!(tenure(&district).inquiry.loans[0].state(), LoanState::Refused);
    assert_eq!(tenure(&district).inquiry.loans[0].refusal(), LoanRefusal::NobodyFree);
}

#[test]
fn house_a_loan_decided_too_late_is_on_record_and_opens_nothing() {
    let mut district = District::acknowledged();
    district.does(TOWN, LEADER, loan_request()).unwrap();
    district.deliver();
    assert_eq!(district.case(CENTRE).lends, [LOAN.to_string()], "the home knows the case");
    district.does(CENTRE, LEADER, loan_decision(&["li.hua"])).unwrap();
    assert!(district.case(CENTRE).lends.is_empty());
    let mail = district.take_mail();
    district.hears(CENTRE, Act::NoteWithdrawal { goes_on: false });
    district.deliver();
    let heard = Act::heard(mail[0].1.kind.clone(), CENTRE, district.now).unwrap().unwrap();
    assert_eq!(names(&district.hears(TOWN, heard)), ["loan_noted"]);
    let refused = district.does(TOWN, LEADER, appointment(1, &["wu.min", "li.hua"])).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Withdrawn));
}

#[test]
fn house_the_centre_has_nobody_above_who_lends() {
    let whole = crate::support::whole(TOWN);
    let mut district = District::routed(crate::support::about(CENTRE, whole));
    let refused = district.does(CENTRE, LEADER, loan_request()).unwrap_err();
    assert_eq!(refused, Rejection::NoLender { organ: CENTRE.into() });
    assert_eq!(
        (lender(&district.directory, CENTRE), lender(&district.directory, TOWN)),
        (None, Some(CENTRE))
    );
}

#[test]
fn house_all_cases_of_an_officer_go_to_others_and_what_can_not_stays_with_the_reason() {
    let mut district = investigated();
    let outcome = district.does(TOWN, LEADER, hand_over("wu.min", &["he.jun", "zhao.si"])).unwrap();
    let moved_on = i32::from(HandOverObstacle::MovedOn);
    assert_eq!(obstacles(&outcome), [("zhao.si".to_owned(), 0), (String::new(), moved_on)]);
    assert_eq!(outcome.on_others.len(), 1);
    assert_eq!(tenure(&district).investigators, ["he.jun", "zhao.si"]);
    assert!(tenure(&district).took_part("wu.min"));
    district.does(TOWN, LEADER, recusal(Some("sun.li"))).unwrap();
    let outcome = district.does(TOWN, LEADER, hand_over("zhao.si", &["he.jun", "sun.li"])).unwrap();
    let nobody = i32::from(HandOverObstacle::NobodyFree);
    assert_eq!(obstacles(&outcome)[0], (String::new(), nobody));
    assert!(outcome.on_others.is_empty());
    district.does(TOWN, LEADER, recusal(None)).unwrap();
    let outcome = district.does(TOWN, LEADER, hand_over("zhao.si", &["qian.yi"])).unwrap();
    let recused = i32::from(HandOverObstacle::CallerRecused);
    assert_eq!(obstacles(&outcome)[0], (String::new(), recused));
}

#[test]
fn house_a_text_brings_the_cases_key() {
    let mut district = investigated();
    let with_key = |reason| {
        inquire(Inquire::Recuse { term: 1, person: None, ground: RecusalGround::DeclaredInterest, reason })
    };
    district.does(TOWN, "sun.li", with_key(sealed_with_key(63))).unwrap();
    let refused = district.does(TOWN, "qian.yi", with_key(sealed_with_key(64))).unwrap_err();
    assert_eq!(refused, Rejection::KeyIsThere(CASE));
}

#[test]
fn the_callers_next_actions_are_those_that_the_investigation_lets_be_done() {
    let actions = |district: &District, subject: &str, role: Role, represents: &[String]| {
        let asker = Asker { subject, organ: TOWN, has: &|asked| asked == role };
        let rule = Some(crate::support::rules().for_organ(TOWN).investigation());
        let standing = Standing { represents, rule, may_borrow: true };
        next_actions(district.case(TOWN), &asker, &standing)
    };
    let mut district = investigated();
    let leader = [
        Action::AppointInvestigators,
        Action::ReturnTransfer,
        Action::AskDesignation,
        Action::DeclareInterest,
        Action::RecuseInvestigator,
        Action::ReplaceInvestigator,
        Action::RequestLoan,
    ];
    assert_eq!(actions(&district, LEADER, Role::Leader, &[]), leader);
    let investigator = [
        Action::RecordInvestigation,
        Action::DraftInstrument,
        Action::DeclareInterest,
        Action::SetPlan,
        Action::AddEvidence,
    ];
    assert_eq!(actions(&district, "wu.min", Role::Handler, &[]), investigator);
    assert_eq!(actions(&district, "zhao.si", Role::Handler, &[]), [Action::DeclareInterest]);
    assert_eq!(
        actions(&district, "zhao.si", Role::Handler, &["wu.min".into()]),
        investigator,
        "who stands for an investigator does what that one does"
    );
    let mut alone = investigated();
    alone.does(TOWN, "he.jun", recusal(None)).unwrap();
    assert_eq!(actions(&alone, "wu.min", Role::Handler, &[]), investigator[1..], "nobody records alone");
    let mut unconfirmed = record(1, &INVESTIGATORS);
    unconfirmed.confirmed = false;
    district.does(TOWN, "wu.min", Act::File(Box::new(unconfirmed))).unwrap();
    let has = |district: &District, action| actions(district, "wu.min", Role::Handler, &[]).contains(&action);
    assert!(!has(&district, Action::SubmitDisposition), "an unconfirmed record does not count");
    assert!(has(&district, Action::ConfirmRecord) && has(&district, Action::CorrectRecord));
    district.does(TOWN, "wu.min", confirmation(1, None)).unwrap();
    assert!(has(&district, Action::SubmitDisposition) && !has(&district, Action::ConfirmRecord));
    district.does(TOWN, "wu.min", evidence("")).unwrap();
    assert!(has(&district, Action::RemoveEvidence));
    district.submits(TOWN);
    let deputy_of = |name: &str| actions(&district, LEADER, Role::Leader, &[name.to_owned()]);
    assert!(deputy_of("qian.yi").contains(&Action::ApproveDisposition));
    assert!(!deputy_of("wu.min").contains(&Action::ApproveDisposition));
    district.does(TOWN, LEADER, recusal(None)).unwrap();
    assert_eq!(actions(&district, LEADER, Role::Leader, &[]), []);
}

fn approver_wanted() -> Act {
    let (ground, wanted, approves) = (LoanGround::TooFewStaff, 1, true);
    inquire(Inquire::RequestLoan { term: 1, loan_id: LOAN, ground, wanted, approves })
}

#[test]
fn art_19_a_leader_on_loan_decides_and_does_not_investigate() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    let early = district.does(TOWN, LEADER, loan_request()).unwrap_err();
    assert!(matches!(early, Rejection::State(_)), "investigators are not borrowed any more: {early:?}");
    district.does(TOWN, LEADER, approver_wanted()).unwrap();
    district.deliver();
    let refused = district.does(CENTRE, LEADER, loan_decision(&["wu.min"])).unwrap_err();
    assert_eq!(excluded(&refused), "wu.min", "who investigated does not decide");
    district.does(CENTRE, LEADER, loan_decision(&["li.hua"])).unwrap();
    district.deliver();
    let case = district.case(TOWN);
    assert!(case.has_on_loan_to_decide("li.hua", CENTRE) && !case.has_on_loan("li.hua", CENTRE));
    assert!(!case.has_on_loan_to_decide("li.hua", OTHER) && !case.has_on_loan_to_decide("he.bin", CENTRE));
    district.does(TOWN, "li.hua", Act::Approve { term: 1 }).unwrap();
}

#[test]
fn art_18_an_investigator_on_loan_does_not_decide() {
    let mut district = District::acknowledged();
    district.does(TOWN, LEADER, loan_request()).unwrap();
    district.deliver();
    district.does(CENTRE, LEADER, loan_decision(&["li.hua"])).unwrap();
    district.deliver();
    district.does(TOWN, LEADER, appointment(1, &["he.jun", "li.hua"])).unwrap();
    let case = district.case(TOWN);
    assert!(case.has_on_loan("li.hua", CENTRE) && !case.has_on_loan_to_decide("li.hua", CENTRE));
}
