//! Lists, counts and search at intake.

use duban_proto::common::v1::{CaseState, Source};
use duban_proto::intake::v1::{
    CaseFilter, Complaint, CountCasesRequest, CountCasesResponse, ListCasesRequest,
};
use e2e::{
    CENTRE, Journey, OTHER_SUB_CENTRE, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use tonic::Code;

async fn listed(officer: &Officer, states: &[CaseState], filter: &CaseFilter) -> Vec<String> {
    let states = states.iter().map(|state| i32::from(*state)).collect();
    let list = ListCasesRequest { states, filter: Some(filter.clone()), ..ListCasesRequest::default() };
    let page = officer.intake().list_cases(list).await.expect("a list").into_inner();
    page.cases.into_iter().map(|case| case.case_id).collect()
}

async fn counted(officer: &Officer, states: &[CaseState], filter: &CaseFilter) -> CountCasesResponse {
    let states = states.iter().map(|state| i32::from(*state)).collect();
    let count = CountCasesRequest { states, filter: Some(filter.clone()), ..CountCasesRequest::default() };
    officer.intake().count_cases(count).await.expect("a count").into_inner()
}

/// A working copy is found shortly after it was made.
async fn is_indexed(officer: &Officer, words: &str) {
    let filter = by_text(words);
    eventually("the text in the index", async || {
        (!listed(officer, &[], &filter).await.is_empty()).then_some(())
    })
    .await;
}

fn saying(text: &str) -> Complaint {
    Complaint { text: text.into(), ..complaints::about_a_clerk(UNIT) }
}

fn by_text(text: &str) -> CaseFilter {
    CaseFilter { text: text.into(), ..CaseFilter::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_a_count_is_as_long_as_its_list_also_when_the_case_went_on() {
    let world = World::new().await;
    let call = Complaint {
        channel: "call".into(),
        source: Source::Hotline12345.into(),
        ..complaints::about_a_clerk(UNIT)
    };
    let (routed, _) = Journey::routed(&world, CENTRE, call.clone()).await;
    let waiting = Journey::registered(&world, CENTRE, call).await;
    Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    routed.reaches(CaseState::InHandling).await;

    let desk = world.desk(CENTRE);
    let calls = CaseFilter {
        channels: vec!["call".into()],
        sources: vec![Source::Hotline12345.into()],
        respondent: SUB_CENTRE.into(),
        respondent_below: true,
        ..CaseFilter::default()
    };
    let conditions: [(&[CaseState], Vec<String>); 3] = [
        (&[], vec![waiting.case_id(), routed.case_id()]),
        (&[CaseState::InHandling], vec![routed.case_id()]),
        (&[CaseState::Declined], vec![]),
    ];
    for (states, expected) in conditions {
        let mut found = listed(&desk, states, &calls).await;
        let count = u32::try_from(found.len()).expect("a few");
        assert_eq!(counted(&desk, states, &calls).await, CountCasesResponse { count, more: false });
        found.sort();
        let mut expected = expected;
        expected.sort();
        assert_eq!(found, expected, "{states:?}");
    }
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_a_search_finds_the_working_copy_and_nobodys_name() {
    let world = World::new().await;
    let text = format!("我叫{},电话{},窗口說系統壞了,居住证明办不成。", complaints::NAME, complaints::PHONE);
    let journey = Journey::accepted(&world, CENTRE, saying(&text)).await;
    let handler = world.officer("handler", CENTRE, "wu.min");
    is_indexed(&handler, "系统").await;
    for words in ["系统", "居住證明", "坏了 窗口", "系统 居住"] {
        assert_eq!(listed(&handler, &[], &by_text(words)).await, [journey.case_id()], "{words}");
        assert_eq!(counted(&handler, &[], &by_text(words)).await.count, 1, "{words}");
    }
    for words in [complaints::NAME, complaints::PHONE, "8000", "槐序", "统系"] {
        assert!(listed(&handler, &[], &by_text(words)).await.is_empty(), "{words}");
        assert_eq!(counted(&handler, &[], &by_text(words)).await.count, 0, "{words}");
    }
    let list = ListCasesRequest { filter: Some(by_text("窗")), ..ListCasesRequest::default() };
    assert_eq!(rejection(handler.intake().list_cases(list).await).fields, ["filter.text"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_the_superior_searches_below_and_nobody_beside_or_above() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, SUB_CENTRE, saying("集贸市场占道经营,夜间噪声扰民。")).await;
    let number = journey.at_intake().await.number;
    is_indexed(&world.desk(SUB_CENTRE), "占道经营").await;
    let filters = [
        by_text("占道经营"),
        CaseFilter { number, ..CaseFilter::default() },
        CaseFilter { grounds: vec!["8.2".into()], ..CaseFilter::default() },
        CaseFilter::default(),
    ];
    for filter in filters {
        for sees in [world.desk(SUB_CENTRE), world.supervisor(CENTRE), world.supervisor(SUB_CENTRE)] {
            assert_eq!(listed(&sees, &[], &filter).await, [journey.case_id()], "{filter:?}");
            assert_eq!(counted(&sees, &[], &filter).await.count, 1, "{filter:?}");
        }
        for sees_not in [world.desk(CENTRE), world.head(CENTRE), world.supervisor(OTHER_SUB_CENTRE)] {
            assert!(listed(&sees_not, &[], &filter).await.is_empty(), "{filter:?}");
            assert_eq!(counted(&sees_not, &[], &filter).await, CountCasesResponse::default(), "{filter:?}");
        }
        let count = CountCasesRequest { filter: Some(filter), ..CountCasesRequest::default() };
        let status =
            world.agency(SUB_CENTRE).intake().count_cases(count.clone()).await.expect_err("a system");
        assert_eq!(status.code(), Code::PermissionDenied);
        let status = world.anybody().intake().count_cases(count).await.expect_err("without a token");
        assert_eq!(status.code(), Code::Unauthenticated);
    }
}
