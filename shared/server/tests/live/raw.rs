//! Messages that are no protobuf of their type.

use access::Role;
use duban_proto::routing::v1::GetOrganResponse;
use http::uri::PathAndQuery;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::harness::{Running, settings, start};

/// GetOrganRequest and ImportOrgansRequest with bytes where they have text.
#[derive(Clone, PartialEq, prost::Message)]
struct RawGet {
    #[prost(bytes = "vec", tag = "1")]
    code: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct RawImport {
    #[prost(message, repeated, tag = "2")]
    organs: Vec<RawOrgan>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct RawOrgan {
    #[prost(bytes = "vec", tag = "2")]
    name: Vec<u8>,
}

async fn send<M: prost::Message + Default + 'static>(
    running: &Running,
    role: Role,
    rpc: &'static str,
    message: M,
) -> Status {
    let mut client = tonic::client::Grpc::new(running.channel().await);
    client.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<M, GetOrganResponse>::default();
    client.unary(running.by(role, message), PathAndQuery::from_static(rpc), codec).await.unwrap_err()
}

#[tokio::test]
async fn text_that_is_not_utf8_is_the_clients_fault_and_the_field_is_named() {
    let running = start(settings()).await;
    // A lone surrogate, as some languages' strings encode to.
    let surrogate = vec![0xED, 0xA0, 0x80];
    let get = RawGet { code: surrogate.clone() };
    let status = send(&running, Role::Desk, "/duban.routing.v1.DirectoryService/GetOrgan", get).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.reason, "MALFORMED_MESSAGE");
    assert_eq!(info.metadata["field"], "GetOrganRequest.code");
    let import = RawImport { organs: vec![RawOrgan { name: surrogate }] };
    let status =
        send(&running, Role::DirectoryAdmin, "/duban.routing.v1.DirectoryService/ImportOrgans", import).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.get_details_error_info().unwrap().metadata["field"], "ImportOrgansRequest.organs.name");
}

#[tokio::test]
async fn a_message_over_one_mebibyte_is_refused() {
    let running = start(settings()).await;
    let get = RawGet { code: vec![b'x'; server::MAX_RECEIVED_BYTES + 1] };
    let status = send(&running, Role::Desk, "/duban.routing.v1.DirectoryService/GetOrgan", get).await;
    assert_eq!(status.code(), Code::OutOfRange);
}
