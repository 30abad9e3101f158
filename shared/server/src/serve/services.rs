//! The services of a server: ours, health and reflection.

use std::convert::Infallible;

use axum::response::IntoResponse;
use http::Request;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::{Routes, RoutesBuilder};
use tonic_health::ServingStatus;
use tonic_health::server::{HealthReporter, HealthService};
use tonic_reflection::server::Builder;
use tower::Service;

use super::ServeError;

/// The gRPC services that one listener serves.
#[derive(Clone, Debug, Default)]
pub struct Services {
    routes: RoutesBuilder,
    names: Vec<&'static str>,
}

impl Services {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more; wrap it in [`limited!`](crate::limited).
    #[must_use]
    pub fn with<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Error = Infallible> + NamedService + Clone + Send + Sync + 'static,
        S::Response: IntoResponse,
        S::Future: Send + 'static,
    {
        self.names.push(S::NAME);
        self.routes.add_service(service);
        self
    }

    /// All routes, with health (SERVING for each, and for "" as the whole) and reflection v1 and v1alpha of just
    /// these services.
    pub(super) async fn into_routes(mut self) -> Result<(Routes, HealthReporter), ServeError> {
        let reporter = HealthReporter::new();
        for name in self.names.iter().copied().chain([""]) {
            reporter.set_service_status(name, ServingStatus::Serving).await;
        }
        let health = HealthService::from_health_reporter(reporter.clone());
        self.routes.add_service(tonic_health::pb::health_server::HealthServer::new(health));
        self.routes.add_service(self.reflection().build_v1().map_err(ServeError::Reflection)?);
        self.routes.add_service(self.reflection().build_v1alpha().map_err(ServeError::Reflection)?);
        Ok((self.routes.routes(), reporter))
    }

    fn reflection(&self) -> Builder<'static> {
        let builder = Builder::configure()
            .register_encoded_file_descriptor_set(duban_proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET);
        self.names.iter().copied().chain(["grpc.health.v1.Health"]).fold(builder, Builder::with_service_name)
    }
}
