//! So many at once, and the rest is told at once to come again.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Reason};

/// Places for requests at work; streams count until their head is out.
pub(super) struct Admission {
    places: Arc<Semaphore>,
    most: usize,
}

impl Admission {
    pub(super) fn new(most: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(most)), most }
    }

    /// A place, given back when dropped; OVERLOADED where all are taken.
    pub(super) fn enter(&self) -> Result<OwnedSemaphorePermit, Error> {
        Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::of(Reason::Overloaded).meta("queue", self.most))
    }
}
