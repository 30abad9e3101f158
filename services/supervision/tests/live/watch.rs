//! Those who watch (16, 17, 20).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use access::Role;
use duban_proto::common::v1::{Organ as WireOrgan, OrganKind};
use duban_proto::supervision::v1::watch_service_client::WatchServiceClient;
use duban_proto::supervision::v1::{
    BoardLine, Clock, GetBoardRequest, ListDueClocksRequest, WatchBoardRequest, WatchBoardResponse,
    WatchCasesRequest, WatchCasesResponse,
};
use futures::future::join_all;
use ledger::Clock as _;
use supervision::domain::{ClockKey, Command};
use tonic::Streaming;
use tonic::transport::Channel;

use crate::harness::{CENTRE, OTHER, Running, TOWN, at, case, reason, start};

/// How many watch at once.
const WATCHERS: usize = 500;
/// How many of them on one connection.
const ON_ONE: usize = 50;
/// How many cases come in while they watch.
const BURST: u128 = 600;
/// What any of it may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What one who watches has been told.
#[derive(Default)]
struct Seen {
    lines: BTreeMap<String, BoardLine>,
    clocks: BTreeMap<(String, String, u32), Clock>,
    token: String,
    answers: usize,
    begins: usize,
}

impl Seen {
    fn board(&mut self, told: WatchBoardResponse) {
        if told.begins {
            self.lines.clear();
        }
        self.lines.extend(told.lines.into_iter().map(|line| (line.organ.clone(), line)));
        let sum = self.lines.values().map(|line| line.received).sum::<u64>();
        assert_eq!(told.total.unwrap().received, sum, "the sum is that of all lines");
        (self.token, self.answers) = (told.resume_token, self.answers + 1);
    }

    fn cases(&mut self, told: WatchCasesResponse) {
        if told.begins {
            self.clocks.clear();
            self.begins += 1;
        }
        for clock in told.clocks {
            let key = (clock.organ.clone(), clock.case_id.clone(), clock.term);
            if clock.stopped_at.is_some() {
                self.clocks.remove(&key)
            } else {
                self.clocks.insert(key, clock)
            };
        }
        if !told.resume_token.is_empty() {
            self.token = told.resume_token;
        }
        self.answers += 1;
    }

    fn received(&self) -> u64 {
        self.lines.values().map(|line| line.received).sum()
    }
}

async fn next<T>(stream: &mut Streaming<T>) -> T {
    let told = tokio::time::timeout(PATIENCE, stream.message()).await;
    told.expect("nothing is told").unwrap().expect("the stream ended")
}

async fn board(running: &Running, channel: Channel, token: &str) -> Streaming<WatchBoardResponse> {
    let request = WatchBoardRequest { organ: String::new(), resume_token: token.into() };
    let request = running.by(Role::Supervisor, CENTRE, request);
    WatchServiceClient::new(channel).watch_board(request).await.unwrap().into_inner()
}

async fn cases(running: &Running, channel: Channel, token: &str) -> Streaming<WatchCasesResponse> {
    let request = WatchCasesRequest { organ: String::new(), resume_token: token.into() };
    let request = running.by(Role::Supervisor, CENTRE, request);
    WatchServiceClient::new(channel).watch_cases(request).await.unwrap().into_inner()
}

/// The board as it is read.
async fn lines(running: &mut Running) -> BTreeMap<String, BoardLine> {
    let request = running.by(Role::Supervisor, CENTRE, GetBoardRequest::default());
    let read = running.client.get_board(request).await.unwrap().into_inner().lines;
    read.into_iter().map(|line| (line.organ.clone(), line)).collect()
}

/// The running clocks as they are read, with their lights.
async fn due(running: &mut Running) -> BTreeSet<(String, u32, i32)> {
    let request = ListDueClocksRequest { page_size: 500, ..ListDueClocksRequest::default() };
    let request = running.by(Role::Supervisor, CENTRE, request);
    let read = running.client.list_due_clocks(request).await.unwrap().into_inner().clocks;
    lights(read.iter())
}

fn lights<'a>(clocks: impl Iterator<Item = &'a Clock>) -> BTreeSet<(String, u32, i32)> {
    clocks.map(|clock| (clock.case_id.clone(), clock.term, clock.light)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_five_hundred_watch_a_burst_and_each_sees_what_it_comes_to() {
    let mut running = start().await;
    let mut channels = Vec::new();
    for _ in 0..WATCHERS / ON_ONE {
        channels.push(running.endpoint().connect().await.unwrap());
    }
    let of = |number: usize| channels[number % channels.len()].clone();
    let boards = join_all((0..WATCHERS / 2).map(|number| board(&running, of(number), ""))).await;
    let clocks = join_all((0..WATCHERS / 2).map(|number| cases(&running, of(number), ""))).await;
    let watch_boards = boards.into_iter().map(|mut stream| {
        tokio::spawn(async move {
            let mut seen = Seen::default();
            while seen.received() < u64::try_from(BURST).unwrap() {
                seen.board(next(&mut stream).await);
            }
            seen
        })
    });
    let watch_clocks = clocks.into_iter().map(|mut stream| {
        tokio::spawn(async move {
            let mut seen = Seen::default();
            while seen.clocks.len() < usize::try_from(BURST).unwrap() {
                seen.cases(next(&mut stream).await);
            }
            seen
        })
    });
    let (watch_boards, watch_clocks): (Vec<_>, Vec<_>) = (watch_boards.collect(), watch_clocks.collect());
    let organ = |number: u128| if number.is_multiple_of(2) { TOWN } else { OTHER };
    join_all((1..=BURST).map(|number| running.accepted(organ(number), number))).await;
    let is = lines(&mut running).await;
    for seen in join_all(watch_boards).await {
        let seen = seen.unwrap();
        assert_eq!(seen.lines, is);
        assert!(seen.answers < 100, "{} answers for {BURST} cases", seen.answers);
    }
    for seen in join_all(watch_clocks).await {
        let seen = seen.unwrap();
        assert!(seen.answers < 100, "{} answers for {BURST} cases", seen.answers);
    }
    drop(channels);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_who_comes_again_with_the_token_is_told_what_changed_and_nothing_else() {
    let mut running = start().await;
    for number in 1..=4 {
        running.accepted(if number == 4 { OTHER } else { TOWN }, number).await;
    }
    let (mut lines_seen, mut clocks_seen) = (Seen::default(), Seen::default());
    let mut stream = board(&running, running.channel.clone(), "").await;
    lines_seen.board(next(&mut stream).await);
    drop(stream);
    let mut stream = cases(&running, running.channel.clone(), "").await;
    clocks_seen.cases(next(&mut stream).await);
    drop(stream);
    assert_eq!((lines_seen.received(), clocks_seen.clocks.len()), (4, 4));

    running.concluded(TOWN, 1).await;
    running.accepted(TOWN, 5).await;
    running.starts(TOWN, ClockKey::term(case(7), 1), CENTRE).await;
    running.clock.set(at("2026-03-14 09:00"));
    running.fired(CENTRE, 1).await;

    let mut stream = board(&running, running.channel.clone(), &lines_seen.token).await;
    let told = next(&mut stream).await;
    assert!(!told.begins, "it goes on");
    lines_seen.board(told);
    let mut stream_of_cases = cases(&running, running.channel.clone(), &clocks_seen.token).await;
    let told = next(&mut stream_of_cases).await;
    assert!(!told.begins, "it goes on");
    clocks_seen.cases(told);
    // Rungs may still fire; what the watch tells comes to what is read.
    loop {
        let (is, are) = (lines(&mut running).await, due(&mut running).await);
        if lines_seen.lines == is && lights(clocks_seen.clocks.values()) == are {
            break;
        }
        tokio::select! {
            told = next(&mut stream) => lines_seen.board(told),
            told = next(&mut stream_of_cases) => clocks_seen.cases(told),
        }
    }
    // Where nothing happened, that is told, and nothing else.
    let mut stream = board(&running, running.channel.clone(), &lines_seen.token).await;
    let told = next(&mut stream).await;
    assert!(!told.begins && told.lines.is_empty(), "{told:?}");
    let mut stream = cases(&running, running.channel.clone(), &clocks_seen.token).await;
    let told = next(&mut stream).await;
    assert!(!told.begins && told.clocks.is_empty() && !told.resume_token.is_empty(), "{told:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_who_reads_slowly_is_told_the_newest_and_never_what_is_overtaken() {
    let running = start().await;
    join_all((1..=300).map(|number| running.accepted(TOWN, number))).await;
    // All there is fills what may be under way to the slow one.
    let small = running.endpoint().initial_stream_window_size(65_535).initial_connection_window_size(65_535);
    let mut slow = cases(&running, small.connect().await.unwrap(), "").await;
    let mut fast = cases(&running, running.channel.clone(), "").await;
    next(&mut fast).await;
    let mut due_at = running.clock.now();
    for _ in 0..40 {
        due_at += Duration::from_mins(1);
        let command = Command::NoteExternalLimit { case_id: case(1), due_at: Some(due_at) };
        running.has(TOWN, command).await;
        let told = next(&mut fast).await;
        assert_eq!(told.clocks.len(), 1);
    }
    let last = Some(supervision::domain::time::to_wire(due_at));
    let (mut seen, key) = (Seen::default(), (TOWN.to_owned(), case(1).to_string(), 0));
    while seen.clocks.get(&key).and_then(|clock| clock.external_due_at) != last {
        seen.cases(next(&mut slow).await);
    }
    assert_eq!(seen.clocks.len(), 300);
    assert!(seen.answers <= 3, "all there is, and the newest of 40 changes: {}", seen.answers);
    assert_eq!(seen.begins, 1, "it goes on from where it was");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_watch_begins_anew_when_its_organs_are_others() {
    let running = start().await;
    running.accepted(TOWN, 1).await;
    let mut stream = board(&running, running.channel.clone(), "").await;
    let mut seen = Seen::default();
    seen.board(next(&mut stream).await);
    assert_eq!(seen.lines.len(), 3);
    let (token, new) = (seen.token.clone(), "baoshan.yuepu");
    let organ = WireOrgan {
        code: new.into(),
        parent: CENTRE.into(),
        kind: OrganKind::SubCentre.into(),
        ..WireOrgan::default()
    };
    running.has(CENTRE, Command::NoteOrgan(Box::new(organ))).await;
    while !seen.lines.contains_key(new) {
        let told = next(&mut stream).await;
        assert!(told.begins, "{told:?}");
        seen.board(told);
    }
    let mut again = board(&running, running.channel.clone(), &token).await;
    assert!(next(&mut again).await.begins, "the token is of other organs");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_a_watch_tells_what_the_caller_may_see_and_takes_no_other_token() {
    let running = start().await;
    running.accepted(TOWN, 1).await;
    running.accepted(OTHER, 2).await;
    let mut client = WatchServiceClient::new(running.channel.clone());
    let request = running.by(Role::Desk, TOWN, WatchCasesRequest::default());
    let mut own = client.watch_cases(request).await.unwrap().into_inner();
    let told = next(&mut own).await;
    assert_eq!(told.clocks.iter().map(|clock| clock.organ.as_str()).collect::<Vec<_>>(), [TOWN]);
    running.accepted(OTHER, 3).await;
    running.accepted(TOWN, 4).await;
    let told = next(&mut own).await;
    assert!(told.clocks.iter().all(|clock| clock.organ == TOWN), "{told:?}");

    let other = WatchBoardRequest { organ: CENTRE.into(), ..WatchBoardRequest::default() };
    let refused = client.watch_board(running.by(Role::Desk, TOWN, other)).await.unwrap_err();
    assert_eq!(reason(&refused), "ORGAN_OUT_OF_SCOPE");
    let other = WatchBoardRequest { resume_token: told.resume_token, ..WatchBoardRequest::default() };
    let refused = client.watch_board(running.by(Role::Desk, TOWN, other)).await.unwrap_err();
    assert_eq!(reason(&refused), "PAGE_TOKEN_INVALID", "the token of another watch");
    running.stop().await;
}
