//! What the tests stand on: a small domain, a database per test, a proxy that cuts, and a look at what is there.

mod command;
mod domain;
mod echo;
mod look;
mod proxy;

use std::{future::Future, sync::Arc, time::Duration};

use ledger::{
    Clock, Committed, Domain, Organ, Request, Submission, SubmitError, SystemClock, Writer, WriterSettings,
};
use postgres::{PoolSettings, Schema, testing::TestDb};
use sqlx::{PgPool, migrate::Migrator, postgres::PgConnectOptions};
use uuid::Uuid;

pub(crate) use command::{Answer, Command, Does, Event, Rejection};
pub(crate) use domain::{Counters, Intake, Routing, Supervision};
pub(crate) use echo::{Echo, Served};
pub(crate) use look::{Seen, cursors, parked, sound, tags, transactions};
pub(crate) use proxy::{At, How, Proxy};

static MIGRATOR: Migrator = sqlx::migrate!("tests/ledger/migrations");

static MIGRATIONS: [&Migrator; 2] = [&ledger::MIGRATOR, &MIGRATOR];

fn schema(name: &'static str, role: &'static str) -> Schema {
    Schema { name, role, migrations: &MIGRATIONS, append_only: &["entry"] }
}

/// The longest a test waits for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A database with the ledgers of three services.
pub(crate) struct World(TestDb);

impl World {
    pub(crate) async fn new() -> Self {
        let schemas = [
            schema("intake", "test_intake"),
            schema("routing", "test_routing"),
            schema("supervision", "test_supervision"),
        ];
        Self(TestDb::new(&schemas).await.unwrap())
    }

    /// A service's pool.
    pub(crate) async fn pool(&self, schema: &str) -> PgPool {
        self.0.pool(schema).await.unwrap()
    }

    /// A service's login.
    pub(crate) fn options(&self, schema: &str) -> PgConnectOptions {
        self.0.options(schema).unwrap()
    }

    /// A pool for one who may spoil everything, in the schema of intake.
    pub(crate) async fn spoiler(&self) -> PgPool {
        postgres::connect(self.0.admin(), &PoolSettings::new("spoiler", "intake")).await.unwrap()
    }

    /// A pool whose connections go through `proxy`.
    pub(crate) async fn pool_through(&self, proxy: &Proxy, schema: &str) -> PgPool {
        let mut settings = PoolSettings::new("test", schema);
        settings.acquire_timeout = Duration::from_secs(1);
        postgres::connect(proxy.options(self.options(schema)), &settings).await.unwrap()
    }

    /// A proxy before this database.
    pub(crate) fn proxy(&self) -> Proxy {
        Proxy::before(&self.0.admin())
    }

    /// A writer of intake's ledgers, with a pool of its own.
    pub(crate) async fn intake(&self) -> Writer<Intake> {
        writer(self.pool("intake").await)
    }

    /// A writer of routing's ledgers.
    pub(crate) async fn routing(&self) -> Writer<Routing> {
        writer(self.pool("routing").await)
    }

    /// A writer of supervision's ledgers.
    pub(crate) async fn supervision(&self) -> Writer<Supervision> {
        writer(self.pool("supervision").await)
    }
}

/// A writer with what it usually has.
pub(crate) fn writer<const SERVICE: u8>(pool: PgPool) -> Writer<Counters<SERVICE>> {
    writer_with(pool, Arc::new(SystemClock::default()), WriterSettings::default())
}

/// A writer with a clock and settings of the test's choice.
pub(crate) fn writer_with<const SERVICE: u8>(
    pool: PgPool,
    clock: Arc<dyn Clock>,
    settings: WriterSettings,
) -> Writer<Counters<SERVICE>> {
    Writer::new(Arc::new(Counters), pool, clock, settings)
}

pub(crate) type Told = Result<Committed<Answer>, SubmitError<Rejection>>;

pub(crate) fn organ(code: &str) -> Organ {
    Organ::new(code).unwrap()
}

/// A command of nobody's request.
pub(crate) fn asked(command: Command) -> Submission<Command> {
    Submission { command, actor: "tester".to_owned(), request: None, cause: None }
}

/// A command of the request with this id; `variant` stands for what was asked.
pub(crate) fn requested(id: u128, variant: u8, command: Command) -> Submission<Command> {
    let request = Request { id: Uuid::from_u128(id), fingerprint: [variant; 32] };
    Submission { request: Some(request), ..asked(command) }
}

/// Submits all at once: on the runtime of a test, which has one thread, they are in the queue before any is written.
pub(crate) async fn submit_all<const SERVICE: u8>(
    writer: &Writer<Counters<SERVICE>>,
    organ: &Organ,
    submissions: impl IntoIterator<Item = Submission<Command>>,
) -> Vec<Told> {
    let submitted = submissions.into_iter().map(|submission| writer.submit(organ, submission));
    in_time(futures::future::join_all(submitted)).await
}

/// Fails the test where something takes too long.
pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it takes too long")
}

/// Waits until something is so; looks when the writer tells that a head moved, and now and then in any case.
pub(crate) async fn until<D: Domain, F: Future<Output = bool>>(
    writer: &Writer<D>,
    mut is_so: impl FnMut() -> F,
) {
    let mut moved = writer.heads().subscribe();
    let mut look = tokio::time::interval(Duration::from_millis(50));
    in_time(async {
        while !is_so().await {
            tokio::select! {
                changed = moved.changed() => changed.unwrap(),
                _ = look.tick() => {}
            }
        }
    })
    .await;
}
