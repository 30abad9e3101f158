//! Complaints that come again, and several people on one matter (21).

use duban_proto::common::v1::Rank;
use duban_proto::intake::v1::{
    CaseLink, Complainant, Complaint, GetCaseRequest, Identifier, LinkCasesRequest, LinkKind,
    ProvideSupplementRequest, ReplyOccasion, UnlinkCasesRequest,
};
use duban_proto::supervision::v1::{Concern, ConcernKind, ListConcernsRequest};
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use jiff::SignedDuration;
use tonic::Code;

/// The links of a case as an officer sees them.
async fn links(officer: &Officer, case_id: String) -> Vec<CaseLink> {
    let answer = officer.intake().get_case(GetCaseRequest { case_id }).await.expect("a case");
    answer.into_inner().links
}

/// The same, once there are some.
async fn found(officer: &Officer, case_id: String) -> Vec<CaseLink> {
    eventually("a link", async || {
        let links = links(officer, case_id.clone()).await;
        (!links.is_empty()).then_some(links)
    })
    .await
}

/// The repeat that supervision was told of, once it was.
async fn told_to_supervision(officer: &Officer) -> Concern {
    eventually("supervision is told", async || {
        let answer = officer.supervision().list_concerns(ListConcernsRequest::default()).await.ok()?;
        let concerns = answer.into_inner().concerns;
        concerns.into_iter().find(|concern| concern.kind() == ConcernKind::Repeat && concern.open)
    })
    .await
}

/// How many others by the same person on this matter an officer is told of.
async fn counted(officer: &Officer, journey: &Journey<'_>) -> u32 {
    let request = GetCaseRequest { case_id: journey.case_id() };
    officer.intake().get_case(request).await.expect("a case").into_inner().repeats
}

/// The same complainant in other spellings, by another channel, with other words.
fn again() -> Complaint {
    Complaint {
        channel: "letter".into(),
        title: "再次反映".into(),
        text: "还是那个窗口,还是不给办。".into(),
        complainant: Some(Complainant {
            name: "章 槐序".into(),
            phones: vec!["+86 138-0000-9421".into()],
            id_number: String::new(),
            ..complaints::complainant()
        }),
        ..complaints::about_a_clerk(UNIT)
    }
}

/// Somebody else, with nothing in common.
fn another() -> Complainant {
    Complainant {
        name: "骆闻笛".into(),
        phones: vec!["13800006677".into()],
        id_number: String::new(),
        address: "宝山区牡丹江路1号".into(),
        ..complaints::complainant()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_21_a_repeated_complaint_is_linked_across_organs_channels_and_spellings() {
    let world = World::new().await;
    let first = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    world.turn(SignedDuration::from_hours(1));
    let second = Journey::registered(&world, SUB_CENTRE, again()).await;

    let here = found(&world.desk(SUB_CENTRE), second.case_id()).await;
    let [link] = &here[..] else { panic!("{here:?}") };
    assert_eq!(
        (link.organ.as_str(), link.kind(), link.certain, link.earlier),
        (CENTRE, LinkKind::Repeated, true, true)
    );
    assert_eq!(link.matched().collect::<Vec<_>>(), [Identifier::Name, Identifier::Phone]);
    assert_eq!(
        (link.case_id.as_str(), link.number.as_str()),
        ("", ""),
        "the town's desk may not see the centre's case"
    );

    let above = found(&world.supervisor(CENTRE), second.case_id()).await;
    assert_eq!((&above[0].case_id, &above[0].number), (&first.case_id(), &first.receipt.number));
    let back = found(&world.desk(CENTRE), first.case_id()).await;
    assert_eq!(
        (back[0].organ.as_str(), back[0].earlier),
        (SUB_CENTRE, false),
        "the earlier case shows the later one"
    );
    for (organ, journey) in [(CENTRE, &first), (SUB_CENTRE, &second)] {
        assert_eq!(counted(&world.desk(organ), journey).await, 1);
    }
    let concern = told_to_supervision(&world.supervisor(CENTRE)).await;
    assert_eq!((concern.organ.as_str(), concern.other_organ.as_str()), (SUB_CENTRE, CENTRE));
    assert_eq!((concern.case_id, concern.other_id), (second.case_id(), first.case_id()));
    let at_the_town = told_to_supervision(&world.leader(SUB_CENTRE)).await;
    assert_eq!(at_the_town.other_id, "", "the town may not see the centre's case");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_21_a_link_takes_away_nobodys_own_clock_or_reply() {
    let world = World::new().await;
    let mut journeys = Vec::new();
    for complaint in [complaints::about_a_clerk(UNIT), again()] {
        journeys.push(Journey::registered(&world, CENTRE, complaint).await);
    }
    found(&world.desk(CENTRE), journeys[1].case_id()).await;
    for journey in &journeys {
        // The version is the one the receipt left: a link that was found comes between no officer and a case.
        journey.accept().await;
        let clocks = world.clocks_when(journey, CENTRE, |_| true).await;
        assert_eq!(clocks.len(), 1);
        journey.reply_due(ReplyOccasion::Accepted).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_21_another_matter_or_another_complainant_is_no_repeat() {
    let world = World::new().await;
    let first = complaints::about_a_clerk(UNIT);
    Journey::registered(&world, CENTRE, first.clone()).await;
    let other_ground = Complaint { grounds: vec!["8.4".into()], ..first.clone() };
    let other_respondent = complaints::about_a_person("baoshan.yanghang.services", Rank::Unranked, false);
    let other_person = Complaint { complainant: Some(another()), ..first.clone() };
    let mut others = Vec::new();
    for complaint in [other_ground, other_respondent, other_person] {
        others.push(Journey::registered(&world, CENTRE, complaint).await);
    }
    // What comes after them in the same ledger has been looked at: so have they.
    let last = Journey::registered(&world, CENTRE, first).await;
    let desk = world.desk(CENTRE);
    assert_eq!(found(&desk, last.case_id()).await.len(), 1);
    for other in others {
        assert_eq!(links(&desk, other.case_id()).await, []);
        assert_eq!(counted(&desk, &other).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_21_a_name_alone_makes_a_repeat_possible_and_not_certain() {
    let world = World::new().await;
    Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let namesake = Complainant { name: complaints::NAME.into(), ..another() };
    let complaint = Complaint { complainant: Some(namesake), ..complaints::about_a_clerk(UNIT) };
    let second = Journey::registered(&world, CENTRE, complaint).await;
    let links = found(&world.desk(CENTRE), second.case_id()).await;
    assert_eq!((links[0].matched().collect::<Vec<_>>(), links[0].certain), (vec![Identifier::Name], false));
    assert_eq!(counted(&world.desk(CENTRE), &second).await, 0, "a name alone does not count");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_an_investigator_is_not_told_that_the_complainant_came_before() {
    let world = World::new().await;
    Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    world.turn(SignedDuration::from_hours(1));
    let (second, _) = Journey::routed(&world, CENTRE, again()).await;
    found(&world.desk(CENTRE), second.case_id()).await;
    for (role, organ) in
        [("handler", CENTRE), ("handler", SUB_CENTRE), ("leader", SUB_CENTRE), ("leader", CENTRE)]
    {
        let officer = world.officer(role, organ, "wu.min");
        let seen = eventually("the case at the organ", async || {
            officer.intake().get_case(GetCaseRequest { case_id: second.case_id() }).await.ok()
        });
        let seen = seen.await.into_inner();
        let knows = role == "leader" && organ == CENTRE;
        let told = seen.timeline.iter().any(|line| line.kind == "case_linked");
        assert_eq!((seen.links.len(), told), (usize::from(knows), knows), "{role} at {organ}");
        assert_eq!(seen.repeats, u32::from(knows), "{role} at {organ}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_link_that_was_taken_back_is_not_found_again() {
    let world = World::new().await;
    let first = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let second = Journey::registered(&world, CENTRE, again()).await;
    let desk = world.desk(CENTRE);
    found(&desk, second.case_id()).await;
    let mut unlink = UnlinkCasesRequest {
        request_id: complaints::request_id(),
        case_id: second.case_id(),
        other_case_id: first.case_id(),
        reason: String::new(),
    };
    let refused = rejection(desk.intake().unlink_cases(unlink.clone()).await);
    assert_eq!((refused.code, refused.fields), (Code::InvalidArgument, vec!["reason".to_owned()]));
    unlink.reason = "同名同号系家属代为投诉,并非同一事项".into();
    let left = desk.intake().unlink_cases(unlink.clone()).await.expect("taken back").into_inner().links;
    assert_eq!(left, []);
    let replayed =
        desk.intake().unlink_cases(unlink.clone()).await.expect("the same answer").into_inner().links;
    assert_eq!(replayed, []);
    unlink.request_id = complaints::request_id();
    assert_eq!(rejection(desk.intake().unlink_cases(unlink).await).reason, "NOTHING_TO_ACT_ON");

    // A supplement has it looked for again; what comes after it in the ledger shows when that was done.
    let supplement = ProvideSupplementRequest {
        request_id: complaints::request_id(),
        case_id: second.case_id(),
        complaint: Some(again()),
    };
    desk.intake().provide_supplement(supplement).await.expect("supplemented");
    let third = Journey::registered(&world, CENTRE, again()).await;
    assert_eq!(found(&desk, third.case_id()).await.len(), 2);
    let of_second = links(&desk, second.case_id()).await;
    assert!(of_second.iter().all(|link| link.case_id == third.case_id()), "{of_second:?}");
    let counts = [counted(&desk, &first).await, counted(&desk, &second).await, counted(&desk, &third).await];
    assert_eq!(counts, [1, 1, 2], "a link that was taken back is not counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn house_several_people_on_one_matter_are_joined_by_the_desk() {
    let world = World::new().await;
    let first = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let other = Complaint { complainant: Some(another()), ..complaints::about_a_clerk(UNIT) };
    let second = Journey::registered(&world, CENTRE, other).await;
    let desk = world.desk(CENTRE);
    let mut request = LinkCasesRequest {
        request_id: complaints::request_id(),
        case_id: second.case_id(),
        other_case_id: second.case_id(),
        kind: LinkKind::Unspecified.into(),
    };
    let refused = rejection(desk.intake().link_cases(request.clone()).await);
    assert_eq!(refused.fields, ["kind", "other_case_id"]);
    request.kind = LinkKind::Joined.into();
    request.other_case_id = complaints::request_id();
    assert_eq!(rejection(desk.intake().link_cases(request.clone()).await).reason, "CASE_NOT_FOUND");
    request.other_case_id = first.case_id();
    let links = desk.intake().link_cases(request.clone()).await.expect("joined").into_inner().links;
    assert_eq!(
        (links[0].kind(), links[0].certain, &links[0].case_id),
        (LinkKind::Joined, true, &first.case_id())
    );
    let again = desk.intake().link_cases(request).await.expect("the same answer").into_inner().links;
    assert_eq!(again, links);
}
