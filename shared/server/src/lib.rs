//! The gRPC server that all services run on.
//!
//! - [`serve`] binds and serves [`Services`] behind one door ([`door`]): request ids, authentication by the access
//!   table, limits, deadlines, panics, malformed messages, metrics.
//! - [`Error`] is what every handler returns; the one table from reasons to gRPC codes and rich details is in
//!   [`error`]. [`Violations`] collects what is wrong with a request, all at once.
//! - [`Caller`] is who calls, found in the request's extensions.
//! - [`page`], [`time`] and [`Ids`] are small things every handler needs; [`telemetry`] and [`Shutdown`] what every
//!   process needs.

pub mod caller;
pub mod door;
pub mod error;
pub mod ids;
pub mod methods;
pub mod page;
mod request_id;
pub mod serve;
pub mod shutdown;
pub mod telemetry;
pub mod time;
pub mod violations;

pub use caller::Caller;
pub use error::{Error, Reason};
pub use ids::{Ids, RandomIds};
pub use request_id::RequestId;
pub use serve::{
    Cors, Limits, MAX_RECEIVED_BYTES, MAX_SENT_BYTES, ServeError, ServerSettings, Services, Serving, Tls,
    serve,
};
pub use shutdown::Shutdown;
pub use violations::{Violation, Violations};

/// A tonic server with the message limits of every service: 1 MiB received, 4 MiB sent.
///
/// ```
/// use duban_proto::feed::v1::feed_service_server::{FeedService, FeedServiceServer};
///
/// fn with_feed(services: server::Services, feed: impl FeedService) -> server::Services {
///     services.with(server::limited!(FeedServiceServer::new(feed)))
/// }
/// ```
#[macro_export]
macro_rules! limited {
    ($service:expr) => {
        $service
            .max_decoding_message_size($crate::MAX_RECEIVED_BYTES)
            .max_encoding_message_size($crate::MAX_SENT_BYTES)
    };
}
