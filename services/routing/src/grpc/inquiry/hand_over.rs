//! `PreviewHandOver`, `HandOver` (house).

use duban_proto::routing::v1::{
    HandOverRequest, HandOverResponse, PreviewHandOverRequest, PreviewHandOverResponse, ReplacementGround,
};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::answered;
use crate::domain::{Case, HandOver, Inquire, hand_over_plan};
use crate::grpc::Grpc;
use crate::grpc::investigation::{MAX_SUBJECT, check_officers};
use crate::store;

/// Cases of one hand-over at the most: they change hands together, in one transaction.
const MOST_CASES: usize = 500;

/// The successors: at least one, each once, none of them who leaves.
fn check_persons(check: &mut Violations, officer: &str, successors: &[String]) {
    check.required_text("officer", officer, MAX_SUBJECT);
    check.must(!successors.is_empty(), "successors", "必填", "is required");
    check_officers(check, "successors", successors);
    for (index, successor) in successors.iter().enumerate() {
        let field = format!("successors[{index}]");
        let again = successors.iter().take(index).any(|before| before == successor);
        check.must(!again, field.clone(), "人员重复", "is given twice");
        check.must(successor != officer, field, "应为另一人", "must be somebody else");
    }
}

impl Grpc {
    pub(in crate::grpc) async fn hand_over_previewed(
        &self,
        caller: &Caller,
        request: PreviewHandOverRequest,
    ) -> Result<PreviewHandOverResponse, Error> {
        let PreviewHandOverRequest { officer, successors } = request;
        let mut check = Violations::default();
        check_persons(&mut check, &officer, &successors);
        check.finish()?;
        let (organ, _) = self.own_organ(caller).await?;
        let (cases, more) = self.cases_of(&organ, &officer).await?;
        let known = cases.iter().map(|(case_id, case)| (*case_id, Some(case)));
        let plan = hand_over_plan(known, &officer, &successors, (&organ, caller.subject()));
        Ok(PreviewHandOverResponse { cases: plan.into_iter().map(|(_, _, handed)| handed).collect(), more })
    }

    pub(in crate::grpc) async fn handed_over(
        &self,
        caller: &Caller,
        mut request: HandOverRequest,
    ) -> Result<HandOverResponse, Error> {
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", &request.request_id);
        let ground = check.required_enum::<ReplacementGround>("ground", request.ground);
        check_persons(&mut check, &request.officer, &request.successors);
        let (request_id, ground) = check.finish_with((request_id, ground))?;
        let (organ, _) = self.own_organ(caller).await?;
        let (cases, more) = self.cases_of(&organ, &request.officer).await?;
        let hand_over = HandOver {
            hand_over_id: self.new_id(),
            officer: request.officer.clone(),
            successors: request.successors.clone(),
            ground,
            cases: cases.into_iter().map(|(case_id, _)| case_id).collect(),
            more,
        };
        request.request_id.clear();
        let act = Inquire::HandOver(Box::new(hand_over));
        let answer = self.of_the_organ(caller, (request_id, &request), act).await?;
        answered(&answer).hand_over.ok_or_else(|| Error::internal("an answer without its hand-over"))
    }

    /// The open cases that an officer investigates, and whether there are more than are told.
    async fn cases_of(&self, organ: &str, officer: &str) -> Result<(Vec<(Uuid, Case)>, bool), Error> {
        let most = i64::try_from(MOST_CASES).unwrap_or(i64::MAX).saturating_add(1);
        let mut cases = store::cases_of_officer(self.pool(), organ, officer, most).await?;
        let more = cases.len() > MOST_CASES;
        cases.truncate(MOST_CASES);
        Ok((cases, more))
    }
}
