//! The steps of a file, each an rpc.

use duban_proto::intake::v1::{
    Attachment, AttachmentKind, BeginUploadRequest, DownloadAttachmentRequest, FileHead, FinishUploadRequest,
    GetUploadRequest, GetUploadResponse, ListAttachmentsRequest, OpenOriginalRequest,
    PassOnAttachmentRequest, RemoveAttachmentRequest, UploadChunksRequest,
};
use e2e::{Journey, Officer, complaints};
use files::Running;
use tonic::Status;

/// Bytes in a message of these tests; the service takes twice as many.
const MESSAGE: usize = 128 * 1024;

/// A file that is uploaded.
pub(crate) struct File<'a> {
    pub(crate) kind: AttachmentKind,
    pub(crate) name: &'a str,
    pub(crate) data: &'a [u8],
}

pub(crate) fn sha256(data: &[u8]) -> Vec<u8> {
    let mut hash = Running::default();
    hash.update(data);
    hash.finish().to_vec()
}

/// A file of this size that seems to be a PDF, and is not the same anywhere in it.
pub(crate) fn pdf_like(size: usize) -> Vec<u8> {
    let mut data = b"%PDF-1.7\n".to_vec();
    while data.len() < size {
        let at = data.len() as u64;
        data.extend_from_slice(&at.to_be_bytes());
        data.extend_from_slice(&[b'.'; 1000]);
    }
    data.truncate(size);
    data
}

impl<'a> File<'a> {
    pub(crate) fn evidence(name: &'a str, data: &'a [u8]) -> Self {
        Self { kind: AttachmentKind::Evidence, name, data }
    }

    /// The request that announces it.
    pub(crate) fn announced(&self, journey: &Journey<'_>) -> BeginUploadRequest {
        BeginUploadRequest {
            request_id: complaints::request_id(),
            case_id: journey.case_id(),
            kind: self.kind.into(),
            file_name: self.name.into(),
            size: self.data.len() as u64,
            sha256: sha256(self.data).into(),
            redacts: String::new(),
        }
    }

    /// All steps of its upload.
    pub(crate) async fn uploaded(&self, journey: &Journey<'_>, officer: &Officer) -> Attachment {
        uploaded(journey, officer, self.announced(journey), self.data).await.expect("uploaded")
    }
}

pub(crate) async fn begun(officer: &Officer, request: BeginUploadRequest) -> Result<Attachment, Status> {
    let begun = officer.attachments().begin_upload(request).await?.into_inner();
    Ok(begun.attachment.expect("a file"))
}

pub(crate) async fn uploaded(
    journey: &Journey<'_>,
    officer: &Officer,
    request: BeginUploadRequest,
    data: &[u8],
) -> Result<Attachment, Status> {
    let id = begun(officer, request).await?.attachment_id;
    sent(journey, officer, &id, 0, data).await?;
    finished(officer, finish(journey, &id)).await
}

/// The messages of a stream that begins at an offset.
pub(crate) fn messages(
    journey: &Journey<'_>,
    attachment_id: &str,
    offset: u64,
    data: &[u8],
) -> Vec<UploadChunksRequest> {
    let mut at = offset;
    let message = |data: &[u8]| {
        let message = UploadChunksRequest {
            case_id: journey.case_id(),
            attachment_id: attachment_id.into(),
            offset: at,
            data: data.to_vec().into(),
        };
        at += data.len() as u64;
        message
    };
    data.chunks(MESSAGE).map(message).collect()
}

pub(crate) async fn sent(
    journey: &Journey<'_>,
    officer: &Officer,
    attachment_id: &str,
    offset: u64,
    data: &[u8],
) -> Result<u64, Status> {
    let messages = messages(journey, attachment_id, offset, data);
    let answer = officer.attachments().upload_chunks(tokio_stream::iter(messages)).await?;
    Ok(answer.into_inner().received_bytes)
}

pub(crate) fn finish(journey: &Journey<'_>, attachment_id: &str) -> FinishUploadRequest {
    FinishUploadRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        attachment_id: attachment_id.into(),
    }
}

pub(crate) async fn finished(officer: &Officer, request: FinishUploadRequest) -> Result<Attachment, Status> {
    let finished = officer.attachments().finish_upload(request).await?.into_inner();
    Ok(finished.attachment.expect("a file"))
}

pub(crate) async fn stands(
    journey: &Journey<'_>,
    officer: &Officer,
    attachment_id: &str,
) -> GetUploadResponse {
    let request = GetUploadRequest { case_id: journey.case_id(), attachment_id: attachment_id.into() };
    officer.attachments().get_upload(request).await.expect("where it stands").into_inner()
}

pub(crate) async fn listed(journey: &Journey<'_>, officer: &Officer) -> Vec<Attachment> {
    let request = ListAttachmentsRequest { case_id: journey.case_id() };
    officer.attachments().list_attachments(request).await.expect("a list").into_inner().attachments
}

pub(crate) fn pass_on(file: &Attachment) -> PassOnAttachmentRequest {
    PassOnAttachmentRequest {
        request_id: complaints::request_id(),
        case_id: file.case_id.clone(),
        attachment_id: file.attachment_id.clone(),
    }
}

pub(crate) fn remove(file: &Attachment) -> RemoveAttachmentRequest {
    RemoveAttachmentRequest {
        request_id: complaints::request_id(),
        case_id: file.case_id.clone(),
        attachment_id: file.attachment_id.clone(),
        reason: "与本件无关".into(),
    }
}

pub(crate) async fn downloaded(
    officer: &Officer,
    file: &Attachment,
    offset: u64,
) -> Result<(FileHead, Vec<u8>), Status> {
    let request = DownloadAttachmentRequest {
        case_id: file.case_id.clone(),
        attachment_id: file.attachment_id.clone(),
        offset,
    };
    let mut stream = officer.attachments().download_attachment(request).await?.into_inner();
    let (mut head, mut data) = (None, Vec::new());
    while let Some(piece) = stream.message().await? {
        assert_eq!(piece.offset, offset + data.len() as u64);
        head = head.or(piece.head);
        data.extend_from_slice(&piece.data);
    }
    Ok((head.expect("a head"), data))
}

pub(crate) fn open(file: &Attachment, purpose: &str) -> OpenOriginalRequest {
    OpenOriginalRequest {
        request_id: complaints::request_id(),
        case_id: file.case_id.clone(),
        attachment_id: file.attachment_id.clone(),
        purpose: purpose.into(),
        offset: 0,
    }
}

pub(crate) async fn opened(
    officer: &Officer,
    request: OpenOriginalRequest,
) -> Result<(FileHead, Vec<u8>), Status> {
    let mut stream = officer.attachments().open_original(request).await?.into_inner();
    let (mut head, mut data) = (None, Vec::new());
    while let Some(piece) = stream.message().await? {
        head = head.or(piece.head);
        data.extend_from_slice(&piece.data);
    }
    Ok((head.expect("a head"), data))
}
