use std::sync::Arc;

use arc_swap::ArcSwap;
use sqlx::PgPool;
use tokio::sync::Mutex;

use crate::{Directory, DirectoryError, store};

/// The directory in memory, read again when it may have changed. Cheap to clone; all clones see the same.
#[derive(Clone, Debug)]
pub struct Live {
    pool: PgPool,
    current: Arc<ArcSwap<Directory>>,
    /// One reading at a time: what was read first must not take the place of what was read after it.
    reading: Arc<Mutex<()>>,
}

impl Live {
    /// Reads the directory from the pool's schema.
    pub async fn open(pool: PgPool) -> Result<Self, DirectoryError> {
        let current = Arc::new(ArcSwap::from_pointee(Directory::new(store::load(&pool).await?)));
        Ok(Self { pool, current, reading: Arc::default() })
    }

    /// The directory as last read.
    pub fn current(&self) -> Arc<Directory> {
        self.current.load_full()
    }

    /// Reads it again: after a change in this service's ledger, or before a code is called unknown (the change may have
    /// come by another replica).
    pub async fn reload(&self) -> Result<Arc<Directory>, DirectoryError> {
        let _turn = self.reading.lock().await;
        let fresh = Directory::new(store::load(&self.pool).await?);
        let current = self.current();
        if fresh.is_like(&current) {
            return Ok(current); // with its index
        }
        let fresh = Arc::new(fresh);
        self.current.store(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// The directory, ready for [`Directory::find`]: its index is made apart from the tasks that serve requests.
    pub async fn indexed(&self) -> Arc<Directory> {
        let current = self.current();
        if !current.is_indexed() {
            let making = Arc::clone(&current);
            // If it fails, the look-up itself makes the index.
            let _made = tokio::task::spawn_blocking(move || {
                making.index();
            })
            .await;
        }
        current
    }

    /// The directory, read again if it does not know one of these codes.
    pub async fn knowing<'a>(
        &self,
        codes: impl IntoIterator<Item = &'a str>,
    ) -> Result<Arc<Directory>, DirectoryError> {
        let current = self.current();
        if codes.into_iter().all(|code| code.is_empty() || current.get(code).is_some()) {
            return Ok(current);
        }
        self.reload().await
    }
}
