//! What the commands on regulations say.

use super::run::{fail, succeed};

const FACTS: &str = "start = \"2026-02-10T15:00\"\ncomplaint = { grounds = [\"8.4\"], complex = true }\n\
                     respondent = [{ rank = \"section\" }]";

#[test]
fn regulation_explain_says_every_clause_and_what_a_town_has_otherwise() {
    let page = succeed(&["regulation", "explain", "luodian-2010-12", "--language", "zh"]);
    assert!(page.starts_with("# 罗店镇行政效能投诉办理实施办法"), "{page}");
    assert!(page.contains("`limit[case].length`: 10 workdays → 7 workdays. 镇级投诉多为"), "{page}");
    assert!(page.contains("第17条") && page.contains("```mermaid\nflowchart TD\n"), "{page}");
    let flow = succeed(&["regulation", "explain", "baoshan-2009-5", "--as", "mermaid"]);
    assert!(flow.starts_with("flowchart TD\n") && flow.contains("organ-itself (article 14(1))"), "{flow}");
}

#[test]
fn regulation_explain_draws_the_course_without_a_browser() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flow.svg");
    let to = path.to_str().unwrap();
    let said =
        succeed(&["regulation", "explain", "baoshan-2009-5", "--as", "svg", "--to", to, "--language", "zh"]);
    assert_eq!(said, "");
    let svg = std::fs::read_to_string(&path).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n") && svg.contains(">受理</text>"), "{svg}");
    let said = fail(&["regulation", "explain", "baoshan-2009-5", "--to", "/nowhere/flow.svg"]);
    assert!(said.contains("cannot write /nowhere/flow.svg"), "{said}");
}

#[test]
fn regulation_diff_says_what_changes_for_whom_and_which_way() {
    let said = succeed(&["regulation", "diff", "baoshan-2009-5", "luodian-2010-12"]);
    let part = |title: &str| said.split("## ").find(|part| part.starts_with(title)).unwrap_or_default();
    let handlers = part("Who handles a case");
    assert!(
        handlers.contains("`limit[case].length`: 10 workdays → 7 workdays [tighter] (article 17)"),
        "{said}"
    );
    let complainant = part("Who complains");
    assert!(complainant.contains("5 workdays → 10 workdays [better for the complainant]"), "{said}");
    assert!(complainant.contains("+ `channel[village_post]`"), "{said}");
    let back = succeed(&["regulation", "diff", "luodian-2010-12", "baoshan-2009-5", "--language", "zh"]);
    assert!(
        back.contains("7 workdays → 10 workdays [放宽]") && back.contains("− `channel[village_post]`"),
        "{back}"
    );
    let same = succeed(&["regulation", "diff", "baoshan-2009-5", "baoshan-2009-5"]);
    assert!(same.contains("Nothing is otherwise."), "{same}");
    let settings = succeed(&["regulation", "diff", "baoshan-2009-5", "baoshan-2009-5-automatic"]);
    assert!(
        settings.contains("## The house") && settings.contains("`settings.automatic_routing`: false → true")
    );
}

#[test]
fn regulation_try_says_what_would_happen_with_dates() {
    let said = succeed(&["regulation", "try", "baoshan-2009-5", "--facts", FACTS]);
    assert!(said.contains("  2026-02-10 15:00  accepted"), "{said}");
    // 24:00 of 2 March, over the Spring Festival.
    assert!(said.contains("≤ 2026-03-03 00:00  case: 10 workdays"), "{said}");
    assert!(
        said.contains("`section-and-below` → managing_organ, transfer") && said.contains("(article 14(2))")
    );
    assert!(
        said.contains("or, as it may: `serious-direct`") && said.contains("complaint.complex = true"),
        "{said}"
    );
    let town = succeed(&["regulation", "try", "luodian-2010-12", "--facts", FACTS, "--language", "zh"]);
    assert!(
        town.contains("≤ 2026-02-27 00:00  case: 7 workdays") && town.contains("受理 (第16条)"),
        "{town}"
    );
    let missing = "start = \"2026-02-10T15:00\"\ncomplaint = { grounds = [\"8.4\"], has_contact = false }";
    let said = succeed(&["regulation", "try", "baoshan-2009-5", "--facts", missing]);
    assert!(
        said.contains("missing `complainant.contact`") && said.contains("supplement: 5 workdays"),
        "{said}"
    );
    assert!(said.contains("not completed in time → lead") && !said.contains("  accepted ("), "{said}");
}

#[test]
fn regulation_try_names_what_is_wrong_with_the_facts() {
    let said =
        fail(&["regulation", "try", "baoshan-2009-5", "--facts", "complaint = { grounds = [\"8.7\"] }"]);
    assert!(said.contains("--facts:1:13: complaint: unknown grounds `8.7`"), "{said}");
    assert!(said.contains("`start` is missing"), "{said}");
    let said = fail(&["regulation", "try", "baoshan-2009-5", "--facts", "gone.toml"]);
    assert!(said.contains("cannot read gone.toml"), "{said}");
}
