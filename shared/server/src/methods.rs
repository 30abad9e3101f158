//! The rpcs of the contracts, as the descriptor set names them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use prost::Message as _;
use prost_types::FileDescriptorSet;

/// What is known of an rpc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// `duban.intake.v1.IntakeService/AcceptCase`: the label of its metrics too.
    pub name: &'static str,
    /// The client sends many messages.
    pub client_streaming: bool,
    /// The server sends many messages.
    pub server_streaming: bool,
}

/// Rpcs every server has beside the contracts' own.
const BUILT_IN: [Method; 4] = [
    Method { name: "grpc.health.v1.Health/Check", client_streaming: false, server_streaming: false },
    Method { name: "grpc.health.v1.Health/Watch", client_streaming: false, server_streaming: true },
    Method {
        name: "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        client_streaming: true,
        server_streaming: true,
    },
    Method {
        name: "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        client_streaming: true,
        server_streaming: true,
    },
];

static METHODS: LazyLock<BTreeMap<&'static str, Method>> = LazyLock::new(|| {
    // The set is made by our own build: where it can't be read nothing is known, and every call is refused.
    let set = FileDescriptorSet::decode(duban_proto::FILE_DESCRIPTOR_SET).unwrap_or_default();
    of_contracts(&set).chain(BUILT_IN).map(|method| (method.name, method)).collect()
});

impl Method {
    /// One message each way: it has a deadline.
    pub fn is_unary(&self) -> bool {
        !self.client_streaming && !self.server_streaming
    }

    /// The answer may go on for as long as the client listens.
    pub fn is_long(&self) -> bool {
        self.server_streaming
    }
}

/// All rpcs, by name.
pub fn all() -> impl Iterator<Item = Method> {
    METHODS.values().copied()
}

/// The names of all rpcs, for [`access::Table::parse`].
pub fn names() -> impl Iterator<Item = &'static str> {
    METHODS.keys().copied()
}

/// The rpc of an HTTP path, `/package.Service/Method`.
pub fn of_path(path: &str) -> Option<Method> {
    METHODS.get(path.strip_prefix('/').unwrap_or(path)).copied()
}

fn of_contracts(set: &FileDescriptorSet) -> impl Iterator<Item = Method> {
    set.file.iter().flat_map(|file| {
        file.service.iter().flat_map(move |service| {
            service.method.iter().map(move |method| {
                let name = format!("{}.{}/{}", file.package(), service.name(), method.name());
                Method {
                    // Made once for the life of the process.
                    name: Box::leak(name.into_boxed_str()),
                    client_streaming: method.client_streaming(),
                    server_streaming: method.server_streaming(),
                }
            })
        })
    })
}
