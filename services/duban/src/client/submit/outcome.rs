//! What became of one complaint.

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::submit_complaints_response::Result as Answer;
use duban_proto::intake::v1::{ItemRejection, SubmitComplaintResponse, SubmitComplaintsResponse};
use serde::{Deserialize, Serialize};

use crate::client::Fault;

/// What became of one complaint: one line of the results. Read again when the same file is submitted again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Outcome {
    /// It is in.
    Received {
        /// Its line in the file, from 1.
        line: usize,
        /// The id of its request.
        request_id: String,
        /// The case's id.
        case_id: String,
        /// The number; empty while it waits in the queue.
        number: String,
        /// For the complainant, and nobody else.
        tracking_code: String,
        /// Where it stands: `ACCEPTED`.
        state: String,
        /// What article 10 asks for and is missing.
        missing: Vec<String>,
    },
    /// It is not in, and would not be if it were sent again as it is.
    Rejected {
        /// Its line in the file, from 1.
        line: usize,
        /// The id of its request; empty where it has none that can be read.
        request_id: String,
        /// Why.
        #[serde(flatten)]
        rejection: Rejection,
    },
}

/// Why a complaint is not in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// `FIELD_VIOLATIONS`, or `LINE` for a line that was not sent.
    pub reason: String,
    /// The sentence, in English.
    pub message: String,
    /// The fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// The gRPC code; 0 for a line that was not sent.
    #[serde(skip)]
    code: i32,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Its path.
    pub field: String,
    /// What is wrong, and what is expected.
    pub description: String,
}

/// How many came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In.
    pub received: u64,
    /// Not in.
    pub rejected: u64,
}

impl Tally {
    /// One more.
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Received { .. } => self.received += 1,
            Outcome::Rejected { .. } => self.rejected += 1,
        }
    }
}

impl Outcome {
    /// A rejection.
    pub(super) fn rejected(line: usize, request_id: String, rejection: Rejection) -> Self {
        Self::Rejected { line, request_id, rejection }
    }

    /// The service's answer; none where it says nothing.
    pub(super) fn of(line: usize, answer: SubmitComplaintsResponse) -> Option<Self> {
        let request_id = answer.request_id;
        Some(match answer.result? {
            Answer::Receipt(receipt) => Self::received(line, request_id, receipt),
            Answer::Rejection(rejection) => Self::rejected(line, request_id, rejection.into()),
        })
    }

    /// The id of the request.
    pub fn request_id(&self) -> &str {
        match self {
            Self::Received { request_id, .. } | Self::Rejected { request_id, .. } => request_id,
        }
    }

    fn received(line: usize, request_id: String, receipt: SubmitComplaintResponse) -> Self {
        let state = receipt.state().as_str_name();
        let state = state.strip_prefix("CASE_STATE_").unwrap_or(CaseState::Unspecified.as_str_name());
        Self::Received {
            line,
            request_id,
            state: state.to_owned(),
            case_id: receipt.case_id,
            number: receipt.number,
            tracking_code: receipt.tracking_code,
            missing: receipt.missing,
        }
    }
}

impl Rejection {
    /// A line that was not sent.
    pub(super) fn of_line(message: String) -> Self {
        Self { reason: "LINE".to_owned(), message, violations: Vec::new(), code: 0 }
    }

    /// A line with the id of another.
    pub(super) fn repeated(first: usize) -> Self {
        Self::of_line(format!("the same request_id as line {first}"))
    }

    /// Whether it may be received when it is sent again.
    pub(super) fn may_pass(&self) -> bool {
        Fault::of_item(self.code, String::new(), String::new(), Vec::new()).may_pass()
    }
}

impl From<ItemRejection> for Rejection {
    fn from(rejection: ItemRejection) -> Self {
        let ItemRejection { code, reason, message, violations } = rejection;
        let violations = violations
            .into_iter()
            .map(|one| Violation { field: one.field, description: one.description.unwrap_or_default().en });
        Self { reason, message: message.unwrap_or_default().en, violations: violations.collect(), code }
    }
}
