//! `DecideDelivery` (17).

use duban_proto::intake::v1::{
    DecideDeliveryRequest, DecideDeliveryResponse, DeliveryDecision, DeliveryState, Reply as WireReply,
};
use server::{Caller, Error, Violations};

use super::Grpc;
use super::complaint::one_of;
use super::seal::Item;
use crate::deliver::FORMS;
use crate::domain::{Act, DecideDelivery};
use crate::store;

const MAX_REASON: usize = 2000;

impl Grpc {
    pub(super) async fn delivery_decided(
        &self,
        caller: &Caller,
        mut request: DecideDeliveryRequest,
    ) -> Result<DecideDeliveryResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("reply_id", &request.reply_id),
            check.required_enum::<DeliveryDecision>("decision", request.decision),
        );
        check.required_text("reason", &request.reason, MAX_REASON);
        if values.3 == Some(DeliveryDecision::ToldOtherwise) {
            if check.required("form", &request.form) && !FORMS.contains(&request.form.as_str()) {
                one_of(&mut check, "form", FORMS.iter());
            }
        } else {
            check.must(
                request.form.is_empty(),
                "form",
                "仅限以其他方式告知时填写",
                "is for TOLD_OTHERWISE only",
            );
        }
        let (request_id, case_id, reply_id, decision) = check.finish_with(values)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        let case = self.own_case(caller, &organ, case_id).await?;
        let replies = store::replies_of_case(self.pool(), &organ, case_id).await?;
        let reply = replies.iter().find(|reply| reply.reply_id == reply_id);
        let reply = reply.ok_or_else(|| Error::nothing_to_act_on("reply", reply_id))?;
        if decision == DeliveryDecision::Retry && !self.ports.serve(&reply.delivery.route) {
            return Err(Error::nothing_to_act_on("port", reply_id));
        }
        let key = self.key(&organ, case_id).await?;
        let item = |kind| Item { organ: &organ, case_id, id: self.new_id(), version: 1, kind };
        let proposed_text = self.reply_text(&organ, &case, reply).await?;
        let told = decision == DeliveryDecision::ToldOtherwise;
        let act = Act::DecideDelivery(DecideDelivery {
            reply_id,
            decision,
            reason: self.draft(&key, &item("delivery_reason"), request.reason.as_bytes())?,
            form: request.form.clone(),
            text: told.then(|| self.draft(&key, &item("reply"), proposed_text.as_bytes())).transpose()?,
        });
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        let decided = answer.reply.ok_or_else(|| Error::internal("an answer without its reply"))?;
        Ok(DecideDeliveryResponse {
            reply: Some(self.shown(&reply.delivery.route, WireReply { proposed_text, ..decided })),
            case: Some(self.told_now(caller, &organ, answer.case).await?),
        })
    }

    /// A reply as it stands with these ports: what none serves waits for a person.
    pub(super) fn shown(&self, route: &str, reply: WireReply) -> WireReply {
        if reply.delivery_state() != DeliveryState::Waiting || self.ports.serve(route) {
            return reply;
        }
        let state = if reply.last_code.is_empty() { DeliveryState::Desk } else { DeliveryState::Failed };
        WireReply { delivery_state: state.into(), next_attempt_at: None, ..reply }
    }
}
