//! Intake: complaints come in, are registered, accepted and replied to; who complains stays sealed (the Baoshan
//! measures, chapters 3 and 4).
//!
//! - [`domain`]: the rules, pure.
//! - `store`: the tables. [`Ledgers`] puts both together for the crate `ledger`.
//! - `grpc`: `IntakeService`, `IdentityService` and `DeliveryService`.
//! - `deliver`: replies that the program sends.
//! - `follow`: how a case goes on, as routing and supervision tell.

mod deliver;
pub mod domain;
mod event;
mod follow;
mod grpc;
mod ledgers;
mod quota;
mod service;
mod store;

pub use deliver::{DeliverySettings, FORMS, PortFault, PortFaults, PortSettings, Ports, Receiver, Secret};
pub use event::Event;
pub use ledgers::Ledgers;
pub use quota::{Quota, Quotas};
pub use service::{Deps, Intake};
pub use store::Damaged;

/// The actor of what the service does by itself.
const ACTOR: &str = "service:intake";

/// The service's own tables. Versions from 1000.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// What the service owns in a database.
pub const SCHEMA: postgres::Schema = postgres::Schema {
    name: "intake",
    role: "duban_intake",
    migrations: &[&ledger::MIGRATOR, &directory::MIGRATOR, &content::MIGRATOR, &MIGRATOR],
    append_only: &["entry"],
};
