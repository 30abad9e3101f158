//! Sealing: the complainant's identity and all prose, encrypted on entry (article 15).
//!
//! - [`Sealer`] encrypts under a data key per case ([`CaseKey`]) that a master key wraps ([`MasterKey`], [`Keyring`]).
//!   Forgetting a person is deleting the [`WrappedKey`].
//! - [`Aad`] binds every ciphertext to its organ, case and field, so that none can be moved to another place.
//! - [`commit`] stands for prose in the ledger; [`BlindIndex`] finds repeats without opening anything;
//!   [`TrackingCodes`] and [`Fingerprints`] are keyed, so that nobody can guess their way back to a phone number.
//! - [`mask`] proposes what to black out in the working copy of a narrative; [`reveal`] finds whatever tells of the
//!   complainant in a text that goes to the respondent.
//!
//! Nothing here reads a clock or a random source of its own: both come in as parameters. No type of this crate prints
//! what it protects.

mod aad;
mod algorithm;
mod blind;
mod commitment;
mod error;
mod fingerprint;
mod identity;
mod key_file;
mod keyring;
pub mod mask;
pub mod normalize;
pub mod reveal;
mod sealed;
mod sealer;
mod secret;
mod tracking;

pub use aad::{Aad, CaseRef};
pub use algorithm::Algorithm;
pub use blind::{BlindIndex, Identifier};
pub use commitment::{ItemKey, commit, verify_commitment};
pub use error::{KeyFileError, SealError};
pub use fingerprint::Fingerprints;
pub use identity::Identity;
pub use key_file::KeyFile;
pub use keyring::{Keyring, MasterKey, WrappedKey};
pub use sealed::Sealed;
pub use sealer::{CaseKey, Sealer};
pub use secret::SecretKey;
pub use tracking::{TrackingCode, TrackingCodes};
