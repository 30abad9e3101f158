use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use ledger::{Domain, Feed, Incoming, Translate, TranslateError, Writer};
use prost::Message;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Channel, Server};

use super::{Command, Counters, Does, Event, in_time};

/// Does again what it hears: the command has the tag "organ/tag" of the entry. The first word of a tag tells what may
/// be the matter with it.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    heard: Mutex<Vec<String>>,
    count: watch::Sender<usize>,
    /// Whether what is "later" can be translated.
    ready: watch::Sender<bool>,
}

impl Echo {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// The tags of all it heard, as often as it heard them.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Waits until it has heard so many.
    pub(crate) async fn hears(&self, count: usize) {
        let mut told = self.count.subscribe();
        in_time(told.wait_for(|heard| *heard >= count)).await.unwrap();
    }

    /// From here on what was "later" can be translated.
    pub(crate) fn is_ready(&self) {
        self.ready.send_replace(true);
    }
}

impl<const SERVICE: u8> Translate<Counters<SERVICE>> for Echo {
    const KINDS: &'static [&'static str] = &["added", "sent"];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let event = Event::decode(entry.body.clone())
            .map_err(|error| TranslateError::Malformed(error.to_string()))?;
        self.heard.lock().unwrap().push(event.tag.clone());
        self.count.send_modify(|count| *count += 1);
        // Where the process may be killed.
        tokio::task::yield_now().await;
        let tag = format!("{}/{}", entry.source, event.tag);
        let case = entry.case.unwrap();
        let command = |tag: String, does| Command { case, tag, does };
        let add = command(tag.clone(), Does::Add(event.by));
        Ok(match event.tag.split(' ').next().unwrap_or_default() {
            "malformed" => return Err(TranslateError::Malformed("it is malformed".to_owned())),
            "later" if !*self.ready.borrow() => return Err(TranslateError::Later("not yet".into())),
            "nothing" => Vec::new(),
            "rejected" => vec![command(tag, Does::Reject)],
            "half" => vec![add, command(format!("{tag}+"), Does::Reject)],
            "panics" => vec![command(tag, Does::PanicLate)],
            "refused" => vec![command(tag, Does::Violate)],
            "two" => vec![add, command(format!("{tag}+"), Does::Add(1))],
            _ => vec![add],
        })
    }
}

/// A server of a feed, on a port of its own.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    shutdown: CancellationToken,
    serving: JoinHandle<()>,
}

impl Served {
    pub(crate) async fn new<D: Domain>(writer: &Writer<D>) -> Self {
        Self::at(writer, "127.0.0.1:0".parse().unwrap()).await
    }

    pub(crate) async fn at<D: Domain>(writer: &Writer<D>, address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let feed = Feed::new(writer, shutdown.clone()).into_server();
        let stopping = shutdown.clone().cancelled_owned();
        let serving = async move {
            let incoming = TcpListenerStream::new(listener);
            Server::builder()
                .add_service(feed)
                .serve_with_incoming_shutdown(incoming, stopping)
                .await
                .unwrap();
        };
        Self { address, shutdown, serving: tokio::spawn(serving) }
    }

    /// A way there.
    pub(crate) fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address)).unwrap().connect_lazy()
    }

    /// Ends streams, and then the server.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        in_time(self.serving).await.unwrap();
    }
}
