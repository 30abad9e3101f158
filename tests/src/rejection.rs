//! What a rejection says, read the way a client in another language would: from the rich error details.

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// A rejection, decoded.
#[derive(Debug)]
pub struct Rejected {
    /// The gRPC code.
    pub code: Code,
    /// The reason, without prefix.
    pub reason: String,
    /// The fields of `BadRequest`.
    pub fields: Vec<String>,
    /// The subjects of `PreconditionFailure`: the articles.
    pub articles: Vec<String>,
    /// The metadata of `ErrorInfo`.
    pub metadata: Vec<(String, String)>,
    /// It says when to try again.
    pub retry: bool,
    /// It has a sentence in Chinese.
    pub chinese: bool,
}

/// Decodes `status`.
pub fn rejected(status: &Status) -> Rejected {
    let details = status.get_error_details();
    let info = details.error_info();
    assert_eq!(info.map(|info| info.domain.as_str()), Some("duban"), "no ErrorInfo of ours in {status:?}");
    Rejected {
        code: status.code(),
        reason: info.map(|info| info.reason.clone()).unwrap_or_default(),
        fields: details
            .bad_request()
            .map(|bad| bad.field_violations.iter().map(|violation| violation.field.clone()).collect())
            .unwrap_or_default(),
        articles: details
            .precondition_failure()
            .map(|failure| failure.violations.iter().map(|violation| violation.subject.clone()).collect())
            .unwrap_or_default(),
        metadata: info
            .map(|info| info.metadata.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
            .unwrap_or_default(),
        retry: details.retry_info().is_some(),
        chinese: details.localized_message().is_some_and(|message| message.locale == "zh-CN"),
    }
}

/// Decodes the rejection in `result`.
///
/// # Panics
/// If it is not a rejection.
pub fn rejection<T: std::fmt::Debug>(result: Result<T, Status>) -> Rejected {
    match result {
        Ok(answer) => panic!("expected a rejection, got {answer:?}"),
        Err(status) => rejected(&status),
    }
}
