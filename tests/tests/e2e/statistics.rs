//! Figures and appraisal: articles 5(3), 6(3), 24.

use duban_proto::common::v1::Action;
use duban_proto::routing::v1::ReopenCaseRequest;
use duban_proto::supervision::v1::{
    Appraisal, CompareFiguresRequest, DecideExclusionRequest, DraftAnalysisRequest, Exclusion,
    ExportFiguresRequest, ExportFormat, FigureBy, FigurePart, FigureQuery, FigureTable, Figures,
    FreezePeriodRequest, Frozen, FrozenKind, GetAppraisalRequest, GetFiguresRequest, ListAnalysesRequest,
    ListExclusionsRequest, ListFigureCasesRequest, ListFrozenRequest, Measure, Period,
    ProposeExclusionRequest, SaveAnalysisRequest, SignAnalysisRequest, frozen_content,
};
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};

use crate::retention::projections_hold;

const MEASURES: [Measure; 14] = [
    Measure::Received,
    Measure::Accepted,
    Measure::Declined,
    Measure::Referred,
    Measure::Directed,
    Measure::Open,
    Measure::Concluded,
    Measure::OnTime,
    Measure::Late,
    Measure::Extended,
    Measure::Withdrawn,
    Measure::Reopened,
    Measure::Returned,
    Measure::Repeated,
];

fn year() -> Period {
    Period { from: "2026-01-01".into(), to: "2026-12-31".into() }
}

fn query(by: FigureBy, part: FigurePart) -> FigureQuery {
    FigureQuery { period: Some(year()), by: by.into(), part: part.into(), ..FigureQuery::default() }
}

async fn figures(by: &Officer, query: FigureQuery) -> FigureTable {
    let request = GetFiguresRequest { query: Some(query) };
    by.statistics().get_figures(request).await.expect("figures").into_inner().table.expect("a table")
}

fn of(table: &FigureTable, key: &str) -> Figures {
    table.lines.iter().find(|line| line.key == key).and_then(|line| line.figures).unwrap_or_default()
}

/// The figures once they are so.
async fn figures_when(by: &Officer, query: &FigureQuery, so: impl Fn(&Figures) -> bool) -> FigureTable {
    eventually("the figures", async || {
        let table = figures(by, query.clone()).await;
        so(&table.total.unwrap_or_default()).then_some(table)
    })
    .await
}

fn value(figures: &Figures, measure: Measure) -> u64 {
    match measure {
        Measure::Unspecified => 0,
        Measure::Received => figures.received,
        Measure::Accepted => figures.accepted,
        Measure::Declined => figures.declined,
        Measure::Referred => figures.referred,
        Measure::Directed => figures.directed,
        Measure::Open => figures.open,
        Measure::Concluded => figures.concluded,
        Measure::OnTime => figures.on_time,
        Measure::Late => figures.late,
        Measure::Extended => figures.extended,
        Measure::Withdrawn => figures.withdrawn,
        Measure::Reopened => figures.reopened,
        Measure::Returned => figures.returned,
        Measure::Repeated => figures.repeated,
    }
}

/// How many cases are behind a figure, a page of one after the other.
async fn opened(by: &Officer, query: &FigureQuery, key: &str, measure: Measure) -> u64 {
    let mut page_token = String::new();
    let mut count = 0;
    loop {
        let request = ListFigureCasesRequest {
            query: Some(query.clone()),
            key: key.into(),
            measure: measure.into(),
            page_size: 1,
            page_token,
        };
        let page = by.statistics().list_figure_cases(request).await.expect("a page").into_inner();
        count += u64::try_from(page.cases.len()).expect("a count");
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return count;
        }
    }
}

/// Each figure of each line opens into as many cases as it says.
async fn each_opens(by: &Officer, query: FigureQuery) {
    let table = figures(by, query.clone()).await;
    for line in &table.lines {
        let figures = line.figures.unwrap_or_default();
        for measure in MEASURES {
            let said = value(&figures, measure);
            assert_eq!(opened(by, &query, &line.key, measure).await, said, "{} {measure:?}", line.key);
        }
    }
}

/// A case that the centre handles itself, and one that goes down and is handled at the sub-centre.
async fn two(world: &World) -> (Journey<'_>, Journey<'_>) {
    let (own, _) = Journey::routed(world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    let (down, _) = Journey::routed(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    down.acknowledge(SUB_CENTRE).await;
    (own, down)
}

#[tokio::test(flavor = "multi_thread")]
async fn art_5_3_the_centre_sums_up_all_exact_to_the_case_and_as_of_any_day() {
    let world = World::new().await;
    let (own, down) = two(&world).await;
    let centre = world.supervisor(CENTRE);
    let cases = query(FigureBy::Organ, FigurePart::Cases);
    figures_when(&centre, &cases, |it| (it.received, it.accepted, it.open) == (2, 2, 2)).await;
    world.turn_to("2026-02-12 10:00");
    let centre = world.supervisor(CENTRE);
    down.handle(SUB_CENTRE).await;
    let table = figures_when(&centre, &cases, |it| it.concluded == 1).await;
    let total = table.total.expect("a total");
    assert_eq!((total.on_time, total.late, total.open, total.workdays), (1, 0, 1, 2));
    assert_eq!(total.p90_workdays, Some(2));
    assert_eq!(of(&table, CENTRE).concluded, 1, "it is the centre's case");
    assert_eq!(of(&table, SUB_CENTRE).accepted, 0);
    let terms = query(FigureBy::Organ, FigurePart::Handled);
    let handled = figures_when(&centre, &terms, |it| it.concluded == 1).await;
    assert_eq!((of(&handled, SUB_CENTRE).concluded, of(&handled, CENTRE).open), (1, 1));

    let before = FigureQuery { as_of: "2026-02-11".into(), ..cases.clone() };
    let then = figures(&centre, before.clone()).await.total.expect("a total");
    assert_eq!((then.concluded, then.open), (0, 2), "as they stood then");

    world.turn_to("2026-02-28 10:00");
    let centre = world.supervisor(CENTRE);
    let reopen = ReopenCaseRequest {
        request_id: complaints::request_id(),
        case_id: down.case_id(),
        version: down.at(CENTRE).await.version,
        reason: "复查发现原认定事实不清。".into(),
        ..ReopenCaseRequest::default()
    };
    world.leader(CENTRE).instruments().reopen_case(reopen).await.expect("opened again");
    let table = figures_when(&centre, &cases, |it| it.reopened == 1).await;
    assert_eq!(table.total.map(|it| (it.concluded, it.accepted)), Some((0, 2)), "resolved no more");
    figures_when(&centre, &terms, |it| it.reopened == 1).await;
    let before = FigureQuery { as_of: "2026-02-27".into(), ..cases.clone() };
    assert_eq!(figures(&centre, before).await.total.map(|it| it.concluded), Some(1), "it was, until then");
    world.turn_to("2026-03-20 10:00");
    let centre = world.supervisor(CENTRE);
    own.handle(CENTRE).await;
    figures_when(&centre, &cases, |it| (it.concluded, it.late) == (1, 1)).await;

    for by in [
        FigureBy::Total,
        FigureBy::Organ,
        FigureBy::Ground,
        FigureBy::Channel,
        FigureBy::Outcome,
        FigureBy::Day,
        FigureBy::Month,
        FigureBy::GroundOutcome,
    ] {
        each_opens(&centre, query(by, FigurePart::Cases)).await;
    }
    each_opens(&centre, terms).await;
    let grounds = figures(&centre, query(FigureBy::GroundOutcome, FigurePart::Cases)).await;
    assert_eq!(of(&grounds, "8.2/FOUNDED").concluded, 1);
    let name = grounds.lines.first().and_then(|line| line.name.clone()).expect("a name");
    assert!(name.zh.ends_with("/ 属实"), "{name:?}");

    let march = Period { from: "2026-03-01".into(), to: "2026-03-31".into() };
    let compare = FigureQuery { period: Some(march), ..query(FigureBy::Total, FigurePart::Cases) };
    let request = CompareFiguresRequest { query: Some(compare) };
    let compared = centre.statistics().compare_figures(request).await.expect("compared").into_inner();
    let total = compared.total.expect("a total");
    assert_eq!(compared.before.map(|it| it.from), Some("2026-02-01".to_owned()));
    assert_eq!(
        (total.figures.map(|it| it.concluded), total.before.map(|it| it.accepted)),
        (Some(1), Some(2))
    );
    assert_eq!(total.year_before, Some(Figures::default()));
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_6_3_a_sub_centre_sums_up_its_own_in_words_and_files_and_sees_no_more() {
    let world = World::new().await;
    let (_own, down) = two(&world).await;
    down.handle(SUB_CENTRE).await;
    let mine = world.leader(SUB_CENTRE);
    let terms = query(FigureBy::Organ, FigurePart::Handled);
    let table = figures_when(&mine, &terms, |it| it.concluded == 1).await;
    assert_eq!(table.lines.iter().map(|line| line.key.as_str()).collect::<Vec<_>>(), [SUB_CENTRE]);
    let other = FigureQuery { organ: CENTRE.into(), ..terms.clone() };
    let refused = mine.statistics().get_figures(GetFiguresRequest { query: Some(other) }).await;
    assert_eq!(rejection(refused).reason, "ORGAN_OUT_OF_SCOPE");
    let nothing = GetFiguresRequest { query: Some(FigureQuery { period: None, by: 99, ..terms.clone() }) };
    assert_eq!(rejection(mine.statistics().get_figures(nothing).await).fields, ["query.period", "query.by"]);

    let draft = DraftAnalysisRequest { period: Some(year()), organ: String::new() };
    let centre = world.supervisor(CENTRE);
    let text = centre.statistics().draft_analysis(draft).await.expect("drafted").into_inner().text;
    assert!(text.contains("受理2件") && text.contains("2026年1月1日至2026年12月31日"), "{text}");

    let save = |analysis_id: String, text: &str| SaveAnalysisRequest {
        request_id: complaints::request_id(),
        analysis_id,
        period: Some(year()),
        text: text.into(),
    };
    let mut desk = world.desk(SUB_CENTRE).statistics();
    let first = desk.save_analysis(save(String::new(), "初稿。")).await.expect("saved").into_inner().analysis;
    let id = first.expect("an analysis").analysis_id;
    let second = desk.save_analysis(save(id.clone(), "二稿。")).await.expect("saved").into_inner().analysis;
    let second = second.expect("an analysis");
    assert_eq!((second.version, second.text.as_str()), (2, "二稿。"));
    assert_eq!(second.allowed_actions, [i32::from(Action::SaveAnalysis)], "a desk does not sign");
    let sign = |version| SignAnalysisRequest {
        request_id: complaints::request_id(),
        analysis_id: id.clone(),
        version,
    };
    let early = mine.statistics().sign_analysis(sign(1)).await;
    assert_eq!(rejection(early).reason, "STATE_NOT_ALLOWED", "another version was read");
    let signed = mine.statistics().sign_analysis(sign(2)).await.expect("signed").into_inner().analysis;
    assert_eq!(signed.expect("an analysis").signed_by, format!("leader.{SUB_CENTRE}"));
    let late = desk.save_analysis(save(id.clone(), "三稿。")).await;
    assert_eq!(rejection(late).reason, "STATE_NOT_ALLOWED", "what is signed stays");
    let listed = centre.statistics().list_analyses(ListAnalysesRequest::default()).await.expect("listed");
    let listed = listed.into_inner().analyses;
    assert_eq!(listed.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["二稿。"]);
    assert!(listed.iter().all(|it| it.allowed_actions.is_empty()));

    let file = exported(&mine, &terms, ExportFormat::CsvBom).await;
    let text = String::from_utf8(file).expect("UTF-8");
    let mut lines = text.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("\u{feff}编码,项目,收件,受理")), "{text}");
    assert!(lines.any(|line| line.starts_with(SUB_CENTRE)), "{text}");
    let plain = exported(&mine, &terms, ExportFormat::Csv).await;
    assert!(plain.starts_with("编码".as_bytes()));
    let book = exported(&mine, &terms, ExportFormat::Xlsx).await;
    assert!(book.starts_with(b"PK\x03\x04"));
    projections_hold(&world).await;
}

async fn exported(by: &Officer, query: &FigureQuery, format: ExportFormat) -> Vec<u8> {
    let request = ExportFiguresRequest { query: Some(query.clone()), format: format.into() };
    let mut parts = by.statistics().export_figures(request).await.expect("a file").into_inner();
    let mut file = Vec::new();
    let mut name = String::new();
    while let Some(part) = parts.message().await.expect("a part") {
        name.push_str(&part.file_name);
        file.extend_from_slice(&part.chunk);
    }
    assert!(name.starts_with("效能投诉统计_2026-01-01_2026-12-31."), "{name}");
    file
}

async fn appraised(by: &Officer) -> Appraisal {
    let request = GetAppraisalRequest { period: Some(year()), ..GetAppraisalRequest::default() };
    by.statistics()
        .get_appraisal(request)
        .await
        .expect("appraised")
        .into_inner()
        .appraisal
        .expect("an appraisal")
}

fn score(appraisal: &Appraisal, organ: &str) -> (Option<u32>, u32, u32) {
    let line = appraisal.organs.iter().find(|line| line.organ == organ).expect("a line");
    (line.score_milli, line.rank, line.excluded)
}

#[tokio::test(flavor = "multi_thread")]
async fn art_24_handling_is_ranked_by_the_rule_apart_from_what_was_found_and_exclusions_need_another() {
    let world = World::new().await;
    let (own, down) = two(&world).await;
    world.turn_to("2026-03-20 10:00");
    down.handle(SUB_CENTRE).await;
    let centre = world.supervisor(CENTRE);
    let terms = query(FigureBy::Organ, FigurePart::Handled);
    figures_when(&centre, &terms, |it| it.concluded == 1).await;
    figures_when(&centre, &query(FigureBy::Organ, FigurePart::Cases), |it| it.concluded == 1).await;
    let before = appraised(&centre).await;
    let (points, rank, _) = score(&before, SUB_CENTRE);
    assert!(points.is_some_and(|points| points < 60_000), "late: {points:?}");
    assert_eq!((rank, score(&before, CENTRE).1), (1, 0), "the centre concluded nothing: no score");
    assert_eq!(before.citation.as_ref().map(|it| it.article.as_str()), Some("24"));
    assert_eq!(before.criteria.iter().map(|it| it.weight).sum::<u32>(), 100);
    let against = before.against.iter().find(|it| it.organ == UNIT).expect("what was found");
    assert_eq!((against.persons_founded, against.founded), (1, 0), "against a person of the unit");

    let propose = |case_id: String| ProposeExclusionRequest {
        request_id: complaints::request_id(),
        case_id,
        organ: String::new(),
        reason: "等待上级部门鉴定,非办理原因。".into(),
    };
    let mut leader = world.leader(SUB_CENTRE).statistics();
    let foreign = leader.propose_exclusion(propose(own.case_id())).await;
    assert_eq!(rejection(foreign).reason, "CASE_NOT_FOUND");
    let may = || async { actions_of(&world.leader(SUB_CENTRE)).await };
    assert_eq!(may().await, [i32::from(Action::ProposeExclusion)]);
    let proposed = leader.propose_exclusion(propose(down.case_id())).await.expect("proposed").into_inner();
    let exclusion = proposed.exclusion.expect("an exclusion");
    assert!(may().await.is_empty(), "it is proposed");
    assert_eq!(exclusion.reason, "等待上级部门鉴定,非办理原因。");
    assert!(exclusion.allowed_actions.is_empty(), "who proposed it does not decide");
    let waiting = exclusions(&centre).await;
    assert_eq!(
        waiting.first().map(|it| it.allowed_actions.clone()),
        Some(vec![Action::DecideExclusion.into()])
    );
    assert_eq!(score(&appraised(&centre).await, SUB_CENTRE).2, 0, "not before it is approved");

    world.turn_to("2027-01-05 10:00");
    let centre = world.supervisor(CENTRE);
    let first = freeze(&centre, FrozenKind::Appraisal).await;
    let decide = DecideExclusionRequest {
        request_id: complaints::request_id(),
        exclusion_id: exclusion.exclusion_id.clone(),
        approved: true,
    };
    let decided = centre.statistics().decide_exclusion(decide).await.expect("decided").into_inner();
    assert_eq!(decided.exclusion.map(|it| it.decided_by), Some(format!("supervisor.{CENTRE}")));
    let after = appraised(&centre).await;
    assert_eq!(score(&after, SUB_CENTRE), (None, 0, 1), "nothing is left to appraise");
    assert_eq!(figures(&centre, terms).await.total.map(|it| it.concluded), Some(1), "figures stay whole");

    let second = freeze(&centre, FrozenKind::Appraisal).await;
    assert_eq!((first.version, second.version), (1, 2));
    assert_ne!(first.sha256, second.sha256);
    let kept = frozen(&centre).await;
    assert_eq!(kept.iter().map(|it| it.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(kept.last(), Some(&first), "it reads the same for ever");
    let sheet = first.content.and_then(|content| content.kind);
    let Some(frozen_content::Kind::Appraisal(sheet)) = sheet else { panic!("a sheet: {sheet:?}") };
    assert_eq!(score(&sheet, SUB_CENTRE).0, points);
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_period_is_frozen_when_it_is_over_and_what_comes_later_does_not_change_it() {
    let world = World::new().await;
    let (own, _) = two(&world).await;
    let centre = world.supervisor(CENTRE);
    let cases = query(FigureBy::Organ, FigurePart::Cases);
    figures_when(&centre, &cases, |it| it.accepted == 2).await;
    let request = FreezePeriodRequest {
        request_id: complaints::request_id(),
        kind: FrozenKind::Figures.into(),
        period: Some(year()),
        as_of: String::new(),
    };
    let early = centre.statistics().freeze_period(request).await;
    assert_eq!(rejection(early).fields, ["as_of"], "the year is not over");
    world.turn_to("2027-01-05 10:00");
    let centre = world.supervisor(CENTRE);
    let first = freeze(&centre, FrozenKind::Figures).await;
    own.handle(CENTRE).await;
    let january = Period { from: "2027-01-01".into(), to: "2027-01-31".into() };
    let later = FigureQuery { period: Some(january), ..cases };
    figures_when(&centre, &later, |it| it.concluded == 1).await;
    world.turn_to("2027-02-05 10:00");
    let centre = world.supervisor(CENTRE);
    let second = freeze(&centre, FrozenKind::Figures).await;
    let kept = frozen(&centre).await;
    assert_eq!(kept, [second.clone(), first.clone()]);
    let open = |frozen: &Frozen| match frozen.content.as_ref().and_then(|content| content.kind.as_ref()) {
        Some(frozen_content::Kind::Figures(table)) => table.total.map(|it| it.open),
        other => panic!("{other:?}"),
    };
    assert_eq!((open(&first), open(&second)), (Some(2), Some(1)));
    assert!(frozen(&world.leader(SUB_CENTRE)).await.is_empty(), "it is the centre's");
}

/// What may be done with what the caller's organ concluded.
async fn actions_of(by: &Officer) -> Vec<i32> {
    let request = ListFigureCasesRequest {
        query: Some(query(FigureBy::Total, FigurePart::Handled)),
        measure: Measure::Concluded.into(),
        ..ListFigureCasesRequest::default()
    };
    let cases = by.statistics().list_figure_cases(request).await.expect("a page").into_inner().cases;
    cases.into_iter().flat_map(|case| case.allowed_actions).collect()
}

async fn exclusions(by: &Officer) -> Vec<Exclusion> {
    let request = ListExclusionsRequest { open_only: true, ..ListExclusionsRequest::default() };
    by.statistics().list_exclusions(request).await.expect("listed").into_inner().exclusions
}

async fn freeze(by: &Officer, kind: FrozenKind) -> Frozen {
    let request = FreezePeriodRequest {
        request_id: complaints::request_id(),
        kind: kind.into(),
        period: Some(year()),
        as_of: String::new(),
    };
    by.statistics()
        .freeze_period(request)
        .await
        .expect("frozen")
        .into_inner()
        .frozen
        .expect("what was frozen")
}

async fn frozen(by: &Officer) -> Vec<Frozen> {
    by.statistics().list_frozen(ListFrozenRequest::default()).await.expect("listed").into_inner().frozen
}
