//! `GetSubmission`, and what an agency may hand in (9).

use duban_proto::intake::v1::{
    GetSubmissionRequest, GetSubmissionResponse, SubmitComplaintRequest, SubmitComplaintResponse,
};
use server::{Caller, Error, Reason};

use super::Grpc;
use super::see::agency;
use super::submit::request_id;
use crate::domain::{Answer, summary};
use crate::store;

/// The entry that a submission begins with.
const RECEIVED: &str = "complaint_received";

impl Grpc {
    /// A complaint by itself: beyond its quota, an agency's system is refused at once and told when to come again.
    pub(super) async fn submitted(
        &self,
        caller: &Caller,
        request: SubmitComplaintRequest,
    ) -> Result<SubmitComplaintResponse, Error> {
        if let Some(agency) = agency(caller) {
            self.quotas.take(agency).map_err(|used_up| {
                Error::of(Reason::Overloaded)
                    .meta("per_minute", used_up.quota.per_minute)
                    .retry_after(used_up.after)
            })?;
        }
        self.take_in(caller, request).await
    }

    /// Only who submitted it may know of it; to anybody else it has not arrived.
    pub(super) async fn submission(
        &self,
        caller: &Caller,
        request: GetSubmissionRequest,
    ) -> Result<GetSubmissionResponse, Error> {
        let request_id = request_id(&request.request_id)?;
        let (organ, _) = self.own_organ(caller, "").await?;
        let answered = store::find_submission(self.pool(), &organ, request_id).await?;
        let own = answered.filter(|entry| entry.kind == RECEIVED && entry.actor == caller.subject());
        let Some(case_id) = own.and_then(|entry| entry.case_id) else {
            return Ok(GetSubmissionResponse::default());
        };
        let case = self.own_case(caller, &organ, case_id).await?;
        let answer = Answer { case: Some(summary(&case, &organ)), ..Answer::default() };
        Ok(GetSubmissionResponse { arrived: true, receipt: Some(self.receipt(&organ, answer)?) })
    }
}
