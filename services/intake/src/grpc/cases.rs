//! `GetCase` (16).

use duban_proto::common::v1::ContentRef;
use duban_proto::intake::v1::{GetCaseRequest, GetCaseResponse, TimelineEntry};
use jiff::Timestamp;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::see::{knows_complainants, told};
use crate::domain::is_same_matter;
use crate::store::{self, CaseEntry, Filed};

/// What tells something of a complainant by having happened at all (15).
const OF_COMPLAINANTS: [&str; 14] = [
    "attachment_begun",
    "attachment_received",
    "attachment_opened",
    "attachment_removed",
    "case_linked",
    "case_unlinked",
    "complaint_treated",
    "conduct_recorded",
    "erasure_decided",
    "erasure_requested",
    "grant_requested",
    "grant_decided",
    "identity_opened",
    "summary_reviewed",
];

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
        let Filed { organ, case } = self.readable(caller, &directory, case_id).await?;
        let retained = self.retained(&organ, case_id).await?;
        let case_gone = retained.as_ref().is_some_and(|retained| retained.case_gone().is_some());
        let identity_gone = retained.as_ref().is_some_and(|retained| retained.identity_gone().is_some());
        let working_copy = match case.working_copy.as_ref().filter(|_| !case_gone) {
            Some(copy) => self.read_kept(&organ, case_id, copy).await?,
            None => String::new(),
        };
        let erased = identity_gone || self.vault.erasure(&organ, case_id).await?.is_some();
        let leader_instruction = if !erased && case.received.leader_instruction {
            self.leader_instruction(&organ, &case, &directory).await?
        } else {
            None
        };
        let mut timeline = store::case_entries(self.pool(), &organ, case_id).await?;
        let (mut links, mut conduct, mut repeats) = (Vec::new(), Vec::new(), 0);
        if knows_complainants(caller, &directory, &organ) {
            links = self.links(caller, &directory, &organ, &case).await?;
            let others = store::repeats_of_case(self.pool(), &organ, case_id).await?;
            let same_matter = others.iter().filter(|other| is_same_matter(&case.received, other));
            repeats = u32::try_from(same_matter.count()).unwrap_or(u32::MAX);
            conduct = self.conduct(&organ, case_id, &timeline).await?;
            if erased {
                for conduct in &mut conduct {
                    conduct.text.clear();
                }
            }
        } else {
            timeline.retain(|entry| !OF_COMPLAINANTS.contains(&entry.kind.as_str()));
        }
        Ok(GetCaseResponse {
            links,
            conduct,
            repeats,
            retention: retained.map(|retained| retained.to_wire(case_id)),
            case: Some(told(caller, directory.tree(), &organ, &case)),
            working_copy,
            leader_instruction,
            timeline: timeline.into_iter().map(line).collect(),
        })
    }

    /// A sealed text that an entry commits to; empty where it was erased.
    pub(super) async fn read_kept(
        &self,
        organ: &str,
        case_id: Uuid,
        text: &ContentRef,
    ) -> Result<String, Error> {
        let item_id = Uuid::try_parse(&text.item_id).map_err(Error::internal)?;
        match self.vault.read_text(organ, case_id, item_id, text.version).await {
            Ok(text) => Ok(text.to_string()),
            Err(content::ContentError::Erased(_)) => Ok(String::new()),
            Err(error) => Err(error.into()),
        }
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
    TimelineEntry { at: moment(entry.recorded_at), kind: entry.kind, actor: entry.actor }
}

/// Microseconds, as the contracts have them.
pub(super) fn moment(micros: i64) -> Option<prost_types::Timestamp> {
    Timestamp::from_microsecond(micros).ok().map(server::time::to_proto)
}
