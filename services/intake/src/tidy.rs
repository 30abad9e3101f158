//! What becomes of files that nobody finishes, removes, or has: the worker that keeps storage and ledgers in step.
//!
//! Each pass gives up uploads that do not go on and deletes the bytes of removed files; once a day it compares the whole
//! storage with the tables, either way. Several replicas may do so at once: each step can be done twice.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use duban_proto::intake::v1::AttachmentState;
use files::{FilesError, Found};
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::{SignedDuration, Timestamp};
use ledger::{Organ, Submission, Writer};
use postgres::row::small;
use tokio::time;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::attachments::Attachments;
use crate::domain::{Act, Attach, Attachment, Command};
use crate::ledgers::Ledgers;
use crate::store::{self, DueAttachment};

/// How often it is looked in any case: time passes, and other processes write as well.
const LOOK: Duration = Duration::from_mins(1);
/// The least time between two passes.
const REST: Duration = Duration::from_secs(1);
/// How often the whole storage is compared with the tables.
const WHOLE: SignedDuration = SignedDuration::from_hours(24);
/// Files seen to at once.
const PAGE: usize = 200;
/// Who does it.
const ACTOR: &str = "service:intake";

/// The worker.
pub(crate) struct Tidy {
    writer: Writer<Ledgers>,
    attachments: Attachments,
    compared_at: Option<Timestamp>,
}

/// Why a pass was broken off; the next one goes on.
#[derive(Debug, thiserror::Error)]
enum TidyError {
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error("the storage failed")]
    Files(#[from] FilesError),
    #[error("it could not be put on record")]
    Submit(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Tidy {
    pub(crate) fn new(writer: Writer<Ledgers>, attachments: Attachments) -> Self {
        Self { writer, attachments, compared_at: None }
    }

    /// Goes on until the shutdown.
    pub(crate) async fn keep(mut self, shutdown: CancellationToken) {
        if !self.attachments.files.is_configured() {
            return;
        }
        let mut moved = self.writer.heads().subscribe();
        let passes = async {
            loop {
                moved.borrow_and_update();
                let passed = self.pass().await;
                if let Err(error) = &passed {
                    tracing::warn!(error = error as &dyn std::error::Error, "files could not be tidied");
                }
                // What fails is not tried again by every entry that is written meanwhile.
                time::sleep(if passed.is_ok() { REST } else { LOOK }).await;
                tokio::select! {
                    changed = moved.changed() => if changed.is_err() { return },
                    () = time::sleep(LOOK) => {}
                }
            }
        };
        tokio::select! {
            () = passes => {}
            () = shutdown.cancelled() => {}
        }
    }

    async fn pass(&mut self) -> Result<(), TidyError> {
        let now = self.writer.clock().now();
        let stale = now.saturating_sub(self.attachments.limits.unfinished).unwrap_or(Timestamp::MIN);
        // One that fails keeps nobody else waiting.
        let mut failed = None;
        for due in self.due(AttachmentState::Uploading, stale).await? {
            let act = Attach::Abandon { attachment_id: due.attachment_id, begun_before: stale };
            failed = self.record(&due, act).await.err().or(failed);
        }
        for due in self.due(AttachmentState::Removed, Timestamp::MAX).await? {
            failed = self.erase(&due).await.err().or(failed);
        }
        let compared = self.compared_at.is_some_and(|at| now.duration_since(at) < WHOLE);
        if !compared {
            self.compare(stale).await?;
            self.compared_at = Some(now);
        }
        failed.map_or(Ok(()), Err)
    }

    /// The bytes first, and then the entry that says so.
    async fn erase(&self, due: &DueAttachment) -> Result<(), TidyError> {
        let DueAttachment { organ, attachment_id, case_id } = due;
        self.attachments.files.delete_attachment(organ, *case_id, *attachment_id).await?;
        self.record(due, Attach::Erased { attachment_id: *attachment_id }).await
    }

    async fn due(
        &self,
        state: AttachmentState,
        before: Timestamp,
    ) -> Result<Vec<DueAttachment>, sqlx::Error> {
        let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
        store::due_attachments(self.writer.pool(), small(state.into()), before.as_microsecond(), most).await
    }

    async fn record(&self, due: &DueAttachment, attach: Attach) -> Result<(), TidyError> {
        let organ = Organ::new(due.organ.as_str()).map_err(|error| TidyError::Submit(error.into()))?;
        let command = Command { case_id: Some(due.case_id), agency: None, act: Act::Attach(attach) };
        let submission = Submission { command, actor: ACTOR.to_owned(), request: None, cause: None };
        let recorded = self.writer.submit(&organ, submission).await;
        recorded.map_err(|error| TidyError::Submit(error.into()))?;
        Ok(())
    }

    /// Objects without a row are deleted once no upload can have made them just now; rows without an object are told.
    async fn compare(&self, stale: Timestamp) -> Result<(), TidyError> {
        let organs = ledger::rebuild::organs(&self.writer).await?;
        // A bucket may be shared: what is of no organ of this instance is none of its business.
        let own: HashSet<String> = organs.into_iter().map(|organ| organ.as_str().to_owned()).collect();
        let mut seen = HashSet::new();
        let mut pages = self.attachments.files.all()?.try_chunks(PAGE);
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| error.1)?;
            let mut by_organ: BTreeMap<String, Vec<Found>> = BTreeMap::new();
            for found in page.into_iter().filter(|found| own.contains(&found.organ)) {
                seen.insert(found.attachment_id);
                by_organ.entry(found.organ.clone()).or_default().push(found);
            }
            for (organ, found) in by_organ {
                self.delete_strays(&organ, &found, stale).await?;
            }
        }
        self.tell_missing(&seen).await
    }

    async fn delete_strays(&self, organ: &str, found: &[Found], stale: Timestamp) -> Result<(), TidyError> {
        let mut ids: Vec<Uuid> = found.iter().map(|found| found.attachment_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let known = store::attachments_of_ids(self.writer.pool(), organ, &ids).await?;
        let strays = found.iter().filter(|found| !known.iter().any(|file| has(file, found)));
        for stray in strays.filter(|stray| stray.written_at < stale) {
            self.attachments.files.delete(stray).await?;
            tracing::info!(attachment.id = %stray.attachment_id, "an object that belongs to no attachment was deleted");
        }
        Ok(())
    }

    async fn tell_missing(&self, seen: &HashSet<Uuid>) -> Result<(), TidyError> {
        let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let mut after = (String::new(), Uuid::nil());
        loop {
            let page = store::received_attachments(self.writer.pool(), (&after.0, after.1), most).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = (last.organ.clone(), last.attachment_id);
            for file in page.iter().filter(|file| !seen.contains(&file.attachment_id)) {
                // It may have come while the storage was read.
                let DueAttachment { organ, attachment_id, case_id } = file;
                if !self.attachments.files.has(organ, *case_id, *attachment_id).await? {
                    tracing::error!(
                        organ, case.id = %case_id, attachment.id = %attachment_id,
                        "the bytes of an attachment are not in the storage: restore them from a backup",
                    );
                }
            }
        }
    }
}

/// Whether an object is one of a file's: of what was uploaded, or of the copy.
fn has(file: &Attachment, found: &Found) -> bool {
    let copy = file.held.passed_on.as_ref().map(|passed| passed.blob_id.as_str());
    file.attachment_id == found.attachment_id
        && file.state() != AttachmentState::Erased
        && (found.blob_id == file.attachment_id || copy == Some(found.blob_id.to_string().as_str()))
}
