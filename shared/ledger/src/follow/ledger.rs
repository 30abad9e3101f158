use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use duban_proto::feed::v1::{
    self as wire, FollowRequest, FollowResponse, feed_service_client::FeedServiceClient,
};
use jiff::Timestamp;
use tokio::{sync::mpsc, task::JoinSet, time};
use tokio_util::sync::CancellationToken;
use tonic::{
    Status,
    body::Body,
    client::GrpcService,
    codegen::{Body as HttpBody, StdError},
};

use super::{
    Translate,
    pace::Pace,
    page::{Applier, Followed, Halt},
};
use crate::{CaseId, Cause, Domain, Incoming, Organ, Position, Service, Source, Writer, store::cursor};

/// Answers that wait for one organ.
const AHEAD: usize = 4;
/// How long an organ may hold up the stream before the others go on without it.
const HELD_UP: Duration = Duration::from_secs(2);
/// Entries of no use that are passed before the cursor is written.
const WRITE_AFTER: u64 = 1_000;

/// Follows another service's ledgers, each into the ledger of the same organ here. Runs until `shutdown`.
pub async fn follow_service<D, T, C>(
    writer: Writer<D>,
    source: Service,
    channel: C,
    translate: Arc<T>,
    shutdown: CancellationToken,
) where
    D: Domain,
    T: Translate<D>,
    C: GrpcService<Body> + Clone + Send + 'static,
    C::Future: Send,
    C::Error: Into<StdError> + Send,
    C::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
    <C::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
{
    let client = FeedServiceClient::new(channel);
    let mut pace = Pace::new();
    while !shutdown.is_cancelled() {
        let stop = shutdown.child_token();
        let mut lanes = Lanes {
            writer: &writer,
            translate: &translate,
            service: source,
            cursors: HashMap::new(),
            senders: HashMap::new(),
            tasks: JoinSet::new(),
            behind: HashSet::new(),
            stop: stop.clone(),
        };
        let ended = tokio::select! {
            ended = lanes.run(client.clone(), &mut pace) => ended,
            () = shutdown.cancelled() => Ok(()),
        };
        stop.cancel();
        lanes.senders.clear();
        while lanes.tasks.join_next().await.is_some() {}
        if let Err(status) = ended {
            tracing::warn!(service = %D::SERVICE, %source, code = ?status.code(), message = status.message(), "following is interrupted");
        }
        if !pace.wait(&shutdown).await {
            return;
        }
    }
}

/// One stream, shared out to a task for each organ: in order within one, side by side among them.
struct Lanes<'a, D: Domain, T> {
    writer: &'a Writer<D>,
    translate: &'a Arc<T>,
    service: Service,
    cursors: HashMap<Organ, Position>,
    senders: HashMap<Organ, mpsc::Sender<FollowResponse>>,
    tasks: JoinSet<()>,
    /// Whose ledgers are behind.
    behind: HashSet<Organ>,
    stop: CancellationToken,
}

impl<D: Domain, T: Translate<D>> Lanes<'_, D, T> {
    /// Until the stream ends, or an organ holds it up.
    async fn run<C>(&mut self, mut client: FeedServiceClient<C>, pace: &mut Pace) -> Result<(), Status>
    where
        C: GrpcService<Body>,
        C::Error: Into<StdError>,
        C::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
        <C::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
    {
        let mut connection = self.writer.pool().acquire().await.map_err(|error| later(&error))?;
        self.cursors =
            cursor::of_service(&mut connection, self.service).await.map_err(|error| later(&error))?;
        drop(connection);
        let request = FollowRequest {
            positions: self.cursors.iter().map(|(organ, at)| at.to_wire(organ)).collect(),
            kinds: T::KINDS.iter().map(|kind| (*kind).to_owned()).collect(),
            tell_behind: true,
        };
        let mut stream = client.follow(request).await?.into_inner();
        loop {
            let answer = tokio::select! {
                answer = stream.message() => answer?,
                // An organ went astray: from its cursor again, even if nothing new ever comes for it.
                Some(_) = self.tasks.join_next() => return Ok(()),
            };
            let Some(answer) = answer else { return Ok(()) };
            pace.reset();
            let organ = Organ::new(&answer.organ).map_err(|error| Status::data_loss(error.to_string()))?;
            if self.is_behind(&organ, &answer) {
                continue;
            }
            let lane = self.lane(organ);
            match time::timeout(HELD_UP, lane.send(answer)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return Ok(()),
            }
        }
    }

    /// Notes, and tells operations, which ledgers are behind what was read of them: the others go on.
    fn is_behind(&mut self, organ: &Organ, answer: &FollowResponse) -> bool {
        if answer.behind {
            let seq = answer.upto.as_ref().map_or(0, |upto| upto.seq);
            tracing::error!(
                service = %D::SERVICE, source = %self.service, %organ, read.seq = seq,
                "a ledger does not hold what was read of it: it was restored from a backup; run 'duban ledger new-epoch'"
            );
            self.behind.insert(organ.clone());
        } else if !self.behind.remove(organ) {
            return false;
        }
        let behind = u32::try_from(self.behind.len()).unwrap_or(u32::MAX);
        metrics::gauge!("duban_ledger_behind", "source" => self.service.to_string()).set(behind);
        answer.behind
    }

    fn lane(&mut self, organ: Organ) -> mpsc::Sender<FollowResponse> {
        if let Some(lane) = self.senders.get(&organ) {
            return lane.clone();
        }
        let (sender, receiver) = mpsc::channel(AHEAD);
        let applier = Applier {
            writer: self.writer.clone(),
            translate: Arc::clone(self.translate),
            target: organ.clone(),
            source: Source { service: self.service, organ: organ.clone(), mailbox: false },
            cursor: self.cursors.get(&organ).copied().unwrap_or(Position::START),
            shutdown: self.stop.clone(),
        };
        self.tasks.spawn(run(applier, receiver));
        self.senders.insert(organ, sender.clone());
        sender
    }
}

fn later(error: &sqlx::Error) -> Status {
    Status::unavailable(format!("cursors can't be read: {error}"))
}

/// One organ: takes answer after answer. At its end the lane is closed, and the stream begins again.
async fn run<D: Domain, T: Translate<D>>(
    mut applier: Applier<D, T>,
    mut answers: mpsc::Receiver<FollowResponse>,
) {
    while let Some(answer) = answers.recv().await {
        if let Err(halt) = take(&mut applier, answer).await {
            tracing::debug!(organ = %applier.target, ?halt, "following begins again");
            return;
        }
    }
}

async fn take<D: Domain, T: Translate<D>>(
    applier: &mut Applier<D, T>,
    answer: FollowResponse,
) -> Result<(), Halt> {
    let upto = answer.upto.as_ref().and_then(Position::from_wire).ok_or(Halt::Astray)?;
    let page: Vec<Followed> = answer
        .entries
        .into_iter()
        .map(|entry| followed(applier.source.service, &applier.target, entry).ok_or(Halt::Astray))
        .collect::<Result<_, _>>()?;
    applier.apply(&page).await?;
    if upto.seq > applier.cursor.seq + WRITE_AFTER {
        applier.skip(upto).await?;
    }
    applier.writer.note_passed(&applier.target, applier.source.service, upto.seq);
    Ok(())
}

/// An entry as it came; none where it does not even tell its place.
fn followed(service: Service, target: &Organ, entry: wire::Entry) -> Option<Followed> {
    let at = Position::from_wire(entry.position.as_ref()?)?;
    Some(Followed {
        at,
        cause: Cause { service, organ: target.clone(), epoch: at.epoch, seq: at.seq },
        after: entry.caused_by.as_ref().and_then(Cause::from_wire),
        entry: incoming(target, at, entry),
    })
}

fn incoming(target: &Organ, position: Position, entry: wire::Entry) -> Result<Incoming, String> {
    let case = match entry.case_id.as_str() {
        "" => None,
        id => Some(CaseId(id.parse().map_err(|error| format!("case_id '{id}': {error}"))?)),
    };
    let recorded_at = entry
        .recorded_at
        .and_then(|at| Timestamp::new(at.seconds, at.nanos).ok())
        .ok_or_else(|| "recorded_at is missing or out of range".to_owned())?;
    Ok(Incoming {
        source: target.clone(),
        target: target.clone(),
        position,
        recorded_at,
        case,
        actor: entry.actor,
        kind: entry.kind,
        body: entry.event.ok_or("event is missing")?.value.into(),
    })
}
