//! Lists and counts by what cases have in common.

use access::Role;
use duban_proto::common::v1::{CaseState, Source};
use duban_proto::intake::v1::{
    AcceptCaseRequest, CaseFilter, Complaint, ConfirmMasksRequest, CountCasesRequest, CountCasesResponse,
    ListCasesRequest, ListCasesResponse, Mask, MaskKind, ProposeMasksRequest,
};
use jiff::SignedDuration;

use crate::complaint::{NAME, about_a_clerk, id, submission};
use crate::harness::{CENTRE, Running, TOWN, UNIT, at, fields, reason, start};

pub(crate) fn by_text(text: &str) -> CaseFilter {
    CaseFilter { text: text.into(), ..CaseFilter::default() }
}

pub(crate) async fn page(
    running: &mut Running,
    role: Role,
    organ: &str,
    list: ListCasesRequest,
) -> ListCasesResponse {
    running.client.list_cases(running.by(role, organ, list)).await.unwrap().into_inner()
}

/// The registered ordinals that the filter lets through, and that the count agrees.
async fn found(running: &mut Running, role: Role, organ: &str, filter: CaseFilter) -> Vec<String> {
    let list = ListCasesRequest { filter: Some(filter.clone()), ..ListCasesRequest::default() };
    let listed = page(running, role, organ, list).await;
    assert_eq!(listed.next_page_token, "", "that is all");
    let count = CountCasesRequest { filter: Some(filter), ..CountCasesRequest::default() };
    let counted = running.client.count_cases(running.by(role, organ, count)).await.unwrap().into_inner();
    let expected = CountCasesResponse { count: u32::try_from(listed.cases.len()).unwrap(), more: false };
    assert_eq!(counted, expected, "a count is what a list has");
    listed.cases.into_iter().map(|case| case.number).collect()
}

async fn at_the_centre(running: &mut Running, filter: CaseFilter) -> Vec<String> {
    found(running, Role::Desk, CENTRE, filter).await
}

async fn masked_by(running: &mut Running, number: u128, organ: &str, case_id: &str, more: Vec<Mask>) {
    let propose = running.by(Role::Desk, organ, ProposeMasksRequest { case_id: case_id.into() });
    let proposed = running.client.propose_masks(propose).await.unwrap().into_inner();
    let confirm = ConfirmMasksRequest {
        request_id: id(number),
        case_id: case_id.into(),
        content_version: 1,
        masks: [proposed.masks, more].concat(),
    };
    running.client.confirm_masks(running.by(Role::Desk, organ, confirm)).await.unwrap();
    running.indexed().await;
}

/// A case that was accepted and masked, a minute after the one before.
pub(crate) async fn masked(running: &mut Running, number: u128, organ: &str, complaint: Complaint) -> String {
    running.clock.advance(SignedDuration::from_mins(1));
    let request = running.by(Role::Desk, organ, submission(number, complaint));
    let case_id = running.client.submit_complaint(request).await.unwrap().into_inner().case_id;
    let accept = AcceptCaseRequest {
        request_id: id(100 + number),
        case_id: case_id.clone(),
        version: 2,
        ..AcceptCaseRequest::default()
    };
    running.client.accept_case(running.by(Role::Desk, organ, accept)).await.unwrap();
    masked_by(running, 200 + number, organ, &case_id, Vec::new()).await;
    case_id
}

pub(crate) fn saying(text: &str) -> Complaint {
    Complaint { text: text.into(), ..about_a_clerk() }
}

/// Four at the centre, each a minute after the other, that differ in everything.
async fn four(running: &mut Running) {
    let mut about_the_town = about_a_clerk();
    about_the_town.respondents[0].organ = TOWN.into();
    let all = [
        about_a_clerk(),
        Complaint { channel: "call".into(), source: Source::Hotline12345.into(), ..about_a_clerk() },
        Complaint { channel: "letter".into(), grounds: vec!["8.1".into(), "8.2".into()], ..about_the_town },
        Complaint { channel: "call".into(), grounds: vec!["8.1".into()], ..about_a_clerk() },
    ];
    for (number, complaint) in (1..).zip(all) {
        running.clock.advance(SignedDuration::from_mins(1));
        running.registered(number, complaint).await;
    }
}

pub(crate) fn ordinals(numbers: &[&str]) -> Vec<String> {
    numbers.iter().map(|ordinal| format!("宝效投〔2026〕{ordinal}号")).collect()
}

#[tokio::test]
async fn each_condition_lets_through_what_fulfils_it() {
    let mut running = start().await;
    four(&mut running).await;
    let minute = |minute: &str| Some(server::time::to_proto(at(&format!("2026-03-02 10:0{minute}"))));
    let any = CaseFilter::default;
    let conditions = [
        (CaseFilter { channels: vec!["call".into()], ..any() }, vec!["4", "2"]),
        (CaseFilter { channels: vec!["call".into(), "letter".into()], ..any() }, vec!["4", "3", "2"]),
        (CaseFilter { sources: vec![Source::Hotline12345.into()], ..any() }, vec!["2"]),
        (CaseFilter { sources: vec![Source::Citizen.into()], ..any() }, vec!["4", "3", "1"]),
        (CaseFilter { grounds: vec!["8.1".into()], ..any() }, vec!["4", "3"]),
        (CaseFilter { grounds: vec!["8.1".into(), "8.2".into()], ..any() }, vec!["4", "3", "2", "1"]),
        (CaseFilter { respondent: UNIT.into(), ..any() }, vec!["4", "2", "1"]),
        (CaseFilter { respondent: TOWN.into(), ..any() }, vec!["3"]),
        (CaseFilter { respondent: TOWN.into(), respondent_below: true, ..any() }, vec!["4", "3", "2", "1"]),
        (CaseFilter { received_from: minute("2"), received_before: minute("4"), ..any() }, vec!["3", "2"]),
        (CaseFilter { number: "宝效投〔2026〕3号".into(), ..any() }, vec!["3"]),
        (CaseFilter { number: "宝效投〔2026〕".into(), ..any() }, vec!["4", "3", "2", "1"]),
        (CaseFilter { number: "罗".into(), ..any() }, vec![]),
        (CaseFilter { channels: vec!["call".into()], grounds: vec!["8.2".into()], ..any() }, vec!["2"]),
        (CaseFilter { channels: vec!["call".into()], received_from: minute("3"), ..any() }, vec!["4"]),
        (CaseFilter { number: "宝".into(), grounds: vec!["8.1".into()], ..any() }, vec!["4", "3"]),
        (CaseFilter { channels: vec!["smoke".into()], ..any() }, vec![]),
    ];
    for (filter, expected) in conditions {
        assert_eq!(at_the_centre(&mut running, filter.clone()).await, ordinals(&expected), "{filter:?}");
    }
    running.stop().await;
}

#[tokio::test]
async fn what_a_case_is_found_by_changes_with_the_case() {
    let mut running = start().await;
    four(&mut running).await;
    let case_id =
        page(&mut running, Role::Desk, CENTRE, ListCasesRequest::default()).await.cases[0].case_id.clone();
    let accept = AcceptCaseRequest {
        request_id: id(50),
        case_id,
        version: 2,
        grounds: vec!["8.3".into()],
        ..AcceptCaseRequest::default()
    };
    running.client.accept_case(running.by(Role::Desk, CENTRE, accept)).await.unwrap();
    let ground = |code: &str| CaseFilter { grounds: vec![code.into()], ..CaseFilter::default() };
    assert_eq!(at_the_centre(&mut running, ground("8.3")).await, ordinals(&["4"]));
    assert_eq!(at_the_centre(&mut running, ground("8.1")).await, ordinals(&["3"]));
    let both = ListCasesRequest {
        states: vec![CaseState::Accepted.into()],
        filter: Some(CaseFilter { channels: vec!["call".into()], ..CaseFilter::default() }),
        ..ListCasesRequest::default()
    };
    let listed = page(&mut running, Role::Desk, CENTRE, both).await;
    assert_eq!(listed.cases.len(), 1, "the other call is not accepted");
    for table in ledger::rebuild::rebuild(
        running.service.writer(),
        &ledger::Organ::new(CENTRE).unwrap(),
        ledger::rebuild::Mode::Check,
    )
    .await
    .unwrap()
    {
        assert!(table.same, "{table:?}");
    }
    running.stop().await;
}

#[tokio::test]
async fn art_16_pages_stay_as_they_are_while_complaints_come_in() {
    let mut running = start().await;
    for number in 1..=6 {
        masked(&mut running, number, CENTRE, about_a_clerk()).await;
    }
    let filters = [
        CaseFilter::default(),
        CaseFilter { channels: vec!["online".into()], ..CaseFilter::default() },
        CaseFilter { channels: vec!["online".into()], grounds: vec!["8.2".into()], ..CaseFilter::default() },
        CaseFilter { number: "宝".into(), ..CaseFilter::default() },
        by_text("居住证明"),
    ];
    let mut came_in = 0;
    for (round, filter) in (0..).zip(filters) {
        let there = 6 + came_in;
        let (mut listed, mut page_token) = (Vec::new(), String::new());
        for turn in 0.. {
            let filter = Some(filter.clone());
            let list = ListCasesRequest { page_size: 4, page_token, filter, ..ListCasesRequest::default() };
            let page = page(&mut running, Role::Desk, CENTRE, list).await;
            listed.extend(page.cases.into_iter().map(|case| case.number));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
            assert!(turn < 10, "it comes to an end");
            masked(&mut running, 10 + 10 * round + turn, CENTRE, about_a_clerk()).await;
            came_in += 1;
        }
        let mut once = listed.clone();
        once.dedup();
        assert_eq!(once, listed, "none twice: {filter:?}");
        let oldest: Vec<_> = listed.iter().rev().take(6).rev().cloned().collect();
        assert_eq!(listed.len(), there, "what came in meanwhile is newer than the first page: {filter:?}");
        assert_eq!(oldest, ordinals(&["6", "5", "4", "3", "2", "1"]), "none is missing: {filter:?}");
    }
    running.stop().await;
}

#[tokio::test]
async fn art_15_words_of_the_working_copy_are_found_in_any_script_and_masked_ones_are_not() {
    let mut running = start().await;
    masked(&mut running, 1, CENTRE, saying(&format!("我叫{NAME},到窗口办ＥＴＣ退费,被推来推去。"))).await;
    masked(&mut running, 2, CENTRE, saying("环卫车辆夜间作业扰民,多次反映无人处理。")).await;
    running.registered(3, saying("没有工作副本的窗口投诉。")).await;
    let cases = [
        ("退费", vec!["1"]),
        ("退費", vec!["1"]),
        ("etc", vec!["1"]),
        ("退费 推来", vec!["1"]),
        ("费被", vec!["1"]),
        ("窗口办事", vec!["2", "1"]),
        ("扰民", vec!["2"]),
        ("退费 扰民", vec![]),
        // Its pairs are all there, the word is not.
        ("被推去", vec![]),
        (NAME, vec![]),
        ("工作副本", vec![]),
    ];
    for (text, expected) in cases {
        assert_eq!(at_the_centre(&mut running, by_text(text)).await, ordinals(&expected), "{text}");
    }
    let and = CaseFilter { channels: vec!["call".into()], ..by_text("退费") };
    assert!(at_the_centre(&mut running, and).await.is_empty());
    let and = CaseFilter { number: "宝效投〔2026〕1号".into(), ..by_text("窗口办事") };
    assert_eq!(at_the_centre(&mut running, and).await, ordinals(&["1"]));
    running.stop().await;
}

/// The hashes of every case.
async fn pairs(running: &Running) -> Vec<Vec<i64>> {
    let pool = running.db.pool("intake").await.unwrap();
    sqlx::query_scalar("select grams from case_text").fetch_all(&pool).await.unwrap()
}

#[tokio::test]
async fn art_15_a_new_working_copy_takes_the_place_of_the_old_one_in_a_search() {
    let mut running = start().await;
    let case_id = masked(&mut running, 1, CENTRE, saying("邻居老陶家的违建无人管。")).await;
    assert_eq!(at_the_centre(&mut running, by_text("老陶")).await, ordinals(&["1"]));
    let before = pairs(&running).await;
    // "窗口办事推诿", two line ends, then the narrative.
    let mask = Mask { start: 10, end: 12, kind: MaskKind::Other.into() };
    masked_by(&mut running, 9, CENTRE, &case_id, vec![mask]).await;
    assert!(at_the_centre(&mut running, by_text("老陶")).await.is_empty());
    assert_eq!(at_the_centre(&mut running, by_text("违建")).await, ordinals(&["1"]));
    let after = pairs(&running).await;
    assert_eq!((before.len(), after.len()), (1, 1), "one row a case");
    assert!(
        before[0].iter().any(|pair| !after[0].contains(pair)),
        "what is masked now is not indexed any more"
    );
    running.stop().await;
}

#[tokio::test]
async fn art_15_a_case_whose_key_is_gone_is_found_by_no_words() {
    let mut running = start().await;
    let forgotten = masked(&mut running, 1, CENTRE, saying("夜间噪声扰民。")).await;
    masked(&mut running, 2, CENTRE, saying("夜间噪声扰民。")).await;
    let admin = running.db.admin_pool().await.unwrap();
    sqlx::query("delete from intake.case_key where organ = $1 and case_id = $2::uuid")
        .bind(CENTRE)
        .bind(forgotten)
        .execute(&admin)
        .await
        .unwrap();
    assert_eq!(at_the_centre(&mut running, by_text("噪声")).await, ordinals(&["2"]));
    assert_eq!(at_the_centre(&mut running, CaseFilter::default()).await, ordinals(&["2", "1"]));
    running.stop().await;
}

#[tokio::test]
async fn art_15_the_case_of_another_organ_is_neither_listed_nor_counted_nor_found() {
    let mut running = start().await;
    masked(&mut running, 1, TOWN, saying("沿街商铺占道经营。")).await;
    let town = || vec!["罗效投〔2026〕1号".to_owned()];
    let filters = [
        CaseFilter::default(),
        CaseFilter { channels: vec!["online".into()], ..CaseFilter::default() },
        CaseFilter {
            grounds: vec!["8.2".into()],
            sources: vec![Source::Citizen.into()],
            ..CaseFilter::default()
        },
        CaseFilter { respondent: UNIT.into(), ..CaseFilter::default() },
        CaseFilter { number: "罗效投〔2026〕1号".into(), ..CaseFilter::default() },
        by_text("占道经营"),
    ];
    for filter in filters {
        assert!(at_the_centre(&mut running, filter.clone()).await.is_empty(), "{filter:?}");
        assert_eq!(found(&mut running, Role::Handler, TOWN, filter.clone()).await, town(), "{filter:?}");
        assert_eq!(found(&mut running, Role::Auditor, CENTRE, filter.clone()).await, town(), "{filter:?}");
        let other = CountCasesRequest {
            organ: TOWN.into(),
            filter: Some(filter.clone()),
            ..CountCasesRequest::default()
        };
        let request = running.by(Role::Desk, CENTRE, other);
        let status = running.client.count_cases(request).await.unwrap_err();
        assert_eq!(reason(&status), "ORGAN_OUT_OF_SCOPE");
        let count = CountCasesRequest { filter: Some(filter.clone()), ..CountCasesRequest::default() };
        let status = running.client.count_cases(running.by_agency("12345", count)).await.unwrap_err();
        assert_eq!(status.code(), tonic::Code::PermissionDenied, "a system counts nothing");
        let list = ListCasesRequest { filter: Some(filter), ..ListCasesRequest::default() };
        let status = running.client.list_cases(running.by_agency("12345", list)).await.unwrap_err();
        assert_eq!(status.code(), tonic::Code::PermissionDenied, "a system lists nothing");
    }
    running.stop().await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_filter_is_told_at_once() {
    let mut running = start().await;
    let moment = server::time::to_proto(at("2026-03-02 10:00"));
    let wrong = CaseFilter {
        channels: vec![String::new()],
        sources: vec![99],
        grounds: vec!["x".into(); 51],
        respondent: "baoshan.luodan".into(),
        received_from: Some(moment),
        received_before: Some(moment),
        number: "\0".into(),
        text: "窗 口".into(),
        ..CaseFilter::default()
    };
    let expected = [
        "states[0]",
        "filter.channels[0]",
        "filter.sources[0]",
        "filter.grounds",
        "filter.respondent",
        "filter.received_before",
        "filter.number",
        "filter.text",
    ];
    let list = ListCasesRequest { states: vec![99], filter: Some(wrong.clone()), ..Default::default() };
    let status = running.client.list_cases(running.by(Role::Desk, CENTRE, list)).await.unwrap_err();
    assert_eq!(fields(&status), expected);
    let count = CountCasesRequest { states: vec![99], filter: Some(wrong), ..Default::default() };
    let status = running.client.count_cases(running.by(Role::Desk, CENTRE, count)).await.unwrap_err();
    assert_eq!(fields(&status), expected);
    for text in ["窗", "窗口 办", "。。", " "] {
        let list = ListCasesRequest { filter: Some(by_text(text)), ..ListCasesRequest::default() };
        let status = running.client.list_cases(running.by(Role::Desk, CENTRE, list)).await.unwrap_err();
        assert_eq!(fields(&status), ["filter.text"], "{text:?}");
    }
    running.stop().await;
}
