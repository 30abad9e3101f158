//! One reader of the ledgers for all who watch (16, 17, 20): as many as like may, and the database is asked once.
//!
//! [`Watch::run`] looks at the heads when they move, reads the lines and clocks that changed, and publishes them. What it
//! publishes is bounded whoever reads it: of the board the newest alone, of clocks the last few readings; who falls
//! behind these reads the ledgers from where it was.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use ledger::Writer;
use server::{Error, Reason};
use sqlx::PgPool;
use tokio::sync::{Semaphore, broadcast, watch};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::domain::Counts;
use crate::ledgers::Ledgers;
use crate::store::{self, LedgerPlace, Running, Stretch};

/// The least time between two readings: what comes in between is told together.
const GATHER: Duration = Duration::from_millis(200);
/// How often it is looked in any case: other processes write as well, and the directory changes.
pub(crate) const LOOK: Duration = Duration::from_secs(1);
/// Entries of an organ's ledger read at once.
const PAGE: i64 = 500;
/// Readings that are kept for slow watchers.
const KEPT: usize = 32;
/// So many who watch read their own way at once; the rest of the pool is for others.
const OWN_WAY: usize = 2;
/// How long a watch may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far each organ's ledger was read.
pub(crate) type Places = BTreeMap<String, LedgerPlace>;

/// What is published to those who watch. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    board: watch::Sender<Arc<Board>>,
    changes: broadcast::Sender<Arc<Changes>>,
    /// Counts those who came: a reading that began later is new enough for them.
    came: watch::Sender<u64>,
    own_way: Arc<Semaphore>,
    shutdown: CancellationToken,
}

/// The lines of all organs, at one reading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board {
    /// Which reading.
    pub(crate) reading: u64,
    /// The lines of those that ever counted anything: never older than the place of their ledger.
    pub(crate) lines: BTreeMap<String, Line>,
    /// How far the ledgers were read.
    pub(crate) places: Arc<Places>,
    /// It is new enough for so many that came.
    came: u64,
}

/// An organ's line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) counts: Counts,
    /// The reading at which it became so.
    pub(crate) since: u64,
}

/// The clocks that a reading found changed.
#[derive(Debug)]
pub(crate) struct Changes {
    /// Which reading.
    pub(crate) reading: u64,
    /// As they are now.
    pub(crate) clocks: Vec<Running>,
    /// How far the ledgers were read.
    pub(crate) places: Arc<Places>,
    /// A ledger is another than it was (a restored backup): what was told before says nothing.
    pub(crate) begins: bool,
}

/// What one who watches reads.
pub(crate) struct Watcher {
    pub(crate) board: watch::Receiver<Arc<Board>>,
    pub(crate) changes: broadcast::Receiver<Arc<Changes>>,
    /// Whoever reads its own way holds a permit meanwhile.
    pub(crate) own_way: Arc<Semaphore>,
    pub(crate) shutdown: CancellationToken,
}

impl Watch {
    /// Publishes nothing before it runs.
    pub(crate) fn new(shutdown: CancellationToken) -> Self {
        let (board, changes) = (watch::Sender::default(), broadcast::Sender::new(KEPT));
        let own_way = Arc::new(Semaphore::new(OWN_WAY));
        Self { board, changes, came: watch::Sender::default(), own_way, shutdown }
    }

    /// One who watches, once there is a reading that began after it came.
    pub(crate) async fn join(&self) -> Result<Watcher, Error> {
        // Listens first: what is published from now on is not lost.
        let (changes, mut board) = (self.changes.subscribe(), self.board.subscribe());
        let mut place = 0;
        self.came.send_modify(|came| {
            *came += 1;
            place = *came;
        });
        let read = timeout(PATIENCE, board.wait_for(|board| board.came >= place)).await;
        if !read.is_ok_and(|read| read.is_ok()) {
            return Err(Error::of(Reason::Unavailable));
        }
        let own_way = Arc::clone(&self.own_way);
        Ok(Watcher { board, changes, own_way, shutdown: self.shutdown.clone() })
    }

    /// Reads and publishes while somebody watches, until the shutdown.
    pub(crate) async fn run(self, writer: Writer<Ledgers>) {
        let shutdown = self.shutdown.clone();
        tokio::select! {
            () = self.read_on(&writer) => {}
            () = shutdown.cancelled() => {}
        }
    }

    async fn read_on(&self, writer: &Writer<Ledgers>) {
        let (mut moved, mut came) = (writer.heads().subscribe(), self.came.subscribe());
        let mut watched = false;
        loop {
            moved.mark_unchanged();
            let catches_up = watched;
            watched = self.board.receiver_count() > 0;
            if watched {
                let newest = *came.borrow_and_update();
                match self.read(writer.pool(), newest, catches_up).await {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(error) => {
                        tracing::warn!(
                            error = &error as &dyn std::error::Error,
                            "nothing read for those who watch"
                        );
                    }
                }
            }
            sleep(GATHER).await;
            tokio::select! {
                changed = moved.changed(), if watched => if changed.is_err() { return },
                () = sleep(LOOK), if watched => {}
                changed = came.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Reads what is new and publishes it; whether there is more. After a time in which nobody watched there is nothing to
    /// catch up with.
    async fn read(&self, pool: &PgPool, came: u64, catches_up: bool) -> Result<bool, sqlx::Error> {
        let before = Arc::clone(&self.board.borrow());
        let heads: Places = store::heads(pool).await?.into_iter().collect();
        let moved = |organ: &String, head: &LedgerPlace| before.places.get(organ) != Some(head);
        let moved: Vec<String> =
            heads.iter().filter(|(organ, head)| moved(organ, head)).map(|(organ, _)| organ.clone()).collect();
        if moved.is_empty() && came == before.came {
            return Ok(false);
        }
        let since = if catches_up && self.changes.receiver_count() > 0 {
            Since::read(pool, &before.places, heads).await?
        } else {
            Since { places: heads, ..Since::default() }
        };
        let (reading, places) = (before.reading + 1, Arc::new(since.places));
        let mut lines = before.lines.clone();
        for (organ, counts) in store::read_board(pool, &moved).await? {
            let known = lines.get(&organ).is_some_and(|line| line.counts == counts);
            if !known {
                lines.insert(organ, Line { counts, since: reading });
            }
        }
        let clocks = store::clocks_of_cases(pool, &since.cases).await?;
        // Clocks first: whoever reads the board of a reading has its clocks behind it, or in front of it.
        let changes = Changes { reading, clocks, places: Arc::clone(&places), begins: since.begins };
        let _nobody = self.changes.send(Arc::new(changes));
        self.board.send_replace(Arc::new(Board { reading, lines, places, came }));
        Ok(since.more)
    }
}

/// What the entries since a reading are about.
#[derive(Debug, Default)]
struct Since {
    /// Organ and case.
    cases: BTreeSet<(String, Uuid)>,
    /// How far they were read.
    places: Places,
    /// A ledger is another than it was.
    begins: bool,
    /// There are more.
    more: bool,
}

impl Since {
    /// The entries after these places, up to the others.
    async fn read(pool: &PgPool, after: &Places, upto: Places) -> Result<Self, sqlx::Error> {
        let (stretches, begins) = stretches(after, &upto);
        let changed = store::changed_cases(pool, &stretches, PAGE).await?;
        let mut since = Self { cases: changed.cases, places: upto, begins, more: !changed.more.is_empty() };
        for (organ, last) in changed.more {
            if let Some((_, seq)) = since.places.get_mut(&organ) {
                *seq = last;
            }
        }
        Ok(since)
    }
}

/// What lies between, and whether a ledger is another than it was: of another epoch, or shorter.
pub(crate) fn stretches(after: &Places, upto: &Places) -> (Vec<Stretch>, bool) {
    let (mut stretches, mut another) = (Vec::new(), false);
    for (organ, (epoch, upto)) in upto {
        let (known, after) = after.get(organ).copied().unwrap_or((*epoch, 0));
        another |= known != *epoch || after > *upto;
        if after < *upto {
            stretches.push(Stretch { organ: organ.clone(), after, upto: *upto });
        }
    }
    (stretches, another)
}
