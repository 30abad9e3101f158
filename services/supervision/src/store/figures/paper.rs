//! The tables `analysis` and `frozen_period`.

use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::{Period, PeriodFrozen};
use ledger::to_micros;
use postgres::row::{Damaged, Row};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::figures::{AnalysisPlace, FiguresBook, Frozen};

/// An analysis, and the organ in whose ledger it is.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) organ: String,
    pub(crate) analysis: AnalysisPlace,
}

/// Something frozen, and the organ in whose ledger it is.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) organ: String,
    pub(crate) frozen: Frozen,
}

/// Where a page of analyses ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AnalysisKey {
    from: String,
    written_at: i64,
    analysis_id: Uuid,
    organ: String,
}

/// Where a page of what was frozen ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FrozenKey {
    from: String,
    version: i32,
    frozen_id: Uuid,
    organ: String,
}

/// After every day.
const LAST_DAY: &str = "9999-12-31";

impl AnalysisKey {
    /// Before the first page.
    pub(crate) fn begin() -> Self {
        let (written_at, analysis_id) = (i64::MAX, Uuid::max());
        Self { from: LAST_DAY.to_owned(), written_at, analysis_id, organ: String::new() }
    }

    /// The key of an analysis.
    pub(crate) fn of(written: &Written) -> Self {
        let Written { organ, analysis: AnalysisPlace { id, period, written_at, .. } } = written;
        let written_at = to_micros(*written_at);
        Self { from: period.from.clone(), written_at, analysis_id: *id, organ: organ.clone() }
    }
}

impl FrozenKey {
    /// Before the first page.
    pub(crate) fn begin() -> Self {
        let (version, frozen_id) = (i32::MAX, Uuid::max());
        Self { from: LAST_DAY.to_owned(), version, frozen_id, organ: String::new() }
    }

    /// The key of something frozen.
    pub(crate) fn of(listed: &Listed) -> Self {
        let PeriodFrozen { frozen_id, period, version, .. } = &listed.frozen.frozen;
        Self {
            from: period.clone().unwrap_or_default().from,
            version: version.cast_signed(),
            frozen_id: frozen_id.parse().unwrap_or_default(),
            organ: listed.organ.clone(),
        }
    }
}

#[derive(sqlx::FromRow)]
struct AnalysisRow {
    organ: String,
    analysis_id: Uuid,
    from_day: String,
    to_day: String,
    version: i32,
    text: Vec<u8>,
    written_by: String,
    written_at: i64,
    signed_by: String,
    signed_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct FrozenRow {
    organ: String,
    frozen_id: Uuid,
    signed_by: String,
    signed_at: i64,
    frozen: Vec<u8>,
}

impl TryFrom<AnalysisRow> for Written {
    type Error = Damaged;

    fn try_from(row: AnalysisRow) -> Result<Self, Damaged> {
        let at = Row { table: "analysis", key: row.analysis_id };
        let signed_at = at.optional_moment("signed_at", row.signed_at)?;
        let analysis = AnalysisPlace {
            id: row.analysis_id,
            period: Period { from: row.from_day, to: row.to_day },
            version: at.count("version", row.version)?,
            text: at.need("text", ContentRef::decode(row.text.as_slice()).ok())?,
            written_by: row.written_by,
            written_at: at.moment("written_at", row.written_at)?,
            signed: signed_at.map(|at| (row.signed_by, at)),
        };
        Ok(Self { organ: row.organ, analysis })
    }
}

impl TryFrom<FrozenRow> for Listed {
    type Error = Damaged;

    fn try_from(row: FrozenRow) -> Result<Self, Damaged> {
        let at = Row { table: "frozen_period", key: row.frozen_id };
        let frozen = Frozen {
            frozen: at.need("frozen", PeriodFrozen::decode(row.frozen.as_slice()).ok())?,
            signed_by: row.signed_by,
            signed_at: at.moment("signed_at", row.signed_at)?,
        };
        Ok(Self { organ: row.organ, frozen })
    }
}

/// These analyses of an organ's ledger.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    book: &mut FiguresBook,
    ids: &[Uuid],
) -> Result<(), sqlx::Error> {
    let rows: Vec<AnalysisRow> =
        sqlx::query_as(include_str!("../load_analyses.sql")).bind(organ).bind(ids).fetch_all(tx).await?;
    for row in rows {
        let analysis = Written::try_from(row)?.analysis;
        book.analyses.insert(analysis.id, analysis);
    }
    Ok(())
}

/// The last version of what was frozen, of a kind and period.
pub(super) async fn load_version(
    tx: &mut PgConnection,
    organ: &str,
    book: &mut FiguresBook,
    (kind, from, to): (i32, String, String),
) -> Result<(), sqlx::Error> {
    let query = sqlx::query_scalar(include_str!("../last_frozen.sql")).bind(organ).bind(kind);
    let last: i32 = query.bind(&from).bind(&to).fetch_one(tx).await?;
    book.versions.insert((kind, from, to), last.cast_unsigned());
    Ok(())
}

/// Saves analyses.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changed: &[&AnalysisPlace],
) -> Result<(), sqlx::Error> {
    if changed.is_empty() {
        return Ok(());
    }
    let signed = |it: &&AnalysisPlace| it.signed.clone().unzip();
    sqlx::query(include_str!("../save_analyses.sql"))
        .bind(organ)
        .bind(changed.iter().map(|it| it.id).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.period.from.as_str()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.period.to.as_str()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.version.cast_signed()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.text.encode_to_vec()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.written_by.as_str()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| to_micros(it.written_at)).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| signed(it).0.unwrap_or_default()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| signed(it).1.map(to_micros)).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// Saves what was frozen.
pub(super) async fn save_frozen(
    tx: &mut PgConnection,
    organ: &str,
    frozen: &[Frozen],
) -> Result<(), sqlx::Error> {
    if frozen.is_empty() {
        return Ok(());
    }
    let period = |it: &Frozen| it.frozen.period.clone().unwrap_or_default();
    sqlx::query(include_str!("../save_frozen.sql"))
        .bind(organ)
        .bind(frozen.iter().map(|it| it.frozen.frozen_id.parse().unwrap_or_default()).collect::<Vec<Uuid>>())
        .bind(frozen.iter().map(|it| it.frozen.kind).collect::<Vec<_>>())
        .bind(frozen.iter().map(|it| period(it).from).collect::<Vec<_>>())
        .bind(frozen.iter().map(|it| period(it).to).collect::<Vec<_>>())
        .bind(frozen.iter().map(|it| it.frozen.version.cast_signed()).collect::<Vec<_>>())
        .bind(frozen.iter().map(|it| it.signed_by.as_str()).collect::<Vec<_>>())
        .bind(frozen.iter().map(|it| to_micros(it.signed_at)).collect::<Vec<_>>())
        .bind(frozen.iter().map(|it| it.frozen.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// An analysis in one organ's ledger.
pub(crate) async fn find_analysis(
    pool: &PgPool,
    organ: &str,
    id: Uuid,
) -> Result<Option<Written>, sqlx::Error> {
    let query = sqlx::query_as(include_str!("../load_analyses.sql")).bind(organ).bind(vec![id]);
    let row: Option<AnalysisRow> = query.fetch_optional(pool).await?;
    row.map(|row| Ok(row.try_into()?)).transpose()
}

/// A page of these organs' analyses, newest period first.
pub(crate) async fn list_analyses(
    pool: &PgPool,
    organs: &[String],
    after: &AnalysisKey,
    size: i64,
) -> Result<Vec<Written>, sqlx::Error> {
    let rows: Vec<AnalysisRow> = sqlx::query_as(include_str!("../list_analyses.sql"))
        .bind(organs)
        .bind(&after.from)
        .bind(after.written_at)
        .bind(after.analysis_id)
        .bind(&after.organ)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// A page of what these organs froze, newest period first.
pub(crate) async fn list_frozen(
    pool: &PgPool,
    organs: &[String],
    after: &FrozenKey,
    size: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let rows: Vec<FrozenRow> = sqlx::query_as(include_str!("../list_frozen.sql"))
        .bind(organs)
        .bind(&after.from)
        .bind(after.version)
        .bind(after.frozen_id)
        .bind(&after.organ)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}
