//! `RequestGrant`, `DecideGrant`, `OpenByGrant`, `ListGrants` (15).

use duban_proto::intake::v1::{
    DecideGrantRequest, DecideGrantResponse, GrantWithReason, IdentityGrant, ListGrantsRequest,
    ListGrantsResponse, OpenByGrantRequest, OpenByGrantResponse, RequestGrantRequest, RequestGrantResponse,
};
use jiff::SignedDuration;
use server::{Caller, Error, Violations};

use super::Grpc;
use super::complaint::one_of;
use super::seal::Item;
use crate::domain::{Act, Answer, DecideGrant, Grant, RequestGrant};
use crate::store;

/// For what somebody outside intake may read an identity; telling the complainant is intake's.
const PURPOSES: [&str; 2] = ["contact", "verify"];
const MAX_REASON: usize = 2000;
/// The longest a grant lasts, 30 days; then it is asked for again.
const MAX_HOURS: u32 = 720;

impl Grpc {
    pub(super) async fn grant_requested(
        &self,
        caller: &Caller,
        mut request: RequestGrantRequest,
    ) -> Result<RequestGrantResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        if check.required("purpose", &request.purpose) && !PURPOSES.contains(&request.purpose.as_str()) {
            one_of(&mut check, "purpose", PURPOSES.iter());
        }
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with(ids)?;
        let (own, directory) = self.own_organ(caller, "").await?;
        let home = self.visible(caller, &directory, case_id).await?.organ;
        let key = self.key(&home, case_id).await?;
        let grant_id = self.new_id();
        let item = Item { organ: &home, case_id, id: grant_id, version: 1, kind: "grant_reason" };
        let reason = self.draft(&key, &item, request.reason.as_bytes())?;
        let asked = RequestGrant { grant_id, organ: own, purpose: request.purpose.clone(), reason };
        request.request_id.clear();
        let act = Act::RequestGrant(asked);
        let answer = self.submit(&home, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(RequestGrantResponse { grant: Some(granted(answer)?) })
    }

    pub(super) async fn grant_decided(
        &self,
        caller: &Caller,
        mut request: DecideGrantRequest,
    ) -> Result<DecideGrantResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("grant_id", &request.grant_id),
        );
        let hours = request.valid_hours;
        let fits = if request.granted { (1..=MAX_HOURS).contains(&hours) } else { hours == 0 };
        check.must(
            fits,
            "valid_hours",
            "批准时应为 1 至 720,不批准时应为 0",
            "must be 1 to 720 where it is granted, and 0 where it is not",
        );
        let (request_id, case_id, grant_id) = check.finish_with(ids)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        let valid = request.granted.then(|| SignedDuration::from_hours(hours.into()));
        let act = Act::DecideGrant(DecideGrant { grant_id, valid });
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(DecideGrantResponse { grant: Some(granted(answer)?) })
    }

    /// The reading is on record, in the ledger of the organ that registered the case, before anything is opened.
    pub(super) async fn opened_by_grant(
        &self,
        caller: &Caller,
        mut request: OpenByGrantRequest,
    ) -> Result<OpenByGrantResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("grant_id", &request.grant_id),
        );
        let (request_id, case_id, grant_id) = check.finish_with(ids)?;
        let (organ, directory) = self.own_organ(caller, "").await?;
        let home = self.visible(caller, &directory, case_id).await?.organ;
        let act = Act::OpenByGrant { grant_id, organ };
        request.request_id.clear();
        let reading = self.submit(&home, caller, (request_id, &request), case_id, act).await?;
        Ok(OpenByGrantResponse { complainant: Some(self.read_on_record(&home, case_id, &reading).await?) })
    }

    pub(super) async fn grants(
        &self,
        caller: &Caller,
        request: ListGrantsRequest,
    ) -> Result<ListGrantsResponse, Error> {
        let (organ, case_id) = self.registered_in_scope(caller, &request.case_id).await?;
        let mut grants = Vec::new();
        for Grant { grant, reason, .. } in store::grants_of_case(self.pool(), &organ, case_id).await? {
            let reason = self.read_kept(&organ, case_id, &reason).await?;
            grants.push(GrantWithReason { grant: Some(grant), reason });
        }
        Ok(ListGrantsResponse { grants })
    }
}

fn granted(answer: Answer) -> Result<IdentityGrant, Error> {
    answer.grant.ok_or_else(|| Error::internal("an answer without its grant"))
}
