use std::{collections::HashMap, ops::Range, sync::Arc};

use tokio::sync::mpsc;

use super::{
    Shared,
    connections::Lent,
    outcome::{Mark, Stop},
    transaction::{Attempt, attempt},
    unit::Item,
};
use crate::{Domain, Organ};

/// Writes one organ's ledger: takes what waits, writes it, takes what came meanwhile.
pub(crate) async fn run<D: Domain>(shared: Arc<Shared<D>>, organ: Organ, mut queue: mpsc::Receiver<Item<D>>) {
    let stopping = shared.stopping.clone();
    loop {
        let first = tokio::select! {
            biased;
            item = queue.recv() => item,
            () = stopping.cancelled(), if !queue.is_closed() => {
                queue.close();
                continue;
            }
        };
        let Some(first) = first else { return };
        let Some(lent) = shared.connections.turn().await else { return };
        let items = gather(first, &mut queue, shared.settings.batch_commands).await;
        metrics::histogram!("duban_ledger_batch_commands")
            .record(u32::try_from(items.len()).unwrap_or(u32::MAX));
        Run {
            shared: &shared,
            organ: &organ,
            lent,
            items: items.into_iter().map(Some).collect(),
            marks: HashMap::new(),
        }
        .write()
        .await;
    }
}

/// What waits, up to `most`. Tasks that are ready to run submit first: those that were just answered come again at once,
/// and would otherwise trickle into a transaction of a few and one of the rest. Nobody is waited for.
async fn gather<D: Domain>(first: Item<D>, queue: &mut mpsc::Receiver<Item<D>>, most: usize) -> Vec<Item<D>> {
    let mut items = vec![first];
    loop {
        let before = items.len();
        tokio::task::yield_now().await;
        while items.len() < most
            && let Ok(item) = queue.try_recv()
        {
            items.push(item);
        }
        if items.len() == before || items.len() >= most {
            return items;
        }
    }
}

/// The writing of what was taken from the queue at once, in as few transactions as it can be.
struct Run<'a, D: Domain> {
    shared: &'a Shared<D>,
    organ: &'a Organ,
    lent: Lent<'a>,
    /// None: settled.
    items: Vec<Option<Item<D>>>,
    marks: HashMap<usize, Mark>,
}

impl<D: Domain> Run<'_, D> {
    /// Tries all of it; what the database refuses is halved until it concerns one unit alone.
    async fn write(mut self) {
        let mut todo = Vec::new();
        todo.push(0..self.items.len());
        let mut reconnected = false;
        while let Some(range) = todo.pop() {
            match attempt(
                self.shared,
                self.organ,
                &mut self.lent,
                &mut self.items,
                range.clone(),
                &self.marks,
            )
            .await
            {
                Attempt::Committed { upto } if upto < range.end => todo.push(upto..range.end),
                Attempt::Committed { .. } => {}
                Attempt::Again(index, mark) => {
                    self.marks.insert(index, mark);
                    todo.push(range);
                }
                Attempt::Refused(mark) => self.narrow(range, mark, &mut todo),
                Attempt::Disconnected(_) if !reconnected => {
                    reconnected = true;
                    todo.push(range);
                }
                Attempt::Disconnected(error) => return self.stop(range, &Stop::Unavailable(Arc::new(error))),
                Attempt::Unknown => {
                    for index in range.clone() {
                        self.stop_one(index, &Stop::Unknown);
                    }
                    return self.stop(range, &Stop::Unavailable(Arc::new(sqlx::Error::PoolTimedOut)));
                }
            }
        }
    }

    /// Something in this range was refused: by halves, or, where it is one unit, by a mark.
    fn narrow(&mut self, range: Range<usize>, mark: Mark, todo: &mut Vec<Range<usize>>) {
        let middle = range.start + range.len() / 2;
        if range.len() > 1 {
            todo.push(middle..range.end);
            todo.push(range.start..middle);
        } else if self.marks.contains_key(&range.start) {
            self.stop_one(range.start, &Stop::Unavailable(mark.error()));
        } else {
            tracing::error!(organ = %self.organ, reason = mark.reason(), "a command can't be written");
            self.marks.insert(range.start, mark);
            todo.push(range);
        }
    }

    fn stop(&mut self, range: Range<usize>, stop: &Stop) {
        tracing::warn!(organ = %self.organ, ?stop, "the ledger can't be written");
        for index in range.start..self.items.len() {
            self.stop_one(index, stop);
        }
    }

    fn stop_one(&mut self, index: usize, stop: &Stop) {
        if let Some(item) = self.items.get_mut(index).and_then(Option::take) {
            item.stop(stop);
        }
    }
}
