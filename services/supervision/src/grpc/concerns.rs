//! `ListConcerns` (12, 21).

use duban_proto::supervision::v1::{self as wire, ConcernKind, ListConcernsRequest, ListConcernsResponse};
use server::page::{PageToken, page_size};
use server::{Caller, Error};

use super::Grpc;
use crate::domain::time::to_wire;
use crate::domain::{Concern, ConcernKey};
use crate::store::{self, Noted, NotedKey};

impl Grpc {
    pub(super) async fn concerns(
        &self,
        caller: &Caller,
        request: ListConcernsRequest,
    ) -> Result<ListConcernsResponse, Error> {
        let ListConcernsRequest { organ, open_only, page_size: size, page_token } = request;
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens = PageToken::of("ListConcerns").filter(&organ).filter([u8::from(open_only)]);
        let after: Option<NotedKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let noted = store::list_concerns(self.pool(), &organs, open_only, after, size).await?;
        let next_page_token = super::next(&tokens, &noted, size, NotedKey::of)?;
        // A case of an organ that the caller may not see is not told to it, only that there was one.
        let tree = directory.tree();
        let sees = |organ: &str| caller.visibility_of(organ, tree).is_ok();
        let concerns = noted.into_iter().map(|noted| told(noted, sees)).collect();
        Ok(ListConcernsResponse { concerns, next_page_token })
    }
}

fn told(noted: Noted, sees: impl Fn(&str) -> bool) -> wire::Concern {
    let Noted { organ, concern, number } = noted;
    let Concern { key: ConcernKey { case_id, other_id }, kind, about, other_organ, noted_at, is_open } =
        concern;
    let (case_id, other_id) = match kind {
        ConcernKind::Report => (about, Some(other_id)),
        _ => (Some(case_id), Some(other_id).filter(|_| sees(&other_organ))),
    };
    let text = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    wire::Concern {
        organ,
        kind: kind.into(),
        case_id: text(case_id),
        number,
        other_id: text(other_id),
        other_organ,
        noted_at: Some(to_wire(noted_at)),
        open: is_open,
    }
}
