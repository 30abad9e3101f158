//! What 500 who watch cost: cases accepted a second with nobody watching, with 500 boards, and with 500 lists of clocks.
//!
//! `cargo bench -p supervision --bench watch`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // measures, as tests do
#![allow(missing_docs, dead_code)] // the harness of the live tests

#[path = "../../tests/live/harness.rs"]
mod harness;
#[path = "../../tests/live/others.rs"]
mod others;

use std::time::{Duration, Instant};

use access::Role;
use duban_proto::supervision::v1::watch_service_client::WatchServiceClient;
use duban_proto::supervision::v1::{WatchBoardRequest, WatchCasesRequest};
use futures::StreamExt as _;
use futures::stream;

use crate::harness::{CENTRE, OTHER, Running, TOWN, start};

const WATCHERS: usize = 500;
const ON_ONE: usize = 50;
const CASES: u128 = 10_000;
const AT_ONCE: usize = 256;

#[tokio::main]
async fn main() {
    let running = start().await;
    // The first is to warm up.
    measure(&running, 0, "warm").await;
    measure(&running, 1, "nobody watches").await;
    let mut watchers = watch(&running, true).await;
    measure(&running, 2, "500 watch the board").await;
    watchers.abort_all();
    let mut watchers = watch(&running, false).await;
    measure(&running, 3, "500 watch the clocks").await;
    watchers.abort_all();
    running.stop().await;
}

async fn measure(running: &Running, round: u128, what: &str) {
    let began = Instant::now();
    let accept = |number: u128| {
        let organ = [CENTRE, TOWN, OTHER][usize::try_from(number % 3).unwrap()];
        running.accepted(organ, round * CASES + number)
    };
    stream::iter(1..=CASES).for_each_concurrent(AT_ONCE, accept).await;
    let took: Duration = began.elapsed();
    println!("{what}: {:.0} cases a second", 10_000.0 / took.as_secs_f64());
}

/// So many who read all they are told.
async fn watch(running: &Running, board: bool) -> tokio::task::JoinSet<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..WATCHERS / ON_ONE {
        let channel = running.endpoint().connect().await.unwrap();
        for _ in 0..ON_ONE {
            let mut client = WatchServiceClient::new(channel.clone());
            if board {
                let request = running.by(Role::Supervisor, CENTRE, WatchBoardRequest::default());
                let mut stream = client.watch_board(request).await.unwrap().into_inner();
                tasks.spawn(async move { while stream.message().await.is_ok_and(|told| told.is_some()) {} });
            } else {
                let request = running.by(Role::Supervisor, CENTRE, WatchCasesRequest::default());
                let mut stream = client.watch_cases(request).await.unwrap().into_inner();
                tasks.spawn(async move { while stream.message().await.is_ok_and(|told| told.is_some()) {} });
            }
        }
    }
    tasks
}
