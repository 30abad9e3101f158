//! Every rpc of the contracts by every role, over the wire: the door of each service lets in what the table says.

use access::{Principal, Role, Table};
use duban::client::Endpoint;
use duban::place::Service;
use duban_proto::FILE_DESCRIPTOR_SET;
use e2e::{CENTRE, Officer, World, rejected};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Status};

/// Package and path: "duban.intake.v1", "/duban.intake.v1.IntakeService/GetCase".
fn rpcs() -> Vec<(String, String)> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("the contracts");
    let of_file = |file: &prost_types::FileDescriptorProto| {
        let package = file.package().to_owned();
        let path = |service: &prost_types::ServiceDescriptorProto, method: &str| {
            (package.clone(), format!("/{package}.{}/{method}", service.name()))
        };
        let of_service = |service: &prost_types::ServiceDescriptorProto| {
            service.method.iter().map(|method| path(service, method.name())).collect::<Vec<_>>()
        };
        file.service.iter().flat_map(of_service).collect::<Vec<_>>()
    };
    set.file.iter().flat_map(of_file).collect()
}

/// Calls with a message that says nothing. A call that streams is let go of after its head.
async fn call(endpoint: Endpoint, path: &str) -> Option<Status> {
    let mut client = tonic::client::Grpc::new(endpoint);
    client.ready().await.expect("a connection");
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    let path: PathAndQuery = path.parse().expect("a path");
    let request = Request::new(tokio_stream::iter([()]));
    client.streaming(request, path, codec).await.err()
}

fn is_refused(status: Option<&Status>, with_token: bool) -> bool {
    status.is_some_and(|status| match status.code() {
        Code::PermissionDenied => rejected(status).reason == "ROLE_NOT_ALLOWED",
        Code::Unauthenticated => !with_token,
        _ => false,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn house_each_rpc_is_open_to_the_roles_of_its_rows_and_to_nobody_else() {
    let world = World::new().await;
    let rpcs = rpcs();
    let names: Vec<&str> = rpcs.iter().map(|(_, path)| path.trim_start_matches('/')).collect();
    let built_in = Table::BUNDLED
        .lines()
        .filter_map(|line| line.strip_prefix("rpc = \"grpc."))
        .map(|rest| format!("grpc.{}", rest.trim_end_matches('"')));
    let built_in: Vec<String> = built_in.collect();
    let known = names.iter().copied().chain(built_in.iter().map(String::as_str));
    let table = Table::parse(Table::BUNDLED, known).expect("the table");

    let mut callers: Vec<(Principal, Officer)> = Role::ALL
        .into_iter()
        .filter(|role| *role != Role::Public)
        .map(|role| {
            let subject = format!("{role}.{CENTRE}");
            (Principal::new(&subject, CENTRE, [role]), world.officer(&role.to_string(), CENTRE, &subject))
        })
        .collect();
    callers.push((Principal::public(), world.anybody()));
    let (mut open, mut shut) = (0, 0);
    for (package, path) in &rpcs {
        for (principal, officer) in &callers {
            let endpoints = match package.as_str() {
                "duban.intake.v1" => vec![officer.endpoint(Service::Intake)],
                "duban.routing.v1" => vec![officer.endpoint(Service::Routing)],
                "duban.supervision.v1" => vec![officer.endpoint(Service::Supervision)],
                _ => Service::ALL.map(|service| officer.endpoint(service)).into(),
            };
            let may = table.judge(path, principal).is_ok();
            let with_token = !principal.roles.is_empty();
            for endpoint in endpoints {
                let status = call(endpoint, path).await;
                let refused = is_refused(status.as_ref(), with_token);
                assert_eq!(refused, !may, "{path} by {principal:?}: {status:?}");
                if may { open += 1 } else { shut += 1 }
            }
        }
    }
    assert!(open > 100 && shut > 500, "{open} open, {shut} shut");
}
