//! The directory of organs (article 4) as each service knows it.
//!
//! Routing owns the directory; its changes are entries of the top organ's ledger, and the other services note them in
//! theirs. Each service keeps the table `organ_directory` in its own schema and a [`Directory`] of it in memory
//! ([`Live`]), small enough to be replicated everywhere, in which an organ is found by what people call it
//! ([`Directory::find`], articles 2 and 10).

mod changes;
mod error;
pub mod file;
mod find;
mod live;
mod snapshot;
mod store;

pub use changes::{Changes, keep};
pub use error::DirectoryError;
pub use find::{Hit, How};
pub use live::Live;
pub use snapshot::Directory;
pub use store::save;

/// The table `organ_directory`, for the schema of a service. Versions 500 to 599.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// The name of the table, for a service's list of projections.
pub const TABLE: &str = "organ_directory";
