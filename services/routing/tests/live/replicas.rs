//! Another replica changes the directory: this one routes by it as it is, not as it was.

use std::sync::Arc;

use access::Role;
use directory::Live;
use duban_proto::common::v1::{Organ as WireOrgan, OrganKind, Rank, RespondentKind};
use duban_proto::routing::v1::RouteCaseRequest;
use ledger::{Organ, Submission, Writer, WriterSettings};
use routing::Ledgers;
use routing::domain::{Act, Command};

use crate::harness::{CENTRE, OTHER, Running, TOWN, UNIT, a_clerk, case, id, organ, respondent, start};

impl Running {
    /// A replica of the service on the same database establishes an organ.
    async fn another_replica_establishes(&self, organ: WireOrgan) {
        let pool = self.db.pool("routing").await.unwrap();
        let rules = Arc::clone(self.service.writer().domain().rules());
        let ledgers = Ledgers::new(rules, Live::open(pool.clone()).await.unwrap());
        let clock = Arc::clone(self.service.writer().clock());
        let writer = Writer::new(Arc::new(ledgers), pool, clock, WriterSettings::default());
        let command = Command { case_id: None, act: Act::Establish(vec![organ]) };
        let submission = Submission { command, actor: "admin".into(), request: None, cause: None };
        writer.submit(&Organ::new(CENTRE).unwrap(), submission).await.unwrap();
        writer.drain().await;
    }
}

#[tokio::test]
async fn art_6_1_an_automatic_case_goes_to_the_organ_above_a_unit_that_is_new() {
    let mut running = start().await;
    let new = "baoshan.luodian.library";
    running.another_replica_establishes(organ(new, TOWN, "", OrganKind::Unit)).await;
    let clerk = respondent(new, RespondentKind::Person, Rank::Unranked, false);
    running.accepts(CENTRE, 1, clerk.clone(), true).await;
    running.accepted(CENTRE, 1, clerk).await;
    let routed = running.until(CENTRE, 1, |case| case.current_term == 1).await;
    assert_eq!(routed.terms[0].organ, TOWN);
    running.stop().await;
}

#[tokio::test]
async fn art_6_1_an_officers_case_goes_to_the_organ_above_a_unit_that_moved() {
    let mut running = start().await;
    running.another_replica_establishes(organ(UNIT, OTHER, "", OrganKind::Unit)).await;
    running.accepted(CENTRE, 1, a_clerk()).await;
    let ready = running.until(CENTRE, 1, |case| case.working_copy_ready).await;
    let request = RouteCaseRequest {
        request_id: id(1),
        case_id: case(1).to_string(),
        version: ready.version,
        ..RouteCaseRequest::default()
    };
    let request = running.by(Role::Leader, CENTRE, request);
    let route = running.routing.route_case(request).await.unwrap().into_inner().route.unwrap();
    assert_eq!(route.organ, OTHER);
    running.stop().await;
}
