//! The service, put together.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use content::ErasureList;
use directory::Live;
use duban_proto::intake::v1::{
    attachment_service_server::AttachmentServiceServer, delivery_service_server::DeliveryServiceServer,
    draft_service_server::DraftServiceServer, identity_service_server::IdentityServiceServer,
    instruction_service_server::InstructionServiceServer, intake_service_server::IntakeServiceServer,
    rating_service_server::RatingServiceServer, report_service_server::ReportServiceServer,
    retention_service_server::RetentionServiceServer, summary_service_server::SummaryServiceServer,
    urgency_service_server::UrgencyServiceServer, volume_service_server::VolumeServiceServer,
};
use duban_proto::supervision::v1::clock_service_client::ClockServiceClient;
use ledger::{Clock, Feed, Service, Writer, WriterSettings};
use seal::{BlindIndex, Fingerprints, TrackingCodes};
use server::Ids;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{Body as HttpBody, StdError};

use crate::attachments::{AttachmentLimits, Attachments};
use crate::deliver::{Courier, Ports, tell_oldest};
use crate::erasing::Erasing;
use crate::follow::{Repeats, Routing, Supervision};
use crate::grpc::Grpc;
use crate::indexer::Indexer;
use crate::ledgers::Ledgers;
use crate::quota::Quotas;
use crate::tick::Tick;
use crate::tidy::Tidy;

/// How long couriers may take for what they can't send again, once the shutdown has begun.
const COURIERS: Duration = Duration::from_secs(10);

/// What the service needs.
pub struct Deps {
    /// The schema `intake`, migrated.
    pub pool: PgPool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The regulation and the calendar.
    pub rules: Arc<regulation::Rules>,
    /// Seals and opens identities and prose.
    pub vault: content::Vault,
    /// The erasure list, gone through already ([`replay`](crate::replay)).
    pub erasures: Arc<ErasureList>,
    /// Fingerprints of requests.
    pub fingerprints: Fingerprints,
    /// Blind indexes of identifiers.
    pub blind_index: BlindIndex,
    /// Tracking codes.
    pub tracking: TrackingCodes,
    /// The directory of this schema.
    pub directory: Live,
    /// How much agencies may hand in.
    pub quotas: Arc<Quotas>,
    /// The storage for the files of cases.
    pub files: files::Files,
    /// Their limits.
    pub attachments: AttachmentLimits,
    /// Where replies go by the program.
    pub delivery: Arc<Ports>,
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
pub struct Intake {
    writer: Writer<Ledgers>,
    grpc: Grpc,
    directory: Live,
    shutdown: CancellationToken,
    tasks: TaskTracker,
    couriers: TaskTracker,
}

impl Intake {
    /// Starts the writer, the tick, and what keeps the directory and the index of texts up to date.
    pub fn start(deps: Deps) -> Self {
        let Deps {
            pool,
            clock,
            rules,
            vault,
            erasures,
            fingerprints,
            blind_index,
            tracking,
            directory,
            quotas,
            files,
            attachments,
            delivery,
            ids,
            writer_settings,
            shutdown,
            tasks,
        } = deps;
        let writer = Writer::new(Arc::new(Ledgers::new(rules)), pool, clock, writer_settings);
        let grpc = Grpc {
            writer: writer.clone(),
            directory: directory.clone(),
            vault,
            fingerprints,
            blind_index: Arc::new(blind_index),
            tracking: Arc::new(tracking),
            quotas,
            attachments: Attachments::new(files, attachments),
            erasing: Erasing { writer: writer.clone(), list: erasures },
            ids,
            ports: delivery,
            shutdown: shutdown.clone(),
        };
        let couriers = TaskTracker::new();
        let intake = Self { writer, grpc, directory, shutdown, tasks, couriers };
        intake.keep_up();
        intake.tidy_up();
        intake
    }

    fn keep_up(&self) {
        let indexer = Indexer {
            pool: self.writer.pool().clone(),
            vault: self.grpc.vault.clone(),
            blind_index: Arc::clone(&self.grpc.blind_index),
        };
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        self.tasks.spawn(async move { indexer.run(writer.heads(), shutdown).await });
        let (writer, directory, shutdown) =
            (self.writer.clone(), self.directory.clone(), self.shutdown.clone());
        self.tasks.spawn(async move {
            let heads = writer.heads().subscribe();
            directory::keep(&writer.domain().organs, &directory, heads, &shutdown).await;
        });
        self.tasks.spawn(self.grpc.erasing.clone().run(self.shutdown.clone()));
        self.tasks.spawn(tell_oldest(self.writer.clone(), self.shutdown.clone()));
        for courier in Courier::each(&self.grpc, &self.shutdown) {
            self.tasks.spawn(self.couriers.track_future(courier.run()));
        }
        self.couriers.close();
        let tick = Tick { writer: self.writer.clone(), ids: Arc::clone(&self.grpc.ids) };
        self.tasks.spawn(tick.run(self.shutdown.clone()));
    }

    fn tidy_up(&self) {
        let (writer, attachments) = (self.writer.clone(), self.grpc.attachments.clone());
        self.tasks.spawn(Tidy::new(writer, attachments).keep(self.shutdown.clone()));
    }

    /// Its gRPC services, beside those of others.
    pub fn services(&self, services: server::Services) -> server::Services {
        let feed = Feed::new(&self.writer, self.shutdown.clone()).into_server();
        services
            .with(server::limited!(IntakeServiceServer::new(self.grpc.clone())))
            .with(server::limited!(IdentityServiceServer::new(self.grpc.clone())))
            .with(server::limited!(DraftServiceServer::new(self.grpc.clone())))
            .with(server::limited!(AttachmentServiceServer::new(self.grpc.clone())))
            .with(server::limited!(ReportServiceServer::new(self.grpc.clone())))
            .with(server::limited!(RatingServiceServer::new(self.grpc.clone())))
            .with(server::limited!(DeliveryServiceServer::new(self.grpc.clone())))
            .with(server::limited!(RetentionServiceServer::new(self.grpc.clone())))
            .with(server::limited!(VolumeServiceServer::new(self.grpc.clone())))
            .with(server::limited!(InstructionServiceServer::new(self.grpc.clone())))
            .with(server::limited!(UrgencyServiceServer::new(self.grpc.clone())))
            .with(server::limited!(SummaryServiceServer::new(self.grpc.clone())))
            .with(server::limited!(feed))
    }

    /// Follows routing's and supervision's ledgers over these channels, and its own for repeated complaints.
    pub fn follow<C>(&self, intake: C, routing: C, supervision: C)
    where
        C: GrpcService<Body> + Clone + Send + 'static,
        C::Future: Send,
        C::Error: Into<StdError> + Send,
        C::ResponseBody: HttpBody<Data = Bytes> + Send + 'static,
        <C::ResponseBody as HttpBody>::Error: Into<StdError> + Send,
    {
        let translate = Arc::new(Repeats { pool: self.writer.pool().clone() });
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        self.tasks.spawn(ledger::follow_service(writer, Service::Intake, intake, translate, shutdown));
        let ids = Arc::clone(&self.grpc.ids);
        let translate = Arc::new(Routing { ids: Arc::clone(&ids) });
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        self.tasks.spawn(ledger::follow_service(writer, Service::Routing, routing, translate, shutdown));
        let words = tokio::sync::Mutex::new(ClockServiceClient::new(supervision.clone()));
        let translate = Arc::new(Supervision { ids, vault: self.grpc.vault.clone(), words });
        let (writer, shutdown) = (self.writer.clone(), self.shutdown.clone());
        self.tasks.spawn(ledger::follow_service(
            writer,
            Service::Supervision,
            supervision,
            translate,
            shutdown,
        ));
    }

    /// The writer of its ledgers.
    pub fn writer(&self) -> &Writer<Ledgers> {
        &self.writer
    }

    /// Takes no more commands, and waits until what waits is written: once the shutdown has begun, also what was sent and can't
    /// be sent again.
    pub async fn drain(&self) {
        if self.shutdown.is_cancelled() {
            // What takes longer lapses, and is on the work list.
            let _ = tokio::time::timeout(COURIERS, self.couriers.wait()).await;
        }
        self.writer.drain().await;
    }
}
