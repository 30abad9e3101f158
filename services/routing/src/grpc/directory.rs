//! `DirectoryService` (4).

use std::collections::{BTreeMap, BTreeSet};

use directory::Directory;
use duban_proto::common::v1::{Organ, OrganKind};
use duban_proto::routing::v1::{
    GetOrganRequest, GetOrganResponse, ImportOrgansRequest, ImportOrgansResponse, ListOrgansRequest,
    ListOrgansResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::domain::{Act, Command};

/// Organs in one import at the most.
const MAX_ORGANS: usize = 2000;

impl Grpc {
    /// All or none, in the ledger of the caller's organ.
    pub(super) async fn establish(
        &self,
        caller: &Caller,
        mut request: ImportOrgansRequest,
    ) -> Result<ImportOrgansResponse, Error> {
        let current = self.directory.reload().await?;
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", &request.request_id);
        if check.max_items("organs", request.organs.len(), MAX_ORGANS) {
            self::check(&mut check, &request.organs, &current);
        }
        let (request_id,) = check.finish_with((request_id,))?;
        let new = request.organs.iter().filter(|organ| current.get(&organ.code).is_none()).count();
        let differs = |organ: &&Organ| current.get(&organ.code) != Some(*organ);
        let differing: Vec<Organ> = request.organs.iter().filter(differs).cloned().collect();
        let (all, differ) = (request.organs.len(), differing.len());
        if differ > 0 {
            request.request_id.clear();
            let command = Command { case_id: None, act: Act::Establish(differing) };
            let organ = caller.principal().organ.as_str();
            self.submit(organ, caller, (request_id, &request), command).await?;
            self.directory.reload().await?;
        }
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(ImportOrgansResponse {
            established: count(new),
            changed: count(differ.saturating_sub(new)),
            unchanged: count(all - differ),
        })
    }

    pub(super) async fn organ(
        &self,
        _: &Caller,
        request: GetOrganRequest,
    ) -> Result<GetOrganResponse, Error> {
        let directory = self.directory.knowing([request.code.as_str()]).await?;
        match directory.get(&request.code) {
            Some(organ) => Ok(GetOrganResponse { organ: Some(organ.clone()) }),
            None => Err(Error::organ_not_found(&request.code, directory.nearest(&request.code))),
        }
    }

    pub(super) async fn organs(
        &self,
        _: &Caller,
        request: ListOrgansRequest,
    ) -> Result<ListOrgansResponse, Error> {
        let ListOrgansRequest { below, page_size: size, page_token } = request;
        let directory = self.directory.knowing([below.as_str()]).await?;
        if !below.is_empty() && directory.get(&below).is_none() {
            return Err(Error::organ_not_found(&below, directory.nearest(&below)));
        }
        let tokens = PageToken::of("ListOrgans").filter(&below);
        let after: Option<String> = tokens.decode(&page_token)?;
        let size = usize::try_from(page_size(size)).unwrap_or(usize::MAX);
        let listed = |organ: &&Organ| {
            let under = organ.code != below && directory.tree().is_under(&organ.code, &below);
            (below.is_empty() || under) && after.as_ref().is_none_or(|after| organ.code > *after)
        };
        let mut organs: Vec<Organ> = directory.iter().filter(listed).take(size + 1).cloned().collect();
        let more = organs.len() > size;
        organs.truncate(size);
        let next_page_token = match organs.last().filter(|_| more) {
            Some(last) => tokens.encode(&last.code)?,
            None => String::new(),
        };
        Ok(ListOrgansResponse { organs, next_page_token })
    }
}

/// Codes, names, kinds; parents that are there; prefixes that are given once.
fn check(check: &mut Violations, organs: &[Organ], current: &Directory) {
    let coming: BTreeSet<&str> = organs.iter().map(|organ| organ.code.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut prefixes: BTreeMap<&str, &str> = current
        .iter()
        .filter(|organ| !organ.number_prefix.is_empty() && !coming.contains(organ.code.as_str()))
        .map(|organ| (organ.number_prefix.as_str(), organ.code.as_str()))
        .collect();
    for (index, organ) in organs.iter().enumerate() {
        let at = |field: &str| format!("organs[{index}].{field}");
        check.parsed::<ledger::Organ>(at("code"), &organ.code, "不是合法的机关代码");
        if !seen.insert(organ.code.as_str()) {
            check.add(at("code"), "代码重复", "is given twice");
        }
        check.required_text(at("name"), &organ.name, 200);
        check.text(at("short_name"), &organ.short_name, 200);
        check.text(at("jurisdiction"), &organ.jurisdiction, 2000);
        check.text(at("led_by"), &organ.led_by, 200);
        check.text(at("number_prefix"), &organ.number_prefix, 20);
        check.required_enum::<OrganKind>(at("kind"), organ.kind);
        let receives = matches!(organ.kind(), OrganKind::Centre | OrganKind::SubCentre);
        if receives
            && check.required(at("number_prefix"), &organ.number_prefix)
            && prefixes.insert(&organ.number_prefix, &organ.code).is_some()
        {
            check.add(at("number_prefix"), "编号前缀重复", "is another organ's prefix");
        }
        for (field, code) in [("parent", &organ.parent), ("successor", &organ.successor)] {
            let known = seen.contains(code.as_str()) || current.get(code).is_some();
            let itself = *code == organ.code;
            if !code.is_empty() && (itself || !known) {
                check.add(
                    at(field),
                    "目录中没有此机关(上级应排在下级之前)",
                    "is not in the directory, nor before it in this import",
                );
            }
        }
    }
}
