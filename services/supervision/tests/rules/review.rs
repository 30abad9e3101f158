//! Reviews of conclusions and the reinvestigations they order: article 20.

use std::collections::BTreeSet;

use access::Role;
use duban_proto::common::v1::{Action, Finding, Rank, RespondentFacts, RespondentKind};
use duban_proto::supervision::v1::ConductKind;
use duban_proto::supervision::v1::event::Kind;
use duban_proto::supervision::v1::{
    Conclusion, HandlersNoted, ResultOverturned, ReviewOutcome, ReviewReason, ReviewState,
};
use supervision::domain::decide::{Decision, Fact, proposed};
use supervision::domain::follow_up::{FollowUpAct, OnFollowUp};
use supervision::domain::review::{DecideReview, NotReviewed, OnResult, ResultAct, ResultRejection};
use supervision::domain::time::to_wire;
use supervision::domain::{Asker, ClockKey, Command, Rejection, Sealed, review_actions};
use uuid::Uuid;

use crate::support::{CASE, Ledger, at, ledger};

pub(crate) const CENTRE: &str = "baoshan";
pub(crate) const TOWN: &str = "baoshan.luodian";

/// A result of the centre's case that the town handled, about a clerk.
pub(crate) fn concluded(term: u32) -> Conclusion {
    let clerk = RespondentFacts {
        organ: "baoshan.luodian.services".into(),
        kind: RespondentKind::Person.into(),
        rank: Rank::Unranked.into(),
        head: false,
    };
    Conclusion {
        term,
        organ: TOWN.into(),
        home: CENTRE.into(),
        authority: CENTRE.into(),
        number: "宝效投〔2026〕1号".into(),
        respondents: vec![clerk],
        finding: Finding::Founded.into(),
        measures: vec!["criticism_and_education".into()],
        concluded_at: Some(to_wire(at("2026-03-02 09:30"))),
        ..Conclusion::default()
    }
}

pub(crate) fn on(act: ResultAct) -> Command {
    Command::OnResult(OnResult { case_id: CASE, act })
}

pub(crate) fn notes(ledger: &mut Ledger, conclusion: Conclusion) -> Decision {
    ledger.does("service:routing", &on(ResultAct::NoteConclusion(Box::new(conclusion)))).unwrap()
}

pub(crate) fn took_part(ledger: &mut Ledger, term: u32, person: &str) {
    let noted = HandlersNoted { organ: CENTRE.into(), term, persons: vec![person.into()], approved: false };
    let act = FollowUpAct::NoteHandlers(noted);
    ledger.does("service:routing", &Command::FollowUp(Box::new(OnFollowUp { case_id: CASE, act }))).unwrap();
}

pub(crate) fn takes_up(ledger: &mut Ledger, actor: &str) -> Result<Decision, Rejection> {
    ledger.does(actor, &on(ResultAct::TakeUp))
}

pub(crate) fn decides(
    ledger: &mut Ledger,
    actor: &str,
    outcome: ReviewOutcome,
) -> Result<Decision, Rejection> {
    let decide = DecideReview { outcome, order_id: Uuid::from_u128(9), reason: Sealed::default() };
    ledger.does(actor, &on(ResultAct::Decide(decide)))
}

fn why(rejection: &Rejection) -> Option<NotReviewed> {
    match rejection {
        Rejection::Result(ResultRejection::Review { why, .. }) => Some(*why),
        _ => None,
    }
}

fn reasons(decision: &Decision) -> Vec<ReviewReason> {
    match &decision.facts[0].kind {
        Kind::ConclusionNoted(noted) => noted.reasons().collect(),
        other => panic!("{other:?}"),
    }
}

fn state(ledger: &Ledger, term: u32) -> ReviewState {
    ledger.book.docket().review(ClockKey::term(CASE, term)).unwrap().state()
}

fn centre() -> Ledger {
    let mut centre = ledger(CENTRE);
    notes(&mut centre, concluded(1));
    centre
}

#[test]
fn house_a_rule_of_the_regulation_puts_a_conclusion_on_the_list() {
    let division = |conclusion: Conclusion| Conclusion {
        respondents: vec![RespondentFacts {
            rank: Rank::Division.into(),
            ..conclusion.respondents[0].clone()
        }],
        ..conclusion
    };
    let cases = [
        (Conclusion { late: true, ..concluded(1) }, ReviewReason::Late),
        (Conclusion { repeated: true, ..concluded(1) }, ReviewReason::Repeated),
        (division(concluded(1)), ReviewReason::HighRank),
    ];
    for (conclusion, reason) in cases {
        let mut centre = ledger(CENTRE);
        let noted = notes(&mut centre, conclusion);
        assert!(reasons(&noted).contains(&reason), "{reason:?}");
        let Kind::ConclusionNoted(event) = &noted.facts[0].kind else { panic!() };
        // The twentieth workday after 2 March 2026 is the 30th.
        assert_eq!(event.review_by, Some(to_wire(at("2026-03-31 00:00"))));
        assert_eq!(state(&centre, 1), ReviewState::Waiting);
    }
}

#[test]
fn house_the_sample_is_the_same_each_time_and_about_as_large_as_the_regulation_says() {
    let drawn = |minute: i64| {
        let mut centre = ledger(CENTRE);
        let concluded_at = at("2026-03-02 09:30") + jiff::SignedDuration::from_mins(minute);
        let conclusion = Conclusion { concluded_at: Some(to_wire(concluded_at)), ..concluded(1) };
        reasons(&notes(&mut centre, conclusion)).contains(&ReviewReason::Sample)
    };
    let first: BTreeSet<i64> = (0..500).filter(|minute| drawn(*minute)).collect();
    let again: BTreeSet<i64> = (0..500).filter(|minute| drawn(*minute)).collect();
    assert_eq!(first, again);
    assert!((70..=130).contains(&first.len()), "{} of 500, where 100 are wanted", first.len());
}

#[test]
fn house_a_conclusion_told_twice_is_noted_once_and_the_home_tells_its_own_to_the_organ_above() {
    let mut town = ledger(TOWN);
    let own = Conclusion { home: TOWN.into(), late: true, ..concluded(1) };
    let told = notes(&mut town, own.clone());
    assert_eq!(told.facts[0].audience.as_ref().map(ledger::Organ::as_str), Some(CENTRE));
    assert!(reasons(&told).is_empty(), "it is reviewed above");
    assert!(notes(&mut town, own.clone()).facts.is_empty());
    let mut centre = ledger(CENTRE);
    let heard = notes(&mut centre, own.clone());
    assert_eq!(heard.facts[0].audience, None);
    assert!(reasons(&heard).contains(&ReviewReason::Late));
    assert!(notes(&mut centre, own).facts.is_empty());
    let here = takes_up(&mut town, "zhang.wei").unwrap_err();
    assert_eq!(why(&here), Some(NotReviewed::NotTheAuthority));
}

#[test]
fn house_a_conclusion_after_the_cases_time_is_late() {
    let mut centre = ledger(CENTRE).with_case();
    let late = Conclusion { concluded_at: Some(to_wire(at("2026-03-17 09:00"))), ..concluded(1) };
    assert!(reasons(&notes(&mut centre, late)).contains(&ReviewReason::Late));
    let mut centre = ledger(CENTRE).with_case();
    assert!(!reasons(&notes(&mut centre, concluded(1))).contains(&ReviewReason::Late));
}

#[test]
fn art_20_who_handled_or_approved_does_not_review() {
    let mut centre = centre();
    took_part(&mut centre, 1, "zhang.wei");
    let refused = takes_up(&mut centre, "zhang.wei").unwrap_err();
    let Rejection::Result(ResultRejection::TookPart { person, article }) = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!((person.as_str(), article.as_str()), ("zhang.wei", "20"));
    takes_up(&mut centre, "li.na").unwrap();
    took_part(&mut centre, 1, "li.na");
    let heard_late = decides(&mut centre, "li.na", ReviewOutcome::Endorsed).unwrap_err();
    assert!(matches!(heard_late, Rejection::Result(ResultRejection::TookPart { .. })));
}

#[test]
fn art_20_a_review_is_decided_once_by_who_took_it_up() {
    let mut centre = centre();
    let early = decides(&mut centre, "li.na", ReviewOutcome::Endorsed).unwrap_err();
    assert_eq!(why(&early), Some(NotReviewed::NotTakenUp));
    takes_up(&mut centre, "li.na").unwrap();
    assert_eq!(why(&takes_up(&mut centre, "li.na").unwrap_err()), Some(NotReviewed::NotOpen));
    let other = decides(&mut centre, "wang.fang", ReviewOutcome::Endorsed).unwrap_err();
    assert!(matches!(other, Rejection::Result(ResultRejection::NotYours { .. })), "{other:?}");
    takes_up(&mut centre, "wang.fang").unwrap();
    decides(&mut centre, "wang.fang", ReviewOutcome::Endorsed).unwrap();
    assert_eq!(state(&centre, 1), ReviewState::Endorsed);
    let twice = decides(&mut centre, "wang.fang", ReviewOutcome::SentBack).unwrap_err();
    assert_eq!(why(&twice), Some(NotReviewed::NotOpen));
}

#[test]
fn art_20_sent_back_or_taken_over_orders_the_home_to_open_the_case_again() {
    for (outcome, directly) in [(ReviewOutcome::SentBack, false), (ReviewOutcome::TakenOver, true)] {
        let mut centre = ledger(CENTRE);
        notes(&mut centre, Conclusion { home: TOWN.into(), ..concluded(1) });
        takes_up(&mut centre, "li.na").unwrap();
        let decision = decides(&mut centre, "li.na", outcome).unwrap();
        let fact = &decision.facts[1];
        let Kind::ReinvestigationOrdered(ordered) = &fact.kind else { panic!("{fact:?}") };
        assert_eq!((ordered.directly, ordered.home.as_str(), ordered.term), (directly, TOWN, 1));
        assert_eq!(fact.audience.as_ref().map(ledger::Organ::as_str), Some(TOWN));
        // The home notes it by the same event, once, for its routing.
        let mut town = ledger(TOWN);
        let note = on(ResultAct::NoteOrdered(Box::new(ordered.clone())));
        let noted = town.does("service:supervision", &note).unwrap();
        assert_eq!(noted.facts[0].kind, fact.kind);
        assert!(town.does("service:supervision", &note).unwrap().facts.is_empty());
    }
}

#[test]
fn art_20_a_result_that_was_overturned_is_reviewed_no_more_and_the_next_is() {
    let mut centre = centre();
    takes_up(&mut centre, "li.na").unwrap();
    let told = ResultOverturned { term: 1, reopening: 1 };
    centre.does("service:routing", &on(ResultAct::NoteOverturned(told))).unwrap();
    assert_eq!(state(&centre, 1), ReviewState::Overturned);
    assert!(centre.does("service:routing", &on(ResultAct::NoteOverturned(told))).unwrap().facts.is_empty());
    let gone = decides(&mut centre, "li.na", ReviewOutcome::SentBack).unwrap_err();
    assert_eq!(why(&gone), Some(NotReviewed::NotOpen));
    notes(&mut centre, concluded(2));
    takes_up(&mut centre, "li.na").unwrap();
    assert_eq!(state(&centre, 2), ReviewState::TakenUp);
}

#[test]
fn art_20_nothing_is_reviewed_before_there_is_a_result() {
    let refused = takes_up(&mut ledger(CENTRE), "li.na").unwrap_err();
    assert_eq!(why(&refused), Some(NotReviewed::NoResult));
}

#[test]
fn house_dissatisfaction_puts_a_result_on_the_list_once() {
    let centre = centre();
    let propose = |ledger: &Ledger, reason| proposed(&ledger.rules, &ledger.book, CASE, reason, ledger.now);
    let fact = propose(&centre, ReviewReason::Dissatisfied).unwrap();
    let Kind::ReviewProposed(event) = &fact.kind else { panic!("{fact:?}") };
    assert_eq!((event.term, event.review_by.is_some()), (1, true));
    assert!(propose(&centre, ReviewReason::All).is_none(), "no rule of the regulation");
    let mut elsewhere = ledger(TOWN);
    notes(&mut elsewhere, concluded(1));
    assert!(propose(&elsewhere, ReviewReason::Dissatisfied).is_none(), "the centre reviews it");
    let late = Conclusion { late: true, ..concluded(1) };
    let mut waits = ledger(CENTRE);
    notes(&mut waits, late);
    assert!(propose(&waits, ReviewReason::Late).is_none(), "on the list for it already");
}

#[test]
fn art_20_what_may_be_done_is_true_for_role_and_person() {
    let mut centre = centre();
    let actions = |ledger: &Ledger, subject: &str, role: Role, own: bool, took_part: bool| {
        let has = move |wanted| wanted == role;
        let asker = Asker { subject, own, above: true, approves: Vec::new(), has: &has };
        let review = ledger.book.docket().review(ClockKey::term(CASE, 1)).unwrap();
        review_actions(&ledger.rules.regulation, CENTRE, review, took_part, &asker)
    };
    assert_eq!(actions(&centre, "li.na", Role::Supervisor, false, false), [Action::TakeUpReview]);
    assert!(actions(&centre, "li.na", Role::Supervisor, false, true).is_empty());
    assert_eq!(
        actions(&centre, "a", Role::Leader, true, false),
        [Action::TakeUpReview, Action::RegisterAppeal]
    );
    assert_eq!(actions(&centre, "a", Role::Desk, true, false), [Action::RegisterAppeal]);
    takes_up(&mut centre, "li.na").unwrap();
    assert_eq!(actions(&centre, "li.na", Role::Supervisor, false, false), [Action::DecideReview]);
    assert_eq!(actions(&centre, "b", Role::Supervisor, false, false), [Action::TakeUpReview]);
}

#[test]
fn art_21_a_result_that_was_sent_back_bears_on_who_handled_the_case() {
    let mut centre = centre();
    takes_up(&mut centre, "li.na").unwrap();
    let decision = decides(&mut centre, "li.na", ReviewOutcome::SentBack).unwrap();
    let conduct = |fact: &Fact| match &fact.kind {
        Kind::ConductNoted(noted) => Some((noted.kind(), noted.organ.clone())),
        _ => None,
    };
    let noted: Vec<_> = decision.facts.iter().filter_map(conduct).collect();
    assert_eq!(noted, [(ConductKind::SentBack, TOWN.to_owned())]);
    let mut endorsed = self::centre();
    takes_up(&mut endorsed, "li.na").unwrap();
    let decision = decides(&mut endorsed, "li.na", ReviewOutcome::Endorsed).unwrap();
    assert_eq!(decision.facts.iter().filter_map(conduct).count(), 0);
}

#[test]
fn art_20_only_the_organ_above_reviews_and_never_its_own_handling() {
    let late = || Conclusion { late: true, ..concluded(1) };
    assert!(reasons(&notes(&mut ledger(TOWN), late())).is_empty());
    assert!(reasons(&notes(&mut ledger(CENTRE), Conclusion { organ: CENTRE.into(), ..late() })).is_empty());
    assert!(!reasons(&notes(&mut ledger(CENTRE), late())).contains(&ReviewReason::HighRank));
}

#[test]
fn art_20_what_was_reviewed_is_not_listed_again() {
    let mut centre = centre();
    takes_up(&mut centre, "li.na").unwrap();
    decides(&mut centre, "li.na", ReviewOutcome::Endorsed).unwrap();
    assert!(proposed(&centre.rules, &centre.book, CASE, ReviewReason::Dissatisfied, centre.now).is_none());
}

#[test]
fn art_3_17_late_is_judged_by_the_clock_of_the_latest_round() {
    use duban_proto::supervision::v1::StopReason;
    let mut centre = ledger(CENTRE).with_case();
    centre.stops(supervision::domain::Which::All, StopReason::Concluded, "2026-03-10 10:00");
    centre.now = at("2026-04-01 10:00");
    centre.starts_again(2, "2026-04-01 10:00", CENTRE);
    let conclusion = Conclusion { concluded_at: Some(to_wire(at("2026-04-03 10:00"))), ..concluded(2) };
    let noted = notes(&mut centre, conclusion);
    let Kind::ConclusionNoted(event) = &noted.facts[0].kind else { panic!("{noted:?}") };
    assert!(!event.conclusion.as_ref().unwrap().late);
}
