//! Who may do what, as far as it can be told at the door.
//!
//! - [`Authenticator`] turns a bearer token into a [`Principal`]; [`DevKey`] signs tokens for development.
//! - [`Table`] holds the rows *role × rpc × scope* of `deploy/access/roles.toml` and judges: no row, no call.
//! - [`Tree`] is the snapshot of the directory that scopes are worked out with; [`Visibility`] is what a read may
//!   show, and the one SQL predicate for it.
//!
//! Pure: no socket, no database, no clock. What depends on the case (not the investigator, two persons) is judged in
//! the services' `decide`, not here.

mod crypto;
mod dev;
mod keys;
mod principal;
mod table;
mod token;
mod tree;
mod visibility;

pub use dev::{DevKey, DevKeyError};
pub use keys::{KeyError, Keys};
pub use principal::{Principal, Role, UnknownRole};
pub use table::{Denied, Grant, Row, Scope, Table, TableError};
pub use token::{Authenticator, TokenError, TokenSettings};
pub use tree::Tree;
pub use visibility::{Visibility, may_act_for, visibility};
