//! Who may read who complains, and what is erased (15, 16).

use content::{Draft, Listed};
use jiff::SignedDuration;
use uuid::Uuid;

/// Asks to read the identity of a case.
#[derive(Clone, Debug)]
pub struct RequestGrant {
    /// The id it will have.
    pub grant_id: Uuid,
    /// The organ of who asks, and will read.
    pub organ: String,
    /// For what.
    pub purpose: String,
    /// Why.
    pub reason: Draft,
}

/// Decides on a grant.
#[derive(Clone, Copy, Debug)]
pub struct DecideGrant {
    /// The grant.
    pub grant_id: Uuid,
    /// For how long from now; absent: refused, or taken back.
    pub valid: Option<SignedDuration>,
}

/// A disposal list.
#[derive(Clone, Debug)]
pub struct Disposal {
    /// Its id.
    pub list_id: Uuid,
    /// Its cases.
    pub cases: Vec<Uuid>,
}

/// Erasures to be done, all of one organ.
#[derive(Clone, Debug)]
pub struct Erase {
    /// What, as listed.
    pub listed: Vec<Listed>,
    /// A backup had brought it back, and it is deleted again already.
    pub restored: bool,
}
