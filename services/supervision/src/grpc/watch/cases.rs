//! `WatchCases` (17): running clocks, page by page at first, then those that change.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use directory::Directory;
use duban_proto::supervision::v1::{WatchCasesRequest, WatchCasesResponse};
use futures::stream;
use server::page::PageToken;
use server::{Caller, Error, Reason};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::sleep;
use uuid::Uuid;

use super::token::{places, token};
use super::{Scope, Told};
use crate::grpc::Grpc;
use crate::store::{self, DueKey, Running};
use crate::watch::{Changes, LOOK, Places, Watcher, stretches};

/// Clocks in one answer.
const PAGE: i64 = 500;
/// Whoever missed more entries than that begins anew.
const MISSED: i64 = 10_000;

/// What comes next.
enum Step {
    /// A page of all there is.
    Page(Option<DueKey>),
    /// What happened since a place.
    Missed,
    /// What happens.
    Follow,
}

/// What tells clocks apart.
type Key = (String, Uuid, u32);

struct CaseWatcher {
    scope: Scope,
    tokens: PageToken,
    reads: Watcher,
    step: Step,
    /// All up to there is told, or ready.
    at: Arc<Places>,
    /// And all of this reading.
    reading: u64,
    ready: VecDeque<Running>,
}

impl Grpc {
    pub(super) async fn cases_watched(
        &self,
        caller: Caller,
        request: WatchCasesRequest,
    ) -> Result<Told<WatchCasesResponse>, Error> {
        let WatchCasesRequest { organ, resume_token } = request;
        let tokens = PageToken::of("WatchCases").filter(&organ);
        let scope = Scope::new(self, caller, organ, see).await?;
        let kept = places(&tokens, &scope.organs, &resume_token)?;
        let step = if kept.is_some() { Step::Missed } else { Step::Page(None) };
        let reads = self.watch.join().await?;
        let mut watcher = CaseWatcher {
            scope,
            tokens,
            reads,
            step,
            at: Arc::new(kept.unwrap_or_default()),
            reading: 0,
            ready: VecDeque::new(),
        };
        if matches!(watcher.step, Step::Page(_)) {
            watcher.begin();
        }
        Ok(Box::pin(stream::try_unfold(watcher, |mut watcher| async move {
            Ok(Some((watcher.next().await?, watcher)))
        })))
    }
}

/// The organs whose clocks `ListDueClocks` gives.
fn see(caller: &Caller, directory: &Directory, wanted: &str) -> Result<Vec<String>, Error> {
    Ok(directory.visible(caller.visibility_of(wanted, directory.tree())?))
}

impl CaseWatcher {
    /// From the present reading on; what is told of it is no older.
    fn begin(&mut self) {
        let board = self.reads.board.borrow();
        (self.at, self.reading) = (Arc::clone(&board.places), board.reading);
        self.step = Step::Page(None);
        self.ready.clear();
    }

    /// What is new, once there is something.
    async fn next(&mut self) -> Result<WatchCasesResponse, Error> {
        loop {
            if self.scope.changes(see)? {
                self.begin();
            }
            if !self.ready.is_empty() {
                return self.tell_ready();
            }
            match &self.step {
                Step::Page(after) => {
                    let after = after.clone();
                    return self.page(after.as_ref()).await;
                }
                Step::Missed => {
                    if let Some(told) = self.missed().await? {
                        return Ok(told);
                    }
                }
                Step::Follow => self.follow().await?,
            }
        }
    }

    /// A page of all there is. The token comes with the last.
    async fn page(&mut self, after: Option<&DueKey>) -> Result<WatchCasesResponse, Error> {
        let _turn = self.reads.own_way.acquire().await.map_err(Error::internal)?;
        let pool = self.scope.grpc.pool();
        let clocks = store::list_due_clocks(pool, &self.scope.organs, None, after, PAGE).await?;
        let full = i64::try_from(clocks.len()).is_ok_and(|count| count >= PAGE);
        let last = clocks.last().filter(|_| full).map(DueKey::of);
        self.step = last.map_or(Step::Follow, |last| Step::Page(Some(last)));
        self.told(after.is_none(), &clocks)
    }

    /// What happened between the place of the watcher and the present reading. Where it is too much, or a ledger is another
    /// than it was, the watch begins anew. A watch that goes on is told so at once.
    async fn missed(&mut self) -> Result<Option<WatchCasesResponse>, Error> {
        let (now, reading) = {
            let board = self.reads.board.borrow();
            (Arc::clone(&board.places), board.reading)
        };
        let seen = |places: &Places| -> Places {
            let seen = places.iter().filter(|(organ, _)| self.scope.sees(organ));
            seen.map(|(organ, place)| (organ.clone(), *place)).collect()
        };
        let (stretches, another) = stretches(&seen(&self.at), &seen(&now));
        let missed: i64 = stretches.iter().map(|it| it.upto - it.after).sum();
        if another || missed > MISSED {
            self.begin();
            return Ok(None);
        }
        let clocks = {
            let _turn = self.reads.own_way.acquire().await.map_err(Error::internal)?;
            let pool = self.scope.grpc.pool();
            let changed = store::changed_cases(pool, &stretches, MISSED + 1).await?;
            store::clocks_of_cases(pool, &changed.cases).await?
        };
        (self.at, self.reading, self.step) = (now, reading, Step::Follow);
        if clocks.is_empty() {
            return self.told(false, &[]).map(Some);
        }
        self.ready.extend(clocks);
        Ok(None)
    }

    /// Waits for what happens, and takes all there is of it: of each clock the newest.
    async fn follow(&mut self) -> Result<(), Error> {
        let received = tokio::select! {
            received = self.reads.changes.recv() => received,
            () = sleep(LOOK) => return Ok(()),
            () = self.reads.shutdown.cancelled() => return Err(Error::of(Reason::Unavailable)),
        };
        let before = (Arc::clone(&self.at), self.reading);
        let mut newest = BTreeMap::<Key, Running>::new();
        let mut next = received.map_err(|error| match error {
            RecvError::Lagged(times) => TryRecvError::Lagged(times),
            RecvError::Closed => TryRecvError::Closed,
        });
        loop {
            match next {
                Ok(changes) => self.take(&changes, &mut newest),
                // It was too slow: it goes on from where it was, and what it took meanwhile comes again.
                Err(TryRecvError::Lagged(_)) => {
                    (self.at, self.reading) = before;
                    self.step = Step::Missed;
                    return Ok(());
                }
                Err(TryRecvError::Closed) => return Err(Error::of(Reason::Unavailable)),
                Err(TryRecvError::Empty) => break,
            }
            if !matches!(self.step, Step::Follow) {
                return Ok(());
            }
            next = self.reads.changes.try_recv();
        }
        self.ready.extend(newest.into_values());
        Ok(())
    }

    fn take(&mut self, changes: &Changes, newest: &mut BTreeMap<Key, Running>) {
        if changes.reading <= self.reading {
            return;
        }
        if changes.begins {
            return self.begin();
        }
        for running in changes.clocks.iter().filter(|running| self.scope.sees(&running.organ)) {
            let key = (running.organ.clone(), running.clock.key.case_id, running.clock.key.term);
            newest.insert(key, running.clone());
        }
        (self.at, self.reading) = (Arc::clone(&changes.places), changes.reading);
    }

    fn tell_ready(&mut self) -> Result<WatchCasesResponse, Error> {
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX).min(self.ready.len());
        let clocks: Vec<Running> = self.ready.drain(..page).collect();
        self.told(false, &clocks)
    }

    /// These clocks; with a token where nothing is left to tell up to it.
    fn told(&self, begins: bool, clocks: &[Running]) -> Result<WatchCasesResponse, Error> {
        let Scope { grpc, caller, directory, organs, .. } = &self.scope;
        let whole = self.ready.is_empty() && matches!(self.step, Step::Follow);
        let resume_token = if whole { token(&self.tokens, organs, &self.at)? } else { String::new() };
        let clocks = clocks.iter().map(|running| grpc.told(caller, directory, running)).collect();
        Ok(WatchCasesResponse { begins, clocks, resume_token })
    }
}
