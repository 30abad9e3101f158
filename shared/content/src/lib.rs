//! Prose beside the ledger (article 15): narratives, records, reports, reasons.
//!
//! A ledger entry holds a commitment ([`ContentRef`](duban_proto::common::v1::ContentRef)); the words themselves stand in
//! the table `content`, sealed under the data key of their case (`case_key`). Both tables are primary data: they can't be
//! rebuilt from the ledger, and are backed up as such.
//!
//! A person is forgotten by deleting the data key. What was erased stands in the table `erasure`, and in the
//! [`ErasureList`] outside the database, which is gone through before a service serves ([`replay`]).
//!
//! A [`Draft`] is made before any lock is taken (it needs the case's key, which may be I/O), and saved by the organ's
//! writer in the transaction of the entry that commits to it.

mod draft;
mod erasure;
mod error;
mod list;
mod replay;
mod store;
mod vault;

pub use draft::{Draft, NewKey, Place};
pub use erasure::{Erased, Erasure, Line, Listed, erase, told, untold};
pub use error::ContentError;
pub use list::{ErasureList, ListError};
pub use replay::{Beside, forget, replay};
pub use store::save;
pub use vault::Vault;

/// The tables `case_key`, `content` and `erasure`, for the schema of a service. Versions 600 to 699.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
