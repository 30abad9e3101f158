//! Ids and random bytes: made at the edge, passed into the domain.

use jiff::Timestamp;
use rand::Rng as _;
use uuid::{Builder, Uuid};

/// A source of ids and random bytes. The one place where randomness is taken.
pub trait Ids: Send + Sync + 'static {
    /// Fills the buffer with random bytes, fit for keys and salts.
    fn fill(&self, buffer: &mut [u8]);

    /// A new id (UUID version 7): ordered by `now`, to the millisecond.
    fn new_id(&self, now: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// Ids from the operating system's random generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn fill(&self, buffer: &mut [u8]) {
        rand::rng().fill_bytes(buffer);
    }
}
