use duban_proto::supervision::v1::{ConcernKind, event::Kind};
use jiff::Timestamp;
use uuid::Uuid;

/// Something intake told of: a repeated complaint (21), or a report at the centre (12).
#[derive(Clone, Debug, PartialEq)]
pub struct Concern {
    /// The case, or the report's own id, and what tells this concern from others of it.
    pub key: ConcernKey,
    /// Which.
    pub kind: ConcernKind,
    /// The case that a report is about; absent for a repeat, and before there is a case.
    pub about: Option<Uuid>,
    /// The organ of the complaint before, or the one a report is about; empty where it is not known.
    pub other_organ: String,
    /// When it was noted.
    pub noted_at: Timestamp,
    /// It stands.
    pub is_open: bool,
}

/// Which concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConcernKey {
    /// The case, or the report's own id.
    pub case_id: Uuid,
    /// The complaint before; of a report its own id again.
    pub other_id: Uuid,
}

impl ConcernKey {
    /// Before all concerns of a case.
    pub(crate) fn first(case_id: Uuid) -> Self {
        Self { case_id, other_id: Uuid::nil() }
    }
}

/// Which concern an event is about; none where it is about none.
pub(crate) fn key(case_id: Uuid, kind: &Kind) -> Option<ConcernKey> {
    let other_id = match kind {
        Kind::RepeatNoted(noted) => noted.other_case_id.parse().ok()?,
        Kind::RepeatTakenBack(back) => back.other_case_id.parse().ok()?,
        Kind::ReportNoted(_) | Kind::ReportSettled(_) => case_id,
        _ => return None,
    };
    Some(ConcernKey { case_id, other_id })
}

/// Whether a concern stands after this event.
pub(crate) fn opens(kind: &Kind) -> bool {
    matches!(kind, Kind::RepeatNoted(_) | Kind::ReportNoted(_))
}

/// The concern that begins with this event; none where none does.
pub(crate) fn begun(key: ConcernKey, kind: &Kind, noted_at: Timestamp) -> Option<Concern> {
    let (kind, about, other_organ) = match kind {
        Kind::RepeatNoted(noted) => (ConcernKind::Repeat, None, &noted.other_organ),
        Kind::ReportNoted(noted) => (ConcernKind::Report, noted.case_id.parse().ok(), &noted.organ),
        _ => return None,
    };
    Some(Concern { key, kind, about, other_organ: other_organ.clone(), noted_at, is_open: true })
}
