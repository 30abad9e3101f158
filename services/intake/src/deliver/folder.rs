//! A folder that another program empties: one file a reply, whole or not there at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Fault, Then};

/// Readable by the group of the program that empties the folder, and by nobody else.
const MODE: u32 = 0o640;

/// A folder.
#[derive(Debug)]
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    /// Puts a file `<delivery id>.json` there, on the disk when this returns; one of the same name is replaced.
    pub(super) async fn send(&self, id: Uuid, body: Zeroizing<Vec<u8>>) -> Result<(), Fault> {
        let folder = self.0.clone();
        let put = tokio::task::spawn_blocking(move || put(&folder, id, &body)).await;
        match put {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a reply can't be put into its folder"
                );
                Err(Fault::new("folder", Then::Again(None)))
            }
            Err(_) => Err(Fault::new("folder", Then::Unsure)),
        }
    }
}

fn put(folder: &Path, id: Uuid, body: &[u8]) -> io::Result<()> {
    let (unfinished, finished) = (folder.join(format!(".{id}.part")), folder.join(format!("{id}.json")));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(MODE).open(&unfinished)?;
    file.write_all(body)?;
    file.sync_all()?;
    fs::rename(&unfinished, &finished)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_there_whole_under_the_deliverys_id_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let port = Folder(folder.path().to_owned());
        let id = Uuid::from_u128(7);
        for body in ["{\"first\":1}", "{\"again\":2}"] {
            port.send(id, Zeroizing::new(body.into())).await.unwrap();
            assert_eq!(fs::read_to_string(folder.path().join(format!("{id}.json"))).unwrap(), body);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
        let gone = Folder(folder.path().join("gone"));
        let fault = gone.send(id, Zeroizing::new(Vec::new())).await.unwrap_err();
        assert_eq!(fault, Fault::new("folder", Then::Again(None)));
    }
}
