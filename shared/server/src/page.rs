//! Lists by pages: sizes and opaque tokens over a keyset.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Reason};

/// The page size where none is asked for.
const DEFAULT_SIZE: u32 = 50;
/// The largest page.
const MAX_SIZE: u32 = 500;
/// The first byte of a token.
const VERSION: u8 = 1;
const CHECK_BYTES: usize = 8;

/// How many rows: 50 where none is asked for, 500 at the most.
pub fn page_size(requested: u32) -> i64 {
    let size = if requested == 0 { DEFAULT_SIZE } else { requested.min(MAX_SIZE) };
    i64::from(size)
}

/// A list, for its tokens: its name and the filters it was asked with. A token goes with the same list and filters
/// only. It holds a place in an order, nothing secret, and gives no right: every page is read under the caller's own
/// visibility.
#[derive(Clone, Debug)]
pub struct PageToken(Sha256);

impl PageToken {
    /// Tokens of the list of this name (its rpc).
    pub fn of(list: &str) -> Self {
        Self(Sha256::new()).with(list.as_bytes())
    }

    /// The same, bound to one more filter.
    #[must_use]
    pub fn filter(self, value: impl AsRef<[u8]>) -> Self {
        self.with(value.as_ref())
    }

    fn with(mut self, bytes: &[u8]) -> Self {
        // The length keeps "ab" + "c" apart from "a" + "bc".
        self.0.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(bytes);
        self
    }

    fn check(&self, body: &[u8]) -> [u8; CHECK_BYTES] {
        let digest = self.clone().with(body).0.finalize();
        let mut check = [0; CHECK_BYTES];
        check.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        check
    }

    /// The token for the page after the row with this key.
    pub fn encode(&self, key: &impl Serialize) -> Result<String, Error> {
        let body = serde_json::to_vec(key).map_err(Error::internal)?;
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.check(&body));
        bytes.extend_from_slice(&body);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The key of the row where the page before ended; `None` for the first page. Rejected with PAGE_TOKEN_INVALID
    /// where it is not of this list.
    pub fn decode<K: DeserializeOwned>(&self, token: &str) -> Result<Option<K>, Error> {
        if token.is_empty() {
            return Ok(None);
        }
        self.key_in(token).map(Some).ok_or_else(|| Error::of(Reason::PageTokenInvalid))
    }

    fn key_in<K: DeserializeOwned>(&self, token: &str) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (check, body) = rest.split_at_checked(CHECK_BYTES)?;
        (*version == VERSION && check == self.check(body)).then_some(())?;
        serde_json::from_slice(body).ok()
    }
}
