//! `RecordConduct` (11).

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{Conduct, RecordConductRequest, RecordConductResponse};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::cases::moment;
use super::seal::Item;
use crate::domain::Act;
use crate::event::Event;
use crate::store::CaseEntry;

const MAX_TEXT: usize = 2000;
/// The name of its entries.
const RECORDED: &str = "conduct_recorded";

impl Grpc {
    pub(super) async fn conduct_recorded(
        &self,
        caller: &Caller,
        mut request: RecordConductRequest,
    ) -> Result<RecordConductResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.timestamp("occurred_at", request.occurred_at.as_ref()),
        );
        let now = self.writer.clock().now();
        let past = values.2.is_none_or(|at| at <= now);
        check.must(past, "occurred_at", "不得晚于现在", "is later than now");
        check.required_text("text", &request.text, MAX_TEXT);
        let (request_id, case_id, occurred_at) = check.finish_with(values)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        let key = self.key(&organ, case_id).await?;
        let item = Item { organ: &organ, case_id, id: self.new_id(), version: 1, kind: "conduct" };
        let text = self.draft(&key, &item, request.text.as_bytes())?;
        request.request_id.clear();
        let act = Act::RecordConduct { occurred_at, text };
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(RecordConductResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    /// The conduct on record among these entries of a case.
    pub(super) async fn conduct(
        &self,
        organ: &str,
        case_id: Uuid,
        entries: &[CaseEntry],
    ) -> Result<Vec<Conduct>, Error> {
        let mut conduct = Vec::new();
        for entry in entries.iter().filter(|entry| entry.kind == RECORDED) {
            let event = <Event as prost::Message>::decode(entry.body.as_slice()).map_err(Error::internal)?;
            let Some(Kind::ConductRecorded(recorded)) = event.0.kind else { continue };
            let text = recorded.text.ok_or_else(|| Error::internal("conduct without its text"))?;
            conduct.push(Conduct {
                occurred_at: recorded.occurred_at,
                text: self.read_kept(organ, case_id, &text).await?,
                recorded_by: entry.actor.clone(),
                recorded_at: moment(entry.recorded_at),
            });
        }
        Ok(conduct)
    }
}
