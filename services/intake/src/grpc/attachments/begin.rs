//! `BeginUpload`, `GetUpload`.

use duban_proto::intake::v1::{
    AttachmentKind, AttachmentState, BeginUploadRequest, BeginUploadResponse, GetUploadRequest,
    GetUploadResponse,
};
use seal::CaseKey;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::manifest::{Manifest, Place};
use super::{CHUNK_BYTES, error};
use crate::domain::{Act, Attach, BeginUpload};
use crate::grpc::Grpc;

/// Characters of a name.
const MAX_NAME: usize = 255;
/// Bytes of a hash.
const HASH_BYTES: usize = 32;

impl Grpc {
    pub(in crate::grpc) async fn upload_begun(
        &self,
        caller: &Caller,
        mut request: BeginUploadRequest,
    ) -> Result<BeginUploadResponse, Error> {
        let (request_id, case_id, kind, redacts) = self.well_formed(&request)?;
        if !self.files().is_configured() {
            return Err(error::told(files::FilesError::NotConfigured));
        }
        let (organ, _) = self.organ_of(caller, case_id).await?;
        self.own_case(caller, &organ, case_id).await?;
        let attachment_id = self.new_id();
        let manifest = Manifest {
            file_name: request.file_name.clone(),
            size: request.size,
            sha256: request.sha256.to_vec(),
            key: CaseKey::generate(&mut rand::rng()).expose().to_vec(),
        };
        let place = Place { organ: &organ, case_id, attachment_id, version: 1 };
        let manifest = self.sealed_manifest(place, &manifest).await?;
        let limits = &self.attachments.limits;
        let begin = BeginUpload {
            attachment_id,
            kind,
            size: request.size,
            redacts,
            manifest,
            most: limits.per_case,
            most_bytes: limits.per_case_bytes,
        };
        request.request_id.clear();
        let act = Act::Attach(Attach::Begin(Box::new(begin)));
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        Ok(BeginUploadResponse { attachment: Some(self.answered(answer)?), chunk_bytes: chunk_bytes() })
    }

    fn well_formed(
        &self,
        request: &BeginUploadRequest,
    ) -> Result<(Uuid, Uuid, AttachmentKind, Option<Uuid>), Error> {
        let BeginUploadRequest { request_id, case_id, kind, file_name, size, sha256, redacts } = request;
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", request_id),
            check.uuid("case_id", case_id),
            check.required_enum::<AttachmentKind>("kind", *kind),
            check.optional_uuid("redacts", redacts),
        );
        if check.required_text("file_name", file_name, MAX_NAME) {
            let is_plain = !file_name.chars().any(|char| char.is_control() || matches!(char, '/' | '\\'));
            check.must(
                is_plain,
                "file_name",
                "不得含有路径或者控制字符",
                "must have no folders and no control characters",
            );
        }
        let most = self.attachments.limits.most_bytes;
        if !(1..=most).contains(size) {
            check.add("size", format!("应为 1 至 {most}"), format!("must be 1 to {most}"));
        }
        check.must(sha256.len() == HASH_BYTES, "sha256", "应为 32 个字节", "must have 32 bytes");
        check.finish_with(values)
    }

    /// What is stored is what the storage has.
    pub(in crate::grpc) async fn upload(
        &self,
        caller: &Caller,
        request: GetUploadRequest,
    ) -> Result<GetUploadResponse, Error> {
        let GetUploadRequest { case_id, attachment_id } = request;
        let mut check = Violations::default();
        let ids = (check.uuid("case_id", &case_id), check.uuid("attachment_id", &attachment_id));
        let (case_id, id) = check.finish_with(ids)?;
        let (organ, attachment) = self.own_attachment(caller, case_id, id).await?;
        let size = attachment.size();
        let received_bytes = match attachment.state() {
            AttachmentState::Received => size,
            AttachmentState::Uploading => {
                let (_, opened) = self.manifest((&organ, case_id, id), attachment.manifest(), id).await?;
                stored(&opened.blob, self.files().parts(&opened.blob).await.map_err(error::told)?)
            }
            _ => 0,
        };
        let state = attachment.state().into();
        Ok(GetUploadResponse { received_bytes, size, chunk_bytes: chunk_bytes(), state })
    }
}

/// Bytes in so many parts.
pub(super) fn stored(blob: &files::Blob, parts: u32) -> u64 {
    (u64::from(parts) * files::PART_BYTES as u64).min(blob.size)
}

fn chunk_bytes() -> u32 {
    u32::try_from(CHUNK_BYTES).unwrap_or(u32::MAX)
}
