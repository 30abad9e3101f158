use access::Role;
use duban_proto::common::v1::{CaseFacts, Finding};
use duban_proto::intake::v1::{self as intake, CaseLinked, CaseUnlinked, LinkKind};
use duban_proto::routing::v1::{
    CaseConcluded, CaseOpened, CaseReopened, DispositionApproved, SupersededBy, TermBegun, TermLeft,
    TermReceived, event::Kind,
};
use duban_proto::supervision::v1::{
    FigureBy, FigurePart, FigureQuery, FigureTable, Figures, GetFiguresRequest, ListFigureCasesRequest,
    Measure, Period,
};
use ledger::rebuild::{self, Mode};
use supervision::domain::time::to_wire;

use crate::harness::{CENTRE, Running, TOWN, at, case, start_following};

fn facts() -> CaseFacts {
    CaseFacts {
        registering_organ: CENTRE.into(),
        number: "宝效投〔2026〕1号".into(),
        accepted_at: Some(to_wire(at("2026-03-02 10:00"))),
        grounds: vec!["8.4".into()],
        channel: "call".into(),
        ..CaseFacts::default()
    }
}

fn query(part: FigurePart, by: FigureBy) -> FigureQuery {
    let period = Some(Period { from: "2026-01-01".into(), to: "2026-12-31".into() });
    FigureQuery { period, part: part.into(), by: by.into(), ..FigureQuery::default() }
}

async fn figures(running: &Running, query: FigureQuery) -> FigureTable {
    let request = running.by(Role::Supervisor, CENTRE, GetFiguresRequest { query: Some(query) });
    running.statistics().await.get_figures(request).await.unwrap().into_inner().table.unwrap()
}

/// The total, once it is so.
async fn until(running: &Running, part: FigurePart, so: impl Fn(&Figures) -> bool) -> Figures {
    let mut heads = running.supervision.writer().heads().subscribe();
    loop {
        heads.mark_unchanged();
        let total = figures(running, query(part, FigureBy::Total)).await.total.unwrap();
        if so(&total) {
            return total;
        }
        let moved = tokio::time::timeout(std::time::Duration::from_secs(20), heads.changed()).await;
        moved.unwrap_or_else(|_| panic!("it never comes so: {total:?}")).unwrap();
    }
}

/// The counters come out the same from the ledger alone, and from what was counted.
async fn recounts(running: &Running) {
    let writer = running.supervision.writer();
    for organ in rebuild::organs(writer).await.unwrap() {
        for table in rebuild::rebuild(writer, &organ, Mode::Check).await.unwrap() {
            assert!(table.same, "{table:?}");
        }
    }
}

#[tokio::test]
async fn art_5_3_what_intake_tells_is_counted_on_its_day() {
    let running = start_following().await;
    let received = |channel: &str, received_on: &str| intake::ComplaintReceived {
        channel: channel.into(),
        grounds: vec!["8.1".into()],
        received_on: received_on.into(),
        ..intake::ComplaintReceived::default()
    };
    let says = async |number, kind| running.intake().says(CENTRE, Some(case(number)), kind).await;
    says(1, intake::event::Kind::ComplaintReceived(received("call", "2026-01-12"))).await;
    says(2, intake::event::Kind::ComplaintReceived(received("visit", ""))).await;
    says(3, intake::event::Kind::ComplaintReceived(received("visit", ""))).await;
    says(1, intake::event::Kind::CaseDeclined(intake::CaseDeclined::default())).await;
    says(2, intake::event::Kind::CaseReferred(intake::CaseReferred::default())).await;
    says(3, intake::event::Kind::DirectedElsewhere(intake::DirectedElsewhere::default())).await;
    let corrected = intake::CaseCorrected { received: Some(received("letter", "")), ..Default::default() };
    says(3, intake::event::Kind::CaseCorrected(corrected)).await;
    let link = CaseLinked {
        other_case_id: case(9).to_string(),
        kind: LinkKind::Repeated.into(),
        ..Default::default()
    };
    says(2, intake::event::Kind::CaseLinked(link.clone())).await;
    says(3, intake::event::Kind::CaseLinked(link.clone())).await;
    says(3, intake::event::Kind::CaseUnlinked(CaseUnlinked { link: Some(link), ..Default::default() })).await;
    let so =
        |it: &Figures| (it.received, it.declined, it.referred, it.directed, it.repeated) == (3, 1, 1, 1, 1);
    until(&running, FigurePart::Cases, so).await;
    let by = |table: FigureTable| -> Vec<(String, u64)> {
        table
            .lines
            .into_iter()
            .map(|line| (line.key, line.figures.unwrap().received))
            .filter(|(_, it)| *it > 0)
            .collect()
    };
    let channels = by(figures(&running, query(FigurePart::Cases, FigureBy::Channel)).await);
    assert_eq!(channels, [("call".to_owned(), 1), ("letter".to_owned(), 1), ("visit".to_owned(), 1)]);
    let days = by(figures(&running, query(FigurePart::Cases, FigureBy::Day)).await);
    assert_eq!(days, [("2026-01-12".to_owned(), 1), ("2026-03-02".to_owned(), 2)], "of receipt on paper");
    recounts(&running).await;
    running.stop().await;
}

#[tokio::test]
async fn art_6_3_what_routing_tells_is_counted_at_the_home_and_at_the_holder() {
    let running = start_following().await;
    let id = Some(case(1));
    let term = TermBegun {
        term: 1,
        organ: TOWN.into(),
        home: CENTRE.into(),
        facts: Some(facts()),
        ..Default::default()
    };
    let opened = CaseOpened { facts: Some(facts()), ..CaseOpened::default() };
    running.routing().says(CENTRE, id, Kind::CaseOpened(opened)).await;
    running.routing().says(CENTRE, id, Kind::TermBegun(term.clone())).await;
    let received = TermReceived { term: Some(term), begun_at: Some(to_wire(at("2026-03-02 11:00"))) };
    running.routing().says(TOWN, id, Kind::TermReceived(received)).await;
    until(&running, FigurePart::Cases, |it| (it.accepted, it.open) == (1, 1)).await;
    running.clock.set(at("2026-03-06 10:00"));
    let finding = Finding::PartlyFounded.into();
    let approved = DispositionApproved { term: 1, finding, ..DispositionApproved::default() };
    running.routing().says(TOWN, id, Kind::DispositionApproved(approved)).await;
    let approved_at = Some(to_wire(at("2026-03-06 10:00")));
    running.clock.set(at("2026-03-09 10:00"));
    let concluded =
        CaseConcluded { term: 1, organ: TOWN.into(), finding, approved_at, ..CaseConcluded::default() };
    running.routing().says(CENTRE, id, Kind::CaseConcluded(concluded)).await;
    let total = until(&running, FigurePart::Cases, |it| it.concluded == 1).await;
    assert_eq!((total.on_time, total.workdays, total.open), (1, 4, 0), "on the day of the approval");
    let handled = until(&running, FigurePart::Handled, |it| it.concluded == 1).await;
    assert_eq!((handled.accepted, handled.workdays, handled.open), (1, 4, 0));
    let told = FigureQuery { as_of: "2026-03-08".into(), ..query(FigurePart::Cases, FigureBy::Total) };
    assert_eq!(figures(&running, told).await.total.unwrap().concluded, 0, "the home did not know then");

    let reopened = CaseReopened {
        reopening: 1,
        term: 1,
        organ: TOWN.into(),
        home: CENTRE.into(),
        reopened_at: Some(to_wire(at("2026-03-09 10:00"))),
        ..CaseReopened::default()
    };
    running.routing().says(CENTRE, id, Kind::CaseReopened(reopened.clone())).await;
    running.routing().says(TOWN, id, Kind::CaseReopened(reopened)).await;
    for part in [FigurePart::Cases, FigurePart::Handled] {
        until(&running, part, |it| (it.reopened, it.concluded) == (1, 0)).await;
    }
    recounts(&running).await;
    running.stop().await;
}

#[tokio::test]
async fn house_a_term_given_back_is_told_from_one_that_was_taken() {
    let running = start_following().await;
    for (number, why) in [(1, SupersededBy::Return), (2, SupersededBy::Takeover)] {
        let id = Some(case(number));
        let term = TermBegun {
            term: 1,
            organ: TOWN.into(),
            home: CENTRE.into(),
            facts: Some(facts()),
            ..Default::default()
        };
        let received = TermReceived { term: Some(term), begun_at: Some(to_wire(at("2026-03-02 11:00"))) };
        running.routing().says(TOWN, id, Kind::TermReceived(received)).await;
        let left = TermLeft {
            term: 1,
            by: 2,
            at: Some(to_wire(at("2026-03-02 12:00"))),
            why: why.into(),
            ..Default::default()
        };
        running.routing().says(TOWN, id, Kind::TermLeft(left)).await;
    }
    let total = until(&running, FigurePart::Handled, |it| (it.accepted, it.open) == (2, 0)).await;
    assert_eq!(total.returned, 1);
    let list = ListFigureCasesRequest {
        query: Some(query(FigurePart::Handled, FigureBy::Total)),
        measure: Measure::Returned.into(),
        ..Default::default()
    };
    let request = running.by(Role::Leader, TOWN, list.clone());
    let cases = running.statistics().await.list_figure_cases(request).await.unwrap().into_inner().cases;
    assert_eq!(cases.iter().map(|it| it.case_id.clone()).collect::<Vec<_>>(), [case(1).to_string()]);
    assert_eq!(cases[0].number, "宝效投〔2026〕1号");
    let request = running.by(Role::Leader, "baoshan.dachang", list);
    let other = running.statistics().await.list_figure_cases(request).await.unwrap().into_inner();
    assert!(other.cases.is_empty(), "another organ opens nothing of it");
    running.stop().await;
}
