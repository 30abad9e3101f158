//! What a call of a list or count does at the most, and that the next goes on where it stopped.

use access::Role;
use duban_proto::common::v1::{CaseState, Organ, OrganKind};
use duban_proto::intake::v1::{
    CaseFilter, ComplaintReceived, CountCasesRequest, CountCasesResponse, ListCasesRequest,
};
use prost::Message as _;

use crate::harness::{CENTRE, Running, TOWN, fields, start};
use crate::search::{by_text, masked, ordinals, page, saying};

/// So many cases that came in by this channel on this ground, a microsecond after each other; with what they are found by.
async fn there_are(running: &Running, count: i64, since: i64, channel: &str, ground: &str) {
    let received = ComplaintReceived {
        channel: channel.into(),
        grounds: vec![ground.into()],
        ..ComplaintReceived::default()
    };
    let pool = running.db.pool("intake").await.unwrap();
    let fill = "with new as (
            insert into case_file (organ, case_id, state, version, number, received, received_at, closing,
                                   responsible_organ, term, finding, withdrawn)
            select $1, gen_random_uuid(), 1, 1, '', $2, $3 + n, '', '', 0, 0, false from generate_series(1, $4) as n
            returning case_id, received_at
        )
        insert into case_facet (organ, facet, value, received_at, case_id)
        select $1, f.facet, f.value, received_at, case_id from new, (values (1, $5), (3, $6)) as f (facet, value)";
    sqlx::query(fill)
        .bind(CENTRE)
        .bind(received.encode_to_vec())
        .bind(since)
        .bind(count)
        .bind(channel)
        .bind(ground)
        .execute(&pool)
        .await
        .unwrap();
}

async fn counted(running: &mut Running, states: Vec<CaseState>, filter: CaseFilter) -> CountCasesResponse {
    let states = states.into_iter().map(i32::from).collect();
    let count = CountCasesRequest { states, filter: Some(filter), ..CountCasesRequest::default() };
    running.client.count_cases(running.by(Role::Desk, CENTRE, count)).await.unwrap().into_inner()
}

fn calls() -> CaseFilter {
    CaseFilter { channels: vec!["call".into()], ..CaseFilter::default() }
}

#[tokio::test]
async fn a_count_stops_at_ten_thousand_and_says_so() {
    let mut running = start().await;
    there_are(&running, 10_000, 0, "call", "8.1").await;
    for more in [false, true] {
        let expected = CountCasesResponse { count: 10_000, more };
        assert_eq!(counted(&mut running, Vec::new(), CaseFilter::default()).await, expected);
        assert_eq!(counted(&mut running, vec![CaseState::Received], CaseFilter::default()).await, expected);
        assert_eq!(counted(&mut running, Vec::new(), calls()).await, expected);
        there_are(&running, 1, 20_000, "call", "8.1").await;
    }
    let both = counted(&mut running, vec![CaseState::Received], calls()).await;
    assert_eq!(both, CountCasesResponse { count: 1_000, more: true }, "each is looked at");
    running.stop().await;
}

#[tokio::test]
async fn a_rare_combination_is_found_over_short_pages() {
    let mut running = start().await;
    there_are(&running, 1, 0, "call", "8.1").await;
    there_are(&running, 1_500, 10, "call", "8.2").await;
    there_are(&running, 1_500, 10_000, "letter", "8.1").await;
    let rare = CaseFilter { grounds: vec!["8.1".into()], ..calls() };
    let (mut sizes, mut page_token) = (Vec::new(), String::new());
    loop {
        let filter = Some(rare.clone());
        let list = ListCasesRequest { page_token, filter, ..ListCasesRequest::default() };
        let page = page(&mut running, Role::Desk, CENTRE, list).await;
        sizes.push(page.cases.len());
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [0, 1]);
    let none_yet = counted(&mut running, Vec::new(), rare).await;
    assert_eq!(none_yet, CountCasesResponse { count: 0, more: true });
    running.stop().await;
}

#[tokio::test]
async fn art_13_a_beginning_that_too_many_numbers_share_is_refused() {
    let mut running = start().await;
    let pool = running.db.pool("intake").await.unwrap();
    let fill = "insert into case_facet (organ, facet, value, received_at, case_id)
                select $1, 5, '宝效投〔2026〕' || n || '号', n, $2
                from generate_series(1, 1000) as n";
    let case_id = masked(&mut running, 1, CENTRE, saying("窗口无人。")).await;
    sqlx::query(fill).bind(CENTRE).bind(case_id.parse::<uuid::Uuid>().unwrap()).execute(&pool).await.unwrap();
    let numbered = |number: &str| CaseFilter { number: number.into(), ..CaseFilter::default() };
    let list = ListCasesRequest { filter: Some(numbered("宝效投")), ..ListCasesRequest::default() };
    let status = running.client.list_cases(running.by(Role::Desk, CENTRE, list)).await.unwrap_err();
    assert_eq!(fields(&status), ["filter.number"]);
    assert!(!counted(&mut running, Vec::new(), numbered("宝效投〔2026〕1")).await.more);
    drop(pool);
    running.stop().await;
}

/// The centre's ledger goes on by so many entries that are about no case.
async fn the_ledger_goes_on(running: &Running, entries: i64) {
    let admin = running.db.admin_pool().await.unwrap();
    let fill = "insert into intake.entry (organ, seq, epoch, kind, body, recorded_at, actor, prev_hash, hash)
                select h.organ, h.seq + n, h.epoch, 'organ_noted', '', h.recorded_at, '', h.hash, h.hash
                from intake.head as h, generate_series(1, $2) as n where h.organ = $1";
    sqlx::query(fill).bind(CENTRE).bind(entries).execute(&admin).await.unwrap();
    let head = "update intake.head set seq = seq + $2 where organ = $1";
    sqlx::query(head).bind(CENTRE).bind(entries).execute(&admin).await.unwrap();
}

#[tokio::test]
async fn art_16_a_search_goes_through_all_of_a_long_ledger_the_newest_first() {
    let mut running = start().await;
    for number in 1..=4 {
        masked(&mut running, number, CENTRE, saying("夜间噪声扰民。")).await;
        the_ledger_goes_on(&running, 3 * 8_192).await;
        masked(&mut running, 10 + number, CENTRE, saying("窗口无人值守。")).await;
    }
    let (mut listed, mut page_token) = (Vec::new(), String::new());
    loop {
        let filter = Some(by_text("噪声扰民"));
        let list = ListCasesRequest { page_size: 1, page_token, filter, ..ListCasesRequest::default() };
        let page = page(&mut running, Role::Desk, CENTRE, list).await;
        listed.extend(page.cases.into_iter().map(|case| case.number));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(listed, ordinals(&["7", "5", "3", "1"]));
    let count = counted(&mut running, Vec::new(), by_text("噪声")).await;
    assert_eq!(count, CountCasesResponse { count: 4, more: false });
    running.stop().await;
}

/// So many working copies of the centre, newer than all others, in which nothing is found.
async fn there_are_newer_texts(running: &Running, count: i64) {
    let pool = running.db.pool("intake").await.unwrap();
    let fill = "insert into case_text (organ, case_id, received_at, version, grams)
                select $1, gen_random_uuid(), (select max(received_at) from case_text) + n, 1, array[n]
                from generate_series(1, $2) as n";
    sqlx::query(fill).bind(CENTRE).bind(count).execute(&pool).await.unwrap();
}

#[tokio::test]
async fn art_20_a_search_through_many_organs_finds_the_common_and_the_rare() {
    let mut running = start().await;
    for town in ["a", "b", "c"] {
        let organ = Organ {
            code: format!("{CENTRE}.{town}"),
            parent: CENTRE.into(),
            kind: OrganKind::SubCentre.into(),
            ..Organ::default()
        };
        running.has_organ(organ).await;
    }
    for (number, organ) in (1..).zip([CENTRE, TOWN, CENTRE]) {
        masked(&mut running, number, organ, saying("夜间噪声扰民。")).await;
    }
    // With all in sight of one look, with some out of sight, and with all out of sight.
    for newer in [0, 498, 1] {
        there_are_newer_texts(&running, newer).await;
        let (mut listed, mut page_token) = (Vec::new(), String::new());
        loop {
            let filter = Some(by_text("噪声 扰民"));
            let list = ListCasesRequest { page_size: 2, page_token, filter, ..ListCasesRequest::default() };
            let page = page(&mut running, Role::Supervisor, CENTRE, list).await;
            listed.extend(page.cases.into_iter().map(|case| case.number));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let [second, first] = ordinals(&["2", "1"]).try_into().unwrap();
        assert_eq!(listed, [second, "罗效投〔2026〕1号".to_owned(), first], "{newer} more");
    }
    running.stop().await;
}
