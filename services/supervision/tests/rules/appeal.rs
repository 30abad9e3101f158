//! Appeals of respondents against a result: article 5(2).

use duban_proto::common::v1::{AppealOutcome, Finding};
use duban_proto::supervision::v1::event::Kind;
use duban_proto::supervision::v1::{AppealState, Conclusion, ResultOverturned, ReviewOutcome};
use jiff::civil::Date;
use supervision::domain::decide::{Decision, Fact};
use supervision::domain::docket::AppealKey;
use supervision::domain::review::{
    AdmitAppeal, DecideAppeal, NotAppealed, RegisterAppeal, ResultAct, ResultRejection,
};
use supervision::domain::{Rejection, Sealed};
use uuid::Uuid;

use crate::review::{CENTRE, TOWN, concluded, decides as decides_review, notes, on, takes_up, took_part};
use crate::support::{CASE, Ledger, at, ledger};

const APPEAL: Uuid = Uuid::from_u128(70);

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn request(told_on: &str, filed_on: &str) -> RegisterAppeal {
    RegisterAppeal {
        appeal_id: APPEAL,
        respondent: 0,
        told_on: day(told_on),
        filed_on: day(filed_on),
        excused: false,
        words: Sealed::default(),
    }
}

fn registers(ledger: &mut Ledger, request: RegisterAppeal) -> Result<Decision, Rejection> {
    ledger.does("desk", &on(ResultAct::Register(Box::new(request))))
}

fn decides(
    ledger: &mut Ledger,
    actor: &str,
    outcome: AppealOutcome,
    finding: Finding,
) -> Result<Decision, Rejection> {
    let decide = DecideAppeal {
        appeal_id: APPEAL,
        outcome,
        finding,
        measures: Vec::new(),
        order_id: Uuid::from_u128(9),
        reason: Sealed::default(),
    };
    ledger.does(actor, &on(ResultAct::DecideAppeal(Box::new(decide))))
}

fn admits(ledger: &mut Ledger, actor: &str, admitted: bool) -> Result<Decision, Rejection> {
    let admit = AdmitAppeal { appeal_id: APPEAL, admitted, reason: Sealed::default() };
    ledger.does(actor, &on(ResultAct::Admit(admit)))
}

fn withdraws(ledger: &mut Ledger) -> Result<Decision, Rejection> {
    ledger.does("desk", &on(ResultAct::Withdraw { appeal_id: APPEAL }))
}

fn why(rejection: &Rejection) -> Option<NotAppealed> {
    match rejection {
        Rejection::Result(ResultRejection::Appeal { why, .. }) => Some(*why),
        _ => None,
    }
}

fn state(ledger: &Ledger) -> AppealState {
    ledger.book.docket().appeal(AppealKey { case_id: CASE, appeal_id: APPEAL }).unwrap().state()
}

fn audience(fact: &Fact) -> Option<&str> {
    fact.audience.as_ref().map(ledger::Organ::as_str)
}

/// What another organ's ledger addressed to this one.
fn hears(ledger: &mut Ledger, fact: &Fact) -> Decision {
    let act = match fact.kind.clone() {
        Kind::AppealRegistered(told) => ResultAct::NoteAppeal(Box::new(told)),
        Kind::AppealAdmitted(told) => ResultAct::NoteAdmitted(told),
        Kind::AppealDecided(told) => ResultAct::NoteDecided(Box::new(told)),
        Kind::AppealWithdrawn(told) => ResultAct::NoteWithdrawn(told),
        other => panic!("{other:?}"),
    };
    ledger.does("service:supervision", &on(act)).unwrap()
}

/// The centre, on 20 March 2026, with a result of 2 March.
fn centre() -> Ledger {
    let mut centre = ledger(CENTRE);
    notes(&mut centre, concluded(1));
    centre.now = at("2026-03-20 10:00");
    centre
}

fn appealed() -> Ledger {
    let mut centre = centre();
    registers(&mut centre, request("2026-03-03", "2026-03-20")).unwrap();
    centre
}

#[test]
fn art_5_2_within_thirty_days_of_the_notice() {
    let mut centre = centre();
    centre.now = at("2026-04-20 10:00");
    let late = registers(&mut centre, request("2026-03-03", "2026-04-03")).unwrap_err();
    let Rejection::Result(ResultRejection::TooLate { due_on, article }) = &late else { panic!("{late:?}") };
    assert_eq!((*due_on, article.as_str()), (day("2026-04-02"), "5(2)"));
    registers(&mut centre, request("2026-03-03", "2026-04-02")).unwrap();
    assert_eq!(state(&centre), AppealState::Open);
}

#[test]
fn art_5_2_against_a_result_that_counts_by_a_respondent_once() {
    let mut before = ledger(CENTRE);
    before.now = at("2026-03-20 10:00");
    let refused = registers(&mut before, request("2026-03-03", "2026-03-20")).unwrap_err();
    assert_eq!(why(&refused), Some(NotAppealed::NoResult));
    let mut centre = centre();
    let other = RegisterAppeal { respondent: 1, ..request("2026-03-03", "2026-03-20") };
    assert_eq!(why(&registers(&mut centre, other).unwrap_err()), Some(NotAppealed::NoSuchRespondent));
    registers(&mut centre, request("2026-03-03", "2026-03-20")).unwrap();
    let again = registers(&mut centre, request("2026-03-03", "2026-03-20")).unwrap_err();
    assert_eq!(why(&again), Some(NotAppealed::AppealedAlready));
    let told = ResultOverturned { term: 1, reopening: 1 };
    centre.does("service:routing", &on(ResultAct::NoteOverturned(told))).unwrap();
    let gone = registers(&mut centre, request("2026-03-03", "2026-03-20")).unwrap_err();
    assert_eq!(why(&gone), Some(NotAppealed::NoResult));
}

#[test]
fn house_the_days_of_an_appeal_have_an_order() {
    let mut centre = centre();
    for (told_on, filed_on) in [("2026-03-01", "2026-03-20"), ("2026-03-05", "2026-03-04")] {
        let refused = registers(&mut centre, request(told_on, filed_on)).unwrap_err();
        assert_eq!(why(&refused), Some(NotAppealed::BeforeTheResult), "{told_on} {filed_on}");
    }
    let refused = registers(&mut centre, request("2026-03-05", "2026-03-21")).unwrap_err();
    assert_eq!(why(&refused), Some(NotAppealed::InTheFuture));
}

#[test]
fn house_a_late_appeal_with_a_reason_waits_for_its_admission() {
    let late = || {
        let mut centre = centre();
        centre.now = at("2026-04-20 10:00");
        let excused = RegisterAppeal { excused: true, ..request("2026-03-03", "2026-04-20") };
        registers(&mut centre, excused).unwrap();
        centre
    };
    let mut centre = late();
    assert_eq!(state(&centre), AppealState::Late);
    let early = decides(&mut centre, "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap_err();
    assert_eq!(why(&early), Some(NotAppealed::NotOpen));
    admits(&mut centre, "head", true).unwrap();
    assert_eq!(why(&admits(&mut centre, "head", true).unwrap_err()), Some(NotAppealed::NotLate));
    decides(&mut centre, "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap();
    let mut centre = late();
    admits(&mut centre, "head", false).unwrap();
    assert_eq!(state(&centre), AppealState::Refused);
    let closed = decides(&mut centre, "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap_err();
    assert_eq!(why(&closed), Some(NotAppealed::NotOpen));
}

#[test]
fn art_5_2_decided_by_people_who_did_not_investigate_approve_or_review() {
    let mut centre = centre();
    took_part(&mut centre, 1, "zhang.wei");
    takes_up(&mut centre, "li.na").unwrap();
    decides_review(&mut centre, "li.na", ReviewOutcome::Endorsed).unwrap();
    registers(&mut centre, request("2026-03-03", "2026-03-20")).unwrap();
    for person in ["zhang.wei", "li.na"] {
        let refused = decides(&mut centre, person, AppealOutcome::Upheld, Finding::Unspecified).unwrap_err();
        assert!(
            matches!(&refused, Rejection::Result(ResultRejection::TookPart { article, .. }) if article == "5(2)"),
            "{refused:?}"
        );
    }
    decides(&mut centre, "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap();
    let twice = decides(&mut centre, "head", AppealOutcome::Revoked, Finding::Unspecified).unwrap_err();
    assert_eq!(why(&twice), Some(NotAppealed::NotOpen));
}

#[test]
fn art_5_2_a_changed_result_is_another_one() {
    let mut centre = ledger(CENTRE);
    notes(&mut centre, Conclusion { measures: Vec::new(), ..concluded(1) });
    centre.now = at("2026-03-20 10:00");
    registers(&mut centre, request("2026-03-03", "2026-03-20")).unwrap();
    let same = decides(&mut centre, "head", AppealOutcome::Changed, Finding::Founded).unwrap_err();
    assert_eq!(why(&same), Some(NotAppealed::NothingChanged));
    let changed = decides(&mut centre, "head", AppealOutcome::Changed, Finding::Unfounded).unwrap();
    let Kind::AppealDecided(decided) = &changed.facts[0].kind else { panic!("{changed:?}") };
    assert_eq!((decided.finding(), changed.facts.len()), (Finding::Unfounded, 1));
}

#[test]
fn art_5_2_a_revoked_result_is_investigated_again() {
    let mut centre = appealed();
    let revoked = decides(&mut centre, "head", AppealOutcome::Revoked, Finding::Unspecified).unwrap();
    let Kind::ReinvestigationOrdered(ordered) = &revoked.facts[1].kind else { panic!("{revoked:?}") };
    assert_eq!((ordered.home.as_str(), ordered.directly, ordered.term), (CENTRE, false, 1));
    assert_eq!(audience(&revoked.facts[1]), None, "the home is here");
}

#[test]
fn house_what_was_opened_again_meanwhile_is_not_changed_on_appeal() {
    let mut centre = appealed();
    let told = ResultOverturned { term: 1, reopening: 1 };
    centre.does("service:routing", &on(ResultAct::NoteOverturned(told))).unwrap();
    let refused = decides(&mut centre, "head", AppealOutcome::Revoked, Finding::Unspecified).unwrap_err();
    assert_eq!(why(&refused), Some(NotAppealed::NoResult));
    decides(&mut centre, "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap();
}

#[test]
fn art_5_2_what_another_organ_registered_is_decided_by_the_authority_and_told_back() {
    let mut town = ledger(TOWN);
    notes(&mut town, concluded(1));
    town.now = at("2026-03-20 10:00");
    let made = registers(&mut town, request("2026-03-03", "2026-03-20")).unwrap();
    assert_eq!(audience(&made.facts[0]), Some(CENTRE));
    let here = decides(&mut town, "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap_err();
    assert_eq!(why(&here), Some(NotAppealed::NotTheAuthority));
    let mut centre = centre();
    hears(&mut centre, &made.facts[0]);
    assert!(hears(&mut centre, &made.facts[0]).facts.is_empty(), "told twice");
    assert_eq!(why(&withdraws(&mut centre).unwrap_err()), Some(NotAppealed::NotTheAuthority));
    let decided = decides(&mut centre, "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap();
    assert_eq!(audience(&decided.facts[0]), Some(TOWN));
    // The withdrawal crosses the decision.
    let withdrawn = withdraws(&mut town).unwrap();
    assert!(hears(&mut centre, &withdrawn.facts[0]).facts.is_empty(), "decided already");
    hears(&mut town, &decided.facts[0]);
    assert_eq!(state(&town), AppealState::Decided);
    assert_eq!(why(&withdraws(&mut town).unwrap_err()), Some(NotAppealed::NotOpen));
}

#[test]
fn art_5_2_the_home_below_hears_the_decision_also_of_an_appeal_it_does_not_know() {
    let mut centre = ledger(CENTRE);
    notes(&mut centre, Conclusion { home: TOWN.into(), ..concluded(1) });
    centre.now = at("2026-03-20 10:00");
    registers(&mut centre, request("2026-03-03", "2026-03-20")).unwrap();
    let revoked = decides(&mut centre, "head", AppealOutcome::Revoked, Finding::Unspecified).unwrap();
    assert_eq!(revoked.facts.iter().map(audience).collect::<Vec<_>>(), [Some(TOWN), Some(TOWN)]);
    let mut town = ledger(TOWN);
    let heard = hears(&mut town, &revoked.facts[0]);
    assert_eq!(heard.facts[0].kind, revoked.facts[0].kind);
}

#[test]
fn art_5_2_there_has_to_be_an_appeal() {
    let refused = decides(&mut centre(), "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap_err();
    assert_eq!(refused, ResultRejection::NoSuchAppeal(APPEAL).into());
}

fn two_organs() -> (Ledger, Ledger, Decision) {
    let mut town = ledger(TOWN);
    notes(&mut town, concluded(1));
    town.now = at("2026-04-20 10:00");
    let excused = RegisterAppeal { excused: true, ..request("2026-03-03", "2026-04-20") };
    let made = registers(&mut town, excused).unwrap();
    let mut centre = centre();
    centre.now = town.now;
    hears(&mut centre, &made.facts[0]);
    (town, centre, made)
}

#[test]
fn art_5_2_who_took_part_admits_no_late_appeal() {
    let (_, mut centre, _) = two_organs();
    took_part(&mut centre, 1, "zhang.wei");
    let refused = admits(&mut centre, "zhang.wei", true).unwrap_err();
    assert!(matches!(refused, Rejection::Result(ResultRejection::TookPart { .. })), "{refused:?}");
}

#[test]
fn art_5_2_an_admission_and_a_decision_told_twice_are_noted_once_and_only_where_they_concern_somebody() {
    let (mut town, mut centre, _) = two_organs();
    let admitted = admits(&mut centre, "head", true).unwrap();
    assert_eq!(hears(&mut town, &admitted.facts[0]).facts.len(), 1);
    assert!(hears(&mut town, &admitted.facts[0]).facts.is_empty());
    let decided = decides(&mut centre, "head", AppealOutcome::Upheld, Finding::Unspecified).unwrap();
    assert_eq!(hears(&mut town, &decided.facts[0]).facts.len(), 1);
    assert!(hears(&mut town, &decided.facts[0]).facts.is_empty());
    assert!(hears(&mut ledger("baoshan.dachang"), &decided.facts[0]).facts.is_empty());
}

#[test]
fn house_an_appeal_against_the_result_of_a_term_before_changes_nothing_now() {
    let mut centre = appealed();
    notes(&mut centre, concluded(2));
    let refused = decides(&mut centre, "head", AppealOutcome::Revoked, Finding::Unspecified).unwrap_err();
    assert_eq!(why(&refused), Some(NotAppealed::NoResult));
}

#[test]
fn art_5_2_other_measures_or_one_of_two_respondents_are_a_change() {
    let mut centre = appealed();
    decides(&mut centre, "head", AppealOutcome::Changed, Finding::Founded).unwrap();
    let clerk = concluded(1).respondents[0].clone();
    let two = Conclusion { respondents: vec![clerk.clone(), clerk], measures: Vec::new(), ..concluded(1) };
    let mut centre = ledger(CENTRE);
    notes(&mut centre, two);
    centre.now = at("2026-03-20 10:00");
    registers(&mut centre, request("2026-03-03", "2026-03-20")).unwrap();
    decides(&mut centre, "head", AppealOutcome::Changed, Finding::Founded).unwrap();
}
