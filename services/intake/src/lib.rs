//! Intake: complaints come in, are registered, accepted and replied to; who complains stays sealed (the Baoshan
//! measures, chapters 3 and 4).
//!
//! - [`domain`]: the rules, pure.
//! - `store`: the tables. [`Ledgers`] puts both together for the crate `ledger`.
//! - `grpc`: `IntakeService`, `IdentityService` and `RetentionService`.
//! - `erasing`: what was decided on is erased.
//! - `follow`: how a case goes on, as routing and supervision tell.

pub mod domain;
mod erasing;
mod event;
mod follow;
mod grpc;
mod ledgers;
mod quota;
mod service;
mod store;

pub use event::Event;
pub use ledgers::Ledgers;
pub use quota::{Quota, Quotas};
pub use service::{Deps, Intake};
pub use store::Damaged;

/// The service's own tables. Versions from 1000.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// Deletes again what a backup brought back, before anything is served; how much of it that was.
pub async fn replay(pool: &sqlx::PgPool, list: &content::ErasureList) -> Result<usize, content::ListError> {
    content::replay(pool, list, store::forget_identities()).await
}

/// What the service owns in a database.
pub const SCHEMA: postgres::Schema = postgres::Schema {
    name: "intake",
    role: "duban_intake",
    migrations: &[&ledger::MIGRATOR, &directory::MIGRATOR, &content::MIGRATOR, &MIGRATOR],
    append_only: &["entry"],
};
