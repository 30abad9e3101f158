//! Finds the Postgres that is installed on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::EmbeddedError;
use super::{OLDEST, advice};

/// A directory with `initdb`, `postgres` and `pg_ctl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binaries {
    /// Absolute path.
    pub(crate) dir: PathBuf,
    /// Major version, 14 or above.
    pub(crate) major: u32,
}

impl Binaries {
    /// Path of one program.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// The binaries to use for the data in `dir`, which is of major version `data` if it is there already.
///
/// `DUBAN_PG_BIN` alone counts if it is set; else the search path, then the places of the distributions, newest
/// first. For existing data, the first that fits it.
pub(crate) fn find(dir: &Path, data: Option<&str>) -> Result<Binaries, EmbeddedError> {
    let found: Vec<Binaries> = places().iter().filter_map(|place| look(place)).collect();
    choose(dir, data, found)
}

fn choose(dir: &Path, data: Option<&str>, found: Vec<Binaries>) -> Result<Binaries, EmbeddedError> {
    let Some(newest) = found.iter().max_by_key(|binaries| binaries.major).cloned() else {
        return Err(EmbeddedError::NoBinaries { advice: advice::install() });
    };
    if newest.major < OLDEST {
        let Binaries { dir, major } = newest;
        return Err(EmbeddedError::TooOld { dir, major, advice: advice::install() });
    }
    let mut majors: Vec<u32> = found.iter().map(|binaries| binaries.major).collect();
    majors.dedup();
    let installed = majors.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let fits = |binaries: &Binaries| match data {
        Some(version) => binaries.major.to_string() == version,
        None => binaries.major >= OLDEST,
    };
    found.into_iter().find(fits).ok_or_else(|| EmbeddedError::OtherVersion {
        dir: dir.to_owned(),
        data: data.unwrap_or("unknown").to_owned(),
        installed,
    })
}

fn places() -> Vec<PathBuf> {
    if let Some(dir) = std::env::var_os("DUBAN_PG_BIN") {
        return vec![dir.into()];
    }
    let mut places: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    for (parent, prefix, below) in [
        ("/usr/lib/postgresql", "", "bin"),          // Debian, Ubuntu
        ("/usr", "pgsql-", "bin"),                   // the PGDG packages for Fedora and RHEL
        ("/usr/libexec", "postgresql", ""),          // Alpine
        ("/usr/lib", "postgresql", "bin"),           // SUSE
        ("/opt/homebrew/opt", "postgresql@", "bin"), // Homebrew, ARM
        ("/usr/local/opt", "postgresql@", "bin"),    // Homebrew, Intel
    ] {
        places.extend(newest_first(Path::new(parent), prefix, below));
    }
    places.push("/usr/local/pgsql/bin".into());
    places
}

/// `parent/<prefix><number>/<below>` for each number there is, highest first.
fn newest_first(parent: &Path, prefix: &str, below: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut numbered: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join(below)))
        })
        .collect();
    numbered.sort_by(|one, other| other.cmp(one));
    numbered.into_iter().map(|(_, path)| path).collect()
}

fn look(dir: &Path) -> Option<Binaries> {
    let whole = ["initdb", "postgres", "pg_ctl"].iter().all(|name| dir.join(name).is_file());
    if !whole {
        return None;
    }
    let dir = std::path::absolute(dir).ok()?;
    let output = Command::new(dir.join("postgres")).arg("--version").output().ok()?;
    let major = major(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { dir, major })
}

/// From `postgres (PostgreSQL) 15.18 (Debian …)` or `… 18beta1`.
fn major(text: &str) -> Option<u32> {
    let version = text.split_once("(PostgreSQL) ")?.1;
    let digits = version.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(major: u32) -> Binaries {
        Binaries { dir: format!("/pg/{major}").into(), major }
    }

    #[test]
    fn the_major_version_is_read_from_any_release() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("bash: postgres: not found"), None);
    }

    #[test]
    fn new_data_takes_the_first_that_is_new_enough_and_old_data_its_own_version() {
        let dir = Path::new("/data");
        assert_eq!(choose(dir, None, vec![at(13), at(15), at(17)]).unwrap(), at(15));
        assert_eq!(choose(dir, Some("17"), vec![at(15), at(17)]).unwrap(), at(17));
    }

    #[test]
    fn what_is_missing_is_said() {
        let dir = Path::new("/data");
        let none = choose(dir, None, vec![]).unwrap_err().to_string();
        assert!(none.contains("DUBAN_PG_BIN"), "{none}");
        let old = choose(dir, None, vec![at(12)]).unwrap_err().to_string();
        assert!(old.contains("Postgres 12 in /pg/12 is too old, 14 or newer"), "{old}");
        let other = choose(dir, Some("14"), vec![at(15), at(17)]).unwrap_err().to_string();
        assert!(other.contains("is of Postgres 14, and this machine has Postgres 15, 17"), "{other}");
    }
}
