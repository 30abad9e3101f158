//! Too much, too long, too many: refused at once, with a hint when to come again.

use std::time::Duration;

use access::{DevKey, Role};
use duban_proto::feed::v1::FollowRequest;
use server::{Limits, ServeError, ServerSettings, Services, Shutdown, serve};
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::harness::{door, settings, start};

fn limited(limits: Limits) -> ServerSettings {
    ServerSettings { limits, ..settings() }
}

#[tokio::test]
async fn more_requests_than_places_are_told_to_come_again() {
    let mut running = start(limited(Limits { concurrent_requests: 1, ..Limits::default() })).await;
    let mut first = running.directory().await;
    let request = running.get("wait");
    let waiting = tokio::spawn(async move { first.get_organ(request).await });
    assert_eq!(running.entered.recv().await.unwrap(), "wait");
    let refused = running.directory().await.get_organ(running.get("x")).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(refused.get_details_error_info().unwrap().reason, "OVERLOADED");
    assert!(refused.get_details_retry_info().unwrap().retry_delay.unwrap() > Duration::ZERO);
    running.release.notify_one();
    assert!(waiting.await.unwrap().is_ok());
    assert!(running.directory().await.get_organ(running.get("x")).await.is_ok(), "the place is free again");
}

#[tokio::test]
async fn a_unary_call_that_takes_too_long_is_cut_and_says_what_that_means() {
    let running = start(limited(Limits { request: Duration::from_millis(20), ..Limits::default() })).await;
    let cut = running.directory().await.get_organ(running.get("wait")).await.unwrap_err();
    assert_eq!(cut.code(), Code::DeadlineExceeded);
    assert_eq!(cut.get_details_error_info().unwrap().reason, "TIMED_OUT");
}

#[tokio::test]
async fn a_stream_outlives_the_deadline_of_unary_calls_and_ends_at_its_own() {
    let limits = Limits {
        request: Duration::from_millis(1),
        stream_total: Duration::from_millis(60),
        ..Limits::default()
    };
    let running = start(limited(limits)).await;
    let begun = std::time::Instant::now();
    let request = running.by(Role::Service, FollowRequest::default());
    let mut stream = running.feed().await.follow(request).await.unwrap().into_inner();
    assert!(stream.message().await.unwrap().is_some());
    let ended = stream.message().await.unwrap_err();
    assert_eq!(ended.code(), Code::Unavailable);
    assert!(ended.get_details_retry_info().is_some());
    assert!(begun.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_connection_too_many_is_closed_and_the_first_goes_on() {
    let running = start(limited(Limits { connections: 1, ..Limits::default() })).await;
    let mut first = running.directory().await;
    assert!(first.get_organ(running.get("x")).await.is_ok());
    let uri = format!("http://{}", running.serving.address());
    let second = tonic::transport::Endpoint::from_shared(uri).unwrap().connect_lazy();
    let mut second = duban_proto::routing::v1::directory_service_client::DirectoryServiceClient::new(second);
    assert!(second.get_organ(running.get("x")).await.is_err());
    assert!(first.get_organ(running.get("x")).await.is_ok());
}

#[tokio::test]
async fn a_port_in_use_says_so() {
    let running = start(settings()).await;
    let taken = ServerSettings::new(running.serving.address());
    let refused = serve(taken, door(&running.key), Services::new(), &Shutdown::new()).await.unwrap_err();
    assert!(matches!(refused, ServeError::Bind { .. }));
    let message = refused.to_string();
    assert!(
        message.contains(&running.serving.address().to_string()) && message.contains("in use"),
        "{message}"
    );
}

#[tokio::test]
async fn development_tokens_and_an_open_address_do_not_go_together() {
    let open = ServerSettings::new("0.0.0.0:0".parse().unwrap());
    let door = door(&DevKey::from_secret([9; 32]));
    let refused = serve(open, door, Services::new(), &Shutdown::new()).await.unwrap_err();
    assert!(matches!(refused, ServeError::DevTokensOffLoopback { .. }), "{refused}");
}
