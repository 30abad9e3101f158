//! `SetPlan` (18).

use duban_proto::routing::v1::{SetPlanRequest, SetPlanResponse};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::{answered, ids};
use crate::domain::{Act, Case, Inquire};
use crate::grpc::Grpc;
use crate::grpc::seal::Text;
use crate::store;

/// The longest plan, in characters.
const MAX_PLAN: usize = 20_000;

impl Grpc {
    pub(in crate::grpc) async fn plan_set(
        &self,
        caller: &Caller,
        mut request: SetPlanRequest,
    ) -> Result<SetPlanResponse, Error> {
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        check.required_text("text", &request.text, MAX_PLAN);
        let (request_id, case_id) = check.finish_with((request_id, case_id))?;
        let organ = self.working_organ(caller, case_id).await?;
        let known = store::find_case(self.pool(), &organ, case_id).await?;
        let item_id = known.and_then(|case| plan_of(&case, request.term)).unwrap_or_else(|| self.new_id());
        let (term, version, words) = (request.term, request.version, request.text.clone());
        request.request_id.clear();
        let text = Text { kind: "plan", text: words.as_bytes() };
        let act = |plan| Act::Inquire(Box::new(Inquire::SetPlan { term, version, plan }));
        let place = (item_id, version.saturating_add(1));
        let submitted =
            self.submit_version(&organ, caller, (request_id, &request), (case_id, place), (text, act));
        let answer = submitted.await?.answer;
        let version = answered(&answer).number;
        Ok(SetPlanResponse { version, case: self.case_now(caller, &organ, answer.case).await? })
    }
}

/// The id of the plan of a term, which all its versions have.
fn plan_of(case: &Case, term: u32) -> Option<Uuid> {
    let tenure = case.terms.iter().find(|tenure| tenure.term == term)?;
    let plan = tenure.inquiry.plans.last()?.event.plan.as_ref()?;
    Uuid::try_parse(&plan.item_id).ok()
}
