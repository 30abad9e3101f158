//! The table of reasons: each with its documented code, and readable again as rich details.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

use std::collections::BTreeMap;
use std::time::Duration;

use duban_proto::common::v1::ErrorReason;
use prost::Message as _;
use prost_types::FileDescriptorSet;
use server::error::{code, malformed, reason_name};
use server::{Error, Reason, Violations};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// Name and comment of each value of the enum, as the contract has them.
fn documented() -> BTreeMap<i32, (String, String)> {
    let set = FileDescriptorSet::decode(duban_proto::FILE_DESCRIPTOR_SET).unwrap();
    let file = set.file.iter().find(|file| file.name().ends_with("error_reason.proto")).unwrap();
    let comments = &file.source_code_info.as_ref().unwrap().location;
    let values = file.enum_type[0].value.iter().enumerate();
    values
        .map(|(index, value)| {
            let path = [5, 0, 2, i32::try_from(index).unwrap()];
            let comment = comments.iter().find(|at| at.path == path).unwrap().leading_comments();
            (value.number(), (value.name().to_owned(), comment.trim().to_owned()))
        })
        .collect()
}

fn screaming(code: Code) -> String {
    let name = format!("{code:?}");
    let mut text = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

#[test]
fn every_reason_goes_out_with_the_code_the_contract_documents() {
    for (number, (name, comment)) in documented() {
        let reason = ErrorReason::try_from(number).unwrap();
        if reason == Reason::Unspecified {
            continue;
        }
        assert!(comment.starts_with(&screaming(code(reason))), "{name}: {comment}");
        assert_eq!(format!("ERROR_REASON_{}", reason_name(reason)), name);
    }
}

#[test]
fn every_reason_decodes_again_with_both_sentences() {
    for number in documented().into_keys() {
        let reason = ErrorReason::try_from(number).unwrap();
        let error = Error::of(reason).article("17").meta("state", 3);
        let (zh, en) = error.sentences();
        let (zh, en) = (zh.to_owned(), en.to_owned());
        assert!(!zh.is_ascii() && en.is_ascii(), "{reason:?}");
        let status = Status::from(error);
        assert_eq!((status.code(), status.message()), (code(reason), en.as_str()));
        let details = status.check_error_details().unwrap();
        let info = details.error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason_name(reason), "duban"));
        assert_eq!((info.metadata["article"].as_str(), info.metadata["state"].as_str()), ("17", "3"));
        assert_eq!(details.localized_message().unwrap().message, zh);
        let precondition =
            details.precondition_failure().map(|failure| failure.violations[0].subject.clone());
        let expected = (status.code() == Code::FailedPrecondition).then(|| "article 17".to_owned());
        assert_eq!(precondition, expected, "{reason:?}");
        let retried = matches!(reason, Reason::Overloaded | Reason::Unavailable);
        assert_eq!(details.retry_info().is_some(), retried, "{reason:?}");
    }
}

#[test]
fn all_field_violations_come_at_once_and_a_flood_is_counted() {
    let mut check = Violations::default();
    for index in 0..40 {
        check.required(format!("items[{index}]"), " ");
    }
    let status = Status::from(check.finish().unwrap_err());
    assert_eq!(status.code(), Code::InvalidArgument);
    let fields = status.get_details_bad_request().unwrap().field_violations;
    assert_eq!((fields.len(), fields[0].field.as_str()), (32, "items[0]"));
    assert_eq!(fields[0].description, "必填 / is required");
    assert_eq!(status.get_details_error_info().unwrap().metadata["violations"], "40");
}

#[test]
fn an_item_of_many_is_rejected_as_a_single_call_would_be() {
    let mut check = Violations::default();
    check.uuid("request_id", "x");
    let item = check.finish().unwrap_err().into_item();
    assert_eq!((item.code, item.reason.as_str()), (3, "FIELD_VIOLATIONS"));
    assert_eq!(item.violations[0].field, "request_id");
    assert_eq!(item.violations[0].description.as_ref().unwrap().en, "must be a UUID");
    assert!(!item.message.unwrap().zh.is_empty());
}

#[test]
fn a_cause_is_kept_as_source_and_never_told() {
    let error =
        Error::unavailable(std::io::Error::other("10.0.0.7 refused")).retry_after(Duration::from_secs(7));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "10.0.0.7 refused");
    let status = Status::from(error);
    assert!(!format!("{status:?}{}", String::from_utf8_lossy(status.details())).contains("10.0.0.7"));
    let retry = status.get_details_retry_info().unwrap();
    assert_eq!(retry.retry_delay, Some(Duration::from_secs(7)));
}

#[test]
fn only_a_decoding_fault_is_taken_for_a_malformed_message() {
    assert!(malformed(&Status::internal("something else")).is_none());
    assert!(malformed(&Status::unknown("failed to decode Protobuf message: x")).is_none());
    let bare = malformed(&Status::internal("failed to decode Protobuf message: buffer underflow")).unwrap();
    assert_eq!(bare.reason(), Reason::MalformedMessage);
    assert!(bare.sentences().1.ends_with("buffer underflow"));
}
