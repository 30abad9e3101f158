//! `ConfirmRecord`, `CorrectRecord` (18).

use duban_proto::routing::v1::{
    ConfirmRecordRequest, ConfirmRecordResponse, CorrectRecordRequest, CorrectRecordResponse,
    InvestigationRecord, RecordKind,
};
use prost::Message;
use server::{Caller, Error, Violations};

use super::{Asked, MAX_REASON, answered, ids};
use crate::domain::{Act, File, Inquire};
use crate::grpc::Grpc;
use crate::grpc::investigation::{MAX_TEXT, check_officers};
use crate::grpc::seal::Text;

impl Grpc {
    pub(in crate::grpc) async fn record_confirmed(
        &self,
        caller: &Caller,
        mut request: ConfirmRecordRequest,
    ) -> Result<ConfirmRecordResponse, Error> {
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        let record_id = check.uuid("record_id", &request.record_id);
        if request.refused {
            check.required_text("reason", &request.reason, MAX_REASON);
        } else {
            let nothing = request.reason.is_empty();
            check.must(nothing, "reason", "已确认的不需要理由", "goes with a refusal only");
        }
        let (request_id, case_id, record_id) = check.finish_with((request_id, case_id, record_id))?;
        let organ = self.working_organ(caller, case_id).await?;
        let (term, version, words) = (request.term, request.version, request.reason.clone());
        request.request_id.clear();
        let asked = Asked { organ: &organ, request_id, case_id, message: &request };
        let act = |refusal| Inquire::Confirm { term, record_id, version, refusal };
        let answer = if words.is_empty() {
            self.inquire(caller, asked, act(None)).await?
        } else {
            let text = Text { kind: "refusal", text: words.as_bytes() };
            self.inquire_with(caller, asked, text, |reason| act(Some(reason))).await?
        };
        Ok(ConfirmRecordResponse { case: self.case_now(caller, &organ, answer.case).await? })
    }

    pub(in crate::grpc) async fn record_corrected(
        &self,
        caller: &Caller,
        mut request: CorrectRecordRequest,
    ) -> Result<CorrectRecordResponse, Error> {
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        let record_id = check.uuid("record_id", &request.record_id);
        let taken_at = check.timestamp("taken_at", request.taken_at.as_ref());
        check.required_text("place", &request.place, 500);
        check_officers(&mut check, "investigators", &request.investigators);
        check.required_text("text", &request.text, MAX_TEXT);
        let future = taken_at.is_some_and(|taken_at| taken_at > self.writer.clock().now());
        check.must(!future, "taken_at", "不得晚于现在", "is in the future");
        let (request_id, case_id, record_id, taken_at) =
            check.finish_with((request_id, case_id, record_id, taken_at))?;
        let organ = self.working_organ(caller, case_id).await?;
        let words = InvestigationRecord {
            place: request.place.clone(),
            text: request.text.clone(),
            ..InvestigationRecord::default()
        };
        let words = words.encode_to_vec();
        request.request_id.clear();
        let text = Text { kind: "record", text: &words };
        let (term, version, confirmed) = (request.term, request.version, request.confirmed);
        let act = |record| {
            let file = File {
                term,
                // It stays of the kind it is.
                kind: RecordKind::Unspecified,
                taken_at,
                investigators: request.investigators.clone(),
                confirmed,
                record,
            };
            Act::Inquire(Box::new(Inquire::Correct { record_id, version, file: Box::new(file) }))
        };
        let place = (record_id, version.saturating_add(1));
        let submitted =
            self.submit_version(&organ, caller, (request_id, &request), (case_id, place), (text, act));
        let answer = submitted.await?.answer;
        let version = answered(&answer).number;
        Ok(CorrectRecordResponse { version, case: self.case_now(caller, &organ, answer.case).await? })
    }
}
