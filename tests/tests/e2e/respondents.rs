//! Whom a complaint is about is found in the directory of Baoshan.

use duban_proto::intake::v1::{FindRespondentsRequest, RespondentHit, RespondentMatch};
use e2e::{CENTRE, SUB_CENTRE, UNIT, World, complaints, rejection};

async fn find(world: &World, query: &str) -> Vec<RespondentHit> {
    let request = FindRespondentsRequest { query: query.into(), ..FindRespondentsRequest::default() };
    world.desk(CENTRE).intake().find_respondents(request).await.expect("an answer").into_inner().hits
}

#[tokio::test(flavor = "multi_thread")]
async fn art_2_respondents_are_found_by_code_name_alias_and_initials() {
    let world = World::new().await;
    for (query, code, expected) in [
        ("baoshan.luodian", SUB_CENTRE, RespondentMatch::Code),
        ("上海市宝山区罗店镇人民政府", SUB_CENTRE, RespondentMatch::Name),
        ("羅店鎮", SUB_CENTRE, RespondentMatch::ShortName),
        ("罗店镇政府", SUB_CENTRE, RespondentMatch::Alias),
        ("luodianzhen", SUB_CENTRE, RespondentMatch::Pinyin),
        ("ldz", SUB_CENTRE, RespondentMatch::Initials),
        ("落电镇", SUB_CENTRE, RespondentMatch::Pinyin),
        ("上海市宝山区罗占镇人民政府", SUB_CENTRE, RespondentMatch::Fuzzy),
        ("罗店受理服务中心", UNIT, RespondentMatch::Alias),
        ("qgsj", "baoshan.market", RespondentMatch::Initials),
    ] {
        let hits = find(&world, query).await;
        let first = hits.first().map(|hit| (hit.code.as_str(), hit.matched_by()));
        assert_eq!(first, Some((code, expected)), "{query}");
    }
    let unit = find(&world, UNIT).await.remove(0);
    assert_eq!(unit.path.last().map(String::as_str), Some("上海市宝山区罗店镇人民政府"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_up_tells_twenty_hits_and_fifty_at_the_most() {
    let world = World::new().await;
    for (page_size, expected) in [(0, 20), (3, 3), (u32::MAX, 50)] {
        let request = FindRespondentsRequest { query: "宝山".into(), page_size, ..Default::default() };
        let answer = world.desk(CENTRE).intake().find_respondents(request).await.expect("an answer");
        assert_eq!(answer.into_inner().hits.len(), expected, "{page_size} asked for");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_what_was_found_is_what_a_complaint_names() {
    let world = World::new().await;
    let code = find(&world, "罗店镇社区事务").await.remove(0).code;
    let submitted = complaints::submit(complaints::about_a_clerk(&code));
    world.desk(CENTRE).intake().submit_complaint(submitted).await.expect("a receipt");
    let named = complaints::submit(complaints::about_a_clerk("罗店镇社区事务受理服务中心"));
    let refused = world.desk(CENTRE).intake().submit_complaint(named).await;
    let told = refused.as_ref().err().map(|status| format!("{status:?}")).unwrap_or_default();
    assert_eq!(rejection(refused).fields, ["complaint.respondents[0].organ"]);
    assert!(told.contains("baoshan.luodian.services"), "the code of that name is told: {told}");
}
