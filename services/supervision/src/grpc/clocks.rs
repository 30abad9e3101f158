//! `GetClocks`, `ListDueClocks`.

use duban_proto::supervision::v1::{
    GetClocksRequest, GetClocksResponse, ListDueClocksRequest, ListDueClocksResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::store::{self, DueKey};

impl Grpc {
    pub(super) async fn clocks_of_case(
        &self,
        caller: &Caller,
        request: GetClocksRequest,
    ) -> Result<GetClocksResponse, Error> {
        let GetClocksRequest { case_id } = request;
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let directory = self.directory(caller, "").await?;
        let clocks = self.visible_clocks(caller, &directory, case_id).await?;
        let clocks = clocks.iter().map(|clock| self.told(caller, &directory, clock));
        Ok(GetClocksResponse { clocks: clocks.collect() })
    }

    pub(super) async fn due_clocks(
        &self,
        caller: &Caller,
        request: ListDueClocksRequest,
    ) -> Result<ListDueClocksResponse, Error> {
        let ListDueClocksRequest { organ, before, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let before = check.optional_timestamp("before", before.as_ref());
        let (before,) = check.finish_with((before,))?;
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let until = before.map(|before| before.as_microsecond().to_be_bytes());
        let tokens = PageToken::of("ListDueClocks")
            .filter(&organ)
            .filter(until.as_ref().map_or(&[][..], |it| &it[..]));
        let after: Option<DueKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let clocks = store::list_due_clocks(self.pool(), &organs, before, after.as_ref(), size).await?;
        let next_page_token = super::next(&tokens, &clocks, size, DueKey::of)?;
        let clocks = clocks.iter().map(|clock| self.told(caller, &directory, clock)).collect();
        Ok(ListDueClocksResponse { clocks, next_page_token })
    }
}
