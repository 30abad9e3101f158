use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::watch;

use crate::{Organ, store::head::Head};

/// Where ledgers have got, as this process has seen, and a wake-up when one moves.
///
/// A hint and never the truth: other processes write as well, so a reader looks at the table once a second in any case.
#[derive(Debug, Default)]
pub struct Heads {
    seen: Mutex<HashMap<Organ, Head>>,
    moved: watch::Sender<u64>,
    addressed: watch::Sender<u64>,
}

impl Heads {
    /// Told each time a head moves or a cursor passes something.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    /// Told each time an entry is addressed to another organ.
    pub(crate) fn addressed(&self) -> watch::Receiver<u64> {
        self.addressed.subscribe()
    }

    pub(crate) fn moved(&self, organ: &Organ, to: Head, addressed: bool) {
        self.see(organ, to);
        self.nudge();
        if addressed {
            self.addressed.send_modify(|times| *times = times.wrapping_add(1));
        }
    }

    /// Wakes those who wait, although no head moved.
    pub(crate) fn nudge(&self) {
        self.moved.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Takes in what the table says.
    pub(crate) fn see(&self, organ: &Organ, at: Head) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.entry(organ.clone()).or_insert(at);
        if (known.position.epoch, known.position.seq) < (at.position.epoch, at.position.seq) {
            *known = at;
        }
    }

    /// All heads that were seen.
    pub(crate) fn all(&self) -> Vec<(Organ, Head)> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().map(|(organ, at)| (organ.clone(), *at)).collect()
    }
}
