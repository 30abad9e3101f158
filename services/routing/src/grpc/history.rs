//! `ListChanges`, `GetOrganHistory`, `ExportOrgans` (4).

use ::directory::file;
use duban_proto::common::v1::Organ;
use duban_proto::routing::v1::{
    ChangeState, ExportOrgansRequest, ExportOrgansResponse, GetOrganHistoryRequest, GetOrganHistoryResponse,
    ListChangesRequest, ListChangesResponse, OrganFormat,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::store::{self, ChangeKey};

/// Organs in one file at the most.
const MAX_ORGANS: usize = 5000;

impl Grpc {
    pub(super) async fn changes_listed(
        &self,
        caller: &Caller,
        request: ListChangesRequest,
    ) -> Result<ListChangesResponse, Error> {
        let ListChangesRequest { states, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let mut wanted = Vec::new();
        for (index, state) in states.iter().enumerate() {
            wanted.extend(check.required_enum::<ChangeState>(format!("states[{index}]"), *state));
        }
        check.finish()?;
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            wanted = (1..).map_while(|number| ChangeState::try_from(number).ok()).collect();
        }
        let keeper = self.keeper(caller).await?;
        let filter: Vec<u8> = wanted.iter().flat_map(|state| i32::from(*state).to_be_bytes()).collect();
        let tokens = PageToken::of("ListChanges").filter(&keeper).filter(filter);
        let after: Option<ChangeKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let changes = store::list_changes(self.pool(), &keeper, &wanted, after, size).await?;
        let full = i64::try_from(changes.len()).is_ok_and(|count| count >= size);
        let next_page_token = match changes.last().filter(|_| full) {
            Some(last) => tokens.encode(&ChangeKey::of(last))?,
            None => String::new(),
        };
        Ok(ListChangesResponse { changes, next_page_token })
    }

    pub(super) async fn organ_versions(
        &self,
        caller: &Caller,
        request: GetOrganHistoryRequest,
    ) -> Result<GetOrganHistoryResponse, Error> {
        let GetOrganHistoryRequest { code, page_size: size, page_token } = request;
        let directory = self.directory.knowing([code.as_str()]).await?;
        if directory.get(&code).is_none() {
            return Err(Error::organ_not_found(&code, directory.nearest(&code)));
        }
        let keeper = self.keeper(caller).await?;
        let tokens = PageToken::of("GetOrganHistory").filter(&keeper).filter(&code);
        let before: Option<i64> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let versions = store::list_versions(self.pool(), &keeper, &code, before, size).await?;
        let full = i64::try_from(versions.len()).is_ok_and(|count| count >= size);
        let last = versions.last().and_then(|version| version.organ.as_ref()).filter(|_| full);
        let next_page_token = match last {
            Some(last) => tokens.encode(&i64::from(last.version))?,
            None => String::new(),
        };
        Ok(GetOrganHistoryResponse { versions, next_page_token })
    }

    pub(super) async fn organs_exported(
        &self,
        _: &Caller,
        request: ExportOrgansRequest,
    ) -> Result<ExportOrgansResponse, Error> {
        let ExportOrgansRequest { format, below } = request;
        let directory = self.directory.reload().await?;
        if !below.is_empty() && directory.get(&below).is_none() {
            return Err(Error::organ_not_found(&below, directory.nearest(&below)));
        }
        let mut check = Violations::default();
        let format = check.required_enum::<OrganFormat>("format", format);
        let under = |organ: &&Organ| below.is_empty() || directory.tree().is_under(&organ.code, &below);
        let organs: Vec<Organ> = directory.iter().filter(under).cloned().collect();
        check.max_items("below", organs.len(), MAX_ORGANS);
        let (format,) = check.finish_with((format,))?;
        let file = match format {
            OrganFormat::Csv => file::to_csv(&organs).map_err(Error::internal)?,
            _ => file::to_json(&organs).map_err(Error::internal)?,
        };
        let count = u32::try_from(organs.len()).unwrap_or(u32::MAX);
        Ok(ExportOrgansResponse { file: file.into_bytes().into(), organs: count })
    }
}
