//! Clocks copied in, and what became of them.

use std::fmt::Write as _;
use std::time::Duration;

use duban_proto::supervision::v1::RungFired;
use jiff::Timestamp;
use prost::Message as _;
use sqlx::PgPool;
use sqlx::postgres::PgPoolCopyExt as _;

use super::Failed;

/// How many rows are copied at once: a statement has its time limit here, too.
const PIECE: i64 = 50_000;
/// How often is looked whether all fired, and for how long.
const LOOK: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_mins(2);

const COPY: &str = "copy clock (organ, case_id, term, number, responsible_organ, home, registering_organ, start_at,
    accepted_at, due_at, length, extended, provisional, calendar, citation, rung_times, fired, light, next_at, stop_reason,
    on_time, workdays) from stdin";

/// Running clocks of the organ `bench`, of the rung that comes next at the moments given; `name` is their number.
pub(super) async fn clocks(
    pool: &PgPool,
    calendar: &str,
    name: &str,
    count: i64,
    next: impl Fn(i64) -> Timestamp,
) -> Result<(), Failed> {
    let mut from = 0;
    while from < count {
        let mut rows = String::new();
        for n in from..(from + PIECE).min(count) {
            let (case_id, at) = (case(name, n), next(n).as_microsecond());
            let hex: String = format!("{at:016x}");
            writeln!(
                rows,
                "bench\t{case_id}\t0\t{name}\tbench\tbench\tbench\t{at}\t{at}\t{at}\t10 workdays\tf\tf\t{calendar}\t\\\\x\t\\\\x{hex}\t0\t1\t{at}\t0\tf\t0"
            )?;
        }
        let mut copy = pool.copy_in_raw(COPY).await?;
        copy.send(rows.into_bytes()).await?;
        copy.finish().await?;
        from += PIECE;
    }
    Ok(())
}

/// Ids that lie as far apart as random ones, and are the same in every run.
fn case(name: &str, n: i64) -> uuid::Uuid {
    const SPREAD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let named = name.bytes().fold(u128::from(n.unsigned_abs()), |seed, byte| seed << 8 | u128::from(byte));
    uuid::Uuid::from_u128(named.wrapping_mul(SPREAD))
}

/// Waits until as many rungs of clocks of this number fired, and gives the median and the 99th percentile of how late, in
/// milliseconds.
pub(super) async fn lateness(pool: &PgPool, name: &str, count: i64) -> Result<(f64, f64), Failed> {
    let fired = "select count(*) from fired_rung where organ = 'bench' and number = $1";
    let began = std::time::Instant::now();
    while sqlx::query_scalar::<_, i64>(fired).bind(name).fetch_one(pool).await? < count {
        if began.elapsed() > LONGEST {
            return Err("rungs did not fire".into());
        }
        tokio::time::sleep(LOOK).await;
    }
    let rungs = "select fired_at, rung from fired_rung where organ = 'bench' and number = $1";
    let rungs: Vec<(i64, Vec<u8>)> = sqlx::query_as(rungs).bind(name).fetch_all(pool).await?;
    let mut late = Vec::new();
    for (fired_at, rung) in rungs {
        let due_at = RungFired::decode(rung.as_slice())?.due_at.unwrap_or_default();
        let due_at = due_at.seconds * 1_000_000 + i64::from(due_at.nanos) / 1000;
        late.push(Duration::from_micros(u64::try_from(fired_at - due_at).unwrap_or_default()));
    }
    late.sort_unstable();
    let at = |part: usize| late.get(late.len() * part / 100).copied().unwrap_or_default().as_secs_f64() * 1e3;
    Ok((at(50), at(99)))
}
