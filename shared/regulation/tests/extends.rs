//! Article 25: what a regulation may have otherwise than the one it extends, and every kind of loosening that is refused.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use calendar::Calendar;
use regulation::{Approver, Faults, Language, Regulation, Shelf, Stage};

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/regulations");
const PARENT: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
const TOWN: &str = include_str!("../../../deploy/regulations/luodian-2010-12.toml");
const BECAUSE: &str = "because = { zh = \"结合本镇实际。\", en = \"The town is as it is.\" }\n";

/// The head of a file that extends another one.
fn head(code: &str, parent: &str) -> String {
    format!(
        "format = 1\n[regulation]\ncode = \"{code}\"\nextends = \"{parent}\"\ntitle = {{ zh = \"细则\", en = \"rules\" }}\n\
         document = \"1号\"\nissued = 2010-01-01\nin_force_from = 2010-01-01\nissuer = {{ zh = \"镇\", en = \"town\" }}\n\
         transition = \"keep\"\n\n"
    )
}

fn child_of(parent: &str, body: &str) -> Result<Regulation, Faults> {
    let source = head("child", "baoshan-2009-5") + &body.replace("BECAUSE\n", BECAUSE);
    Regulation::parse_with(&source, "child.toml", &|code| {
        (code == "baoshan-2009-5").then(|| parent.to_owned())
    })
}

fn child(body: &str) -> Result<Regulation, Faults> {
    child_of(PARENT, body)
}

fn refused(body: &str, parts: &[&str]) {
    let faults = child(body).map(|_| ()).expect_err(body).to_string();
    for part in parts {
        assert!(faults.contains(part), "`{part}` in:\n{faults}\nof:\n{body}");
    }
}

fn taken(body: &str) -> Regulation {
    child(body).unwrap_or_else(|faults| panic!("{faults}\nof:\n{body}"))
}

/// Where a text is in the parent, as faults write it.
fn place(text: &str) -> String {
    let at = PARENT.find(text).unwrap() + text.find("= ").map_or(0, |equals| equals + 2);
    let line_start = PARENT[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let (line, column) = (PARENT[..at].matches('\n').count() + 1, PARENT[line_start..at].chars().count() + 1);
    format!("baoshan-2009-5.toml:{line}:{column}")
}

#[test]
fn art_25_a_town_a_department_and_the_park_adapt_the_measures_and_their_examples_pass() {
    let shelf = Shelf::load(DIRECTORY.as_ref()).unwrap();
    let calendar = Calendar::bundled().unwrap();
    for code in ["luodian-2010-12", "market-bureau-2012-7", "industrial-park-2011-3"] {
        let own = shelf.get(code).unwrap();
        assert_eq!(own.extends()[0].code, "baoshan-2009-5");
        assert!(own.adaptations().len() >= 4, "{code}: {:?}", own.adaptations());
        let results = own.run_examples(&calendar);
        assert!(results.len() > shelf.get("baoshan-2009-5").unwrap().examples().len());
        for result in results {
            assert!(
                result.passed(),
                "{}:{}: {}: {:?}",
                result.file,
                result.line,
                result.name,
                result.failures
            );
        }
    }
}

#[test]
fn what_is_not_said_stays_and_what_is_said_replaces() {
    let find = |code: &str| (code == "baoshan-2009-5").then(|| PARENT.to_owned());
    let town = Regulation::parse_with(TOWN, "luodian-2010-12.toml", &find).unwrap();
    let parent = Regulation::parse(PARENT, "baoshan-2009-5.toml").unwrap();
    let (own, was) = (town.limit(Stage::Case).unwrap(), parent.limit(Stage::Case).unwrap());
    assert_eq!((own.length.to_string().as_str(), own.basis.article()), ("7 workdays", Some("17")));
    assert_eq!(own.extension.as_ref().unwrap().approvers, [Approver::PrincipalHead]);
    assert_eq!(own.rungs, was.rungs);
    assert_eq!(town.grounds(), parent.grounds());
    assert_eq!(town.channels().len(), parent.channels().len() + 1);
    assert_eq!(town.settings(), parent.settings());
    let adapted = town.adaptations().iter().find(|one| one.path == "limit[case].length").unwrap();
    assert_eq!((adapted.from.as_deref(), adapted.to.as_deref()), (Some("10 workdays"), Some("7 workdays")));
    assert!(adapted.reason.in_language(Language::Zh).contains("镇级投诉"));
    assert!(town.explain(Language::Zh).contains("镇级投诉"), "{}", town.explain(Language::Zh));
}

#[test]
fn a_parents_example_that_comes_out_otherwise_has_to_be_restated() {
    let own =
        taken("[[limit]]\nstage = \"case\"\nlength = \"7 workdays\"\nzh = \"7\"\nen = \"7\"\nBECAUSE\n");
    let failed: Vec<_> = own
        .run_examples(&Calendar::bundled().unwrap())
        .into_iter()
        .filter(|result| !result.passed())
        .collect();
    assert_eq!(failed.len(), 2);
    assert_eq!(failed[0].file, "baoshan-2009-5.toml");
    assert_eq!(PARENT.lines().nth(failed[0].line - 1), Some("[[example]]"));
}

#[test]
fn art_25_every_loosening_is_refused_with_the_parents_article_and_place() {
    let texts = "zh = \"新\"\nen = \"new\"\n";
    let length = place("length = \"10 workdays\"\nzh = \"自受理");
    let longer = format!("[[limit]]\nstage = \"case\"\nlength = \"12 workdays\"\n{texts}BECAUSE\n");
    refused(&longer, &["limit[case].length", "article 17", &length, "10 workdays or shorter"]);
    // Another unit cannot be compared: two weeks may be longer.
    let unit = format!("[[limit]]\nstage = \"case\"\nlength = \"14 days\"\n{texts}BECAUSE\n");
    refused(&unit, &["article 17", "in the same unit"]);
    let most =
        format!("[[limit]]\nstage = \"case\"\n[limit.extension]\nmost = \"40 workdays\"\n{texts}BECAUSE\n");
    refused(&most, &["limit[case].extension.most", "article 17", "30 workdays or shorter"]);
    let reason = "[[limit]]\nstage = \"case\"\n[limit.extension]\nneeds_reason = false\nBECAUSE\n";
    refused(reason, &["needs_reason", "article 17", "expected true"]);
    let approver =
        "[[limit]]\nstage = \"case\"\n[limit.extension]\napprovers = [\"leader_in_charge\"]\nBECAUSE\n";
    refused(approver, &["approvers", "article 17", "or some of these"]);
    let rung = "[[limit]]\nstage = \"case\"\n[[limit.rung]]\ncode = \"supervision_notice\"\nat = \"4 workdays after\"\nBECAUSE\n";
    refused(rung, &["limit[case].rung[supervision_notice].at", "article 20", "or earlier"]);
    let told =
        "[[limit]]\nstage = \"case\"\n[[limit.rung]]\ncode = \"overdue\"\ntells = [\"handler\"]\nBECAUSE\n";
    refused(told, &["tells", "article 17", "all of"]);
    let silent =
        "[[limit]]\nstage = \"case\"\n[[limit.rung]]\ncode = \"reminder\"\nleft_out = true\nBECAUSE\n";
    refused(silent, &["limit[case].rung[reminder]", "it leaves out article 16"]);
    let fewer = format!("[investigation]\nleast_investigators = 1\n{texts}BECAUSE\n");
    refused(&fewer, &["investigation.least_investigators", "article 18", "2 or more"]);
    refused("[investigation.record]\nparts = [\"place\", \"time\"]\nBECAUSE\n", &["article 18", "all of"]);
    refused("[investigation.approval]\napprovers = [\"principal_head\"]\nBECAUSE\n", &["article 19"]);
    refused(
        "[investigation.approval]\nnot_investigator = false\nBECAUSE\n",
        &["article 19", "expected true"],
    );
    refused("[confidentiality.summary]\napprovers = [\"principal_head\"]\nBECAUSE\n", &["article 15"]);
    let target = "[[jurisdiction.rule]]\ncode = \"organ-itself\"\ntarget = \"home\"\nBECAUSE\n";
    refused(target, &["jurisdiction.rule[organ-itself].target", "article 14(1)", "`centre`"]);
    let when = "[[jurisdiction.rule]]\ncode = \"organ-itself\"\nwhen = \"false\"\nBECAUSE\n";
    refused(when, &["article 14(1)"]);
    refused("[[ground]]\ncode = \"8.4\"\nleft_out = true\nBECAUSE\n", &["it leaves out article 8(4)"]);
    refused("[[ground]]\ncode = \"8.4\"\nzh = \"态度蛮横\"\nen = \"rude\"\nBECAUSE\n", &["article 8(4)"]);
    let document = "[[archive.document]]\ncode = \"investigation_record\"\nleft_out = true\nBECAUSE\n";
    refused(document, &["it leaves out article 18"]);
    let answer = "[[instrument]]\nkind = \"order_duty\"\nanswer_within = \"20 workdays\"\nBECAUSE\n";
    refused(answer, &["article 7(3)", "5 workdays or shorter"]);
    let places =
        "[[reply]]\nevent = \"extended\"\nzh = \"延长至{due}。\"\nen = \"Extended to {due}.\"\nBECAUSE\n";
    refused(places, &["reply[extended].zh", "article 17", "all the places"]);
    refused("[reopening]\nother_investigators = false\nBECAUSE\n", &["article 3", "expected true"]);
    refused("[counting]\nroll = false\nBECAUSE\n", &["counting.roll"]);
    let free = "[[limit]]\nstage = \"case\"\nfree = true\nBECAUSE\n";
    refused(free, &["a binding clause stays one", "article 17"]);
    let house = "[[limit]]\nstage = \"case\"\nhouse = true\nBECAUSE\n";
    refused(house, &["a binding clause stays one"]);
}

#[test]
fn art_25_nothing_more_is_asked_of_the_complainant_whatever_it_rests_on() {
    let texts = "zh = \"新\"\nen = \"new\"\n";
    let demand = format!(
        "[[admission.require]]\nfield = \"complainant.card\"\nreason = \"CARD_MISSING\"\ntest = \"complaint.has_name\"\n{texts}\
         house = true\nBECAUSE\n"
    );
    refused(&demand, &["admission.require[complainant.card]", "more is asked of the complainant"]);
    // `when` of a house requirement is fixed as well.
    let when = "[[admission.require]]\nfield = \"complainant.representative\"\nwhen = \"true\"\nBECAUSE\n";
    refused(when, &["admission.require[complainant.representative].when"]);
    let early = "[[admission.require]]\nfield = \"ground_note\"\nat = \"submission\"\nBECAUSE\n";
    refused(early, &["admission.require[ground_note].at"]);
    let refusal =
        format!("[[admission.refusal]]\ncode = \"busy\"\nkind = \"decline\"\n{texts}house = true\nBECAUSE\n");
    refused(&refusal, &["admission.refusal[busy]", "more is asked of the complainant"]);
    let shorter = format!("[[limit]]\nstage = \"supplement\"\nlength = \"2 workdays\"\n{texts}BECAUSE\n");
    refused(&shorter, &["limit[supplement].length", "5 workdays or longer"]);
    refused(
        &format!("[admission.unanswered]\ntreatment = \"decline\"\n{texts}BECAUSE\n"),
        &["admission.unanswered"],
    );
    for kept in [
        "[[channel]]\ncode = \"agency\"",
        "[[reply]]\nevent = \"reopened\"",
        "[[limit]]\nstage = \"supplement\"",
    ] {
        refused(
            &format!("{kept}\nleft_out = true\nBECAUSE\n"),
            &["the complainant loses what `baoshan-2009-5` has"],
        );
    }
    refused("[admission.unanswered]\nlate = \"keep\"\nBECAUSE\n", &["admission.unanswered.late"]);
}

#[test]
fn art_25_tighter_and_better_is_taken() {
    let texts = "zh = \"新\"\nen = \"new\"\n";
    let body = format!(
        "[[limit]]\nstage = \"case\"\nBECAUSE\nextension = {{ left_out = true }}\n\
         [[limit.rung]]\ncode = \"due_soon\"\nat = \"4 workdays before\"\n\
         [[limit.rung]]\ncode = \"half\"\nbefore = \"due\"\nat = \"3 workdays before\"\ncolour = \"yellow\"\ntells = [\"handler\"]\n\
         {texts}house = true\n\
         [investigation.recusal]\nof = [\"respondent\", \"kin\", \"subordinate\", \"declared_interest\"]\n\
         [[limit]]\nstage = \"acceptance\"\nlength = \"9 workdays\"\n{texts}BECAUSE\n\
         [[reply]]\nevent = \"concluded\"\nzh = \"投诉{{number}}:{{result}}\"\nen = \"On {{number}}: {{result}}\"\nBECAUSE\n\
         [retention]\nkeep = \"1 years\"\nBECAUSE\n"
    );
    let own = taken(&body);
    let case = own.limit(Stage::Case).unwrap();
    assert!(case.extension.is_none());
    let codes: Vec<_> = case.rungs.iter().map(|rung| rung.code.as_str()).collect();
    assert_eq!(codes[..3], ["due_soon", "half", "due"]);
    assert_eq!(own.limit(Stage::Acceptance).unwrap().length.to_string(), "9 workdays");
}

#[test]
fn a_clause_may_bind_without_an_article_and_be_free_with_one() {
    let binding = PARENT.replacen(
        "en = \"Acceptance is decided within 5 workdays of registration.\"\nhouse = true",
        "en = \"Acceptance is decided within 5 workdays of registration.\"\nhouse = true\nbinding = true",
        1,
    );
    assert_ne!(binding, PARENT);
    let longer =
        "[[limit]]\nstage = \"acceptance\"\nlength = \"9 workdays\"\nzh = \"9\"\nen = \"9\"\nBECAUSE\n";
    assert!(child_of(PARENT, longer).is_ok());
    let faults = child_of(&binding, longer).map(|_| ()).unwrap_err().to_string();
    assert!(faults.contains("a binding clause of `baoshan-2009-5`"), "{faults}");
    let free = PARENT.replacen(
        "article = \"20\"\n\n[[limit.rung]]",
        "article = \"20\"\nfree = true\n\n[[limit.rung]]",
        1,
    );
    assert_ne!(free, PARENT);
    let later = "[[limit]]\nstage = \"case\"\n[[limit.rung]]\ncode = \"supervision_notice\"\nat = \"4 workdays after\"\nBECAUSE\n";
    assert!(child_of(PARENT, later).is_err());
    assert!(child_of(&free, later).is_ok());
    let both = PARENT.replacen("article = \"2\"\n", "article = \"2\"\nfree = true\nbinding = true\n", 1);
    let faults = Regulation::parse(&both, "r.toml").map(|_| ()).unwrap_err().to_string();
    assert!(faults.contains("binding and free"), "{faults}");
}

#[test]
fn every_adaptation_has_its_reason_and_words_that_fit() {
    let silent = "[[limit]]\nstage = \"case\"\nlength = \"7 workdays\"\nzh = \"7\"\nen = \"7\"\n";
    refused(silent, &["child.toml:", "adapted without a reason", "because.zh"]);
    let words = "[[limit]]\nstage = \"case\"\nlength = \"7 workdays\"\nBECAUSE\n";
    refused(words, &["`length` is otherwise, and the words are the parent's"]);
    refused("[[ground]]\ncode = \"8.9\"\nleft_out = true\nBECAUSE\n", &["the parent has no `8.9` here"]);
    let nowhere = "[[limit]]\nstage = \"case\"\n[[limit.rung]]\ncode = \"x\"\nbefore = \"y\"\nat = \"end\"\ncolour = \"red\"\n\
                   tells = [\"home\"]\nzh = \"x\"\nen = \"x\"\nhouse = true\nBECAUSE\n";
    refused(nowhere, &["the parent has no `y` here"]);
    refused("[settings]\ntracking_code_length = 2\n", &["child.toml:", "too easy to guess"]);
    refused("[what_if]\nhouse = true\nBECAUSE\n", &["what_if", "unknown key"]);
}

#[test]
fn a_grandchild_is_compared_with_every_ancestor() {
    let town = head("town", "baoshan-2009-5")
        + "[[limit]]\nstage = \"case\"\nlength = \"7 workdays\"\nzh = \"7\"\nen = \"7\"\nfree = true\n"
        + BECAUSE;
    // The town cannot free what the district binds.
    let find = |code: &str| match code {
        "baoshan-2009-5" => Some(PARENT.to_owned()),
        "town" => Some(town.replace("free = true\n", "")),
        _ => None,
    };
    let of = |length: &str| {
        let source = head("village", "town")
            + &format!(
                "[[limit]]\nstage = \"case\"\nlength = \"{length}\"\nzh = \"x\"\nen = \"x\"\n{BECAUSE}"
            );
        Regulation::parse_with(&source, "village.toml", &find)
    };
    assert!(of("6 workdays").is_ok());
    let faults = of("8 workdays").map(|_| ()).unwrap_err().to_string();
    assert!(faults.contains("town.toml:"), "{faults}");
    assert_eq!(of("6 workdays").unwrap().extends().len(), 2);
    let faults = of("12 workdays").map(|_| ()).unwrap_err().to_string();
    assert!(faults.contains("of `town`") && faults.contains("of `baoshan-2009-5`"), "{faults}");
    let find_loose = |code: &str| if code == "town" { Some(town.clone()) } else { find(code) };
    let faults = Regulation::parse_with(&head("v", "town"), "v.toml", &find_loose).map(|_| ()).unwrap_err();
    assert!(
        faults.to_string().contains("town.toml:") && faults.to_string().contains("stays one"),
        "{faults}"
    );
}

#[test]
fn the_parents_faults_are_the_parents() {
    let broken = PARENT.replacen("decided_by = \"supervisory_organ\"", "decided_by = 3", 1);
    let faults = child_of(&broken, "").map(|_| ()).unwrap_err();
    assert!(faults.iter().all(|fault| fault.file == "baoshan-2009-5.toml"), "{faults}");
}
