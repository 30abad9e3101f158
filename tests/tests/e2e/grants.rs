//! Who handles a case and must know the complainant (15).

use duban_proto::intake::v1::{
    DecideGrantRequest, GrantState, IdentityGrant, ListGrantsRequest, ListReadingsRequest,
    OpenByGrantRequest, RequestGrantRequest,
};
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use jiff::SignedDuration;
use tonic::Code;

fn ask(journey: &Journey<'_>) -> RequestGrantRequest {
    RequestGrantRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        purpose: "verify".into(),
        reason: "需当面核对办理当日的取号记录".into(),
    }
}

fn decide(grant: &IdentityGrant, valid_hours: u32) -> DecideGrantRequest {
    DecideGrantRequest {
        request_id: complaints::request_id(),
        case_id: grant.case_id.clone(),
        grant_id: grant.grant_id.clone(),
        granted: valid_hours > 0,
        valid_hours,
    }
}

fn open(grant: &IdentityGrant) -> OpenByGrantRequest {
    OpenByGrantRequest {
        request_id: complaints::request_id(),
        case_id: grant.case_id.clone(),
        grant_id: grant.grant_id.clone(),
    }
}

/// A grant that an investigator of the sub-centre asked for.
async fn asked(journey: &Journey<'_>, handler: &Officer) -> IdentityGrant {
    let asked = eventually("the case at the sub-centre", async || {
        handler.identity().request_grant(ask(journey)).await.ok()
    });
    asked.await.into_inner().grant.expect("a grant")
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_a_handler_reads_the_identity_by_a_leaders_grant_until_it_ends() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let handler = world.officer("handler", SUB_CENTRE, "wu.min");
    let grant = asked(&journey, &handler).await;
    assert_eq!((grant.state(), grant.reader.as_str()), (GrantState::Requested, "wu.min"));
    assert_eq!(rejection(handler.identity().open_by_grant(open(&grant)).await).reason, "NOTHING_TO_ACT_ON");

    // The organ that handles the case does not grant it to itself.
    let there = rejection(world.leader(SUB_CENTRE).identity().decide_grant(decide(&grant, 24)).await);
    assert_eq!(there.reason, "CASE_NOT_FOUND");
    let list = ListGrantsRequest { case_id: journey.case_id() };
    let leader = world.leader(CENTRE);
    let listed = leader.identity().list_grants(list).await.expect("a list").into_inner().grants;
    assert_eq!(listed[0].reason, "需当面核对办理当日的取号记录");
    let too_long = rejection(leader.identity().decide_grant(decide(&grant, 721)).await);
    assert_eq!((too_long.code, too_long.fields), (Code::InvalidArgument, vec!["valid_hours".to_owned()]));
    let granted = leader.identity().decide_grant(decide(&grant, 24)).await.expect("granted").into_inner();
    assert_eq!(granted.grant.expect("a grant").state(), GrantState::Granted);

    let opened = handler.identity().open_by_grant(open(&grant)).await.expect("opened").into_inner();
    assert_eq!(opened.complainant, Some(complaints::complainant()));
    let colleague = world.officer("handler", SUB_CENTRE, "he.jun");
    assert_eq!(rejection(colleague.identity().open_by_grant(open(&grant)).await).reason, "NOTHING_TO_ACT_ON");
    let readings = ListReadingsRequest { case_id: journey.case_id() };
    let readings = leader.identity().list_readings(readings).await.expect("a list").into_inner().readings;
    let readings: Vec<_> = readings.iter().map(|one| (one.reader.as_str(), one.purpose.as_str())).collect();
    assert_eq!(readings, [("wu.min", "verify")]);

    world.turn(SignedDuration::from_hours(24));
    assert_eq!(rejection(handler.identity().open_by_grant(open(&grant)).await).reason, "NOTHING_TO_ACT_ON");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_only_who_handles_the_case_may_ask_and_another_person_decides() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let stranger = world.officer("handler", SUB_CENTRE, "wu.min");
    assert_eq!(rejection(stranger.identity().request_grant(ask(&journey)).await).reason, "CASE_NOT_FOUND");
    let desk = world.desk(CENTRE);
    assert_eq!(rejection(desk.identity().request_grant(ask(&journey)).await).reason, "ROLE_NOT_ALLOWED");
    let leader = world.leader(CENTRE);
    let mut lacking = ask(&journey);
    (lacking.purpose, lacking.reason) = ("curiosity".into(), String::new());
    assert_eq!(rejection(leader.identity().request_grant(lacking).await).fields, ["purpose", "reason"]);

    let own = leader.identity().request_grant(ask(&journey)).await.expect("asked").into_inner().grant;
    let own = own.expect("a grant");
    let refused = rejection(leader.identity().decide_grant(decide(&own, 1)).await);
    assert_eq!(
        (refused.reason.as_str(), refused.articles),
        ("PERSON_EXCLUDED", vec!["article 15".to_owned()])
    );
    world.head(CENTRE).identity().decide_grant(decide(&own, 1)).await.expect("granted by the head");
    leader.identity().open_by_grant(open(&own)).await.expect("opened");
    world.head(CENTRE).identity().decide_grant(decide(&own, 0)).await.expect("taken back");
    assert_eq!(rejection(leader.identity().open_by_grant(open(&own)).await).reason, "NOTHING_TO_ACT_ON");
}
