//! What happens before the server starts: lock, binaries, initdb, and the end of a server that was left over.

use std::path::Path;
use std::process::Output;

use rustix::process::{Pid, test_kill_process};

use super::account::Account;
use super::binaries::{self, Binaries};
use super::error::{EmbeddedError, cannot};
use super::layout::{DirLock, Layout, tail};

/// A cluster's directory, ready for its server to start.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) layout: Layout,
    pub(crate) account: Account,
    pub(crate) binaries: Binaries,
    pub(crate) password: String,
    pub(crate) lock: DirLock,
}

/// Takes hold of the directory and creates the cluster if it is not there. Blocks for about a second when it does.
pub(crate) fn prepare(dir: &Path, temporary: bool) -> Result<Prepared, EmbeddedError> {
    // Before anything is created: a machine without Postgres is left as it was.
    if let Err(error @ EmbeddedError::NoBinaries { .. }) = binaries::find(dir, None) {
        return Err(error);
    }
    let layout = Layout::create(dir)?;
    let lock = DirLock::take(&layout)?;
    let binaries = binaries::find(&layout.dir, layout.data_version().as_deref())?;
    let account = Account::of(&layout.data())?;
    account.check_reach(&layout.dir)?;
    let password = if layout.data().exists() {
        end_leftover(&layout, &account, &binaries)?;
        layout.read_password()?
    } else {
        init(&layout, &account, &binaries, temporary)?
    };
    Ok(Prepared { layout, account, binaries, password, lock })
}

/// Makes a new cluster and returns its superuser's password.
///
/// Filled beside its place and renamed at the end, so that a directory `pgdata` is always whole.
fn init(
    layout: &Layout,
    account: &Account,
    binaries: &Binaries,
    temporary: bool,
) -> Result<String, EmbeddedError> {
    let unfinished = layout.unfinished();
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(cannot("remove", &unfinished))?;
    }
    std::fs::create_dir(&unfinished).map_err(cannot("create", &unfinished))?;
    account.own(&unfinished)?;
    let password = layout.make_password(account)?;
    let initdb = binaries.program("initdb");
    let mut command = account.command(&initdb);
    command.arg("-D").arg(&unfinished).arg("--pwfile").arg(layout.password());
    command.args(["--username=postgres", "--encoding=UTF8", "--locale=C", "--data-checksums"]);
    command.args(["--auth-host=reject", "--no-instructions"]);
    if temporary {
        // Nobody else can enter the socket's directory, and SCRAM costs a debug build 40 ms a connection.
        command.args(["--auth-local=trust", "--no-sync"]);
    } else {
        command.arg("--auth-local=scram-sha-256");
    }
    let output = command.output().map_err(cannot("run", &initdb))?;
    if !output.status.success() {
        let _ = std::fs::remove_dir_all(&unfinished);
        return Err(EmbeddedError::Initdb { dir: layout.dir.clone(), log: said(&output) });
    }
    let data = layout.data();
    std::fs::rename(&unfinished, &data).map_err(cannot("create", &data))?;
    Ok(password)
}

/// Stops a server whose program was killed and that has not ended yet. This program holds the lock, so nobody uses it.
fn end_leftover(layout: &Layout, account: &Account, binaries: &Binaries) -> Result<(), EmbeddedError> {
    let data = layout.data();
    let pid_file = data.join("postmaster.pid");
    let Some(pid) = first_number(&pid_file) else { return Ok(()) };
    if !is_alive(pid) {
        return Ok(());
    }
    // The number may have gone to another process since, after a restart of the machine for example: pg_ctl would stop
    // that one, and Postgres would take it for a server on this data.
    match command_line(pid) {
        Some(line) if !line.contains(&*data.to_string_lossy()) => {
            return std::fs::remove_file(&pid_file).map_err(cannot("remove", &pid_file));
        }
        _ => {}
    }
    tracing::warn!(server.pid = pid, "stopping a Postgres left over by a program that was killed");
    let pg_ctl = binaries.program("pg_ctl");
    let mut command = account.command(&pg_ctl);
    command.arg("stop").arg("-D").arg(&data).args(["-m", "fast", "-w", "-t", "60"]);
    let output = command.output().map_err(cannot("run", &pg_ctl))?;
    // It may have ended between the look and the stop.
    if !output.status.success() && is_alive(pid) {
        return Err(EmbeddedError::Leftover { dir: layout.dir.clone(), pid, log: said(&output) });
    }
    Ok(())
}

fn first_number(path: &Path) -> Option<u32> {
    std::fs::read_to_string(path).ok()?.lines().next()?.trim().parse().ok()
}

fn is_alive(pid: u32) -> bool {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return false };
    // Not permitted: it is there, and somebody else's.
    !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}

/// The command line of a process, if the system tells.
fn command_line(pid: u32) -> Option<String> {
    if let Ok(line) = std::fs::read(format!("/proc/{pid}/cmdline")) {
        return Some(String::from_utf8_lossy(&line).replace('\0', " "));
    }
    let output =
        std::process::Command::new("ps").args(["-o", "args=", "-p", &pid.to_string()]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn said(output: &Output) -> String {
    tail(&[output.stdout.as_slice(), output.stderr.as_slice()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_knows_its_own_command_line_and_that_it_lives() {
        let own = std::process::id();
        assert!(is_alive(own));
        assert!(command_line(own).unwrap().contains("postgres"));
        assert!(!is_alive(u32::MAX));
    }
}
