//! `AppointInvestigators`, `RecordInvestigation` (18).

use duban_proto::routing::v1::{
    AppointInvestigatorsRequest, AppointInvestigatorsResponse, InvestigationRecord,
    RecordInvestigationRequest, RecordInvestigationResponse, RecordKind,
};
use prost::Message;
use server::{Caller, Error, Violations};

use super::Grpc;
use super::seal::Text;
use crate::domain::{Act, Appoint, Command, File};

/// Investigators at the most, and the longest subject of a token.
const MAX_INVESTIGATORS: usize = 20;
pub(super) const MAX_SUBJECT: usize = 200;
/// The longest record, in characters.
pub(super) const MAX_TEXT: usize = 50_000;

pub(super) fn check_persons(check: &mut Violations, persons: &[String]) {
    check_officers(check, "investigators", persons);
}

/// Officers, by the subjects of their tokens.
pub(super) fn check_officers(check: &mut Violations, field: &str, persons: &[String]) {
    if check.max_items(field, persons.len(), MAX_INVESTIGATORS) {
        for (index, person) in persons.iter().enumerate() {
            check.required_text(format!("{field}[{index}]"), person, MAX_SUBJECT);
        }
    }
}

impl Grpc {
    pub(super) async fn appoint(
        &self,
        caller: &Caller,
        mut request: AppointInvestigatorsRequest,
    ) -> Result<AppointInvestigatorsResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check_persons(&mut check, &request.investigators);
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, _) = self.own_organ(caller).await?;
        let act = Act::Appoint(Appoint { term: request.term, investigators: request.investigators.clone() });
        request.request_id.clear();
        let command = Command { case_id: Some(case_id), act };
        let answer = self.submit(&organ, caller, (request_id, &request), command).await?.answer;
        Ok(AppointInvestigatorsResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    pub(super) async fn file(
        &self,
        caller: &Caller,
        mut request: RecordInvestigationRequest,
    ) -> Result<RecordInvestigationResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.required_enum::<RecordKind>("kind", request.kind),
            check.timestamp("taken_at", request.taken_at.as_ref()),
        );
        check.required_text("place", &request.place, 500);
        check_persons(&mut check, &request.investigators);
        check.required_text("text", &request.text, MAX_TEXT);
        let now = self.writer.clock().now();
        let future = values.3.is_some_and(|taken_at| taken_at > now);
        check.must(!future, "taken_at", "不得晚于现在", "is in the future");
        let (request_id, case_id, kind, taken_at) = check.finish_with(values)?;
        let organ = self.working_organ(caller, case_id).await?;
        let words = InvestigationRecord {
            place: request.place.clone(),
            text: request.text.clone(),
            ..InvestigationRecord::default()
        };
        let words = words.encode_to_vec();
        request.request_id.clear();
        let text = Text { kind: "record", text: &words };
        let (term, investigators, confirmed) =
            (request.term, request.investigators.clone(), request.confirmed);
        let act = |record| {
            let investigators = investigators.clone();
            Act::File(Box::new(File { term, kind, taken_at, investigators, confirmed, record }))
        };
        let answer =
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        let record_id = answer.record_id.clone();
        Ok(RecordInvestigationResponse {
            record_id,
            case: Some(self.told_now(caller, &organ, answer.case).await?),
        })
    }
}
