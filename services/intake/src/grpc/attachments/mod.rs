//! `AttachmentService`: the files of cases (9, 15).

mod begin;
mod copy;
mod download;
mod error;
mod finish;
mod list;
mod manifest;
mod remove;
mod upload;

use duban_proto::intake::v1 as wire;
use duban_proto::intake::v1::{AttachmentKind, AttachmentState, PassingOn};
use files::{Blob, Files};
use seal::{CaseKey, Sealer};
use server::{Caller, Error, Reason};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

pub(super) use download::{Copies, Originals};

use super::Grpc;
use crate::attachments::AttachmentLimits;
use crate::domain::{Answer, Attachment, shows_complainant};
use crate::store;

/// Bytes of data in one message at the most: well below the largest message, and many to a part.
const CHUNK_BYTES: usize = 256 * 1024;

/// A file in the storage, and what opens it.
struct Opened {
    blob: Blob,
    key: CaseKey,
}

impl Grpc {
    fn files(&self) -> &Files {
        &self.attachments.files
    }

    fn sealer(&self) -> &Sealer {
        self.vault.sealer()
    }

    /// A place for a stream; OVERLOADED where all are taken.
    fn stream_place(&self) -> Result<OwnedSemaphorePermit, Error> {
        let places = self.attachments.streams.clone();
        places.try_acquire_owned().map_err(|_| Error::of(Reason::Overloaded).meta("queue", "streams"))
    }

    /// A file of a case that the caller's organ registered; an agency's system has its own submissions only.
    async fn own_attachment(
        &self,
        caller: &Caller,
        case_id: Uuid,
        attachment_id: Uuid,
    ) -> Result<(String, Attachment), Error> {
        let (organ, _) = self.organ_of(caller, case_id).await?;
        self.own_case(caller, &organ, case_id).await?;
        let attachment = self.attachment(&organ, case_id, attachment_id).await?;
        Ok((organ, attachment))
    }

    /// A file of a case.
    async fn attachment(&self, organ: &str, case_id: Uuid, id: Uuid) -> Result<Attachment, Error> {
        let found = store::attachments_of_ids(self.pool(), organ, &[id]).await?;
        found.into_iter().find(|file| file.case_id == case_id).ok_or_else(|| nothing(id))
    }

    /// The file of an answer, as it is told.
    fn answered(&self, answer: Answer) -> Result<wire::Attachment, Error> {
        let told = answer.attachment.ok_or_else(|| Error::internal("an answer without its attachment"))?;
        Ok(told_with(told, &self.attachments.limits))
    }
}

/// A file as it is told to who may know all of it.
fn told(attachment: &Attachment, limits: &AttachmentLimits) -> wire::Attachment {
    told_with(attachment.message(), limits)
}

fn told_with(mut told: wire::Attachment, limits: &AttachmentLimits) -> wire::Attachment {
    told.passing_on = passing_on(&told, limits).into();
    told
}

/// Whether a copy can be passed on (15).
fn passing_on(told: &wire::Attachment, limits: &AttachmentLimits) -> PassingOn {
    let shows = |kind: AttachmentKind| shows_complainant(kind) && told.redacts.is_empty();
    if told.state() != AttachmentState::Received {
        PassingOn::NotReceived
    } else if told.copy_size > 0 {
        PassingOn::Done
    } else if shows(told.kind()) {
        PassingOn::ShowsComplainant
    } else if !files::clean::is_possible(&told.media_type) {
        PassingOn::TypeNotCleaned
    } else if told.size > limits.clean_bytes {
        PassingOn::TooLarge
    } else {
        PassingOn::Possible
    }
}

fn nothing(attachment_id: Uuid) -> Error {
    Error::nothing_to_act_on("attachment", attachment_id)
}
