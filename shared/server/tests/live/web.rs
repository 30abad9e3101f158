//! Browsers: preflight, and a call by gRPC-Web over HTTP/1.1.

use server::{Cors, ServeError, ServerSettings, Services, Shutdown, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{Running, door, settings, start};

const PATH: &str = "/duban.routing.v1.DirectoryService/GetOrgan";

fn with_origins(origins: &[&str]) -> ServerSettings {
    let allowed_origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    ServerSettings { cors: Cors { allowed_origins }, ..settings() }
}

async fn exchange(running: &Running, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(running.serving.address()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).to_lowercase()
}

fn preflight(origin: &str) -> Vec<u8> {
    format!(
        "OPTIONS {PATH} HTTP/1.1\r\nHost: x\r\nOrigin: {origin}\r\nConnection: close\r\n\
         Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,x-grpc-web\r\n\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_preflight_of_a_known_origin_is_granted_without_a_token() {
    let running = start(with_origins(&["https://board.example.gov.cn"])).await;
    let answer = exchange(&running, &preflight("https://board.example.gov.cn")).await;
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(answer.contains("access-control-allow-origin: https://board.example.gov.cn"), "{answer}");
    assert!(answer.contains("authorization"), "{answer}");
    let other = exchange(&running, &preflight("https://elsewhere.example")).await;
    assert!(!other.contains("access-control-allow-origin"), "{other}");
}

#[tokio::test]
async fn a_grpc_web_call_goes_through_the_same_door() {
    let running = start(with_origins(&["https://board.example.gov.cn"])).await;
    let mut request = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nOrigin: https://board.example.gov.cn\r\nConnection: close\r\n\
         Content-Type: application/grpc-web+proto\r\nContent-Length: 5\r\n\r\n"
    )
    .into_bytes();
    request.extend_from_slice(&[0, 0, 0, 0, 0]);
    let answer = exchange(&running, &request).await;
    assert!(answer.contains("application/grpc-web"), "{answer}");
    assert!(answer.contains("grpc-status: 16") || answer.contains("grpc-status:16"), "{answer}");
    assert!(answer.contains("access-control-expose-headers"), "{answer}");
}

#[tokio::test]
async fn what_is_no_origin_is_refused_at_the_start() {
    for text in ["*", "board.example.gov.cn", "https://board.example.gov.cn/"] {
        let key = access::DevKey::from_secret([9; 32]);
        let refused = serve(with_origins(&[text]), door(&key), Services::new(), &Shutdown::new()).await;
        assert!(matches!(refused, Err(ServeError::Origin(_))), "{text}");
    }
}
