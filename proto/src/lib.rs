//! The contracts of Duban's services: messages, clients and servers generated from `duban/*/v1/*.proto`.
//!
//! The comments in the `.proto` files are the documentation; they come through into rustdoc.

/// What all services share: facts, citations, states, reasons.
pub mod common {
    #[allow(missing_docs, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("duban.common.v1");
    }
}
/// How services follow each other's ledgers.
pub mod feed {
    #[allow(missing_docs, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("duban.feed.v1");
    }
}
/// Complaints, acceptance, identities, replies.
pub mod intake {
    #[allow(missing_docs, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("duban.intake.v1");
    }
}
/// Directory, competence, terms, casework.
pub mod routing {
    #[allow(missing_docs, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("duban.routing.v1");
    }
}
/// Clocks, ladder, extensions, figures.
pub mod supervision {
    #[allow(missing_docs, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("duban.supervision.v1");
    }
}

/// The encoded `google.protobuf.FileDescriptorSet` of all contracts, comments included: for reflection, and for the
/// tests that walk every rpc.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/duban.binpb"));
