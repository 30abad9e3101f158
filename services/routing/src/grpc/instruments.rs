//! `InstrumentService`: what is written (3, 7, 22).

use access::Role;
use calendar::Length;
use duban_proto::routing::v1 as wire;
use duban_proto::routing::v1::instrument_addressee::To;
use duban_proto::routing::v1::{InstrumentAddressee, InstrumentDelivery, InstrumentKind};
use jiff::civil::Date;
use prost::Message;
use regulation::Approver;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::instrument_look::told;
use super::seal::Text;
use crate::domain::{
    Act, After, Answer, AnswerInstrument, Command, DraftInstrument, OnInstrument, RejectAnswer, Sealed,
    WithdrawInstrument,
};

/// The longest texts, in characters.
pub(super) const MAX_TITLE: usize = 200;
pub(super) const MAX_TEXT: usize = 20_000;
const MAX_REASON: usize = 2000;

/// What every act on an instrument names: the request, the case, the instrument.
type Ids = (Uuid, Uuid, Uuid);

pub(super) fn ids(
    check: &mut Violations,
    request_id: &str,
    case_id: &str,
    instrument_id: &str,
) -> Option<Ids> {
    let request_id = check.uuid("request_id", request_id);
    let case_id = check.uuid("case_id", case_id);
    let instrument_id = check.uuid("instrument_id", instrument_id);
    Some((request_id?, case_id?, instrument_id?))
}

/// A length that may be absent. The outer `None` is a violation.
#[allow(clippy::option_option)] // absent and malformed are two things
fn within(check: &mut Violations, text: &str) -> Option<Option<Length>> {
    if text.is_empty() {
        return Some(None);
    }
    check.parsed::<Length>("answer_within", text, "应为期限,如 5 workdays").map(Some)
}

/// One of the three; a name in words with an authority, and with nothing else.
fn addressee(check: &mut Violations, request: &wire::DraftInstrumentRequest) -> Option<InstrumentAddressee> {
    let addressee = check.message("addressee", request.addressee.clone())?;
    let in_words = match check.message("addressee", addressee.to.as_ref())? {
        To::Authority(in_words) => {
            check.must(*in_words, "addressee.authority", "应为 true", "must be true");
            true
        }
        To::Organ(code) => {
            check.required_text("addressee.organ", code, MAX_TITLE);
            false
        }
        To::Respondent(_) => false,
    };
    if in_words {
        check.required_text("addressee_name", &request.addressee_name, MAX_TITLE);
    } else {
        let empty = request.addressee_name.is_empty();
        check.must(empty, "addressee_name", "仅用于目录以外的对象", "goes with an authority in words only");
    }
    Some(addressee)
}

fn on(act: OnInstrument) -> Act {
    Act::After(After::Instrument(Box::new(act)))
}

impl Grpc {
    pub(super) async fn draft(
        &self,
        caller: &Caller,
        mut request: wire::DraftInstrumentRequest,
    ) -> Result<wire::DraftInstrumentResponse, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.required_enum::<InstrumentKind>("kind", request.kind),
            addressee(&mut check, &request),
            within(&mut check, &request.answer_within),
        );
        check.required_text("title", &request.title, MAX_TITLE);
        check.required_text("text", &request.text, MAX_TEXT);
        self.check_recommended(&mut check, &organ, &request);
        let (request_id, case_id, kind, addressee, answer_within) = check.finish_with(values)?;
        if let Some(To::Organ(code)) = &addressee.to {
            let directory = self.directory.knowing([code.as_str()]).await?;
            if directory.get(code).is_none() {
                return Err(Error::organ_not_found(code, directory.nearest(code)));
            }
        }
        let words = wire::Instrument {
            title: request.title.clone(),
            text: request.text.clone(),
            addressee_name: request.addressee_name.clone(),
            ..wire::Instrument::default()
        };
        let words = words.encode_to_vec();
        let measures = request.measures.clone();
        request.request_id.clear();
        let text = Text { kind: "instrument", text: &words };
        let act = |text: Sealed| {
            let (addressee, measures) = (addressee.clone(), measures.clone());
            on(OnInstrument::Draft(DraftInstrument { kind, addressee, measures, answer_within, text }))
        };
        let answer =
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        Ok(wire::DraftInstrumentResponse { instrument: Some(self.papered(caller, &organ, answer).await?) })
    }

    /// A recommendation has measures of the regulation, each once; nothing else has any (22).
    fn check_recommended(&self, check: &mut Violations, organ: &str, request: &wire::DraftInstrumentRequest) {
        let rule = self.regulation(organ).investigation();
        if !check.max_items("measures", request.measures.len(), rule.measures.len()) {
            return;
        }
        for (index, measure) in request.measures.iter().enumerate() {
            if request.measures.iter().take(index).any(|before| before == measure) {
                check.add(format!("measures[{index}]"), "措施重复", "is given twice");
            } else {
                self.check_measure(check, organ, &format!("measures[{index}]"), measure);
            }
        }
        let recommends = request.kind() == InstrumentKind::Recommendation;
        check.must(
            recommends != request.measures.is_empty(),
            "measures",
            "处理建议书应当提出处理措施,其他文书不得提出",
            "belong to a recommendation, and only there",
        );
    }

    fn check_measure(&self, check: &mut Violations, organ: &str, field: &str, measure: &str) {
        let rule = self.regulation(organ).investigation();
        if rule.measure(measure).is_none() {
            let known = rule.measures.iter().map(|known| known.code.as_str()).collect::<Vec<_>>().join(", ");
            check.add(field, format!("应为下列之一:{known}"), format!("must be one of: {known}"));
        }
    }

    pub(super) async fn issue(
        &self,
        caller: &Caller,
        mut request: wire::IssueInstrumentRequest,
    ) -> Result<wire::IssueInstrumentResponse, Error> {
        let mut check = Violations::default();
        let named = ids(&mut check, &request.request_id, &request.case_id, &request.instrument_id);
        let ((request_id, case_id, id),) = check.finish_with((named,))?;
        let roles = [(Role::Leader, Approver::LeaderInCharge), (Role::Head, Approver::PrincipalHead)];
        let signs_as =
            roles.into_iter().filter(|(role, _)| caller.has(*role)).map(|(_, signs_as)| signs_as).collect();
        request.request_id.clear();
        let act = OnInstrument::Issue { id: id.to_string(), signs_as };
        let instrument = self.on_paper(caller, (request_id, &request), case_id, act).await?;
        Ok(wire::IssueInstrumentResponse { instrument: Some(instrument) })
    }

    pub(super) async fn deliver(
        &self,
        caller: &Caller,
        mut request: wire::RecordInstrumentDeliveryRequest,
    ) -> Result<wire::RecordInstrumentDeliveryResponse, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let mut check = Violations::default();
        let values = (
            ids(&mut check, &request.request_id, &request.case_id, &request.instrument_id),
            self.past(&mut check, &organ, "delivered_on", &request.delivered_on),
            check.required_enum::<InstrumentDelivery>("way", request.way),
        );
        let ((request_id, case_id, id), on, way) = check.finish_with(values)?;
        request.request_id.clear();
        let act = OnInstrument::Deliver { id: id.to_string(), on, way };
        let instrument = self.on_paper(caller, (request_id, &request), case_id, act).await?;
        Ok(wire::RecordInstrumentDeliveryResponse { instrument: Some(instrument) })
    }

    /// A day that is not in the future, where the organ is.
    fn past(&self, check: &mut Violations, organ: &str, field: &'static str, text: &str) -> Option<Date> {
        let day = check.date(field, text)?;
        let today = self.regulation(organ).counting().zone.to_datetime(self.writer.clock().now()).date();
        check.must(day <= today, field, "不得晚于今天", "is in the future");
        Some(day)
    }

    pub(super) async fn record_answer(
        &self,
        caller: &Caller,
        mut request: wire::RecordInstrumentAnswerRequest,
    ) -> Result<wire::RecordInstrumentAnswerResponse, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let mut check = Violations::default();
        let decision = (&*request.measure, &*request.decided_by, &*request.decided_on);
        let values = (
            ids(&mut check, &request.request_id, &request.case_id, &request.instrument_id),
            self.past(&mut check, &organ, "received_on", &request.received_on),
            self.decided(&mut check, &organ, decision),
        );
        check.required_text("text", &request.text, MAX_TEXT);
        let ((request_id, case_id, id), received_on, decided) = check.finish_with(values)?;
        let words = wire::InstrumentAnswer {
            text: request.text.clone(),
            decided_by: request.decided_by.clone(),
            ..wire::InstrumentAnswer::default()
        };
        let words = words.encode_to_vec();
        request.request_id.clear();
        let text = Text { kind: "instrument_answer", text: &words };
        let act = |text: Sealed| {
            let decided = decided.clone();
            on(OnInstrument::Answer(AnswerInstrument { id: id.to_string(), received_on, decided, text }))
        };
        let answer =
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        let instrument = Some(self.papered(caller, &organ, answer).await?);
        Ok(wire::RecordInstrumentAnswerResponse { instrument })
    }

    /// What the authority decided, with who and when; or nothing of it: measure, who, day. The outer `None` is a violation.
    #[allow(clippy::option_option)] // absent and malformed are two things
    pub(super) fn decided(
        &self,
        check: &mut Violations,
        organ: &str,
        (measure, decided_by, decided_on): (&str, &str, &str),
    ) -> Option<Option<(String, Date)>> {
        if measure.is_empty() {
            let nothing = decided_by.is_empty() && decided_on.is_empty();
            check.must(
                nothing,
                "measure",
                "有处理决定的应当注明措施",
                "is required with who decided, and when",
            );
            return Some(None);
        }
        self.check_measure(check, organ, "measure", measure);
        check.required_text("decided_by", decided_by, MAX_TITLE);
        let on = self.past(check, organ, "decided_on", decided_on)?;
        Some(Some((measure.to_owned(), on)))
    }

    pub(super) async fn accept_answer(
        &self,
        caller: &Caller,
        mut request: wire::AcceptInstrumentAnswerRequest,
    ) -> Result<wire::AcceptInstrumentAnswerResponse, Error> {
        let mut check = Violations::default();
        let named = ids(&mut check, &request.request_id, &request.case_id, &request.instrument_id);
        let ((request_id, case_id, id),) = check.finish_with((named,))?;
        request.request_id.clear();
        let act = OnInstrument::Accept { id: id.to_string() };
        let instrument = self.on_paper(caller, (request_id, &request), case_id, act).await?;
        Ok(wire::AcceptInstrumentAnswerResponse { instrument: Some(instrument) })
    }

    pub(super) async fn reject_answer(
        &self,
        caller: &Caller,
        mut request: wire::RejectInstrumentAnswerRequest,
    ) -> Result<wire::RejectInstrumentAnswerResponse, Error> {
        let mut check = Violations::default();
        let values = (
            ids(&mut check, &request.request_id, &request.case_id, &request.instrument_id),
            within(&mut check, &request.answer_within),
        );
        check.required_text("reason", &request.reason, MAX_REASON);
        let ((request_id, case_id, id), answer_within) = check.finish_with(values)?;
        let (organ, _) = self.own_organ(caller).await?;
        let words = request.reason.clone();
        request.request_id.clear();
        let text = Text { kind: "instrument_reason", text: words.as_bytes() };
        let act = |reason: Sealed| {
            on(OnInstrument::Reject(RejectAnswer { id: id.to_string(), answer_within, reason }))
        };
        let answer =
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        let instrument = Some(self.papered(caller, &organ, answer).await?);
        Ok(wire::RejectInstrumentAnswerResponse { instrument })
    }

    pub(super) async fn withdraw(
        &self,
        caller: &Caller,
        mut request: wire::WithdrawInstrumentRequest,
    ) -> Result<wire::WithdrawInstrumentResponse, Error> {
        let mut check = Violations::default();
        let named = ids(&mut check, &request.request_id, &request.case_id, &request.instrument_id);
        check.required_text("reason", &request.reason, MAX_REASON);
        let ((request_id, case_id, id),) = check.finish_with((named,))?;
        let (organ, _) = self.own_organ(caller).await?;
        let as_leader = caller.has(Role::Leader);
        let words = request.reason.clone();
        request.request_id.clear();
        let text = Text { kind: "instrument_reason", text: words.as_bytes() };
        let act = |reason: Sealed| {
            on(OnInstrument::Withdraw(WithdrawInstrument { id: id.to_string(), as_leader, reason }))
        };
        let answer =
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        let instrument = Some(self.papered(caller, &organ, answer).await?);
        Ok(wire::WithdrawInstrumentResponse { instrument })
    }

    /// Submits an act without a text.
    async fn on_paper(
        &self,
        caller: &Caller,
        request: (Uuid, &impl Message),
        case_id: Uuid,
        act: OnInstrument,
    ) -> Result<wire::Instrument, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let command = Command { case_id: Some(case_id), act: on(act) };
        let answer = self.submit(&organ, caller, request, command).await?.answer;
        self.papered(caller, &organ, answer).await
    }

    /// The instrument of an answer, as this caller is told it now.
    async fn papered(&self, caller: &Caller, organ: &str, answer: Answer) -> Result<wire::Instrument, Error> {
        let answered =
            answer.instrument.ok_or_else(|| Error::internal("an answer without its instrument"))?;
        let case_id = Uuid::try_parse(&answered.case_id).map_err(Error::internal)?;
        let case = self.known(organ, case_id).await?;
        let now =
            case.instrument(&answered.instrument_id).map(|one| told(caller, organ, case_id, &case, one));
        let actions = now.map(|now| now.allowed_actions).unwrap_or_default();
        Ok(wire::Instrument { allowed_actions: actions, ..answered })
    }
}
