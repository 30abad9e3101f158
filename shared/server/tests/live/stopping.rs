//! Stopping in order.

use std::time::Duration;

use access::Role;
use duban_proto::feed::v1::FollowRequest;
use server::{Limits, ServerSettings};
use tokio::net::TcpStream;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::harness::{settings, start};

#[tokio::test]
async fn calls_at_work_are_answered_and_nobody_new_gets_in() {
    let mut running = start(settings()).await;
    let address = running.serving.address();
    let mut client = running.directory().await;
    let request = running.get("wait");
    let waiting = tokio::spawn(async move { client.get_organ(request).await });
    running.entered.recv().await.unwrap();
    running.shutdown.begin();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    running.release.notify_one();
    assert!(waiting.await.unwrap().is_ok());
    running.serving.ended().await.unwrap();
    assert!(running.shutdown.drained(Duration::from_secs(5)).await);
}

#[tokio::test]
async fn streams_are_told_that_the_server_stops() {
    let limits = Limits { stream_grace: Duration::ZERO, ..Limits::default() };
    let running = start(ServerSettings { limits, ..settings() }).await;
    let request = running.by(Role::Service, FollowRequest::default());
    let mut stream = running.feed().await.follow(request).await.unwrap().into_inner();
    assert!(stream.message().await.unwrap().is_some());
    running.shutdown.begin();
    let ended = stream.message().await.unwrap_err();
    assert_eq!(ended.code(), Code::Unavailable);
    assert_eq!(ended.get_details_error_info().unwrap().reason, "UNAVAILABLE");
    running.serving.ended().await.unwrap();
}

#[tokio::test]
async fn what_is_still_busy_at_the_end_of_the_drain_is_cut() {
    let limits = Limits { drain: Duration::from_millis(30), ..Limits::default() };
    let mut running = start(ServerSettings { limits, ..settings() }).await;
    let mut client = running.directory().await;
    let request = running.get("wait");
    let waiting = tokio::spawn(async move { client.get_organ(request).await });
    running.entered.recv().await.unwrap();
    running.shutdown.begin();
    let ended = tokio::time::timeout(Duration::from_secs(5), running.serving.ended()).await;
    ended.expect("the drain is bounded").unwrap();
    assert!(waiting.await.unwrap().is_err());
}
