//! Parts in a folder: stored once, read only where they belong.
#![allow(clippy::unwrap_used)] // helpers are not in #[test]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use files::{Blob, Files, FilesError, PART_BYTES, Running, S3, Storage};
use futures::TryStreamExt as _;
use seal::{Algorithm, CaseKey, KeyFile, Keyring, Sealer};
use uuid::Uuid;

struct Kept {
    files: Files,
    folder: tempfile::TempDir,
    sealer: Sealer,
    key: CaseKey,
}

fn kept() -> Kept {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(&Storage::Folder(folder.path().join("made/here"))).unwrap();
    let path = folder.path().join("master.key");
    let master = KeyFile::open_or_create(&path, Algorithm::Aes256GcmSiv, &mut rand::rng()).unwrap();
    let sealer = Sealer::new(Keyring::new(Arc::new(master)), Algorithm::Aes256GcmSiv);
    Kept { files, folder, sealer, key: CaseKey::generate(&mut rand::rng()) }
}

fn blob(size: usize) -> Blob {
    let [case_id, attachment_id] = [1, 2].map(Uuid::from_u128);
    Blob { organ: "baoshan".into(), case_id, attachment_id, blob_id: attachment_id, size: size as u64 }
}

impl Kept {
    async fn put(&self, blob: &Blob, index: u32, data: &[u8], hash: &mut Running) -> Result<(), FilesError> {
        hash.update(data);
        self.files.put(blob, (&self.sealer, &self.key), index, data, hash).await
    }

    async fn read(&self, blob: &Blob, index: u32) -> Result<Vec<u8>, FilesError> {
        Ok(self.files.read(blob, (&self.sealer, &self.key), index).await?.0.to_vec())
    }

    async fn all(&self, blob: &Blob, data: &[u8]) {
        let mut hash = Running::default();
        for (index, part) in (0..).zip(data.chunks(PART_BYTES)) {
            self.put(blob, index, part, &mut hash).await.unwrap();
        }
    }

    fn objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("made")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found.sort();
        found
    }
}

fn data(size: usize) -> Vec<u8> {
    b"MARKER-IN-CLEAR ".iter().copied().cycle().take(size).collect()
}

#[tokio::test]
async fn an_upload_goes_on_after_its_last_part_and_its_hash_with_it() {
    let kept = kept();
    let (blob, data) = (blob(PART_BYTES + 5), data(PART_BYTES + 5));
    let (first, last) = data.split_at(PART_BYTES);
    assert_eq!(kept.files.parts(&blob).await.unwrap(), 0);
    kept.put(&blob, 0, first, &mut Running::default()).await.unwrap();
    assert_eq!(kept.files.parts(&blob).await.unwrap(), 1);
    // As another process finds it.
    let (_, mut hash) = kept.files.read(&blob, (&kept.sealer, &kept.key), 0).await.unwrap();
    kept.put(&blob, 1, last, &mut hash).await.unwrap();
    assert_eq!(kept.files.parts(&blob).await.unwrap(), 2);
    let mut whole = Running::default();
    whole.update(&data);
    assert_eq!(hash.finish(), whole.finish());
    assert_eq!([kept.read(&blob, 0).await.unwrap(), kept.read(&blob, 1).await.unwrap()].concat(), data);
}

#[tokio::test]
async fn a_part_is_stored_once() {
    let kept = kept();
    let blob = blob(3);
    kept.put(&blob, 0, b"abc", &mut Running::default()).await.unwrap();
    let again = kept.put(&blob, 0, b"xyz", &mut Running::default()).await;
    assert!(matches!(again, Err(FilesError::PartExists(0))), "{again:?}");
    assert_eq!(kept.read(&blob, 0).await.unwrap(), b"abc");
}

#[tokio::test]
async fn nothing_of_a_file_is_in_clear_in_the_folder() {
    let kept = kept();
    let (blob, data) = (blob(PART_BYTES + 100), data(PART_BYTES + 100));
    kept.all(&blob, &data).await;
    let objects = kept.objects();
    assert_eq!(objects.len(), 2);
    for object in objects {
        let bytes = std::fs::read(&object).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"MARKER"), "{}", object.display());
    }
}

fn swap(a: &Path, b: &Path) {
    let (first, second) = (std::fs::read(a).unwrap(), std::fs::read(b).unwrap());
    std::fs::write(a, second).unwrap();
    std::fs::write(b, first).unwrap();
}

#[tokio::test]
async fn a_part_that_was_moved_cut_off_or_changed_does_not_open() {
    let kept = kept();
    let (blob, data) = (blob(2 * PART_BYTES), data(2 * PART_BYTES));
    kept.all(&blob, &data).await;
    let objects = kept.objects();
    let [first, second] = objects.as_slice() else { panic!("two parts, got {objects:?}") };

    swap(first, second);
    for part in [0, 1] {
        let read = kept.read(&blob, part).await;
        assert!(matches!(read, Err(FilesError::Seal(_))), "reordered: {read:?}");
    }
    swap(first, second);
    // The same bytes as a shorter file: the count is bound in.
    let shorter = Blob { size: PART_BYTES as u64, ..blob.clone() };
    assert!(matches!(kept.read(&shorter, 0).await, Err(FilesError::Seal(_))));
    let other = Blob { organ: "baoshan.luodian".into(), ..blob.clone() };
    assert!(matches!(kept.read(&other, 0).await, Err(FilesError::PartMissing(0))));

    let mut bytes = std::fs::read(first).unwrap();
    bytes[1000] ^= 1;
    std::fs::write(first, &bytes).unwrap();
    assert!(matches!(kept.read(&blob, 0).await, Err(FilesError::Seal(_))), "changed");
    bytes[1000] ^= 1;
    bytes.truncate(PART_BYTES / 2);
    std::fs::write(first, &bytes).unwrap();
    assert!(matches!(kept.read(&blob, 0).await, Err(FilesError::Seal(_))), "cut off");
    std::fs::remove_file(second).unwrap();
    assert!(matches!(kept.read(&blob, 1).await, Err(FilesError::PartMissing(1))));
    assert_eq!(kept.files.parts(&blob).await.unwrap(), 1);

    let key = CaseKey::generate(&mut rand::rng());
    assert!(kept.files.read(&blob, (&kept.sealer, &key), 0).await.is_err(), "another case's key");
}

#[tokio::test]
async fn what_is_in_the_storage_is_found_by_its_name_and_deleted() {
    let kept = kept();
    let blob = blob(2);
    kept.put(&blob, 0, b"ab", &mut Running::default()).await.unwrap();
    let found: Vec<_> = kept.files.all().unwrap().try_collect().await.unwrap();
    let [found] = found.as_slice() else { panic!("one object, got {found:?}") };
    assert_eq!((found.organ.as_str(), found.case_id), ("baoshan", blob.case_id));
    assert_eq!((found.attachment_id, found.blob_id), (blob.attachment_id, blob.blob_id));
    assert!(kept.files.has("baoshan", blob.case_id, blob.attachment_id).await.unwrap());
    for _ in 0..2 {
        kept.files.delete_attachment("baoshan", blob.case_id, blob.attachment_id).await.unwrap();
    }
    assert!(!kept.files.has("baoshan", blob.case_id, blob.attachment_id).await.unwrap());
    assert_eq!(kept.objects(), Vec::<PathBuf>::new());
    kept.files.delete(found).await.unwrap();
}

#[tokio::test]
async fn without_a_storage_every_file_is_refused() {
    let files = Files::none();
    assert!(!files.is_configured());
    assert!(matches!(files.parts(&blob(1)).await, Err(FilesError::NotConfigured)));
}

#[test]
fn a_bucket_is_opened_by_its_settings_and_its_secret_is_printed_nowhere() {
    let s3 = S3 {
        bucket: "duban".into(),
        region: "cn-north-1".into(),
        endpoint: Some("https://oss.example.gov.cn".into()),
        access_key_id: "AKID".into(),
        secret_access_key: "s3cr3t-value".into(),
        prefix: "baoshan/files".into(),
        allow_http: false,
    };
    let printed = format!("{s3:?}");
    assert!(printed.contains("duban") && !printed.contains("s3cr3t"), "{printed}");
    assert!(Files::open(&Storage::S3(s3)).unwrap().is_configured());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = Files::open(&Storage::Folder(file.path().join("inside"))).unwrap_err();
    assert!(refused.to_string().contains(&file.path().display().to_string()), "{refused}");
}
