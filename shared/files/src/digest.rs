//! A hash that can be put aside half-way and gone on with.

use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest, Sha256};

/// SHA-256 over what has come so far.
#[derive(Clone, Debug, Default)]
pub struct Running(Sha256);

impl Running {
    /// Takes in what comes next.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The hash of all that came.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }

    /// To be kept with the part that was the last.
    pub(crate) fn save(&self) -> Vec<u8> {
        self.0.serialize().to_vec()
    }

    /// What was kept; none where it is none.
    pub(crate) fn load(bytes: &[u8]) -> Option<Self> {
        let state = SerializedState::<Sha256>::try_from(bytes).ok()?;
        Sha256::deserialize(&state).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_as_if_it_had_never_been_put_aside() {
        for cut in [0, 1, 63, 64, 65, 200] {
            let data: Vec<u8> = (0..=255).collect();
            let mut running = Running::default();
            running.update(&data[..cut]);
            let mut loaded = Running::load(&running.save()).unwrap();
            loaded.update(&data[cut..]);
            assert_eq!(loaded.finish(), <[u8; 32]>::from(Sha256::digest(&data)), "cut at {cut}");
        }
        assert!(Running::load(&[1, 2, 3]).is_none());
    }
}
