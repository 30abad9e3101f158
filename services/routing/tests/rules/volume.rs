//! The file of a case: what it has to hold before it closes, and that all that is missing is said at once (16).

use duban_proto::common::v1::{CaseFacts, CaseState};
use routing::domain::{Act, Archive, Missing, Rejection, requirements};

use crate::support::{CENTRE, District, OTHER, TOWN, about, about_a_clerk, names, rules, whole};

const FILE: Act = Act::Archive(Archive { retention_years: 30 });

/// What is missing, by code and article, as the rejection says it.
fn missing(district: &mut District, organ: &str) -> Vec<(&'static str, String)> {
    match district.does(organ, "archivist", FILE) {
        Err(Rejection::VolumeIncomplete { missing, article }) => {
            assert_eq!(article, "16");
            missing.into_iter().map(|Missing { code, article, .. }| (code, article)).collect()
        }
        other => panic!("not refused for its file: {other:?}"),
    }
}

fn of(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    pairs.iter().map(|(code, article)| (*code, (*article).to_owned())).collect()
}

#[test]
fn art_16_an_accepted_case_lacks_everything_from_the_route_on_and_all_of_it_is_named() {
    let mut district = District::ready(about(CENTRE, whole(OTHER)));
    let lacks = missing(&mut district, CENTRE);
    let expected = [
        ("transfer_form", "14"),
        ("appointment", "18"),
        ("investigation_record", "18"),
        ("investigation_report", "19"),
        ("disposition_form", "19"),
        ("reply", "17"),
    ];
    assert_eq!(lacks, of(&expected));
}

#[test]
fn art_16_what_was_done_is_missing_no_more() {
    let mut district = District::routed(about(CENTRE, whole(OTHER)));
    district.works(CENTRE);
    assert_eq!(missing(&mut district, CENTRE), of(&[("disposition_form", "19"), ("reply", "17")]));
    district.does(CENTRE, "liu.yang", Act::Approve { term: 1 }).unwrap();
    assert_eq!(missing(&mut district, CENTRE), of(&[("reply", "17")]));
    let told = Act::NoteReply { at: district.now };
    district.hears(CENTRE, told);
    let filed = district.does(CENTRE, "archivist", FILE).unwrap();
    assert_eq!(names(&filed), ["case_archived"]);
}

#[test]
fn art_16_of_a_case_handed_over_the_home_holds_the_acknowledgement_and_the_result() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let handed = [("acknowledgement", ""), ("report_back", "16"), ("reply", "17")];
    assert_eq!(missing(&mut district, CENTRE), of(&handed));
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.deliver();
    assert_eq!(missing(&mut district, CENTRE), of(&[("report_back", "16"), ("reply", "17")]));
    district.concludes(TOWN);
    assert_eq!(missing(&mut district, CENTRE), of(&[("reply", "17")]));
}

#[test]
fn art_13_without_number_and_acceptance_a_file_lacks_both() {
    let unnumbered = CaseFacts { number: String::new(), accepted_at: None, ..about_a_clerk(CENTRE) };
    let mut district = District::routed(unnumbered);
    let lacks = missing(&mut district, CENTRE);
    assert_eq!(lacks[..2], of(&[("record_form", "13"), ("acceptance", "13")]));
}

#[test]
fn art_16_an_archived_case_is_not_filed_again_whatever_its_file() {
    let mut district = District::routed(about(CENTRE, whole(OTHER)));
    district.concludes(CENTRE);
    let told = Act::NoteReply { at: district.now };
    district.hears(CENTRE, told);
    district.does(CENTRE, "archivist", FILE).unwrap();
    let refused = district.does(CENTRE, "archivist", FILE).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Archived));
}

#[test]
fn house_a_regulation_that_asks_for_no_document_lets_the_file_be_as_it_is() {
    let district = District::ready(about_a_clerk(CENTRE));
    assert_eq!(requirements(None, district.case(CENTRE), CENTRE), []);
    let asked = requirements(rules().for_organ(CENTRE).archive(), district.case(CENTRE), CENTRE);
    assert!(asked.iter().any(|(_, there)| !there));
}
