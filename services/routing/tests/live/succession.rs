//! Open cases follow where an organ is closed, whoever does it and however many there are: article 4.

use access::Role;
use duban_proto::common::v1::{Organ as WireOrgan, OrganKind};
use duban_proto::routing::v1::organ_change::What;
use duban_proto::routing::v1::{
    ImportOrgansRequest, OrganChange, OrganClosing, PlanChangeRequest, RouteCaseRequest,
};
use ledger::Organ;
use ledger::rebuild::{Mode, rebuild};

use crate::harness::{CENTRE, OTHER, Running, TOWN, a_clerk, at, case, id, organ, start};

impl Running {
    /// A case that `home` hands to the town that manages the clerk.
    async fn routed(&mut self, home: &str, number: u128) {
        self.accepted(home, number, a_clerk()).await;
        let ready = self.until(home, number, |case| case.working_copy_ready).await;
        let request = RouteCaseRequest {
            request_id: id(number),
            case_id: case(number).to_string(),
            version: ready.version,
            ..RouteCaseRequest::default()
        };
        let request = self.by(Role::Leader, home, request);
        self.routing.route_case(request).await.unwrap();
    }

    async fn projections_come_out_the_same(&self) {
        for organ in [CENTRE, TOWN, OTHER] {
            let organ = Organ::new(organ).unwrap();
            for table in rebuild(self.service.writer(), &organ, Mode::Check).await.unwrap() {
                assert!(table.same, "{table:?}");
            }
        }
    }
}

#[tokio::test]
async fn art_4_a_planned_closing_moves_terms_and_homes_and_all_comes_out_the_same_again() {
    let mut running = start().await;
    running.routed(CENTRE, 1).await;
    running.routed(TOWN, 2).await;
    let closing = OrganClosing { organ: TOWN.into(), successor: OTHER.into() };
    let change = OrganChange {
        effective_on: "2026-03-03".into(),
        document: String::new(),
        what: Some(What::Closing(closing)),
    };
    let request = PlanChangeRequest { request_id: id(100), change: Some(change) };
    let request = running.by(Role::DirectoryAdmin, CENTRE, request);
    running.directory.plan_change(request).await.unwrap();
    running.clock.set(at("2026-03-03 00:00"));
    for number in [1, 2] {
        let moved = running.until(OTHER, number, |case| case.current_term == 2).await;
        assert_eq!(moved.home, if number == 1 { CENTRE } else { OTHER });
        assert_eq!(moved.terms.last().unwrap().organ, OTHER);
    }
    running.until(TOWN, 2, |case| case.home == OTHER).await;
    running.projections_come_out_the_same().await;
    running.stop().await;
}

#[tokio::test]
async fn art_4_cases_follow_where_an_import_closes_an_organ_also_those_that_come_later() {
    let mut running = start().await;
    running.routed(TOWN, 1).await;
    let closed =
        WireOrgan { successor: OTHER.into(), ..organ(TOWN, CENTRE, "罗效投", OrganKind::SubCentre) };
    let request = ImportOrgansRequest { request_id: id(100), organs: vec![closed] };
    let request = running.by(Role::DirectoryAdmin, CENTRE, request);
    running.directory.import_organs(request).await.unwrap();
    running.until(OTHER, 1, |case| case.current_term == 2).await;
    // Accepted at the closed organ's door after it was closed.
    running.accepted(TOWN, 2, a_clerk()).await;
    let later = running.until(OTHER, 2, |case| case.working_copy_ready).await;
    assert_eq!((later.home.as_str(), later.current_term), (OTHER, 0));
    running.until(TOWN, 2, |case| case.home == OTHER).await;
    running.projections_come_out_the_same().await;
    running.stop().await;
}
