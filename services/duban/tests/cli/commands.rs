//! Commands that need no instance: their answers, and their errors.

use std::os::unix::fs::PermissionsExt as _;

use access::{Authenticator, DevKey, Keys, Role, TokenSettings};
use duban::data::DataDir;

use super::run::{fail, succeed};

#[test]
fn calendar_explain_counts_ten_workdays_over_the_spring_festival() {
    let said = succeed(&["calendar", "explain", "--from", "2026-02-10", "--length", "10 workdays"]);
    let first = said.lines().next().unwrap();
    assert!(first.starts_with("2026-02-10 Tue    -  The start day does not count"), "{said}");
    assert!(said.contains("2026-02-14 Sat    4  A workday made up for Spring Festival"), "{said}");
    assert!(said.lines().last().unwrap().starts_with("ends 2026-03-02 (2026-03-03T00:00:00+08:00"), "{said}");
}

#[test]
fn calendar_explain_speaks_chinese_and_json() {
    let asked = ["calendar", "explain", "--from", "2026-02-10T15:30", "--length", "1 workday"];
    let zh = succeed(&[&asked[..], &["--language", "zh"]].concat());
    assert!(zh.contains("计为第1个工作日") && zh.contains("截止 2026-02-11"), "{zh}");
    let json: serde_json::Value =
        serde_json::from_str(&succeed(&[&asked[..], &["--json"]].concat())).unwrap();
    assert_eq!(json["due"]["date"], "2026-02-11");
}

#[test]
fn calendar_explain_says_what_it_expects() {
    let said = fail(&["calendar", "explain", "--from", "tomorrow", "--length", "10 workdays"]);
    assert!(said.contains("\"tomorrow\"") && said.contains("2026-02-10"), "{said}");
    let said = fail(&["calendar", "explain", "--from", "2026-02-10", "--length", "10 worksdays"]);
    assert!(said.contains("workdays") && said.contains("10 worksdays"), "{said}");
    let said = fail(&[
        "calendar",
        "explain",
        "--from",
        "2026-02-10",
        "--length",
        "1 day",
        "--calendars",
        "/nowhere",
    ]);
    assert!(said.contains("/nowhere"), "{said}");
}

#[test]
fn regulation_check_runs_the_examples_of_a_file_and_of_a_bundled_one() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/regulations/baoshan-2009-5.toml");
    let said = succeed(&["regulation", "check", file, "baoshan-2009-5-automatic"]);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("宝监〔2009〕5号") && said.contains("examples pass"), "{said}");
}

#[test]
fn regulation_check_names_line_column_and_what_is_expected() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/regulations/baoshan-2009-5.toml");
    let text = std::fs::read_to_string(file).unwrap();
    let broken = text.replacen("length = \"10 workdays\"", "length = \"10 wokdays\"", 1);
    assert_ne!(text, broken);
    let line = broken.lines().position(|line| line.contains("wokdays")).unwrap() + 1;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("baoshan-2009-5.toml");
    std::fs::write(&path, &broken).unwrap();
    let said = fail(&["regulation", "check", path.to_str().unwrap()]);
    assert!(said.contains(&format!("baoshan-2009-5.toml:{line}:10: ")), "{said}");
    assert!(said.contains("workdays"), "{said}");
    let said = fail(&["regulation", "check", "gone.toml"]);
    assert!(said.contains("gone.toml") && said.contains("baoshan-2009-5-automatic"), "{said}");
}

#[test]
fn a_token_is_of_the_data_directorys_key_and_says_who_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let data = DataDir::locate(Some(directory.path())).unwrap();
    data.open().unwrap();
    let key: DevKey = data.dev_key().unwrap();
    let asked =
        ["token", "--data", path, "--role", "desk,leader", "--organ", "baoshan.luodian", "--subject", "li"];
    let token = succeed(&asked);
    let door = Authenticator::new(Keys::none(), TokenSettings::default()).with_dev_key(&key, true).unwrap();
    #[allow(clippy::disallowed_methods)] // the command stamps it with the machine's time
    let now = jiff::Timestamp::now();
    let principal = door.authenticate(token.trim(), now).unwrap();
    assert_eq!((principal.subject.as_str(), principal.organ.as_str()), ("li", "baoshan.luodian"));
    assert!(principal.has(Role::Desk) && principal.has(Role::Leader) && !principal.has(Role::Head));
    let mode = std::fs::metadata(data.keys().join(DevKey::FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_token_needs_an_instance_and_a_role_there_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let said = fail(&["token", "--data", path, "--role", "desk", "--organ", "baoshan", "--subject", "me"]);
    assert!(said.contains("duban up"), "{said}");
    let said = fail(&["token", "--data", path, "--role", "boss", "--organ", "baoshan", "--subject", "me"]);
    assert!(said.contains("boss") && said.contains("leader"), "{said}");
}

#[test]
fn a_directory_of_another_version_or_of_something_else_is_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let data = DataDir::locate(Some(directory.path())).unwrap();
    data.open().unwrap();
    std::fs::write(directory.path().join("duban.json"), r#"{"format": 99, "made_by": "duban 9.0"}"#).unwrap();
    let said = data.open().unwrap_err().to_string();
    assert!(said.contains("duban 9.0") && said.contains("--data"), "{said}");

    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("thesis.txt"), "mine").unwrap();
    let said = DataDir::locate(Some(other.path())).unwrap().open().unwrap_err().to_string();
    assert!(said.contains("no data directory of duban"), "{said}");
    assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 1);
}
