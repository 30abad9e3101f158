//! The table `clock`.

use std::collections::BTreeSet;

use duban_proto::common::v1::Citation;
use ledger::to_micros;
use prost::Message as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::pack;
use crate::domain::{Clock, ClockKey, Paused, Stop, Waiting};
use postgres::row::{Damaged, Row, small};

/// A clock, and the organ in whose ledger it runs.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) organ: String,
    pub(crate) clock: Clock,
    /// The extension that waits for its decision.
    pub(crate) asked: Option<Waiting>,
}

#[derive(sqlx::FromRow)]
#[allow(clippy::struct_excessive_bools)] // columns of a table
struct ClockRow {
    organ: String,
    case_id: Uuid,
    term: i32,
    number: String,
    responsible_organ: String,
    home: String,
    registering_organ: String,
    start_at: i64,
    accepted_at: i64,
    due_at: i64,
    length: String,
    extended: bool,
    provisional: bool,
    calendar: String,
    external_due_at: Option<i64>,
    citation: Vec<u8>,
    rung_times: Vec<u8>,
    fired: i32,
    light: i16,
    stopped_at: Option<i64>,
    stop_reason: i16,
    on_time: bool,
    workdays: i32,
    reopened: bool,
    pauses: Vec<u8>,
    paused_cause: String,
    paused_at: Option<i64>,
    paused_until: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct RunningRow {
    #[sqlx(flatten)]
    clock: ClockRow,
    asked_by: Option<String>,
    asked_length: Option<String>,
}

impl TryFrom<ClockRow> for Clock {
    type Error = Damaged;

    fn try_from(row: ClockRow) -> Result<Self, Damaged> {
        let at = Row { table: "clock", key: row.case_id };
        let stop = |stopped_at| {
            Ok::<_, Damaged>(Stop {
                at: at.moment("stopped_at", stopped_at)?,
                reason: at.value("stop_reason", row.stop_reason)?,
                on_time: row.on_time,
                workdays: at.count("workdays", row.workdays)?,
            })
        };
        let moments = at.need("pauses", pack::unpack(&row.pauses))?;
        let (pauses, rest) = moments.as_chunks::<2>();
        at.need("pauses", rest.is_empty().then_some(()))?;
        let since = at.optional_moment("paused_at", row.paused_at)?;
        let until = at.optional_moment("paused_until", row.paused_until)?;
        let cause = row.paused_cause;
        let paused = since.zip(until).map(|(at, until)| Paused { cause, at, until });
        Ok(Self {
            key: ClockKey::term(row.case_id, at.count("term", row.term)?),
            number: row.number,
            responsible_organ: row.responsible_organ,
            home: row.home,
            registering_organ: row.registering_organ,
            start: at.moment("start_at", row.start_at)?,
            accepted_at: at.moment("accepted_at", row.accepted_at)?,
            due_at: at.moment("due_at", row.due_at)?,
            length: at.need("length", pack::length(&row.length))?,
            extended: row.extended,
            provisional: row.provisional,
            calendar: row.calendar,
            external_due_at: at.optional_moment("external_due_at", row.external_due_at)?,
            citation: at.need("citation", Citation::decode(row.citation.as_slice()).ok())?,
            rung_times: at.need("rung_times", pack::unpack(&row.rung_times))?,
            fired: at.need("fired", usize::try_from(row.fired).ok())?,
            light: at.value("light", row.light)?,
            stopped: row.stopped_at.map(stop).transpose()?,
            reopened: row.reopened,
            pauses: pauses.iter().map(|[from, to]| (*from, *to)).collect(),
            paused,
        })
    }
}

impl TryFrom<RunningRow> for Running {
    type Error = Damaged;

    fn try_from(RunningRow { mut clock, asked_by, asked_length }: RunningRow) -> Result<Self, Damaged> {
        let organ = std::mem::take(&mut clock.organ);
        let length = asked_length.and_then(|length| length.parse().ok());
        let asked = asked_by.zip(length).map(|(by, length)| Waiting { by, length });
        Ok(Self { organ, clock: clock.try_into()?, asked })
    }
}

/// The clocks of these cases in an organ's ledger.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Clock>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ClockRow> =
        sqlx::query_as(include_str!("load_clocks.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// Saves clocks.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, clocks: &[&Clock]) -> Result<(), sqlx::Error> {
    if clocks.is_empty() {
        return Ok(());
    }
    let text = |of: fn(&Clock) -> &str| -> Vec<&str> { clocks.iter().map(|clock| of(clock)).collect() };
    let flag = |of: fn(&Clock) -> bool| -> Vec<bool> { clocks.iter().map(|clock| of(clock)).collect() };
    let number = |of: fn(&Clock) -> i32| -> Vec<i32> { clocks.iter().map(|clock| of(clock)).collect() };
    let value = |of: fn(&Clock) -> i32| -> Vec<i16> { clocks.iter().map(|clock| small(of(clock))).collect() };
    let moment = |of: fn(&Clock) -> Option<jiff::Timestamp>| -> Vec<Option<i64>> {
        clocks.iter().map(|clock| of(clock).map(to_micros)).collect()
    };
    sqlx::query(include_str!("save_clocks.sql"))
        .bind(organ)
        .bind(clocks.iter().map(|clock| clock.key.case_id).collect::<Vec<_>>())
        .bind(number(|clock| clock.key.term.cast_signed()))
        .bind(text(|clock| &clock.number))
        .bind(text(|clock| &clock.responsible_organ))
        .bind(text(|clock| &clock.home))
        .bind(text(|clock| &clock.registering_organ))
        .bind(moment(|clock| Some(clock.start)))
        .bind(moment(|clock| Some(clock.accepted_at)))
        .bind(moment(|clock| Some(clock.due_at)))
        .bind(clocks.iter().map(|clock| clock.length.to_string()).collect::<Vec<_>>())
        .bind(flag(|clock| clock.extended))
        .bind(flag(|clock| clock.provisional))
        .bind(text(|clock| &clock.calendar))
        .bind(moment(|clock| clock.external_due_at))
        .bind(clocks.iter().map(|clock| clock.citation.encode_to_vec()).collect::<Vec<_>>())
        .bind(clocks.iter().map(|clock| pack::pack(&clock.rung_times)).collect::<Vec<_>>())
        .bind(number(|clock| i32::try_from(clock.fired).unwrap_or(i32::MAX)))
        .bind(value(|clock| clock.light.into()))
        .bind(moment(Clock::next_at))
        .bind(moment(|clock| clock.stopped.map(|stop| stop.at)))
        .bind(value(|clock| clock.stopped.map_or(0, |stop| stop.reason.into())))
        .bind(flag(|clock| clock.stopped.is_some_and(|stop| stop.on_time)))
        .bind(number(|clock| clock.stopped.map_or(0, |stop| stop.workdays.cast_signed())))
        .bind(flag(|clock| clock.reopened))
        .bind(clocks.iter().map(|clock| pauses(clock)).collect::<Vec<_>>())
        .bind(text(|clock| clock.paused.as_ref().map_or("", |paused| &paused.cause)))
        .bind(moment(|clock| clock.paused.as_ref().map(|paused| paused.at)))
        .bind(moment(|clock| clock.paused.as_ref().map(|paused| paused.until)))
        .execute(tx)
        .await?;
    Ok(())
}

/// The pauses that ended, from and to.
fn pauses(clock: &Clock) -> Vec<u8> {
    let moments: Vec<_> = clock.pauses.iter().flat_map(|(from, to)| [*from, *to]).collect();
    pack::pack(&moments)
}

/// The clocks of a case in these organs' ledgers: the case's own first, running ones before stopped ones.
pub(crate) async fn clocks_of_case(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
) -> Result<Vec<Running>, sqlx::Error> {
    let rows: Vec<RunningRow> =
        sqlx::query_as(include_str!("clocks_of_case.sql")).bind(organs).bind(case_id).fetch_all(pool).await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// The clocks of these cases in these organs' ledgers: organ and case, a pair each.
pub(crate) async fn clocks_of_cases(
    pool: &PgPool,
    cases: &BTreeSet<(String, Uuid)>,
) -> Result<Vec<Running>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<RunningRow> = sqlx::query_as(include_str!("clocks_of_cases.sql"))
        .bind(cases.iter().map(|(organ, _)| organ.as_str()).collect::<Vec<_>>())
        .bind(cases.iter().map(|(_, case_id)| *case_id).collect::<Vec<_>>())
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// Where a page of due clocks ended.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct DueKey {
    due_at: i64,
    case_id: Uuid,
    term: i32,
    organ: String,
}

impl DueKey {
    /// The key of a clock.
    pub(crate) fn of(running: &Running) -> Self {
        let Running { organ, clock, .. } = running;
        Self {
            due_at: to_micros(clock.due_at),
            case_id: clock.key.case_id,
            term: clock.key.term.cast_signed(),
            organ: organ.clone(),
        }
    }
}

/// A page of the running clocks of these organs, the one that ends first at the top.
pub(crate) async fn list_due_clocks(
    pool: &PgPool,
    organs: &[String],
    before: Option<jiff::Timestamp>,
    after: Option<&DueKey>,
    size: i64,
) -> Result<Vec<Running>, sqlx::Error> {
    let begin = DueKey { due_at: i64::MIN, case_id: Uuid::nil(), term: 0, organ: String::new() };
    let after = after.unwrap_or(&begin);
    let rows: Vec<RunningRow> = sqlx::query_as(include_str!("list_due_clocks.sql"))
        .bind(organs)
        .bind(before.map_or(i64::MAX, to_micros))
        .bind(after.due_at)
        .bind(after.case_id)
        .bind(after.term)
        .bind(&after.organ)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}
