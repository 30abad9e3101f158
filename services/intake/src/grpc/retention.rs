//! `RetentionService` (15, 16).

use duban_proto::intake::v1::{
    DecideDisposalRequest, DecideDisposalResponse, DecideErasureRequest, DecideErasureResponse,
    ErasureGround, ListRetentionRequest, ListRetentionResponse, ProposeDisposalRequest,
    ProposeDisposalResponse, RequestErasureRequest, RequestErasureResponse, RetentionStage,
};
use ledger::{Committed, Organ};
use prost::Message;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Act, Answer, Command, Disposal, Rejection, Retained};
use crate::store::{self, RetentionKey, Wanted};

/// Cases on one list at the most: they are decided on together, in one transaction.
const MOST_CASES: usize = 500;

impl Grpc {
    pub(super) async fn retention(
        &self,
        caller: &Caller,
        request: ListRetentionRequest,
    ) -> Result<ListRetentionResponse, Error> {
        let ListRetentionRequest { organ, stage, due_by, list_id, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let values = (
            check.enum_value::<RetentionStage>("stage", stage),
            check.optional_timestamp("due_by", due_by.as_ref()),
            check.optional_uuid("list_id", &list_id),
        );
        let (stage, due_by, list_id) = check.finish_with(values)?;
        let stage = if stage == RetentionStage::Unspecified { RetentionStage::Kept } else { stage };
        let due_by = due_by.unwrap_or_else(|| self.writer.clock().now()).as_microsecond();
        let (organ, _) = self.own_organ(caller, &organ).await?;
        let tokens = PageToken::of("ListRetention")
            .filter(&organ)
            .filter(i32::from(stage).to_be_bytes())
            .filter(list_id.unwrap_or_default().as_bytes());
        let after: Option<RetentionKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let wanted = Wanted { organ: &organ, stage, due_by, list_id };
        let rows = store::list_retention(self.pool(), &wanted, after, size).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count >= size);
        let next_page_token = match rows.last().filter(|_| full) {
            Some(last) => tokens.encode(&RetentionKey::of(last))?,
            None => String::new(),
        };
        let cases = rows.iter().map(|(case_id, retained)| retained.to_wire(*case_id)).collect();
        Ok(ListRetentionResponse { cases, next_page_token })
    }

    pub(super) async fn disposal_proposed(
        &self,
        caller: &Caller,
        mut request: ProposeDisposalRequest,
    ) -> Result<ProposeDisposalResponse, Error> {
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", &request.request_id);
        check.must(!request.case_ids.is_empty(), "case_ids", "不得为空", "must not be empty");
        check.max_items("case_ids", request.case_ids.len(), MOST_CASES);
        let mut cases = Vec::with_capacity(request.case_ids.len());
        for (index, case_id) in request.case_ids.iter().enumerate().take(MOST_CASES) {
            cases.extend(check.uuid(format!("case_ids[{index}]"), case_id));
        }
        let (request_id,) = check.finish_with((request_id,))?;
        cases.sort_unstable();
        cases.dedup();
        let (organ, _) = self.own_organ(caller, "").await?;
        request.request_id.clear();
        let act = Act::ProposeDisposal(Disposal { list_id: self.new_id(), cases });
        let answer = self.submit_many(&organ, caller, (request_id, &request), act).await?.answer;
        answer.proposed.ok_or_else(|| Error::internal("an answer without its list"))
    }

    /// What was approved is erased before this answers; where that has to wait, it is read by nobody meanwhile.
    pub(super) async fn disposal_decided(
        &self,
        caller: &Caller,
        mut request: DecideDisposalRequest,
    ) -> Result<DecideDisposalResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("list_id", &request.list_id));
        let (request_id, list_id) = check.finish_with(ids)?;
        let (organ, _) = self.own_organ(caller, "").await?;
        let cases = store::cases_of_list(self.pool(), &organ, list_id).await?;
        request.request_id.clear();
        let act = Act::DecideDisposal { list: Disposal { list_id, cases }, approved: request.approved };
        let answer = self.submit_many(&organ, caller, (request_id, &request), act).await?.answer;
        self.erase_now().await;
        answer.disposal.ok_or_else(|| Error::internal("an answer without its list"))
    }

    pub(super) async fn erasure_requested(
        &self,
        caller: &Caller,
        mut request: RequestErasureRequest,
    ) -> Result<RequestErasureResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.required_enum::<ErasureGround>("ground", request.ground),
        );
        check.must(
            request.ground() != ErasureGround::RetentionEnded,
            "ground",
            "保管期限届满的,应当列入处置清册",
            "of what is due there is a disposal list",
        );
        let (request_id, case_id, ground) = check.finish_with(values)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        request.request_id.clear();
        let act = Act::RequestErasure { demand_id: self.new_id(), ground };
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        let retention = answer.retention.ok_or_else(|| Error::internal("an answer without its demand"))?;
        Ok(RequestErasureResponse { demand_id: retention.demand_id })
    }

    pub(super) async fn erasure_decided(
        &self,
        caller: &Caller,
        mut request: DecideErasureRequest,
    ) -> Result<DecideErasureResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("demand_id", &request.demand_id),
        );
        let (request_id, case_id, demand_id) = check.finish_with(ids)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        request.request_id.clear();
        let act = Act::DecideErasure { demand_id, granted: request.granted };
        self.submit(&organ, caller, (request_id, &request), case_id, act).await?;
        self.erase_now().await;
        let retained = self.retained(&organ, case_id).await?.unwrap_or_default();
        Ok(DecideErasureResponse { retention: Some(retained.to_wire(case_id)) })
    }

    /// How long a case is kept, and what was erased of it.
    pub(super) async fn retained(&self, organ: &str, case_id: Uuid) -> Result<Option<Retained>, Error> {
        Ok(store::retained(self.pool(), organ, case_id).await?)
    }

    /// From the decision on, also before it is done: a request that comes again is not decided on again.
    pub(super) async fn identity_must_be_there(&self, organ: &str, case_id: Uuid) -> Result<(), Error> {
        let gone = self.retained(organ, case_id).await?.and_then(|retained| retained.identity_gone());
        gone.map_or(Ok(()), |gone| Err(Rejection::Erased(gone).into()))
    }

    async fn erase_now(&self) {
        if let Err(error) = self.erasing.erase().await {
            tracing::error!(error = &error as &dyn std::error::Error, "erasure waits");
        }
    }

    /// As [`Grpc::submit`], for what is about many cases.
    async fn submit_many(
        &self,
        organ: &str,
        caller: &Caller,
        (request_id, request): (Uuid, &impl Message),
        act: Act,
    ) -> Result<Committed<Answer>, Error> {
        let organ = Organ::new(organ).map_err(Error::internal)?;
        let command = Command { case_id: None, agency: None, act };
        self.submit_command(&organ, caller, (request_id, request), command).await
    }
}
