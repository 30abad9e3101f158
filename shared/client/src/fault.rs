//! What a service rejects with, in words for a person.

use std::fmt;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// A rejection as a person reads it: the sentence, the reason, the fields.
#[derive(Debug)]
pub struct Fault {
    /// The gRPC code.
    pub code: Code,
    /// The reason, `FIELD_VIOLATIONS`; empty where the service said none.
    pub reason: String,
    /// The sentence.
    pub message: String,
    /// The fields and what is wrong with each.
    pub fields: Vec<(String, String)>,
    source: Option<Box<Status>>,
}

impl Fault {
    /// Whether the same call may go through later.
    pub fn may_pass(&self) -> bool {
        matches!(
            self.code,
            Code::Unavailable
                | Code::ResourceExhausted
                | Code::Unknown
                | Code::DeadlineExceeded
                | Code::Cancelled
        )
    }

    /// A rejection of one of many.
    pub fn of_item(code: i32, reason: String, message: String, fields: Vec<(String, String)>) -> Self {
        Self { code: Code::from_i32(code), reason, message, fields, source: None }
    }
}

impl From<Status> for Fault {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
        let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
        let fields = violations.into_iter().map(|one| (one.field, one.description)).collect();
        let message = status.message().to_owned();
        Self { code: status.code(), reason, message, fields, source: Some(Box::new(status)) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.message.is_empty() { self.code.description() } else { &self.message };
        f.write_str(what)?;
        if !self.reason.is_empty() {
            write!(f, " ({})", self.reason)?;
        }
        for (field, wrong) in &self.fields {
            write!(f, "\n  {field}: {wrong}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.source.as_deref()?)
    }
}
