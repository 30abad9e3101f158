use std::sync::{Mutex, PoisonError};

use sqlx::{PgPool, Postgres, pool::PoolConnection};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The connections transactions run on: so many at once, kept between transactions.
///
/// One that failed in any way is closed and never used again: nobody knows what is still under way on it.
pub(crate) struct Connections {
    pool: PgPool,
    permits: Semaphore,
    idle: Mutex<Vec<PoolConnection<Postgres>>>,
}

/// A connection for one transaction.
pub(crate) struct Lent<'a> {
    from: &'a Connections,
    connection: Option<PoolConnection<Postgres>>,
    _permit: SemaphorePermit<'a>,
}

impl Connections {
    pub(crate) fn new(pool: PgPool, connections: usize) -> Self {
        Self { pool, permits: Semaphore::new(connections.max(1)), idle: Mutex::default() }
    }

    /// Waits until a transaction may run. The connection itself is taken when it is first used.
    pub(crate) async fn turn(&self) -> Option<Lent<'_>> {
        let permit = self.permits.acquire().await.ok()?;
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Some(Lent { from: self, connection, _permit: permit })
    }

    /// Gives all idle connections back.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Lent<'_> {
    /// The connection, opened where there is none.
    pub(crate) async fn get(&mut self) -> Result<&mut PoolConnection<Postgres>, sqlx::Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.from.pool.acquire().await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Closes the connection: the next [`Lent::get`] opens another.
    pub(crate) fn discard(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(connection.detach());
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && !self.from.permits.is_closed()
        {
            self.from.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
