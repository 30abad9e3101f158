//! `PassOnAttachment` (15).

use bytes::{Bytes, BytesMut};
use duban_proto::intake::v1::{PassOnAttachmentRequest, PassOnAttachmentResponse, PassingOn};
use files::clean::{self, CleanError};
use files::{Blob, PART_BYTES, Running};
use seal::CaseKey;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::manifest::{Manifest, Place};
use super::{Opened, error, told};
use crate::domain::{Act, Attach, Attachment, PassedCopy};
use crate::grpc::Grpc;

impl Grpc {
    pub(in crate::grpc) async fn attachment_passed_on(
        &self,
        caller: &Caller,
        mut request: PassOnAttachmentRequest,
    ) -> Result<PassOnAttachmentResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("attachment_id", &request.attachment_id),
        );
        let (request_id, case_id, attachment_id) = check.finish_with(ids)?;
        let (organ, attachment) = self.own_attachment(caller, case_id, attachment_id).await?;
        let copy = match told(&attachment, &self.attachments.limits).passing_on() {
            PassingOn::Possible => Some(Box::new(self.copied(&organ, case_id, &attachment).await?)),
            PassingOn::TypeNotCleaned => return Err(error::not_cleaned(CleanError::Type)),
            PassingOn::TooLarge => return Err(self.too_large()),
            // Said by the rules, or done before: then the answer is the first one again.
            _ => None,
        };
        request.request_id.clear();
        let act = Act::Attach(Attach::PassOn { attachment_id, copy });
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(PassOnAttachmentResponse { attachment: Some(self.answered(answer)?) })
    }

    /// Cleans a file and stores the copy. Where the command that follows comes to nothing, the copy belongs to nobody, and
    /// is tidied away.
    async fn copied(&self, organ: &str, case_id: Uuid, file: &Attachment) -> Result<PassedCopy, Error> {
        let id = file.attachment_id;
        let (_, opened) = self.manifest((organ, case_id, id), file.manifest(), id).await?;
        // One at a time: the only place where a file is whole in memory.
        let place = self.attachments.cleaning.clone().acquire_owned().await.map_err(Error::unavailable)?;
        let whole = self.whole(&opened).await?;
        let media_type = file.media_type().to_owned();
        let cleaned = tokio::task::spawn_blocking(move || {
            let copy = clean::copy(&media_type, whole);
            drop(place);
            copy
        });
        // A file that makes a reader of files panic is one that can't be read.
        let copy = cleaned.await.unwrap_or(Err(CleanError::Unreadable)).map_err(error::not_cleaned)?;
        self.stored_copy(organ, case_id, file, &copy).await
    }

    async fn whole(&self, opened: &Opened) -> Result<Bytes, Error> {
        let Opened { blob, key } = opened;
        let mut whole = BytesMut::with_capacity(usize::try_from(blob.size).unwrap_or_default());
        for part in 0..blob.count() {
            let read = self.files().read(blob, (self.sealer(), key), part).await;
            whole.extend_from_slice(&read.map_err(error::told)?.0);
        }
        Ok(whole.freeze())
    }

    async fn stored_copy(
        &self,
        organ: &str,
        case_id: Uuid,
        file: &Attachment,
        copy: &[u8],
    ) -> Result<PassedCopy, Error> {
        let (attachment_id, blob_id, size) = (file.attachment_id, self.new_id(), copy.len() as u64);
        let key = CaseKey::generate(&mut rand::rng());
        let blob = Blob { organ: organ.to_owned(), case_id, attachment_id, blob_id, size };
        let mut hash = Running::default();
        for (index, part) in (0..).zip(copy.chunks(PART_BYTES)) {
            hash.update(part);
            let put = self.files().put(&blob, (self.sealer(), &key), index, part, &hash).await;
            put.map_err(error::told)?;
        }
        let manifest = Manifest {
            file_name: file.message().file_name,
            size,
            sha256: hash.finish().to_vec(),
            key: key.expose().to_vec(),
        };
        let place = Place { organ, case_id, attachment_id, version: 2 };
        Ok(PassedCopy { blob_id, size, manifest: self.sealed_manifest(place, &manifest).await? })
    }

    fn too_large(&self) -> Error {
        let most = self.attachments.limits.clean_bytes;
        Error::new(
            server::Reason::RegulationForbids,
            format!("文件超过 {most} 字节,无法清除附带信息,不得转出。"),
            format!("The file has more than {most} bytes: it can't be cleaned, and is not passed on."),
        )
        .article("15")
        .meta("fields", "attachment_id")
    }
}
