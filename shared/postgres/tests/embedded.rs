//! The private cluster: who holds it, what survives, and that it ends with its program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // clippy sees no test in a helper

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use postgres::embedded::{Cluster, EmbeddedError, Options, check_dir};
use sqlx::{ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;

const QUICK: Options = Options { durable: false, max_connections: 20 };

/// A directory that the server's user may enter.
fn directory() -> TempDir {
    directory_with(0o755)
}

fn directory_with(mode: u32) -> TempDir {
    let mode = std::fs::Permissions::from_mode(mode);
    tempfile::Builder::new().prefix("duban").permissions(mode).tempdir().unwrap()
}

async fn run(connection: &mut PgConnection, statement: &'static str) {
    sqlx::raw_sql(statement).execute(connection).await.expect(statement);
}

fn postmaster(dir: &Path) -> Option<String> {
    let text = std::fs::read_to_string(dir.join("pgdata/postmaster.pid")).ok()?;
    text.lines().next().map(str::to_owned)
}

/// Waits until a process is gone, or a zombie whose parent has yet to look.
async fn gone(pid: &str) {
    let mut look = tokio::time::interval(Duration::from_millis(20));
    let waiting = async {
        loop {
            look.tick().await;
            let output = Command::new("kill").args(["-0", pid]).output().unwrap();
            if !output.status.success() {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("the process is still there");
}

fn kill(pid: &str) {
    assert!(Command::new("kill").args(["-KILL", pid]).status().unwrap().success());
}

#[tokio::test]
async fn a_second_start_says_who_holds_the_data() {
    let dir = directory();
    let cluster = Cluster::start(dir.path(), QUICK).await.unwrap();
    let error = Cluster::start(dir.path(), QUICK).await.unwrap_err();
    let EmbeddedError::Held { pid, .. } = &error else { panic!("{error}") };
    assert_eq!(*pid, std::process::id().to_string());
    cluster.stop().await.unwrap();
    Cluster::start(dir.path(), QUICK).await.expect("free again").stop().await.unwrap();
}

#[tokio::test]
async fn what_is_committed_survives_a_killed_server() {
    let dir = directory();
    let cluster = Cluster::start(dir.path(), Options::default()).await.unwrap();
    let mut connection = cluster.database("duban").await.unwrap().connect().await.unwrap();
    run(&mut connection, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)").await;
    kill(&postmaster(cluster.dir()).unwrap());
    assert!(matches!(cluster.ended().await, EmbeddedError::Ended { .. }));
    drop(cluster);
    let cluster = Cluster::start(dir.path(), Options::default()).await.unwrap();
    let mut connection = cluster.database("duban").await.unwrap().connect().await.unwrap();
    let kept: i32 = sqlx::query_scalar("SELECT id FROM kept").fetch_one(&mut connection).await.unwrap();
    assert_eq!(kept, 42);
    connection.close().await.unwrap();
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn nobody_else_can_log_in() {
    let dir = directory();
    let cluster = Cluster::start(dir.path(), QUICK).await.unwrap();
    let mode = |name: &str| std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("password"), mode("socket"), mode("pgdata")), (0o600, 0o700, 0o700));
    assert!(cluster.admin().password("wrong").connect().await.is_err());
    let mut connection = cluster.admin().connect().await.unwrap();
    let port: String = sqlx::query_scalar("SHOW listen_addresses").fetch_one(&mut connection).await.unwrap();
    assert_eq!(port, "");
    let password = std::fs::read_to_string(dir.path().join("password")).unwrap();
    assert!(!format!("{cluster:?}").contains(&password));
    cluster.stop().await.unwrap();
}

/// The example `hold`, which cargo builds with the tests.
fn hold(dir: &Path) -> (std::process::Child, String) {
    let program: PathBuf = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("examples/hold");
    let mut child = Command::new(&program)
        .arg(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}; cargo build --examples", program.display()));
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line)
}

#[tokio::test]
async fn the_server_ends_with_its_program_even_if_that_is_killed() {
    let dir = directory();
    let (mut child, line) = hold(dir.path());
    assert_eq!(line, "ready\n");
    let server = postmaster(dir.path()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    gone(&server).await;
    assert_eq!(postmaster(dir.path()), None, "it was not shut down in order");
}

#[tokio::test]
async fn a_start_right_after_a_kill_takes_over() {
    let dir = directory();
    let (mut child, line) = hold(dir.path());
    assert_eq!(line, "ready\n");
    let error = Cluster::start(dir.path(), QUICK).await.unwrap_err();
    let EmbeddedError::Held { pid, .. } = &error else { panic!("{error}") };
    assert_eq!(*pid, child.id().to_string());
    child.kill().unwrap();
    child.wait().unwrap();
    Cluster::start(dir.path(), QUICK).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_server_without_a_watchdog_is_stopped_first() {
    let dir = directory();
    let (mut child, _) = hold(dir.path());
    let server = postmaster(dir.path()).unwrap();
    // Both shells of the watchdog, as if they had been killed as well.
    let processes = Command::new("ps").args(["-o", "pid=,args=", "-e"]).output().unwrap();
    let listing = String::from_utf8_lossy(&processes.stdout).into_owned();
    let place = dir.path().display().to_string();
    for line in listing.lines().filter(|line| line.contains("duban-postgres") && line.contains(&place)) {
        kill(line.split_whitespace().next().unwrap());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(postmaster(dir.path()), Some(server.clone()), "the server outlives its watchdog here");
    Cluster::start(dir.path(), QUICK).await.unwrap().stop().await.unwrap();
    gone(&server).await;
}

#[tokio::test]
async fn a_number_that_went_to_another_process_stops_nobody() {
    let dir = directory();
    Cluster::start(dir.path(), QUICK).await.unwrap().stop().await.unwrap();
    let mut other = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let stale = format!("{}\n{}\n", other.id(), dir.path().join("pgdata").display());
    std::fs::write(dir.path().join("pgdata/postmaster.pid"), stale).unwrap();
    Cluster::start(dir.path(), QUICK).await.unwrap().stop().await.unwrap();
    assert!(other.try_wait().unwrap().is_none(), "another process was stopped");
    drop(other.stdin.take());
    assert!(other.wait().unwrap().success());
}

#[tokio::test]
async fn what_prevents_a_start_is_said() {
    let dir = directory();
    Cluster::start(dir.path(), QUICK).await.unwrap().stop().await.unwrap();
    let data = dir.path().join("pgdata");
    let settings = std::fs::read_to_string(data.join("postgresql.conf")).unwrap();
    std::fs::write(data.join("postgresql.conf"), format!("{settings}\nnonsense = 1\n")).unwrap();
    let error = Cluster::start(dir.path(), QUICK).await.unwrap_err().to_string();
    assert!(error.contains("did not start") && error.contains("nonsense"), "{error}");
    std::fs::write(data.join("PG_VERSION"), "9\n").unwrap();
    let error = Cluster::start(dir.path(), QUICK).await.unwrap_err().to_string();
    assert!(error.contains("is of Postgres 9, and this machine has"), "{error}");
    std::fs::remove_file(data.join("PG_VERSION")).unwrap();
    std::fs::remove_file(dir.path().join("password")).unwrap();
    let error = Cluster::start(dir.path(), QUICK).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NoPassword { .. }), "{error}");
}

#[tokio::test]
async fn a_directory_with_a_long_path_works() {
    let dir = directory();
    let deep = dir.path().join("d".repeat(120));
    let cluster = Cluster::start(&deep, QUICK).await.unwrap();
    let socket = cluster.admin().get_socket().unwrap().clone();
    assert!(!socket.starts_with(&deep));
    cluster.admin().connect().await.unwrap();
    cluster.stop().await.unwrap();
    assert!(!socket.exists(), "the short directory stays behind");
}

#[tokio::test]
async fn root_is_told_which_directory_the_server_may_not_enter() {
    let closed = directory_with(0o700);
    let inside = closed.path().join("data");
    if std::fs::metadata(closed.path()).unwrap().uid() == 0 {
        for error in [check_dir(&inside).unwrap_err(), Cluster::start(&inside, QUICK).await.unwrap_err()] {
            let EmbeddedError::Unreachable { dir, .. } = &error else { panic!("{error}") };
            assert_eq!(dir, closed.path());
            assert!(error.to_string().contains("chmod o+x"), "{error}");
        }
    } else {
        check_dir(&inside).unwrap();
    }
}

#[tokio::test]
async fn a_temporary_cluster_leaves_nothing_behind() {
    let cluster = Cluster::temporary().await.unwrap();
    let dir = cluster.dir().to_owned();
    assert!(dir.exists());
    cluster.stop().await.unwrap();
    assert!(!dir.exists());
}
