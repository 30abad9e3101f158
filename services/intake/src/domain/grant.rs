//! The right of somebody who handles a case to read who complains, for a time (15).

use duban_proto::common::v1::ContentRef;
use duban_proto::intake::v1::{GrantState, IdentityGrant};
use jiff::Timestamp;
use uuid::Uuid;

/// A grant: the row of `identity_grant`.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Its id.
    pub grant_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What the entry says.
    pub grant: IdentityGrant,
    /// Why it was asked for.
    pub reason: ContentRef,
}

impl Grant {
    /// The grant that an entry tells of; none where its id is none.
    pub(super) fn of(case_id: Uuid, grant: &IdentityGrant, reason: Option<&ContentRef>) -> Option<Self> {
        Some(Self {
            grant_id: Uuid::try_parse(&grant.grant_id).ok()?,
            case_id,
            grant: grant.clone(),
            reason: reason.cloned().unwrap_or_default(),
        })
    }

    /// Whether this person of this organ may read by it at this moment.
    pub fn lets_read(&self, reader: &str, organ: &str, now: Timestamp) -> bool {
        let until = self.grant.valid_until.as_ref().and_then(server::time::from_proto);
        self.grant.state() == GrantState::Granted
            && self.grant.reader == reader
            && self.grant.reader_organ == organ
            && until.is_some_and(|until| now < until)
    }
}
