//! From an error to what goes over the wire: a `tonic::Status` with rich details, or an item's rejection.

use std::error::Error as _;
use std::fmt::Write as _;

use duban_proto::common::v1::LocalizedText;
use duban_proto::intake::v1::{FieldViolation as ItemViolation, ItemRejection};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, PreconditionViolation, StatusExt as _};

use super::{Error, Parts, Reason, reason_name};
use crate::request_id::RequestId;

/// The domain of our reasons.
const DOMAIN: &str = "duban";
/// Details travel in a header of limited size: more violations than this are counted, not listed.
const MAX_VIOLATIONS: usize = 32;

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        error.log();
        let details = error.details();
        Self::with_error_details(error.code(), error.0.en.clone(), details)
    }
}

/// The answer to a call that no contract has.
pub(crate) fn unimplemented() -> Status {
    Status::unimplemented("There is no such rpc; discover them by reflection.")
}

impl Error {
    /// One item's rejection in an answer that goes on, and the log line of a single call's.
    pub fn into_item(self) -> ItemRejection {
        self.log();
        let code = self.code();
        let Parts { reason, zh, en, violations, .. } = *self.0;
        let violations = violations.into_iter().map(|one| ItemViolation {
            field: one.field,
            description: Some(LocalizedText { zh: one.zh.into_owned(), en: one.en.into_owned() }),
        });
        ItemRejection {
            code: i32::from(code),
            reason: reason_name(reason).to_owned(),
            message: Some(LocalizedText { zh: zh.into_owned(), en: en.into_owned() }),
            violations: violations.collect(),
        }
    }

    fn details(&self) -> ErrorDetails {
        let parts = &*self.0;
        let request_id = RequestId::current();
        let mut metadata: std::collections::HashMap<String, String> =
            parts.metadata.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        if let Some(article) = &parts.article {
            metadata.insert("article".to_owned(), article.clone());
        }
        if !parts.violations.is_empty() {
            metadata.insert("violations".to_owned(), parts.violations.len().to_string());
        }
        if let (Reason::Internal, Some(id)) = (parts.reason, &request_id) {
            metadata.insert("x-request-id".to_owned(), id.to_string());
        }
        let mut details = ErrorDetails::with_error_info(reason_name(parts.reason), DOMAIN, metadata);
        if !parts.violations.is_empty() {
            let shown = parts.violations.iter().take(MAX_VIOLATIONS);
            let fields = shown.map(|one| FieldViolation::new(one.field.clone(), one.description()));
            details.set_bad_request(fields.collect::<Vec<_>>());
        }
        if self.code() == Code::FailedPrecondition {
            let subject =
                parts.article.as_deref().map(|article| format!("article {article}")).unwrap_or_default();
            let text = format!("{} / {}", parts.zh, parts.en);
            let failure = PreconditionViolation::new(reason_name(parts.reason), subject, text);
            details.set_precondition_failure(vec![failure]);
        }
        if parts.retry_after.is_some() {
            details.set_retry_info(parts.retry_after);
        }
        if let Some(id) = request_id {
            details.set_request_info(id.to_string(), "");
        }
        details.set_localized_message("zh-CN", parts.zh.clone());
        details
    }

    /// The one line for whoever operates: faults only, rejections are the caller's business.
    fn log(&self) {
        let reason = reason_name(self.0.reason);
        let request_id = RequestId::current();
        let id = request_id.as_ref().map(AsRef::as_ref).unwrap_or_default();
        match self.0.reason {
            Reason::Internal | Reason::Unspecified | Reason::LedgerBehind => {
                tracing::error!(
                    request.id = id,
                    error.reason = reason,
                    error.cause = self.causes(),
                    "request failed"
                );
            }
            Reason::Unavailable | Reason::OutcomeUnknown => {
                tracing::warn!(
                    request.id = id,
                    error.reason = reason,
                    error.cause = self.causes(),
                    "request failed"
                );
            }
            _ => tracing::debug!(request.id = id, error.reason = reason, "request rejected"),
        }
    }

    /// The chain of causes in a line.
    fn causes(&self) -> String {
        let mut text = String::new();
        let mut next = self.source();
        while let Some(cause) = next {
            let separator = if text.is_empty() { "" } else { ": " };
            // Writing to a string can't fail.
            let _ = write!(text, "{separator}{cause}");
            next = cause.source();
        }
        text
    }
}
