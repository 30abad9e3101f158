//! `GetRoutedCase`, `ListRoutedCases` (16).

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::{
    GetRoutedCaseRequest, GetRoutedCaseResponse, ListRoutedCasesRequest, ListRoutedCasesResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::store::{self, CaseKey, Known};

impl Grpc {
    pub(super) async fn case(
        &self,
        caller: &Caller,
        request: GetRoutedCaseRequest,
    ) -> Result<GetRoutedCaseResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let own = caller.principal().organ.as_str();
        let directory = self.directory.knowing([request.organ.as_str(), own]).await?;
        let organ = match self.lent_to(caller, case_id).await? {
            Some(borrower) if request.organ.is_empty() || request.organ == borrower => borrower,
            _ => caller.organ_code(&request.organ, directory.tree())?,
        };
        let case = self.known(&organ, case_id).await?;
        let look = self.look(caller).await?;
        Ok(GetRoutedCaseResponse { case: Some(self.told(&look, &organ, case_id, &case)) })
    }

    pub(super) async fn cases(
        &self,
        caller: &Caller,
        request: ListRoutedCasesRequest,
    ) -> Result<ListRoutedCasesResponse, Error> {
        let ListRoutedCasesRequest { states, organ, page_size: size, page_token, urgent_only, also_moved } =
            request;
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
        let tokens = PageToken::of("ListRoutedCases")
            .filter(&organ)
            .filter(filter)
            .filter([u8::from(urgent_only)])
            .filter([u8::from(also_moved)]);
        let after: Option<CaseKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let once = if also_moved { Vec::new() } else { organs.clone() };
        let known =
            store::list_cases(self.pool(), (&organs, &once), (&wanted, urgent_only), after, size).await?;
        let full = i64::try_from(known.len()).is_ok_and(|count| count >= size);
        let next_page_token = match known.last().filter(|_| full) {
            Some(last) => tokens.encode(&CaseKey::of(last))?,
            None => String::new(),
        };
        let look = self.look(caller).await?;
        let told = |Known { organ, case_id, case }: &Known| self.told(&look, organ, *case_id, case);
        let cases = known.iter().map(told).collect();
        Ok(ListRoutedCasesResponse { cases, next_page_token })
    }
}
