//! A proxy before Postgres that cuts the connection at a message of the test's choice.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use bytes::{Buf, BytesMut};
use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    task::JoinHandle,
};

/// At which message of the client's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum At {
    /// The one with this index from now on.
    Message(u32),
    /// The next COMMIT.
    Commit,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum How {
    /// The message does not arrive.
    Before,
    /// It arrives, and the answer does not.
    After,
}

/// The proxy; it ends with this value.
pub(crate) struct Proxy {
    dir: TempDir,
    state: Arc<Mutex<State>>,
    accepting: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct State {
    cut: Option<(At, How)>,
    seen: u32,
    cuts: u32,
    /// After the cut nobody is let through.
    then_closed: bool,
    closed: bool,
}

impl Proxy {
    /// A proxy before the server these options lead to.
    pub(crate) fn before(server: &PgConnectOptions) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = |dir: PathBuf| dir.join(".s.PGSQL.5432");
        let server = socket(server.get_socket().unwrap().clone());
        let listener = UnixListener::bind(socket(dir.path().to_owned())).unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !shared.lock().unwrap().closed {
                    let server = UnixStream::connect(&server).await.unwrap();
                    tokio::spawn(Link { client, server, started: false, owed: 1 }.run(Arc::clone(&shared)));
                }
            }
        });
        Self { dir, state, accepting }
    }

    /// The same login, by way of the proxy.
    pub(crate) fn options(&self, server: PgConnectOptions) -> PgConnectOptions {
        server.socket(self.dir.path())
    }

    /// Cuts once.
    pub(crate) fn cut(&self, at: At, how: How) {
        let mut state = self.state.lock().unwrap();
        *state = State { cut: Some((at, how)), cuts: state.cuts, ..State::default() };
    }

    /// Cuts, and lets nobody through until [`Proxy::heal`].
    pub(crate) fn cut_for_good(&self, at: At, how: How) {
        self.cut(at, how);
        self.state.lock().unwrap().then_closed = true;
    }

    /// Cuts no more.
    pub(crate) fn heal(&self) {
        let mut state = self.state.lock().unwrap();
        *state = State { cuts: state.cuts, ..State::default() };
    }

    /// How many connections were cut.
    pub(crate) fn cuts(&self) -> u32 {
        self.state.lock().unwrap().cuts
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl State {
    /// Whether, and how, to cut at this message.
    fn next(&mut self, message: &[u8]) -> Option<How> {
        if self.closed {
            return Some(How::Before);
        }
        // A password is not counted.
        if message.first() == Some(&b'p') {
            return None;
        }
        let (at, how) = self.cut?;
        let now = match at {
            At::Message(index) => index == self.seen,
            At::Commit => message.get(5..).is_some_and(|text| text.starts_with(b"commit")),
        };
        self.seen += 1;
        if !now {
            return None;
        }
        self.cut = None;
        self.cuts += 1;
        self.closed = self.then_closed;
        Some(how)
    }
}

/// One connection of a client's, and the one to the server for it.
struct Link {
    client: UnixStream,
    server: UnixStream,
    /// Whether the first message, which alone has no type, has passed.
    started: bool,
    /// How often the server still has to say that it is ready.
    owed: u32,
}

impl Link {
    /// Until either goes away, or it is cut.
    async fn run(mut self, state: Arc<Mutex<State>>) {
        let (mut up, mut down) = (BytesMut::new(), BytesMut::new());
        loop {
            tokio::select! {
                biased;
                read = self.server.read_buf(&mut down) => {
                    if !matches!(read, Ok(1..)) { return }
                    while let Some(message) = split(&mut down, true) {
                        self.answered(&message);
                        if self.client.write_all(&message).await.is_err() { return }
                    }
                }
                read = self.client.read_buf(&mut up) => {
                    if !matches!(read, Ok(1..)) { return }
                    while let Some(message) = split(&mut up, self.started) {
                        let how = if self.started { state.lock().unwrap().next(&message) } else { None };
                        self.started = true;
                        if how == Some(How::Before) || self.forward(&message).await.is_err() { return }
                        if how == Some(How::After) { return self.swallow(&mut down).await }
                    }
                }
            }
        }
    }

    async fn forward(&mut self, message: &[u8]) -> std::io::Result<()> {
        // Sync and Query are answered by ReadyForQuery.
        if matches!(message.first(), Some(b'S' | b'Q')) {
            self.owed += 1;
        }
        self.server.write_all(message).await
    }

    fn answered(&mut self, message: &[u8]) {
        if message.first() == Some(&b'Z') {
            self.owed -= 1;
        }
    }

    /// Waits until the server has answered all it has to, and keeps it to itself.
    async fn swallow(&mut self, down: &mut BytesMut) {
        while self.owed > 0 && matches!(self.server.read_buf(down).await, Ok(1..)) {
            while let Some(message) = split(down, true) {
                self.answered(&message);
            }
        }
    }
}

/// Takes a whole message, if there is one: a type (but for the first), the length of the rest, the rest.
fn split(buffer: &mut BytesMut, typed: bool) -> Option<BytesMut> {
    let prefix = usize::from(typed);
    let mut length = buffer.get(prefix..prefix + 4)?;
    let whole = prefix + usize::try_from(length.get_u32()).unwrap();
    (buffer.len() >= whole).then(|| buffer.split_to(whole))
}
