//! Who gets in, and what comes back.

use std::time::Duration;

use access::{Principal, Role};
use duban_proto::feed::v1::FollowRequest;
use duban_proto::routing::v1::{GetOrganRequest, ImportOrgansRequest};
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_types::StatusExt as _;

use crate::harness::{now, settings, start, with_token};

fn reason(status: &Status) -> String {
    status.get_details_error_info().unwrap().reason
}

#[tokio::test]
async fn a_caller_with_a_row_gets_in_and_the_handler_knows_who_it_is() {
    let running = start(settings()).await;
    let answer = running.directory().await.get_organ(running.get("x")).await.unwrap();
    let organ = answer.into_inner().organ.unwrap();
    assert_eq!((organ.code.as_str(), organ.name.as_str()), ("baoshan.luodian", "li.na"));
}

#[tokio::test]
async fn without_a_token_health_and_reflection_answer_and_all_else_asks_for_one() {
    let running = start(settings()).await;
    let health = HealthClient::new(running.channel().await)
        .check(HealthCheckRequest { service: "duban.routing.v1.DirectoryService".into() })
        .await
        .unwrap();
    assert_eq!(health.into_inner().status, 1);
    let refused =
        running.directory().await.get_organ(GetOrganRequest { code: "x".into() }).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let info = refused.get_details_error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.domain.as_str()), ("TOKEN_INVALID", "duban"));
    assert_eq!(info.metadata["why"], "missing");
    assert_eq!(refused.get_details_localized_message().unwrap().locale, "zh-CN");
}

#[tokio::test]
async fn reflection_lists_the_services_of_this_listener_only() {
    let running = start(settings()).await;
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut answers = ServerReflectionClient::new(running.channel().await)
        .server_reflection_info(tokio_stream::iter([ask]))
        .await
        .unwrap()
        .into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(list) = answer else { panic!("another answer") };
    let mut names: Vec<String> = list.service.into_iter().map(|service| service.name).collect();
    names.sort();
    assert_eq!(
        names,
        ["duban.feed.v1.FeedService", "duban.routing.v1.DirectoryService", "grpc.health.v1.Health"]
    );
}

#[tokio::test]
async fn a_role_without_a_row_is_refused_with_rpc_and_roles() {
    let running = start(settings()).await;
    let request = running.by(Role::Desk, ImportOrgansRequest::default());
    let refused = running.directory().await.import_organs(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let info = refused.get_details_error_info().unwrap();
    assert_eq!(info.reason, "ROLE_NOT_ALLOWED");
    assert_eq!(info.metadata["rpc"], "/duban.routing.v1.DirectoryService/ImportOrgans");
    assert_eq!(info.metadata["roles"], "desk");
}

#[tokio::test]
async fn an_expired_or_malformed_token_says_why_and_is_not_repeated() {
    let running = start(settings()).await;
    let principal = Principal::new("a", "baoshan", [Role::Desk]);
    let past = now() - Duration::from_hours(2);
    let expired = running.key.mint(&principal, past, Duration::from_mins(1)).unwrap();
    for (token, why) in [(expired.as_str(), "expired"), ("top-secret", "malformed")] {
        let request = with_token(token, GetOrganRequest { code: "x".into() });
        let refused = running.directory().await.get_organ(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated);
        assert_eq!(refused.get_details_error_info().unwrap().metadata["why"], why);
        assert!(!format!("{refused:?}").contains(token));
    }
}

#[tokio::test]
async fn a_request_id_is_kept_or_made_and_comes_back_in_header_and_error() {
    let running = start(settings()).await;
    let mut request = running.get("internal");
    request.metadata_mut().insert("x-request-id", "mine-1".parse().unwrap());
    let failed = running.directory().await.get_organ(request).await.unwrap_err();
    assert_eq!(failed.metadata().get("x-request-id").unwrap(), "mine-1");
    assert_eq!(failed.get_details_request_info().unwrap().request_id, "mine-1");
    assert_eq!(failed.get_details_error_info().unwrap().metadata["x-request-id"], "mine-1");
    let mut request = running.get("x");
    request.metadata_mut().insert("x-request-id", "not well formed".parse().unwrap());
    let answer = running.directory().await.get_organ(request).await.unwrap();
    let made = answer.metadata().get("x-request-id").unwrap().to_str().unwrap();
    assert_eq!(uuid::Uuid::parse_str(made).unwrap().get_version_num(), 7);
}

#[tokio::test]
async fn an_internal_cause_and_a_panics_text_stay_inside() {
    let running = start(settings()).await;
    for code in ["internal", "panic"] {
        let failed = running.directory().await.get_organ(running.get(code)).await.unwrap_err();
        assert_eq!((failed.code(), reason(&failed).as_str()), (Code::Internal, "INTERNAL"));
        let whole = format!("{failed:?}{}", String::from_utf8_lossy(failed.details()));
        assert!(!whole.contains("hunter2") && !whole.contains("张三"), "{whole}");
    }
    assert!(running.directory().await.get_organ(running.get("x")).await.is_ok(), "it goes on");
}

#[tokio::test]
async fn a_panic_in_a_stream_ends_it_with_internal() {
    let running = start(settings()).await;
    let request =
        running.by(Role::Service, FollowRequest { kinds: vec!["panic".into()], ..Default::default() });
    let mut stream = running.feed().await.follow(request).await.unwrap().into_inner();
    assert_eq!(stream.message().await.unwrap().unwrap().organ, "baoshan");
    let failed = stream.message().await.unwrap_err();
    assert_eq!((failed.code(), reason(&failed).as_str()), (Code::Internal, "INTERNAL"));
    assert!(failed.get_details_request_info().is_some());
}

#[tokio::test]
async fn an_rpc_that_no_contract_has_is_unimplemented() {
    let running = start(settings()).await;
    let mut client = tonic::client::Grpc::new(running.channel().await);
    client.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<GetOrganRequest, GetOrganRequest>::default();
    let path = http::uri::PathAndQuery::from_static("/duban.routing.v1.DirectoryService/DropOrgans");
    let refused = client.unary(Request::new(GetOrganRequest::default()), path, codec).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unimplemented);
}
