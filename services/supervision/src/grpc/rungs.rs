//! `ListFiredRungs` (16, 17, 20).

use duban_proto::supervision::v1::{FiredRung, ListFiredRungsRequest, ListFiredRungsResponse};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::domain::Fired;
use crate::domain::time::to_wire;
use crate::store::{self, Issued, RungKey, Which};

impl Grpc {
    pub(super) async fn fired_rungs(
        &self,
        caller: &Caller,
        request: ListFiredRungsRequest,
    ) -> Result<ListFiredRungsResponse, Error> {
        let ListFiredRungsRequest { case_id, instruments_only, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let wanted = check.optional_uuid("case_id", &case_id);
        let (wanted,) = check.finish_with((wanted,))?;
        let directory = self.directory(caller, "").await?;
        if let Some(case_id) = wanted {
            // A case that has clocks the caller may see; one without rungs has an empty list.
            self.visible_clocks(caller, &directory, case_id).await?;
        }
        let organs = directory.visible(caller.visibility(directory.tree()));
        let tokens = PageToken::of("ListFiredRungs").filter(&case_id).filter([u8::from(instruments_only)]);
        let after: Option<RungKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let which = Which { case_id: wanted, instruments_only };
        let rungs = store::list_rungs(self.pool(), &organs, which, after.as_ref(), size).await?;
        let next_page_token = super::next(&tokens, &rungs, size, RungKey::of)?;
        Ok(ListFiredRungsResponse { rungs: rungs.into_iter().map(told).collect(), next_page_token })
    }
}

fn told(issued: Issued) -> FiredRung {
    let Issued { organ, fired } = issued;
    let Fired { seq: _, case_id, number, fired_at, rung } = fired;
    FiredRung {
        case_id: case_id.to_string(),
        number,
        organ,
        fired_at: Some(to_wire(fired_at)),
        rung: Some(rung),
    }
}
