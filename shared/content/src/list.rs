//! The erasure list: what was erased, in a file outside the database and its backups, so that a restored backup brings nobody
//! back.
//!
//! A line is written and synced before anything is deleted by it. Lines are JSON, and each has a keyed hash over itself and
//! all before it; a small file beside the list, `<list>.head`, says how many there are, so that a list that was cut is
//! noticed. Several processes of one machine may share a list; services on other machines have one of their own.

mod file;
mod line;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use seal::Fingerprints;
use uuid::Uuid;

use crate::{Erased, Erasure, Line, Listed};
use file::State;

/// The erasure list of a service, open.
#[derive(Debug)]
pub struct ErasureList {
    path: PathBuf,
    key: Fingerprints,
    state: Mutex<State>,
}

/// Why the list can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The system refused something.
    #[error("cannot {doing} the erasure list {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line is not as this program wrote it.
    #[error(
        "the erasure list {} was changed at line {line}: put back the list as it was (a copy is shipped elsewhere), before \
         anything is served that was erased", path.display()
    )]
    Changed {
        /// The list.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// Lines are missing at the end.
    #[error(
        "the erasure list {} was cut: it has {found} lines, {known} are known: put back the list as it was (a copy is \
         shipped elsewhere), before anything is served that was erased", path.display()
    )]
    Cut {
        /// The list.
        path: PathBuf,
        /// How many there are.
        found: u64,
        /// How many there were.
        known: u64,
    },
    /// The database failed.
    #[error("what was erased can't be read from the database, or deleted")]
    Database(#[from] sqlx::Error),
    /// The program is stopping.
    #[error("the erasure list is not written to any more")]
    Stopping,
}

impl ErasureList {
    /// Opens a list, which is made where there is none, and checks every line. `key` is of the list alone.
    pub fn open(path: &Path, key: Fingerprints) -> Result<Self, ListError> {
        let list = Self { path: path.to_owned(), key, state: Mutex::default() };
        list.locked(|_, _| Ok(()))?;
        Ok(list)
    }

    /// Every erasure on it, in order.
    pub fn all(&self) -> Vec<Listed> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).listed.clone()
    }

    /// Writes what is not on it yet, and syncs it: now it may be deleted. The lines, in the order given.
    pub async fn note(self: &Arc<Self>, erasures: Vec<Erasure>) -> Result<Vec<Listed>, ListError> {
        let list = Arc::clone(self);
        tokio::task::spawn_blocking(move || list.write(&erasures)).await.map_err(|_| ListError::Stopping)?
    }

    /// The same, where waiting for the disk is no matter.
    pub fn write(&self, erasures: &[Erasure]) -> Result<Vec<Listed>, ListError> {
        self.locked(|open, state| {
            state.append(open, &self.key, erasures)?;
            let listed = erasures.iter().filter_map(|erasure| state.find(erasure).cloned());
            Ok(listed.collect())
        })
    }

    /// Whether a line that the database knows is on the list.
    pub(crate) fn must_have(&self, line: &Line) -> Result<(), ListError> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (found, known) = (state.lines(), line.number);
        if found < known {
            return Err(ListError::Cut { path: self.path.clone(), found, known });
        }
        let index = usize::try_from(known.saturating_sub(1)).unwrap_or(usize::MAX);
        match state.listed.get(index) {
            Some(listed) if listed.line == *line => Ok(()),
            _ => Err(ListError::Changed { path: self.path.clone(), line: known }),
        }
    }

    /// With the file locked against other processes, and what they wrote taken in.
    fn locked<T>(
        &self,
        act: impl FnOnce(&mut file::Open, &mut State) -> Result<T, ListError>,
    ) -> Result<T, ListError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = file::Open::lock(&self.path)?;
        state.catch_up(&mut open, &self.key)?;
        act(&mut open, &mut state)
    }
}

/// What is found again by it.
type Key = (String, Uuid, Erased);

fn key(erasure: &Erasure) -> Key {
    (erasure.organ.clone(), erasure.case_id, erasure.what)
}

/// Lines by what they are about.
type Places = HashMap<Key, usize>;
