//! The tables `day_figure` and `month_figure`: the sums of what was counted.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, PgPool, Postgres};

use super::Wanted;
use crate::domain::figures::{COLUMNS, Counted, CounterKey, Facet, FiguresBook, date_of, number_of};

/// Later than all days that anything is recorded on, and before "never": as it stands now.
pub(crate) const NOW: i32 = i32::MAX - 1;

#[derive(sqlx::FromRow)]
struct Sums {
    received: i64,
    accepted: i64,
    declined: i64,
    referred: i64,
    directed: i64,
    open: i64,
    concluded: i64,
    late: i64,
    extended: i64,
    withdrawn: i64,
    reopened: i64,
    returned: i64,
    repeated: i64,
    workdays: i64,
}

#[derive(sqlx::FromRow)]
struct ValueRow {
    organ: String,
    value: String,
    #[sqlx(flatten)]
    sums: Sums,
}

#[derive(sqlx::FromRow)]
struct DayRow {
    day: i32,
    #[sqlx(flatten)]
    sums: Sums,
}

impl From<Sums> for Counted {
    fn from(row: Sums) -> Self {
        let Sums { received, accepted, declined, referred, directed, open, concluded, late, .. } = row;
        let Sums { extended, withdrawn, reopened, returned, repeated, workdays, .. } = row;
        Self([
            received, accepted, declined, referred, directed, open, concluded, late, extended, withdrawn,
            reopened, returned, repeated, workdays,
        ])
    }
}

/// Counts months, years * 12 + month - 1.
fn month_of(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// Adds what a batch counted: a statement a table.
pub(super) async fn add(tx: &mut PgConnection, organ: &str, book: &FiguresBook) -> Result<(), sqlx::Error> {
    let counters = book.counters();
    if counters.is_empty() {
        return Ok(());
    }
    let mut months = BTreeMap::<(i16, i16, i32, &str), [i32; COLUMNS]>::new();
    for (key, row) in counters {
        let CounterKey { part, facet, day, value, recorded_on: _ } = key;
        let month = month_of(date_of(*day));
        let sums = months.entry((*part, *facet as i16, month, value)).or_insert([0; COLUMNS]);
        for (sum, one) in sums.iter_mut().zip(row) {
            *sum += one;
        }
    }
    let query = sqlx::query(include_str!("../add_day_figures.sql"))
        .bind(organ)
        .bind(counters.keys().map(|key| key.part).collect::<Vec<_>>())
        .bind(counters.keys().map(|key| key.facet as i16).collect::<Vec<_>>())
        .bind(counters.keys().map(|key| key.day).collect::<Vec<_>>())
        .bind(counters.keys().map(|key| key.value.as_str()).collect::<Vec<_>>())
        .bind(counters.keys().map(|key| key.recorded_on).collect::<Vec<_>>());
    columns(query, &counters.values()).execute(&mut *tx).await?;
    let query = sqlx::query(include_str!("../add_month_figures.sql"))
        .bind(organ)
        .bind(months.keys().map(|key| key.0).collect::<Vec<_>>())
        .bind(months.keys().map(|key| key.1).collect::<Vec<_>>())
        .bind(months.keys().map(|key| key.2).collect::<Vec<_>>())
        .bind(months.keys().map(|key| key.3).collect::<Vec<_>>());
    columns(query, &months.values()).execute(tx).await?;
    Ok(())
}

/// Binds the columns of rows.
fn columns<'q, 'r>(
    mut query: Query<'q, Postgres, PgArguments>,
    rows: &(impl Iterator<Item = &'r [i32; COLUMNS]> + Clone),
) -> Query<'q, Postgres, PgArguments> {
    for column in 0..COLUMNS {
        let values: Vec<i32> = rows.clone().map(|row| row.get(column).copied().unwrap_or(0)).collect();
        query = query.bind(values);
    }
    query
}

/// What is read of a period as it stands now: the days before its first whole month, its whole months, the days after.
#[derive(Debug, PartialEq, Eq)]
struct Stretches {
    days: Vec<(i32, i32)>,
    months: Option<(i32, i32)>,
}

impl Stretches {
    fn of(from: i32, to: i32) -> Self {
        let (first, last) = (date_of(from), date_of(to));
        let begin = if first.day() == 1 { first } else { first.last_of_month().saturating_add(1.day()) };
        let end =
            if last == last.last_of_month() { last } else { last.first_of_month().saturating_sub(1.day()) };
        if end < begin {
            return Self { days: vec![(from, to)], months: None };
        }
        let around = [(from, number_of(begin) - 1), (number_of(end) + 1, to)];
        let days = around.into_iter().filter(|(from, to)| from <= to).collect();
        Self { days, months: Some((month_of(begin), month_of(end))) }
    }
}

/// Sums by organ and value of a facet. As they stand now, whole months are read as such.
pub(crate) async fn figures_by_value(
    pool: &PgPool,
    wanted: Wanted<'_>,
    facet: Facet,
) -> Result<Vec<(String, String, Counted)>, sqlx::Error> {
    let stretches = if wanted.as_of == NOW {
        Stretches::of(wanted.from, wanted.to)
    } else {
        Stretches { days: vec![(wanted.from, wanted.to)], months: None }
    };
    let mut sums = BTreeMap::<(String, String), Counted>::new();
    let mut rows: Vec<ValueRow> = Vec::new();
    for (from, to) in stretches.days {
        let query = sqlx::query_as(include_str!("../figures_by_value.sql"))
            .bind(wanted.organs)
            .bind(wanted.part)
            .bind(facet as i16);
        rows.extend(query.bind(from).bind(to).bind(wanted.as_of).fetch_all(pool).await?);
    }
    if let Some((from, to)) = stretches.months {
        let query = sqlx::query_as(include_str!("../figures_by_month_value.sql"))
            .bind(wanted.organs)
            .bind(wanted.part)
            .bind(facet as i16);
        rows.extend(query.bind(from).bind(to).fetch_all(pool).await?);
    }
    for ValueRow { organ, value, sums: row } in rows {
        *sums.entry((organ, value)).or_default() += row.into();
    }
    Ok(sums.into_iter().map(|((organ, value), counted)| (organ, value, counted)).collect())
}

/// Sums by day.
pub(crate) async fn figures_by_day(
    pool: &PgPool,
    wanted: Wanted<'_>,
) -> Result<BTreeMap<i32, Counted>, sqlx::Error> {
    let rows: Vec<DayRow> = sqlx::query_as(include_str!("../figures_by_day.sql"))
        .bind(wanted.organs)
        .bind(wanted.part)
        .bind(Facet::All as i16)
        .bind(wanted.from)
        .bind(wanted.to)
        .bind(wanted.as_of)
        .fetch_all(pool)
        .await?;
    let mut days = BTreeMap::<i32, Counted>::new();
    for DayRow { day, sums } in rows {
        *days.entry(day).or_default() += sums.into();
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(from: &str, to: &str) -> (Vec<String>, Option<(i32, i32)>) {
        let number = |text: &str| number_of(text.parse().unwrap());
        let Stretches { days, months } = Stretches::of(number(from), number(to));
        (days.into_iter().map(|(from, to)| format!("{} {}", date_of(from), date_of(to))).collect(), months)
    }

    #[test]
    fn whole_months_are_read_as_such_and_the_days_around_them_one_by_one() {
        let months = |from: i32, to: i32| Some((2026 * 12 + from - 1, 2026 * 12 + to - 1));
        assert_eq!(of("2026-01-01", "2026-12-31"), (vec![], months(1, 12)));
        assert_eq!(of("2026-02-01", "2026-02-28"), (vec![], months(2, 2)));
        let around = vec!["2026-01-15 2026-01-31".to_owned(), "2026-03-01 2026-03-02".to_owned()];
        assert_eq!(of("2026-01-15", "2026-03-02"), (around, months(2, 2)));
        assert_eq!(of("2026-01-15", "2026-02-02"), (vec!["2026-01-15 2026-02-02".to_owned()], None));
        assert_eq!(of("2026-01-02", "2026-01-31"), (vec!["2026-01-02 2026-01-31".to_owned()], None));
        assert_eq!(of("2026-01-01", "2026-01-30"), (vec!["2026-01-01 2026-01-30".to_owned()], None));
    }
}
