//! `WatchBoard` (16, 20): the newest of each line, whoever reads slowly.

use std::sync::Arc;

use directory::Directory;
use duban_proto::supervision::v1::{WatchBoardRequest, WatchBoardResponse};
use futures::stream;
use server::page::PageToken;
use server::{Caller, Error, Reason};
use tokio::time::sleep;

use super::token::{places, token};
use super::{Scope, Told};
use crate::domain::Counts;
use crate::domain::time::to_wire;
use crate::grpc::Grpc;
use crate::grpc::board::line;
use crate::watch::{Board, LOOK, Places, Watcher};

/// How far a watcher was told.
enum Upto {
    /// Nothing.
    Nothing,
    /// All that was known at these places.
    Places(Places),
    /// All of this reading.
    Reading(u64),
}

struct BoardWatcher {
    scope: Scope,
    tokens: PageToken,
    reads: Watcher,
    upto: Upto,
}

impl Grpc {
    pub(super) async fn board_watched(
        &self,
        caller: Caller,
        request: WatchBoardRequest,
    ) -> Result<Told<WatchBoardResponse>, Error> {
        let WatchBoardRequest { organ, resume_token } = request;
        let tokens = PageToken::of("WatchBoard").filter(&organ);
        let scope = Scope::new(self, caller, organ, see).await?;
        let kept = places(&tokens, &scope.organs, &resume_token)?;
        let upto = kept.map_or(Upto::Nothing, Upto::Places);
        let watcher = BoardWatcher { scope, tokens, reads: self.watch.join().await?, upto };
        Ok(Box::pin(stream::try_unfold(watcher, |mut watcher| async move {
            Ok(Some((watcher.next().await?, watcher)))
        })))
    }
}

/// The organs whose lines `GetBoard` gives.
fn see(caller: &Caller, directory: &Directory, wanted: &str) -> Result<Vec<String>, Error> {
    let tree = directory.tree();
    let mut organs = directory.visible(caller.visibility(tree));
    if !wanted.is_empty() {
        caller.visibility_of(wanted, tree)?;
        organs.retain(|code| tree.is_under(code, wanted));
    }
    Ok(organs)
}

impl BoardWatcher {
    /// What is new, once there is something.
    async fn next(&mut self) -> Result<WatchBoardResponse, Error> {
        loop {
            if self.scope.changes(see)? {
                self.upto = Upto::Nothing;
            }
            let board = Arc::clone(&self.reads.board.borrow_and_update());
            if let Some(told) = self.told(&board)? {
                self.upto = Upto::Reading(board.reading);
                return Ok(told);
            }
            self.upto = Upto::Reading(board.reading);
            tokio::select! {
                changed = self.reads.board.changed() => {
                    changed.map_err(|_| Error::of(Reason::Unavailable))?;
                }
                () = sleep(LOOK) => {}
                () = self.reads.shutdown.cancelled() => return Err(Error::of(Reason::Unavailable)),
            }
        }
    }

    /// What changed since; none where nothing did. A watch that goes on is told so at once.
    fn told(&self, board: &Board) -> Result<Option<WatchBoardResponse>, Error> {
        let Scope { organs, directory, .. } = &self.scope;
        let begins = matches!(self.upto, Upto::Nothing);
        let is_new = |organ: &String| match &self.upto {
            // An organ that receives cases has a line before its first.
            Upto::Nothing => board.lines.contains_key(organ) || directory.receives(organ),
            Upto::Places(places) => {
                board.places.get(organ) != places.get(organ) && board.lines.contains_key(organ)
            }
            Upto::Reading(reading) => board.lines.get(organ).is_some_and(|line| line.since > *reading),
        };
        let counts = |organ: &str| board.lines.get(organ).map(|line| line.counts).unwrap_or_default();
        let lines = organs.iter().filter(|organ| is_new(organ));
        let lines: Vec<_> = lines.map(|organ| line(organ.clone(), counts(organ), directory)).collect();
        if lines.is_empty() && matches!(self.upto, Upto::Reading(_)) {
            return Ok(None);
        }
        let mut total = Counts::default();
        for organ in organs {
            total += counts(organ);
        }
        Ok(Some(WatchBoardResponse {
            begins,
            lines,
            total: Some(line(String::new(), total, directory)),
            at: Some(to_wire(self.scope.grpc.writer.clock().now())),
            resume_token: token(&self.tokens, organs, &board.places)?,
        }))
    }
}
