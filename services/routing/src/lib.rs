//! Routing and casework: which organ is competent, how a case is handed over in numbered terms, and what its holder does
//! with it (articles 4 to 6 and 14 to 19).
//!
//! - [`domain`]: the rules, pure.
//! - `store`: the tables. [`Ledgers`] puts both together for the crate `ledger`.
//! - `grpc`: `DirectoryService`, `RoutingService`, `CaseworkService`, `InvestigationService`, `TransferService`, `InstrumentService`.
//! - `tick`: what has to happen when a limit runs out.
//! - `follow`: cases come from intake; what organs tell each other comes by the service's own mailboxes.
//! - `succession`: changes of the directory take effect on their day, and open cases follow.

pub mod domain;
mod event;
mod follow;
mod grpc;
mod ledgers;
mod service;
mod store;
mod succession;
mod tick;

pub use event::Event;
pub use ledgers::Ledgers;
pub use service::{Deps, Routing};
pub use store::Damaged;

/// Who did it, where the service itself did.
pub(crate) const ACTOR: &str = "service:routing";

/// The service's own tables. Versions from 1000.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// What the service owns in a database.
pub const SCHEMA: postgres::Schema = postgres::Schema {
    name: "routing",
    role: "duban_routing",
    migrations: &[&ledger::MIGRATOR, &directory::MIGRATOR, &content::MIGRATOR, &MIGRATOR],
    append_only: &["entry"],
};
