//! The key file: made once, for its owner only.

use std::{fs, os::unix::fs::PermissionsExt};

use rand::{SeedableRng, rngs::StdRng};
use seal::{Algorithm, KeyFile, KeyFileError, MasterKey};

#[test]
fn is_made_on_demand_and_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("master");
    assert!(matches!(KeyFile::open(&path, Algorithm::default()), Err(KeyFileError::Io { .. })));
    let mut rng = StdRng::seed_from_u64(1);
    let made = KeyFile::open_or_create(&path, Algorithm::default(), &mut rng).unwrap();
    let again = KeyFile::open_or_create(&path, Algorithm::default(), &mut rng).unwrap();
    assert_eq!(made.id(), again.id());
    assert_eq!(made.derive("a").expose(), again.derive("a").expose());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn made_by_many_at_once_is_one_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("master");
    let ids: std::collections::BTreeSet<String> = std::thread::scope(|scope| {
        let start = |seed| {
            let path = &path;
            scope.spawn(move || {
                let mut rng = StdRng::seed_from_u64(seed);
                KeyFile::open_or_create(path, Algorithm::default(), &mut rng).unwrap().id().to_owned()
            })
        };
        let threads: Vec<_> = (0..8).map(start).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(ids.len(), 1);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn open_to_others_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("master");
    KeyFile::open_or_create(&path, Algorithm::default(), &mut StdRng::seed_from_u64(1)).unwrap();
    for mode in [0o604, 0o640, 0o620, 0o602] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = KeyFile::open(&path, Algorithm::default()).unwrap_err();
        assert!(matches!(error, KeyFileError::OpenToOthers { .. }), "{mode:o}");
        assert!(error.to_string().contains(&format!("chmod 600 {}", path.display())), "{error}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    KeyFile::open(&path, Algorithm::default()).unwrap();
}

#[test]
fn of_another_length_or_kind_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("master");
    for length in [0, 31, 33] {
        fs::write(&path, vec![7; length]).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error =
            KeyFile::open_or_create(&path, Algorithm::default(), &mut StdRng::seed_from_u64(1)).unwrap_err();
        assert!(matches!(error, KeyFileError::Length { .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap().len(), length);
    }
    let error = KeyFile::open(dir.path(), Algorithm::default()).unwrap_err();
    assert!(matches!(error, KeyFileError::NotAFile { .. }), "{error}");
}

#[test]
fn in_a_directory_that_is_not_there_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("missing/master");
    let error =
        KeyFile::open_or_create(&path, Algorithm::default(), &mut StdRng::seed_from_u64(1)).unwrap_err();
    assert!(error.to_string().contains("cannot create it"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}
