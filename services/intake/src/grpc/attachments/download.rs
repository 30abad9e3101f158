//! `DownloadAttachment`, `OpenOriginal` (15).

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use duban_proto::intake::v1::{
    AttachmentState, DownloadAttachmentRequest, DownloadAttachmentResponse, FileHead, OpenOriginalRequest,
    OpenOriginalResponse,
};
use files::PART_BYTES;
use futures::{Stream, StreamExt as _, stream};
use server::{Caller, Error, Reason, Violations};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time;
use tonic::Status;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::manifest::Manifest;
use super::{CHUNK_BYTES, Opened, error, nothing};
use crate::domain::{Act, Attach};
use crate::grpc::Grpc;
use crate::grpc::complaint::one_of;
use crate::grpc::error::wrong;

/// For what an original may be read.
const PURPOSES: [&str; 4] = ["contact", "verify", "reply", "redact"];

/// A copy on its way out.
pub(in crate::grpc) type Copies =
    Pin<Box<dyn Stream<Item = Result<DownloadAttachmentResponse, Status>> + Send>>;
/// An original on its way out.
pub(in crate::grpc) type Originals = Pin<Box<dyn Stream<Item = Result<OpenOriginalResponse, Status>> + Send>>;

/// How long a client may take nothing; it goes on with another download.
const IDLE: Duration = Duration::from_secs(30);

/// A file on its way out: one part in memory, read when the client has taken the one before.
struct Reading {
    grpc: Grpc,
    opened: Opened,
    head: Option<FileHead>,
    offset: u64,
    part: Zeroizing<Vec<u8>>,
    _place: OwnedSemaphorePermit,
}

/// A piece of a file.
struct Piece {
    head: Option<FileHead>,
    offset: u64,
    data: Bytes,
}

impl Grpc {
    /// The copy that was passed on: for whoever may see the case.
    pub(in crate::grpc) async fn copy_downloaded(
        &self,
        caller: &Caller,
        request: DownloadAttachmentRequest,
    ) -> Result<Copies, Error> {
        let DownloadAttachmentRequest { case_id, attachment_id, offset } = request;
        let mut check = Violations::default();
        let ids = (check.uuid("case_id", &case_id), check.uuid("attachment_id", &attachment_id));
        let (case_id, id) = check.finish_with(ids)?;
        let directory = self.directory.knowing([caller.principal().organ.as_str()]).await?;
        let organ = self.readable(caller, &directory, case_id).await?.organ;
        self.identity_must_be_there(&organ, case_id).await?;
        let file = self.attachment(&organ, case_id, id).await?;
        let passed_on = file.held.passed_on.as_ref().filter(|_| file.state() == AttachmentState::Received);
        let passed_on = passed_on.ok_or_else(|| nothing(id))?;
        let blob_id = Uuid::try_parse(&passed_on.blob_id).map_err(Error::internal)?;
        let read = self.manifest((&organ, case_id, id), passed_on.manifest.as_ref(), blob_id).await?;
        let pieces = self.pieces(read, file.media_type(), offset)?;
        let answer = |Piece { head, offset, data }| DownloadAttachmentResponse { head, offset, data };
        Ok(Box::pin(pieces.map(move |piece| Ok(piece.map(answer)?))))
    }

    /// The original, once the reading is on record.
    pub(in crate::grpc) async fn original_opened(
        &self,
        caller: &Caller,
        mut request: OpenOriginalRequest,
    ) -> Result<Originals, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("attachment_id", &request.attachment_id),
        );
        if check.required("purpose", &request.purpose) && !PURPOSES.contains(&request.purpose.as_str()) {
            one_of(&mut check, "purpose", PURPOSES.iter());
        }
        let (request_id, case_id, id) = check.finish_with(ids)?;
        let (organ, file) = self.own_attachment(caller, case_id, id).await?;
        self.identity_must_be_there(&organ, case_id).await?;
        if file.state() != AttachmentState::Received {
            return Err(nothing(id));
        }
        let read = self.manifest((&organ, case_id, id), file.manifest(), id).await?;
        // What does not go out is no reading.
        let pieces = self.pieces(read, file.media_type(), request.offset)?;
        // Going on with the same reading is not another one.
        request.offset = 0;
        request.request_id.clear();
        let act = Act::Attach(Attach::Open { attachment_id: id, purpose: request.purpose.clone() });
        let reading = self.submit(&organ, caller, (request_id, &request), case_id, act).await?;
        self.must_be_on_record(&reading)?;
        let answer = |Piece { head, offset, data }| OpenOriginalResponse { head, offset, data };
        Ok(Box::pin(pieces.map(move |piece| Ok(piece.map(answer)?))))
    }

    fn pieces(
        &self,
        (manifest, opened): (Manifest, Opened),
        media_type: &str,
        offset: u64,
    ) -> Result<impl Stream<Item = Result<Piece, Error>> + use<>, Error> {
        let size = opened.blob.size;
        if offset > size {
            return Err(wrong("offset", format!("应为 0 至 {size}"), format!("must be 0 to {size}")));
        }
        let head = FileHead {
            file_name: manifest.file_name,
            media_type: media_type.to_owned(),
            size,
            sha256: manifest.sha256.into(),
        };
        let mut reading = Reading {
            grpc: self.clone(),
            opened,
            head: Some(head),
            offset,
            part: Zeroizing::default(),
            _place: self.stream_place()?,
        };
        // A task of its own, so that a client that takes nothing does not hold the place of another.
        let (send, pieces) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(piece) = reading.next().await.transpose() {
                let failed = piece.is_err();
                let sent = time::timeout(IDLE, send.send(piece)).await;
                if failed || !matches!(sent, Ok(Ok(()))) {
                    break;
                }
            }
        });
        Ok(stream::unfold((pieces, false), move |(mut pieces, ended)| async move {
            match pieces.recv().await {
                Some(piece) => {
                    let ended = piece.as_ref().map_or(true, |piece| piece.end() == size);
                    Some((piece, (pieces, ended)))
                }
                None if ended => None,
                None => Some((Err(Error::of(Reason::TimedOut)), (pieces, true))),
            }
        }))
    }
}

impl Piece {
    /// Where it ends.
    fn end(&self) -> u64 {
        self.offset + self.data.len() as u64
    }
}

impl Reading {
    /// The next piece; none at the end. The head comes first, by itself where nothing is left to read.
    async fn next(&mut self) -> Result<Option<Piece>, Error> {
        let (head, offset) = (self.head.take(), self.offset);
        if offset >= self.opened.blob.size {
            return Ok(head.map(|head| Piece { head: Some(head), offset, data: Bytes::new() }));
        }
        let part_bytes = PART_BYTES as u64;
        let (index, within) = (offset / part_bytes, offset % part_bytes);
        if self.part.is_empty() {
            let index = u32::try_from(index).map_err(Error::internal)?;
            let seals = (self.grpc.sealer(), &self.opened.key);
            let read = self.grpc.files().read(&self.opened.blob, seals, index).await;
            self.part = read.map_err(error::told)?.0;
        }
        let within = usize::try_from(within).map_err(Error::internal)?;
        let rest = self.part.get(within..).unwrap_or_default();
        let piece = rest.get(..CHUNK_BYTES).unwrap_or(rest);
        let data = Bytes::copy_from_slice(piece);
        self.offset += data.len() as u64;
        if piece.len() == rest.len() {
            self.part = Zeroizing::default();
        }
        Ok(Some(Piece { head, offset, data }))
    }
}
