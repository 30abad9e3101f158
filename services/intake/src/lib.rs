//! Intake: complaints come in, are registered, accepted and replied to; who complains stays sealed (the Baoshan
//! measures, chapters 3 and 4).
//!
//! - [`domain`]: the rules, pure.
//! - `store`: the tables. [`Ledgers`] puts both together for the crate `ledger`.
//! - `grpc`: the rpcs.
//! - `attachments`, `tidy`: where the files of cases are kept, and the worker that keeps storage and ledgers in step.
//! - `deliver`: replies that the program sends.
//! - `tick`: what has to happen when a limit runs out.
//! - `erasing`: what was decided on is erased.
//! - `follow`: how a case goes on, as routing and supervision tell.

mod attachments;
mod deliver;
pub mod domain;
mod erasing;
mod event;
mod follow;
mod grpc;
mod indexer;
mod ledgers;
mod quota;
mod service;
mod store;
mod tick;
mod tidy;

pub use attachments::AttachmentLimits;
pub use deliver::{DeliverySettings, FORMS, PortFault, PortFaults, PortSettings, Ports, Receiver, Secret};
pub use event::Event;
pub use ledgers::Ledgers;
pub use quota::{Quota, Quotas};
pub use service::{Deps, Intake};
pub use store::Damaged;

/// Who acts where the service itself does.
pub(crate) const ACTOR: &str = "service:intake";

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
