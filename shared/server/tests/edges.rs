//! The small things at the edge: violations, page tokens, moments, ids.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

use duban_proto::common::v1::Source;
use jiff::Timestamp;
use proptest::prelude::*;
use server::page::{PageToken, page_size};
use server::time::{from_proto, to_proto};
use server::{Ids, RandomIds, Reason, RequestId, Violations};

#[test]
fn each_check_notes_its_fault_and_gives_what_is_well_formed() {
    let mut check = Violations::default();
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    assert_eq!(check.uuid("id", id), uuid::Uuid::try_parse(id).ok());
    assert_eq!(check.optional_uuid("id", ""), Some(None));
    assert!(check.required_text("text", "工作人员态度生硬", 8));
    assert_eq!(check.enum_value::<Source>("source", 0), Some(Source::Unspecified));
    assert_eq!(check.required_enum::<Source>("source", 1), Some(Source::Citizen));
    assert_eq!(check.date("on", "2026-11-24").unwrap().to_string(), "2026-11-24");
    assert_eq!(check.optional_date("on", ""), Some(None));
    assert_eq!(check.optional_timestamp("at", None), Some(None));
    assert_eq!(check.parsed::<u8>("n", "7", "应为数字"), Some(7));
    assert!(check.is_empty());

    check.uuid("nil", "00000000-0000-0000-0000-000000000000");
    check.optional_uuid("malformed_id", "x");
    check.text("long", "工作人员态度生硬", 7);
    check.text("nul", "a\0b", 7);
    check.required("blank", " \u{3000}");
    check.max_items("items", 3, 2);
    check.enum_value::<Source>("unknown", 99);
    check.required_enum::<Source>("unspecified", 0);
    check.timestamp("absent", None);
    check.optional_timestamp("nanos", Some(&prost_types::Timestamp { seconds: 0, nanos: -1 }));
    check.date("date", "2026-02-30");
    check.message("part", None::<()>);
    check.parsed::<u8>("number", "x", "应为数字");
    check.must(false, "rule", "不符", "does not hold");
    assert_eq!(check.len(), 14);
    let error = check.finish().unwrap_err();
    let fields: Vec<&str> = error.field_violations().iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields[..4], ["nil", "malformed_id", "long", "nul"]);
    assert!(error.field_violations().iter().all(|one| !one.zh.is_ascii() && one.en.is_ascii()));
}

#[test]
fn an_absent_value_without_a_violation_is_our_fault() {
    let error = Violations::default().finish_with((Some(1), None::<u8>)).unwrap_err();
    assert_eq!(error.reason(), Reason::Internal);
    assert_eq!(Violations::default().finish_with((Some(1), Some("x"))).unwrap(), (1, "x"));
}

#[test]
fn a_page_token_goes_with_its_list_and_filters_only() {
    let list = PageToken::of("ListCases").filter("baoshan").filter("state=3");
    let token = list.encode(&(1_800_000_000_i64, "id")).unwrap();
    assert_eq!(list.decode::<(i64, String)>(&token).unwrap(), Some((1_800_000_000, "id".to_owned())));
    assert_eq!(list.decode::<(i64, String)>("").unwrap(), None);
    let others = [
        PageToken::of("ListReplies").filter("baoshan").filter("state=3"),
        PageToken::of("ListCases").filter("baoshan"),
        PageToken::of("ListCases").filter("baoshanstate=3").filter(""),
    ];
    for other in others {
        let refused = other.decode::<(i64, String)>(&token).unwrap_err();
        assert_eq!(refused.reason(), Reason::PageTokenInvalid);
    }
    assert_eq!(list.decode::<(String, i64)>(&token).unwrap_err().reason(), Reason::PageTokenInvalid);
}

#[test]
fn page_sizes_have_a_default_and_a_limit() {
    assert_eq!([0, 1, 50, 500, 501, u32::MAX].map(page_size), [50, 1, 50, 500, 500, 500]);
}

#[test]
fn ids_are_ordered_by_time_and_differ() {
    let at = |ms| Timestamp::from_millisecond(ms).unwrap();
    let (first, second) = (RandomIds.new_id(at(1_800_000_000_000)), RandomIds.new_id(at(1_800_000_000_001)));
    assert!(first < second);
    assert_eq!(first.get_version_num(), 7);
    assert_ne!(RandomIds.new_id(at(5)), RandomIds.new_id(at(5)));
}

#[test]
fn request_ids_are_short_and_plain() {
    assert!(RequestId::parse("a-B_3.x").is_some());
    for text in ["", "a b", "a\nb", "é", &"x".repeat(65)] {
        assert_eq!(RequestId::parse(text), None);
    }
}

proptest! {
    #[test]
    fn moments_go_over_the_wire_and_come_back(seconds in -62_135_596_800_i64..253_402_207_199, nanos in 0..1_000_000_000_i32) {
        let wire = prost_types::Timestamp { seconds, nanos };
        let moment = from_proto(&wire).unwrap();
        prop_assert_eq!(to_proto(moment), wire);
    }

    #[test]
    fn no_moment_and_no_token_make_it_panic(seconds: i64, nanos: i32, token in ".{0,64}") {
        let _ = from_proto(&prost_types::Timestamp { seconds, nanos });
        prop_assert!(token.is_empty() || PageToken::of("x").decode::<(i64,)>(&token).is_err());
    }

    /// Whatever is changed in a token, it is refused.
    #[test]
    fn a_changed_token_is_refused(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
        let list = PageToken::of("ListCases");
        let token = list.encode(&(17_i64, "abc")).unwrap();
        let mut changed = token.clone();
        let at = at.index(token.len());
        changed.replace_range(at..=at, &to);
        prop_assert!(changed == token || list.decode::<(i64, String)>(&changed).is_err());
    }
}
