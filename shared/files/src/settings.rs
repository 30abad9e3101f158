//! Where files are kept.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;

use crate::SettingsError;

/// Where files are kept.
#[derive(Clone, Debug)]
pub enum Storage {
    /// A folder of this machine, made where it is not there.
    Folder(PathBuf),
    /// A bucket of S3, or of what speaks its protocol.
    S3(S3),
}

/// A bucket.
#[derive(Clone, Default)]
pub struct S3 {
    /// Its name.
    pub bucket: String,
    /// Its region, "cn-north-1".
    pub region: String,
    /// The service's address, `https://…`; absent: Amazon's.
    pub endpoint: Option<String>,
    /// Who asks.
    pub access_key_id: String,
    /// The secret; printed nowhere.
    pub secret_access_key: String,
    /// The folder inside the bucket; empty: the bucket's root.
    pub prefix: String,
    /// Over plain HTTP as well: for a service on the same machine.
    pub allow_http: bool,
}

impl Storage {
    /// Opens it. A bucket is not asked anything yet.
    pub(crate) fn open(&self) -> Result<Arc<dyn ObjectStore>, SettingsError> {
        match self {
            Self::Folder(path) => {
                let folder = |source| SettingsError::Folder { path: path.clone(), source };
                std::fs::create_dir_all(path).map_err(folder)?;
                // A part is told as stored: it has to outlive a power cut.
                Ok(Arc::new(LocalFileSystem::new_with_prefix(path)?.with_fsync(true)))
            }
            Self::S3(s3) => s3.open(),
        }
    }
}

impl S3 {
    fn open(&self) -> Result<Arc<dyn ObjectStore>, SettingsError> {
        // reqwest comes without a provider of its own; where one is installed already it is this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_region(&self.region)
            .with_access_key_id(&self.access_key_id)
            .with_secret_access_key(&self.secret_access_key)
            .with_allow_http(self.allow_http);
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let store = builder.build()?;
        Ok(if self.prefix.is_empty() {
            Arc::new(store)
        } else {
            Arc::new(PrefixStore::new(store, self.prefix.as_str()))
        })
    }
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3")
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
