use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use bytes::Bytes;
use jiff::Timestamp;
use prost::Message;
use uuid::Uuid;

use super::{
    made::Made,
    outcome::{Mark, Outcome, Place},
    unit::{Effect, Item, Progress, Request, Submission},
};
use crate::{
    Cause, Context, Decision, Domain, Event, Fact, Hash, Organ, Position, Recorded, Service, Source,
    SubmitError,
    clock::{from_micros, to_micros},
    entry::{Address, Answered, Entry},
    store::{
        cursor::{Cursors, Parked},
        entry::Known,
        head::Head,
    },
};

/// What a batch begins from, read under the head's lock.
pub(crate) struct Begin {
    pub(crate) head: Head,
    pub(crate) known: HashMap<Uuid, Known>,
    pub(crate) cursors: Cursors,
    /// What followers have read past without writing a cursor.
    pub(crate) passed: HashMap<Service, u64>,
}

/// The commands of one organ, decided one after the other on what is read.
pub(crate) struct Batch<'a, D: Domain> {
    domain: &'a D,
    organ: &'a Organ,
    known: HashMap<Uuid, Known>,
    cursors: Cursors,
    passed: HashMap<Service, u64>,
    fresh: HashMap<Uuid, usize>,
    pub(crate) book: D::Book,
    pub(crate) writes: Vec<D::Write>,
    pub(crate) made: Made,
}

/// On whose behalf a command is decided.
struct By<'a> {
    actor: &'a Arc<str>,
    arrived: Timestamp,
    cause: Option<&'a Cause>,
    request: Option<Request>,
}

/// Why a command came to nothing. Nothing of it is in the book.
enum No<R> {
    Rejected(R),
    Panicked,
}

type Performed<D> = Result<(<D as Domain>::Answer, Place), No<<D as Domain>::Rejection>>;

impl<'a, D: Domain> Batch<'a, D> {
    pub(crate) fn new(domain: &'a D, organ: &'a Organ, begin: Begin, book: D::Book) -> Self {
        let Begin { head, known, cursors, passed } = begin;
        Self {
            domain,
            organ,
            known,
            cursors,
            passed,
            fresh: HashMap::new(),
            book,
            writes: Vec::new(),
            made: Made::new(head),
        }
    }

    /// Takes in the next unit. An error: the book holds half of it, and the batch has to be made again with the mark.
    pub(crate) fn take(&mut self, item: &Item<D>, mark: Option<&Mark>) -> Result<Outcome<D>, Mark> {
        match item {
            Item::Command { submission, arrived, .. } => self.command(submission, *arrived, mark),
            Item::Effect { source, from, effect, arrived, .. } => {
                self.effect(source, *from, effect, *arrived, mark).map(Outcome::Progress)
            }
        }
    }

    fn command(
        &mut self,
        submission: &Submission<D::Command>,
        arrived: Timestamp,
        mark: Option<&Mark>,
    ) -> Result<Outcome<D>, Mark> {
        match mark {
            Some(Mark::Refused(error)) => {
                return Ok(Outcome::Failed(SubmitError::Refused(Arc::clone(error))));
            }
            Some(_) => return Ok(Outcome::Failed(SubmitError::Panicked)),
            None => {}
        }
        if let Some(outcome) = submission.request.and_then(|request| self.replay(request)) {
            return Ok(outcome);
        }
        let actor = Arc::from(submission.actor.as_str());
        let by = By { actor: &actor, arrived, cause: submission.cause.as_ref(), request: submission.request };
        Ok(match self.perform(&submission.command, &by)? {
            Ok((answer, place)) => Outcome::Answered { answer, place, replayed: false },
            Err(No::Rejected(rejection)) => Outcome::Failed(SubmitError::Rejected(rejection)),
            Err(No::Panicked) => Outcome::Failed(SubmitError::Panicked),
        })
    }

    /// The first answer again, for a request that was answered before or earlier in this batch.
    fn replay(&self, request: Request) -> Option<Outcome<D>> {
        let known = self.known.get(&request.id);
        let fresh =
            self.fresh.get(&request.id).and_then(|index| Some((*index, self.made.entries.get(*index)?)));
        let (fingerprint, answer, place) = match (known, fresh) {
            (Some(known), _) => {
                (&known.fingerprint, &known.answer, Place::Known(known.position, known.recorded_at))
            }
            (None, Some((index, entry))) => {
                let answered = entry.request.as_ref()?;
                (&answered.fingerprint, &answered.answer, Place::Entry(index))
            }
            (None, None) => return None,
        };
        if *fingerprint != request.fingerprint {
            return Some(Outcome::Failed(SubmitError::RequestReused));
        }
        Some(match D::Answer::decode(answer.clone()) {
            Ok(answer) => Outcome::Answered { answer, place, replayed: true },
            Err(error) => {
                let error = sqlx::Error::Decode(Box::new(error));
                Outcome::Failed(SubmitError::Refused(Arc::new(error)))
            }
        })
    }

    fn effect(
        &mut self,
        source: &Source,
        from: Position,
        effect: &Effect<D::Command>,
        arrived: Timestamp,
        mark: Option<&Mark>,
    ) -> Result<Progress, Mark> {
        let cursor = self.cursors.get(source).copied().unwrap_or(Position::START);
        if cursor.seq >= effect.at.seq {
            return Ok(Progress::Passed(cursor));
        }
        if cursor.seq < from.seq {
            return Ok(Progress::Behind(cursor));
        }
        if let Some(cause) = effect.after.as_ref().filter(|cause| self.is_ahead(cause)) {
            return Ok(Progress::Waits(cursor, cause.clone()));
        }
        match (mark, &effect.commands) {
            (Some(mark), _) => self.park(source, effect.at, mark.reason()),
            (None, Err(reason)) => self.park(source, effect.at, reason.clone()),
            (None, Ok(commands)) => self.effect_commands(source, effect, commands, arrived)?,
        }
        self.cursors.insert(source.clone(), effect.at);
        self.made.cursors.insert(source.clone(), effect.at);
        Ok(Progress::Passed(effect.at))
    }

    fn effect_commands(
        &mut self,
        source: &Source,
        effect: &Effect<D::Command>,
        commands: &[D::Command],
        arrived: Timestamp,
    ) -> Result<(), Mark> {
        let actor = Arc::from(format!("service:{}", source.service));
        let by = By { actor: &actor, arrived, cause: effect.cause.as_ref(), request: None };
        for (index, command) in commands.iter().enumerate() {
            let reason = match self.perform(command, &by)? {
                Ok(_) => continue,
                Err(No::Rejected(rejection)) => rejection.to_string(),
                Err(No::Panicked) => Mark::Panicked.reason(),
            };
            if index > 0 {
                return Err(Mark::Rejected(reason));
            }
            self.park(source, effect.at, reason);
            break;
        }
        Ok(())
    }

    /// Whether something has not been passed yet that this service follows for this organ.
    fn is_ahead(&self, cause: &Cause) -> bool {
        if cause.service == D::SERVICE || cause.organ != *self.organ || !D::FOLLOWS.contains(&cause.service) {
            return false;
        }
        let source = Source { service: cause.service, organ: cause.organ.clone(), mailbox: false };
        let written = self.cursors.get(&source).map_or(0, |at| at.seq);
        let read = self.passed.get(&cause.service).copied().unwrap_or_default();
        written.max(read) < cause.seq
    }

    fn park(&mut self, source: &Source, at: Position, error: String) {
        tracing::warn!(
            organ = %self.organ, source = %source.service, from = %source.organ, seq = at.seq, error,
            "an entry could not be applied and was put aside",
        );
        self.made.parked.push(Parked { source: source.clone(), at, error });
    }

    fn perform(&mut self, command: &D::Command, by: &By<'_>) -> Result<Performed<D>, Mark> {
        let head = &self.made.head;
        let recorded_at = to_micros(by.arrived).max(head.recorded_at);
        let context = Context {
            organ: self.organ,
            now: from_micros(recorded_at),
            actor: by.actor,
            cause: by.cause,
            next_seq: head.position.seq + 1,
        };
        let decide = AssertUnwindSafe(|| self.domain.decide(&self.book, command, &context));
        let decision = match catch_unwind(decide) {
            Ok(Ok(decision)) => decision,
            Ok(Err(rejection)) => return Ok(Err(No::Rejected(rejection))),
            Err(_) => return Ok(Err(No::Panicked)),
        };
        let Decision { facts, answer, writes } = decision;
        let first = self.made.entries.len();
        let place = if facts.is_empty() { Place::Head } else { Place::Entry(first) };
        let mut request = by.request.map(|request| Answered {
            id: request.id,
            fingerprint: request.fingerprint,
            answer: Bytes::from(answer.encode_to_vec()),
        });
        if let (Some(request), Place::Entry(first)) = (&request, place) {
            self.fresh.insert(request.id, first);
        }
        for fact in facts {
            self.record(fact, by, recorded_at, request.take())?;
        }
        self.writes.extend(writes);
        Ok(Ok((answer, place)))
    }

    /// Takes a fact into the book, and into the entries to be written.
    fn record(
        &mut self,
        fact: Fact<D::Event>,
        by: &By<'_>,
        recorded_at: i64,
        request: Option<Answered>,
    ) -> Result<(), Mark> {
        let head = &mut self.made.head;
        head.position.seq += 1;
        head.recorded_at = recorded_at;
        let recorded = Recorded {
            organ: self.organ,
            epoch: head.position.epoch,
            seq: head.position.seq,
            recorded_at: from_micros(recorded_at),
            actor: by.actor,
            case: fact.case,
            event: &fact.event,
            audience: fact.audience.as_ref(),
            cause: by.cause,
        };
        let (domain, book) = (self.domain, &mut self.book);
        catch_unwind(AssertUnwindSafe(|| domain.evolve(book, &recorded))).map_err(|_| Mark::Panicked)?;
        let body = Bytes::from(fact.event.encode_to_vec());
        self.made.bytes += body.len();
        self.made.entries.push(Entry {
            organ: self.organ.clone(),
            epoch: head.position.epoch,
            seq: head.position.seq,
            prev_hash: Hash::ZERO,
            recorded_at,
            case: fact.case,
            kind: fact.event.kind().into(),
            actor: Arc::clone(by.actor),
            body,
            address: fact.audience.map(|audience| Address { audience, seq: 0, prev_hash: Hash::ZERO }),
            cause: by.cause.cloned(),
            request,
            hash: Hash::ZERO,
        });
        Ok(())
    }
}
