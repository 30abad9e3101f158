//! The storage for the files of cases, as configured.

use std::path::PathBuf;

use files::{Files, S3, SettingsError, Storage};
use intake::AttachmentLimits;
use jiff::SignedDuration;

use crate::config::{AttachmentsConfig, Hidden, S3Config};

/// The files of cases: where they are kept, and how much is taken.
#[derive(Clone, Debug)]
pub struct Attachments {
    /// The storage.
    pub files: Files,
    /// The limits.
    pub limits: AttachmentLimits,
}

/// Why the storage can't be used.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentsError {
    /// Two places.
    #[error("set attachments.folder or attachments.s3, not both")]
    Both,
    /// A setting of the bucket is empty.
    #[error("setting attachments.s3.{0} is empty")]
    Empty(&'static str),
    /// No secret, or two.
    #[error(
        "set one of attachments.s3.secret_access_key_file and attachments.s3.secret_access_key (the variable DUBAN_ATTACHMENTS_S3__SECRET_ACCESS_KEY)"
    )]
    Secret,
    /// The file with the secret can't be read.
    #[error("cannot read the file {} with the secret of the bucket", path.display())]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Files would go over the network in clear.
    #[error(
        "setting attachments.s3.endpoint must begin with https:// (or set attachments.s3.allow_http, on the same machine)"
    )]
    Endpoint,
    /// It can't be opened.
    #[error(transparent)]
    Storage(#[from] SettingsError),
}

/// Opens the storage. Where none is set, every file is refused.
pub fn open(config: &AttachmentsConfig) -> Result<Attachments, AttachmentsError> {
    let files = match (&config.folder, &config.s3) {
        (Some(_), Some(_)) => return Err(AttachmentsError::Both),
        (Some(folder), None) => Files::open(&Storage::Folder(folder.clone()))?,
        (None, Some(s3)) => Files::open(&Storage::S3(bucket(s3)?))?,
        (None, None) => Files::none(),
    };
    let limits = AttachmentLimits {
        most_bytes: config.most_bytes,
        per_case: config.per_case,
        per_case_bytes: config.per_case_bytes,
        types: config.types.clone(),
        unfinished: SignedDuration::from_hours(config.unfinished_hours.into()),
        clean_bytes: config.clean_bytes,
    };
    Ok(Attachments { files, limits })
}

/// The bucket, with its secret read.
fn bucket(config: &S3Config) -> Result<S3, AttachmentsError> {
    let needed =
        [("bucket", &config.bucket), ("region", &config.region), ("access_key_id", &config.access_key_id)];
    if let Some((name, _)) = needed.into_iter().find(|(_, value)| value.trim().is_empty()) {
        return Err(AttachmentsError::Empty(name));
    }
    let is_safe = |endpoint: &String| endpoint.starts_with("https://") || config.allow_http;
    if !config.endpoint.as_ref().is_none_or(is_safe) {
        return Err(AttachmentsError::Endpoint);
    }
    let secret_access_key = match (&config.secret_access_key, &config.secret_access_key_file) {
        (Some(secret), None) => Hidden::expose(secret).to_owned(),
        (None, Some(path)) => {
            let read = std::fs::read_to_string(path);
            let text = read.map_err(|source| AttachmentsError::SecretFile { path: path.clone(), source })?;
            text.trim().to_owned()
        }
        _ => return Err(AttachmentsError::Secret),
    };
    if secret_access_key.is_empty() {
        return Err(AttachmentsError::Empty("secret_access_key"));
    }
    Ok(S3 {
        bucket: config.bucket.clone(),
        region: config.region.clone(),
        endpoint: config.endpoint.clone(),
        access_key_id: config.access_key_id.clone(),
        secret_access_key,
        prefix: config.prefix.clone(),
        allow_http: config.allow_http,
    })
}
