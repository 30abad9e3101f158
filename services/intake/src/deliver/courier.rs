//! The courier of a port: takes what is due, sends it, and has the outcome recorded.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use jiff::{SignedDuration, Timestamp};
use ledger::{Organ, Submission, SubmitError};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::message::Message;
use super::ports::{Port, Ports};
use super::{Fault, Then};
use crate::ACTOR;
use crate::domain::{Act, Answer, BeginDelivery, Case, Command, EndDelivery, Ended, Rejection, Reply};
use crate::grpc::Grpc;
use crate::store::{self, ReplyRow};

/// Attempts by outcome: "sent", "again", "given_up", "unknown".
const ATTEMPTS: &str = "duban_reply_attempts_total";
/// How many replies are taken at once.
const PAGE: i64 = 200;
/// Two looks at the table are no closer than this, unless the clock is turned or a whole page was due.
const CLOSEST: Duration = Duration::from_millis(200);
/// Nor further apart: another process may have made a reply due.
const FURTHEST: Duration = Duration::from_secs(2);
/// Between two tries to record an outcome.
const RECORD_AGAIN: Duration = Duration::from_millis(500);

/// Sends the replies of one port.
pub(crate) struct Courier {
    grpc: Grpc,
    ports: Arc<Ports>,
    port: Arc<Port>,
    shutdown: CancellationToken,
}

impl Courier {
    /// One for each port.
    pub(crate) fn each(grpc: &Grpc, shutdown: &CancellationToken) -> Vec<Self> {
        let ports = Arc::clone(&grpc.ports);
        let courier = |port: &Arc<Port>| Self {
            grpc: grpc.clone(),
            ports: Arc::clone(&ports),
            port: Arc::clone(port),
            shutdown: shutdown.clone(),
        };
        ports.all.iter().map(courier).collect()
    }

    /// Runs until the shutdown. What is under way then is waited for only where it can't be sent again.
    pub(crate) async fn run(self) {
        let mut turned = self.grpc.writer.clock().turned();
        let mut moved = self.grpc.writer.heads().subscribe();
        while !self.shutdown.is_cancelled() {
            turned.mark_unchanged();
            moved.mark_unchanged();
            let next = match self.look().await {
                Ok(Look::Page) => continue,
                Ok(Look::All { next }) => next,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn Error, "due replies not read");
                    None
                }
            };
            tokio::select! {
                () = self.wait(next, &mut turned, &mut moved) => {}
                () = self.shutdown.cancelled() => {}
            }
        }
    }

    /// Sends what is due now.
    async fn look(&self) -> Result<Look, sqlx::Error> {
        let (pool, now) = (self.grpc.writer.pool(), self.now());
        let due = store::due_replies(pool, &self.port.routes, now, PAGE).await?;
        let whole_page = i64::try_from(due.len()).is_ok_and(|count| count == PAGE);
        let went_on = stream::iter(due)
            .map(|row| self.deliver(row))
            .buffer_unordered(self.ports.at_once)
            .fold(false, |any, one| std::future::ready(any || one))
            .await;
        // Where nothing went on the same page would come again at once.
        if whole_page && went_on {
            return Ok(Look::Page);
        }
        Ok(Look::All { next: store::next_due(pool, &self.port.routes, self.now()).await? })
    }

    /// One attempt to send one reply; whether anything of it is on record.
    async fn deliver(&self, row: ReplyRow) -> bool {
        if self.shutdown.is_cancelled() {
            return false;
        }
        let ReplyRow { organ, reply } = row;
        match self.attempt(&organ, &reply).await {
            Ok(went_on) => went_on,
            Err(error) => {
                let error = error.as_ref() as &dyn Error;
                tracing::warn!(organ, reply.id = %reply.reply_id, error, "a reply was not sent");
                false
            }
        }
    }

    async fn attempt(&self, organ: &str, reply: &Reply) -> Result<bool, Box<dyn Error + Send + Sync>> {
        let case = store::cases(self.grpc.writer.pool(), organ, &[reply.case_id]).await?.pop();
        let case = case.ok_or("a reply without its case")?;
        let ready = self.grpc.text_to_send(organ, &case, reply).await;
        let (text, draft) = match ready {
            Ok((text, draft)) => (text, draft),
            Err(error) => {
                tracing::warn!(organ, reply.id = %reply.reply_id, error = ?error, "a reply has no text");
                (Zeroizing::new(String::new()), None)
            }
        };
        let (attempt, until) = (reply.attempts + 1, self.after(self.ports.lease));
        let begin = BeginDelivery {
            reply_id: reply.reply_id,
            attempt,
            port: self.port.name.clone(),
            form: self.port.form.clone(),
            repeatable: self.port.repeatable,
            until,
            opens_identity: !self.port.contact.is_empty() && !text.is_empty(),
            text: draft,
        };
        let begun = match self.submit(organ, reply.case_id, Act::BeginDelivery(begin)).await {
            Ok(answer) => answer,
            // Somebody else was first.
            Err(SubmitError::Rejected(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if begun.reply.is_none() {
            return Ok(true); // put off, or for a person
        }
        let Some(sent) = self.send(organ, &case, reply, &text, until).await else { return Ok(true) };
        let how = self.judge(reply, attempt, sent);
        self.record(organ, reply.case_id, EndDelivery { reply_id: reply.reply_id, attempt, how }).await;
        Ok(true)
    }

    /// Sends; none where the service stops meanwhile and it can be sent again, and where the attempt has lapsed already.
    async fn send(
        &self,
        organ: &str,
        case: &Case,
        reply: &Reply,
        text: &str,
        until: Timestamp,
    ) -> Option<Result<(), Fault>> {
        if text.is_empty() {
            return Some(Err(Fault::new("text", Then::Again(None))));
        }
        let body = match self.body(organ, case, reply, text).await {
            Ok(body) => body,
            Err(fault) => return Some(Err(fault)),
        };
        if self.now() >= until {
            return None; // this process stood still, and another has it
        }
        let sending = self.port.send(reply.reply_id, self.now(), body);
        if !self.port.repeatable {
            return Some(sending.await);
        }
        tokio::select! {
            sent = sending => Some(sent),
            () = self.shutdown.cancelled() => None,
        }
    }

    /// The message, with who is to be reached where the port needs it: opened in memory, after the reading is on record.
    async fn body(
        &self,
        organ: &str,
        case: &Case,
        reply: &Reply,
        text: &str,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let mut message = Message::new(organ, case, reply, text);
        let complainant = match self.port.contact.as_slice() {
            [] => Ok(None),
            _ => self.grpc.complainant(organ, case.case_id).await.map(Some),
        };
        let complainant = complainant.map_err(|error| {
            tracing::warn!(organ, reply.id = %reply.reply_id, ?error, "an identity can't be opened");
            Fault::new("contact", Then::Again(None))
        })?;
        if let Some(complainant) = &complainant
            && !message.reach(complainant, &self.port.contact)
        {
            return Err(Fault::new("contact", Then::Never));
        }
        message.encode().map_err(|_| Fault::new("text", Then::Never))
    }

    /// What is recorded of an attempt, and when the next one is made.
    fn judge(&self, reply: &Reply, attempt: u32, sent: Result<(), Fault>) -> Ended {
        let (ended, outcome) = match sent {
            Ok(()) => (Ended::Sent, "sent"),
            Err(Fault { code, then }) => {
                let unknown = then == Then::Unsure && !self.port.repeatable;
                let made = attempt.saturating_sub(reply.delivery.spent);
                let again_at = match then {
                    Then::Never => None,
                    _ if unknown || made >= self.ports.attempts => None,
                    Then::Again(asked) => Some(self.again_at(made, asked)),
                    Then::Unsure => Some(self.again_at(made, None)),
                };
                let outcome = match (unknown, again_at) {
                    (true, _) => "unknown",
                    (false, Some(_)) => "again",
                    (false, None) => "given_up",
                };
                (Ended::Failed { code, again_at, unknown }, outcome)
            }
        };
        metrics::counter!(ATTEMPTS, "port" => self.port.name.clone(), "outcome" => outcome).increment(1);
        ended
    }

    fn again_at(&self, made: u32, asked: Option<Duration>) -> Timestamp {
        let mut chance = [0; 2];
        self.grpc.ids.fill(&mut chance);
        self.after(self.ports.pace.wait(made, u16::from_le_bytes(chance), asked))
    }

    /// Has an outcome recorded, as long as the reply is held: what is not recorded then has lapsed.
    async fn record(&self, organ: &str, case_id: Uuid, end: EndDelivery) {
        let held = Instant::now() + self.ports.lease;
        loop {
            let error = match self.submit(organ, case_id, Act::EndDelivery(end.clone())).await {
                Ok(_) | Err(SubmitError::Rejected(_)) => return,
                Err(error) => error,
            };
            let reply = end.reply_id;
            tracing::warn!(organ, reply.id = %reply, error = &error as &dyn Error, "an outcome is not recorded yet");
            if matches!(error, SubmitError::Stopped) || Instant::now() >= held {
                return;
            }
            tokio::time::sleep(RECORD_AGAIN).await;
        }
    }

    async fn submit(&self, organ: &str, case_id: Uuid, act: Act) -> Result<Answer, SubmitError<Rejection>> {
        let Ok(organ) = Organ::new(organ) else {
            return Err(SubmitError::Rejected(Rejection::CaseNotFound(case_id)));
        };
        let command = Command { case_id: Some(case_id), agency: None, act };
        let submission = Submission { command, actor: ACTOR.to_owned(), request: None, cause: None };
        Ok(self.grpc.writer.submit(&organ, submission).await?.answer)
    }

    /// Waits until it makes sense to look again.
    async fn wait(
        &self,
        next: Option<Timestamp>,
        turned: &mut watch::Receiver<u64>,
        moved: &mut watch::Receiver<u64>,
    ) {
        let until =
            next.map_or(FURTHEST, |at| Duration::try_from(self.now().duration_until(at)).unwrap_or_default());
        let looked = Instant::now();
        let soonest = looked + CLOSEST;
        tokio::select! {
            () = tokio::time::sleep_until(looked + until.clamp(CLOSEST, FURTHEST)) => {}
            Ok(()) = turned.changed() => {}
            Ok(()) = moved.changed() => tokio::time::sleep_until(soonest).await,
        }
    }

    fn now(&self) -> Timestamp {
        self.grpc.writer.clock().now()
    }

    fn after(&self, by: Duration) -> Timestamp {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.now().checked_add(by).unwrap_or(Timestamp::MAX)
    }
}

/// What a look found.
enum Look {
    /// A whole page: there is more.
    Page,
    /// All there was; and when the next becomes due.
    All {
        /// Absent where none waits.
        next: Option<Timestamp>,
    },
}
