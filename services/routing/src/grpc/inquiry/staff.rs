//! `SetDeputy`, `EndDeputy`, `ListDeputies` (house).

use duban_proto::routing::v1::{
    Deputy, EndDeputyRequest, EndDeputyResponse, ListDeputiesRequest, ListDeputiesResponse, SetDeputyRequest,
    SetDeputyResponse,
};
use jiff::SignedDuration;
use prost::Message;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::answered;
use crate::domain::{Act, Answer, Command, Inquire};
use crate::grpc::Grpc;
use crate::grpc::investigation::MAX_SUBJECT;
use crate::store::{self, DeputyKey};

/// The longest deputyship: longer ones are set again.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

impl Grpc {
    pub(in crate::grpc) async fn deputy_set(
        &self,
        caller: &Caller,
        mut request: SetDeputyRequest,
    ) -> Result<SetDeputyResponse, Error> {
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", &request.request_id);
        check.required_text("person", &request.person, MAX_SUBJECT);
        check.required_text("deputy", &request.deputy, MAX_SUBJECT);
        let another = request.person != request.deputy;
        check.must(another, "deputy", "应为另一人", "must be somebody else");
        self.check_span(&mut check, &request);
        let (request_id,) = check.finish_with((request_id,))?;
        let deputy = Deputy {
            deputy_id: self.new_id().to_string(),
            person: request.person.clone(),
            deputy: request.deputy.clone(),
            begins_at: request.begins_at,
            until: request.until,
            ended_at: None,
            set_by: caller.subject().to_owned(),
        };
        request.request_id.clear();
        let act = Inquire::SetDeputy(Box::new(deputy));
        let answer = self.of_the_organ(caller, (request_id, &request), act).await?;
        Ok(SetDeputyResponse { deputy: answered(&answer).deputy })
    }

    fn check_span(&self, check: &mut Violations, request: &SetDeputyRequest) {
        let begins_at = check.timestamp("begins_at", request.begins_at.as_ref());
        let until = check.timestamp("until", request.until.as_ref());
        let Some((begins_at, until)) = begins_at.zip(until) else { return };
        let in_order = until > begins_at && until > self.writer.clock().now();
        check.must(in_order, "until", "应晚于起始时间和现在", "must be later than begins_at and than now");
        let short = until.duration_since(begins_at) <= LONGEST;
        check.must(short, "until", "最长一年", "is at most 366 days after begins_at");
    }

    pub(in crate::grpc) async fn deputy_ended(
        &self,
        caller: &Caller,
        mut request: EndDeputyRequest,
    ) -> Result<EndDeputyResponse, Error> {
        let mut check = Violations::default();
        let ids =
            (check.uuid("request_id", &request.request_id), check.uuid("deputy_id", &request.deputy_id));
        let (request_id, deputy_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let act = Inquire::EndDeputy { deputy_id };
        let answer = self.of_the_organ(caller, (request_id, &request), act).await?;
        Ok(EndDeputyResponse { deputy: answered(&answer).deputy })
    }

    pub(in crate::grpc) async fn deputies(
        &self,
        caller: &Caller,
        request: ListDeputiesRequest,
    ) -> Result<ListDeputiesResponse, Error> {
        let ListDeputiesRequest { page_size: size, page_token } = request;
        let (organ, _) = self.own_organ(caller).await?;
        let tokens = PageToken::of("ListDeputies").filter(&organ);
        let after: Option<DeputyKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let deputies = store::list_deputies(self.pool(), &organ, after, size).await?;
        let full = i64::try_from(deputies.len()).is_ok_and(|count| count >= size);
        let next_page_token = match deputies.last().filter(|_| full) {
            Some(last) => tokens.encode(&DeputyKey::of(last))?,
            None => String::new(),
        };
        Ok(ListDeputiesResponse { deputies, next_page_token })
    }

    /// Submits what is about the people of the caller's organ and no case.
    pub(super) async fn of_the_organ(
        &self,
        caller: &Caller,
        request: (Uuid, &impl Message),
        inquire: Inquire,
    ) -> Result<Answer, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let command = Command { case_id: None, act: Act::Inquire(Box::new(inquire)) };
        Ok(self.submit(&organ, caller, request, command).await?.answer)
    }
}
