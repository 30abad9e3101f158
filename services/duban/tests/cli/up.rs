//! `duban up` as a person runs it: serves, says who holds the data, stops at Ctrl-C, and keeps what it had.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::run::{duban, failed, succeed};

/// Long enough for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// A data directory that Postgres' own user may enter, for tests run as root.
fn data() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    let path = directory.path().join("data");
    (directory, path)
}

/// A running `duban up`.
struct Up {
    child: Child,
    lines: Receiver<String>,
}

impl Up {
    /// Starts it on free ports, and waits until it says that it is up.
    fn start(data: &Path) -> Self {
        let mut child = duban(&arguments(data)).stdout(Stdio::piped()).spawn().unwrap();
        let (send, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let up = Self { child, lines };
        up.wait_for("duban is up");
        up.wait_for("Ctrl-C stops everything");
        up
    }

    fn wait_for(&self, words: &str) {
        let until = Instant::now() + PATIENCE;
        while let Ok(line) = self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if line.contains(words) {
                return;
            }
        }
        panic!("it never said {words:?}");
    }

    fn pid(&self) -> String {
        self.child.id().to_string()
    }

    /// Presses Ctrl-C, and waits until it has ended in order.
    fn interrupt(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn arguments(data: &Path) -> [&str; 11] {
    let any = "127.0.0.1:0";
    let data = data.to_str().unwrap();
    ["up", "--data", data, "--intake", any, "--routing", any, "--supervision", any, "--metrics", any]
}

#[test]
fn up_serves_until_ctrl_c_and_keeps_its_data() {
    let (_directory, path) = data();
    let data = path.to_str().unwrap();
    let up = Up::start(&path);

    let mut same_port = arguments(&path);
    let places = std::fs::read_to_string(path.join("places.json")).unwrap();
    let places: HashMap<String, String> = serde_json::from_str(&places).unwrap();
    same_port[4] = &places["intake"];
    for arguments in [arguments(&path), same_port] {
        let said = failed(&duban(&arguments).output().unwrap());
        assert!(said.contains("in use by process") && said.contains(&up.pid()), "{said}");
    }

    let organs = format!("{}/../../deploy/samples/directory.json", env!("CARGO_MANIFEST_DIR"));
    let imported = succeed(&["directory", "import", &organs, "--data", data]);
    assert!(
        imported.starts_with("0 established, 0 changed, ") && !imported.contains(", 0 unch"),
        "{imported}"
    );

    let board = succeed(&["board", "--once", "--data", data]);
    assert!(board.starts_with("received") && board.contains("合计"), "{board}");
    let verified = succeed(&["ledger", "verify", "--data", data]);
    assert!(verified.contains("routing baoshan: ") && !verified.contains("missing"), "{verified}");
    up.interrupt();

    // Not running, the cluster is started for the command, and what was written is there.
    assert_eq!(succeed(&["ledger", "verify", "--data", data]), verified);
    Up::start(&path).interrupt();
    let demo = duban(&[&arguments(&path)[..], &["--demo"]].concat()).output().unwrap();
    assert!(failed(&demo).contains("plays on new data only"));
}

#[test]
fn up_says_which_port_is_taken() {
    let (_directory, path) = data();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut given = arguments(&path);
    given[6] = &address;
    let said = failed(&duban(&given).output().unwrap());
    assert!(
        said.contains("cannot serve routing") && said.contains(&address) && said.contains("in use"),
        "{said}"
    );
    assert!(!path.exists(), "nothing was made before");
}
