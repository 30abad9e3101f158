//! Cases that belong together, and how a repeated complaint is told from another one (21).

use duban_proto::intake::v1::{CaseLinked, ComplaintReceived, Identifier};
use jiff::Timestamp;
use uuid::Uuid;

/// A link of a case to another: the row of `case_link`.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The case in whose ledger it stands.
    pub case_id: Uuid,
    /// The organ that registered the other case, and that case.
    pub other: Other,
    /// What the entry says.
    pub linked: CaseLinked,
    /// When it was made, or taken back.
    pub at: Timestamp,
    /// False: it was taken back.
    pub stands: bool,
}

/// Another case, of the same organ or of another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Other {
    /// The organ that registered it.
    pub organ: String,
    /// Its id.
    pub case_id: Uuid,
}

impl Link {
    /// The link that an entry tells of; none where its id is none.
    pub(super) fn of(case_id: Uuid, linked: &CaseLinked, at: Timestamp, stands: bool) -> Option<Self> {
        let other = Other {
            organ: linked.other_organ.clone(),
            case_id: Uuid::try_parse(&linked.other_case_id).ok()?,
        };
        Some(Self { case_id, other, linked: linked.clone(), at, stands })
    }
}

/// Whether a link is more than possible: an officer made it, or more than the name is the same. Many have one name.
pub fn is_certain(linked: &CaseLinked) -> bool {
    linked.matched.is_empty() || linked.matched().any(|one| one != Identifier::Name)
}

/// Whether two complaints are on one matter: about the same respondent, and on a common ground, or on one that is not
/// settled yet (8, 21).
pub fn is_same_matter(one: &ComplaintReceived, other: &ComplaintReceived) -> bool {
    let respondent = one
        .respondents
        .iter()
        .filter(|respondent| !respondent.organ.is_empty())
        .any(|respondent| other.respondents.iter().any(|theirs| theirs.organ == respondent.organ));
    let unsettled = one.grounds.is_empty() || other.grounds.is_empty();
    respondent && (unsettled || one.grounds.iter().any(|ground| other.grounds.contains(ground)))
}

/// The kinds of identifier of a bit mask: numbered in `blind_index` as in the contract.
pub(crate) fn identifiers(mask: i32) -> Vec<Identifier> {
    (1..31).filter(|bit| mask & (1 << bit) != 0).filter_map(|bit| Identifier::try_from(bit).ok()).collect()
}
