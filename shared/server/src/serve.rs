//! Binding, serving and stopping a gRPC server.

mod listen;
mod services;
mod settings;

use std::net::SocketAddr;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use tonic_web::GrpcWebLayer;
use tower::util::option_layer;

pub use self::listen::bind;
pub use self::services::Services;
pub use self::settings::{Cors, Limits, ServeError, ServerSettings, Tls};
use crate::door::{Door, DoorLayer};
use crate::shutdown::Shutdown;

/// The largest message a service takes: 1 MiB. Set on each service by [`limited!`](crate::limited).
pub const MAX_RECEIVED_BYTES: usize = 1024 * 1024;
/// The largest message a service sends: 4 MiB. Set on each service by [`limited!`](crate::limited).
pub const MAX_SENT_BYTES: usize = 4 * 1024 * 1024;

/// A server at work.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Serving {
    /// Where it listens: with the port that was given out, where 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it has ended: after the shutdown began, when all calls are answered or the bound is over.
    pub async fn ended(self) -> Result<(), ServeError> {
        self.task.await.map_err(ServeError::Task)?
    }
}

/// Binds, and serves until the shutdown begins. Listens when this returns.
///
/// Then no more connections are taken, the health service says NOT_SERVING, calls at work go on to their end, streams
/// are ended after [`Limits::stream_grace`] with UNAVAILABLE, and what is left after [`Limits::drain`] is cut.
pub async fn serve(
    settings: ServerSettings,
    door: Door,
    services: Services,
    shutdown: &Shutdown,
) -> Result<Serving, ServeError> {
    let listener = listen::bind(settings.listen)?;
    let address =
        listener.local_addr().map_err(|source| ServeError::Bind { address: settings.listen, source })?;
    if door.access.accepts_dev_tokens() && !address.ip().is_loopback() {
        return Err(ServeError::DevTokensOffLoopback { address });
    }
    let (routes, health) = services.into_routes().await?;
    let server = builder(&settings)?;
    let layer = DoorLayer::new(door, settings.limits.clone(), shutdown.clone());
    let cors = settings.cors.layer()?;
    let limits = settings.limits;
    let cut = CancellationToken::new();
    let incoming = listen::connections(listener, limits.connections, cut.clone());
    let task =
        shutdown.spawn(run(server, routes, cors, layer, incoming, health, limits, shutdown.clone(), cut));
    tracing::info!(server.address = %address, "listening");
    Ok(Serving { address, task })
}

/// The limits of HTTP/2, and TLS.
fn builder(settings: &ServerSettings) -> Result<Server, ServeError> {
    let limits = &settings.limits;
    let server = Server::builder()
        .max_concurrent_streams(limits.streams_per_connection)
        .http2_keepalive_interval(Some(limits.keepalive_interval))
        .http2_keepalive_timeout(Some(limits.keepalive_timeout))
        .http2_max_header_list_size(limits.header_bytes)
        .max_connection_age(limits.connection_age)
        // A browser without TLS speaks HTTP/1.1 only.
        .accept_http1(settings.cors.is_on());
    match &settings.tls {
        None => Ok(server),
        Some(tls) => server.tls_config(tls.config()?.timeout(limits.tls_handshake)).map_err(ServeError::Tls),
    }
}

#[allow(clippy::too_many_arguments)] // the parts of one server, put together in one place
async fn run(
    server: Server,
    routes: Routes,
    cors: Option<tower_http::cors::CorsLayer>,
    door: DoorLayer,
    incoming: listen::Connections,
    health: HealthReporter,
    limits: Limits,
    shutdown: Shutdown,
    cut: CancellationToken,
) -> Result<(), ServeError> {
    let web = cors.is_some().then(GrpcWebLayer::new);
    let stopping = {
        let shutdown = shutdown.clone();
        async move {
            shutdown.begun().await;
            health.set_service_status("", ServingStatus::NotServing).await;
        }
    };
    let served = server
        .layer(option_layer(cors))
        .layer(option_layer(web))
        .layer(door)
        .serve_with_incoming_shutdown(routes.prepare(), incoming, stopping);
    let out_of_time = async {
        shutdown.begun().await;
        tokio::time::sleep(limits.drain).await;
        tracing::warn!("connections cut: they were still busy at the end of the drain");
        cut.cancel();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        ended = served => ended.map_err(ServeError::Serve),
        () = out_of_time => Ok(()),
    }
}
