//! `UploadChunks`: part after part, each durable before the next.

use std::time::Duration;

use duban_proto::intake::v1::{AttachmentState, UploadChunksRequest, UploadChunksResponse};
use files::kind::{HEAD_BYTES, Kind};
use files::{PART_BYTES, Running};
use server::{Caller, Error, Reason, Violations};
use tokio::time;
use tonic::Streaming;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::begin::stored;
use super::{CHUNK_BYTES, Opened, error, nothing};
use crate::attachments::AttachmentLimits;
use crate::grpc::Grpc;
use crate::grpc::error::wrong;

/// How long a client may say nothing.
const IDLE: Duration = Duration::from_secs(30);
/// How long a stream may take in all; the client goes on with another.
const TOTAL: Duration = Duration::from_hours(2);

/// An upload under way.
struct Upload<'a> {
    grpc: &'a Grpc,
    opened: Opened,
    /// Parts that are durable.
    parts: u32,
    /// The hash of all of them.
    hash: Running,
    /// What came after them.
    part: Zeroizing<Vec<u8>>,
}

impl Grpc {
    /// What is whole is kept, however the stream ends.
    pub(in crate::grpc) async fn uploaded(
        &self,
        caller: &Caller,
        mut chunks: Streaming<UploadChunksRequest>,
    ) -> Result<UploadChunksResponse, Error> {
        let _place = self.stream_place()?;
        let ended = time::Instant::now() + TOTAL;
        let first = self.next(&mut chunks, ended).await?.unwrap_or_default();
        let mut check = Violations::default();
        let ids = (check.uuid("case_id", &first.case_id), check.uuid("attachment_id", &first.attachment_id));
        let (case_id, attachment_id) = check.finish_with(ids)?;
        let of = (first.case_id.clone(), first.attachment_id.clone());
        let mut upload = self.resumed(caller, case_id, attachment_id).await?;
        let mut next = Some(first);
        while let Some(chunk) = next {
            upload.must_belong(&chunk, &of)?;
            upload.take(&chunk).await?;
            next = self.next(&mut chunks, ended).await?;
        }
        Ok(UploadChunksResponse { received_bytes: upload.stored() })
    }

    /// The upload, as the storage has it.
    async fn resumed(&self, caller: &Caller, case_id: Uuid, id: Uuid) -> Result<Upload<'_>, Error> {
        let (organ, attachment) = self.own_attachment(caller, case_id, id).await?;
        if attachment.state() != AttachmentState::Uploading {
            return Err(nothing(id));
        }
        let (_, opened) = self.manifest((&organ, case_id, id), attachment.manifest(), id).await?;
        let parts = self.files().parts(&opened.blob).await.map_err(error::told)?;
        let hash = match parts.checked_sub(1) {
            None => Running::default(),
            Some(last) => self.hash_after(&opened, last).await?,
        };
        Ok(Upload { grpc: self, opened, parts, hash, part: Zeroizing::new(Vec::with_capacity(PART_BYTES)) })
    }

    pub(super) async fn hash_after(&self, opened: &Opened, part: u32) -> Result<Running, Error> {
        let read = self.files().read(&opened.blob, (self.sealer(), &opened.key), part).await;
        Ok(read.map_err(error::told)?.1)
    }

    /// The next message; none at the end of the stream.
    async fn next(
        &self,
        chunks: &mut Streaming<UploadChunksRequest>,
        ended: time::Instant,
    ) -> Result<Option<UploadChunksRequest>, Error> {
        let until = ended.min(time::Instant::now() + IDLE);
        tokio::select! {
            message = chunks.message() => message.map_err(broken),
            () = time::sleep_until(until) => Err(Error::of(Reason::TimedOut)),
            () = self.shutdown.cancelled() => Err(Error::of(Reason::Unavailable)),
        }
    }
}

impl Upload<'_> {
    /// Bytes that are durable.
    fn stored(&self) -> u64 {
        stored(&self.opened.blob, self.parts)
    }

    /// Bytes that have come: durable or in hand.
    fn come(&self) -> u64 {
        self.stored() + self.part.len() as u64
    }

    /// A message is of this file, and goes on where the last one ended.
    fn must_belong(
        &self,
        chunk: &UploadChunksRequest,
        (case_id, attachment_id): &(String, String),
    ) -> Result<(), Error> {
        let (come, size) = (self.come(), self.opened.blob.size);
        let UploadChunksRequest { case_id: case, attachment_id: attachment, offset, data } = chunk;
        let mut check = Violations::default();
        let same = |field: &String, first: &String| field.is_empty() || field == first;
        check.must(
            same(case, case_id) && same(attachment, attachment_id),
            "attachment_id",
            "同一数据流只能上传一个文件",
            "a stream is of one file",
        );
        if *offset != come {
            check.add("offset", format!("应为 {come}"), format!("must be {come}, where the file goes on"));
        }
        let bytes = data.len() as u64;
        if data.is_empty() || data.len() > CHUNK_BYTES {
            check.add(
                "data",
                format!("应为 1 至 {CHUNK_BYTES} 个字节"),
                format!("must have 1 to {CHUNK_BYTES} bytes"),
            );
        } else if come.saturating_add(bytes) > size {
            check.add(
                "data",
                format!("超出申报的大小 {size}"),
                format!("reaches past the {size} bytes that were announced"),
            );
        }
        check.finish()
    }

    async fn take(&mut self, chunk: &UploadChunksRequest) -> Result<(), Error> {
        let mut data: &[u8] = &chunk.data;
        while !data.is_empty() {
            let room = PART_BYTES.saturating_sub(self.part.len()).min(data.len());
            let (fits, rest) = data.split_at_checked(room).unwrap_or((data, &[]));
            self.part.extend_from_slice(fits);
            data = rest;
            if self.part.len() as u64 == self.opened.blob.length_of(self.parts) {
                self.put().await?;
            }
        }
        Ok(())
    }

    async fn put(&mut self) -> Result<(), Error> {
        if self.parts == 0 {
            media_type(&self.part, &self.grpc.attachments.limits).map_err(|error| *error)?;
        }
        self.hash.update(&self.part);
        let seals = (self.grpc.sealer(), &self.opened.key);
        let put = self.grpc.files().put(&self.opened.blob, seals, self.parts, &self.part, &self.hash).await;
        put.map_err(error::told)?;
        self.parts += 1;
        self.part.clear();
        Ok(())
    }
}

/// The type of a file by its first part, where it is one that is taken.
pub(super) fn media_type(part: &[u8], limits: &AttachmentLimits) -> Result<&'static str, Box<Error>> {
    let head = part.get(..HEAD_BYTES).unwrap_or(part);
    let found = match files::kind::of(head) {
        Kind::Known(found) if limits.types.iter().any(|one| one == found) => return Ok(found),
        Kind::Known(found) | Kind::Executable(found) => found,
        Kind::Unknown => "application/octet-stream",
    };
    let (zh, en) =
        (format!("不接收这种类型的文件:{found}"), format!("is of a type that is not taken: {found}"));
    Err(Box::new(wrong("data", zh, en)))
}

/// The client went away, or sent what is no message.
fn broken(status: tonic::Status) -> Error {
    Error::new(
        Reason::Unavailable,
        "数据流中断,请从已收到的位置继续。",
        "The stream was broken off: go on from where GetUpload says.",
    )
    .caused_by(status)
}
