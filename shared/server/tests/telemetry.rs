//! Metrics and health over HTTP. One test: a process has one recorder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

use std::net::SocketAddr;
use std::sync::Arc;

use access::{Authenticator, Keys, Table, TokenSettings};
use server::door::{Access, Door};
use server::telemetry::{Metrics, TelemetryError, init_logs};
use server::{RandomIds, ServeError, ServerSettings, Services, Shutdown, methods, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn any_port() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

#[tokio::test]
async fn calls_are_counted_and_timed_by_rpc_and_code() {
    let metrics = Metrics::install().unwrap();
    let shutdown = Shutdown::new();
    let address = metrics.serve(any_port(), &shutdown).unwrap();
    assert!(matches!(metrics.serve(address, &shutdown), Err(ServeError::Bind { .. })));

    let table = Table::parse(Table::BUNDLED, methods::names()).unwrap();
    let authenticator = Authenticator::new(Keys::none(), TokenSettings::default());
    let door = Door {
        access: Arc::new(Access::new(authenticator, table)),
        ids: Arc::new(RandomIds),
        now: Arc::new(|| jiff::Timestamp::UNIX_EPOCH),
    };
    let serving = serve(ServerSettings::new(any_port()), door, Services::new(), &shutdown).await.unwrap();
    let uri = format!("http://{}", serving.address());
    let channel = tonic::transport::Endpoint::from_shared(uri).unwrap().connect().await.unwrap();
    HealthClient::new(channel).check(HealthCheckRequest { service: String::new() }).await.unwrap();

    let text = get(address, "/metrics").await;
    let counted = r#"duban_rpc_requests_total{rpc="grpc.health.v1.Health/Check",code="OK"} 1"#;
    assert!(text.contains(counted), "{text}");
    assert!(
        text.contains(r#"duban_rpc_duration_seconds_bucket{rpc="grpc.health.v1.Health/Check",le="0.0005"}"#)
    );
    assert!(text.contains(r#"duban_rpc_in_flight{rpc="grpc.health.v1.Health/Check"} 0"#), "{text}");
    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
    shutdown.begin();
    serving.ended().await.unwrap();
}

#[test]
fn a_wrong_log_filter_says_what_is_expected() {
    let refused = init_logs("info,server=loud=", server::telemetry::LogFormat::Json).unwrap_err();
    assert!(matches!(refused, TelemetryError::Filter { .. }));
    assert!(refused.to_string().contains("info,server=debug"));
}
