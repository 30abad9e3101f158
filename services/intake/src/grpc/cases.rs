//! `GetCase` (16).

use duban_proto::common::v1::ContentRef;
use duban_proto::intake::v1::{GetCaseRequest, GetCaseResponse, TimelineEntry};
use jiff::Timestamp;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::see::told;
use crate::store::{self, CaseEntry, Filed};

impl Grpc {
    pub(super) async fn case(
        &self,
        caller: &Caller,
        request: GetCaseRequest,
    ) -> Result<GetCaseResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let directory = self.directory.knowing([caller.principal().organ.as_str()]).await?;
        let Filed { organ, case } = self.visible(caller, &directory, case_id).await?;
        let working_copy = match &case.working_copy {
            Some(copy) => self.read_text(&organ, case_id, copy).await?,
            None => String::new(),
        };
        let leader_instruction = if case.received.leader_instruction {
            self.leader_instruction(&organ, &case, &directory).await?
        } else {
            None
        };
        let timeline = store::case_entries(self.pool(), &organ, case_id).await?;
        Ok(GetCaseResponse {
            case: Some(told(caller, &organ, &case)),
            working_copy,
            leader_instruction,
            timeline: timeline.into_iter().map(line).collect(),
        })
    }

    /// A sealed text that an entry commits to.
    pub(super) async fn read_text(
        &self,
        organ: &str,
        case_id: Uuid,
        text: &ContentRef,
    ) -> Result<String, Error> {
        let item_id = Uuid::try_parse(&text.item_id).map_err(Error::internal)?;
        Ok(self.vault.read_text(organ, case_id, item_id, text.version).await?.to_string())
    }
}

fn line(entry: CaseEntry) -> TimelineEntry {
    let at = Timestamp::from_microsecond(entry.recorded_at).ok().map(server::time::to_proto);
    TimelineEntry { at, kind: entry.kind, actor: entry.actor }
}
