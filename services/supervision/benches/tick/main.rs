//! How soon rungs fire: `cargo bench -p supervision [-- OPEN [DUE]]`.
//!
//! OPEN clocks (1,000,000) that are not due are copied into a private Postgres with fsync on; beside them run, one after the
//! other: the statements that every look of the tick and every start ask, a hundred rungs a second for ten seconds, and DUE
//! (10,000) rungs at the same moment. Lateness is from a rung's moment to the time of its entry, by the service as it is.

mod load;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use calendar::Calendar;
use content::{ErasureList, Vault};
use directory::Live;
use jiff::Timestamp;
use ledger::{Clock as _, SystemClock, WriterSettings};
use postgres::PoolSettings;
use postgres::embedded::{Cluster, Options};
use regulation::{Regulation, Rules};
use seal::{Algorithm, Fingerprints, KeyFile, Keyring, Sealer};
use server::{RandomIds, Shutdown};
use sqlx::PgPool;
use supervision::{Deps, SCHEMA, Supervision};

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// How long a look is asked for.
const LOOKS: u32 = 200;
/// Rungs a second, and for how many.
const RATE: i64 = 100;
const SECONDS: i64 = 10;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<i64>().ok());
    let (open, due) = (numbers.next().unwrap_or(1_000_000), numbers.next().unwrap_or(10_000));
    // The server runs as another user where this one is root: it must be able to get there.
    let dir = tempfile::Builder::new()
        .prefix("duban-bench")
        .permissions(Permissions::from_mode(0o711))
        .tempdir()?;
    let options = Options { durable: true, max_connections: 50 };
    let cluster = Cluster::start(dir.path().join("cluster"), options).await?;
    let measured = run(&cluster, dir.path(), open, due).await;
    cluster.stop().await?;
    measured
}

async fn run(cluster: &Cluster, dir: &Path, open: i64, due: i64) -> Result<(), Failed> {
    let options = cluster.database("supervision").await?;
    let admin = PgPool::connect_with(options.clone()).await?;
    postgres::prepare_schema(&admin, &SCHEMA, "bench").await?;
    let settings = PoolSettings::new("bench", "supervision");
    let pool = postgres::connect(options.username(SCHEMA.role).password("bench"), &settings).await?;
    let rules = rules()?;
    let version = rules.calendar.version().to_owned();
    let clock = SystemClock::default();

    let began = Instant::now();
    let far = clock.now().checked_add(jiff::SignedDuration::from_hours(24 * 30))?;
    load::clocks(&pool, &version, "open", open, |n| after(far, n * 1000)).await?;
    sqlx::query("analyze supervision.clock").execute(&admin).await?;
    println!("{open} open clocks copied in {:.1} s", began.elapsed().as_secs_f64());
    looks(&pool, &version, clock.now()).await?;

    let shutdown = Shutdown::new();
    let deps = deps(&pool, rules, dir, &shutdown).await?;
    let began = Instant::now();
    let supervision = Supervision::start(deps);
    println!("start: {:.2} ms", millis(began.elapsed()));

    let first = clock.now().checked_add(jiff::SignedDuration::from_secs(3))?;
    let count = RATE * SECONDS;
    load::clocks(&pool, &version, "rate", count, |n| after(first, n * 1_000_000 / RATE)).await?;
    let (p50, p99) = load::lateness(&pool, "rate", count).await?;
    println!("{RATE} rungs/s for {SECONDS} s: lateness p50 {p50:.1} ms, p99 {p99:.1} ms (aim: p99 < 250)");

    let moment = clock.now().checked_add(jiff::SignedDuration::from_secs(10))?;
    load::clocks(&pool, &version, "once", due, |_| moment).await?;
    let (p50, p99) = load::lateness(&pool, "once", due).await?;
    println!("{due} due at once: half after {p50:.0} ms, all but 1 % after {p99:.0} ms (aim: all < 10,000)");
    shutdown.begin();
    supervision.drain().await;
    shutdown.drained(Duration::from_secs(20)).await;
    Ok(())
}

/// What every look of the tick asks where nothing is due, and what every start asks where no calendar changed.
async fn looks(pool: &PgPool, version: &str, now: Timestamp) -> Result<(), Failed> {
    let mut times = Vec::new();
    for _ in 0..LOOKS {
        let began = Instant::now();
        let rows = sqlx::query(include_str!("../../src/store/due_rungs.sql"))
            .bind(now.as_microsecond())
            .bind(1000_i64)
            .fetch_all(pool)
            .await?;
        times.push(began.elapsed());
        assert!(rows.len() <= 1, "something is due");
    }
    println!("a look with nothing due: {} (aim: < 5 ms)", spread(&mut times));
    let mut times = Vec::new();
    for _ in 0..LOOKS {
        let began = Instant::now();
        let rows = sqlx::query(include_str!("../../src/store/outdated_clocks.sql"))
            .bind(version)
            .bind("")
            .bind("")
            .bind(uuid::Uuid::nil())
            .bind(0_i32)
            .bind(500_i64)
            .fetch_all(pool)
            .await?;
        times.push(began.elapsed());
        assert!(rows.is_empty(), "a clock is out of date");
    }
    println!("a start with no changed calendar: {} (aim: < 5 ms)", spread(&mut times));
    Ok(())
}

fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    format!("p50 {:.2} ms, p99 {:.2} ms", millis(at(50)), millis(at(99)))
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn after(from: Timestamp, micros: i64) -> Timestamp {
    from.checked_add(jiff::SignedDuration::from_micros(micros)).unwrap_or(from)
}

fn rules() -> Result<Arc<Rules>, Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    Ok(Arc::new(Rules::new(Arc::new(Regulation::load(&path)?), Arc::new(Calendar::bundled()?))))
}

async fn deps(pool: &PgPool, rules: Arc<Rules>, dir: &Path, shutdown: &Shutdown) -> Result<Deps, Failed> {
    let key_file =
        KeyFile::open_or_create(&dir.join("master.key"), Algorithm::Aes256GcmSiv, &mut rand::rng())?;
    let sealer = Sealer::new(Keyring::new(Arc::new(key_file.clone())), Algorithm::Aes256GcmSiv);
    let list_key = Fingerprints::new(key_file.derive("erasure-list"));
    Ok(Deps {
        clock: Arc::new(SystemClock::default()),
        rules,
        vault: Vault::new(Arc::new(sealer), pool.clone()),
        erasures: Arc::new(ErasureList::open(&dir.join("erasures.jsonl"), list_key)?),
        fingerprints: Fingerprints::new(key_file.derive("fingerprint")),
        directory: Live::open(pool.clone()).await?,
        ids: Arc::new(RandomIds),
        writer_settings: WriterSettings::default(),
        shutdown: shutdown.token().clone(),
        tasks: shutdown.tracker().clone(),
        pool: pool.clone(),
    })
}
