//! `LinkCases`, `UnlinkCases` (21).

use directory::Directory;
use duban_proto::intake::v1::{
    CaseLink, CaseLinked, LinkCasesRequest, LinkCasesResponse, LinkKind, UnlinkCasesRequest,
    UnlinkCasesResponse,
};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::seal::Item;
use crate::domain::{Act, Case, LinkCases, Other, UnlinkCases, is_certain};
use crate::store::{self, LinkShown};

const MAX_REASON: usize = 2000;

impl Grpc {
    pub(super) async fn linked(
        &self,
        caller: &Caller,
        mut request: LinkCasesRequest,
    ) -> Result<LinkCasesResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("other_case_id", &request.other_case_id),
            check.required_enum::<LinkKind>("kind", request.kind),
        );
        must_differ(&mut check, &request.case_id, &request.other_case_id);
        let (request_id, case_id, other, kind) = check.finish_with(ids)?;
        let (organ, directory) = self.organ_of(caller, case_id).await?;
        let filed = self.visible(caller, &directory, other).await?;
        let other = Other { organ: filed.organ, case_id: other };
        let act = Act::Link(LinkCases { other, kind, matched: Vec::new() });
        request.request_id.clear();
        self.submit(&organ, caller, (request_id, &request), case_id, act).await?;
        let case = self.own_case(caller, &organ, case_id).await?;
        Ok(LinkCasesResponse { links: self.links(caller, &directory, &organ, &case).await? })
    }

    pub(super) async fn unlinked(
        &self,
        caller: &Caller,
        mut request: UnlinkCasesRequest,
    ) -> Result<UnlinkCasesResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("other_case_id", &request.other_case_id),
        );
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id, other) = check.finish_with(ids)?;
        let (organ, directory) = self.organ_of(caller, case_id).await?;
        let case = self.own_case(caller, &organ, case_id).await?;
        let key = self.key(&organ, case_id).await?;
        let item = Item { organ: &organ, case_id, id: self.new_id(), version: 1, kind: "unlink_reason" };
        let reason = self.draft(&key, &item, request.reason.as_bytes())?;
        let links = store::links_of_case(self.pool(), &organ, case_id).await?;
        let found = links.into_iter().find(|link| link.other.case_id == other).map(|link| CaseLinked {
            other_organ: link.other.organ,
            other_case_id: other.to_string(),
            ..link.linked
        });
        let act = Act::Unlink(UnlinkCases { other, found, reason });
        request.request_id.clear();
        self.submit(&organ, caller, (request_id, &request), case_id, act).await?;
        Ok(UnlinkCasesResponse { links: self.links(caller, &directory, &organ, &case).await? })
    }

    /// The links of a case as this caller may know them.
    pub(super) async fn links(
        &self,
        caller: &Caller,
        directory: &Directory,
        organ: &str,
        case: &Case,
    ) -> Result<Vec<CaseLink>, Error> {
        let visibility = caller.visibility(directory.tree());
        let mut links = store::links_of_case(self.pool(), organ, case.case_id).await?;
        // Each of two ledgers may have found the other's case.
        links.dedup_by(|next, link| next.other == link.other && next.linked.kind == link.linked.kind);
        let link = |link: LinkShown| {
            let sees = visibility.includes(&link.other.organ);
            CaseLink {
                case_id: if sees { link.other.case_id.to_string() } else { String::new() },
                number: if sees { link.number } else { String::new() },
                kind: link.linked.kind,
                certain: is_certain(&link.linked),
                earlier: (link.received_at, link.other.case_id)
                    < (case.received_at.as_microsecond(), case.case_id),
                matched: link.linked.matched,
                organ: link.other.organ,
            }
        };
        Ok(links.into_iter().map(link).collect())
    }
}

/// A case does not belong together with itself.
fn must_differ(check: &mut Violations, case_id: &str, other: &str) {
    let same = |one: &str| Uuid::try_parse(one).ok();
    check.must(
        same(case_id).is_none() || same(case_id) != same(other),
        "other_case_id",
        "不能与其自身关联",
        "a case is not linked to itself",
    );
}
