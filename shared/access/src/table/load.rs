//! Reading the table file, with the line of what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::{Row, Scope, Table};
use crate::principal::Role;
use crate::tree::nearest;

/// Why a table can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file can't be read.
    #[error("cannot read the access table {path}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not TOML, or a key is missing, unknown or of the wrong type; the message has line and column.
    #[error("the access table is not well-formed: {0}")]
    Syntax(Box<toml::de::Error>),
    /// A row names an rpc that no contract has.
    #[error("line {line}: there is no rpc {rpc:?}{hint}", hint = hint(nearest.as_deref()))]
    UnknownRpc {
        /// The line in the file, from 1.
        line: usize,
        /// The name.
        rpc: String,
        /// The name most like it.
        nearest: Option<String>,
    },
    /// A row names a role that does not exist.
    #[error("line {line}: there is no role {role:?}{hint}", hint = hint(nearest.as_deref()))]
    UnknownRole {
        /// The line in the file, from 1.
        line: usize,
        /// The name.
        role: String,
        /// The name most like it.
        nearest: Option<String>,
    },
    /// A row contradicts itself or another.
    #[error("line {line}: {why}")]
    Row {
        /// The line in the file, from 1.
        line: usize,
        /// What is wrong and what is expected.
        why: String,
    },
    /// Rpcs without a row: nobody could ever call them.
    #[error("no row for {}", .0.join(", "))]
    Missing(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    row: Vec<FileRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    rpc: Spanned<String>,
    roles: Vec<Spanned<String>>,
    scope: Scope,
    article: Option<String>,
    why: String,
    #[serde(default)]
    sensitive: bool,
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(" (did you mean {name:?}?)")).unwrap_or_default()
}

pub(super) fn parse<'a>(text: &str, rpcs: impl IntoIterator<Item = &'a str>) -> Result<Table, TableError> {
    let known: BTreeSet<&str> = rpcs.into_iter().collect();
    let file: File = toml::from_str(text).map_err(|error| TableError::Syntax(Box::new(error)))?;
    let mut rows: BTreeMap<String, Vec<Arc<Row>>> = BTreeMap::new();
    for (index, raw) in file.row.into_iter().enumerate() {
        let line = line_of(text, raw.rpc.span().start);
        let row = checked(text, index + 1, raw, &known)?;
        let same = rows.entry(row.rpc.clone()).or_default();
        if let Some(role) = row.roles.iter().find(|role| same.iter().any(|other| other.roles.contains(role)))
        {
            let why = format!("{role} has a row for {} already: one scope a role and rpc", row.rpc);
            return Err(TableError::Row { line, why });
        }
        same.push(Arc::new(row));
    }
    let missing: Vec<String> =
        known.into_iter().filter(|rpc| !rows.contains_key(*rpc)).map(str::to_owned).collect();
    if missing.is_empty() { Ok(Table { rows }) } else { Err(TableError::Missing(missing)) }
}

fn checked(text: &str, number: usize, raw: FileRow, known: &BTreeSet<&str>) -> Result<Row, TableError> {
    let FileRow { rpc, roles, scope, article, why, sensitive } = raw;
    let line = line_of(text, rpc.span().start);
    let rpc = rpc.into_inner();
    if !known.contains(rpc.as_str()) {
        let nearest = nearest(&rpc, known.iter().copied()).map(str::to_owned);
        return Err(TableError::UnknownRpc { line, rpc, nearest });
    }
    let roles = roles.iter().map(|name| role_of(text, name)).collect::<Result<Vec<_>, _>>()?;
    let refuse = |why: &str| Err(TableError::Row { line, why: why.to_owned() });
    if roles.is_empty() {
        return refuse("roles is empty: name at least one");
    }
    if roles.contains(&Role::Public) != (scope == Scope::Public)
        || (scope == Scope::Public && roles.len() > 1)
    {
        return refuse(
            "the role \"public\" stands alone, and goes with scope = \"public\" and with no other",
        );
    }
    if why.trim().is_empty() {
        return refuse("why is empty: give the reason in a sentence");
    }
    Ok(Row {
        number,
        rpc,
        roles,
        scope,
        article: article.filter(|article| !article.is_empty()),
        why,
        sensitive,
    })
}

fn role_of(text: &str, name: &Spanned<String>) -> Result<Role, TableError> {
    name.get_ref().parse().map_err(|_| TableError::UnknownRole {
        line: line_of(text, name.span().start),
        nearest: nearest(name.get_ref(), Role::ALL.iter().map(|role| role.as_str())).map(str::to_owned),
        role: name.get_ref().clone(),
    })
}

/// The line that byte `offset` is on, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
