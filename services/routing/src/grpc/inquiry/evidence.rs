//! `AddEvidence`, `RemoveEvidence`, `ListEvidence` (18).

use duban_proto::routing::v1::{
    AddEvidenceRequest, AddEvidenceResponse, Evidence, EvidenceListed, ListEvidenceRequest,
    ListEvidenceResponse, RemoveEvidenceRequest, RemoveEvidenceResponse,
};
use prost::Message;
use server::{Caller, Error, Violations};

use super::{Asked, MAX_REASON, answered, ids};
use crate::domain::Inquire;
use crate::grpc::Grpc;
use crate::grpc::investigation::check_officers;
use crate::grpc::seal::Text;

impl Grpc {
    pub(in crate::grpc) async fn evidence_added(
        &self,
        caller: &Caller,
        mut request: AddEvidenceRequest,
    ) -> Result<AddEvidenceResponse, Error> {
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        let organ = match case_id {
            Some(case_id) => self.working_organ(caller, case_id).await?,
            None => caller.principal().organ.clone(),
        };
        self.check_evidence(&mut check, &organ, &request);
        let (request_id, case_id) = check.finish_with((request_id, case_id))?;
        let words =
            Evidence { text: request.text.clone(), source: request.source.clone(), ..Evidence::default() };
        let words = words.encode_to_vec();
        let mut collected_by = request.collected_by.clone();
        collected_by.sort_unstable();
        collected_by.dedup();
        let evidence = EvidenceListed {
            term: request.term,
            kind: request.kind.clone(),
            collected_at: request.collected_at,
            collected_by,
            attachment_id: request.attachment_id.to_lowercase(),
            record_id: request.record_id.to_lowercase(),
            ..EvidenceListed::default()
        };
        request.request_id.clear();
        let asked = Asked { organ: &organ, request_id, case_id, message: &request };
        let text = Text { kind: "evidence", text: &words };
        let act = |description| Inquire::AddEvidence { evidence: Box::new(evidence.clone()), description };
        let answer = self.inquire_with(caller, asked, text, act).await?;
        let number = answered(&answer).number;
        Ok(AddEvidenceResponse { number, case: self.case_now(caller, &organ, answer.case).await? })
    }

    /// A kind of the regulation, collected by somebody and not in future, with what it shows.
    fn check_evidence(&self, check: &mut Violations, organ: &str, request: &AddEvidenceRequest) {
        let rule = &self.regulation(organ).investigation().evidence;
        if rule.kind(&request.kind).is_none() {
            let known = rule.kinds.iter().map(|kind| kind.code.as_str()).collect::<Vec<_>>().join(", ");
            let (zh, en) = (format!("应为下列之一:{known}"), format!("must be one of: {known}"));
            check.add("kind", zh, en);
        }
        let collected_at = check.timestamp("collected_at", request.collected_at.as_ref());
        let future = collected_at.is_some_and(|at| at > self.writer.clock().now());
        check.must(!future, "collected_at", "不得晚于现在", "is in the future");
        check.must(!request.collected_by.is_empty(), "collected_by", "必填", "is required");
        check_officers(check, "collected_by", &request.collected_by);
        check.optional_uuid("attachment_id", &request.attachment_id);
        check.optional_uuid("record_id", &request.record_id);
        check.required_text("text", &request.text, MAX_REASON);
        check.required_text("source", &request.source, 500);
    }

    pub(in crate::grpc) async fn evidence_removed(
        &self,
        caller: &Caller,
        mut request: RemoveEvidenceRequest,
    ) -> Result<RemoveEvidenceResponse, Error> {
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with((request_id, case_id))?;
        let organ = self.working_organ(caller, case_id).await?;
        let (term, number, words) = (request.term, request.number, request.reason.clone());
        request.request_id.clear();
        let asked = Asked { organ: &organ, request_id, case_id, message: &request };
        let text = Text { kind: "removal", text: words.as_bytes() };
        let act = |reason| Inquire::RemoveEvidence { term, number, reason };
        let answer = self.inquire_with(caller, asked, text, act).await?;
        Ok(RemoveEvidenceResponse { case: self.case_now(caller, &organ, answer.case).await? })
    }

    pub(in crate::grpc) async fn evidence_listed(
        &self,
        caller: &Caller,
        request: ListEvidenceRequest,
    ) -> Result<ListEvidenceResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let (organ, _, tenure) = self.tenure(caller, case_id, request.term).await?;
        Ok(ListEvidenceResponse { evidence: self.evidence(&organ, case_id, &tenure).await? })
    }
}
