//! Postgres as Duban's services use it.
//!
//! - [`connect`]: a pool with the limits every service runs under, which no cancelled caller can spoil.
//! - [`prepare_schema`], [`plan`]: a schema and a role per service, and the migrations of that schema.
//! - [`embedded`]: a private cluster beside the program, for one machine without a database.
//! - `testing` (feature): a fresh database per test.
//! - [`row`]: from columns to values, and what is said where a row is damaged.
//! - [`constraint`], [`is_unavailable`]: what a database error means to a service.

pub mod embedded;
mod error;
mod grants;
mod migrate;
mod pool;
pub mod row;
mod schema;
mod scram;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::{MigrationError, constraint, is_unavailable};
pub use migrate::{Pending, Plan, plan, prepare_schema};
pub use pool::{PoolSettings, connect, parse_url};
pub use schema::Schema;
