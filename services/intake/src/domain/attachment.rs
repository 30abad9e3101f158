//! A file of a case as intake knows it, and how each event changes it.

use duban_proto::common::v1::ContentRef;
use duban_proto::intake::v1 as wire;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    AttachmentBegun, AttachmentKind, AttachmentPassedOn, AttachmentReceived, AttachmentRemoved,
    AttachmentState,
};
use jiff::Timestamp;
use uuid::Uuid;

/// A file of a case: the row of `attachment`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    /// Its id.
    pub attachment_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What happened to it.
    pub held: Held,
}

/// What happened to a file: what the entries say.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Held {
    /// It was announced.
    #[prost(message, optional, tag = "1")]
    pub begun: Option<AttachmentBegun>,
    /// When.
    #[prost(message, optional, tag = "2")]
    pub begun_at: Option<prost_types::Timestamp>,
    /// By whom.
    #[prost(string, tag = "3")]
    pub begun_by: String,
    /// All of it was there.
    #[prost(message, optional, tag = "4")]
    pub received: Option<AttachmentReceived>,
    /// When.
    #[prost(message, optional, tag = "5")]
    pub received_at: Option<prost_types::Timestamp>,
    /// A copy was passed on.
    #[prost(message, optional, tag = "6")]
    pub passed_on: Option<AttachmentPassedOn>,
    /// It was removed.
    #[prost(message, optional, tag = "7")]
    pub removed: Option<AttachmentRemoved>,
    /// When.
    #[prost(message, optional, tag = "8")]
    pub removed_at: Option<prost_types::Timestamp>,
}

/// Whether files of a kind show who complains (15).
pub fn shows_complainant(kind: AttachmentKind) -> bool {
    match kind {
        AttachmentKind::NarrativeScan
        | AttachmentKind::LetterStamp
        | AttachmentKind::Authorisation
        | AttachmentKind::IdentityDocument => true,
        AttachmentKind::Unspecified
        | AttachmentKind::Evidence
        | AttachmentKind::HandedOver
        | AttachmentKind::Other => false,
    }
}

/// The file that an event is about; none where it is about none.
pub(super) fn attachment_of(kind: &Kind) -> Option<Uuid> {
    let id = match kind {
        Kind::AttachmentBegun(event) => &event.attachment_id,
        Kind::AttachmentReceived(event) => &event.attachment_id,
        Kind::AttachmentPassedOn(event) => &event.attachment_id,
        Kind::AttachmentRemoved(event) => &event.attachment_id,
        _ => return None,
    };
    Uuid::try_parse(id).ok()
}

impl Attachment {
    /// A file of which nothing is known yet.
    pub fn new(case_id: Uuid, attachment_id: Uuid) -> Self {
        Self { attachment_id, case_id, held: Held::default() }
    }

    /// The only way it changes. True where it did.
    pub fn apply(&mut self, kind: &Kind, at: Timestamp, actor: &str) -> bool {
        let at = Some(server::time::to_proto(at));
        let held = &mut self.held;
        match kind {
            Kind::AttachmentBegun(event) => {
                held.begun = Some(event.clone());
                held.begun_at = at;
                actor.clone_into(&mut held.begun_by);
            }
            Kind::AttachmentReceived(event) => {
                held.received = Some(event.clone());
                held.received_at = at;
            }
            Kind::AttachmentPassedOn(event) => held.passed_on = Some(event.clone()),
            Kind::AttachmentRemoved(event) => {
                held.removed = Some(event.clone());
                held.removed_at = at;
            }
            _ => return false,
        }
        true
    }

    /// Where it stands.
    pub fn state(&self) -> AttachmentState {
        match (&self.held.removed, &self.held.received) {
            (Some(removed), _) if removed.erased => AttachmentState::Erased,
            (Some(_), _) => AttachmentState::Removed,
            (None, Some(_)) => AttachmentState::Received,
            (None, None) => AttachmentState::Uploading,
        }
    }

    /// When it came into its state, in microseconds.
    pub fn since(&self) -> i64 {
        let held = &self.held;
        let at = held.removed_at.or(held.received_at).or(held.begun_at);
        at.as_ref().and_then(server::time::from_proto).map_or(0, Timestamp::as_microsecond)
    }

    /// When it was announced.
    pub fn begun_at(&self) -> Timestamp {
        self.held.begun_at.as_ref().and_then(server::time::from_proto).unwrap_or_default()
    }

    /// Whether its bytes count against what a case may have.
    pub fn counts(&self) -> bool {
        self.held.removed.is_none()
    }

    /// Bytes as announced.
    pub fn size(&self) -> u64 {
        self.held.begun.as_ref().map_or(0, |begun| begun.size)
    }

    /// What it is for.
    pub fn kind(&self) -> AttachmentKind {
        self.held.begun.as_ref().map_or(AttachmentKind::Unspecified, AttachmentBegun::kind)
    }

    /// The file it shows blacked out; empty for an original.
    pub fn redacts(&self) -> &str {
        self.held.begun.as_ref().map_or("", |begun| &begun.redacts)
    }

    /// Its type by its content; empty before it was all there.
    pub fn media_type(&self) -> &str {
        self.held.received.as_ref().map_or("", |received| &received.media_type)
    }

    /// Which file of the case it is, from 1.
    pub fn ordinal(&self) -> u32 {
        self.held.begun.as_ref().map_or(0, |begun| begun.ordinal)
    }

    /// Name, hash and key of what was uploaded.
    pub fn manifest(&self) -> Option<&ContentRef> {
        self.held.begun.as_ref()?.manifest.as_ref()
    }

    /// The file, without what depends on the service's settings (`passing_on`).
    pub fn message(&self) -> wire::Attachment {
        let held = &self.held;
        let number = format!("{}.{}", self.ordinal(), files::kind::extension(self.media_type()));
        wire::Attachment {
            attachment_id: self.attachment_id.to_string(),
            case_id: self.case_id.to_string(),
            kind: self.kind().into(),
            state: self.state().into(),
            file_name: format!("attachment-{}", number.trim_end_matches(".bin")),
            media_type: self.media_type().to_owned(),
            size: self.size(),
            copy_size: held.passed_on.as_ref().map_or(0, |passed| passed.size),
            passing_on: wire::PassingOn::Unspecified.into(),
            redacts: self.redacts().to_owned(),
            begun_at: held.begun_at,
            received_at: held.received_at,
            begun_by: held.begun_by.clone(),
        }
    }
}
