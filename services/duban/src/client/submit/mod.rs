//! Submits many complaints, so many in flight, and goes on where a connection broke: the same request ids have the same
//! effect once.

mod outcome;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use duban_proto::intake::v1::intake_service_client::IntakeServiceClient;
use duban_proto::intake::v1::{SubmitComplaintRequest, SubmitComplaintsRequest, SubmitComplaintsResponse};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use super::{Endpoint, Fault};

pub use outcome::{Outcome, Rejection, Tally};

/// The first pause after a failure; each further one is twice as long, up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// How often one complaint is sent again that the service has no room for.
const TRIES: u32 = 12;

/// One complaint to submit.
pub struct Item {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The request.
    pub request: SubmitComplaintRequest,
}

/// A line that can't be submitted.
pub struct Unusable {
    /// Its line in the file, from 1.
    pub line: usize,
    /// Why; quotes nobody.
    pub why: String,
}

/// How to submit.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many may be unanswered at once.
    pub in_flight: usize,
    /// How long nothing may go forward before it is given up.
    pub patience: Duration,
}

/// Why submitting ended before the end of the file.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Nothing went forward for too long.
    #[error(
        "nothing went forward for {} s; submit the same file again to go on: what is in is not submitted twice",
        patience.as_secs()
    )]
    OutOfPatience {
        /// How long it was tried.
        patience: Duration,
        /// The last failure.
        #[source]
        last: Fault,
    },
    /// The service refuses the call as such.
    #[error("the service refuses the complaints")]
    Refused(#[source] Fault),
}

struct Pending {
    item: Item,
    tries: u32,
}

/// What is unanswered, and what came out so far.
struct Run<'a, I> {
    items: I,
    settings: Settings,
    pending: HashMap<String, Pending>,
    tally: Tally,
    tell: &'a mut dyn FnMut(&Outcome),
    moved: Instant,
}

/// Submits all items; `tell` hears of each as it is answered. An item that can't be submitted is told of as it is.
pub async fn submit(
    intake: Endpoint,
    items: impl Iterator<Item = Result<Item, Unusable>>,
    settings: Settings,
    tell: &mut dyn FnMut(&Outcome),
) -> Result<Tally, SubmitError> {
    let mut client = IntakeServiceClient::new(intake);
    let pending = HashMap::with_capacity(settings.in_flight);
    let mut run =
        Run { items: items.fuse(), settings, pending, tally: Tally::default(), tell, moved: Instant::now() };
    let mut pause = PAUSE;
    loop {
        let before = run.tally;
        let Err(status) = run.one_stream(&mut client).await else { return Ok(run.tally) };
        let fault = Fault::from(status);
        if !fault.may_pass() {
            return Err(SubmitError::Refused(fault));
        }
        if run.moved.elapsed() > settings.patience {
            return Err(SubmitError::OutOfPatience { patience: settings.patience, last: fault });
        }
        pause = if run.tally == before { (pause * 2).min(LONGEST_PAUSE) } else { PAUSE };
        tokio::time::sleep(pause).await;
    }
}

impl<I: Iterator<Item = Result<Item, Unusable>>> Run<'_, I> {
    /// Sends and hears on one stream, until all is answered or it breaks.
    async fn one_stream(&mut self, client: &mut IntakeServiceClient<Endpoint>) -> Result<(), Status> {
        // Room for all that may be unanswered, so that sending never waits for hearing.
        let (send, requests) = mpsc::channel(self.settings.in_flight.max(1));
        let unanswered: VecDeque<_> =
            self.pending.values().map(|pending| pending.item.request.clone()).collect();
        for request in unanswered {
            put(&send, request)?;
        }
        let mut answers = client.submit_complaints(ReceiverStream::new(requests)).await?.into_inner();
        loop {
            self.fill(&send)?;
            if self.pending.is_empty() {
                return Ok(());
            }
            let answer = next(&mut answers).await?;
            if let Some((again, pause)) = self.hear(answer) {
                tokio::time::sleep(pause).await;
                put(&send, again)?;
            }
        }
    }

    /// Sends as many new ones as there is room for.
    fn fill(&mut self, send: &mpsc::Sender<SubmitComplaintsRequest>) -> Result<(), Status> {
        while self.pending.len() < self.settings.in_flight.max(1) {
            let item = match self.items.next() {
                Some(Ok(item)) => item,
                Some(Err(Unusable { line, why })) => {
                    self.settle(&Outcome::rejected(line, String::new(), Rejection::of_line(why)));
                    continue;
                }
                None => return Ok(()),
            };
            let id = item.request.request_id.clone();
            if let Some(first) = self.pending.get(&id) {
                let first = first.item.line;
                let outcome = Outcome::rejected(item.line, id, Rejection::repeated(first));
                self.settle(&outcome);
                continue;
            }
            put(send, item.request.clone())?;
            self.pending.insert(id, Pending { item, tries: 0 });
        }
        Ok(())
    }

    /// Takes an answer; gives back what has to be sent again, and after which pause.
    fn hear(&mut self, answer: SubmitComplaintsResponse) -> Option<(SubmitComplaintRequest, Duration)> {
        let mut pending = self.pending.remove(&answer.request_id)?;
        let line = pending.item.line;
        let outcome = match Outcome::of(line, answer)? {
            Outcome::Rejected { rejection, .. } if rejection.may_pass() && pending.tries < TRIES => {
                pending.tries += 1;
                let again = pending.item.request.clone();
                let pause = (PAUSE * 2_u32.saturating_pow(pending.tries) / 8).min(LONGEST_PAUSE);
                self.pending.insert(again.request_id.clone(), pending);
                return Some((again, pause));
            }
            settled => settled,
        };
        self.settle(&outcome);
        None
    }

    fn settle(&mut self, outcome: &Outcome) {
        self.tally.add(outcome);
        self.moved = Instant::now();
        (self.tell)(outcome);
    }
}

fn put(send: &mpsc::Sender<SubmitComplaintsRequest>, item: SubmitComplaintRequest) -> Result<(), Status> {
    let sent = send.try_send(SubmitComplaintsRequest { item: Some(item) });
    sent.map_err(|_| Status::new(Code::Unavailable, "the connection broke"))
}

async fn next(answers: &mut Streaming<SubmitComplaintsResponse>) -> Result<SubmitComplaintsResponse, Status> {
    let ended = || Status::new(Code::Unavailable, "the service ended the connection");
    answers.message().await?.ok_or_else(ended)
}
