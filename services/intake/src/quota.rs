//! How much an agency's system may hand in (house).

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, RateLimiter};

/// How many complaints, steadily and at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Complaints a minute.
    pub per_minute: NonZeroU32,
    /// Complaints at once, after a pause.
    pub burst: NonZeroU32,
}

/// The quotas of all agencies. By the machine's clock, which nobody turns; each replica counts by itself.
pub struct Quotas {
    usual: (Quota, DefaultKeyedRateLimiter<String>),
    own: HashMap<String, (Quota, DefaultDirectRateLimiter)>,
    clock: DefaultClock,
}

/// A quota is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UsedUp {
    pub(crate) quota: Quota,
    /// When there is room again for one.
    pub(crate) after: Duration,
}

impl Quota {
    fn limit(self) -> governor::Quota {
        governor::Quota::per_minute(self.per_minute).allow_burst(self.burst)
    }
}

impl Quotas {
    /// The usual quota, for each agency by itself, and those of agencies that have their own, by code.
    pub fn new(usual: Quota, own: impl IntoIterator<Item = (String, Quota)>) -> Self {
        let direct = |(agency, quota): (String, Quota)| (agency, (quota, RateLimiter::direct(quota.limit())));
        Self {
            usual: (usual, RateLimiter::keyed(usual.limit())),
            own: own.into_iter().map(direct).collect(),
            clock: DefaultClock::default(),
        }
    }

    /// Counts one complaint, or refuses it.
    pub(crate) fn take(&self, agency: &str) -> Result<(), UsedUp> {
        let (quota, refused) = match self.own.get(agency) {
            Some((quota, limiter)) => (*quota, limiter.check().err()),
            None => (self.usual.0, self.usual.1.check_key(&agency.to_owned()).err()),
        };
        let used_up =
            |until: governor::NotUntil<_>| UsedUp { quota, after: until.wait_time_from(self.clock.now()) };
        refused.map_or(Ok(()), |until| Err(used_up(until)))
    }

    /// Waits until there is room for one, and counts it.
    pub(crate) async fn ready(&self, agency: &str) {
        match self.own.get(agency) {
            Some((_, limiter)) => limiter.until_ready().await,
            None => self.usual.1.until_key_ready(&agency.to_owned()).await,
        }
    }
}

impl fmt::Debug for Quotas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quotas").field("usual", &self.usual.0).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(per_minute: u32, burst: u32) -> Quota {
        Quota { per_minute: per_minute.try_into().unwrap(), burst: burst.try_into().unwrap() }
    }

    #[test]
    fn each_agency_has_its_own_and_is_told_when_to_come_again() {
        let quotas = Quotas::new(quota(1, 2), [("12345".to_owned(), quota(1, 1))]);
        assert_eq!((quotas.take("a"), quotas.take("a")), (Ok(()), Ok(())));
        let refused = quotas.take("a").unwrap_err();
        assert!(
            refused.after > Duration::from_secs(50) && refused.after <= Duration::from_mins(1),
            "{refused:?}"
        );
        assert_eq!(quotas.take("b"), Ok(()), "another agency's is its own");
        assert_eq!(quotas.take("12345"), Ok(()));
        assert_eq!(quotas.take("12345").unwrap_err().quota, quota(1, 1));
    }

    #[tokio::test]
    async fn what_was_waited_for_counts_as_well() {
        let quotas = Quotas::new(quota(1, 3), [("12345".to_owned(), quota(1, 1))]);
        for _ in 0..3 {
            quotas.ready("a").await;
        }
        assert!(quotas.take("a").is_err());
        quotas.ready("12345").await;
        assert!(quotas.take("12345").is_err());
    }
}
