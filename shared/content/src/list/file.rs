//! The file of the list: locked, read on from where it was, written and synced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use seal::Fingerprints;

use super::line::{Head, Written, hex, listed};
use super::{ListError, Places, key};
use crate::{Erasure, Line, Listed};

/// The list, locked until dropped.
pub(super) struct Open {
    file: File,
    path: PathBuf,
}

/// What is known of the list.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) listed: Vec<Listed>,
    places: Places,
    /// Where the last whole line ends.
    end: u64,
}

impl Open {
    pub(super) fn lock(path: &Path) -> Result<Self, ListError> {
        let is_new = !path.exists();
        let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path);
        let file = file.map_err(cannot("open", path))?;
        file.lock().map_err(cannot("lock", path))?;
        if is_new {
            sync_directory(path)?;
        }
        Ok(Self { file, path: path.to_owned() })
    }

    fn head_path(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".head");
        name.into()
    }

    /// How many lines were told to be there; none where that was never written.
    fn head(&self) -> Result<Option<Head>, ListError> {
        let path = self.head_path();
        match fs::read_to_string(&path) {
            Ok(text) => match serde_json::from_str(&text) {
                Ok(head) => Ok(Some(head)),
                Err(_) => Err(ListError::Changed { path, line: 1 }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot("read the head of", &path)(error)),
        }
    }

    fn read_from(&mut self, at: u64) -> Result<Vec<u8>, ListError> {
        let mut bytes = Vec::new();
        let read = self.file.seek(SeekFrom::Start(at)).and_then(|_| self.file.read_to_end(&mut bytes));
        read.map_err(cannot("read", &self.path))?;
        Ok(bytes)
    }

    fn length(&self) -> Result<u64, ListError> {
        Ok(self.file.metadata().map_err(cannot("read", &self.path))?.len())
    }

    /// What was begun and not finished was never deleted by.
    fn drop_torn(&mut self, end: u64) -> Result<(), ListError> {
        self.file.set_len(end).and_then(|()| self.file.sync_all()).map_err(cannot("write", &self.path))
    }

    fn append(&mut self, text: &[u8], head: &Line) -> Result<(), ListError> {
        let written = self.file.write_all(text).and_then(|()| self.file.sync_all());
        written.map_err(cannot("write", &self.path))?;
        self.write_head(head)
    }

    fn write_head(&self, last: &Line) -> Result<(), ListError> {
        let path = self.head_path();
        let mut beside = path.clone().into_os_string();
        beside.push(".new");
        let head = Head { line: last.number, mac: hex(&last.mac) };
        let text = serde_json::to_vec(&head).map_err(|error| cannot("write", &path)(error.into()))?;
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside);
        let written = file.and_then(|mut file| {
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        });
        written.map_err(cannot("write the head of", &path))?;
        sync_directory(&self.path)
    }
}

impl State {
    pub(super) fn lines(&self) -> u64 {
        self.last().number
    }

    fn last(&self) -> Line {
        self.listed.last().map(|listed| listed.line).unwrap_or_default()
    }

    pub(super) fn find(&self, erasure: &Erasure) -> Option<&Listed> {
        self.listed.get(*self.places.get(&key(erasure))?)
    }

    fn take(&mut self, listed: Listed) {
        self.places.insert(key(&listed.erasure), self.listed.len());
        self.listed.push(listed);
    }

    /// Takes in and checks what is new in the file; cut or changed, nothing is made of it.
    pub(super) fn catch_up(&mut self, open: &mut Open, key: &Fingerprints) -> Result<(), ListError> {
        let path = open.path.clone();
        if open.length()? < self.end {
            return Err(ListError::Cut { path, found: 0, known: self.lines() });
        }
        let bytes = open.read_from(self.end)?;
        let mut torn = false;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if !line.ends_with(b"\n") {
                torn = true;
                break;
            }
            let before = self.last();
            let written: Option<Written> = serde_json::from_slice(line).ok();
            let listed = written.and_then(|written| written.check(key, &before));
            let changed = || ListError::Changed { path: path.clone(), line: before.number + 1 };
            self.take(listed.ok_or_else(changed)?);
            self.end += u64::try_from(line.len()).unwrap_or(u64::MAX);
        }
        self.must_reach(open)?;
        if torn { open.drop_torn(self.end) } else { Ok(()) }
    }

    /// The list is as long as it was said to be, and the same up to there.
    fn must_reach(&self, open: &Open) -> Result<(), ListError> {
        let Some(head) = open.head()? else { return Ok(()) };
        let (found, known) = (self.lines(), head.line);
        if found < known {
            return Err(ListError::Cut { path: open.path.clone(), found, known });
        }
        let index = usize::try_from(known.saturating_sub(1)).unwrap_or(usize::MAX);
        let same = self.listed.get(index).is_some_and(|listed| hex(&listed.line.mac) == head.mac);
        if same { Ok(()) } else { Err(ListError::Changed { path: open.path.clone(), line: known }) }
    }

    /// Writes those that are not there yet, in one piece.
    pub(super) fn append(
        &mut self,
        open: &mut Open,
        key: &Fingerprints,
        erasures: &[Erasure],
    ) -> Result<(), ListError> {
        let (mut text, mut new, mut last) = (Vec::new(), Vec::<Listed>::new(), self.last());
        for erasure in erasures {
            let again = new.iter().any(|one| super::key(&one.erasure) == super::key(erasure));
            if again || self.find(erasure).is_some() {
                continue;
            }
            let listed = listed(key, &last, erasure);
            let json = serde_json::to_vec(&Written::of(&listed));
            text.extend(json.map_err(|error| cannot("write", &open.path)(error.into()))?);
            text.push(b'\n');
            last = listed.line;
            new.push(listed);
        }
        if new.is_empty() {
            return Ok(());
        }
        open.append(&text, &last)?;
        self.end += u64::try_from(text.len()).unwrap_or(u64::MAX);
        for listed in new {
            self.take(listed);
        }
        Ok(())
    }
}

/// A new or renamed file is there after a crash only when its directory is synced.
fn sync_directory(path: &Path) -> Result<(), ListError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent).and_then(|directory| directory.sync_all()).map_err(cannot("sync", parent))
}

fn cannot(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ListError {
    let path = path.to_owned();
    move |source| ListError::Io { doing, path, source }
}
