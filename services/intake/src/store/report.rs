//! The tables `report` and `report_demand`.

use std::collections::HashMap;

use duban_proto::intake::v1::{
    AnswerDemanded, DemandAnswered, DemandState, ReportClosed, ReportReceived, ReportState,
};
use jiff::Timestamp;
use postgres::row::{Damaged, Row, small};
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Demand, Report};

/// Where a page of reports ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ReportKey {
    received_at: i64,
    report_id: Uuid,
}

/// Where a page of demands ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct DemandKey {
    state: i16,
    due_at: i64,
    demand_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct ReportColumns {
    report_id: Uuid,
    received: Vec<u8>,
    received_at: i64,
    closed: Option<Vec<u8>>,
    closed_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct DemandColumns {
    demand_id: Uuid,
    report_id: Uuid,
    demanded: Vec<u8>,
    demanded_at: i64,
    overdue_since: Option<i64>,
    answered: Option<Vec<u8>>,
    answered_at: Option<i64>,
}

impl ReportKey {
    /// The first page comes after this.
    const BEGIN: Self = Self { received_at: i64::MAX, report_id: Uuid::max() };

    /// The key of a report.
    pub(crate) fn of(report: &Report) -> Self {
        Self { received_at: report.received_at.as_microsecond(), report_id: report.report_id }
    }
}

impl DemandKey {
    /// The key of a demand.
    pub(crate) fn of(demand: &Demand) -> Self {
        Self {
            state: small(demand.state().into()),
            due_at: demand.due_at().as_microsecond(),
            demand_id: demand.demand_id,
        }
    }

    /// What the demands of each state come after, on the page after `after`; those before its state are through.
    fn each(after: Option<Self>) -> Vec<Self> {
        let begin = |state| Self { state, due_at: i64::MIN, demand_id: Uuid::nil() };
        let states = [DemandState::Overdue, DemandState::Open, DemandState::Answered];
        let last = after.map_or(i16::MIN, |after| after.state);
        let still = states.into_iter().map(|state| small(state.into())).filter(|state| *state >= last);
        still.map(|state| after.filter(|after| after.state == state).unwrap_or(begin(state))).collect()
    }
}

impl TryFrom<ReportColumns> for Report {
    type Error = Damaged;

    fn try_from(row: ReportColumns) -> Result<Self, Damaged> {
        let at = Row { table: "report", key: row.report_id };
        let closed = row.closed.map(|bytes| at.need("closed", ReportClosed::decode(bytes.as_slice()).ok()));
        Ok(Self {
            report_id: row.report_id,
            received: at.need("received", ReportReceived::decode(row.received.as_slice()).ok())?,
            received_at: at.moment("received_at", row.received_at)?,
            demands: Vec::new(),
            closed: closed.transpose()?,
            closed_at: at.optional_moment("closed_at", row.closed_at)?,
        })
    }
}

impl TryFrom<DemandColumns> for Demand {
    type Error = Damaged;

    fn try_from(row: DemandColumns) -> Result<Self, Damaged> {
        let at = Row { table: "report_demand", key: row.demand_id };
        let answered =
            row.answered.map(|bytes| at.need("answered", DemandAnswered::decode(bytes.as_slice()).ok()));
        Ok(Self {
            demand_id: row.demand_id,
            report_id: row.report_id,
            demanded: at.need("demanded", AnswerDemanded::decode(row.demanded.as_slice()).ok())?,
            demanded_at: at.moment("demanded_at", row.demanded_at)?,
            overdue_since: at.optional_moment("overdue_since", row.overdue_since)?,
            answered: answered.transpose()?,
            answered_at: at.optional_moment("answered_at", row.answered_at)?,
        })
    }
}

/// These reports, with what was demanded on them.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    reports: &[Uuid],
) -> Result<Vec<Report>, sqlx::Error> {
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ReportColumns> = sqlx::query_as(include_str!("load_reports.sql"))
        .bind(organ)
        .bind(reports)
        .fetch_all(&mut *tx)
        .await?;
    with_demands(tx, organ, rows).await
}

/// The reports of these rows, in their order, with what was demanded on them.
async fn with_demands(
    tx: &mut PgConnection,
    organ: &str,
    rows: Vec<ReportColumns>,
) -> Result<Vec<Report>, sqlx::Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.report_id).collect();
    let demands: Vec<DemandColumns> =
        sqlx::query_as(include_str!("load_demands.sql")).bind(organ).bind(ids).fetch_all(tx).await?;
    let mut of_report = HashMap::<Uuid, Vec<Demand>>::new();
    for row in demands {
        let demand = Demand::try_from(row)?;
        of_report.entry(demand.report_id).or_default().push(demand);
    }
    let whole = |row| {
        let mut report = Report::try_from(row)?;
        report.demands = of_report.remove(&report.report_id).unwrap_or_default();
        report.demands.sort_by_key(|demand| (demand.demanded_at, demand.demand_id));
        Ok(report)
    };
    rows.into_iter().map(whole).collect()
}

/// Saves reports and their demands, each table in one statement.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, reports: &[Report]) -> Result<(), sqlx::Error> {
    if reports.is_empty() {
        return Ok(());
    }
    let about = |report: &Report| Uuid::try_parse(&report.received.case_id).ok();
    let closed = |report: &Report| report.closed.as_ref().map(Message::encode_to_vec);
    sqlx::query(include_str!("save_reports.sql"))
        .bind(organ)
        .bind(reports.iter().map(|report| report.report_id).collect::<Vec<_>>())
        .bind(reports.iter().map(|report| small(report.state().into())).collect::<Vec<_>>())
        .bind(reports.iter().map(|report| report.received.organ == organ).collect::<Vec<_>>())
        .bind(reports.iter().map(about).collect::<Vec<_>>())
        .bind(reports.iter().map(|report| report.received.encode_to_vec()).collect::<Vec<_>>())
        .bind(reports.iter().map(|report| report.received_at.as_microsecond()).collect::<Vec<_>>())
        .bind(reports.iter().map(closed).collect::<Vec<_>>())
        .bind(reports.iter().map(|report| micros(report.closed_at)).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
    save_demands(tx, organ, reports).await
}

async fn save_demands(tx: &mut PgConnection, organ: &str, reports: &[Report]) -> Result<(), sqlx::Error> {
    let demands: Vec<&Demand> = reports.iter().flat_map(|report| &report.demands).collect();
    if demands.is_empty() {
        return Ok(());
    }
    let answered = |demand: &&Demand| demand.answered.as_ref().map(Message::encode_to_vec);
    sqlx::query(include_str!("save_demands.sql"))
        .bind(organ)
        .bind(demands.iter().map(|demand| demand.demand_id).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| demand.report_id).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| demand.demanded.organ.as_str()).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| small(demand.state().into())).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| demand.due_at().as_microsecond()).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| micros(demand.next_at())).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| demand.demanded.encode_to_vec()).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| demand.demanded_at.as_microsecond()).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| micros(demand.overdue_since)).collect::<Vec<_>>())
        .bind(demands.iter().map(answered).collect::<Vec<_>>())
        .bind(demands.iter().map(|demand| micros(demand.answered_at)).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

fn micros(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(Timestamp::as_microsecond)
}

/// One report, for a handler.
pub(crate) async fn find_report(
    pool: &PgPool,
    organ: &str,
    report_id: Uuid,
) -> Result<Option<Report>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    Ok(load(&mut connection, organ, &[report_id]).await?.pop())
}

/// A page of the centre's reports in these states, newest first; `restricted` ones are about the centre itself.
pub(crate) async fn list_reports(
    pool: &PgPool,
    organ: &str,
    restricted: &[bool],
    states: &[ReportState],
    after: Option<ReportKey>,
    size: i64,
) -> Result<Vec<Report>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let states: Vec<i16> = states.iter().map(|state| small((*state).into())).collect();
    let after = after.unwrap_or(ReportKey::BEGIN);
    let rows: Vec<ReportColumns> = sqlx::query_as(include_str!("list_reports.sql"))
        .bind(organ)
        .bind(restricted)
        .bind(states)
        .bind(after.received_at)
        .bind(after.report_id)
        .bind(size)
        .fetch_all(&mut *connection)
        .await?;
    with_demands(&mut connection, organ, rows).await
}

/// How many reports on a case are not closed.
pub(crate) async fn open_reports(pool: &PgPool, organ: &str, case_id: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(include_str!("open_reports.sql")).bind(organ).bind(case_id).fetch_one(pool).await
}

/// A page of what this organ has to answer the centre: overdue, open, answered; in each the most urgent first.
pub(crate) async fn list_demands(
    pool: &PgPool,
    centre: &str,
    organ: &str,
    after: Option<DemandKey>,
    size: i64,
) -> Result<Vec<Demand>, sqlx::Error> {
    let keys = DemandKey::each(after);
    let rows: Vec<DemandColumns> = sqlx::query_as(include_str!("list_demands.sql"))
        .bind(centre)
        .bind(organ)
        .bind(keys.iter().map(|key| key.state).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.due_at).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.demand_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(Demand::try_from(row)?)).collect()
}

/// A demand made of this organ.
pub(crate) async fn find_demand(
    pool: &PgPool,
    centre: &str,
    organ: &str,
    demand_id: Uuid,
) -> Result<Option<Demand>, sqlx::Error> {
    let row: Option<DemandColumns> = sqlx::query_as(include_str!("find_demand.sql"))
        .bind(centre)
        .bind(organ)
        .bind(demand_id)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(Demand::try_from).transpose()?)
}
