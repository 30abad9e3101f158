//! `JointService`: what is written (会办; house).

use duban_proto::common::v1::Finding;
use duban_proto::routing::v1::{
    AcknowledgePartRequest, AcknowledgePartResponse, AddCoHandlersRequest, AddCoHandlersResponse,
    DecideOpinionRequest, DecideOpinionResponse, DecidePartRequest, DecidePartResponse, ExcusePartRequest,
    ExcusePartResponse, Part, PartReturnGround, ReturnOpinionRequest, ReturnOpinionResponse,
    ReturnPartRequest, ReturnPartResponse, RoutedCase, SubmitOpinionRequest, SubmitOpinionResponse,
};
use jiff::Timestamp;
use prost::Message;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::disposition::MAX_RESPONDENTS;
use super::investigation::check_persons;
use super::seal::Text;
use crate::domain::{
    Act, AddParts, Answer, Command, DecidePart, Joint, PartNamed, Query, Reassign, Sealed, SubmitOpinion,
};

/// The longest reason and question, in characters.
const MAX_REASON: usize = 2000;
const MAX_QUESTION: usize = 5000;
/// The longest opinion, in characters.
const MAX_TEXT: usize = 50_000;

/// What is asked and why, as they are kept together.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Words {
    #[prost(string, tag = "1")]
    pub(super) question: String,
    #[prost(string, tag = "2")]
    pub(super) reason: String,
}

/// The parts and the case of an answer.
struct Told {
    parts: Vec<Part>,
    case: RoutedCase,
}

impl Told {
    fn one(self) -> (Option<Part>, Option<RoutedCase>) {
        (self.parts.into_iter().next(), Some(self.case))
    }
}

impl Grpc {
    pub(super) async fn add_co_handlers(
        &self,
        caller: &Caller,
        mut request: AddCoHandlersRequest,
    ) -> Result<AddCoHandlersResponse, Error> {
        let directory = self.directory.reload().await?;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let due_at = self.check_due(&mut check, request.due_at.as_ref());
        check_asked(&mut check, &request);
        let (request_id, case_id, due_at) = check.finish_with((ids.0, ids.1, due_at))?;
        if !request.organ.is_empty() && directory.get(&request.organ).is_none() {
            return Err(Error::organ_not_found(&request.organ, directory.nearest(&request.organ)));
        }
        request.request_id.clear();
        let add = AddParts {
            term: request.term,
            organ: Some(request.organ.clone()).filter(|organ| !organ.is_empty()),
            respondents: request.respondents.clone(),
            due_at,
            words: None,
        };
        let words = Words { question: request.question.clone(), reason: request.reason.clone() };
        let words = words.encode_to_vec();
        let asked = (request_id, &request);
        let told = if words.is_empty() {
            self.without_text(caller, asked, case_id, Joint::Add(Box::new(add))).await?
        } else {
            let text = Text { kind: "question", text: &words };
            let act = |words| Joint::Add(Box::new(AddParts { words: Some(words), ..add.clone() }));
            self.with_text(caller, asked, case_id, (text, act)).await?
        };
        Ok(AddCoHandlersResponse { parts: told.parts, case: Some(told.case) })
    }

    pub(super) async fn acknowledge_part(
        &self,
        caller: &Caller,
        mut request: AcknowledgePartRequest,
    ) -> Result<AcknowledgePartResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let (request_id, case_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let act = Joint::Acknowledge(PartNamed { term: request.term, part: request.part });
        let told = self.without_text(caller, (request_id, &request), case_id, act).await?;
        let (part, case) = told.one();
        Ok(AcknowledgePartResponse { part, case })
    }

    pub(super) async fn return_part(
        &self,
        caller: &Caller,
        mut request: ReturnPartRequest,
    ) -> Result<ReturnPartResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.required_enum::<PartReturnGround>("ground", request.ground),
        );
        check.required_text("note", &request.note, MAX_REASON);
        let (request_id, case_id, ground) = check.finish_with(values)?;
        request.request_id.clear();
        let (named, note) = (PartNamed { term: request.term, part: request.part }, request.note.clone());
        let act = |note| Joint::Return { named, ground, note };
        let told = self
            .with_text(
                caller,
                (request_id, &request),
                case_id,
                (Text { kind: "return", text: note.as_bytes() }, act),
            )
            .await?;
        let (part, case) = told.one();
        Ok(ReturnPartResponse { part, case })
    }

    pub(super) async fn decide_part(
        &self,
        caller: &Caller,
        mut request: DecidePartRequest,
    ) -> Result<DecidePartResponse, Error> {
        let directory = self.directory.reload().await?;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let due_at = self.check_due(&mut check, request.due_at.as_ref());
        check.required_text("reason", &request.reason, MAX_REASON);
        let moves = !request.organ.is_empty();
        let dated = moves || request.due_at.is_none();
        check.must(dated, "due_at", "终止时没有期限", "goes with another organ only");
        let (request_id, case_id, due_at) = check.finish_with((ids.0, ids.1, due_at))?;
        if moves && directory.get(&request.organ).is_none() {
            return Err(Error::organ_not_found(&request.organ, directory.nearest(&request.organ)));
        }
        request.request_id.clear();
        let named = PartNamed { term: request.term, part: request.part };
        let next = moves.then(|| Reassign { organ: request.organ.clone(), due_at });
        let reason = request.reason.clone();
        let act = |reason| Joint::Decide(Box::new(DecidePart { named, next: next.clone(), reason }));
        let told = self
            .with_text(
                caller,
                (request_id, &request),
                case_id,
                (Text { kind: "part", text: reason.as_bytes() }, act),
            )
            .await?;
        let mut parts = told.parts.into_iter();
        Ok(DecidePartResponse { part: parts.next(), next: parts.next(), case: Some(told.case) })
    }

    pub(super) async fn submit_opinion(
        &self,
        caller: &Caller,
        mut request: SubmitOpinionRequest,
    ) -> Result<SubmitOpinionResponse, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.enum_value::<Finding>("finding", request.finding),
        );
        self.check_measures(&mut check, &organ, request.finding(), &request.measures);
        check.required_text("opinion", &request.opinion, MAX_TEXT);
        check_persons(&mut check, &request.investigators);
        let (request_id, case_id, finding) = check.finish_with(values)?;
        request.request_id.clear();
        let named = PartNamed { term: request.term, part: request.part };
        let (measures, investigators) = (request.measures.clone(), request.investigators.clone());
        let opinion = request.opinion.clone();
        let act = |opinion| {
            let (measures, investigators) = (measures.clone(), investigators.clone());
            Joint::Submit(Box::new(SubmitOpinion { named, finding, measures, investigators, opinion }))
        };
        let told = self
            .with_text(
                caller,
                (request_id, &request),
                case_id,
                (Text { kind: "opinion", text: opinion.as_bytes() }, act),
            )
            .await?;
        let (part, case) = told.one();
        Ok(SubmitOpinionResponse { part, case })
    }

    pub(super) async fn decide_opinion(
        &self,
        caller: &Caller,
        mut request: DecideOpinionRequest,
    ) -> Result<DecideOpinionResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        if request.approve {
            let none = request.reason.is_empty();
            check.must(none, "reason", "同意时不需要理由", "goes with an opinion that is not approved");
        } else {
            check.required_text("reason", &request.reason, MAX_REASON);
        }
        let (request_id, case_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let named = PartNamed { term: request.term, part: request.part };
        let reason = request.reason.clone();
        let asked = (request_id, &request);
        let told = if request.approve {
            let act = Joint::DecideOpinion { named, reason: None };
            self.without_text(caller, asked, case_id, act).await?
        } else {
            let text = Text { kind: "return", text: reason.as_bytes() };
            let act = |reason| Joint::DecideOpinion { named, reason: Some(reason) };
            self.with_text(caller, asked, case_id, (text, act)).await?
        };
        let (part, case) = told.one();
        Ok(DecideOpinionResponse { part, case })
    }

    pub(super) async fn return_opinion(
        &self,
        caller: &Caller,
        mut request: ReturnOpinionRequest,
    ) -> Result<ReturnOpinionResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let due_at = self.check_due(&mut check, request.due_at.as_ref());
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id, due_at) = check.finish_with((ids.0, ids.1, due_at))?;
        request.request_id.clear();
        let named = PartNamed { term: request.term, part: request.part };
        let reason = request.reason.clone();
        let act = |reason| Joint::Query(Box::new(Query { named, due_at, reason }));
        let told = self
            .with_text(
                caller,
                (request_id, &request),
                case_id,
                (Text { kind: "return", text: reason.as_bytes() }, act),
            )
            .await?;
        let (part, case) = told.one();
        Ok(ReturnOpinionResponse { part, case })
    }

    pub(super) async fn excuse_part(
        &self,
        caller: &Caller,
        mut request: ExcusePartRequest,
    ) -> Result<ExcusePartResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let named = PartNamed { term: request.term, part: request.part };
        let reason = request.reason.clone();
        let act = |reason| Joint::Excuse { named, reason };
        let told = self
            .with_text(
                caller,
                (request_id, &request),
                case_id,
                (Text { kind: "part", text: reason.as_bytes() }, act),
            )
            .await?;
        let (part, case) = told.one();
        Ok(ExcusePartResponse { part, case })
    }
}

impl Grpc {
    async fn without_text(
        &self,
        caller: &Caller,
        request: (Uuid, &impl Message),
        case_id: Uuid,
        act: Joint,
    ) -> Result<Told, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let command = Command { case_id: Some(case_id), act: Act::Joint(act) };
        let answer = self.submit(&organ, caller, request, command).await?.answer;
        Box::pin(self.told_parts(caller, &organ, case_id, answer)).await
    }

    async fn with_text(
        &self,
        caller: &Caller,
        request: (Uuid, &impl Message),
        case_id: Uuid,
        (text, act): (Text<'_>, impl Fn(Sealed) -> Joint + Send),
    ) -> Result<Told, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let act = move |sealed| Act::Joint(act(sealed));
        let answer = self.submit_sealed(&organ, caller, request, case_id, (text, act)).await?.answer;
        Box::pin(self.told_parts(caller, &organ, case_id, answer)).await
    }

    async fn told_parts(
        &self,
        caller: &Caller,
        organ: &str,
        case_id: Uuid,
        answer: Answer,
    ) -> Result<Told, Error> {
        let known = self.known(organ, case_id).await?;
        let mut parts = answer.parts.clone();
        for told in &mut parts {
            if let Some(part) = known.part(told.part) {
                told.allowed_actions = self.allowed_on(caller, organ, &known, part);
            }
        }
        Ok(Told { parts, case: self.told_now(caller, organ, answer.case).await? })
    }

    /// A date that may be absent, and is not past.
    #[allow(clippy::option_option)] // absent and malformed are two things
    fn check_due(
        &self,
        check: &mut Violations,
        due_at: Option<&prost_types::Timestamp>,
    ) -> Option<Option<Timestamp>> {
        let due_at = check.optional_timestamp("due_at", due_at)?;
        let past = due_at.is_some_and(|due_at| due_at <= self.writer.clock().now());
        check.must(!past, "due_at", "应当晚于现在", "is not in the future").then_some(due_at)
    }
}

/// By the rules, or by hand with a reason and something to handle.
fn check_asked(check: &mut Violations, request: &AddCoHandlersRequest) {
    check.text("question", &request.question, MAX_QUESTION);
    if check.max_items("respondents", request.respondents.len(), MAX_RESPONDENTS) {
        for (index, respondent) in request.respondents.iter().enumerate() {
            let twice = request.respondents.iter().take(index).any(|before| before == respondent);
            check.must(!twice, format!("respondents[{index}]"), "同一被投诉人重复", "is given twice");
        }
    }
    if request.organ.is_empty() {
        let none = request.reason.is_empty();
        check.must(none, "reason", "未指定机关时不需要理由", "goes with an organ that an officer chooses");
        return;
    }
    check.required_text("reason", &request.reason, MAX_REASON);
    let something = !request.respondents.is_empty() || !request.question.trim().is_empty();
    check.must(
        something,
        "question",
        "应当指明被投诉人或者提出问题",
        "is required where the part is about no respondent",
    );
}
