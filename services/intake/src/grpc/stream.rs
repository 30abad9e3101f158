//! `SubmitComplaints`: many at once, in bounded memory.

use std::pin::Pin;

use duban_proto::common::v1::LocalizedText;
use duban_proto::intake::v1::submit_complaints_response::Result as ItemResult;
use duban_proto::intake::v1::{
    FieldViolation, ItemRejection, SubmitComplaintRequest, SubmitComplaintsRequest, SubmitComplaintsResponse,
};
use futures::{Stream, StreamExt};
use server::error::reason_name;
use server::{Caller, Error};
use tonic::{Status, Streaming};

use super::Grpc;
use super::see::agency;

/// The answers, in the order in which they come to be.
pub(super) type Answers = Pin<Box<dyn Stream<Item = Result<SubmitComplaintsResponse, Status>> + Send>>;

/// Items under way at once: enough to fill a transaction, few enough to hold in memory.
const AT_ONCE: usize = 256;

/// Takes in item after item; one that is rejected concerns itself alone.
pub(super) fn answers(grpc: Grpc, caller: Caller, items: Streaming<SubmitComplaintsRequest>) -> Answers {
    let answers = items.map(move |item| {
        let (grpc, caller) = (grpc.clone(), caller.clone());
        async move {
            let item = item?.item.unwrap_or_default();
            // Held back, not refused: the client is read from no faster.
            if let Some(agency) = agency(&caller) {
                grpc.quotas.ready(agency).await;
            }
            Ok(grpc.answer_item(&caller, item).await)
        }
    });
    Box::pin(answers.buffer_unordered(AT_ONCE))
}

impl Grpc {
    async fn answer_item(&self, caller: &Caller, item: SubmitComplaintRequest) -> SubmitComplaintsResponse {
        let request_id = item.request_id.clone();
        let result = match self.take_in(caller, item).await {
            Ok(receipt) => ItemResult::Receipt(receipt),
            Err(error) => ItemResult::Rejection(rejection(&error)),
        };
        SubmitComplaintsResponse { request_id, result: Some(result) }
    }
}

fn rejection(error: &Error) -> ItemRejection {
    let (zh, en) = error.sentences();
    ItemRejection {
        code: error.code().into(),
        reason: reason_name(error.reason()).to_owned(),
        message: text(zh, en),
        violations: error.field_violations().iter().map(violation).collect(),
    }
}

/// What is wrong with a field, on the wire.
pub(super) fn violation(violation: &server::Violation) -> FieldViolation {
    FieldViolation { field: violation.field.clone(), description: text(&violation.zh, &violation.en) }
}

#[expect(clippy::unnecessary_wraps, reason = "as fields of messages are")]
fn text(zh: &str, en: &str) -> Option<LocalizedText> {
    Some(LocalizedText { zh: zh.to_owned(), en: en.to_owned() })
}
