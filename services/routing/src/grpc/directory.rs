//! `DirectoryService` (4).

use std::collections::{BTreeMap, BTreeSet};

use competence::centre;
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
    /// All or none, in the ledger of the centre at or above the caller's organ: the directory is kept in one place.
    pub(super) async fn establish(
        &self,
        caller: &Caller,
        mut request: ImportOrgansRequest,
    ) -> Result<ImportOrgansResponse, Error> {
        let current = self.directory.reload().await?;
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", &request.request_id);
        if check.max_items("organs", request.organs.len(), MAX_ORGANS) {
            check_organs(&mut check, &request.organs, &current);
        }
        let (request_id,) = check.finish_with((request_id,))?;
        request.request_id.clear();
        let own = caller.principal().organ.as_str();
        let coming = Directory::new(request.organs.iter().cloned());
        // The first import of all names the centre itself.
        let keeper = centre(&current, own).or_else(|| centre(&coming, own));
        let keeper = keeper.map_or(own, |centre| centre.code.as_str());
        let command = Command { case_id: None, act: Act::Establish(request.organs.clone()) };
        let answer = self.submit(keeper, caller, (request_id, &request), command).await?.answer;
        self.directory.reload().await?;
        answer.import.ok_or_else(|| Error::internal("an answer without its import"))
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
fn check_organs(check: &mut Violations, organs: &[Organ], current: &Directory) {
    let coming: BTreeSet<&str> = organs.iter().map(|organ| organ.code.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut prefixes: BTreeMap<&str, &str> = current
        .iter()
        .filter(|organ| !organ.number_prefix.is_empty() && !coming.contains(organ.code.as_str()))
        .map(|organ| (organ.number_prefix.as_str(), organ.code.as_str()))
        .collect();
    let after = Directory::new(current.iter().chain(organs).cloned());
    for (index, organ) in organs.iter().enumerate() {
        let at = |field: &str| format!("organs[{index}].{field}");
        check.parsed::<ledger::Organ>(at("code"), &organ.code, "不是合法的机关代码");
        if !seen.insert(organ.code.as_str()) {
            check.add(at("code"), "代码重复", "is given twice");
        }
        check_words(check, organ, at);
        check.required_enum::<OrganKind>(at("kind"), organ.kind);
        let receives = matches!(organ.kind(), OrganKind::Centre | OrganKind::SubCentre);
        if receives
            && check.required(at("number_prefix"), &organ.number_prefix)
            && prefixes.insert(&organ.number_prefix, &organ.code).is_some()
        {
            check.add(at("number_prefix"), "编号前缀重复", "is another organ's prefix");
        }
        let known = |code: &str| seen.contains(code) || current.get(code).is_some();
        check_place(check, organ, &after, (known, at));
    }
}

pub(super) fn check_words(check: &mut Violations, organ: &Organ, at: impl Fn(&str) -> String) {
    check.required_text(at("name"), &organ.name, 200);
    check.text(at("short_name"), &organ.short_name, 200);
    check.text(at("jurisdiction"), &organ.jurisdiction, 2000);
    check.text(at("led_by"), &organ.led_by, 200);
    check.text(at("number_prefix"), &organ.number_prefix, 20);
    check.text(at("hosted_by"), &organ.hosted_by, 200);
    check.optional_date(at("closed_on"), &organ.closed_on);
    if check.max_items(at("aliases"), organ.aliases.len(), 50) {
        for (number, alias) in organ.aliases.iter().enumerate() {
            check.text(at(&format!("aliases[{number}]")), alias, 200);
        }
    }
}

/// Where it stands in the tree as it will be.
fn check_place(
    check: &mut Violations,
    organ: &Organ,
    after: &Directory,
    (known, at): (impl Fn(&str) -> bool, impl Fn(&str) -> String),
) {
    let parts = organ.split_into.iter().map(|part| ("split_into", part));
    for (field, code) in [("parent", &organ.parent), ("successor", &organ.successor)].into_iter().chain(parts)
    {
        if !code.is_empty() && (code == &organ.code || !known(code)) {
            check.add(
                at(field),
                "目录中没有此机关(上级应排在下级之前)",
                "is not in the directory, nor before it in this import",
            );
        } else if field == "parent" && after.tree().is_under(code, &organ.code) {
            check.add(at(field), "不得隶属于自己的下级", "is an organ below this one");
        }
    }
    if !organ.successor.is_empty()
        && after.get(&organ.successor).is_some()
        && after.heir(&organ.code, []).is_none()
    {
        check.add(at("successor"), "承继关系构成循环", "comes back to this organ in the end");
    }
}
