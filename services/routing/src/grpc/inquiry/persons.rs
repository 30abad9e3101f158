//! `DeclareInterest`, `RecuseInvestigator`, `ReplaceInvestigator` (18).

use duban_proto::routing::v1::{
    DeclareInterestRequest, DeclareInterestResponse, RecusalGround, RecuseInvestigatorRequest,
    RecuseInvestigatorResponse, ReplaceInvestigatorRequest, ReplaceInvestigatorResponse, ReplacementGround,
};
use regulation::Recusal;
use server::{Caller, Error, Violations};

use super::{Asked, MAX_REASON, ids};
use crate::domain::Inquire;
use crate::grpc::Grpc;
use crate::grpc::investigation::MAX_SUBJECT;
use crate::grpc::seal::Text;

fn clause(ground: RecusalGround) -> Option<Recusal> {
    match ground {
        RecusalGround::Unspecified => None,
        RecusalGround::Respondent => Some(Recusal::Respondent),
        RecusalGround::Kin => Some(Recusal::Kin),
        RecusalGround::Subordinate => Some(Recusal::Subordinate),
        RecusalGround::DeclaredInterest => Some(Recusal::DeclaredInterest),
    }
}

impl Grpc {
    /// A ground that the organ's regulation has.
    fn recusal_ground(&self, check: &mut Violations, organ: &str, ground: i32) -> Option<RecusalGround> {
        let ground = check.required_enum::<RecusalGround>("ground", ground)?;
        let of = &self.regulation(organ).investigation().recusal.of;
        let known = clause(ground).is_some_and(|clause| of.contains(&clause));
        check.must(known, "ground", "所适用的办法没有这一回避事由", "is no ground of the regulation");
        Some(ground)
    }

    pub(in crate::grpc) async fn interest_declared(
        &self,
        caller: &Caller,
        mut request: DeclareInterestRequest,
    ) -> Result<DeclareInterestResponse, Error> {
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        let organ = match case_id {
            Some(case_id) => self.working_organ(caller, case_id).await?,
            None => caller.principal().organ.clone(),
        };
        let ground = self.recusal_ground(&mut check, &organ, request.ground);
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id, ground) = check.finish_with((request_id, case_id, ground))?;
        let (term, words) = (request.term, request.reason.clone());
        request.request_id.clear();
        let asked = Asked { organ: &organ, request_id, case_id, message: &request };
        let text = Text { kind: "recusal", text: words.as_bytes() };
        let act = |reason| Inquire::Recuse { term, person: None, ground, reason };
        let answer = self.inquire_with(caller, asked, text, act).await?;
        Ok(DeclareInterestResponse { case: self.case_now(caller, &organ, answer.case).await? })
    }

    pub(in crate::grpc) async fn recused(
        &self,
        caller: &Caller,
        mut request: RecuseInvestigatorRequest,
    ) -> Result<RecuseInvestigatorResponse, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        let ground = self.recusal_ground(&mut check, &organ, request.ground);
        check.required_text("person", &request.person, MAX_SUBJECT);
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id, ground) = check.finish_with((request_id, case_id, ground))?;
        let (term, person, words) = (request.term, request.person.clone(), request.reason.clone());
        request.request_id.clear();
        let asked = Asked { organ: &organ, request_id, case_id, message: &request };
        let text = Text { kind: "recusal", text: words.as_bytes() };
        let act = |reason| Inquire::Recuse { term, person: Some(person.clone()), ground, reason };
        let answer = self.inquire_with(caller, asked, text, act).await?;
        Ok(RecuseInvestigatorResponse { case: self.case_now(caller, &organ, answer.case).await? })
    }

    pub(in crate::grpc) async fn replaced(
        &self,
        caller: &Caller,
        mut request: ReplaceInvestigatorRequest,
    ) -> Result<ReplaceInvestigatorResponse, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        let ground = check.required_enum::<ReplacementGround>("ground", request.ground);
        check.required_text("former", &request.former, MAX_SUBJECT);
        check.required_text("successor", &request.successor, MAX_SUBJECT);
        let another = request.former != request.successor;
        check.must(another, "successor", "应为另一人", "must be somebody else");
        if self.regulation(&organ).investigation().recusal.replacement_needs_reason {
            check.required("reason", &request.reason);
        }
        check.text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id, ground) = check.finish_with((request_id, case_id, ground))?;
        let (term, former, successor) = (request.term, request.former.clone(), request.successor.clone());
        let words = request.reason.clone();
        request.request_id.clear();
        let asked = Asked { organ: &organ, request_id, case_id, message: &request };
        let act = |reason| Inquire::Replace {
            term,
            former: former.clone(),
            successor: successor.clone(),
            ground,
            reason,
        };
        let answer = if words.is_empty() {
            self.inquire(caller, asked, act(None)).await?
        } else {
            let text = Text { kind: "replacement", text: words.as_bytes() };
            self.inquire_with(caller, asked, text, |reason| act(Some(reason))).await?
        };
        Ok(ReplaceInvestigatorResponse { case: self.case_now(caller, &organ, answer.case).await? })
    }
}
