//! `WatchService` (16, 17, 20): what the one reader of the ledgers ([`crate::watch`]) publishes, told to each who watches as
//! far as it may see it.

mod board;
mod cases;
mod token;

use std::pin::Pin;
use std::sync::Arc;

use directory::Directory;
use duban_proto::supervision::v1::watch_service_server::WatchService;
use duban_proto::supervision::v1::{
    WatchBoardRequest, WatchBoardResponse, WatchCasesRequest, WatchCasesResponse,
};
use futures::Stream;
use server::{Caller, Error};
use tonic::{Request, Response, Status};

use super::Grpc;

/// What a watcher is told.
type Told<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Which organs a watcher may see, by the directory as it was last looked at.
struct Scope {
    grpc: Grpc,
    caller: Caller,
    /// Only these are asked for: below it, or itself.
    wanted: String,
    directory: Arc<Directory>,
    /// In order, each once.
    organs: Vec<String>,
}

impl Scope {
    async fn new(
        grpc: &Grpc,
        caller: Caller,
        wanted: String,
        see: impl Fn(&Caller, &Directory, &str) -> Result<Vec<String>, Error>,
    ) -> Result<Self, Error> {
        let directory = grpc.directory(&caller, &wanted).await?;
        let organs = in_order(see(&caller, &directory, &wanted)?);
        Ok(Self { grpc: grpc.clone(), caller, wanted, directory, organs })
    }

    /// Looks at the directory again; whether the organs are others now. An error where what was asked for may not be seen
    /// any more.
    fn changes(
        &mut self,
        see: impl Fn(&Caller, &Directory, &str) -> Result<Vec<String>, Error>,
    ) -> Result<bool, Error> {
        let current = self.grpc.directory.current();
        if Arc::ptr_eq(&current, &self.directory) {
            return Ok(false);
        }
        self.directory = current;
        let organs = in_order(see(&self.caller, &self.directory, &self.wanted)?);
        let others = organs != self.organs;
        self.organs = organs;
        Ok(others)
    }

    fn sees(&self, organ: &str) -> bool {
        self.organs.binary_search_by(|own| own.as_str().cmp(organ)).is_ok()
    }
}

fn in_order(mut organs: Vec<String>) -> Vec<String> {
    organs.sort_unstable();
    organs.dedup();
    organs
}

#[tonic::async_trait]
impl WatchService for Grpc {
    type WatchBoardStream = Told<WatchBoardResponse>;

    async fn watch_board(
        &self,
        request: Request<WatchBoardRequest>,
    ) -> Result<Response<Self::WatchBoardStream>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(self.board_watched(caller, request.into_inner()).await?))
    }

    type WatchCasesStream = Told<WatchCasesResponse>;

    async fn watch_cases(
        &self,
        request: Request<WatchCasesRequest>,
    ) -> Result<Response<Self::WatchCasesStream>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(self.cases_watched(caller, request.into_inner()).await?))
    }
}
