//! Investigation, disposition, approval: articles 17 to 19.

use access::Role;
use duban_proto::common::v1::{Action, CaseState};
use duban_proto::routing::v1::TermState;
use duban_proto::routing::v1::event::Kind;
use routing::domain::{Act, Asker, Rejection, allowed_actions};

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, TOWN, about_a_clerk, appointment, audiences, names, record,
    replacement, sealed, submission,
};

fn excluded(rejection: &Rejection) -> (&str, &str) {
    match rejection {
        Rejection::PersonExcluded { person, article, .. } => (person, article),
        other => panic!("{other:?}"),
    }
}

#[test]
fn art_18_two_different_persons_are_appointed() {
    let mut district = District::acknowledged();
    for (few, given) in [(&[][..], 0), (&["wu.min"], 1), (&["wu.min", "wu.min"], 1)] {
        let refused = district.does(TOWN, LEADER, appointment(1, few)).unwrap_err();
        assert_eq!(refused, Rejection::TooFewInvestigators { given, least: 2, article: "18".into() });
    }
    district.appoints(TOWN);
    assert_eq!(district.term_state(TOWN), TermState::Investigating);
    let outcome = district.does(TOWN, LEADER, appointment(1, &["he.jun", "wu.min", "zhao.si"])).unwrap();
    assert_eq!(names(&outcome), ["investigators_appointed"], "others may be appointed as well");
}

#[test]
fn art_6_2_nothing_is_done_before_the_transfer_is_acknowledged() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let refused = district.does(TOWN, LEADER, appointment(1, &INVESTIGATORS)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling));
}

#[test]
fn art_18_a_record_is_by_investigators_only_and_by_two() {
    let mut district = District::acknowledged();
    district.appoints(TOWN);
    let mut files = |actor: &str, present: &[&str]| {
        district.does(TOWN, actor, Act::File(Box::new(record(1, present)))).map(|outcome| outcome.answer)
    };
    let stranger = files("zhao.si", &INVESTIGATORS).unwrap_err();
    assert_eq!(excluded(&stranger), ("zhao.si", "18"));
    let with_a_stranger = files("wu.min", &["wu.min", "zhao.si"]).unwrap_err();
    assert_eq!(excluded(&with_a_stranger), ("zhao.si", "18"));
    let alone = files("wu.min", &["wu.min"]).unwrap_err();
    assert!(matches!(alone, Rejection::TooFewInvestigators { given: 1, least: 2, .. }));
    let filed = files("wu.min", &INVESTIGATORS).unwrap();
    assert_eq!(filed.record_id, "00000000-0000-0000-0000-000000000014");
}

#[test]
fn art_18_no_disposition_without_a_record() {
    let mut district = District::acknowledged();
    district.appoints(TOWN);
    assert_eq!(district.does(TOWN, "wu.min", submission(1)).unwrap_err(), Rejection::RecordMissing);
    district.investigates(TOWN);
    let refused = district.does(TOWN, "zhao.si", submission(1)).unwrap_err();
    assert_eq!(excluded(&refused).0, "zhao.si");
    district.submits(TOWN);
    let refused = district.does(TOWN, "wu.min", submission(1)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling), "it is before the leader");
}

#[test]
fn art_19_nobody_decides_who_took_part() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    let refused = district.does(TOWN, INVESTIGATORS[1], Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(excluded(&refused), (INVESTIGATORS[1], "19"));
    let reason = sealed(40);
    let refused = district.does(TOWN, INVESTIGATORS[1], Act::Return { term: 1, reason }).unwrap_err();
    assert_eq!(excluded(&refused).0, INVESTIGATORS[1]);
}

#[test]
fn art_19_also_not_where_others_were_appointed_later() {
    let mut district = District::acknowledged();
    district.appoints(TOWN);
    district.investigates(TOWN);
    for (former, successor) in [("he.jun", "zhao.si"), ("wu.min", "sun.li")] {
        district.does(TOWN, LEADER, replacement(former, successor)).unwrap();
    }
    district.does(TOWN, "zhao.si", submission(1)).unwrap();
    let refused = district.does(TOWN, INVESTIGATORS[0], Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(excluded(&refused).0, INVESTIGATORS[0]);
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
}

#[test]
fn art_19_there_is_nothing_to_decide_before_the_submission() {
    let mut district = District::acknowledged();
    district.appoints(TOWN);
    let refused = district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap_err();
    assert!(matches!(refused, Rejection::Nothing { what: "disposition", .. }));
}

#[test]
fn house_what_was_returned_is_submitted_again_as_the_next_round() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    district.does(TOWN, LEADER, Act::Return { term: 1, reason: sealed(40) }).unwrap();
    assert_eq!(district.term_state(TOWN), TermState::Returned);
    let again = district.does(TOWN, INVESTIGATORS[0], submission(1)).unwrap();
    let Kind::DispositionSubmitted(submitted) = &again.facts[0].kind else { panic!("{again:?}") };
    assert_eq!(submitted.round, 2);
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    let rounds = &district.case(TOWN).terms[0].rounds;
    assert_eq!(rounds.iter().map(|round| round.approved).collect::<Vec<_>>(), [false, true]);
    assert!(rounds[0].reason.is_some() && rounds[1].decided_by == LEADER);
}

#[test]
fn art_17_an_approval_concludes_and_reports_to_the_home() {
    let mut district = District::acknowledged();
    let outcome = district.concludes(TOWN);
    assert_eq!(names(&outcome), ["disposition_approved", "result_reported"]);
    assert_eq!(audiences(&outcome), [None, Some(CENTRE)]);
    let home = district.case(CENTRE);
    assert_eq!(
        (home.state(), home.measures.as_slice()),
        (CaseState::Concluded, &["criticism_and_education".to_owned()][..])
    );
    let refused = district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Concluded));
}

#[test]
fn the_callers_next_actions_are_those_the_rules_allow() {
    let actions = |district: &District, subject: &str, role: Role| {
        let asker = Asker { subject, organ: TOWN, has: &|asked| asked == role };
        allowed_actions(district.case(TOWN), &asker)
    };
    let mut district = District::routed(about_a_clerk(CENTRE));
    let gives_back = [Action::ReturnTransfer, Action::AskDesignation];
    let first = [Action::Acknowledge, Action::ReturnTransfer, Action::AskDesignation];
    assert_eq!(actions(&district, "desk", Role::Desk), first);
    assert_eq!(actions(&district, LEADER, Role::Leader), gives_back);
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    let appoints = [Action::AppointInvestigators, Action::ReturnTransfer, Action::AskDesignation];
    assert_eq!(actions(&district, LEADER, Role::Leader), appoints);
    district.appoints(TOWN);
    assert_eq!(
        actions(&district, "wu.min", Role::Handler),
        [Action::RecordInvestigation, Action::DraftInstrument]
    );
    assert_eq!(actions(&district, "zhao.si", Role::Handler), []);
    district.investigates(TOWN);
    let all = [Action::RecordInvestigation, Action::SubmitDisposition, Action::DraftInstrument];
    assert_eq!(actions(&district, "wu.min", Role::Handler), all);
    district.submits(TOWN);
    assert_eq!(actions(&district, "wu.min", Role::Leader), [Action::DraftInstrument], "took part");
    let decide = [Action::ReturnDisposition, Action::ApproveDisposition];
    assert_eq!(actions(&district, LEADER, Role::Leader), decide);
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    assert_eq!(
        actions(&district, LEADER, Role::Leader),
        [Action::DraftInstrument],
        "what follows the result"
    );
}
