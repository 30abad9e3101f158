//! `PauseClock`, `ResumeClock` (house).

use duban_proto::supervision::v1::{
    self as wire, PauseClockRequest, PauseClockResponse, ResumeClockRequest, ResumeClockResponse,
};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::sealed::Texts;
use crate::domain::{Command, PauseTime, Pausing};

/// The longest reason, in characters.
const MAX_REASON: usize = 2000;

impl Grpc {
    pub(super) async fn pause(
        &self,
        caller: &Caller,
        mut request: PauseClockRequest,
    ) -> Result<PauseClockResponse, Error> {
        let PauseClockRequest { request_id, case_id, cause, reason } = &request;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", request_id), check.uuid("case_id", case_id));
        check.required_text("cause", cause, 64);
        check.required_text("reason", reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, "").await?;
        let organ = caller.organ_code("", directory.tree())?;
        let (cause, reason) = (cause.clone(), reason.clone());
        request.request_id.clear();
        let texts = Texts { case_id, fields: &[("reason", &reason)] };
        let pause = |reason| {
            let pause = PauseTime { case_id, cause: cause.clone(), reason };
            Command::Pausing(Box::new(Pausing::Pause(pause)))
        };
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, pause).await?;
        let clock = self.clock_as_it_is(caller, &organ, case_id, answer.clock).await?;
        Ok(PauseClockResponse { clock: Some(clock) })
    }

    pub(super) async fn resume(
        &self,
        caller: &Caller,
        mut request: ResumeClockRequest,
    ) -> Result<ResumeClockResponse, Error> {
        let ResumeClockRequest { request_id, case_id } = &request;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", request_id), check.uuid("case_id", case_id));
        let (request_id, case_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, "").await?;
        let organ = caller.organ_code("", directory.tree())?;
        request.request_id.clear();
        let command = Command::Pausing(Box::new(Pausing::Resume { case_id }));
        let committed = self.submit(&organ, caller, request_id, &request, command).await?;
        let clock = self.clock_as_it_is(caller, &organ, case_id, committed.answer.clock).await?;
        Ok(ResumeClockResponse { clock: Some(clock) })
    }

    /// The clock of the answer, with what depends on who reads it.
    async fn clock_as_it_is(
        &self,
        caller: &Caller,
        organ: &str,
        case_id: Uuid,
        answered: Option<wire::Clock>,
    ) -> Result<wire::Clock, Error> {
        let answered = answered.ok_or_else(|| Error::internal("an answer without its clock"))?;
        let directory = self.directory(caller, "").await?;
        let clocks = self.visible_clocks(caller, &directory, case_id).await?;
        let same = clocks.iter().find(|it| it.organ == organ && it.clock.key.term == answered.term);
        let Some(told) = same.map(|running| self.told(caller, &directory, running)) else {
            return Ok(answered);
        };
        let wire::Clock { allowed_actions, paused_workdays, .. } = told;
        Ok(wire::Clock { allowed_actions, paused_workdays, ..answered })
    }
}
