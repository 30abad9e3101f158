//! `RequestSupplement`, `ProvideSupplement` (10).

use std::sync::Arc;

use duban_proto::intake::v1::{
    ProvideSupplementRequest, ProvideSupplementResponse, RequestSupplementRequest, RequestSupplementResponse,
};
use server::{Caller, Error, Violations};

use super::Grpc;
use super::complaint::{Judge, Taken, one_of};
use crate::domain::{Act, Case, Private, ProvideSupplement, RequestSupplement};

impl Grpc {
    pub(super) async fn ask_for_supplement(
        &self,
        caller: &Caller,
        mut request: RequestSupplementRequest,
    ) -> Result<RequestSupplementResponse, Error> {
        let (organ, _) = self.organ_of(caller, &request.case_id).await?;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let known = self.regulation(&organ).requirements();
        for (index, field) in request.fields.iter().enumerate() {
            if !known.iter().any(|requirement| requirement.field == *field) {
                one_of(
                    &mut check,
                    &format!("fields[{index}]"),
                    known.iter().map(|requirement| &requirement.field),
                );
            }
        }
        let (request_id, case_id) = check.finish_with(ids)?;
        let act = Act::RequestSupplement(RequestSupplement {
            version: request.version,
            fields: request.fields.clone(),
            reply_id: self.new_id(),
        });
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        let case = self.told_now(caller, &organ, answer.case).await?;
        Ok(RequestSupplementResponse { case: Some(case), due_at: answer.due_at })
    }

    pub(super) async fn take_supplement(
        &self,
        caller: &Caller,
        mut request: ProvideSupplementRequest,
    ) -> Result<ProvideSupplementResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, directory) = self.organ_of(caller, case_id).await?;
        let case = self.own_case(caller, &organ, case_id).await?;
        let judge = Judge { regulation: self.regulation(&organ), directory: &directory, complete: false };
        let taken = judge.judge(request.complaint.as_ref())?;
        let supplement = self.supplement(&organ, &case, &request, taken).await?;
        request.request_id.clear();
        let act = Act::ProvideSupplement(Box::new(supplement));
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        let case = self.told_now(caller, &organ, answer.case).await?;
        Ok(ProvideSupplementResponse { missing: case.missing.clone(), case: Some(case) })
    }

    /// A new version of the sealed original, and the identity as it is known now.
    async fn supplement(
        &self,
        organ: &str,
        case: &Case,
        request: &ProvideSupplementRequest,
        taken: Taken,
    ) -> Result<ProvideSupplement, Error> {
        let key = self.key(organ, case.case_id).await?;
        let complaint =
            request.complaint.as_ref().ok_or_else(|| Error::internal("a judged complaint is there"))?;
        let original = self.next_original(&key, organ, case, complaint)?;
        let identity = self.sealed_identity(&key, organ, case.case_id, &taken.complainant)?;
        Ok(ProvideSupplement {
            original: original.reference(),
            missing: taken.received.missing,
            respondents: taken.received.respondents,
            anonymous: taken.received.anonymous,
            no_contact: taken.received.no_contact,
            reply_id: self.new_id(),
            private: Arc::new(Private { key: None, drafts: vec![original], identity: Some(identity) }),
        })
    }
}
