//! `FinishUpload`: size, hash and type are as they have to be.

use duban_proto::intake::v1::{AttachmentState, FinishUploadRequest, FinishUploadResponse};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::begin::stored;
use super::error;
use super::upload::media_type;
use crate::domain::{Act, Attach, Attachment};
use crate::grpc::Grpc;
use crate::grpc::error::wrong;

impl Grpc {
    pub(in crate::grpc) async fn upload_finished(
        &self,
        caller: &Caller,
        mut request: FinishUploadRequest,
    ) -> Result<FinishUploadResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("attachment_id", &request.attachment_id),
        );
        let (request_id, case_id, attachment_id) = check.finish_with(ids)?;
        let (organ, attachment) = self.own_attachment(caller, case_id, attachment_id).await?;
        let media_type = match attachment.state() {
            AttachmentState::Uploading => Some(self.checked(&organ, case_id, &attachment).await?),
            _ => None,
        };
        request.request_id.clear();
        let act = Act::Attach(Attach::Receive { attachment_id, media_type });
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(FinishUploadResponse { attachment: Some(self.answered(answer)?) })
    }

    /// The type of a file that is all there and is what was announced. The hash stands with the last part, so that
    /// nothing is read again but the first and the last.
    async fn checked(&self, organ: &str, case_id: Uuid, attachment: &Attachment) -> Result<String, Error> {
        let id = attachment.attachment_id;
        let (manifest, opened) = self.manifest((organ, case_id, id), attachment.manifest(), id).await?;
        let (parts, count) =
            (self.files().parts(&opened.blob).await.map_err(error::told)?, opened.blob.count());
        if parts < count {
            let (here, size) = (stored(&opened.blob, parts), opened.blob.size);
            return Err(wrong(
                "size",
                format!("申报 {size} 字节,已收到 {here} 字节"),
                format!("{size} bytes were announced, and {here} are here"),
            ));
        }
        let hash = self.hash_after(&opened, count.saturating_sub(1)).await?.finish();
        if hash.as_slice() != manifest.sha256 {
            return Err(wrong(
                "sha256",
                "与收到的内容不符,请重新上传",
                "is not the hash of what came: upload the file again, as another one",
            ));
        }
        let first = self.files().read(&opened.blob, (self.sealer(), &opened.key), 0).await;
        let (head, _) = first.map_err(error::told)?;
        Ok(media_type(&head, &self.attachments.limits).map_err(|error| *error)?.to_owned())
    }
}
