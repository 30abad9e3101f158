use duban_proto::supervision::v1::event::Kind;
use regulation::Approver;
use supervision::domain::{NotExtended, Rejection};

use crate::support::{Ledger, at, ledger, ledger_by};

const APPROVERS: &str = "approvers = [\"principal_head\", \"competent_superior\"]\nzh = \"情况复杂不能按期";

/// The head approves 20 workdays at the most.
fn bounded() -> Ledger {
    let bound = APPROVERS.replace("\nzh", "\nhead_up_to = \"20 workdays\"\nzh");
    ledger_by("baoshan", &[(APPROVERS, &bound)]).with_case()
}

fn needs(rejection: Rejection) -> String {
    match rejection {
        Rejection::NotApprover { approvers, article } => {
            assert_eq!(article, "17");
            approvers
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn art_17_the_principal_head_or_the_competent_superior_approves_any_length() {
    for approver in [Approver::PrincipalHead, Approver::CompetentSuperior] {
        let mut ledger = ledger("baoshan").with_case();
        ledger.asks(0, "30 workdays", 7).unwrap();
        ledger.decides_as("li.na", 7, true, vec![approver]).unwrap();
        assert_eq!(ledger.due(0), at("2026-04-15 00:00"));
    }
}

#[test]
fn art_17_nobody_else_does() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.asks(0, "20 workdays", 7).unwrap();
    for approves in [vec![], vec![Approver::LeaderInCharge]] {
        let refused = ledger.decides_as("li.na", 7, true, approves).unwrap_err();
        assert_eq!(needs(refused), "principal_head,competent_superior");
    }
}

#[test]
fn house_what_is_longer_than_the_head_may_approve_is_for_the_superior() {
    let mut ledger = bounded();
    ledger.asks(0, "21 workdays", 7).unwrap();
    let refused = ledger.decides_as("li.na", 7, true, vec![Approver::PrincipalHead]).unwrap_err();
    assert_eq!(needs(refused), "competent_superior");
    ledger.decides_as("li.na", 7, true, vec![Approver::CompetentSuperior]).unwrap();
    let mut ledger = bounded();
    ledger.asks(0, "20 workdays", 7).unwrap();
    ledger.decides_as("li.na", 7, true, vec![Approver::PrincipalHead]).unwrap();
}

#[test]
fn art_17_what_the_complainant_is_told_goes_with_the_decision_and_a_refusal_says_why_to_who_asked() {
    let mut home = ledger("baoshan").with_case();
    home.asks(0, "20 workdays", 7).unwrap();
    let facts = home.decides("li.na", 7, false).unwrap().facts;
    let Kind::ExtensionDecided(decided) = &facts[0].kind else { panic!("{facts:?}") };
    assert!(decided.told.is_none() && decided.refusal.is_some());
    home.asks(0, "20 workdays", 8).unwrap();
    let decision = home.decides("li.na", 8, true).unwrap();
    let Kind::ExtensionDecided(decided) = &decision.facts[0].kind else { panic!("{decision:?}") };
    let told = decided.told.clone().unwrap();
    assert_eq!((told.organ.as_str(), told.text.is_some()), ("baoshan", true));
    assert!(decided.refusal.is_none());
    assert_eq!(decision.writes.len(), 1, "the words are kept beside the ledger");
    assert_eq!(home.book.extension(uuid::Uuid::from_u128(8)).unwrap().words, told.text.unwrap());
}

#[test]
fn art_17_a_second_extension_counts_from_the_same_start_and_never_past_30_workdays() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.asks(0, "20 workdays", 7).unwrap();
    ledger.decides("li.na", 7, true).unwrap();
    ledger.now = at("2026-03-25 10:00");
    let too_long = ledger.asks(0, "31 workdays", 8).unwrap_err();
    assert!(matches!(too_long, Rejection::ExtensionNotAllowed { why: NotExtended::TooLong, .. }));
    ledger.asks(0, "30 workdays", 8).unwrap();
    ledger.decides("li.na", 8, true).unwrap();
    assert_eq!(
        ledger.due(0),
        at("2026-04-15 00:00"),
        "30 workdays after 2 March, Tomb-Sweeping Day left out"
    );
    let more = ledger.asks(0, "30 workdays", 9).unwrap_err();
    assert!(matches!(more, Rejection::ExtensionNotAllowed { why: NotExtended::NotLonger, .. }));
}

#[test]
fn art_3_17_the_clock_of_a_case_opened_again_has_its_own_30_workdays_and_no_more() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.stops(
        supervision::domain::Which::All,
        duban_proto::supervision::v1::StopReason::Concluded,
        "2026-03-10 10:00",
    );
    ledger.now = at("2026-04-01 10:00");
    ledger.starts_again(2, "2026-04-01 10:00", "baoshan");
    let too_long = ledger.asks(2, "31 workdays", 7).unwrap_err();
    assert!(matches!(too_long, Rejection::ExtensionNotAllowed { why: NotExtended::TooLong, .. }));
    ledger.asks(2, "30 workdays", 7).unwrap();
}
