//! The feed as a client of any language sees it.

use duban_proto::feed::v1::{
    Entry, FollowRequest, FollowResponse, ListHeadsRequest, Position as WirePosition,
    feed_service_client::FeedServiceClient,
};
use ledger::Organ;
use tonic::{Code, Status, Streaming, transport::Channel};
use tonic_types::StatusExt;

use crate::support::{Command, Does, Intake, Served, World, asked, in_time, organ, requested, submit_all};

type Client = FeedServiceClient<Channel>;

async fn served(world: &World) -> (ledger::Writer<Intake>, Served, Client) {
    let writer = world.intake().await;
    let served = Served::new(&writer).await;
    let client = FeedServiceClient::new(served.channel());
    (writer, served, client)
}

/// A stream, and answers of organs nobody asked about yet: organs come in any order.
struct Reading {
    stream: Streaming<FollowResponse>,
    kept: Vec<FollowResponse>,
}

async fn follow(
    client: &mut Client,
    positions: Vec<WirePosition>,
    kinds: &[&str],
) -> Result<Reading, Status> {
    let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let stream =
        in_time(client.follow(FollowRequest { positions, kinds, tell_behind: false })).await?.into_inner();
    Ok(Reading { stream, kept: Vec::new() })
}

impl Reading {
    /// Reads until an organ's answers reach this number; gives back the entries and where that is.
    async fn read(&mut self, organ: &Organ, upto: u64) -> (Vec<Entry>, WirePosition) {
        let mut entries = Vec::new();
        loop {
            let kept = self.kept.iter().position(|kept| kept.organ == organ.as_str());
            let Some(index) = kept else {
                self.kept.push(in_time(self.stream.message()).await.unwrap().unwrap());
                continue;
            };
            let answer = self.kept.remove(index);
            entries.extend(answer.entries);
            let at = answer.upto.unwrap();
            if at.seq >= upto {
                return (entries, at);
            }
        }
    }
}

fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.position.as_ref().unwrap().seq).collect()
}

fn reason(status: &Status) -> (Code, String) {
    (status.code(), status.get_details_error_info().map(|info| info.reason).unwrap_or_default())
}

#[tokio::test]
async fn entries_come_from_where_the_reader_stands_and_go_on_as_they_are_committed() {
    let world = World::new().await;
    let (writer, _served, mut client) = served(&world).await;
    let here = organ("baoshan");
    submit_all(&writer, &here, (0..10).map(|n| requested(n, 1, Command::add(1, n)))).await;
    let mut stream = follow(&mut client, Vec::new(), &[]).await.unwrap();
    let (entries, at) = stream.read(&here, 10).await;
    assert_eq!(seqs(&entries), (1..=10).collect::<Vec<_>>());
    assert_eq!(entries[9].position.as_ref(), Some(&at));
    assert!(entries[0].prev_hash.iter().all(|byte| *byte == 0));
    for (before, entry) in entries.iter().zip(&entries[1..]) {
        assert_eq!(entry.prev_hash, before.position.as_ref().unwrap().hash, "chained");
    }
    submit_all(&writer, &here, (10..15).map(|n| asked(Command::add(1, n)))).await;
    submit_all(&writer, &organ("new"), [asked(Command::add(1, "new"))]).await;
    let (live, at) = stream.read(&here, 15).await;
    assert_eq!(seqs(&live), (11..=15).collect::<Vec<_>>());
    let (new, _) = stream.read(&organ("new"), 1).await;
    assert_eq!(seqs(&new), [1], "an organ that appears later is included");
    submit_all(&writer, &here, [asked(Command::add(1, 15))]).await;
    let mut again = follow(&mut client, vec![at], &[]).await.unwrap();
    assert_eq!(seqs(&again.read(&here, 16).await.0), [16]);
}

#[tokio::test]
async fn what_another_process_writes_comes_too() {
    let world = World::new().await;
    let (_writer, _served, mut client) = served(&world).await;
    let mut stream = follow(&mut client, Vec::new(), &[]).await.unwrap();
    submit_all(&world.intake().await, &organ("baoshan"), [asked(Command::add(1, "elsewhere"))]).await;
    assert_eq!(seqs(&stream.read(&organ("baoshan"), 1).await.0), [1]);
}

#[tokio::test]
async fn kinds_of_no_use_are_left_out_and_passed() {
    let world = World::new().await;
    let (writer, _served, mut client) = served(&world).await;
    let here = organ("baoshan");
    let does = |n: u32| if n.is_multiple_of(5) { Does::Add(1) } else { Does::Burst(40) };
    let commands = (0..50).map(|n| asked(Command::new(1, n, does(n))));
    submit_all(&writer, &here, commands).await;
    let mut stream = follow(&mut client, Vec::new(), &["added"]).await.unwrap();
    let last = 10 + 40 * 40;
    let (entries, at) = stream.read(&here, last).await;
    assert_eq!(entries.iter().map(|entry| entry.kind.as_str()).collect::<Vec<_>>(), ["added"; 10]);
    assert_eq!(at.seq, last, "the last entry is of no use, and passed");
    let heads = in_time(client.list_heads(ListHeadsRequest {})).await.unwrap().into_inner().heads;
    assert_eq!(heads, [at]);
}

#[tokio::test]
async fn many_entries_come_in_pages_without_a_gap() {
    let world = World::new().await;
    let (writer, _served, mut client) = served(&world).await;
    let here = organ("baoshan");
    submit_all(&writer, &here, (0..6).map(|n| asked(Command::new(1, n, Does::Burst(1_000))))).await;
    let mut stream = follow(&mut client, Vec::new(), &[]).await.unwrap();
    let (entries, _) = stream.read(&here, 6_000).await;
    assert_eq!(seqs(&entries), (1..=6_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_reader_who_knows_more_is_told_that_the_ledger_is_behind() {
    let world = World::new().await;
    let (writer, _served, mut client) = served(&world).await;
    let here = organ("baoshan");
    submit_all(&writer, &here, (0..3).map(|n| asked(Command::add(1, n)))).await;
    let mut stream = follow(&mut client, Vec::new(), &[]).await.unwrap();
    let (_, at) = stream.read(&here, 3).await;
    let ahead = WirePosition { seq: 4, ..at.clone() };
    let other_hash = WirePosition { hash: vec![1; 32].into(), ..at.clone() };
    let unknown = WirePosition { organ: "unknown".to_owned(), ..at.clone() };
    for known in [ahead, other_hash, unknown] {
        let refused = follow(&mut client, vec![known], &[]).await.err().unwrap();
        assert_eq!(reason(&refused), (Code::DataLoss, "LEDGER_BEHIND".to_owned()));
    }
    assert!(follow(&mut client, vec![at], &[]).await.is_ok());
}

#[tokio::test]
async fn a_malformed_position_is_refused() {
    let world = World::new().await;
    let (_writer, _served, mut client) = served(&world).await;
    let good = WirePosition { organ: "baoshan".to_owned(), epoch: 1, seq: 1, hash: vec![0; 32].into() };
    let no_organ = WirePosition { organ: "宝山".to_owned(), ..good.clone() };
    let short = WirePosition { hash: vec![0; 31].into(), ..good };
    for malformed in [no_organ, short] {
        let refused = follow(&mut client, vec![malformed], &[]).await.err().unwrap();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(refused.get_details_bad_request().unwrap().field_violations[0].field, "positions");
    }
}

#[tokio::test]
async fn streams_end_when_the_service_stops() {
    let world = World::new().await;
    let (_writer, served, mut client) = served(&world).await;
    let mut stream = follow(&mut client, Vec::new(), &[]).await.unwrap();
    let (ended, ()) = futures::join!(in_time(stream.stream.message()), served.stop());
    assert_eq!(ended.unwrap_err().code(), Code::Unavailable);
}
