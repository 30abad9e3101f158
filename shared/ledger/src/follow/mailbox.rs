use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::Semaphore,
    task::{self, JoinError, JoinSet},
    time::{self, Instant},
};
use tokio_util::sync::CancellationToken;

use super::{
    Translate,
    pace::{self, Pace},
    page::{Applier, Followed},
};
use crate::{
    Cause, Domain, Incoming, Organ, Position, Source, Writer,
    clock::from_micros,
    entry::Entry,
    store::{
        entry,
        mailbox::{self, Behind},
    },
};

/// Entries of one mailbox taken at once.
const PAGE: u32 = 200;
/// Mailboxes taken at once, those that wait included.
const AT_ONCE: usize = 64;
/// Mailboxes read at once: each takes a connection for it.
const READERS: usize = 2;
/// How often mailboxes are looked at in any case: other processes write as well.
const LOOK: Duration = Duration::from_secs(1);

/// The least time between two rounds: what comes in between is written together.
const GATHER: Duration = Duration::from_millis(200);

/// Follows the mailboxes inside a service: entries addressed to another organ take effect in that organ's ledger.
///
/// Each mailbox in order, all side by side, each page in a task of its own: one that waits holds up no other. Runs until
/// `shutdown`.
pub async fn follow_mailboxes<D: Domain, T: Translate<D>>(
    writer: Writer<D>,
    translate: Arc<T>,
    shutdown: CancellationToken,
) {
    let mut addressed = writer.heads().addressed();
    let mut pace = Pace::new();
    let mut round = Round {
        writer,
        translate,
        shutdown,
        readers: Arc::new(Semaphore::new(READERS)),
        taking: JoinSet::new(),
        busy: HashMap::new(),
    };
    loop {
        let next = Instant::now() + GATHER;
        addressed.borrow_and_update();
        if let Err(error) = round.begin().await {
            tracing::warn!(service = %D::SERVICE, %error, "mailboxes can't be read");
            if !pace.wait(&round.shutdown).await {
                return;
            }
            continue;
        }
        pace.reset();
        tokio::select! {
            Some(done) = round.taking.join_next_with_id() => round.settle(done),
            go_on = pace::moved(&mut addressed, LOOK, &round.shutdown) => if !go_on { return },
        }
        tokio::select! {
            () = time::sleep_until(next) => {}
            () = round.shutdown.cancelled() => return,
        }
        while let Some(done) = round.taking.try_join_next_with_id() {
            round.settle(done);
        }
    }
}

/// The mailboxes that are being taken.
struct Round<D: Domain, T> {
    writer: Writer<D>,
    translate: Arc<T>,
    shutdown: CancellationToken,
    readers: Arc<Semaphore>,
    taking: JoinSet<Result<(), sqlx::Error>>,
    busy: HashMap<task::Id, (Organ, Organ)>,
}

impl<D: Domain, T: Translate<D>> Round<D, T> {
    /// Begins to take every mailbox that is behind and is not being taken.
    async fn begin(&mut self) -> Result<(), sqlx::Error> {
        let mut connection = self.writer.pool().acquire().await?;
        let behind = mailbox::behind(&mut connection, D::SERVICE.code()).await?;
        drop(connection);
        let busy: HashSet<(Organ, Organ)> = self.busy.values().cloned().collect();
        for mailbox in behind {
            let key = (mailbox.organ.clone(), mailbox.audience.clone());
            if self.busy.len() < AT_ONCE && !busy.contains(&key) {
                let (writer, translate) = (self.writer.clone(), Arc::clone(&self.translate));
                let (readers, shutdown) = (Arc::clone(&self.readers), self.shutdown.clone());
                let task = self.taking.spawn(take(writer, translate, readers, shutdown, mailbox));
                self.busy.insert(task.id(), key);
            }
        }
        Ok(())
    }

    /// Notes that a page was taken, or that it will be read again.
    fn settle(&mut self, done: Result<(task::Id, Result<(), sqlx::Error>), JoinError>) {
        let (id, failed) = match done {
            Ok((id, Ok(()))) => (id, None),
            Ok((id, Err(error))) => (id, Some(error.to_string())),
            Err(error) => (error.id(), Some(error.to_string())),
        };
        self.busy.remove(&id);
        if let Some(error) = failed {
            tracing::warn!(service = %D::SERVICE, error, "a mailbox is read again from its cursor");
        }
    }
}

/// Takes a page of a mailbox.
async fn take<D: Domain, T: Translate<D>>(
    writer: Writer<D>,
    translate: Arc<T>,
    readers: Arc<Semaphore>,
    shutdown: CancellationToken,
    behind: Behind,
) -> Result<(), sqlx::Error> {
    let Behind { organ, audience, read } = behind;
    let reader = readers.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
    let mut connection = writer.pool().acquire().await?;
    let entries = entry::mailbox_page(&mut connection, &organ, &audience, read.seq, PAGE).await?;
    drop(connection);
    drop(reader);
    let page: Vec<Followed> =
        entries.into_iter().filter_map(|entry| followed::<D>(entry, &audience)).collect();
    let mut applier = Applier {
        writer,
        translate,
        source: Source { service: D::SERVICE, organ, mailbox: true },
        target: audience,
        cursor: read,
        shutdown,
    };
    if let Err(halt) = applier.apply(&page).await {
        tracing::debug!(target = %applier.target, ?halt, "a mailbox is read again from its cursor");
    }
    Ok(())
}

fn followed<D: Domain>(entry: Entry, target: &Organ) -> Option<Followed> {
    let position = entry.position();
    let address = entry.address?;
    Some(Followed {
        at: Position { seq: address.seq, ..position },
        cause: Cause { service: D::SERVICE, organ: entry.organ.clone(), epoch: entry.epoch, seq: entry.seq },
        after: entry.cause,
        entry: Ok(Incoming {
            source: entry.organ,
            target: target.clone(),
            position,
            recorded_at: from_micros(entry.recorded_at),
            case: entry.case,
            actor: entry.actor.to_string(),
            kind: entry.kind.into_owned(),
            body: entry.body,
        }),
    })
}
