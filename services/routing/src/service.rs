//! The service, put together.

use std::sync::Arc;

use bytes::Bytes;
use content::ErasureList;
use directory::Live;
use duban_proto::routing::v1::{
    archive_service_server::ArchiveServiceServer, casework_service_server::CaseworkServiceServer,
    directory_service_server::DirectoryServiceServer, instrument_service_server::InstrumentServiceServer,
    investigation_service_server::InvestigationServiceServer, joint_service_server::JointServiceServer,
    received_instrument_service_server::ReceivedInstrumentServiceServer,
    routing_service_server::RoutingServiceServer, transfer_service_server::TransferServiceServer,
};
use ledger::{Clock, Feed, Service, Writer, WriterSettings};
use seal::Fingerprints;
use server::Ids;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{Body as HttpBody, StdError};

use crate::follow::{Intake, Mailboxes, Supervision};
use crate::grpc::Grpc;
use crate::ledgers::Ledgers;
use crate::succession::Succeeding;
use crate::tick::Tick;

/// What the service needs.
pub struct Deps {
    /// The schema `routing`, migrated.
    pub pool: PgPool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The regulation and the calendar.
    pub rules: Arc<regulation::Rules>,
    /// Seals and opens prose.
    pub vault: content::Vault,
    /// The erasure list, gone through already ([`content::replay`]).
    pub erasures: Arc<ErasureList>,
    /// Fingerprints of requests.
    pub fingerprints: Fingerprints,
    /// The directory of this schema.
    pub directory: Live,
    /// Ids.
    pub ids: Arc<dyn Ids>,
    /// The limits of the writer.
    pub writer_settings: WriterSettings,
    /// Tells all tasks to stop.
    pub shutdown: CancellationToken,
    /// The tasks that are waited for.
    pub tasks: TaskTracker,
}

/// The service.
pub struct Routing {
    writer: Writer<Ledgers>,
    grpc: Grpc,
    directory: Live,
    erasures: Arc<ErasureList>,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Routing {
    /// Starts the writer, the tick, and what keeps the directory up to date.
    pub fn start(deps: Deps) -> Self {
        let Deps {
            pool,
            clock,
            rules,
            vault,
            erasures,
            fingerprints,
            directory,
            ids,
            writer_settings,
            shutdown,
            tasks,
        } = deps;
        let ledgers = Ledgers::new(rules, directory.clone());
        let writer = Writer::new(Arc::new(ledgers), pool, clock, writer_settings);
        let grpc = Grpc { writer: writer.clone(), directory: directory.clone(), vault, fingerprints, ids };
        let routing = Self { writer, grpc, directory, erasures, shutdown, tasks };
        routing.keep_up();
        let tick = Tick { writer: routing.writer.clone() };
        routing.tasks.spawn(tick.run(routing.shutdown.clone()));
        routing
    }

    fn keep_up(&self) {
        let (writer, directory, shutdown) =
            (self.writer.clone(), self.directory.clone(), self.shutdown.clone());
        self.tasks.spawn(async move {
            let heads = writer.heads().subscribe();
            directory::keep(&writer.domain().organs, &directory, heads, &shutdown).await;
        });
        let succeeding = Succeeding { writer: self.writer.clone(), directory: self.directory.clone() };
        self.tasks.spawn(succeeding.run(self.shutdown.clone()));
    }

    /// Its gRPC services, beside those of others.
    pub fn services(&self, services: server::Services) -> server::Services {
        let feed = Feed::new(&self.writer, self.shutdown.clone()).into_server();
        services
            .with(server::limited!(DirectoryServiceServer::new(self.grpc.clone())))
            .with(server::limited!(RoutingServiceServer::new(self.grpc.clone())))
            .with(server::limited!(CaseworkServiceServer::new(self.grpc.clone())))
            .with(server::limited!(JointServiceServer::new(self.grpc.clone())))
            .with(server::limited!(InvestigationServiceServer::new(self.grpc.clone())))
            .with(server::limited!(TransferServiceServer::new(self.grpc.clone())))
            .with(server::limited!(InstrumentServiceServer::new(self.grpc.clone())))
            .with(server::limited!(ReceivedInstrumentServiceServer::new(self.grpc.clone())))
            .with(server::limited!(ArchiveServiceServer::new(self.grpc.clone())))
            .with(server::limited!(feed))
    }

    /// Follows intake's and supervision's ledgers over these channels, and the service's own mailboxes.
    pub fn follow<C>(&self, intake: C, supervision: C)
    where
        C: GrpcService<Body> + Clone + Send + 'static,
        C::Future: Send,
        C::Error: Into<StdError> + Send,
        C::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
        <C::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
    {
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        let translate =
            Arc::new(Intake { directory: self.directory.clone(), erasures: Arc::clone(&self.erasures) });
        self.tasks.spawn(ledger::follow_service(writer, Service::Intake, intake, translate, shutdown));
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        let told = Arc::new(Supervision);
        self.tasks.spawn(ledger::follow_service(writer, Service::Supervision, supervision, told, shutdown));
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        let translate =
            Arc::new(Mailboxes { directory: self.directory.clone(), erasures: Arc::clone(&self.erasures) });
        self.tasks.spawn(ledger::follow_mailboxes(writer, translate, shutdown));
    }

    /// The writer of its ledgers.
    pub fn writer(&self) -> &Writer<Ledgers> {
        &self.writer
    }

    /// Takes no more commands, and waits until what waits is written.
    pub async fn drain(&self) {
        self.writer.drain().await;
    }
}
