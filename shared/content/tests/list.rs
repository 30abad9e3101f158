//! The erasure list: every line is there, in order, as it was written; or nothing starts.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers are not in #[test]

use std::fs;
use std::path::{Path, PathBuf};

use content::{Erased, Erasure, ErasureList, ListError};
use seal::{Fingerprints, SecretKey};
use tempfile::TempDir;
use uuid::Uuid;

fn key() -> Fingerprints {
    Fingerprints::new(SecretKey::from_bytes(&[7; 32]).unwrap())
}

fn erasure(number: u128) -> Erasure {
    Erasure {
        organ: "baoshan".into(),
        case_id: Uuid::from_u128(number),
        what: Erased::Case,
        at: "2037-01-12T02:00:00Z".parse().unwrap(),
        article: "16".into(),
    }
}

/// A list of three lines, closed.
fn three() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("erasures.jsonl");
    let list = ErasureList::open(&path, key()).unwrap();
    list.write(&[erasure(1), erasure(2)]).unwrap();
    list.write(&[erasure(3)]).unwrap();
    (folder, path)
}

fn opened(path: &Path) -> Result<usize, ListError> {
    ErasureList::open(path, key()).map(|list| list.all().len())
}

fn change(path: &Path, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, change(&text)).unwrap();
}

#[test]
fn what_was_written_is_there_again_and_stands_on_one_line() {
    let (_folder, path) = three();
    let list = ErasureList::open(&path, key()).unwrap();
    let listed = list.write(&[erasure(2), erasure(2)]).unwrap();
    assert_eq!(listed.iter().map(|one| one.line.number).collect::<Vec<_>>(), [2, 2]);
    let all: Vec<Erasure> = list.all().into_iter().map(|listed| listed.erasure).collect();
    assert_eq!(all, [erasure(1), erasure(2), erasure(3)]);
}

#[test]
fn a_list_that_was_cut_is_noticed() {
    let (_folder, path) = three();
    change(&path, |text| text.split_inclusive('\n').take(2).collect());
    let error = opened(&path).unwrap_err();
    assert!(matches!(error, ListError::Cut { found: 2, known: 3, .. }), "{error}");
    fs::remove_file(&path).unwrap();
    assert!(matches!(opened(&path).unwrap_err(), ListError::Cut { found: 0, known: 3, .. }));
}

#[test]
fn a_line_that_was_changed_taken_out_or_put_elsewhere_is_named() {
    let to = |what: fn(Vec<&str>) -> Vec<&str>| {
        let (folder, path) = three();
        change(&path, |text| what(text.split_inclusive('\n').collect()).concat());
        let error = opened(&path).unwrap_err();
        drop(folder);
        match error {
            ListError::Changed { line, .. } => line,
            other => panic!("{other}"),
        }
    };
    assert_eq!(to(|lines| vec![lines[0], lines[2]]), 2);
    assert_eq!(to(|lines| vec![lines[1], lines[0], lines[2]]), 1);
    let (_folder, path) = three();
    change(&path, |text| text.replacen("baoshan", "dachang", 1));
    assert!(matches!(opened(&path).unwrap_err(), ListError::Changed { line: 1, .. }));
}

#[test]
fn who_has_not_the_key_writes_no_line() {
    let (_folder, path) = three();
    let other = Fingerprints::new(SecretKey::from_bytes(&[8; 32]).unwrap());
    assert!(matches!(ErasureList::open(&path, other).unwrap_err(), ListError::Changed { line: 1, .. }));
}

#[test]
fn a_line_that_a_crash_left_half_written_was_never_deleted_by_and_goes() {
    let (_folder, path) = three();
    change(&path, |text| format!("{text}{{\"line\":4,\"at\""));
    assert_eq!(opened(&path).unwrap(), 3);
    let list = ErasureList::open(&path, key()).unwrap();
    assert_eq!(list.write(&[erasure(4)]).unwrap()[0].line.number, 4);
    assert_eq!(opened(&path).unwrap(), 4);
}

#[test]
fn processes_that_share_a_list_go_on_from_each_other() {
    let (_folder, path) = three();
    let (one, other) = (ErasureList::open(&path, key()).unwrap(), ErasureList::open(&path, key()).unwrap());
    assert_eq!(one.write(&[erasure(4)]).unwrap()[0].line.number, 4);
    assert_eq!(other.write(&[erasure(5)]).unwrap()[0].line.number, 5);
    assert_eq!(one.write(&[erasure(5)]).unwrap()[0].line.number, 5, "it is there already");
    assert_eq!(opened(&path).unwrap(), 5);
}
