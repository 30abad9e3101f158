//! `AppealService` (5(2)).

use directory::Directory;
use duban_proto::common::v1::{AppealOutcome, Finding};
use duban_proto::supervision::v1 as wire;
use duban_proto::supervision::v1::appeal_service_server::AppealService;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::Grpc;
use super::review::{asker, docket};
use super::sealed::Texts;
use crate::domain::docket::AppealKey;
use crate::domain::review::{
    AdmitAppeal, DecideAppeal, OnResult, RegisterAppeal, ResultAct, ResultRejection,
};
use crate::domain::{Answer, Command, Rejection, answer, appeal_actions};
use crate::store::{self, AppealPlace, Appealed};

/// The longest appeal or decision, in characters.
const MAX_WORDS: usize = 10_000;
/// The longest reason, in characters.
const MAX_REASON: usize = 2000;
/// The most measures.
const MAX_MEASURES: usize = 20;

/// A decision on an appeal, as the request says.
struct Checked {
    request_id: Uuid,
    case_id: Uuid,
    appeal_id: Uuid,
    outcome: AppealOutcome,
    finding: Finding,
}

#[tonic::async_trait]
impl AppealService for Grpc {
    async fn register_appeal(
        &self,
        request: Request<wire::RegisterAppealRequest>,
    ) -> Result<Response<wire::RegisterAppealResponse>, Status> {
        answer!(self.take_in_appeal(request))
    }

    async fn admit_appeal(
        &self,
        request: Request<wire::AdmitAppealRequest>,
    ) -> Result<Response<wire::AdmitAppealResponse>, Status> {
        answer!(self.admit(request))
    }

    async fn decide_appeal(
        &self,
        request: Request<wire::DecideAppealRequest>,
    ) -> Result<Response<wire::DecideAppealResponse>, Status> {
        answer!(self.decide_on_appeal(request))
    }

    async fn withdraw_appeal(
        &self,
        request: Request<wire::WithdrawAppealRequest>,
    ) -> Result<Response<wire::WithdrawAppealResponse>, Status> {
        answer!(self.take_appeal_back(request))
    }

    async fn get_appeal(
        &self,
        request: Request<wire::GetAppealRequest>,
    ) -> Result<Response<wire::GetAppealResponse>, Status> {
        answer!(self.one_appeal(request))
    }

    async fn list_appeals(
        &self,
        request: Request<wire::ListAppealsRequest>,
    ) -> Result<Response<wire::ListAppealsResponse>, Status> {
        answer!(self.appeals(request))
    }
}

impl Grpc {
    async fn take_in_appeal(
        &self,
        caller: &Caller,
        mut request: wire::RegisterAppealRequest,
    ) -> Result<wire::RegisterAppealResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let days = (check.date("told_on", &request.told_on), check.date("filed_on", &request.filed_on));
        check.required_text("words", &request.words, MAX_WORDS);
        check.text("late_reason", &request.late_reason, MAX_REASON);
        let (request_id, case_id, told_on, filed_on) = check.finish_with((ids.0, ids.1, days.0, days.1))?;
        let directory = self.directory(caller, "").await?;
        let organ = caller.organ_code("", directory.tree())?;
        self.visible_results(caller, &directory, case_id).await?;
        request.request_id.clear();
        let appeal_id = self.ids.new_id(self.writer.clock().now());
        let (respondent, excused) = (request.respondent, !request.late_reason.is_empty());
        let words = if excused {
            format!("{}\n\n逾期理由:{}", request.words, request.late_reason)
        } else {
            request.words.clone()
        };
        let texts = Texts { case_id, fields: &[("appeal", &words)] };
        let register = |words| {
            let register = RegisterAppeal { appeal_id, respondent, told_on, filed_on, excused, words };
            Command::OnResult(OnResult { case_id, act: ResultAct::Register(Box::new(register)) })
        };
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, register).await?;
        let appeal = self.appeal_now(caller, &directory, answer).await?;
        Ok(wire::RegisterAppealResponse { appeal: Some(appeal) })
    }

    async fn admit(
        &self,
        caller: &Caller,
        mut request: wire::AdmitAppealRequest,
    ) -> Result<wire::AdmitAppealResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("appeal_id", &request.appeal_id),
        );
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id, appeal_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, &request.organ).await?;
        let organ = caller.organ_code(&request.organ, directory.tree())?;
        request.request_id.clear();
        let admitted = request.admitted;
        let texts = Texts { case_id, fields: &[("reason", &request.reason)] };
        let admit = |reason| {
            let act = ResultAct::Admit(AdmitAppeal { appeal_id, admitted, reason });
            Command::OnResult(OnResult { case_id, act })
        };
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, admit).await?;
        let appeal = self.appeal_now(caller, &directory, answer).await?;
        Ok(wire::AdmitAppealResponse { appeal: Some(appeal) })
    }

    async fn decide_on_appeal(
        &self,
        caller: &Caller,
        mut request: wire::DecideAppealRequest,
    ) -> Result<wire::DecideAppealResponse, Error> {
        let directory = self.directory(caller, &request.organ).await?;
        let organ = caller.organ_code(&request.organ, directory.tree())?;
        let Checked { request_id, case_id, appeal_id, outcome, finding } = self.checked(&organ, &request)?;
        request.request_id.clear();
        let order_id = self.ids.new_id(self.writer.clock().now());
        let measures = request.measures.clone();
        let texts = Texts { case_id, fields: &[("reason", &request.reason)] };
        let decide = |reason| {
            let measures = measures.clone();
            let decide = DecideAppeal { appeal_id, outcome, finding, measures, order_id, reason };
            Command::OnResult(OnResult { case_id, act: ResultAct::DecideAppeal(Box::new(decide)) })
        };
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, decide).await?;
        let appeal = self.appeal_now(caller, &directory, answer).await?;
        Ok(wire::DecideAppealResponse { appeal: Some(appeal) })
    }

    /// A finding and measures come with a changed result, and with no other.
    fn checked(&self, organ: &str, request: &wire::DecideAppealRequest) -> Result<Checked, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("appeal_id", &request.appeal_id),
        );
        let outcome = check.required_enum::<AppealOutcome>("outcome", request.outcome);
        check.required_text("reason", &request.reason, MAX_WORDS);
        check.max_items("measures", request.measures.len(), MAX_MEASURES);
        let finding = if outcome == Some(AppealOutcome::Changed) {
            check.required_enum::<Finding>("finding", request.finding)
        } else {
            let none = request.finding == 0 && request.measures.is_empty();
            check.must(none, "finding", "仅在变更结果时填写", "given only where the result is changed");
            Some(Finding::Unspecified)
        };
        let known = &self.rules().for_organ(organ).investigation().measures;
        for (place, measure) in request.measures.iter().enumerate() {
            let is_known = known.iter().any(|known| known.code == *measure);
            let field = format!("measures[{place}]");
            check.must(is_known, field, "办法未规定此项处理", "not a measure of the regulation");
        }
        let (request_id, case_id, appeal_id, outcome, finding) =
            check.finish_with((ids.0, ids.1, ids.2, outcome, finding))?;
        Ok(Checked { request_id, case_id, appeal_id, outcome, finding })
    }

    async fn take_appeal_back(
        &self,
        caller: &Caller,
        mut request: wire::WithdrawAppealRequest,
    ) -> Result<wire::WithdrawAppealResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("appeal_id", &request.appeal_id),
        );
        let (request_id, case_id, appeal_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, "").await?;
        let organ = caller.organ_code("", directory.tree())?;
        request.request_id.clear();
        let command = Command::OnResult(OnResult { case_id, act: ResultAct::Withdraw { appeal_id } });
        let answer = self.submit(&organ, caller, request_id, &request, command).await?.answer;
        let appeal = self.appeal_now(caller, &directory, answer).await?;
        Ok(wire::WithdrawAppealResponse { appeal: Some(appeal) })
    }

    async fn one_appeal(
        &self,
        caller: &Caller,
        request: wire::GetAppealRequest,
    ) -> Result<wire::GetAppealResponse, Error> {
        let wire::GetAppealRequest { case_id, appeal_id, organ } = request;
        let mut check = Violations::default();
        let ids = (check.uuid("case_id", &case_id), check.uuid("appeal_id", &appeal_id));
        let (case_id, appeal_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, &organ).await?;
        let organ = caller.organ_code(&organ, directory.tree())?;
        let found = store::find_appeal(self.pool(), &organ, AppealKey { case_id, appeal_id }).await?;
        let found = found.ok_or_else(|| Rejection::from(ResultRejection::NoSuchAppeal(appeal_id)))?;
        Ok(wire::GetAppealResponse { appeal: Some(self.whole(caller, &directory, &found).await?) })
    }

    async fn appeals(
        &self,
        caller: &Caller,
        request: wire::ListAppealsRequest,
    ) -> Result<wire::ListAppealsResponse, Error> {
        let wire::ListAppealsRequest { organ, case_id, closed, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let wanted = check.optional_uuid("case_id", &case_id);
        let (wanted,) = check.finish_with((wanted,))?;
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens = PageToken::of("ListAppeals").filter(&organ).filter([u8::from(closed)]);
        let after: Option<AppealPlace> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let (found, next_page_token) = if let Some(case_id) = wanted {
            (store::appeals_of_case(self.pool(), &organs, case_id).await?, String::new())
        } else {
            let found = store::list_appeals(self.pool(), &organs, !closed, after.as_ref(), size).await?;
            let next = super::next(&tokens, &found, size, AppealPlace::of)?;
            (found, next)
        };
        let mut appeals = Vec::new();
        for appealed in &found {
            appeals.push(self.told_appeal(caller, &directory, appealed).await?);
        }
        Ok(wire::ListAppealsResponse { appeals, next_page_token })
    }

    /// The appeal of an answer, with its words and what this caller may do next.
    async fn appeal_now(
        &self,
        caller: &Caller,
        directory: &Directory,
        answer: Answer,
    ) -> Result<wire::Appeal, Error> {
        let appeal = answer.appeal.ok_or_else(|| Error::internal("an answer without its appeal"))?;
        let id = appeal.registered.as_ref().map(|registered| registered.appeal_id.as_str());
        let key = AppealKey {
            case_id: appeal.case_id.parse().map_err(Error::internal)?,
            appeal_id: id.unwrap_or_default().parse().map_err(Error::internal)?,
        };
        let found = store::find_appeal(self.pool(), &appeal.organ, key).await?;
        let found = found.ok_or_else(|| Error::internal("an appeal that is not there"))?;
        let now = self.whole(caller, directory, &found).await?;
        Ok(wire::Appeal {
            words: now.words,
            admission_reason: now.admission_reason,
            reason: now.reason,
            allowed_actions: now.allowed_actions,
            ..appeal
        })
    }

    /// With its words, each kept under the ledger of the organ that wrote them.
    async fn whole(
        &self,
        caller: &Caller,
        directory: &Directory,
        found: &Appealed,
    ) -> Result<wire::Appeal, Error> {
        let Appealed { organ: _, key, appeal } = found;
        let none = wire::AppealRegistered::default();
        let registered = appeal.registered.as_ref().unwrap_or(&none);
        let reason = appeal.decided.as_ref().and_then(|decided| decided.reason.as_ref());
        let (by, authority) = (&registered.organ, &registered.authority);
        Ok(wire::Appeal {
            words: self.words(by, key.case_id, registered.words.as_ref()).await?,
            admission_reason: self.words(authority, key.case_id, appeal.admission_reason.as_ref()).await?,
            reason: self.words(authority, key.case_id, reason).await?,
            ..self.told_appeal(caller, directory, found).await?
        })
    }

    async fn told_appeal(
        &self,
        caller: &Caller,
        directory: &Directory,
        found: &Appealed,
    ) -> Result<wire::Appeal, Error> {
        let Appealed { organ, key, appeal } = found;
        let (case_id, person) = (key.case_id, caller.subject());
        let own = if appeal.waits() {
            store::reviews_of_case(self.pool(), std::slice::from_ref(organ), case_id).await?
        } else {
            Vec::new()
        };
        let docket = docket(&own, organ);
        let excluded = docket.took_part(case_id, person) || docket.reviewed(case_id, person);
        let has = |role| caller.has(role);
        let actions = appeal_actions(organ, appeal, excluded, &asker(caller, directory, organ, &has));
        let mut told = answer::appeal(organ, key.case_id, appeal);
        told.allowed_actions = actions.into_iter().map(i32::from).collect();
        Ok(told)
    }
}
