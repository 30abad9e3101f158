//! Clocks of many organs, by organ.

use std::collections::BTreeMap;

use crate::domain::ClockKey;
use crate::store::Place;

/// The clocks of each organ, in the order given.
pub(crate) fn by_organ(places: Vec<Place>) -> impl Iterator<Item = (String, Vec<ClockKey>)> {
    let mut clocks = BTreeMap::<String, Vec<ClockKey>>::new();
    for Place { organ, key, .. } in places {
        clocks.entry(organ).or_default().push(key);
    }
    clocks.into_iter()
}
