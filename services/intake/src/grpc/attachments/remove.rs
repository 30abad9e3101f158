//! `RemoveAttachment`.

use duban_proto::intake::v1::{RemoveAttachmentRequest, RemoveAttachmentResponse};
use server::{Caller, Error, Violations};

use crate::domain::{Act, Attach};
use crate::grpc::Grpc;
use crate::grpc::seal::Item;

const MAX_REASON: usize = 2000;

impl Grpc {
    pub(in crate::grpc) async fn attachment_removed(
        &self,
        caller: &Caller,
        mut request: RemoveAttachmentRequest,
    ) -> Result<RemoveAttachmentResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("attachment_id", &request.attachment_id),
        );
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id, attachment_id) = check.finish_with(ids)?;
        let (organ, _) = self.own_attachment(caller, case_id, attachment_id).await?;
        let key = self.key(&organ, case_id).await?;
        let item = Item { organ: &organ, case_id, id: self.new_id(), version: 1, kind: "removal_reason" };
        let reason = self.draft(&key, &item, request.reason.as_bytes())?;
        request.request_id.clear();
        let act = Act::Attach(Attach::Remove { attachment_id, reason });
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(RemoveAttachmentResponse { attachment: Some(self.answered(answer)?) })
    }
}
