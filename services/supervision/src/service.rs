//! The service, put together.

use std::sync::Arc;

use content::ErasureList;
use directory::Live;
use duban_proto::supervision::v1::appeal_service_server::AppealServiceServer;
use duban_proto::supervision::v1::clock_service_server::ClockServiceServer;
use duban_proto::supervision::v1::follow_up_service_server::FollowUpServiceServer;
use duban_proto::supervision::v1::review_service_server::ReviewServiceServer;
use duban_proto::supervision::v1::statistics_service_server::StatisticsServiceServer;
use duban_proto::supervision::v1::supervision_service_server::SupervisionServiceServer;
use duban_proto::supervision::v1::watch_service_server::WatchServiceServer;
use duban_proto::supervision::v1::{
    accountability_service_server::AccountabilityServiceServer, notice_service_server::NoticeServiceServer,
};
use ledger::{Clock, Feed, Service, Writer, WriterSettings};
use server::Ids;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{Body as HttpBody, Bytes, StdError};

use crate::again;
use crate::follow::{Intake, Mailboxes, Routing};
use crate::grpc::Grpc;
use crate::ledgers::Ledgers;
use crate::tick::Tick;
use crate::watch::Watch;

/// What the service needs.
pub struct Deps {
    /// The schema `supervision`, migrated.
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
    pub fingerprints: seal::Fingerprints,
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
pub struct Supervision {
    writer: Writer<Ledgers>,
    grpc: Grpc,
    directory: Live,
    erasures: Arc<ErasureList>,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Supervision {
    /// Starts the writer, the tick, and what keeps the directory and the calendar up to date.
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
        let writer = Writer::new(Arc::new(Ledgers::new(rules)), pool, clock, writer_settings);
        let watch = Watch::new(shutdown.clone());
        let grpc =
            Grpc { writer: writer.clone(), directory: directory.clone(), vault, fingerprints, ids, watch };
        let supervision = Self { writer, grpc, directory, erasures, shutdown, tasks };
        supervision.keep_up();
        supervision
    }

    fn keep_up(&self) {
        let (writer, live) = (self.writer.clone(), self.directory.clone());
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            let heads = writer.heads().subscribe();
            directory::keep(&writer.domain().organs, &live, heads, &shutdown).await;
        });
        let tick = Tick::new(self.writer.clone(), self.directory.clone());
        self.tasks.spawn(tick.run(self.shutdown.clone()));
        self.tasks.spawn(self.grpc.watch.clone().run(self.writer.clone()));
        self.tasks.spawn(again::work_out_again(self.writer.clone(), self.shutdown.clone()));
    }

    /// Its gRPC services, beside those of others.
    pub fn services(&self, services: server::Services) -> server::Services {
        let feed = Feed::new(&self.writer, self.shutdown.clone()).into_server();
        services
            .with(server::limited!(SupervisionServiceServer::new(self.grpc.clone())))
            .with(server::limited!(ReviewServiceServer::new(self.grpc.clone())))
            .with(server::limited!(AppealServiceServer::new(self.grpc.clone())))
            .with(server::limited!(FollowUpServiceServer::new(self.grpc.clone())))
            .with(server::limited!(WatchServiceServer::new(self.grpc.clone())))
            .with(server::limited!(StatisticsServiceServer::new(self.grpc.clone())))
            .with(server::limited!(ClockServiceServer::new(self.grpc.clone())))
            .with(server::limited!(NoticeServiceServer::new(self.grpc.clone())))
            .with(server::limited!(AccountabilityServiceServer::new(self.grpc.clone())))
            .with(server::limited!(feed))
    }

    /// Follows intake's and routing's ledgers over these channels, and the service's own mailboxes.
    pub fn follow<C>(&self, intake: C, routing: C)
    where
        C: GrpcService<Body> + Clone + Send + 'static,
        C::Future: Send,
        C::Error: Into<StdError> + Send,
        C::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
        <C::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
    {
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        let told = Arc::new(Intake);
        self.tasks.spawn(ledger::follow_service(writer, Service::Intake, intake, told, shutdown));
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        let told =
            Arc::new(Routing { directory: self.directory.clone(), erasures: Arc::clone(&self.erasures) });
        self.tasks.spawn(ledger::follow_service(writer, Service::Routing, routing, told, shutdown));
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        self.tasks.spawn(ledger::follow_mailboxes(
            writer,
            Arc::new(Mailboxes { erasures: Arc::clone(&self.erasures) }),
            shutdown,
        ));
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
