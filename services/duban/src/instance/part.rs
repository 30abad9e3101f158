//! One service, whichever it is.

use std::sync::Arc;

use content::{Beside, ErasureList, ListError, Vault};
use directory::Live;
use intake::Intake;
use routing::Routing;
use seal::{BlindIndex, Fingerprints, TrackingCodes};
use server::Services;
use sqlx::PgPool;
use supervision::Supervision;

use super::{Channels, Common};
use crate::place::Service;

/// A service at work.
pub enum Running {
    /// Intake.
    Intake(Intake),
    /// Routing.
    Routing(Routing),
    /// Supervision.
    Supervision(Supervision),
}

/// Deletes again what a backup brought back into a service's schema; how much that was.
pub(super) async fn replay(service: Service, pool: &PgPool, list: &ErasureList) -> Result<usize, ListError> {
    match service {
        Service::Intake => intake::replay(pool, list).await,
        Service::Routing | Service::Supervision => content::replay(pool, list, Beside::default()).await,
    }
}

/// The fields that the `Deps` of all services have.
macro_rules! deps {
    ($of:ident, $pool:expr, $common:expr, $directory:expr $(, $more:ident: $value:expr)*) => {
        $of::Deps {
            vault: Vault::new($common.sealer(), $pool.clone()),
            pool: $pool,
            erasures: Arc::clone(&$common.erasures),
            clock: Arc::clone(&$common.clock),
            rules: Arc::clone(&$common.rules),
            fingerprints: Fingerprints::new($common.master.derive("fingerprint")),
            directory: $directory,
            ids: Arc::new(server::RandomIds),
            writer_settings: $common.writer.clone(),
            shutdown: $common.shutdown.token().clone(),
            tasks: $common.shutdown.tracker().clone(),
            $($more: $value,)*
        }
    };
}

impl Running {
    /// Starts a service on its schema. It neither listens nor follows yet.
    pub(super) fn start(service: Service, pool: PgPool, directory: Live, common: &Common) -> Self {
        match service {
            Service::Intake => Self::Intake(Intake::start(deps!(
                intake, pool, common, directory,
                blind_index: BlindIndex::new(common.master.derive("blind-index")),
                tracking: TrackingCodes::new(common.master.derive("tracking-code")),
                quotas: Arc::clone(&common.quotas),
                files: common.attachments.files.clone(),
                attachments: common.attachments.limits.clone(),
                delivery: Arc::clone(&common.delivery)
            ))),
            Service::Routing => Self::Routing(Routing::start(deps!(routing, pool, common, directory))),
            Service::Supervision => {
                Self::Supervision(Supervision::start(deps!(supervision, pool, common, directory)))
            }
        }
    }

    /// Its gRPC services, beside those of others.
    pub(super) fn services(&self, services: Services) -> Services {
        match self {
            Self::Intake(intake) => intake.services(services),
            Self::Routing(routing) => routing.services(services),
            Self::Supervision(supervision) => supervision.services(services),
        }
    }

    /// Follows the ledgers of the others.
    pub(super) fn follow(&self, channels: &Channels) {
        let Channels { intake, routing, supervision } = channels;
        match self {
            Self::Intake(service) => service.follow(intake.clone(), routing.clone(), supervision.clone()),
            Self::Routing(service) => service.follow(intake.clone(), supervision.clone()),
            Self::Supervision(service) => service.follow(intake.clone(), routing.clone()),
        }
    }

    /// Takes no more commands, and waits until what waits is written.
    pub(super) async fn drain(&self) {
        match self {
            Self::Intake(intake) => intake.drain().await,
            Self::Routing(routing) => routing.drain().await,
            Self::Supervision(supervision) => supervision.drain().await,
        }
    }
}
