//! `SetUrgency` (house).

use duban_proto::common::v1::Urgency;
use duban_proto::intake::v1::{SetUrgencyRequest, SetUrgencyResponse, UrgencySet};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::domain::Act;

impl Grpc {
    pub(super) async fn urgency_set(
        &self,
        caller: &Caller,
        mut request: SetUrgencyRequest,
    ) -> Result<SetUrgencyResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.enum_value::<Urgency>("urgency", request.urgency),
        );
        let (request_id, case_id, urgency) = check.finish_with(values)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        request.request_id.clear();
        let set = UrgencySet { urgency: urgency.into(), public_opinion: request.public_opinion };
        let act = Act::SetUrgency(set);
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(SetUrgencyResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }
}
