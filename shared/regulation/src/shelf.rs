//! All regulations of a directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fault::Faults;
use crate::regulation::Regulation;

/// The regulations a service works by, by their codes.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    regulations: BTreeMap<String, Arc<Regulation>>,
}

/// Why a directory of regulations could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The directory could not be read.
    #[error("cannot read the regulations in {}", dir.display())]
    Io {
        /// The directory.
        dir: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file has faults.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// A file is not called after its regulation, so that `extends` would not find it.
    #[error("{} holds the regulation `{code}`; expected the name {code}.toml", file.display())]
    Name {
        /// The file.
        file: PathBuf,
        /// The code inside it.
        code: String,
    },
}

impl Shelf {
    /// Loads every `*.toml` of a directory.
    pub fn load(dir: &Path) -> Result<Self, ShelfError> {
        let io = |source| ShelfError::Io { dir: dir.to_owned(), source };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(dir).map_err(io)? {
            files.push(entry.map_err(io)?.path());
        }
        files.sort();
        let mut shelf = Self::default();
        for file in files.into_iter().filter(|file| file.extension().is_some_and(|kind| kind == "toml")) {
            let regulation = Regulation::load(&file)?;
            if file.file_stem().is_none_or(|stem| stem != regulation.code()) {
                return Err(ShelfError::Name { code: regulation.code().to_owned(), file });
            }
            shelf.add(regulation);
        }
        Ok(shelf)
    }

    /// Puts a regulation on the shelf, in place of one of the same code.
    pub fn add(&mut self, regulation: Regulation) {
        self.regulations.insert(regulation.code().to_owned(), Arc::new(regulation));
    }

    /// The regulation of a code.
    pub fn get(&self, code: &str) -> Option<&Arc<Regulation>> {
        self.regulations.get(code)
    }

    /// All of them, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Regulation>> {
        self.regulations.values()
    }
}
