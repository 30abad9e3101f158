//! `[attachments]`: where the files of cases are kept, and how much is taken.

use std::path::PathBuf;

use intake::AttachmentLimits;
use serde::Deserialize;

use super::Hidden;

/// `[attachments]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttachmentsConfig {
    /// A folder of this machine; `duban up` takes `attachments` in its data directory. Without it and `s3`, `duban serve` takes
    /// no files.
    pub folder: Option<PathBuf>,
    /// A bucket instead.
    pub s3: Option<S3Config>,
    /// Bytes of one file: 104,857,600.
    pub most_bytes: u64,
    /// Files of one case: 50.
    pub per_case: u32,
    /// Bytes of all files of one case: 1,073,741,824.
    pub per_case_bytes: u64,
    /// The types that are taken, by content, as media types: pictures, PDF, Office files, text, recordings.
    pub types: Vec<String>,
    /// An upload that is not finished after so many hours is given up: 24.
    pub unfinished_hours: u32,
    /// Bytes of a file that is cleaned to be passed on, in memory, one at a time: 33,554,432. A larger one is not passed on.
    pub clean_bytes: u64,
}

/// `[attachments.s3]`: a bucket of S3, or of a service that speaks its protocol.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// The bucket.
    pub bucket: String,
    /// Its region, "cn-north-1".
    pub region: String,
    /// The service's address, `https://…`; absent: Amazon's.
    pub endpoint: Option<String>,
    /// The id of the access key.
    pub access_key_id: String,
    /// The secret of the access key; better in `DUBAN_ATTACHMENTS_S3__SECRET_ACCESS_KEY` or a file.
    pub secret_access_key: Option<Hidden>,
    /// A file with the secret, instead.
    pub secret_access_key_file: Option<PathBuf>,
    /// The folder inside the bucket; absent: its root.
    #[serde(default)]
    pub prefix: String,
    /// Over plain HTTP as well: for a service on the same machine.
    #[serde(default)]
    pub allow_http: bool,
}

impl Default for AttachmentsConfig {
    fn default() -> Self {
        let AttachmentLimits { most_bytes, per_case, per_case_bytes, types, unfinished, clean_bytes } =
            AttachmentLimits::default();
        Self {
            folder: None,
            s3: None,
            most_bytes,
            per_case,
            per_case_bytes,
            types,
            unfinished_hours: u32::try_from(unfinished.as_hours()).unwrap_or(u32::MAX),
            clean_bytes,
        }
    }
}
