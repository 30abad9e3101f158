//! The tables of figures: `counted` here, its sums and what is signed beside.

mod counter;
mod exclusion;
mod paper;

use duban_proto::common::v1::Finding;
use postgres::row::{Damaged, Row, small};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

pub(crate) use counter::{NOW, figures_by_day, figures_by_value};
pub(crate) use exclusion::{ExclusionKey, Proposed, excluded_cases, find_exclusion, list_exclusions};
pub(crate) use paper::{AnalysisKey, FrozenKey, Listed, Written, find_analysis, list_analyses, list_frozen};

use crate::domain::figures::{Against, Facets, FiguresBook, FiguresCommand, Occurrence, OccurrenceKey};
use crate::domain::{Book, Command};

/// The day from which on something counts no more, of what counts.
const NEVER: i32 = i32::MAX;
/// Between the elements of a list that is handed over as text; no code has it.
const BETWEEN: &str = "\u{1f}";

#[derive(sqlx::FromRow)]
struct CountedRow {
    organ: String,
    case_id: Uuid,
    seq: i64,
    ordinal: i16,
    part: i16,
    measure: i16,
    day: i32,
    recorded_on: i32,
    undone_on: i32,
    term: i32,
    channel: String,
    grounds: Vec<String>,
    against: Vec<String>,
    finding: i16,
    findings: Vec<i16>,
    late: bool,
    workdays: i32,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    counted: CountedRow,
    number: String,
}

/// An occurrence as it is listed.
#[derive(Clone, Debug)]
pub(crate) struct ListedCase {
    pub(crate) organ: String,
    pub(crate) number: String,
    pub(crate) occurrence: Occurrence,
}

/// Where a page of occurrences ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CountedKey {
    day: i32,
    case_id: Uuid,
    seq: i64,
    ordinal: i16,
    organ: String,
}

/// Which figures are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) organs: &'a [String],
    pub(crate) part: i16,
    pub(crate) from: i32,
    pub(crate) to: i32,
    /// As of the end of this day.
    pub(crate) as_of: i32,
}

impl CountedKey {
    /// Before all that counts on this day or later.
    pub(crate) fn begin(day: i32) -> Self {
        Self { day, case_id: Uuid::nil(), seq: 0, ordinal: 0, organ: String::new() }
    }

    /// The key of an occurrence.
    pub(crate) fn of(listed: &ListedCase) -> Self {
        let Occurrence { key: OccurrenceKey { case_id, seq, ordinal }, day, .. } = listed.occurrence;
        Self { day, case_id, seq: seq.cast_signed(), ordinal, organ: listed.organ.clone() }
    }
}

impl TryFrom<CountedRow> for Occurrence {
    type Error = Damaged;

    fn try_from(row: CountedRow) -> Result<Self, Damaged> {
        let at = Row { table: "counted", key: row.case_id };
        let finding = |value: i16| at.value::<Finding>("findings", value);
        let against = |text: &String| {
            let (whom, organ) = text.split_once(':')?;
            Some(Against { organ: organ.to_owned(), person: whom == "person" })
        };
        Ok(Self {
            key: OccurrenceKey { case_id: row.case_id, seq: row.seq.cast_unsigned(), ordinal: row.ordinal },
            part: at.value("part", row.part)?,
            measure: at.value("measure", row.measure)?,
            day: row.day,
            recorded_on: row.recorded_on,
            undone_on: Some(row.undone_on).filter(|day| *day != NEVER),
            term: at.count("term", row.term)?,
            facets: Facets {
                channel: row.channel,
                grounds: row.grounds,
                against: at.need("against", row.against.iter().map(against).collect())?,
            },
            finding: at.value("finding", row.finding)?,
            findings: row.findings.into_iter().map(finding).collect::<Result<_, _>>()?,
            late: row.late,
            workdays: at.count("workdays", row.workdays)?,
        })
    }
}

/// Loads what counts of these cases, and what else the commands need.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    book: &mut Book,
    cases: &[Uuid],
    commands: &[&Command],
) -> Result<(), sqlx::Error> {
    if !cases.is_empty() {
        let rows: Vec<CountedRow> = sqlx::query_as(include_str!("load_counted.sql"))
            .bind(organ)
            .bind(cases)
            .fetch_all(&mut *tx)
            .await?;
        let all = rows.into_iter().map(Occurrence::try_from).collect::<Result<Vec<_>, _>>()?;
        book.figures.with_occurrences(all);
    }
    let rebuild = commands.is_empty();
    let own = commands.iter().filter_map(|command| match command {
        Command::Figures(figures) => Some(figures.as_ref()),
        _ => None,
    });
    let (mut exclusions, mut papers) = (rebuild, rebuild);
    for command in own {
        match command {
            FiguresCommand::Exclusion(_) => exclusions = true,
            FiguresCommand::Paper(command) => {
                papers = true;
                if let Some((kind, from, to)) = command.freezes() {
                    paper::load_version(tx, organ, &mut book.figures, (kind, from, to)).await?;
                }
            }
            FiguresCommand::Told { .. } => {}
        }
    }
    if exclusions && !cases.is_empty() {
        exclusion::load(tx, organ, &mut book.figures, cases).await?;
    }
    if papers && !cases.is_empty() {
        paper::load(tx, organ, &mut book.figures, cases).await?;
    }
    Ok(())
}

/// Saves what was counted, and adds it to the counters.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, book: &FiguresBook) -> Result<(), sqlx::Error> {
    save_counted(tx, organ, &book.changed()).await?;
    counter::add(tx, organ, book).await?;
    exclusion::save(tx, organ, &book.changed_exclusions()).await?;
    paper::save(tx, organ, &book.changed_analyses()).await?;
    paper::save_frozen(tx, organ, book.newly_frozen()).await
}

async fn save_counted(
    tx: &mut PgConnection,
    organ: &str,
    changed: &[&Occurrence],
) -> Result<(), sqlx::Error> {
    if changed.is_empty() {
        return Ok(());
    }
    let each = |of: fn(&Occurrence) -> i32| -> Vec<i32> { changed.iter().map(|it| of(it)).collect() };
    let value = |of: fn(&Occurrence) -> i32| -> Vec<i16> { changed.iter().map(|it| small(of(it))).collect() };
    let joined = |of: fn(&Occurrence) -> Vec<String>| -> Vec<String> {
        changed.iter().map(|it| of(it).join(BETWEEN)).collect()
    };
    let against = |it: &Against| format!("{}:{}", if it.person { "person" } else { "organ" }, it.organ);
    let against: Vec<String> = changed
        .iter()
        .map(|it| it.facets.against.iter().map(against).collect::<Vec<_>>().join(BETWEEN))
        .collect();
    sqlx::query(include_str!("save_counted.sql"))
        .bind(organ)
        .bind(changed.iter().map(|it| it.key.case_id).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.key.seq.cast_signed()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.key.ordinal).collect::<Vec<_>>())
        .bind(value(|it| it.part.into()))
        .bind(value(|it| it.measure.into()))
        .bind(each(|it| it.day))
        .bind(each(|it| it.recorded_on))
        .bind(each(|it| it.undone_on.unwrap_or(NEVER)))
        .bind(each(|it| it.term.cast_signed()))
        .bind(changed.iter().map(|it| it.facets.channel.as_str()).collect::<Vec<_>>())
        .bind(joined(|it| it.facets.grounds.clone()))
        .bind(against)
        .bind(value(|it| it.finding.into()))
        .bind(joined(|it| it.findings.iter().map(|it| i32::from(*it).to_string()).collect()))
        .bind(changed.iter().map(|it| it.late).collect::<Vec<_>>())
        .bind(each(|it| it.workdays.cast_signed()))
        .execute(tx)
        .await?;
    Ok(())
}

/// A stretch of what was counted, by day.
pub(crate) async fn list_figure_cases(
    pool: &PgPool,
    wanted: Wanted<'_>,
    measure: i32,
    after: &CountedKey,
    size: i64,
) -> Result<Vec<ListedCase>, sqlx::Error> {
    let rows: Vec<ListedRow> = sqlx::query_as(include_str!("list_figure_cases.sql"))
        .bind(wanted.organs)
        .bind(wanted.part)
        .bind(small(measure))
        .bind(wanted.to)
        .bind(wanted.as_of)
        .bind(after.day)
        .bind(after.case_id)
        .bind(after.seq)
        .bind(after.ordinal)
        .bind(&after.organ)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter()
        .map(|ListedRow { mut counted, number }| {
            let organ = std::mem::take(&mut counted.organ);
            Ok(ListedCase { organ, number, occurrence: counted.try_into()? })
        })
        .collect()
}

/// What was counted of handling, of cases that are left out of appraisals by approval, by organ.
pub(crate) async fn counted_of_excluded(
    pool: &PgPool,
    wanted: Wanted<'_>,
) -> Result<Vec<(String, Occurrence)>, sqlx::Error> {
    let rows: Vec<CountedRow> = sqlx::query_as(include_str!("counted_of_excluded.sql"))
        .bind(wanted.organs)
        .bind(wanted.from)
        .bind(wanted.to)
        .bind(wanted.as_of)
        .fetch_all(pool)
        .await?;
    rows.into_iter()
        .map(|mut row| {
            let organ = std::mem::take(&mut row.organ);
            Ok((organ, row.try_into()?))
        })
        .collect()
}
