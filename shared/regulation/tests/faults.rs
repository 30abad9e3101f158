//! What is wrong with a file is said with line, column and what is expected, all at once; nothing is accepted silently.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use regulation::{Fault, Faults, Regulation};

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");

/// The faults of the Baoshan file with one text replaced.
fn faults_of(from: &str, to: &str) -> Faults {
    assert!(SOURCE.contains(from), "`{from}` is not in the file");
    Regulation::parse(&SOURCE.replacen(from, to, 1), "r.toml").map(|_| ()).unwrap_err()
}

/// The only fault, which has to be on the line and column where `place` is in the changed file.
fn fault_at(from: &str, to: &str, place: &str) -> Fault {
    let changed = SOURCE.replacen(from, to, 1);
    let faults = faults_of(from, to);
    let all: Vec<_> = faults.iter().cloned().collect();
    assert_eq!(all.len(), 1, "{faults}");
    let at = changed.find(to).unwrap() + to.find(place).unwrap();
    let line_start = changed[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = changed[..at].matches('\n').count() + 1;
    let column = changed[line_start..at].chars().count() + 1;
    assert_eq!((all[0].line, all[0].column), (line, column), "{faults}");
    all[0].clone()
}

#[test]
fn a_syntax_error_has_line_and_column() {
    let faults = faults_of("least_investigators = 2", "least_investigators = = 2");
    let fault = faults.iter().next().unwrap();
    let line = SOURCE.lines().position(|line| line.starts_with("least_investigators")).unwrap() + 1;
    assert_eq!((fault.line, fault.file.as_str()), (line, "r.toml"));
    assert!(fault.column >= "least_investigators = ".len(), "{fault}");
    assert!(faults.to_string().starts_with(&format!("r.toml:{line}:")), "{faults}");
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    let fault = fault_at("needs_reason = true", "need_reason = true", "need_reason");
    assert_eq!(fault.expected.as_deref(), Some("`needs_reason`"));
    assert_eq!(fault.path, "limit[1].extension.need_reason");
}

#[test]
fn house_a_summary_that_nobody_could_send_in_is_refused() {
    let faults = faults_of("attempts = 5", "attempts = 0").to_string();
    assert!(faults.contains("nobody could send one in"), "{faults}");
    let faults = faults_of("despite_findings = \"never\"", "despite_findings = \"always\"").to_string();
    assert!(faults.contains("despite_findings") && faults.contains("with_reasons"), "{faults}");
}

#[test]
fn house_a_follow_up_of_nobody_or_without_a_scale_is_refused() {
    let faults = faults_of("share = 100", "share = 101").to_string();
    assert!(faults.contains("no share in percent"), "{faults}");
    let faults = faults_of("attempts = 3", "attempts = 0").to_string();
    assert!(faults.contains("nobody is asked"), "{faults}");
    let scale = SOURCE.replace("satisfied = true\n", "");
    let faults = Regulation::parse(&scale, "r.toml").unwrap_err().to_string();
    assert!(faults.contains("all answers say the same"), "{faults}");
}

#[test]
fn art_21_a_chain_without_a_link_is_refused() {
    for link in ["least_signs", "least_repeats"] {
        let faults = faults_of(&format!("{link} = 1"), &format!("{link} = 0")).to_string();
        assert!(faults.contains("a chain without a link"), "{faults}");
    }
    let faults = faults_of("signs = [\"returned\"", "signs = [\"rude\"").to_string();
    assert!(faults.contains("unknown `rude`"), "{faults}");
}

#[test]
fn a_section_that_cannot_be_carried_out_is_refused() {
    for section in ["mediation", "publication", "duty", "pause"] {
        let fault = fault_at("[settings]", &format!("[[{section}]]\ncode = \"x\"\n\n[settings]"), section);
        assert!(fault.message.contains("unknown key"), "{fault}");
    }
}

#[test]
fn wrong_quiet_hours_are_refused_with_all_else_that_is_wrong() {
    let section =
        "[replies]\nquiet_hours = \"9pm-8am\"\nquiet_days = 2\nzh = \"x\"\nhouse = true\n\n[settings]";
    let faults = faults_of("[settings]", section).to_string();
    for said in ["replies.quiet_hours: `9pm-8am`", "\"21:00-08:00\"", "replies.quiet_days", "`en` is missing"]
    {
        assert!(faults.contains(said), "{said}: {faults}");
    }
    let section = "[replies]\nzh = \"x\"\nen = \"x\"\nhouse = true\n\n[settings]";
    assert!(faults_of("[settings]", section).to_string().contains("`quiet_hours` is missing"));
}

#[test]
fn quiet_hours_are_counted_in_the_zone_of_the_regulation_and_there_are_none_by_default() {
    let evening = "2026-03-02T13:30:00Z".parse().unwrap();
    let usual = Regulation::parse(SOURCE, "r.toml").unwrap();
    assert_eq!(usual.reply_from(evening), evening);
    let section =
        "[replies]\nquiet_hours = \"21:00-08:00\"\nzh = \"x\"\nen = \"x\"\nhouse = true\n\n[settings]";
    let quiet = Regulation::parse(&SOURCE.replacen("[settings]", section, 1), "r.toml").unwrap();
    assert_eq!(quiet.reply_from(evening).to_string(), "2026-03-03T00:00:00Z");
    assert!(quiet.explain(regulation::Language::En).contains("quiet_hours 21:00-08:00"));
}

#[test]
fn a_form_number_that_repeats_and_a_document_nobody_can_file_are_refused() {
    let fault = fault_at("\"{number}(转{ordinal})\"", "\"{number}(转)\"", "\"{number}(转)\"");
    assert!(fault.message.contains("does not tell two forms apart"), "{fault}");
    let fault = fault_at("code = \"report_back\"", "code = \"report_bakc\"", "\"report_bakc\"");
    assert!(fault.expected.as_deref().is_some_and(|known| known.contains("report_back")), "{fault}");
    let twice = faults_of("code = \"report_back\"", "code = \"reply\"").to_string();
    assert!(twice.contains("it is there twice"), "{twice}");
    let layout = faults_of("layout = \"letter\"", "layout = \"postcard\"").to_string();
    assert!(layout.contains("form[7].layout") && layout.contains("letter"), "{layout}");
}

#[test]
fn the_file_of_a_case_has_its_documents_and_its_forms_have_numbers() {
    let usual = Regulation::parse(SOURCE, "r.toml").unwrap();
    let archive = usual.archive().unwrap();
    assert_eq!(archive.basis.article(), Some("16"));
    assert!(archive.documents.iter().any(|document| document.code == regulation::Filed::Reply));
    let transfer = usual.form("transfer_form").unwrap();
    let number = transfer.number.as_ref().unwrap().render("宝效投〔2026〕1号", 2);
    assert_eq!(number, "宝效投〔2026〕1号(转2)");
    assert!(transfer.seal && usual.form("record_form").unwrap().number.is_none());
    assert!(usual.explain(regulation::Language::En).contains("the approved disposition form"));
    let nothing = SOURCE.split("[archive]").next().unwrap().to_owned();
    let rest = SOURCE.split("# ---- replies and numbers").nth(1).unwrap();
    let without = Regulation::parse(&format!("{nothing}\n#{rest}"), "r.toml").unwrap();
    assert!(without.archive().is_none());
}

#[test]
fn a_clause_without_an_article_is_refused() {
    let faults = faults_of("article = \"18\"\n\n[investigation.record]", "\n[investigation.record]");
    assert!(faults.to_string().contains("the article is missing"), "{faults}");
    let both = faults_of(
        "article = \"18\"\n\n[investigation.record]",
        "article = \"18\"\nhouse = true\n[investigation.record]",
    );
    assert!(both.to_string().contains("an article is cited for a house setting"), "{both}");
}

#[test]
fn evidence_is_of_some_kind() {
    let section = SOURCE.find("[[investigation.evidence.kind]]").unwrap();
    let end = SOURCE.find("[investigation.recusal]").unwrap();
    let without = format!("{}{}", &SOURCE[..section], &SOURCE[end..]);
    let faults = Regulation::parse(&without, "r.toml").map(|_| ()).unwrap_err().to_string();
    assert!(faults.contains("there is no kind of evidence"), "{faults}");
}

#[test]
fn a_missing_section_is_named() {
    let faults = faults_of("[parties]", "[party]");
    let messages = faults.to_string();
    assert!(messages.contains("`parties` is missing"), "{messages}");
    assert!(messages.contains("unknown key `party`"), "{messages}");
}

#[test]
fn a_code_used_twice_is_refused() {
    let fault =
        fault_at("\"circulated_criticism\"\nzh = \"通", "\"formal_admonition\"\nzh = \"通", "\"formal");
    assert!(fault.message.contains("there twice"), "{fault}");
}

#[test]
fn an_extension_has_to_be_longer_than_the_limit() {
    let fault = fault_at("most = \"30 workdays\"", "most = \"10 workdays\"", "\"10 workdays\"");
    assert_eq!(fault.expected.as_deref(), Some("more than 10 workdays"));
    let fault = fault_at("most = \"30 workdays\"", "most = \"2 months\"", "\"2 months\"");
    assert_eq!(fault.expected.as_deref(), Some("the same unit"));
}

#[test]
fn art_17_what_the_head_may_approve_is_less_than_the_most_and_somebody_approves_the_rest() {
    let head = |most: &str| format!("most = \"30 workdays\"\nhead_up_to = \"{most}\"");
    let fault = fault_at("most = \"30 workdays\"", &head("31 workdays"), "\"31 workdays\"");
    assert_eq!(fault.expected.as_deref(), Some("less than 30 workdays, in the same unit"));
    let alone = "most = \"30 workdays\"\nhead_up_to = \"20 workdays\"\nneeds_reason = true\napprovers = [\"principal_head\"]";
    let faults = faults_of(
        "most = \"30 workdays\"\nneeds_reason = true\napprovers = [\"principal_head\", \"competent_superior\"]",
        alone,
    );
    assert!(faults.to_string().contains("nobody may approve what is longer"), "{faults}");
    let faults = faults_of("approvers = [\"principal_head\", ", "approvers = [\"leader_in_charge\", ");
    assert!(faults.to_string().contains("a leader in charge extends nothing"), "{faults}");
}

#[test]
fn house_a_pause_stands_on_the_limit_of_the_case_and_has_a_longest() {
    let pause = "code = \"appraisal\"\nmost = \"20 workdays\"\nzh = \"等待鉴定\"\nen = \"an appraisal\"\nhouse = true\n\n";
    let case = format!("[[limit.pause]]\n{pause}[limit.extension]\nmost");
    assert!(Regulation::parse(&SOURCE.replacen("[limit.extension]\nmost", &case, 1), "r.toml").is_ok());
    let endless = case.replace("most = \"20 workdays\"\n", "");
    let faults = faults_of("[limit.extension]\nmost", &endless);
    assert!(faults.to_string().contains("`most` is missing"), "{faults}");
    let elsewhere = format!("stage = \"acceptance\"\npause = [{{ {} }}]", pause.trim().replace('\n', ", "));
    let faults = faults_of("stage = \"acceptance\"", &elsewhere);
    assert!(faults.to_string().contains("only the case's limit"), "{faults}");
}

#[test]
fn house_when_people_are_told_of_rungs_is_one_of_two() {
    let fault = fault_at("sends = \"working_hours\"", "sends = \"office_hours\"", "\"office_hours\"");
    assert!(fault.expected.unwrap().contains("working_hours"));
}

#[test]
fn rungs_are_in_order_of_time() {
    let faults = faults_of("at = \"5 workdays after\"", "at = \"2 workdays after\"");
    assert!(faults.to_string().contains("earlier than the one before"), "{faults}");
}

#[test]
fn a_length_that_is_none_says_what_one_is() {
    let fault = fault_at("length = \"10 workdays\"", "length = \"ten days\"", "\"ten days\"");
    assert!(fault.expected.unwrap().contains("10 workdays"));
}

#[test]
fn an_unknown_choice_is_refused_with_the_nearest() {
    let fault = fault_at("colour = \"yellow\"", "colour = \"yelow\"", "\"yelow\"");
    assert!(fault.expected.unwrap().starts_with("`yellow`"));
}

#[test]
fn a_start_that_no_service_carries_out_is_refused() {
    let fault = fault_at("starts = \"accepted\"", "starts = \"registered\"", "\"registered\"");
    assert!(fault.message.contains("cannot start with"), "{fault}");
}

#[test]
fn an_unknown_place_in_a_text_is_refused() {
    let fault = fault_at("zh = \"您的投诉已登记,编号{number}", "zh = \"您的投诉已登记,编号{nummer}", "\"");
    assert_eq!(fault.expected.as_deref(), Some("`number`"));
}

#[test]
fn a_number_without_its_year_is_refused() {
    let fault =
        fault_at("\"{prefix}〔{year}〕{number}号\"", "\"{prefix}{number}号\"", "\"{prefix}{number}号\"");
    assert!(fault.message.contains("{year}"), "{fault}");
}

#[test]
fn a_fact_that_is_unknown_in_an_example_is_refused() {
    let fault = fault_at("{ rank = \"section\" }", "{ rang = \"section\" }", "rang");
    assert_eq!(fault.expected.as_deref(), Some("`rank`"));
    let fault = faults_of("complaint = { grounds = [\"8.4\"] }", "complaint = { grounds = [\"8.9\"] }");
    assert!(fault.to_string().contains("unknown grounds `8.9`"), "{fault}");
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_file() {
    let broken = SOURCE
        .replacen("transition = \"keep\"", "transition = \"kept\"", 1)
        .replacen("article = \"9\"", "", 1)
        .replacen("complaint.has_contact\"", "complaint.has_kontact\"", 1)
        .replacen("decided_by = \"supervisory_organ\"", "decided_by = 3", 1);
    let faults = Regulation::parse(&broken, "r.toml").map(|_| ()).unwrap_err();
    let lines: Vec<_> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines.len(), 4, "{faults}");
    assert!(lines.is_sorted(), "{lines:?}");
}

#[test]
fn a_child_without_its_parent_is_refused() {
    let child = include_str!("../../../deploy/regulations/baoshan-2009-5-automatic.toml");
    let find = |code: &str| (code == "baoshan-2009-5").then(|| SOURCE.to_owned());
    assert!(Regulation::parse_with(child, "child.toml", &find).is_ok());
    let orphan = Regulation::parse(child, "child.toml").map(|_| ()).unwrap_err();
    assert!(orphan.to_string().contains("no regulation `baoshan-2009-5`"), "{orphan}");
}

#[test]
fn a_circle_of_extends_ends() {
    let child = include_str!("../../../deploy/regulations/baoshan-2009-5-automatic.toml");
    let itself = child.replacen("extends = \"baoshan-2009-5\"", "extends = \"a\"", 1);
    let faults =
        Regulation::parse_with(&itself, "a.toml", &|_| Some(itself.clone())).map(|_| ()).unwrap_err();
    assert!(faults.to_string().contains("no regulation `a`"), "{faults}");
}

#[test]
fn a_file_that_is_not_there_is_a_fault() {
    let faults = Regulation::load("nowhere/at-all.toml".as_ref()).map(|_| ()).unwrap_err();
    assert!(faults.to_string().starts_with("nowhere/at-all.toml:1:1:"), "{faults}");
}

#[test]
fn house_a_review_chooses_no_more_than_all_and_each_rule_once() {
    let faults = faults_of("share = 20", "share = 101").to_string();
    assert!(faults.contains("a share of more than all"), "{faults}");
    let faults = faults_of("when = \"late\"", "when = \"repeated\"").to_string();
    assert!(faults.contains("a second `repeated`"), "{faults}");
}

#[test]
fn art_5_2_20_a_file_without_reviews_or_appeals_has_none() {
    let cut = |from: &str, to: &str| {
        let (begin, end) = (SOURCE.find(from).unwrap(), SOURCE.find(to).unwrap());
        Regulation::parse(&format!("{}{}", &SOURCE[..begin], &SOURCE[end..]), "r.toml").unwrap()
    };
    let without = cut("# ---- review of conclusions", "# ---- confidentiality (15)");
    assert!(without.review().is_none() && without.appeal().is_none());
    let whole = Regulation::parse(SOURCE, "r.toml").unwrap();
    assert_eq!(whole.appeal().unwrap().limit.within.to_string(), "30 days");
    assert_eq!(whole.review().unwrap().rules.len(), 5);
}
