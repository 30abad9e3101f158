//! `FollowUpService` (16, house): what complainants think of the result.

mod list;

use directory::Directory;
use duban_proto::supervision::v1::follow_up_service_server::FollowUpService;
use duban_proto::supervision::v1::{
    FollowUp as WireFollowUp, GetFollowUpRequest, GetFollowUpResponse, ListFollowUpsRequest,
    ListFollowUpsResponse, RecordAttemptRequest, RecordAttemptResponse, RecordFollowUpRequest,
    RecordFollowUpResponse,
};
use server::{Caller, Error, Reason, Violations};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::Grpc;
use super::sealed::Texts;
use crate::domain::Command;
use crate::domain::follow_up::{FollowUpAct, NotFollowedUp, OnFollowUp, RecordFollowUp};
use crate::store::Followed;

/// How a complainant is asked.
const FORMS: [&str; 6] = ["call", "visit", "letter", "sms", "email", "online"];
/// The longest words, in characters.
const MAX_WORDS: usize = 2000;

impl Grpc {
    async fn attempt_recorded(
        &self,
        caller: &Caller,
        mut request: RecordAttemptRequest,
    ) -> Result<RecordAttemptResponse, Error> {
        let RecordAttemptRequest { request_id, case_id, follow_up_id, form } = &request;
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", request_id),
            check.uuid("case_id", case_id),
            check.uuid("follow_up_id", follow_up_id),
        );
        known_form(&mut check, form);
        let (request_id, case_id, follow_up_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, "").await?;
        let Followed { organ, .. } = self.followed(caller, &directory, case_id, follow_up_id).await?;
        caller.must_act_for(&organ, directory.tree())?;
        let act = FollowUpAct::Attempt { follow_up_id, form: form.clone() };
        request.request_id.clear();
        let command = Command::FollowUp(Box::new(OnFollowUp { case_id, act }));
        let answer = self.submit(&organ, caller, request_id, &request, command).await?.answer;
        let follow_up =
            self.follow_up_as_it_is(caller, &directory, (case_id, follow_up_id), answer.follow_up).await?;
        Ok(RecordAttemptResponse { follow_up: Some(follow_up) })
    }

    async fn follow_up_recorded(
        &self,
        caller: &Caller,
        mut request: RecordFollowUpRequest,
    ) -> Result<RecordFollowUpResponse, Error> {
        let RecordFollowUpRequest {
            request_id,
            case_id,
            follow_up_id,
            form,
            attitude,
            result,
            words,
            look_asked,
        } = &request;
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", request_id),
            check.uuid("case_id", case_id),
            check.uuid("follow_up_id", follow_up_id),
        );
        known_form(&mut check, form);
        check.required("attitude", attitude);
        check.required("result", result);
        check.text("words", words, MAX_WORDS);
        let (request_id, case_id, follow_up_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, "").await?;
        let Followed { organ, .. } = self.followed(caller, &directory, case_id, follow_up_id).await?;
        caller.must_act_for(&organ, directory.tree())?;
        self.on_the_scale(&organ, [("attitude", attitude), ("result", result)])?;
        let record = RecordFollowUp {
            follow_up_id,
            form: form.clone(),
            attitude: attitude.clone(),
            result: result.clone(),
            words: crate::domain::Sealed::default(),
            look_asked: *look_asked,
        };
        let words = words.clone();
        request.request_id.clear();
        let texts = Texts { case_id, fields: &[("words", &words)] };
        let with = |words| {
            let act = FollowUpAct::Record(RecordFollowUp { words, ..record.clone() });
            Command::FollowUp(Box::new(OnFollowUp { case_id, act }))
        };
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, with).await?;
        let follow_up =
            self.follow_up_as_it_is(caller, &directory, (case_id, follow_up_id), answer.follow_up).await?;
        Ok(RecordFollowUpResponse { follow_up: Some(WireFollowUp { words, ..follow_up }) })
    }

    /// Both answers are codes of the regulation's scale.
    fn on_the_scale(&self, organ: &str, answers: [(&'static str, &String); 2]) -> Result<(), Error> {
        let Some(rule) = self.rules().for_organ(organ).follow_ups() else { return Ok(()) };
        let codes: Vec<&str> = rule.scale.iter().map(|answer| answer.code.as_str()).collect();
        let mut check = Violations::default();
        for (field, code) in answers {
            if rule.answer(code).is_none() {
                let codes = codes.join(", ");
                check.add(field, format!("应为下列之一:{codes}"), format!("must be one of {codes}"));
            }
        }
        check.finish()
    }

    /// What a command answered, with what stands beside it now, and what the caller may do next.
    async fn follow_up_as_it_is(
        &self,
        caller: &Caller,
        directory: &Directory,
        (case_id, id): (Uuid, Uuid),
        answered: Option<WireFollowUp>,
    ) -> Result<WireFollowUp, Error> {
        let answered = answered.ok_or_else(|| Error::internal("an answer without its follow-up"))?;
        let followed = self.followed(caller, directory, case_id, id).await?;
        let WireFollowUp { number, organ, allowed_actions, .. } =
            self.told_follow_up(caller, directory, &followed);
        Ok(WireFollowUp { number, organ, allowed_actions, ..answered })
    }
}

fn known_form(check: &mut Violations, form: &str) {
    if check.required("form", form) && !FORMS.contains(&form) {
        let forms = FORMS.join(", ");
        check.add("form", format!("应为下列之一:{forms}"), format!("must be one of {forms}"));
    }
}

/// What the caller is told when a follow-up does not let something be done.
pub(super) fn rejected(why: &NotFollowedUp) -> Error {
    match why {
        NotFollowedUp::Unknown(id) => Error::nothing_to_act_on("follow_up", id),
        NotFollowedUp::State { state, again_from } => {
            let error = Error::of(Reason::FollowUpState).meta("state", state);
            match again_from {
                Some(from) => error.meta("again_from", from),
                None => error,
            }
        }
        NotFollowedUp::TookPart { person } => {
            let (zh, en) = (
                "参与办理或者告知结果的人员不得进行回访。",
                "Who handled the case or told its result does not ask what the complainant thinks of it.",
            );
            Error::new(Reason::PersonExcluded, zh, en).meta("person", person)
        }
        NotFollowedUp::NotDissatisfied => Error::of(Reason::LookNotAllowed).meta("why", "not_dissatisfied"),
        NotFollowedUp::NoLooksLeft { most } => {
            Error::of(Reason::LookNotAllowed).meta("why", "no_looks_left").meta("most", most)
        }
    }
}

#[tonic::async_trait]
impl FollowUpService for Grpc {
    async fn list_follow_ups(
        &self,
        request: Request<ListFollowUpsRequest>,
    ) -> Result<Response<ListFollowUpsResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(self.follow_ups(&caller, request.into_inner()).await?))
    }

    async fn get_follow_up(
        &self,
        request: Request<GetFollowUpRequest>,
    ) -> Result<Response<GetFollowUpResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(self.follow_up(&caller, request.into_inner()).await?))
    }

    async fn record_attempt(
        &self,
        request: Request<RecordAttemptRequest>,
    ) -> Result<Response<RecordAttemptResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(self.attempt_recorded(&caller, request.into_inner()).await?))
    }

    async fn record_follow_up(
        &self,
        request: Request<RecordFollowUpRequest>,
    ) -> Result<Response<RecordFollowUpResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(self.follow_up_recorded(&caller, request.into_inner()).await?))
    }
}
