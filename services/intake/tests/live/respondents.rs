use access::Role;
use duban_proto::common::v1::{Organ, OrganKind};
use duban_proto::intake::v1::{FindRespondentsRequest, RespondentHit, RespondentMatch};
use tonic::{Code, Status};

use crate::harness::{CENTRE, Running, TOWN, UNIT, fields, organs, reason, start};

async fn find(running: &mut Running, request: FindRespondentsRequest) -> Result<Vec<RespondentHit>, Status> {
    let request = running.by(Role::Desk, CENTRE, request);
    Ok(running.client.find_respondents(request).await?.into_inner().hits)
}

fn query(query: &str) -> FindRespondentsRequest {
    FindRespondentsRequest { query: query.into(), ..FindRespondentsRequest::default() }
}

async fn found(running: &mut Running, text: &str) -> Vec<(String, RespondentMatch)> {
    let hits = find(running, query(text)).await.unwrap();
    hits.into_iter().map(|hit| (hit.code.clone(), hit.matched_by())).collect()
}

#[tokio::test]
async fn art_2_a_respondent_is_found_by_whatever_it_is_called() {
    let mut running = start().await;
    let [_, _, unit] = organs();
    let named =
        Organ {
            short_name: "罗店镇受理中心".into(), aliases: vec!["罗店社区事务受理中心".into()], ..unit
        };
    running.has_organ(named).await;
    for (text, expected) in [
        (UNIT, RespondentMatch::Code),
        (" ｂａｏｓｈａｎ．LUODIAN.services", RespondentMatch::Code),
        ("羅店鎮社區事務受理服務中心", RespondentMatch::Name),
        ("罗店镇 受理中心", RespondentMatch::ShortName),
        ("罗店社区事务受理中心", RespondentMatch::Alias),
        ("罗店镇社区", RespondentMatch::Prefix),
        ("事务受理", RespondentMatch::Partial),
        ("luodianzhenshequshiwu", RespondentMatch::Pinyin),
        ("ldzslzx", RespondentMatch::Initials),
        ("落电镇社区事务", RespondentMatch::Pinyin),
        ("罗占镇社区事务受里服务中心", RespondentMatch::Fuzzy),
    ] {
        let hits = found(&mut running, text).await;
        assert_eq!(hits.first(), Some(&(UNIT.to_owned(), expected)), "{text}: {hits:?}");
    }
    assert!(found(&mut running, "某某某某").await.is_empty());
    running.stop().await;
}

#[tokio::test]
async fn a_hit_tells_two_organs_of_one_name_apart() {
    let mut running = start().await;
    let office = |code: &str, parent: &str| Organ {
        code: code.into(),
        name: "办公室".into(),
        parent: parent.into(),
        kind: OrganKind::Unit.into(),
        ..Organ::default()
    };
    for organ in [office("baoshan.office", CENTRE), office("baoshan.luodian.office", TOWN)] {
        running.has_organ(organ).await;
    }
    let [centre, town, _] = organs();
    let hits = find(&mut running, query("办公室")).await.unwrap();
    let told: Vec<_> = hits.iter().map(|hit| (hit.code.as_str(), hit.parent.as_str(), &hit.path)).collect();
    assert_eq!(
        told,
        [
            ("baoshan.luodian.office", TOWN, &vec![centre.name.clone(), town.name]),
            ("baoshan.office", CENTRE, &vec![centre.name]),
        ]
    );
    assert_eq!((hits[0].kind(), hits[0].matched.as_str()), (OrganKind::Unit, "办公室"));
    assert!(!hits[0].closed && hits[0].successor.is_empty() && hits[0].successor_name.is_empty());

    let below = FindRespondentsRequest { below: TOWN.into(), ..query("办公室") };
    let hits = find(&mut running, below).await.unwrap();
    assert_eq!(hits.iter().map(|hit| hit.code.as_str()).collect::<Vec<_>>(), ["baoshan.luodian.office"]);
    let one = FindRespondentsRequest { page_size: 1, ..query("办公室") };
    assert_eq!(find(&mut running, one).await.unwrap().len(), 1);
    running.stop().await;
}

#[tokio::test]
async fn art_4_a_closed_respondent_is_found_with_its_successor() {
    let mut running = start().await;
    let closed = |code: &str, successor: &str| Organ {
        code: code.into(),
        name: "罗店镇城管中队".into(),
        parent: TOWN.into(),
        kind: OrganKind::Unit.into(),
        successor: successor.into(),
        ..Organ::default()
    };
    running.has_organ(closed("baoshan.luodian.a", "baoshan.luodian.b")).await;
    running.has_organ(closed("baoshan.luodian.b", UNIT)).await;
    running.has_organ(closed("baoshan.luodian.c", "")).await;
    let hits = find(&mut running, query("罗店镇城管中队")).await.unwrap();
    let told: Vec<_> =
        hits.iter().map(|hit| (hit.code.as_str(), hit.closed, hit.successor.as_str())).take(3).collect();
    let expected = [
        ("baoshan.luodian.c", false, ""),
        ("baoshan.luodian.a", true, UNIT),
        ("baoshan.luodian.b", true, UNIT),
    ];
    assert_eq!(told, expected);
    assert_eq!(hits[1].successor_name, organs()[2].name);
    running.stop().await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_look_up_is_told_at_once() {
    let mut running = start().await;
    for text in [String::new(), "　 ".into(), "字".repeat(101), "罗\0店".into()] {
        let wrong = FindRespondentsRequest { below: "baoshan.luodain".into(), ..query(&text) };
        let status = find(&mut running, wrong).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(fields(&status), ["query", "below"], "{text}");
    }
    assert!(find(&mut running, query(&"字".repeat(100))).await.unwrap().is_empty());
    let many = FindRespondentsRequest { page_size: u32::MAX, ..query("罗") };
    assert_eq!(find(&mut running, many).await.unwrap().len(), 2);
    running.stop().await;
}

#[tokio::test]
async fn a_change_of_the_directory_is_found_at_once() {
    let mut running = start().await;
    assert!(found(&mut running, "大场镇").await.is_empty());
    let [_, town, _] = organs();
    running
        .has_organ(Organ {
            code: "baoshan.dachang".into(),
            name: "大场镇".into(),
            number_prefix: "场效投".into(),
            ..town
        })
        .await;
    assert_eq!(found(&mut running, "大场镇").await[0], ("baoshan.dachang".into(), RespondentMatch::Name));
    running.stop().await;
}

#[tokio::test]
async fn only_those_who_take_complaints_in_look_respondents_up() {
    let mut running = start().await;
    let request = running.by_agency("12345", query("罗店镇社区事务受理服务中心"));
    assert_eq!(running.client.find_respondents(request).await.unwrap().into_inner().hits[0].code, UNIT);
    let request = running.by(Role::Desk, TOWN, query("宝山区行政效能投诉受理中心"));
    assert_eq!(running.client.find_respondents(request).await.unwrap().into_inner().hits[0].code, CENTRE);
    let request = running.by(Role::Archivist, CENTRE, query("罗店"));
    let status = running.client.find_respondents(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), (Code::PermissionDenied, "ROLE_NOT_ALLOWED".into()));
    running.stop().await;
}
