//! The home: hands the case to the organ that is competent, and files it in the end.

use access::Role;
use duban_proto::routing::v1 as wire;
use tonic::Code;

use super::{Case, Stage, Step, Stopped};
use crate::demo::cast::Person;
use crate::demo::script::Scenario;
use crate::demo::stage::until;

impl Stage {
    pub(super) async fn route(&self, case: &mut Case) -> Result<Option<Step>, Stopped> {
        let ready = until("the working copy has reached routing", || async {
            let found = self.routed(case, &case.door).await?;
            Ok(found.filter(|found| found.working_copy_ready))
        })
        .await?;
        case.home.clone_from(&case.door);
        self.route_at_home(case, ready).await
    }

    /// The case was reported up: the parent routes it.
    pub(super) async fn route_above(&self, case: &mut Case) -> Result<Option<Step>, Stopped> {
        let found = until("the case has reached the organ above", || self.routed_at_home(case)).await?;
        self.route_at_home(case, found).await
    }

    async fn routed_at_home(&self, case: &Case) -> Result<Option<wire::RoutedCase>, Stopped> {
        self.routed(case, &case.home).await
    }

    async fn route_at_home(&self, case: &mut Case, seen: wire::RoutedCase) -> Result<Option<Step>, Stopped> {
        let request = wire::RouteCaseRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            version: seen.version,
            organ: String::new(),
            reason: String::new(),
        };
        let desk = Person::new(&case.home, Role::Desk);
        let done = self.cast.routing(&desk)?.route_case(request).await?.into_inner();
        let route = done.route.unwrap_or_default();
        if route.up {
            case.home = route.organ;
            return Ok(Some(Step::RouteAbove));
        }
        case.term = done.case.map_or(0, |case| case.current_term);
        case.holder = route.organ;
        let itself = case.holder == case.home && case.scenario != Scenario::Withdrawn;
        Ok(itself.then_some(Step::Appoint))
    }

    pub(super) async fn acknowledge(&self, case: &mut Case) -> Result<(), Stopped> {
        until("the term has reached the organ that holds it", || self.routed(case, &case.holder)).await?;
        let request = wire::AcknowledgeTransferRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            term: case.term,
        };
        let desk = Person::new(&case.holder, Role::Desk);
        self.cast.routing(&desk)?.acknowledge_transfer(request).await?;
        Ok(())
    }

    pub(super) async fn archive(&self, case: &mut Case) -> Result<(), Stopped> {
        // Some files lie about for a while.
        if case.number % 3 == 1 {
            return Ok(());
        }
        until("the home knows that the complainant has the result", || async {
            let found = self.routed(case, &case.home).await?;
            Ok(found.filter(|found| found.replied))
        })
        .await?;
        let request = wire::ArchiveCaseRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            retention_years: if case.number.is_multiple_of(2) { 30 } else { 10 },
        };
        let archivist = Person::new(&case.home, Role::Archivist);
        self.cast.casework(&archivist)?.archive_case(request).await?;
        Ok(())
    }

    /// The case in the ledger of an organ, if it is there.
    async fn routed(&self, case: &Case, organ: &str) -> Result<Option<wire::RoutedCase>, Stopped> {
        let request = wire::GetRoutedCaseRequest { case_id: case.id.clone(), organ: organ.to_owned() };
        let mut routing = self.cast.routing(&Person::new(organ, Role::Desk))?;
        match routing.get_routed_case(request).await {
            Ok(found) => Ok(found.into_inner().case),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(status.into()),
        }
    }
}
