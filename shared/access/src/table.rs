//! The table of roles × rpc × scope: a file a lawyer can read, and what is not in it is refused.

mod load;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

pub use load::TableError;

use crate::principal::{Principal, Role};

/// For which organs a row lets a role act or see. Ordered from the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// No organ's data is touched, or the request proves its own right (number and tracking code).
    Public,
    /// The caller's own organ.
    Own,
    /// The caller's own organ, and of another one the case for which that lent the caller and in which the caller was
    /// appointed: judged with the case (18).
    Lent,
    /// The caller's organ and all below it.
    Subtree,
    /// Every organ.
    All,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place in the file, from 1.
    pub number: usize,
    /// The rpc, `duban.intake.v1.IntakeService/AcceptCase`.
    pub rpc: String,
    /// Who.
    pub roles: Vec<Role>,
    /// For which organs.
    pub scope: Scope,
    /// The article it rests on, `13`; `None` for a house rule.
    pub article: Option<String>,
    /// Why, in a sentence.
    pub why: String,
    /// Every call is logged, not only refused ones: it opens what is sealed, or decides for good.
    pub sensitive: bool,
}

/// What a row lets a caller do: the widest scope of the rows that apply, and the row that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// For which organs.
    pub scope: Scope,
    /// The row that decided.
    pub row: Arc<Row>,
}

/// No row lets this caller call this rpc.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no row of the access table lets {roles} call {rpc}")]
pub struct Denied {
    /// The rpc, without a leading slash.
    pub rpc: String,
    /// The caller's roles, comma-separated.
    pub roles: String,
}

/// All rows.
#[derive(Clone, Debug)]
pub struct Table {
    rows: BTreeMap<String, Vec<Arc<Row>>>,
}

impl Scope {
    /// The name in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Own => "own",
            Self::Lent => "lent",
            Self::Subtree => "subtree",
            Self::All => "all",
        }
    }
}

impl Table {
    /// The table that comes with the program, `deploy/access/roles.toml`.
    pub const BUNDLED: &'static str = include_str!("../../../deploy/access/roles.toml");

    /// Reads a table and checks it against the names of all rpcs (`package.Service/Method`): each must have a row,
    /// none may be unknown.
    pub fn parse<'a>(text: &str, rpcs: impl IntoIterator<Item = &'a str>) -> Result<Self, TableError> {
        load::parse(text, rpcs)
    }

    /// Reads a table from a file, see [`Table::parse`].
    pub fn load<'a>(
        path: &std::path::Path,
        rpcs: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, TableError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| TableError::Read { path: path.to_owned(), source })?;
        load::parse(&text, rpcs)
    }

    /// May this caller call this rpc (`/package.Service/Method`, with or without the slash), and for which organs?
    pub fn judge(&self, rpc: &str, principal: &Principal) -> Result<Grant, Denied> {
        let rpc = rpc.strip_prefix('/').unwrap_or(rpc);
        self.rows
            .get(rpc)
            .into_iter()
            .flatten()
            .filter(|row| row.roles.iter().any(|role| principal.has(*role)))
            .max_by_key(|row| row.scope)
            .map(|row| Grant { scope: row.scope, row: Arc::clone(row) })
            .ok_or_else(|| Denied { rpc: rpc.to_owned(), roles: principal.role_names() })
    }

    /// All rows, by rpc.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().flatten().map(AsRef::as_ref)
    }
}
