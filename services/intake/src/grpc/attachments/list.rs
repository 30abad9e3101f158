//! `ListAttachments` (15).

use duban_proto::intake::v1::{self as wire, ListAttachmentsRequest, ListAttachmentsResponse};
use server::{Caller, Error, Violations};

use super::told;
use crate::domain::Attachment;
use crate::grpc::Grpc;
use crate::grpc::see::knows_complainants;
use crate::store;

impl Grpc {
    pub(in crate::grpc) async fn attachments_listed(
        &self,
        caller: &Caller,
        request: ListAttachmentsRequest,
    ) -> Result<ListAttachmentsResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let directory = self.directory.knowing([caller.principal().organ.as_str()]).await?;
        let organ = self.readable(caller, &directory, case_id).await?.organ;
        let knows = knows_complainants(caller, &directory, &organ);
        let all = store::attachments_of_case(self.pool(), &organ, case_id).await?;
        let limits = &self.attachments.limits;
        let shown = |file: &Attachment| knows.then(|| told(file, limits)).or_else(|| copy_of(file));
        Ok(ListAttachmentsResponse { attachments: all.iter().filter_map(shown).collect() })
    }
}

/// What those are told who see the copy only; none where there is no copy.
fn copy_of(file: &Attachment) -> Option<wire::Attachment> {
    let is_passed_on = file.counts() && file.held.passed_on.is_some();
    let wire::Attachment { attachment_id, case_id, kind, state, file_name, media_type, copy_size, .. } =
        is_passed_on.then(|| file.message())?;
    let passing_on = wire::PassingOn::Done.into();
    Some(wire::Attachment {
        attachment_id,
        case_id,
        kind,
        state,
        file_name,
        media_type,
        copy_size,
        passing_on,
        ..wire::Attachment::default()
    })
}
