//! `TransferService`: what officers ask about a case's terms (5(4), 6(2), 14, 20).

use access::Role;
use duban_proto::routing::v1::{
    AnswerRecallRequest, AnswerRecallResponse, AskDesignationRequest, AskDesignationResponse,
    DecideDepartureRequest, DecideDepartureResponse, DecideReturnRequest, DecideReturnResponse,
    DecideSecondReturnRequest, DecideSecondReturnResponse, DesignateRequest, DesignateResponse,
    RequestRecallRequest, RequestRecallResponse, ReturnTransferRequest, ReturnTransferResponse, RoutedCase,
    TakeOverRequest, TakeOverResponse,
};
use prost::Message;
use regulation::Approver;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::seal::Text;
use crate::domain::{Act, Answer, Command, GiveBack, Handshake, OnReturn, Sealed};

/// The longest reason, in characters.
pub(super) const MAX_REASON: usize = 2000;

impl Grpc {
    pub(super) async fn give_back(
        &self,
        caller: &Caller,
        mut request: ReturnTransferRequest,
    ) -> Result<ReturnTransferResponse, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        let rules = self.regulation(&organ).transfers();
        if check.required("ground", &request.ground) && rules.ground(&request.ground).is_none() {
            let known: Vec<&str> = rules.grounds.iter().map(|ground| ground.code.as_str()).collect();
            let known = known.join(", ");
            let (zh, en) = (format!("应为下列之一:{known}"), format!("must be one of: {known}"));
            check.add("ground", zh, en);
        }
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with(ids)?;
        let approves = approves_as(caller).iter().any(|approver| rules.approvers.contains(approver));
        request.request_id.clear();
        let (term, ground, words) = (request.term, request.ground.clone(), request.reason.clone());
        let act = |reason| Handshake::Return(GiveBack { term, ground: ground.clone(), reason, approves });
        let answer = self.reasoned(&organ, caller, (request_id, &request), case_id, (&words, act)).await?;
        let awaits_approval = answer.awaits_approval;
        let case = Some(self.told_now(caller, &organ, answer.case).await?);
        Ok(ReturnTransferResponse { awaits_approval, case })
    }

    pub(super) async fn decide_proposal(
        &self,
        caller: &Caller,
        mut request: DecideSecondReturnRequest,
    ) -> Result<DecideSecondReturnResponse, Error> {
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        refusal(&mut check, request.approved, &request.reason);
        let ids = check.finish_with(ids)?;
        request.request_id.clear();
        let (term, words) = (request.term, request.reason.clone());
        let approves_as = approves_as(caller);
        let act = |dropped| Handshake::DecideProposal { term, approves_as: approves_as.clone(), dropped };
        let case = self.answered(caller, (ids, &request), (&words, act)).await?;
        Ok(DecideSecondReturnResponse { case: Some(case) })
    }

    pub(super) async fn decide_return(
        &self,
        caller: &Caller,
        mut request: DecideReturnRequest,
    ) -> Result<DecideReturnResponse, Error> {
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        check.required_text("reason", &request.reason, MAX_REASON);
        let agreed_only = [("organ", request.organ.is_empty()), ("compulsory", !request.compulsory)];
        for (field, absent) in agreed_only {
            check.must(request.agree || absent, field, "同意退回时方可填写", "goes with an agreement only");
        }
        let ids = check.finish_with(ids)?;
        let to = self.known_organ(&request.organ).await?;
        request.request_id.clear();
        let (term, agree, compulsory) = (request.term, request.agree, request.compulsory);
        let words = request.reason.clone();
        let act = |reason| {
            let decision =
                if agree { OnReturn::Agree { organ: to.clone(), compulsory } } else { OnReturn::Insist };
            Handshake::DecideReturn { term, decision, reason }
        };
        let case = self.because(caller, (ids, &request), (&words, act)).await?;
        Ok(DecideReturnResponse { case: Some(case) })
    }

    pub(super) async fn recall(
        &self,
        caller: &Caller,
        mut request: RequestRecallRequest,
    ) -> Result<RequestRecallResponse, Error> {
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        check.required_text("reason", &request.reason, MAX_REASON);
        let ids = check.finish_with(ids)?;
        let to = self.known_organ(&request.organ).await?;
        request.request_id.clear();
        let (term, words) = (request.term, request.reason.clone());
        let act = |reason| Handshake::Recall { term, organ: to.clone(), reason };
        let case = self.because(caller, (ids, &request), (&words, act)).await?;
        Ok(RequestRecallResponse { case: Some(case) })
    }

    pub(super) async fn answer_recall(
        &self,
        caller: &Caller,
        mut request: AnswerRecallRequest,
    ) -> Result<AnswerRecallResponse, Error> {
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        refusal(&mut check, request.agree, &request.reason);
        let ids = check.finish_with(ids)?;
        request.request_id.clear();
        let (term, words) = (request.term, request.reason.clone());
        let act = |kept| Handshake::AnswerRecall { term, kept };
        let case = self.answered(caller, (ids, &request), (&words, act)).await?;
        Ok(AnswerRecallResponse { case: Some(case) })
    }

    pub(super) async fn take_over(
        &self,
        caller: &Caller,
        mut request: TakeOverRequest,
    ) -> Result<TakeOverResponse, Error> {
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        check.required_text("reason", &request.reason, MAX_REASON);
        let ids = check.finish_with(ids)?;
        request.request_id.clear();
        let (term, words) = (request.term, request.reason.clone());
        let act = |reason| Handshake::TakeOver { term, reason };
        let case = self.because(caller, (ids, &request), (&words, act)).await?;
        Ok(TakeOverResponse { case: Some(case) })
    }

    pub(super) async fn decide_departure(
        &self,
        caller: &Caller,
        mut request: DecideDepartureRequest,
    ) -> Result<DecideDepartureResponse, Error> {
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        refusal(&mut check, request.approved, &request.reason);
        let ids = check.finish_with(ids)?;
        request.request_id.clear();
        let (version, words) = (request.version, request.reason.clone());
        let act = |rejected| Handshake::DecideDeparture { version, rejected };
        let case = self.answered(caller, (ids, &request), (&words, act)).await?;
        Ok(DecideDepartureResponse { case: Some(case) })
    }

    pub(super) async fn ask_designation(
        &self,
        caller: &Caller,
        mut request: AskDesignationRequest,
    ) -> Result<AskDesignationResponse, Error> {
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        check.required_text("reason", &request.reason, MAX_REASON);
        let ids = check.finish_with(ids)?;
        request.request_id.clear();
        let (version, words) = (request.version, request.reason.clone());
        let act = |reason| Handshake::AskDesignation { version, reason };
        let case = self.because(caller, (ids, &request), (&words, act)).await?;
        Ok(AskDesignationResponse { case: Some(case) })
    }

    pub(super) async fn designate(
        &self,
        caller: &Caller,
        mut request: DesignateRequest,
    ) -> Result<DesignateResponse, Error> {
        let mut check = Violations::default();
        let ids = ids(&mut check, &request.request_id, &request.case_id);
        check.required("organ", &request.organ);
        check.required_text("reason", &request.reason, MAX_REASON);
        let ids = check.finish_with(ids)?;
        self.known_organ(&request.organ).await?;
        request.request_id.clear();
        let (version, to, words) = (request.version, request.organ.clone(), request.reason.clone());
        let act = |reason| Handshake::Designate { version, organ: to.clone(), reason };
        let case = self.because(caller, (ids, &request), (&words, act)).await?;
        Ok(DesignateResponse { case: Some(case) })
    }

    /// An organ that is named has to be in the directory; nothing where none is.
    pub(super) async fn known_organ(&self, code: &str) -> Result<Option<String>, Error> {
        if code.is_empty() {
            return Ok(None);
        }
        let directory = self.directory.reload().await?;
        match directory.get(code) {
            Some(organ) => Ok(Some(organ.code.clone())),
            None => Err(Error::organ_not_found(code, directory.nearest(code))),
        }
    }

    /// Something with a reason.
    async fn reasoned(
        &self,
        organ: &str,
        caller: &Caller,
        request: (Uuid, &impl Message),
        case_id: Uuid,
        (words, act): (&str, impl Fn(Sealed) -> Handshake + Send),
    ) -> Result<Answer, Error> {
        let text = Text { kind: "transfer", text: words.as_bytes() };
        let act = move |reason| Act::Transfer(Box::new(act(reason)));
        Ok(self.submit_sealed(organ, caller, request, case_id, (text, act)).await?.answer)
    }

    /// Something with a reason, and the case as it is then.
    async fn because(
        &self,
        caller: &Caller,
        ((request_id, case_id), request): ((Uuid, Uuid), &impl Message),
        reason: (&str, impl Fn(Sealed) -> Handshake + Send),
    ) -> Result<RoutedCase, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let answer = self.reasoned(&organ, caller, (request_id, request), case_id, reason).await?;
        self.told_now(caller, &organ, answer.case).await
    }

    /// A yes, or a no with a reason.
    async fn answered(
        &self,
        caller: &Caller,
        ((request_id, case_id), request): ((Uuid, Uuid), &impl Message),
        (words, act): (&str, impl Fn(Option<Sealed>) -> Handshake + Send),
    ) -> Result<RoutedCase, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let answer = if words.is_empty() {
            let act = Act::Transfer(Box::new(act(None)));
            let command = Command { case_id: Some(case_id), act };
            self.submit(&organ, caller, (request_id, request), command).await?.answer
        } else {
            let act = move |reason| act(Some(reason));
            self.reasoned(&organ, caller, (request_id, request), case_id, (words, act)).await?
        };
        self.told_now(caller, &organ, answer.case).await
    }
}

fn ids(check: &mut Violations, request_id: &str, case_id: &str) -> (Option<Uuid>, Option<Uuid>) {
    (check.uuid("request_id", request_id), check.uuid("case_id", case_id))
}

/// As what a caller may approve, in the words of the regulation.
fn approves_as(caller: &Caller) -> Vec<Approver> {
    let roles = [(Role::Leader, Approver::LeaderInCharge), (Role::Head, Approver::PrincipalHead)];
    roles.into_iter().filter_map(|(role, approver)| caller.has(role).then_some(approver)).collect()
}

/// A reason goes with a no, and with nothing else.
fn refusal(check: &mut Violations, yes: bool, reason: &str) {
    if yes {
        check.must(reason.is_empty(), "reason", "同意时不需要理由", "goes with a refusal only");
    } else {
        check.required_text("reason", reason, MAX_REASON);
    }
}
