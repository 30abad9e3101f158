//! What the desk decides: registration, acceptance and its refusals, withdrawal (2, 10, 13, 14(4)).

use content::Draft;
use duban_proto::intake::v1::{
    AcceptCaseRequest, AcceptCaseResponse, CaseSummary, DeclineCaseRequest, DeclineCaseResponse,
    DirectElsewhereRequest, DirectElsewhereResponse, ReferCaseRequest, ReferCaseResponse,
    RegisterCaseRequest, RegisterCaseResponse, WithdrawComplaintRequest, WithdrawComplaintResponse,
};
use prost::Message;
use regulation::RefusalKind;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::complaint::{one_of, unknown_organ};
use super::seal::Item;
use super::submit::prefix;
use crate::domain::{Accept, Act, Close, Register, Way};

/// The longest note or explanation, in characters.
const MAX_NOTE: usize = 2000;

/// A case to close, as a request says.
struct Closing<'a> {
    case_id: Uuid,
    version: u32,
    way: Way,
    explanation: &'a str,
}

impl Grpc {
    pub(super) async fn register(
        &self,
        caller: &Caller,
        mut request: RegisterCaseRequest,
    ) -> Result<RegisterCaseResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, directory) = self.organ_of(caller, case_id).await?;
        let act = Act::Register(Register { prefix: prefix(&directory, &organ), reply_id: self.new_id() });
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(RegisterCaseResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    pub(super) async fn accept(
        &self,
        caller: &Caller,
        mut request: AcceptCaseRequest,
    ) -> Result<AcceptCaseResponse, Error> {
        let (organ, _) = self.organ_of(caller, &request.case_id).await?;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let regulation = self.regulation(&organ);
        for (index, ground) in request.grounds.iter().enumerate() {
            if regulation.ground(ground).is_none() {
                let field = format!("grounds[{index}]");
                one_of(&mut check, &field, regulation.grounds().iter().map(|ground| &ground.code));
            }
        }
        check.text("note", &request.note, MAX_NOTE);
        let (request_id, case_id) = check.finish_with(ids)?;
        let note = self.note(&organ, case_id, self.new_id(), "ground_note", &request.note).await?;
        let act = Act::Accept(Accept {
            version: request.version,
            grounds: request.grounds.clone(),
            note,
            despite_missing: request.despite_missing,
            reply_id: self.new_id(),
        });
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(AcceptCaseResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    pub(super) async fn decline(
        &self,
        caller: &Caller,
        mut request: DeclineCaseRequest,
    ) -> Result<DeclineCaseResponse, Error> {
        let (organ, _) = self.organ_of(caller, &request.case_id).await?;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        self.refusal_code(&mut check, &organ, "ground", &request.ground, RefusalKind::Decline);
        check.text("explanation", &request.explanation, MAX_NOTE);
        let (request_id, case_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let way = Way::Decline { ground: request.ground.clone() };
        let closing = Closing { case_id, version: request.version, way, explanation: &request.explanation };
        let case = self.close(caller, &organ, (request_id, &request), closing).await?;
        Ok(DeclineCaseResponse { case: Some(case) })
    }

    pub(super) async fn refer(
        &self,
        caller: &Caller,
        mut request: ReferCaseRequest,
    ) -> Result<ReferCaseResponse, Error> {
        let (organ, _) = self.organ_of(caller, &request.case_id).await?;
        let directory = self.directory.knowing([request.department.as_str()]).await?;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let known = directory.get(&request.department).is_some()
            || self.regulation(&organ).refer_target(&request.department).is_some();
        if check.required("department", &request.department) && !known {
            unknown_organ(&mut check, "department", &request.department, &directory);
        }
        check.text("explanation", &request.explanation, MAX_NOTE);
        let (request_id, case_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let way = Way::Refer { department: request.department.clone() };
        let closing = Closing { case_id, version: request.version, way, explanation: &request.explanation };
        let case = self.close(caller, &organ, (request_id, &request), closing).await?;
        Ok(ReferCaseResponse { case: Some(case) })
    }

    pub(super) async fn direct(
        &self,
        caller: &Caller,
        mut request: DirectElsewhereRequest,
    ) -> Result<DirectElsewhereResponse, Error> {
        let (organ, _) = self.organ_of(caller, &request.case_id).await?;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        self.refusal_code(&mut check, &organ, "way", &request.way, RefusalKind::DirectElsewhere);
        check.text("explanation", &request.explanation, MAX_NOTE);
        let (request_id, case_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let way = Way::Direct { way: request.way.clone() };
        let closing = Closing { case_id, version: request.version, way, explanation: &request.explanation };
        let case = self.close(caller, &organ, (request_id, &request), closing).await?;
        Ok(DirectElsewhereResponse { case: Some(case) })
    }

    pub(super) async fn withdraw(
        &self,
        caller: &Caller,
        mut request: WithdrawComplaintRequest,
    ) -> Result<WithdrawComplaintResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        let act = Act::Withdraw { goes_on: request.goes_on };
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(WithdrawComplaintResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    /// The code of a refusal has to be one of the regulation's, of this kind.
    fn refusal_code(&self, check: &mut Violations, organ: &str, field: &str, code: &str, kind: RefusalKind) {
        let refusals = self.regulation(organ).refusals().iter().filter(|refusal| refusal.kind == kind);
        if check.required(field, code) && !refusals.clone().any(|refusal| refusal.code == code) {
            one_of(check, field, refusals.map(|refusal| &refusal.code));
        }
    }

    async fn close(
        &self,
        caller: &Caller,
        organ: &str,
        request: (Uuid, &impl Message),
        closing: Closing<'_>,
    ) -> Result<CaseSummary, Error> {
        let Closing { case_id, version, way, explanation } = closing;
        let reply_id = self.new_id();
        let explanation = self.note(organ, case_id, reply_id, "explanation", explanation).await?;
        let act = Act::Close(Close { version, way, explanation, reply_id });
        let answer = self.submit(organ, caller, request, case_id, act).await?.answer;
        self.told_now(caller, organ, answer.case).await
    }

    /// A note, sealed; none where nothing was written.
    pub(super) async fn note(
        &self,
        organ: &str,
        case_id: Uuid,
        item_id: Uuid,
        kind: &'static str,
        text: &str,
    ) -> Result<Option<Draft>, Error> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let key = self.key(organ, case_id).await?;
        let item = Item { organ, case_id, id: item_id, version: 1, kind };
        Ok(Some(self.draft(&key, &item, text.as_bytes())?))
    }
}
