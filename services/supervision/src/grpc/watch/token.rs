//! From where a watch goes on: the places of the ledgers of the organs that the caller sees.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use server::Error;
use server::page::PageToken;

use crate::store::LedgerPlace;
use crate::watch::Places;

/// The token of these places, of these organs.
pub(super) fn token(tokens: &PageToken, organs: &[String], places: &Places) -> Result<String, Error> {
    let of = |organ: &String| places.get(organ).copied().unwrap_or_default();
    tokens.encode(&(fingerprint(organs), organs.iter().map(of).collect::<Vec<LedgerPlace>>()))
}

/// The places in a token; none where there is no token, or the organs were others. Rejected with `PAGE_TOKEN_INVALID` where it
/// is not of this watch.
pub(super) fn places(tokens: &PageToken, organs: &[String], token: &str) -> Result<Option<Places>, Error> {
    let kept: Option<(u64, Vec<LedgerPlace>)> = tokens.decode(token)?;
    let kept = kept.filter(|(of, places)| *of == fingerprint(organs) && places.len() == organs.len());
    // An organ without entries is as one that is not there.
    Ok(kept.map(|(_, places)| organs.iter().cloned().zip(places).filter(|(_, (_, seq))| *seq > 0).collect()))
}

/// Tells other lists of organs apart. Where another version of the program comes to another number, a watch begins anew.
fn fingerprint(organs: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    organs.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_on_for_the_same_organs_only() {
        let tokens = PageToken::of("WatchBoard");
        let organs = ["a".to_owned(), "b".to_owned()];
        let at = Places::from([("a".to_owned(), (1, 7)), ("c".to_owned(), (1, 9))]);
        let kept = token(&tokens, &organs, &at).unwrap();
        assert_eq!(places(&tokens, &organs, &kept).unwrap(), Some(Places::from([("a".to_owned(), (1, 7))])));
        assert_eq!(places(&tokens, &organs[..1], &kept).unwrap(), None);
        assert_eq!(places(&tokens, &organs, "").unwrap(), None);
        assert!(places(&PageToken::of("WatchCases"), &organs, &kept).is_err());
    }
}
