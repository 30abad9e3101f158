use access::Role;
use duban_proto::common::v1::CaseFacts;
use duban_proto::routing::v1::{
    CaseConcluded, CaseOpened, DispositionApproved, FactsCorrected, HomeMoved, TermBegun, TermLeft,
    TermReceived, WithdrawalNoted, event::Kind,
};
use duban_proto::supervision::v1::{
    Clock, DecideExtensionRequest, GetBoardRequest, GetClocksRequest, RequestExtensionRequest, StopReason,
};
use ledger::Clock as _;
use supervision::domain::time::{from_wire, to_wire};
use uuid::Uuid;

use crate::concerns;
use crate::follow_up;
use crate::harness::{CENTRE, OTHER, Running, TOWN, at, case, start_following};
use crate::notices;
use crate::review;

fn facts(registering_organ: &str, accepted_at: &str) -> CaseFacts {
    CaseFacts {
        registering_organ: registering_organ.into(),
        number: "宝效投〔2026〕1号".into(),
        accepted_at: Some(to_wire(at(accepted_at))),
        ..CaseFacts::default()
    }
}

fn opened(registering_organ: &str) -> Kind {
    let facts = Some(facts(registering_organ, "2026-03-02 10:00"));
    Kind::CaseOpened(CaseOpened { facts, ..CaseOpened::default() })
}

fn term(number: u32, organ: &str, home: &str) -> TermBegun {
    let facts = Some(facts(home, "2026-03-02 10:00"));
    TermBegun { term: number, organ: organ.into(), home: home.into(), facts, ..TermBegun::default() }
}

fn received(number: u32, organ: &str, home: &str, begun_at: &str) -> Kind {
    let begun_at = Some(to_wire(at(begun_at)));
    Kind::TermReceived(TermReceived { term: Some(term(number, organ, home)), begun_at })
}

/// The clocks of case 1 that the centre's supervision sees, once they are so.
async fn until(running: &mut Running, so: impl Fn(&[Clock]) -> bool) -> Vec<Clock> {
    let mut heads = running.supervision.writer().heads().subscribe();
    loop {
        heads.mark_unchanged();
        let get = GetClocksRequest { case_id: case(1).to_string() };
        let request = running.by(Role::Supervisor, CENTRE, get);
        let answer = running.client.get_clocks(request).await;
        let clocks = answer.map(|answer| answer.into_inner().clocks).unwrap_or_default();
        if so(&clocks) {
            return clocks;
        }
        let moved = tokio::time::timeout(std::time::Duration::from_secs(20), heads.changed()).await;
        moved.unwrap_or_else(|_| panic!("it never comes so: {clocks:?}")).unwrap();
    }
}

fn stopped(clocks: &[Clock], reason: StopReason) -> usize {
    clocks.iter().filter(|clock| clock.stop_reason() == reason).count()
}

#[tokio::test]
async fn art_17_clocks_start_with_the_case_and_the_term_and_stop_with_the_disposition() {
    let mut running = start_following().await;
    let id = Some(case(1));
    running.routing().says(CENTRE, id, opened(CENTRE)).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term(1, TOWN, CENTRE))).await;
    running.clock.set(at("2026-03-04 10:00"));
    running.routing().says(TOWN, id, received(1, TOWN, CENTRE, "2026-03-02 11:00")).await;
    let clocks = until(&mut running, |clocks| clocks.len() == 2).await;
    assert_eq!(clocks[1].organ, TOWN);
    assert_eq!(from_wire(clocks[1].start.as_ref()), at("2026-03-02 11:00"), "from the term's start");

    running.clock.set(at("2026-03-06 10:00"));
    let approved = DispositionApproved { term: 1, ..DispositionApproved::default() };
    running.routing().says(TOWN, id, Kind::DispositionApproved(approved)).await;
    let approved_at = Some(to_wire(running.clock.now()));
    running.clock.set(at("2026-03-30 10:00"));
    let concluded = CaseConcluded { term: 1, organ: TOWN.into(), approved_at, ..CaseConcluded::default() };
    running.routing().says(CENTRE, id, Kind::CaseConcluded(concluded)).await;
    let clocks = until(&mut running, |clocks| stopped(clocks, StopReason::Concluded) == 2).await;
    assert!(clocks.iter().all(|clock| clock.on_time), "judged by the approval, not by when it was noted");
    running.stop().await;
}

#[tokio::test]
async fn a_later_term_supersedes_the_one_before_it_and_a_moved_home_stops_its_clock() {
    let mut running = start_following().await;
    let id = Some(case(1));
    running.routing().says(CENTRE, id, opened(CENTRE)).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term(1, CENTRE, CENTRE))).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term(2, TOWN, CENTRE))).await;
    until(&mut running, |clocks| stopped(clocks, StopReason::Superseded) == 1).await;
    running
        .routing()
        .says(CENTRE, id, Kind::HomeMoved(HomeMoved { home: OTHER.into(), ..HomeMoved::default() }))
        .await;
    let clocks = until(&mut running, |clocks| stopped(clocks, StopReason::HomeMoved) == 1).await;
    assert_eq!(clocks.iter().map(|clock| clock.term).collect::<Vec<_>>(), [0, 1]);
    running.stop().await;
}

#[tokio::test]
async fn house_the_clock_of_a_term_stops_at_the_organ_that_held_it_when_a_later_one_begins() {
    let mut running = start_following().await;
    let id = Some(case(1));
    running.routing().says(CENTRE, id, opened(CENTRE)).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term(1, TOWN, CENTRE))).await;
    running.routing().says(TOWN, id, received(1, TOWN, CENTRE, "2026-03-02 11:00")).await;
    let before = until(&mut running, |clocks| clocks.len() == 2).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term(2, CENTRE, CENTRE))).await;
    until(&mut running, |clocks| clocks.len() == 3).await;
    running.clock.set(at("2026-03-06 10:00"));
    let at_home = Some(to_wire(at("2026-03-04 10:00")));
    let left = TermLeft { term: 1, by: 2, at: at_home, ..TermLeft::default() };
    running.routing().says(TOWN, id, Kind::TermLeft(left.clone())).await;
    running.routing().says(CENTRE, id, Kind::TermLeft(left)).await;
    let clocks = until(&mut running, |clocks| stopped(clocks, StopReason::Superseded) == 1).await;
    let of = |clocks: &[Clock], term: u32| clocks.iter().find(|clock| clock.term == term).cloned().unwrap();
    assert_eq!(of(&clocks, 1).stopped_at, at_home, "when the later term began, not when it was heard");
    let (was, is) = (of(&before, 0), of(&clocks, 0));
    assert_eq!((was.start, was.due_at, is.stopped_at), (is.start, is.due_at, None), "the case's goes on");
    assert_eq!(of(&clocks, 2).stopped_at, None);
    running.stop().await;
}

#[tokio::test]
async fn a_withdrawn_complaint_stops_all_unless_the_centre_goes_on() {
    let mut running = start_following().await;
    let id = Some(case(1));
    running.routing().says(CENTRE, id, opened(CENTRE)).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term(1, CENTRE, CENTRE))).await;
    running.routing().says(CENTRE, id, Kind::WithdrawalNoted(WithdrawalNoted { goes_on: true })).await;
    until(&mut running, |clocks| clocks.len() == 2).await;
    running.routing().says(CENTRE, id, Kind::WithdrawalNoted(WithdrawalNoted { goes_on: false })).await;
    until(&mut running, |clocks| stopped(clocks, StopReason::Withdrawn) == 2).await;
    running.stop().await;
}

#[tokio::test]
async fn house_a_corrected_limit_of_another_system_is_shown_by_all_clocks_and_moves_none() {
    let mut running = start_following().await;
    let id = Some(case(1));
    running.routing().says(CENTRE, id, opened(CENTRE)).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term(1, CENTRE, CENTRE))).await;
    let before = until(&mut running, |clocks| clocks.len() == 2).await;
    let limit = Some(to_wire(at("2026-03-05 17:00")));
    let corrected = CaseFacts { external_due_at: limit, ..facts(CENTRE, "2026-03-02 10:00") };
    running.routing().says(CENTRE, id, Kind::FactsCorrected(FactsCorrected { facts: Some(corrected) })).await;
    let after = until(&mut running, |clocks| clocks.iter().all(|clock| clock.external_due_at == limit)).await;
    assert_eq!(
        before.iter().map(|it| it.due_at).collect::<Vec<_>>(),
        after.iter().map(|it| it.due_at).collect::<Vec<_>>()
    );
    running.stop().await;
}

#[tokio::test]
async fn art_17_an_extension_at_the_holder_reaches_the_home_by_the_mailbox() {
    let mut running = start_following().await;
    let id = Some(case(1));
    running.routing().says(CENTRE, id, opened(CENTRE)).await;
    running.routing().says(TOWN, id, received(1, TOWN, CENTRE, "2026-03-02 11:00")).await;
    until(&mut running, |clocks| clocks.len() == 2).await;
    let wanted = RequestExtensionRequest {
        request_id: Uuid::from_u128(100).to_string(),
        case_id: case(1).to_string(),
        term: 1,
        length: "20 workdays".into(),
        reason: "须委托鉴定。".into(),
    };
    let request = running.by(Role::Handler, TOWN, wanted);
    let asked = running.client.request_extension(request).await.unwrap().into_inner().extension.unwrap();
    let decision = DecideExtensionRequest {
        request_id: Uuid::from_u128(101).to_string(),
        case_id: case(1).to_string(),
        extension_id: asked.extension_id,
        granted: true,
        told: "须委托鉴定".into(),
        refusal: String::new(),
    };
    let request = running.by(Role::Head, TOWN, decision);
    running.client.decide_extension(request).await.unwrap();
    let extended = at("2026-03-31 00:00");
    until(&mut running, |clocks| clocks.iter().all(|clock| from_wire(clock.due_at.as_ref()) == extended))
        .await;
    running.stop().await;
}

#[tokio::test]
async fn the_directory_in_memory_follows_routings() {
    let mut running = start_following().await;
    let park = duban_proto::common::v1::Organ {
        code: "baoshan.park".into(),
        parent: CENTRE.into(),
        kind: duban_proto::common::v1::OrganKind::SubCentre.into(),
        ..Default::default()
    };
    running.routing().establishes(park).await;
    let board = async {
        loop {
            let request = running.by(Role::Supervisor, CENTRE, GetBoardRequest::default());
            let board = running.client.get_board(request).await.unwrap().into_inner();
            if board.lines.iter().any(|line| line.organ == "baoshan.park") {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), board).await.unwrap();
    running.stop().await;
}

#[tokio::test]
async fn everything_can_be_made_again_from_the_ledger_alone() {
    let mut running = start_following().await;
    let id = Some(case(1));
    running.routing().says(CENTRE, id, opened(CENTRE)).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term(1, CENTRE, CENTRE))).await;
    until(&mut running, |clocks| clocks.len() == 2).await;
    let wanted = RequestExtensionRequest {
        request_id: Uuid::from_u128(100).to_string(),
        case_id: case(1).to_string(),
        term: 0,
        length: "12 workdays".into(),
        reason: "须委托鉴定。".into(),
    };
    let request = running.by(Role::Handler, CENTRE, wanted);
    running.client.request_extension(request).await.unwrap();
    running.clock.set(at("2026-04-30 10:00"));
    running.fired(CENTRE, 8).await;
    concerns::repeated(&mut running).await;
    review::appealed(&mut running, 9).await;
    follow_up::due(&running).await;
    notices::accountable(&running).await;
    let writer = running.supervision.writer();
    let organ = ledger::Organ::new(CENTRE).unwrap();
    let rebuilt = ledger::rebuild::rebuild(writer, &organ, ledger::rebuild::Mode::Check).await.unwrap();
    assert_eq!(rebuilt.len(), 21);
    for table in rebuilt {
        let written_elsewhere = ["exclusion", "analysis", "frozen_period"].contains(&table.table);
        assert!(table.same && (table.rows_before > 0 || written_elsewhere), "{table:?}");
    }
    running.stop().await;
}
