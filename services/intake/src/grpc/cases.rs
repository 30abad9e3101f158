//! `GetCase`, `ListCases` (16).

use duban_proto::common::v1::{CaseState, ContentRef};
use duban_proto::intake::v1::{
    GetCaseRequest, GetCaseResponse, ListCasesRequest, ListCasesResponse, TimelineEntry,
};
use jiff::Timestamp;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::see::{knows_complainants, told};
use crate::store::{self, CaseEntry, CaseKey, Filed};

/// What tells something of a complainant by having happened at all (15).
const OF_COMPLAINANTS: [&str; 8] = [
    "case_linked",
    "case_unlinked",
    "conduct_recorded",
    "erasure_decided",
    "erasure_requested",
    "grant_requested",
    "grant_decided",
    "identity_opened",
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
        let Filed { organ, case } = self.visible(caller, &directory, case_id).await?;
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
        let (mut links, mut conduct) = (Vec::new(), Vec::new());
        if knows_complainants(caller, &directory, &organ) {
            links = self.links(caller, &directory, &organ, &case).await?;
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
            retention: retained.map(|retained| retained.to_wire(case_id)),
            case: Some(told(caller, &organ, &case)),
            working_copy,
            leader_instruction,
            timeline: timeline.into_iter().map(line).collect(),
        })
    }

    pub(super) async fn cases(
        &self,
        caller: &Caller,
        request: ListCasesRequest,
    ) -> Result<ListCasesResponse, Error> {
        let ListCasesRequest { states, organ, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let mut wanted = Vec::new();
        for (index, state) in states.iter().enumerate() {
            wanted.extend(check.required_enum::<CaseState>(format!("states[{index}]"), *state));
        }
        check.finish()?;
        if wanted.is_empty() {
            wanted = (1..).map_while(|number| CaseState::try_from(number).ok()).collect();
        }
        let directory = self.directory.knowing([organ.as_str(), caller.principal().organ.as_str()]).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let filter: Vec<u8> = wanted.iter().flat_map(|state| i32::from(*state).to_be_bytes()).collect();
        let tokens = PageToken::of("ListCases").filter(&organ).filter(filter);
        let after: Option<CaseKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let cases = store::list_cases(self.pool(), &organs, &wanted, after, size).await?;
        let full = i64::try_from(cases.len()).is_ok_and(|count| count >= size);
        let next_page_token = match cases.last().filter(|_| full) {
            Some(last) => tokens.encode(&CaseKey::of(&last.case))?,
            None => String::new(),
        };
        let cases = cases.iter().map(|filed| told(caller, &filed.organ, &filed.case)).collect();
        Ok(ListCasesResponse { cases, next_page_token })
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
