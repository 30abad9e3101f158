//! The writer of an organ's ledger: all commands that wait for an organ, in one transaction.

mod batch;
mod connections;
mod lane;
mod made;
mod outcome;
mod resolve;
mod settings;
mod transaction;
mod unit;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use settings::WriterSettings;
pub(crate) use unit::Progress;
pub use unit::{Applied, Committed, Effect, Request, Submission};

use crate::{ApplyError, Clock, Domain, Heads, Organ, Position, Service, Source, SubmitError};
use connections::Connections;
use unit::{Answer, Item};

/// Writes the ledgers of a service. Cheap to clone.
///
/// Each organ with something to write has a task of its own: while one transaction commits, the next gathers. A future
/// of [`Writer::submit`] that is dropped changes nothing: the command is written all the same.
pub struct Writer<D: Domain>(Arc<Shared<D>>);

impl<D: Domain> Clone for Writer<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<D: Domain> std::fmt::Debug for Writer<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Writer").field(&D::SERVICE).finish()
    }
}

pub(crate) struct Shared<D: Domain> {
    pub(crate) domain: Arc<D>,
    pub(crate) pool: PgPool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: WriterSettings,
    pub(crate) connections: Connections,
    pub(crate) heads: Heads,
    /// What followers have read past without having to write a cursor for it.
    passed: Mutex<HashMap<(Organ, Service), u64>>,
    lanes: Mutex<HashMap<Organ, mpsc::Sender<Item<D>>>>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<D: Domain> Writer<D> {
    /// A writer over the service's pool.
    pub fn new(domain: Arc<D>, pool: PgPool, clock: Arc<dyn Clock>, settings: WriterSettings) -> Self {
        Self(Arc::new(Shared {
            domain,
            connections: Connections::new(pool.clone(), settings.connections),
            pool,
            clock,
            settings,
            heads: Heads::default(),
            passed: Mutex::default(),
            lanes: Mutex::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        }))
    }

    /// Has a command decided and written, and tells what came of it.
    pub async fn submit(&self, organ: &Organ, submission: Submission<D::Command>) -> Answer<D> {
        let (reply, answer) = oneshot::channel();
        let item = Item::Command { submission, arrived: self.0.clock.now(), reply };
        match self.lane(organ).ok_or(SubmitError::Stopped)?.try_send(item) {
            Ok(()) => answer.await.unwrap_or(Err(SubmitError::Stopped)),
            Err(mpsc::error::TrySendError::Full(_)) => {
                Err(SubmitError::Overloaded { queued: self.0.settings.queue })
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(SubmitError::Stopped),
        }
    }

    /// Has the entries of another ledger take effect in this organ's: in order, each once, each with its cursor.
    ///
    /// `from` is where the cursor stood when they were read. What was applied before is passed over; the first that has
    /// to wait, or does not begin where the cursor stands, ends the run.
    pub async fn apply(
        &self,
        target: &Organ,
        source: &Source,
        from: Position,
        effects: Vec<Effect<D::Command>>,
    ) -> Result<Applied, ApplyError> {
        let lane = self.lane(target).ok_or(ApplyError::Stopped)?;
        let arrived = self.0.clock.now();
        let mut answers = Vec::with_capacity(effects.len());
        let mut before = from;
        for effect in effects {
            let at = effect.at;
            let (reply, answer) = oneshot::channel();
            let item = Item::Effect { source: source.clone(), from: before, effect, arrived, reply };
            lane.send(item).await.map_err(|_| ApplyError::Stopped)?;
            answers.push(answer);
            before = at;
        }
        let mut upto = from;
        for answer in answers {
            match answer.await.unwrap_or(Err(ApplyError::Stopped))? {
                Progress::Passed(at) => upto = at,
                Progress::Waits(at, cause) => return Ok(Applied { upto: at, waits_for: Some(cause) }),
                Progress::Behind(at) => return Ok(Applied { upto: at, waits_for: None }),
            }
        }
        Ok(Applied { upto, waits_for: None })
    }

    /// Where the ledgers have got, as far as this process knows; and a wake-up when one moves.
    pub fn heads(&self) -> &Heads {
        &self.0.heads
    }

    /// The service's pool.
    pub fn pool(&self) -> &PgPool {
        &self.0.pool
    }

    /// The rules.
    pub fn domain(&self) -> &Arc<D> {
        &self.0.domain
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Takes no more, and waits until what waits is written.
    pub async fn drain(&self) {
        self.0.stopping.cancel();
        lock(&self.0.lanes).clear();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        self.0.connections.close();
    }

    /// Notes that a follower has read a ledger of another service up to here, and applied what concerns it.
    pub(crate) fn note_passed(&self, organ: &Organ, service: Service, seq: u64) {
        lock(&self.0.passed).insert((organ.clone(), service), seq);
        self.0.heads.nudge();
    }

    /// The way to an organ's task, begun where there is none; none when stopping.
    fn lane(&self, organ: &Organ) -> Option<mpsc::Sender<Item<D>>> {
        let mut lanes = lock(&self.0.lanes);
        if self.0.stopping.is_cancelled() {
            return None;
        }
        let begin = || {
            let (sender, receiver) = mpsc::channel(self.0.settings.queue);
            self.0.tasks.spawn(lane::run(Arc::clone(&self.0), organ.clone(), receiver));
            sender
        };
        Some(lanes.entry(organ.clone()).or_insert_with(begin).clone())
    }
}

impl<D: Domain> Shared<D> {
    pub(crate) fn passed(&self, organ: &Organ, service: Service) -> u64 {
        lock(&self.passed).get(&(organ.clone(), service)).copied().unwrap_or_default()
    }
}
