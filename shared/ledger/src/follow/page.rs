use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{Translate, TranslateError, pace};
use crate::{ApplyError, Cause, Domain, Effect, Incoming, Organ, Position, Source, Writer};

/// An entry that is followed, and where it leaves the cursor.
#[derive(Debug)]
pub(super) struct Followed {
    pub(super) at: Position,
    pub(super) entry: Result<Incoming, String>,
    pub(super) cause: Cause,
    pub(super) after: Option<Cause>,
}

/// Why a page was not taken to its end.
#[derive(Debug)]
pub(super) enum Halt {
    /// It is time to stop.
    Stop,
    /// The cursor is not where it was thought to be: begin again from where it is.
    Astray,
}

/// Applies entries of one source to one organ.
pub(super) struct Applier<D: Domain, T> {
    pub(super) writer: Writer<D>,
    pub(super) translate: Arc<T>,
    pub(super) target: Organ,
    pub(super) source: Source,
    /// Where the cursor stands.
    pub(super) cursor: Position,
    pub(super) shutdown: CancellationToken,
}

/// How long to wait for a cause before looking again: the wake-up is a hint.
const LOOK: Duration = Duration::from_secs(1);

impl<D: Domain, T: Translate<D>> Applier<D, T> {
    /// Until all have taken effect. What can't be done now is tried again.
    pub(super) async fn apply(&mut self, page: &[Followed]) -> Result<(), Halt> {
        let mut pace = pace::Pace::new();
        let mut moved = self.writer.heads().subscribe();
        loop {
            let rest: Vec<&Followed> = page.iter().filter(|entry| entry.at.seq > self.cursor.seq).collect();
            if rest.is_empty() {
                return Ok(());
            }
            moved.borrow_and_update();
            let (effects, late) = self.effects(&rest).await;
            let before = self.cursor;
            if !effects.is_empty() {
                match self.writer.apply(&self.target, &self.source, before, effects).await {
                    Ok(applied) if applied.upto.seq < before.seq => return Err(Halt::Astray),
                    Ok(applied) => {
                        self.cursor = applied.upto;
                        if applied.waits_for.is_some() {
                            if !pace::moved(&mut moved, LOOK, &self.shutdown).await {
                                return Err(Halt::Stop);
                            }
                            continue;
                        }
                    }
                    Err(ApplyError::Stopped) => return Err(Halt::Stop),
                    Err(error) => {
                        tracing::warn!(target = %self.target, source = %self.source.service, %error, "following waits");
                        if !pace.wait(&self.shutdown).await {
                            return Err(Halt::Stop);
                        }
                        return Err(Halt::Astray);
                    }
                }
            }
            if self.cursor.seq > before.seq {
                pace.reset();
            }
            if let Some(error) = late {
                tracing::warn!(target = %self.target, source = %self.source.service, %error, "following waits");
                if !pace.wait(&self.shutdown).await {
                    return Err(Halt::Stop);
                }
            }
        }
    }

    /// The effects of as many entries as can be translated now.
    async fn effects(&self, page: &[&Followed]) -> (Vec<Effect<D::Command>>, Option<TranslateError>) {
        let of_use = |entry: &&Incoming| T::KINDS.contains(&entry.kind.as_str());
        let wanted: Vec<&Incoming> =
            page.iter().filter_map(|followed| followed.entry.as_ref().ok()).filter(of_use).collect();
        let mut translated = self.translate.translate_page(&wanted).await.into_iter();
        let mut effects = Vec::with_capacity(page.len());
        for followed in page {
            let commands = match &followed.entry {
                Ok(entry) if of_use(&entry) => match translated.next() {
                    Some(Ok(commands)) => Ok(commands),
                    Some(Err(TranslateError::Malformed(reason))) => Err(reason),
                    Some(Err(late @ TranslateError::Later(_))) => return (effects, Some(late)),
                    None => return (effects, None),
                },
                Ok(_) => Ok(Vec::new()),
                Err(reason) => Err(reason.clone()),
            };
            effects.push(Effect {
                at: followed.at,
                cause: Some(followed.cause.clone()),
                after: followed.after.clone(),
                commands,
            });
        }
        (effects, None)
    }

    /// Moves the cursor alone.
    pub(super) async fn skip(&mut self, to: Position) -> Result<(), Halt> {
        let effect = Effect { at: to, cause: None, after: None, commands: Ok(Vec::new()) };
        match self.writer.apply(&self.target, &self.source, self.cursor, vec![effect]).await {
            Ok(applied) if applied.upto.seq >= to.seq => self.cursor = applied.upto,
            Ok(_) => return Err(Halt::Astray),
            Err(ApplyError::Stopped) => return Err(Halt::Stop),
            Err(error) => tracing::debug!(%error, "a cursor is moved later"),
        }
        Ok(())
    }
}
