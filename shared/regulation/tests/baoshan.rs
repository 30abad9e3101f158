//! The Baoshan measures, as deployed.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use calendar::Calendar;
use regulation::{
    Approver, ComplaintFacts, DespiteFindings, Event, HomeFacts, HomeLevel, Instrument, Language,
    LateSupplement, Missing, Numbered, Offset, Rank, Regulation, RespondentFacts, RouteFacts, Shelf, Stage,
    Start,
};

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/regulations");
const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");

fn baoshan() -> Regulation {
    Regulation::parse(SOURCE, "baoshan-2009-5.toml").unwrap()
}

#[test]
fn every_example_of_the_file_passes() {
    let calendar = Calendar::bundled().unwrap();
    let results = baoshan().run_examples(&calendar);
    assert!(results.len() >= 15, "{} examples", results.len());
    for result in results {
        assert!(result.passed(), "line {}: {}: {:?}", result.line, result.name, result.failures);
    }
}

#[test]
fn a_wrong_example_fails_and_says_how() {
    let wrong = SOURCE.replacen(
        "rule = \"organ-itself\", article = \"14(1)\"",
        "rule = \"organ-itself\", article = \"14(2)\"",
        1,
    );
    let regulation = Regulation::parse(&wrong, "wrong.toml").unwrap();
    let failed: Vec<_> =
        regulation.run_examples(&Calendar::bundled().unwrap()).into_iter().filter(|r| !r.passed()).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].name, "article 14(1): an administrative organ itself");
    assert_eq!(failed[0].failures, ["article: expected \"14(2)\", found \"14(1)\""]);
    let line = wrong.lines().nth(failed[0].line - 1).unwrap();
    assert_eq!(line, "[[example]]");
}

#[test]
fn art_8_grounds_are_the_text_of_the_source() {
    let regulation = baoshan();
    let codes: Vec<_> = regulation.grounds().iter().map(|ground| ground.code.as_str()).collect();
    assert_eq!(codes, ["8.1", "8.2", "8.3", "8.4", "8.5", "8.6"]);
    assert_eq!(regulation.ground("8.4").unwrap().text.zh, "执行公务时作风生硬,态度蛮横,行为粗暴,故意刁难的");
    assert_eq!(regulation.ground("8.4").unwrap().basis.article(), Some("8(4)"));
    assert_eq!(regulation.grounds_under(None).count(), 6);
}

#[test]
fn art_10_what_is_missing_comes_all_at_once_with_the_article() {
    let regulation = baoshan();
    let mut complaint = ComplaintFacts::complete("call", "citizen");
    complaint.has_name = false;
    complaint.has_contact = false;
    // A submission is not asked for a ground; an acceptance is.
    let received = regulation.receive(&complaint);
    let reasons: Vec<_> = received.violations.iter().map(|violation| violation.reason).collect();
    assert_eq!(reasons, ["NAME_MISSING", "CONTACT_MISSING"]);
    assert!(received.violations.iter().all(|violation| violation.article == Some("10")));
    assert!(received.anonymous.is_some());
    assert_eq!(regulation.admit(&complaint).violations.len(), 3);
}

#[test]
fn house_a_late_supplement_is_decided_on_anew_unless_the_file_keeps_things_as_they_are() {
    assert_eq!(baoshan().late_supplement(), LateSupplement::Reopen);
    let silent = Regulation::parse(&SOURCE.replace("late = \"reopen\"\n", ""), "silent.toml").unwrap();
    assert_eq!(silent.late_supplement(), LateSupplement::Keep);
    let wrong = Regulation::parse(&SOURCE.replace("late = \"reopen\"", "late = \"lose\""), "wrong.toml");
    assert!(wrong.unwrap_err().to_string().contains("reopen"));
}

#[test]
fn art_17_limit_and_extension() {
    let regulation = baoshan();
    let limit = regulation.limit(Stage::Case).unwrap();
    assert_eq!((limit.length.to_string().as_str(), limit.basis.article()), ("10 workdays", Some("17")));
    assert_eq!(limit.stage.starts(), Start::Accepted);
    let extension = limit.extension.as_ref().unwrap();
    assert_eq!(extension.most.to_string(), "30 workdays");
    assert_eq!(extension.approvers, [Approver::PrincipalHead, Approver::CompetentSuperior]);
    assert!(extension.needs_reason);
}

#[test]
fn the_ladder_goes_from_due_soon_to_attention() {
    let regulation = baoshan();
    let rungs = &regulation.limit(Stage::Case).unwrap().rungs;
    let codes: Vec<_> = rungs.iter().map(|rung| rung.code.as_str()).collect();
    assert_eq!(codes, ["due_soon", "due", "overdue", "reminder", "supervision_notice", "attention"]);
    assert_eq!(rungs[2].offset, Offset::AtEnd);
    assert_eq!(rungs[4].issues, Some(Instrument::SupervisionNotice));
    assert_eq!(rungs[4].reply_within.map(|length| length.to_string()).as_deref(), Some("3 workdays"));
}

#[test]
fn art_18_19_22_investigation() {
    let regulation = baoshan();
    let investigation = regulation.investigation();
    assert_eq!((investigation.least_investigators, investigation.basis.article()), (2, Some("18")));
    assert!(investigation.record.needs_confirmation() && investigation.evidence.kind("document").is_some());
    assert_eq!(investigation.missing(1, 0, 2), None);
    assert_eq!(investigation.missing(0, 0, 0), Some(Missing::Records));
    assert_eq!(investigation.missing(1, 0, 1), Some(Missing::Investigators));
    assert_eq!(investigation.approval.approvers, [Approver::LeaderInCharge]);
    assert!(investigation.approval.not_investigator);
    assert!(investigation.outcome("unfounded").unwrap().clears_respondent);
    assert_eq!(investigation.measure("formal_admonition").unwrap().text.zh, "诫勉谈话");
    assert_eq!(regulation.power("take_over").unwrap().basis.article(), Some("20"));
    assert_eq!(regulation.form("record_form").unwrap().text.zh, "行政效能投诉记录表");
}

#[test]
fn art_15_what_goes_to_the_respondent() {
    let regulation = baoshan();
    let rules = regulation.confidentiality();
    assert_eq!(rules.summary.approvers, [Approver::LeaderInCharge]);
    assert_eq!(rules.original.approvers, [Approver::PrincipalHead]);
    let check = &rules.check;
    assert_eq!((check.attempts, check.passage, check.basis.article()), (5, 15, None));
    assert_eq!(check.despite_findings, DespiteFindings::Never);
}

#[test]
fn numbers_and_replies_are_rendered() {
    let regulation = baoshan();
    let numbering = regulation.numbering(Numbered::Case).unwrap();
    assert_eq!(numbering.template.render("宝效投", 2026, 123), "宝效投〔2026〕123号");
    let place = |number: &str| numbering.template.parse("宝效投", number);
    assert_eq!(place("宝效投〔2026〕123号"), Some((2026, 123)));
    for other in [
        "宝效投〔2026〕0123号",
        "宝效投〔2026〕0号",
        "宝效投〔2026〕号",
        "罗效投〔2026〕1号",
        "宝效投〔2026〕1号之二",
        "",
        "宝效投〔26〕1号x",
    ] {
        assert_eq!(place(other), None, "{other}");
    }
    let reply = regulation.reply(Event::Accepted).unwrap();
    let fields = [("number", "宝效投〔2026〕1号"), ("due", "2026-02-28"), ("organ", "")];
    assert_eq!(
        reply.render(Language::Zh, &fields).unwrap(),
        "您的投诉(宝效投〔2026〕1号)已受理,将于2026-02-28前办结。"
    );
    assert_eq!(reply.render(Language::En, &fields[..1]).unwrap_err().place, "due");
    let declined =
        regulation.refusal("special_law").unwrap().reply(Language::En, &[("statute", "the X Act")]).unwrap();
    assert!(declined.contains("the X Act"));
}

#[test]
fn a_route_says_the_facts_it_stood_on() {
    let regulation = baoshan();
    let facts = RouteFacts {
        complaint: ComplaintFacts::complete("visit", "citizen"),
        respondents: vec![RespondentFacts::person(Rank::Unranked), RespondentFacts::person(Rank::Division)],
        home: HomeFacts { level: HomeLevel::Centre },
    };
    let route = regulation.route(&facts).unwrap();
    assert_eq!((route.rule, route.article, route.lead), ("division-level", Some("14(1)"), 1));
    assert_eq!(route.facts_used["respondent.rank"], "division");
    assert_eq!(route.facts_used["respondent.kind"], "person");
}

#[test]
fn a_regulation_is_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&baoshan());
}

#[test]
fn the_overlay_differs_in_settings_only() {
    let shelf = Shelf::load(DIRECTORY.as_ref()).unwrap();
    let (own, automatic) =
        (shelf.get("baoshan-2009-5").unwrap(), shelf.get("baoshan-2009-5-automatic").unwrap());
    assert!(!own.automatic_acceptance() && !own.automatic_masks() && !own.automatic_routing());
    assert!(automatic.automatic_acceptance() && automatic.automatic_masks() && automatic.automatic_routing());
    assert_eq!(automatic.settings().tracking_code_length, own.settings().tracking_code_length);
    assert_eq!(automatic.limits(), own.limits());
    assert_eq!(automatic.document(), own.document());
    assert_ne!(automatic.version(), own.version());
    let results = automatic.run_examples(&Calendar::bundled().unwrap());
    assert!(results.len() >= 15 && results.iter().all(regulation::ExampleResult::passed));
}

#[test]
fn the_version_is_of_the_content() {
    let again = Regulation::parse(SOURCE, "elsewhere.toml").unwrap();
    assert_eq!(baoshan().version(), again.version());
    assert_eq!(again.version().len(), 16);
    let other = SOURCE.replacen("tracking_code_length = 10", "tracking_code_length = 12", 1);
    assert_ne!(Regulation::parse(&other, "other.toml").unwrap().version(), again.version());
}

#[test]
fn it_is_in_force_from_its_first_day() {
    let regulation = baoshan();
    assert!(!regulation.in_force_on(jiff::civil::date(2009, 3, 31)));
    assert!(regulation.in_force_on(jiff::civil::date(2009, 4, 1)));
}

#[test]
fn it_explains_itself_and_draws_its_flow() {
    let regulation = baoshan();
    let page = regulation.explain(Language::Zh);
    assert!(page.contains("第17条") && page.contains("诫勉谈话") && page.contains("内部设定"), "{page}");
    let page = regulation.explain(Language::En);
    assert!(
        page.contains("article 14(3)") && page.contains("[may]") && page.contains("never past 30 workdays")
    );
    let flow = regulation.flow(Language::Zh);
    assert!(flow.starts_with("flowchart TD\n") && flow.contains("organ-itself (第14条(1))"), "{flow}");
    // Every node that an edge names is drawn.
    for line in flow.lines().filter(|line| line.contains("-->")) {
        let target = line.rsplit(' ').next().unwrap();
        assert!(flow.contains(&format!("  {target}[\"")), "{line}");
    }
}

#[test]
fn art_21_the_chain_and_what_answers_a_notice_are_data() {
    let regulation = baoshan();
    let rule = regulation.accountability().unwrap();
    assert_eq!((rule.least_signs, rule.least_repeats, rule.basis.article()), (1, 1, Some("21")));
    assert!(regulation.notices().measure("handler_replaced").is_some());
    assert_eq!(regulation.notices().answer_within.to_string(), "3 workdays");
}
