//! All SQL of the ledger, a file a table.

pub(crate) mod cursor;
pub(crate) mod entry;
pub(crate) mod head;
pub(crate) mod mailbox;
pub(crate) mod row;
