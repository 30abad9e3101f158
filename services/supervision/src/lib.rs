//! Supervision watches each case's time, acts in order when it runs out, and counts (articles 16, 17, 20).
//!
//! - [`domain`]: the rules, pure: clocks, the ladder, extensions, the board.
//! - `store`: the tables. [`Ledgers`] puts both together for the crate `ledger`.
//! - `tick`: fires rungs when their moment comes. `follow`: starts and stops clocks as routing's ledgers tell.
//! - `grpc`: `SupervisionService`, `ReviewService`, `AppealService`, `NoticeService`, `AccountabilityService`.

mod again;
mod by_organ;
pub mod domain;
mod event;
mod follow;
mod grpc;
mod horizon;
mod lapse;
mod ledgers;
mod service;
mod store;
mod tick;
mod watch;

pub use event::Event;
pub use ledgers::Ledgers;
pub use service::{Deps, Supervision};
pub use store::Damaged;

/// The service's own tables. Versions from 1000.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// What the service owns in a database.
pub const SCHEMA: postgres::Schema = postgres::Schema {
    name: "supervision",
    role: "duban_supervision",
    migrations: &[&ledger::MIGRATOR, &directory::MIGRATOR, &content::MIGRATOR, &MIGRATOR],
    append_only: &["entry"],
};

/// The actor of what the service does by itself.
const ACTOR: &str = "service:supervision";
