use duban_proto::common::v1::{CaseFacts, Finding, RespondentFacts, RespondentKind};
use duban_proto::supervision::v1::{
    FigureFacets, FigurePart, FrozenContent, FrozenKind, IntakeNoted, IntakeStep, Measure, Period,
    PeriodFrozen, ReopeningNoted, ReturnNoted, StopReason, event::Kind,
};
use supervision::domain::decide::Decision;
use supervision::domain::figures::{
    Counted, ExclusionCommand, Facet, FiguresCommand, Handling, NoteOutcome, PaperCommand, Told, number_of,
    p90, ranks,
};
use supervision::domain::time::to_wire;
use supervision::domain::{ClockKey, Command, Rejection, Sealed, StartClock, Which};
use uuid::Uuid;

use crate::support::{CASE, Ledger, at, ledger};

const OTHER: Uuid = Uuid::from_u128(2);
const EXCLUSION: Uuid = Uuid::from_u128(70);
const ANALYSIS: Uuid = Uuid::from_u128(80);

/// Today as the ledger's entries are recorded on.
fn day(text: &str) -> i32 {
    number_of(text.parse().unwrap())
}

/// What the counters sum up to at the end of a day.
fn counter(ledger: &Ledger, (part, facet, value): (FigurePart, Facet, &str), as_of: &str) -> Counted {
    let mut sum = Counted::default();
    for (key, row) in ledger.book.figures.counters() {
        let fits =
            key.part == i16::try_from(i32::from(part)).unwrap() && key.facet == facet && key.value == value;
        if fits && key.recorded_on <= day(as_of) {
            sum += Counted(row.map(i64::from));
        }
    }
    sum
}

fn cases(ledger: &Ledger, measure: Measure, as_of: &str) -> u64 {
    counter(ledger, (FigurePart::Cases, Facet::All, ""), as_of).get(measure)
}

fn handled(ledger: &Ledger, measure: Measure) -> u64 {
    counter(ledger, (FigurePart::Handled, Facet::All, ""), "2030-01-01").get(measure)
}

fn told(ledger: &mut Ledger, told: Told) -> Decision {
    let command = Command::Figures(Box::new(FiguresCommand::Told { case_id: CASE, told }));
    ledger.does("service:routing", &command).unwrap()
}

fn starts_with(ledger: &mut Ledger, key: ClockKey, facts: CaseFacts) {
    let organ = ledger.book.organ.clone();
    let start = StartClock {
        key,
        start: at("2026-03-02 10:00"),
        home: organ.clone(),
        responsible_organ: organ,
        facts: CaseFacts { accepted_at: Some(to_wire(at("2026-03-02 10:00"))), ..facts },
        reopened: false,
    };
    ledger.does("service:routing", &Command::StartClock(Box::new(start))).unwrap();
}

fn facts(grounds: &[&str], channel: &str) -> CaseFacts {
    CaseFacts {
        grounds: grounds.iter().map(|it| (*it).to_owned()).collect(),
        channel: channel.into(),
        ..CaseFacts::default()
    }
}

fn concludes(ledger: &mut Ledger, term: Option<u32>, finding: Finding, when: &str) {
    ledger.now = at(when);
    told(ledger, Told::Outcome(NoteOutcome { term, finding, findings: Vec::new(), at: at(when) }));
    ledger.stops(term.map_or(Which::All, Which::Term), StopReason::Concluded, when);
}

/// Every counter is the number of occurrences that it stands for, at the end of every day.
fn recounts(ledger: &Ledger) {
    let all = ledger.book.figures.changed();
    for as_of in day("2026-02-01")..day("2026-06-30") {
        for part in [FigurePart::Cases, FigurePart::Handled] {
            let mut sum = Counted::default();
            for it in all.iter().filter(|it| it.part == part && it.recorded_on <= as_of) {
                if it.undone_on.is_none_or(|undone| undone > as_of) {
                    sum += Counted::of(it);
                }
            }
            let date = supervision::domain::figures::date_of(as_of).to_string();
            assert_eq!(counter(ledger, (part, Facet::All, ""), &date), sum, "{part:?} at {date}");
        }
    }
}

#[test]
fn art_5_3_a_case_is_counted_on_its_day_and_from_when_that_was_recorded() {
    let mut ledger = ledger("baoshan");
    ledger.now = at("2026-03-09 10:00");
    starts_with(&mut ledger, ClockKey::case(CASE), facts(&["8.1", "8.4"], "call"));
    assert_eq!(cases(&ledger, Measure::Accepted, "2026-03-08"), 0, "it was not known then");
    assert_eq!(cases(&ledger, Measure::Accepted, "2026-03-09"), 1);
    let keys = ledger.book.figures.counters().keys();
    assert!(keys.into_iter().all(|key| key.day == day("2026-03-02")), "on the day of its acceptance");
    for (facet, value) in [(Facet::Ground, "8.1"), (Facet::Ground, "8.4"), (Facet::Channel, "call")] {
        let counted = counter(&ledger, (FigurePart::Cases, facet, value), "2026-03-09");
        assert_eq!(counted.get(Measure::Accepted), 1, "{value}");
    }
    recounts(&ledger);
}

#[test]
fn art_17_what_is_concluded_counts_by_its_outcome_in_time_or_not_with_its_workdays() {
    let mut ledger = ledger("baoshan");
    starts_with(&mut ledger, ClockKey::case(CASE), facts(&["8.4"], "call"));
    assert_eq!(cases(&ledger, Measure::Open, "2026-03-02"), 1);
    concludes(&mut ledger, None, Finding::Founded, "2026-03-17 09:00");
    let counted = counter(&ledger, (FigurePart::Cases, Facet::GroundOutcome, "8.4/FOUNDED"), "2026-03-17");
    assert_eq!((counted.get(Measure::Concluded), counted.get(Measure::Late)), (1, 1));
    assert_eq!((counted.get(Measure::OnTime), counted.workdays()), (0, 11));
    let in_11 = counter(&ledger, (FigurePart::Cases, Facet::Workdays, "11"), "2026-03-17");
    assert_eq!(in_11.get(Measure::Concluded), 1);
    assert_eq!(cases(&ledger, Measure::Open, "2026-03-17"), 0);
    assert_eq!(cases(&ledger, Measure::Open, "2026-03-16"), 1, "as it stood then");
    recounts(&ledger);
}

#[test]
fn art_3_a_case_that_was_opened_again_is_resolved_no_more_as_of_then() {
    let mut ledger = ledger("baoshan");
    starts_with(&mut ledger, ClockKey::case(CASE), facts(&["8.4"], "call"));
    starts_with(&mut ledger, ClockKey::term(CASE, 1), facts(&["8.4"], "call"));
    concludes(&mut ledger, Some(1), Finding::Unfounded, "2026-03-10 09:00");
    concludes(&mut ledger, None, Finding::Unfounded, "2026-03-10 09:00");
    assert_eq!(
        (cases(&ledger, Measure::Concluded, "2026-03-10"), handled(&ledger, Measure::Concluded)),
        (1, 1)
    );
    ledger.now = at("2026-04-01 10:00");
    let noted = ReopeningNoted { term: 1, home: true, holder: true, at: Some(to_wire(ledger.now)) };
    assert_eq!(told(&mut ledger, Told::Reopening(noted)).facts.len(), 1);
    assert!(told(&mut ledger, Told::Reopening(noted)).facts.is_empty(), "told twice");
    ledger.starts_again(2, "2026-04-01 10:00", "baoshan");
    assert_eq!(cases(&ledger, Measure::Concluded, "2026-03-31"), 1);
    assert_eq!(cases(&ledger, Measure::Concluded, "2026-04-01"), 0);
    assert_eq!(cases(&ledger, Measure::Reopened, "2026-04-01"), 1);
    assert_eq!(cases(&ledger, Measure::Accepted, "2026-04-01"), 1, "accepted once");
    concludes(&mut ledger, Some(2), Finding::Founded, "2026-04-20 11:00");
    concludes(&mut ledger, None, Finding::Founded, "2026-04-20 11:00");
    assert_eq!(cases(&ledger, Measure::Concluded, "2026-04-20"), 1);
    assert_eq!((handled(&ledger, Measure::Concluded), handled(&ledger, Measure::Late)), (1, 1));
    assert_eq!(cases(&ledger, Measure::Open, "2026-04-20") + handled(&ledger, Measure::Open), 0);
    recounts(&ledger);
}

#[test]
fn house_corrected_facets_count_from_the_day_of_the_correction() {
    let mut ledger = ledger("baoshan");
    starts_with(&mut ledger, ClockKey::case(CASE), facts(&["8.1"], "call"));
    ledger.now = at("2026-03-05 10:00");
    let now = FigureFacets { grounds: vec!["8.2".into()], channel: "call".into(), respondents: Vec::new() };
    told(&mut ledger, Told::Facets(now.clone()));
    assert!(told(&mut ledger, Told::Facets(now)).facts.is_empty(), "intake and routing both tell it");
    let ground = |ground, as_of| {
        counter(&ledger, (FigurePart::Cases, Facet::Ground, ground), as_of).get(Measure::Accepted)
    };
    assert_eq!((ground("8.1", "2026-03-04"), ground("8.2", "2026-03-04")), (1, 0));
    assert_eq!((ground("8.1", "2026-03-05"), ground("8.2", "2026-03-05")), (0, 1));
    assert_eq!(cases(&ledger, Measure::Accepted, "2026-03-05"), 1);
    recounts(&ledger);
}

#[test]
fn what_is_told_twice_counts_once_and_what_is_not_known_counts_nowhere() {
    let mut ledger = ledger("baoshan");
    let received = IntakeNoted { step: IntakeStep::Received.into(), day: "2026-01-12".into(), facets: None };
    for step in [IntakeStep::Received, IntakeStep::Declined, IntakeStep::Referred, IntakeStep::Directed] {
        let noted = IntakeNoted { step: step.into(), ..received.clone() };
        assert_eq!(told(&mut ledger, Told::Intake(noted.clone())).facts.len(), 1);
        assert!(told(&mut ledger, Told::Intake(noted)).facts.is_empty(), "{step:?}");
    }
    for measure in [Measure::Received, Measure::Declined, Measure::Referred, Measure::Directed] {
        assert_eq!(cases(&ledger, measure, "2026-03-02"), 1, "{measure:?}");
    }
    let outcome = |term| NoteOutcome {
        term,
        finding: Finding::Founded,
        findings: Vec::new(),
        at: at("2026-03-03 10:00"),
    };
    assert!(told(&mut ledger, Told::Outcome(outcome(None))).facts.is_empty(), "no clock");
    assert!(told(&mut ledger, Told::Return(ReturnNoted { term: 1, at: None })).facts.is_empty(), "no term");
    starts_with(&mut ledger, ClockKey::case(CASE), facts(&[], "call"));
    assert_eq!(told(&mut ledger, Told::Outcome(outcome(None))).facts.len(), 1);
    assert!(told(&mut ledger, Told::Outcome(outcome(None))).facts.is_empty(), "told twice");
}

#[test]
fn house_a_term_that_was_given_back_counts_as_returned_and_is_open_no_more() {
    let mut ledger = ledger("baoshan.luodian");
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    assert_eq!((handled(&ledger, Measure::Accepted), handled(&ledger, Measure::Open)), (1, 1));
    ledger.stops(Which::Term(1), StopReason::Superseded, "2026-03-03 09:00");
    let noted = ReturnNoted { term: 1, at: Some(to_wire(at("2026-03-03 09:00"))) };
    told(&mut ledger, Told::Return(noted));
    assert!(told(&mut ledger, Told::Return(noted)).facts.is_empty());
    assert_eq!((handled(&ledger, Measure::Returned), handled(&ledger, Measure::Open)), (1, 0));
    assert_eq!(cases(&ledger, Measure::Accepted, "2026-03-03"), 0, "it is the home's case");
    recounts(&ledger);
}

#[test]
fn art_14_1_a_case_whose_home_moved_is_the_parents() {
    let mut ledger = ledger("baoshan.luodian").with_case();
    ledger.now = at("2026-03-04 10:00");
    ledger.stops(Which::Term(0), StopReason::HomeMoved, "2026-03-04 10:00");
    assert_eq!(cases(&ledger, Measure::Accepted, "2026-03-03"), 1);
    assert_eq!(cases(&ledger, Measure::Accepted, "2026-03-04"), 0);
    assert_eq!(cases(&ledger, Measure::Open, "2026-03-04"), 0);
    recounts(&ledger);
}

#[test]
fn house_a_withdrawn_case_is_withdrawn_and_not_concluded() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.stops(Which::All, StopReason::Withdrawn, "2026-03-04 10:00");
    let count = |measure| cases(&ledger, measure, "2026-03-04");
    assert_eq!((count(Measure::Withdrawn), count(Measure::Open), count(Measure::Concluded)), (1, 0, 0));
}

#[test]
fn art_24_what_is_found_against_an_organ_and_its_people_is_kept_apart_and_each_case_counts_once() {
    let mut ledger = ledger("baoshan");
    let respondent = |organ: &str, kind: RespondentKind| RespondentFacts {
        organ: organ.into(),
        kind: kind.into(),
        ..RespondentFacts::default()
    };
    let respondents = vec![
        respondent("baoshan.luodian", RespondentKind::Organ),
        respondent("baoshan.luodian", RespondentKind::Person),
        respondent("baoshan.luodian", RespondentKind::Person),
    ];
    starts_with(&mut ledger, ClockKey::case(CASE), CaseFacts { respondents, ..facts(&["8.4"], "call") });
    let findings = vec![Finding::Unfounded, Finding::Founded, Finding::Founded];
    let at = at("2026-03-05 10:00");
    told(&mut ledger, Told::Outcome(NoteOutcome { term: None, finding: Finding::Founded, findings, at }));
    let against = |key| {
        counter(&ledger, (FigurePart::Cases, Facet::Against, key), "2026-03-05").get(Measure::Concluded)
    };
    assert_eq!(against("baoshan.luodian/organ/UNFOUNDED"), 1);
    assert_eq!(against("baoshan.luodian/organ/FOUNDED"), 0);
    assert_eq!(against("baoshan.luodian/person/FOUNDED"), 1, "two people, one case");
}

/// A sub-centre that holds the first term.
fn holding() -> Ledger {
    let mut ledger = ledger("baoshan.luodian");
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    ledger
}

fn exclusion(ledger: &mut Ledger, actor: &str, command: ExclusionCommand) -> Result<Decision, Rejection> {
    let command = Command::Figures(Box::new(FiguresCommand::Exclusion(command)));
    ledger.does(actor, &command)
}

fn proposes(ledger: &mut Ledger, id: Uuid, case_id: Uuid) -> Result<Decision, Rejection> {
    let reason = Sealed::default();
    exclusion(ledger, "zhang.wei", ExclusionCommand::Propose { id, case_id, reason })
}

fn decides(ledger: &mut Ledger, actor: &str, id: Uuid, approved: bool) -> Result<Decision, Rejection> {
    exclusion(ledger, actor, ExclusionCommand::Decide { id, case_id: CASE, approved })
}

#[test]
fn house_who_proposed_an_exclusion_does_not_decide_on_it_and_it_is_decided_once() {
    let mut ledger = holding();
    proposes(&mut ledger, EXCLUSION, CASE).unwrap();
    let own = decides(&mut ledger, "zhang.wei", EXCLUSION, true).unwrap_err();
    assert!(matches!(own, Rejection::OwnProposal { article, .. } if article == "24"));
    decides(&mut ledger, "li.na", EXCLUSION, true).unwrap();
    assert_eq!(decides(&mut ledger, "li.na", EXCLUSION, false).unwrap_err(), Rejection::Decided("APPROVED"));
    let unknown = Uuid::from_u128(71);
    assert_eq!(
        decides(&mut ledger, "li.na", unknown, true).unwrap_err(),
        Rejection::NoSuchExclusion(unknown)
    );
}

#[test]
fn house_a_case_is_excluded_once_and_only_where_it_was_handled_and_again_after_a_refusal() {
    let mut home = ledger("baoshan").with_case();
    let elsewhere = proposes(&mut home, EXCLUSION, CASE).unwrap_err();
    assert_eq!(elsewhere, Rejection::NoSuchCase(CASE), "another organ handles it");
    let mut ledger = holding();
    assert_eq!(proposes(&mut ledger, EXCLUSION, OTHER).unwrap_err(), Rejection::NoSuchCase(OTHER));
    proposes(&mut ledger, EXCLUSION, CASE).unwrap();
    let second = Uuid::from_u128(71);
    assert_eq!(proposes(&mut ledger, second, CASE).unwrap_err(), Rejection::Decided("PROPOSED"));
    decides(&mut ledger, "li.na", EXCLUSION, false).unwrap();
    proposes(&mut ledger, second, CASE).unwrap();
}

fn paper(ledger: &mut Ledger, command: PaperCommand) -> Result<Decision, Rejection> {
    ledger.does("zhang.wei", &Command::Figures(Box::new(FiguresCommand::Paper(command))))
}

fn march() -> Period {
    Period { from: "2026-03-01".into(), to: "2026-03-31".into() }
}

fn saves(ledger: &mut Ledger, is_new: bool) -> Result<Decision, Rejection> {
    let text = Sealed::default();
    paper(ledger, PaperCommand::Save { id: ANALYSIS, is_new, period: march(), text })
}

#[test]
fn art_5_3_an_analysis_is_signed_in_its_last_version_and_changes_no_more() {
    let mut ledger = ledger("baoshan");
    assert_eq!(saves(&mut ledger, false).unwrap_err(), Rejection::NoSuchAnalysis(ANALYSIS));
    let sign = |version| PaperCommand::Sign { id: ANALYSIS, version };
    assert_eq!(paper(&mut ledger, sign(1)).unwrap_err(), Rejection::NoSuchAnalysis(ANALYSIS));
    saves(&mut ledger, true).unwrap();
    assert_eq!(saves(&mut ledger, false).unwrap().answer.analysis.unwrap().version, 2);
    assert_eq!(paper(&mut ledger, sign(1)).unwrap_err(), Rejection::NotTheLastVersion { last: 2 });
    let signed = paper(&mut ledger, sign(2)).unwrap().answer.analysis.unwrap();
    assert_eq!(signed.signed_by, "zhang.wei");
    assert_eq!(saves(&mut ledger, false).unwrap_err(), Rejection::Decided("SIGNED"));
    assert_eq!(paper(&mut ledger, sign(2)).unwrap_err(), Rejection::Decided("SIGNED"));
}

#[test]
fn house_what_is_frozen_again_is_the_next_version_of_its_kind_and_period() {
    let mut ledger = ledger("baoshan");
    let mut freezes = |kind: FrozenKind, period| {
        let frozen = PeriodFrozen {
            kind: kind.into(),
            period: Some(period),
            content: Some(FrozenContent::default()),
            ..PeriodFrozen::default()
        };
        let decision = paper(&mut ledger, PaperCommand::Freeze(Box::new(frozen))).unwrap();
        assert!(matches!(decision.facts[0].kind, Kind::PeriodFrozen(_)));
        decision.answer.frozen.unwrap().version
    };
    assert_eq!(freezes(FrozenKind::Figures, march()), 1);
    assert_eq!(freezes(FrozenKind::Figures, march()), 2);
    assert_eq!(freezes(FrozenKind::Appraisal, march()), 1);
    assert_eq!(freezes(FrozenKind::Figures, Period { to: "2026-03-30".into(), ..march() }), 1);
}

#[test]
fn art_24_the_ninetieth_percentile_is_a_rank_and_equal_scores_have_equal_ranks() {
    let histogram = |pairs: &[(u32, i64)]| pairs.iter().copied().collect();
    assert_eq!(p90(&histogram(&[])), None);
    assert_eq!(p90(&histogram(&[(3, 0)])), None);
    assert_eq!(p90(&histogram(&[(3, 1)])), Some(3));
    assert_eq!(p90(&histogram(&[(1, 9), (20, 1)])), Some(1));
    assert_eq!(p90(&histogram(&[(1, 8), (15, 1), (20, 1)])), Some(15));
    assert_eq!(ranks(&[Some(5), None, Some(9), Some(9), Some(1)]), [3, 0, 1, 1, 4]);
}

#[test]
fn art_24_an_excluded_case_leaves_the_appraisal_whole() {
    let mut ledger = ledger("baoshan");
    starts_with(&mut ledger, ClockKey::term(CASE, 1), facts(&["8.4"], "call"));
    concludes(&mut ledger, Some(1), Finding::Founded, "2026-03-20 09:00");
    let mut handling = Handling {
        counted: counter(&ledger, (FigurePart::Handled, Facet::All, ""), "2026-03-20"),
        histogram: [(14, 1)].into(),
    };
    let rule = ledger.rules.regulation.appraisal().unwrap().clone();
    let (points, score) = handling.points(&rule);
    let on_time = points.iter().find(|it| it.code == "on_time").unwrap();
    assert_eq!((on_time.value_milli, on_time.points_milli), (Some(0), 0));
    // Late: 0 of 40; 14 workdays on average: a tenth of 10; nine of ten within 14: 16 of 20 parts of 5; all else full.
    assert_eq!(score, Some(20_000 + 15_000 + 10_000 + 1_000 + 4_000));
    for it in ledger.book.figures.changed() {
        if it.undone_on.is_none() {
            handling.leave_out(it);
        }
    }
    assert_eq!((handling.counted, handling.points(&rule).1), (Counted::default(), None));
}

#[test]
fn art_24_the_rank_is_rounded_up_and_without_conclusions_there_are_no_points() {
    assert_eq!(p90(&[(1, 1), (2, 1)].into()), Some(2));
    let mut ledger = ledger("baoshan");
    starts_with(&mut ledger, ClockKey::term(CASE, 1), facts(&["8.4"], "call"));
    let rule = ledger.rules.regulation.appraisal().unwrap().clone();
    let counted = counter(&ledger, (FigurePart::Handled, Facet::All, ""), "2026-03-20");
    let open = Handling { counted, histogram: [].into() };
    assert_eq!((open.points(&rule).0.len(), open.points(&rule).1), (0, None));
    concludes(&mut ledger, Some(1), Finding::Founded, "2026-03-20 09:00");
    let counted = counter(&ledger, (FigurePart::Handled, Facet::All, ""), "2026-03-20");
    let mut handling = Handling { counted, histogram: [(14, 1)].into() };
    ledger.book.figures.changed().into_iter().for_each(|it| handling.leave_out(it));
    assert_eq!(p90(&handling.histogram), None, "an excluded case is in no percentile");
}

#[test]
fn house_a_later_round_that_another_organ_handles_is_none_of_the_homes_terms() {
    let mut ledger = ledger("baoshan");
    starts_with(&mut ledger, ClockKey::case(CASE), facts(&["8.4"], "call"));
    ledger.starts_again(2, "2026-04-01 10:00", "baoshan.luodian");
    assert_eq!(handled(&ledger, Measure::Accepted), 0);
}
