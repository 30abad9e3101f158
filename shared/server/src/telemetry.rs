//! Logs and metrics of a process.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Deserialize;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::TryInitError;

use crate::serve::{ServeError, bind};
use crate::shutdown::Shutdown;

/// The names of the server's metrics.
pub(crate) mod names {
    pub(crate) const REQUESTS: &str = "duban_rpc_requests_total";
    pub(crate) const DURATION: &str = "duban_rpc_duration_seconds";
    pub(crate) const IN_FLIGHT: &str = "duban_rpc_in_flight";
}

/// From half a millisecond to ten seconds, where calls are cut.
const BUCKETS_S: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// How often histograms are folded up.
const UPKEEP: Duration = Duration::from_secs(5);

/// How lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// Why logs or metrics can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not well-formed.
    #[error("the log filter {filter:?} is not well-formed: expected like \"info,server=debug\"")]
    Filter {
        /// The filter.
        filter: String,
        /// Why.
        #[source]
        source: ParseError,
    },
    /// Logs are set up already.
    #[error("logs are set up already")]
    Logs(#[source] TryInitError),
    /// Metrics are set up already, or their names or buckets are not usable.
    #[error("metrics cannot be set up")]
    Metrics(#[source] BuildError),
}

/// Sets up logs, to standard error: once in a process. `filter` as in `RUST_LOG`: "info,server=debug".
///
/// Panics are logged by their place only: their text may quote what somebody wrote.
pub fn init_logs(filter: &str, format: LogFormat) -> Result<(), TelemetryError> {
    use tracing_subscriber::util::SubscriberInitExt as _;
    let parsed = EnvFilter::try_new(filter)
        .map_err(|source| TelemetryError::Filter { filter: filter.to_owned(), source })?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let lines =
        tracing_subscriber::fmt().with_env_filter(parsed).with_writer(std::io::stderr).with_ansi(colours);
    match format {
        LogFormat::Text => lines.finish().try_init(),
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init(),
    }
    .map_err(TelemetryError::Logs)?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current();
        tracing::error!(panic.place = place, thread.name = thread.name().unwrap_or_default(), "panicked");
    }));
    Ok(())
}

/// The process's metrics.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Sets up metrics: once in a process.
    pub fn install() -> Result<Self, TelemetryError> {
        PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS_S)
            .and_then(PrometheusBuilder::install_recorder)
            .map(Self)
            .map_err(TelemetryError::Metrics)
    }

    /// The metrics as Prometheus reads them.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Serves `/metrics` and `/healthz` over HTTP/1.1 until the shutdown begins, and gives the address bound.
    /// `/healthz` says 200, and 503 once the shutdown has begun.
    pub fn serve(&self, listen: SocketAddr, shutdown: &Shutdown) -> Result<SocketAddr, ServeError> {
        let listener = bind(listen)?;
        let address = listener.local_addr().map_err(|source| ServeError::Bind { address: listen, source })?;
        let (handle, stopping) = (self.0.clone(), shutdown.clone());
        let router = Router::new()
            .route("/metrics", get(move || std::future::ready(handle.render())))
            .route("/healthz", get(move || std::future::ready(health(&stopping))));
        let stop = shutdown.clone();
        shutdown.spawn(async move {
            let served =
                axum::serve(listener, router).with_graceful_shutdown(async move { stop.begun().await });
            if let Err(error) = served.await {
                tracing::error!(error.cause = %error, "the metrics endpoint failed");
            }
        });
        self.keep_up(shutdown);
        tracing::info!(metrics.address = %address, "metrics at /metrics, health at /healthz");
        Ok(address)
    }

    fn keep_up(&self, shutdown: &Shutdown) {
        let (handle, stop) = (self.0.clone(), shutdown.clone());
        shutdown.spawn(async move {
            let mut every = tokio::time::interval(UPKEEP);
            loop {
                tokio::select! {
                    _ = every.tick() => handle.run_upkeep(),
                    () = stop.begun() => return,
                }
            }
        });
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics(…)")
    }
}

fn health(shutdown: &Shutdown) -> (StatusCode, &'static str) {
    if shutdown.is_begun() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else {
        (StatusCode::OK, "ok\n")
    }
}
