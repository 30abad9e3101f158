//! How fast a ledger is written: `cargo bench -p ledger [-- SECONDS]`.
//!
//! All runs are against the same Postgres, with fsync on, each in a database of its own: (a) one command a transaction,
//! with and without the head's lock; (b) the writer. What they write is the same, but for the hash, which (a) leaves out.

mod direct;
mod domain;
mod measure;

use std::{
    fs::Permissions,
    io::Write as _,
    os::unix::fs::PermissionsExt,
    sync::Arc,
    time::{Duration, Instant},
};

use ledger::{Organ, SystemClock, Writer, WriterSettings};
use postgres::{
    PoolSettings, Schema,
    embedded::{Cluster, Options},
};
use sqlx::{PgPool, Postgres, migrate::Migrator, pool::PoolConnection};

use direct::Head;
use domain::{Complaints, submission};
use measure::{Caller, Failed, Measured, measure};

static MIGRATOR: Migrator = sqlx::migrate!("benches/writer/migrations");
static MIGRATIONS: [&Migrator; 2] = [&ledger::MIGRATOR, &MIGRATOR];

/// A client with a connection of its own.
struct Client {
    connection: PoolConnection<Postgres>,
    head: Head,
}

impl Caller for Client {
    async fn call(&mut self, n: u64) -> Result<(), Failed> {
        Ok(direct::submit(&mut self.connection, self.head, n).await?)
    }
}

/// A handler that submits to one organ.
struct Handler {
    writer: Writer<Complaints>,
    organ: Organ,
}

impl Caller for Handler {
    async fn call(&mut self, n: u64) -> Result<(), Failed> {
        self.writer.submit(&self.organ, submission(n)).await?;
        Ok(())
    }
}

struct Bench {
    cluster: Cluster,
    during: Duration,
    databases: u32,
}

impl Bench {
    /// A database of its own for a run.
    async fn pool(&mut self, connections: u32) -> Result<PgPool, Failed> {
        self.databases += 1;
        let options = self.cluster.database(&format!("run_{}", self.databases)).await?;
        let admin = PgPool::connect_with(options.clone()).await?;
        let schema =
            Schema { name: "intake", role: "bench_intake", migrations: &MIGRATIONS, append_only: &["entry"] };
        postgres::prepare_schema(&admin, &schema, "bench").await?;
        admin.close().await;
        let mut settings = PoolSettings::new("bench", "intake");
        settings.max_connections = connections;
        Ok(postgres::connect(options.username("bench_intake").password("bench"), &settings).await?)
    }

    /// (a): one command a transaction.
    async fn direct(&mut self, clients: u32, head: Head) -> Result<Measured, Failed> {
        let pool = self.pool(clients).await?;
        direct::begin_ledger(&pool).await?;
        let mut callers = Vec::new();
        for _ in 0..clients {
            callers.push(Client { connection: pool.acquire().await?, head });
        }
        let measured = measure(callers, self.during).await?;
        pool.close().await;
        Ok(measured)
    }

    /// (b): the writer.
    async fn writer(&mut self, callers: usize, organs: usize) -> Result<Measured, Failed> {
        let pool = self.pool(10).await?;
        let settings = WriterSettings::default();
        let writer =
            Writer::new(Arc::new(Complaints), pool.clone(), Arc::new(SystemClock::default()), settings);
        let handler = |n: usize| {
            Ok(Handler { writer: writer.clone(), organ: Organ::new(&format!("organ-{}", n % organs))? })
        };
        let handlers = (0..callers).map(handler).collect::<Result<Vec<_>, Failed>>()?;
        let mut measured = measure(handlers, self.during).await?;
        writer.drain().await;
        let count = "select count(*)::float8 / count(distinct xmin::text) from entry";
        measured.together = sqlx::query_scalar(count).fetch_one(&pool).await?;
        pool.close().await;
        Ok(measured)
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// How long it takes to have 8 KiB on the disk: what every commit waits for at least.
fn fsync(dir: &std::path::Path) -> std::io::Result<Duration> {
    let mut file = std::fs::File::create(dir.join("fsync"))?;
    let began = Instant::now();
    for _ in 0..100 {
        file.write_all(&[7; 8192])?;
        file.sync_data()?;
    }
    Ok(began.elapsed() / 100)
}

fn print(name: &str, measured: &Measured, against: &Measured) {
    let Measured { per_second, p50, p99, together } = measured;
    let (p50, p99, ratio) = (millis(*p50), millis(*p99), per_second / against.per_second);
    println!("{name:<44} {per_second:>10.0} {p50:>8.2} {p99:>8.2} {together:>9.1} {ratio:>6.1}");
}

async fn run(dir: &std::path::Path, during: Duration) -> Result<(), Failed> {
    let fsync = fsync(dir)?;
    println!(
        "fsync of 8 KiB takes {:.2} ms here; {} CPUs",
        millis(fsync),
        std::thread::available_parallelism()?
    );
    let cluster =
        Cluster::start(dir.join("cluster"), Options { durable: true, max_connections: 100 }).await?;
    let mut bench = Bench { cluster, during, databases: 0 };
    let [rate, together, ratio] = ["commands/s", "together", "ratio"];
    println!("{:<44} {rate:>10} {:>8} {:>8} {together:>9} {ratio:>6}", "", "p50 ms", "p99 ms");
    let locked = bench.direct(32, Head::Locked).await?;
    print("(a) one command a transaction, 32 clients", &locked, &locked);
    print("    the same without the head's lock", &bench.direct(32, Head::Absent).await?, &locked);
    for organs in [1, 16] {
        for callers in [32, 256] {
            let measured = bench.writer(callers, organs).await?;
            print(&format!("(b) the writer, {callers} callers on {organs} organ(s)"), &measured, &locked);
        }
    }
    bench.cluster.stop().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let seconds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(4);
    // The server runs as another user where this one is root: it must be able to get there.
    let dir = tempfile::Builder::new()
        .prefix("duban-bench")
        .permissions(Permissions::from_mode(0o711))
        .tempdir()?;
    run(dir.path(), Duration::from_secs(seconds)).await
}
