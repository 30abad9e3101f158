//! What is done about notices.

use calendar::Length;
use duban_proto::supervision::v1::{
    AcceptNoticeAnswerRequest, AcceptNoticeAnswerResponse, AcknowledgeNoticeRequest,
    AcknowledgeNoticeResponse, AnswerNoticeRequest, AnswerNoticeResponse, Instrument, IssueNoticeRequest,
    IssueNoticeResponse, Notice, RejectNoticeAnswerRequest, RejectNoticeAnswerResponse,
    WithdrawNoticeRequest, WithdrawNoticeResponse,
};
use prost::Message;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use crate::domain::{Command, IssueNotice, NoticeAct, NoticeCommand, OnNotice, Sealed};
use crate::grpc::Grpc;
use crate::grpc::sealed::Texts;

/// The longest text of a notice or an answer, in characters.
const MAX_TEXT: usize = 4000;
/// The longest reason, in characters.
const MAX_REASON: usize = 2000;
/// The most measures of an answer.
const MAX_MEASURES: usize = 20;

/// A notice that something is done about.
#[expect(clippy::struct_field_names, reason = "as the request has them")]
struct About {
    request_id: Uuid,
    case_id: Uuid,
    notice_id: Uuid,
}

/// Which of the two organs does it.
type Who = fn(&Notice) -> &str;

const ADDRESSEE: Who = |notice| &notice.organ;
const ISSUER: Who = |notice| &notice.issued_by;

impl Grpc {
    pub(in crate::grpc) async fn issue(
        &self,
        caller: &Caller,
        mut request: IssueNoticeRequest,
    ) -> Result<IssueNoticeResponse, Error> {
        let IssueNoticeRequest { request_id, case_id, organ, instrument, text, answer_within } = &request;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", request_id), check.uuid("case_id", case_id));
        let kind = check.required_enum::<Instrument>("instrument", *instrument);
        let within = within(&mut check, answer_within);
        check.required("organ", organ);
        check.required_text("text", text, MAX_TEXT);
        let by_hand = matches!(kind, Some(Instrument::Reminder | Instrument::SupervisionNotice) | None);
        check.must(by_hand, "instrument", "应为催办或者督办单", "must be a reminder or a supervision notice");
        let answered = kind != Some(Instrument::Reminder) || answer_within.is_empty();
        check.must(answered, "answer_within", "催办不需要反馈", "a reminder is not answered");
        let (request_id, case_id, kind, within) = check.finish_with((ids.0, ids.1, kind, within))?;
        let directory = self.directory(caller, "").await?;
        // The issuing organ is the caller's own; the case is its own, or of one below.
        let issuer = caller.organ_code("", directory.tree())?;
        let clocks = self.visible_clocks(caller, &directory, case_id).await?;
        let running = clocks
            .iter()
            .filter(|running| running.clock.runs())
            .find(|it| it.organ == *organ || it.clock.responsible_organ == *organ);
        let running =
            running.ok_or_else(|| Error::nothing_to_act_on("clock", format!("{case_id}/{organ}")))?;
        let number_prefix = directory.get(&issuer).map(|it| it.number_prefix.clone()).unwrap_or_default();
        let notice_id = self.ids.new_id(self.writer.clock().now());
        let issue = IssueNotice {
            notice_id,
            case_id,
            case_number: running.clock.number.clone(),
            instrument: kind,
            organ: organ.clone(),
            number_prefix,
            answer_within: within,
            text: Sealed::default(),
        };
        let text = text.clone();
        request.request_id.clear();
        let texts = Texts { case_id, fields: &[("text", &text)] };
        let command = |text| {
            Command::Notice(Box::new(NoticeCommand::Issue(Box::new(IssueNotice { text, ..issue.clone() }))))
        };
        let answer = self.submit_sealed((&issuer, caller), request_id, &request, texts, command).await?;
        let notice = answer.notice.ok_or_else(|| Error::internal("an answer without its notice"))?;
        // Told again, a request answers with the notice that it issued the first time.
        let notice_id = notice.notice_id.parse().map_err(Error::internal)?;
        Ok(IssueNoticeResponse { notice: Some(self.acted(caller, case_id, notice_id, notice).await?) })
    }

    pub(in crate::grpc) async fn acknowledge(
        &self,
        caller: &Caller,
        mut request: AcknowledgeNoticeRequest,
    ) -> Result<AcknowledgeNoticeResponse, Error> {
        let AcknowledgeNoticeRequest { request_id, case_id, notice_id } = &request;
        let about = about(Violations::default(), request_id, case_id, notice_id)?;
        request.request_id.clear();
        let notice = self.act(caller, &about, ADDRESSEE, &request, &[], |_| NoticeAct::Acknowledge).await?;
        Ok(AcknowledgeNoticeResponse { notice: Some(notice) })
    }

    pub(in crate::grpc) async fn answer_to_notice(
        &self,
        caller: &Caller,
        mut request: AnswerNoticeRequest,
    ) -> Result<AnswerNoticeResponse, Error> {
        let AnswerNoticeRequest { request_id, case_id, notice_id, text, measures } = &request;
        let mut check = Violations::default();
        check.required_text("text", text, MAX_TEXT);
        check.max_items("measures", measures.len(), MAX_MEASURES);
        let about = about(check, request_id, case_id, notice_id)?;
        let (text, measures) = (text.clone(), measures.clone());
        request.request_id.clear();
        let answer = |text| NoticeAct::Answer { measures: measures.clone(), text };
        let notice = self.act(caller, &about, ADDRESSEE, &request, &[("text", &text)], answer).await?;
        Ok(AnswerNoticeResponse { notice: Some(notice) })
    }

    pub(in crate::grpc) async fn accept_answer(
        &self,
        caller: &Caller,
        mut request: AcceptNoticeAnswerRequest,
    ) -> Result<AcceptNoticeAnswerResponse, Error> {
        let AcceptNoticeAnswerRequest { request_id, case_id, notice_id, round } = &request;
        let (round, about) = (*round, about(Violations::default(), request_id, case_id, notice_id)?);
        request.request_id.clear();
        let accept = |_| NoticeAct::Accept { round };
        let notice = self.act(caller, &about, ISSUER, &request, &[], accept).await?;
        Ok(AcceptNoticeAnswerResponse { notice: Some(notice) })
    }

    pub(in crate::grpc) async fn reject_answer(
        &self,
        caller: &Caller,
        mut request: RejectNoticeAnswerRequest,
    ) -> Result<RejectNoticeAnswerResponse, Error> {
        let RejectNoticeAnswerRequest { request_id, case_id, notice_id, round, reason, answer_within } =
            &request;
        let mut check = Violations::default();
        check.required_text("reason", reason, MAX_REASON);
        let within = within(&mut check, answer_within).unwrap_or_default();
        let (round, about) = (*round, about(check, request_id, case_id, notice_id)?);
        let reason = reason.clone();
        request.request_id.clear();
        let reject = |reason| NoticeAct::Reject { round, answer_within: within, reason };
        let notice = self.act(caller, &about, ISSUER, &request, &[("reason", &reason)], reject).await?;
        Ok(RejectNoticeAnswerResponse { notice: Some(notice) })
    }

    pub(in crate::grpc) async fn withdraw(
        &self,
        caller: &Caller,
        mut request: WithdrawNoticeRequest,
    ) -> Result<WithdrawNoticeResponse, Error> {
        let WithdrawNoticeRequest { request_id, case_id, notice_id, reason } = &request;
        let mut check = Violations::default();
        check.required_text("reason", reason, MAX_REASON);
        let about = about(check, request_id, case_id, notice_id)?;
        let reason = reason.clone();
        request.request_id.clear();
        let withdraw = |reason| NoticeAct::Withdraw { reason };
        let notice = self.act(caller, &about, ISSUER, &request, &[("reason", &reason)], withdraw).await?;
        Ok(WithdrawNoticeResponse { notice: Some(notice) })
    }

    /// Has it decided in the ledger of the organ that does it, with its texts under the case's key there.
    async fn act(
        &self,
        caller: &Caller,
        about: &About,
        who: Who,
        request: &impl Message,
        fields: &[(&'static str, &str)],
        act: impl Fn(Sealed) -> NoticeAct,
    ) -> Result<Notice, Error> {
        let &About { request_id, case_id, notice_id } = about;
        let directory = self.directory(caller, "").await?;
        let notice = self.visible_notice(caller, &directory, case_id, notice_id).await?;
        let organ = who(&notice.told).to_owned();
        caller.must_act_for(&organ, directory.tree())?;
        let command = |sealed| {
            let on = OnNotice { case_id, notice_id, act: act(sealed) };
            Command::Notice(Box::new(NoticeCommand::On(Box::new(on))))
        };
        let texts = Texts { case_id, fields };
        let answer = self.submit_sealed((&organ, caller), request_id, request, texts, command).await?;
        let notice = answer.notice.ok_or_else(|| Error::internal("an answer without its notice"))?;
        self.acted(caller, case_id, notice_id, notice).await
    }
}

/// A length that may be left out.
#[allow(clippy::option_option)] // faulty, absent, or there
fn within(check: &mut Violations, text: &str) -> Option<Option<Length>> {
    if text.is_empty() {
        return Some(None);
    }
    check.parsed("answer_within", text, "应为数字加单位,如 3 workdays").map(Some)
}

fn about(mut check: Violations, request_id: &str, case_id: &str, notice_id: &str) -> Result<About, Error> {
    let ids = (
        check.uuid("request_id", request_id),
        check.uuid("case_id", case_id),
        check.uuid("notice_id", notice_id),
    );
    let (request_id, case_id, notice_id) = check.finish_with(ids)?;
    Ok(About { request_id, case_id, notice_id })
}
