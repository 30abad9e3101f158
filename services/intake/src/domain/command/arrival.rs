//! How a complaint comes in, and what is kept of it beside the ledger (9, 10, 13).

use std::sync::Arc;

use bytes::Bytes;
use content::{Draft, NewKey};
use duban_proto::common::v1::{ContentRef, RespondentFacts};
use duban_proto::intake::v1::ComplaintReceived;
use jiff::Timestamp;
use uuid::Uuid;

/// A complaint that comes in.
#[derive(Clone, Debug)]
pub struct Submit {
    /// What the entry says.
    pub received: ComplaintReceived,
    /// It is registered at once, with this prefix of the organ's numbers; absent where it waits in the desk's queue.
    pub register: Option<Register>,
    /// It is accepted at once by the rules, and these masks count as confirmed.
    pub automatic: Option<Automatic>,
    /// What is kept beside the ledger.
    pub private: Arc<Private>,
}

/// A running case from paper.
#[derive(Clone, Debug)]
pub struct Import {
    /// What the entry says.
    pub received: ComplaintReceived,
    /// Its number.
    pub number: String,
    /// Year and place of the number in the organ's register; absent where it is not one of the register's.
    pub place: Option<(u32, u32)>,
    /// When it was accepted; absent where that is not decided.
    pub accepted_at: Option<Timestamp>,
    /// What is kept beside the ledger.
    pub private: Arc<Private>,
}

/// What the rules do with a complaint that has everything (house setting `automatic_acceptance`).
#[derive(Clone, Debug)]
pub struct Automatic {
    /// The working copy, where the proposed masks are taken as confirmed too; and the number of masks.
    pub working_copy: Option<(ContentRef, u32)>,
}

/// How a case gets its number.
#[derive(Clone, Debug)]
pub struct Register {
    /// The organ's own prefix, "宝效投".
    pub prefix: String,
    /// The id of the reply that tells the number; unused where it is told in the answer.
    pub reply_id: Uuid,
}

/// Asks for what is missing.
#[derive(Clone, Debug)]
pub struct RequestSupplement {
    /// The version the caller saw.
    pub version: u32,
    /// The fields asked for; empty: all that are missing.
    pub fields: Vec<String>,
    /// The id of the reply.
    pub reply_id: Uuid,
}

/// What the complainant supplied.
#[derive(Clone, Debug)]
pub struct ProvideSupplement {
    /// The new version of the sealed original.
    pub original: ContentRef,
    /// What is still missing.
    pub missing: Vec<String>,
    /// The respondents as known now.
    pub respondents: Vec<RespondentFacts>,
    /// It is anonymous, as known now.
    pub anonymous: bool,
    /// It gives no way to reach the complainant, as known now.
    pub no_contact: bool,
    /// The id of the reply, where the limit has run out unnoticed.
    pub reply_id: Uuid,
    /// What is kept beside the ledger.
    pub private: Arc<Private>,
}

/// Puts right what was registered wrong.
#[derive(Clone, Debug)]
pub struct Correct {
    /// The version the caller saw.
    pub version: u32,
    /// What the entry says: the complaint as it ought to be.
    pub received: ComplaintReceived,
    /// What changed, by name.
    pub fields: Vec<String>,
    /// Why.
    pub reason: ContentRef,
    /// What is kept beside the ledger.
    pub private: Arc<Private>,
}

/// What is kept beside the ledger and can't be rebuilt from it. Does not print what it protects.
#[derive(Debug)]
pub struct Private {
    /// The data key of a case that begins.
    pub key: Option<NewKey>,
    /// Texts.
    pub drafts: Vec<Draft>,
    /// The sealed identity.
    pub identity: Option<SealedIdentity>,
}

/// Who complains, sealed, and the blind indexes by which the same person is found again.
#[derive(Clone, Debug)]
pub struct SealedIdentity {
    /// The case.
    pub case_id: Uuid,
    /// The ciphertext of the `Complainant`, under the case's key.
    pub sealed: Bytes,
    /// Kind and keyed hash of each identifier.
    pub indexes: Vec<(i16, [u8; 32])>,
}

/// The limit of a supplement ran out.
#[derive(Clone, Copy, Debug)]
pub struct ExpireSupplement {
    /// The time by which that is judged.
    pub at: Timestamp,
    /// The id of the reply, where one becomes due.
    pub reply_id: Uuid,
}
