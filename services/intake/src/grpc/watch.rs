//! `WatchCases`: what happens to the caller's cases, as it happens (16).

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::time::Duration;

use duban_proto::intake::v1::{WatchCasesRequest, WatchCasesResponse};
use futures::{Stream, stream};
use server::page::PageToken;
use server::{Caller, Error, Reason};
use tokio::sync::watch;
use tokio::time::{self, Instant};
use tonic::Status;
use uuid::Uuid;

use super::Grpc;
use super::cases::moment;
use super::see::{agency, told};
use crate::domain::Case;
use crate::store::{self, Change};

/// What a watcher is told.
pub(super) type Changes = Pin<Box<dyn Stream<Item = Result<WatchCasesResponse, Status>> + Send>>;

/// What changes a case for the complainant's side; who read an identity, and links, are the organ's own.
const KINDS: [&str; 14] = [
    "complaint_received",
    "case_registered",
    "supplement_requested",
    "supplement_provided",
    "case_corrected",
    "complaint_treated",
    "case_accepted",
    "case_declined",
    "case_referred",
    "directed_elsewhere",
    "masks_confirmed",
    "complaint_withdrawn",
    "handling_noted",
    "reply_delivered",
];
/// Changes read at once.
const PAGE: i64 = 500;
/// How often the ledger is looked at in any case: other processes write as well.
const LOOK: Duration = Duration::from_secs(1);
/// The least time between two readings: many may watch while much happens. The first after a pause is made at once.
const GATHER: Duration = Duration::from_millis(200);

/// One who watches, and how far it got.
struct Watcher {
    grpc: Grpc,
    caller: Caller,
    organ: String,
    after: i64,
    ready: VecDeque<WatchCasesResponse>,
    moved: watch::Receiver<u64>,
    /// Not read again before.
    rests_until: Instant,
}

impl Grpc {
    /// The changes after the token, or from now on.
    pub(super) async fn watched(&self, caller: Caller, request: WatchCasesRequest) -> Result<Changes, Error> {
        let (organ, _) = self.own_organ(&caller, "").await?;
        let last = store::last_seq(self.pool(), &organ).await?;
        let after = tokens(&caller, &organ).decode(&request.resume_token)?;
        if after.is_some_and(|after: i64| after > last) {
            return Err(Error::of(Reason::LedgerBehind).meta("organ", organ).meta("head", last));
        }
        let mut watcher = Watcher {
            moved: self.writer.heads().subscribe(),
            grpc: self.clone(),
            after: after.unwrap_or(last),
            caller,
            organ,
            ready: VecDeque::new(),
            rests_until: Instant::now(),
        };
        watcher.ready.push_back(watcher.here(watcher.after)?);
        Ok(Box::pin(stream::try_unfold(watcher, |mut watcher| async move {
            let next = watcher.next().await?;
            Ok(next.map(|change| (change, watcher)))
        })))
    }
}

impl Watcher {
    /// The next change, once there is one; an end when the service stops.
    async fn next(&mut self) -> Result<Option<WatchCasesResponse>, Status> {
        loop {
            if let Some(change) = self.ready.pop_front() {
                return Ok(Some(change));
            }
            time::sleep_until(self.rests_until).await;
            self.rests_until = Instant::now() + GATHER;
            self.moved.borrow_and_update();
            if !self.read().await? {
                tokio::select! {
                    moved = self.moved.changed() => if moved.is_err() { return Ok(None) },
                    () = time::sleep(LOOK) => {}
                    () = self.grpc.shutdown.cancelled() => {
                        return Err(Error::of(Reason::Unavailable).into());
                    }
                }
            }
        }
    }

    /// Reads what is new; whether there may be more.
    async fn read(&mut self) -> Result<bool, Error> {
        let pool = self.grpc.pool();
        let upto = store::last_seq(pool, &self.organ).await?;
        let changes = store::changes_after(pool, &self.organ, self.after, upto, &KINDS, PAGE).await?;
        let mut ids: Vec<Uuid> = changes.iter().map(|change| change.case_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let cases = if ids.is_empty() { Vec::new() } else { store::cases(pool, &self.organ, &ids).await? };
        let agency = agency(&self.caller);
        let own = cases.into_iter().filter(|case| agency.is_none_or(|agency| agency == case.received.agency));
        let own: HashMap<Uuid, Case> = own.map(|case| (case.case_id, case)).collect();
        let full = i64::try_from(changes.len()).is_ok_and(|count| count >= PAGE);
        self.after = changes.last().filter(|_| full).map_or(upto, |last| last.seq);
        for change in changes {
            if let Some(case) = own.get(&change.case_id) {
                self.ready.push_back(self.change(&change, case)?);
            }
        }
        Ok(full || !self.ready.is_empty())
    }

    fn change(&self, change: &Change, case: &Case) -> Result<WatchCasesResponse, Error> {
        let at = moment(change.recorded_at);
        let case = Some(told(&self.caller, self.grpc.directory.current().tree(), &self.organ, case));
        Ok(WatchCasesResponse { case, kind: change.kind.clone(), at, ..self.here(change.seq)? })
    }

    /// A place in the ledger to go on from.
    fn here(&self, seq: i64) -> Result<WatchCasesResponse, Error> {
        let resume_token = tokens(&self.caller, &self.organ).encode(&seq)?;
        Ok(WatchCasesResponse { resume_token, ..WatchCasesResponse::default() })
    }
}

/// A token goes with the organ and the agency it was given to.
fn tokens(caller: &Caller, organ: &str) -> PageToken {
    PageToken::of("WatchCases").filter(organ).filter(agency(caller).unwrap_or_default())
}
