//! The ledger as other services follow it.

use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

use duban_proto::feed::v1::{
    self as wire, FollowRequest, FollowResponse, ListHeadsRequest, ListHeadsResponse,
    feed_service_server::{FeedService, FeedServiceServer},
};
use prost::Message;
use tokio::{sync::mpsc, time::MissedTickBehavior};
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tokio_util::sync::CancellationToken;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::{
    Domain, Event, Organ, Position, Writer,
    store::{
        entry::{self, Range},
        head::{self, Head},
    },
};

/// Entries in one answer at most.
const PAGE: u32 = 500;
/// Bytes of entries in one answer, about.
const PAGE_BYTES: usize = 1 << 20;
/// Entries looked at for one answer at most, where the reader wants few kinds.
const WINDOW: u64 = 5_000;
/// Answers that wait for a slow reader.
const AHEAD: usize = 4;
/// How often heads are looked at in any case: other processes write as well.
const LOOK: Duration = Duration::from_secs(1);
/// The least time between two readings: what comes in between goes out together, and is written together by the reader.
/// The first entry after a pause goes out at once.
const GATHER: Duration = Duration::from_millis(50);

/// The gRPC service `FeedService` over the ledgers of one service.
pub struct Feed<D: Domain> {
    writer: Writer<D>,
    shutdown: CancellationToken,
}

impl<D: Domain> std::fmt::Debug for Feed<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Feed").field(&D::SERVICE).finish()
    }
}

impl<D: Domain> Feed<D> {
    /// Over what `writer` writes; streams end at `shutdown`.
    pub fn new(writer: &Writer<D>, shutdown: CancellationToken) -> Self {
        Self { writer: writer.clone(), shutdown }
    }

    /// As a gRPC server.
    pub fn into_server(self) -> FeedServiceServer<Self> {
        FeedServiceServer::new(self)
    }
}

#[tonic::async_trait]
impl<D: Domain> FeedService for Feed<D> {
    type FollowStream = Pin<Box<dyn Stream<Item = Result<FollowResponse, Status>> + Send>>;

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Self::FollowStream>, Status> {
        let FollowRequest { positions, kinds, tell_behind } = request.into_inner();
        let mut positions = positions.iter().map(position).collect::<Result<HashMap<_, _>, _>>()?;
        let ahead = not_held(&self.writer, &positions).await.map_err(|error| unavailable(&error))?;
        if let Some((organ, at)) = ahead.iter().next().filter(|_| !tell_behind) {
            return Err(behind(organ, at));
        }
        positions.retain(|organ, _| !ahead.contains_key(organ));
        let (sender, receiver) = mpsc::channel(AHEAD);
        let reader =
            Reader { writer: self.writer.clone(), positions, ahead, kinds: Arc::from(kinds), sender };
        let shutdown = self.shutdown.clone();
        tokio::spawn(async move {
            let closed = reader.sender.clone();
            tokio::select! {
                () = reader.run() => {}
                () = closed.closed() => {}
                () = shutdown.cancelled() => drop(closed.try_send(Err(Status::unavailable("the service is stopping")))),
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn list_heads(&self, _: Request<ListHeadsRequest>) -> Result<Response<ListHeadsResponse>, Status> {
        let mut connection = self.writer.pool().acquire().await.map_err(|error| unavailable(&error))?;
        let heads = head::all(&mut connection).await.map_err(|error| unavailable(&error))?;
        let heads = heads.iter().map(|(organ, head)| head.position.to_wire(organ)).collect();
        Ok(Response::new(ListHeadsResponse { heads }))
    }
}

fn position(wire: &wire::Position) -> Result<(Organ, Position), Status> {
    let malformed = |what: &str| {
        let mut details = ErrorDetails::new();
        details.add_bad_request_violation("positions", what);
        Status::with_error_details(Code::InvalidArgument, format!("positions: {what}"), details)
    };
    let organ = Organ::new(&wire.organ).map_err(|error| malformed(&error.to_string()))?;
    let position = Position::from_wire(wire).ok_or_else(|| malformed("a hash of another length than 32"))?;
    Ok((organ, position))
}

fn unavailable(error: &sqlx::Error) -> Status {
    tracing::warn!(%error, "the ledger can't be read");
    let mut details = ErrorDetails::with_error_info("UNAVAILABLE", "duban", HashMap::new());
    details.set_retry_info(Some(LOOK));
    Status::with_error_details(Code::Unavailable, "the ledger can't be read now", details)
}

/// Those of a reader's positions that are not here: these ledgers were restored from a backup.
async fn not_held<D: Domain>(
    writer: &Writer<D>,
    positions: &HashMap<Organ, Position>,
) -> Result<HashMap<Organ, Position>, sqlx::Error> {
    let mut connection = writer.pool().acquire().await?;
    let known = head::known(&mut connection, positions).await?;
    let holds = |organ, at: Position| at.seq == 0 || known.get(organ).is_some_and(|known| known.holds(at));
    Ok(positions
        .iter()
        .filter(|(organ, at)| !holds(organ, **at))
        .map(|(organ, at)| (organ.clone(), *at))
        .collect())
}

fn behind(organ: &Organ, at: &Position) -> Status {
    let metadata = HashMap::from([
        ("organ".to_owned(), organ.to_string()),
        ("seq".to_owned(), at.seq.to_string()),
        ("epoch".to_owned(), at.epoch.to_string()),
    ]);
    let details = ErrorDetails::with_error_info("LEDGER_BEHIND", "duban", metadata);
    let message = format!(
        "the ledger of {organ} does not hold entry {} as you know it: it was restored from a backup; \
         run 'duban ledger new-epoch'",
        at.seq
    );
    Status::with_error_details(Code::DataLoss, message, details)
}

/// One stream: reads what is new in the ledgers it is behind of.
struct Reader<D: Domain> {
    writer: Writer<D>,
    positions: HashMap<Organ, Position>,
    /// Where the reader is further than the ledger; each waits for a new epoch.
    ahead: HashMap<Organ, Position>,
    kinds: Arc<[String]>,
    sender: mpsc::Sender<Result<FollowResponse, Status>>,
}

impl<D: Domain> Reader<D> {
    /// Until the reader goes away, or the database can't be read: then the reader comes again.
    async fn run(mut self) {
        for (organ, at) in &self.ahead {
            let behind =
                FollowResponse { organ: organ.to_string(), behind: true, ..FollowResponse::default() };
            self.send(behind, *at, organ).await;
        }
        let mut moved = self.writer.heads().subscribe();
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let looked = tokio::select! {
                _ = look.tick() => self.look().await,
                changed = moved.changed() => {
                    if changed.is_err() { return }
                    Ok(())
                }
            };
            moved.borrow_and_update();
            let read = match looked {
                Ok(()) => self.read().await,
                Err(error) => Err(error),
            };
            if let Err(error) = read {
                drop(self.sender.send(Err(unavailable(&error))).await);
                return;
            }
            tokio::time::sleep(GATHER).await;
        }
    }

    /// Takes in the heads as they stand in the table, and the ledgers that have caught up with the reader.
    async fn look(&mut self) -> Result<(), sqlx::Error> {
        if !self.ahead.is_empty() {
            let still = not_held(&self.writer, &self.ahead).await?;
            let ahead = std::mem::replace(&mut self.ahead, still);
            self.positions.extend(ahead.into_iter().filter(|(organ, _)| !self.ahead.contains_key(organ)));
        }
        let mut connection = self.writer.pool().acquire().await?;
        for (organ, head) in head::all(&mut connection).await? {
            self.writer.heads().see(&organ, head);
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), sqlx::Error> {
        for (organ, head) in self.writer.heads().all() {
            if self.ahead.contains_key(&organ) {
                continue;
            }
            let mut at = self.positions.get(&organ).copied().unwrap_or(Position::START);
            while at.seq < head.position.seq {
                at = self.page(&organ, &head, at).await?;
                self.positions.insert(organ.clone(), at);
            }
        }
        Ok(())
    }

    /// Sends what follows on `at`, and tells how far that reached.
    async fn page(&self, organ: &Organ, head: &Head, at: Position) -> Result<Position, sqlx::Error> {
        let mut connection = self.writer.pool().acquire().await?;
        let window = match at.seq + WINDOW {
            window if window < head.position.seq => head::hash_at(&mut connection, organ, window).await?,
            _ => None,
        };
        let window = window.unwrap_or(head.position);
        let range = Range { after: at.seq, upto: window.seq, kinds: &self.kinds, limit: PAGE };
        let entries = entry::page(&mut connection, organ, range).await?;
        let full = entries.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
        let end = match entries.last() {
            Some(last) if full => last.position(),
            _ => window,
        };
        drop(connection);
        let empty = || FollowResponse { organ: organ.to_string(), ..FollowResponse::default() };
        let mut answer = empty();
        let mut bytes = 0;
        for entry in &entries {
            let private = head.algorithm.private(entry);
            let wire = entry.to_wire(<D::Event as Event>::TYPE_URL, private);
            bytes += wire.encoded_len();
            answer.entries.push(wire);
            if bytes >= PAGE_BYTES {
                bytes = 0;
                self.send(std::mem::replace(&mut answer, empty()), entry.position(), organ).await;
            }
        }
        self.send(answer, end, organ).await;
        Ok(end)
    }

    /// Waits for a slow reader; one that is gone is noticed by the task around.
    async fn send(&self, mut answer: FollowResponse, upto: Position, organ: &Organ) {
        answer.upto = Some(upto.to_wire(organ));
        drop(self.sender.send(Ok(answer)).await);
    }
}
