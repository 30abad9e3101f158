//! What an auditor finds: an edited, missing, reordered or cut-off entry, a spoilt projection.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use ledger::{
    Organ, Service, SystemClock, TurnedClock, Writer, WriterSettings,
    checkpoint::{self, Checkpoint, checkpoint},
    rebuild::{Mode, RebuildError, Rebuilt, organs, rebuild},
    verify::{Fault, Wrong, verify},
};
use sqlx::{AssertSqlSafe, PgPool};

use crate::support::{
    Command, Counters, Does, Intake, Routing, World, asked, organ, requested, sound, submit_all, writer_with,
};

/// Two ledgers of the same organ at the same time, in intake and routing: alike to the hash, but for one entry's tag.
struct Twins {
    intake: Writer<Intake>,
    routing: Writer<Routing>,
    clock: Arc<TurnedClock>,
    spoiler: PgPool,
    here: Organ,
}

/// The entry in which the ledgers differ.
const OTHER: u32 = 5;

impl Twins {
    async fn new(world: &World) -> Self {
        let clock = Arc::new(TurnedClock::standing("2026-03-02T01:00:00Z".parse().unwrap()));
        let here = organ("baoshan");
        let intake = twin(world.pool("intake").await, &clock, &here, "5").await;
        let routing = twin(world.pool("routing").await, &clock, &here, "five").await;
        Self { intake, routing, clock, spoiler: world.spoiler().await, here }
    }

    async fn spoil(&self, how: &str) {
        sqlx::raw_sql(AssertSqlSafe(how)).execute(&self.spoiler).await.expect(how);
    }

    async fn fault(&self) -> Option<Fault> {
        let verified = verify(self.intake.pool(), Some(&self.here)).await.unwrap();
        assert_eq!(verified[0].organ, self.here);
        verified[0].fault.clone()
    }

    async fn finds(&self, seq: u64, what: Wrong) {
        assert_eq!(self.fault().await, Some(Fault { seq, what }));
    }

    /// Puts intake's entries with these numbers where they are not, from routing.
    async fn forge(&self, numbers: &str) {
        self.spoil(&format!(
            "delete from entry where seq {numbers}; insert into entry select * from routing.entry where seq {numbers}"
        ))
        .await;
    }
}

async fn twin<const SERVICE: u8>(
    pool: PgPool,
    clock: &Arc<TurnedClock>,
    here: &Organ,
    fifth: &str,
) -> Writer<Counters<SERVICE>> {
    let writer = writer_with(pool, clock.clone(), WriterSettings::default());
    let commands = (1..=10_u32).map(|n| {
        let does = if n % 3 == 0 { Does::Send(organ("elsewhere")) } else { Does::Add(1) };
        let tag = if n == OTHER { fifth.to_owned() } else { n.to_string() };
        requested(n.into(), 1, Command::new(1, tag, does))
    });
    assert!(submit_all(&writer, here, commands).await.iter().all(Result::is_ok));
    assert_eq!(sound(writer.pool(), here).await.len(), 10);
    writer
}

#[tokio::test]
async fn an_entry_that_was_edited_in_any_column_is_named() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select column_name::text, data_type::text from information_schema.columns \
         where table_schema = 'intake' and table_name = 'entry' \
         and column_name not in ('organ', 'seq', 'prev_hash', 'hash') and column_name not like 'cause_%'",
    )
    .fetch_all(&twins.spoiler)
    .await
    .unwrap();
    assert_eq!(columns.len(), 12);
    for (column, kind) in columns {
        let other = match kind.as_str() {
            "bytea" => format!("set_byte({column}, 0, get_byte({column}, 0) # 1)"),
            "uuid" => "'00000000-0000-0000-0000-0000000000ff'".to_owned(),
            "text" => format!("{column} || 'x'"),
            _ => format!("{column} + 100"),
        };
        twins
            .spoil(&format!(
                "create table kept as select * from entry; update entry set {column} = {other} where seq = 6"
            ))
            .await;
        assert_eq!(twins.fault().await, Some(Fault { seq: 6, what: Wrong::Edited }), "{column}");
        twins.spoil("delete from entry; insert into entry select * from kept; drop table kept").await;
    }
    assert_eq!(twins.fault().await, None);
    let because = "update entry set (cause_service, cause_organ, cause_epoch, cause_seq) = (2, 'baoshan', 1, 1) where seq = 6";
    twins.spoil(because).await;
    twins.finds(6, Wrong::Edited).await;
}

#[tokio::test]
async fn a_missing_entry_is_named() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    twins.spoil("delete from entry where seq = 4").await;
    twins.finds(4, Wrong::Missing).await;
    twins.spoil("delete from entry where seq = 1").await;
    twins.finds(1, Wrong::Missing).await;
}

#[tokio::test]
async fn entries_that_changed_places_are_named() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    twins
        .spoil("update entry set seq = 99 where seq = 4; update entry set seq = 4 where seq = 5; update entry set seq = 5 where seq = 99")
        .await;
    twins.finds(4, Wrong::Edited).await;
}

#[tokio::test]
async fn an_entry_forged_with_a_hash_of_its_own_is_found_by_the_next() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    twins.forge("= 5").await;
    twins.finds(6, Wrong::Unchained).await;
}

#[tokio::test]
async fn a_forged_end_is_found_by_the_head() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    twins.forge(">= 5").await;
    twins.finds(10, Wrong::Head).await;
}

#[tokio::test]
async fn a_head_that_does_not_stand_at_the_end_is_found() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    twins.spoil("delete from entry where seq > 7").await;
    twins.finds(8, Wrong::Missing).await;
    twins.spoil("update head set (seq, hash) = (select seq, hash from entry where seq = 5)").await;
    twins.finds(7, Wrong::Head).await;
    twins.spoil("update head set (seq, hash) = (select seq, hash from entry where seq = 7)").await;
    assert_eq!(twins.fault().await, None, "a consistent cut is found by a checkpoint alone");
}

#[tokio::test]
async fn an_entry_in_the_wrong_place_of_its_mailbox_is_named() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    twins.spoil("update mailbox set seq = seq + 1").await;
    submit_all(&twins.intake, &twins.here, [asked(Command::new(1, "gap", Does::Send(organ("elsewhere"))))])
        .await;
    twins.finds(11, Wrong::Mailbox).await;
}

#[tokio::test]
async fn an_entry_from_before_the_one_before_it_is_named() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    twins.spoil("update head set recorded_at = 0").await;
    twins.clock.set("2026-03-01T01:00:00Z".parse().unwrap());
    submit_all(&twins.intake, &twins.here, [asked(Command::add(1, "early"))]).await;
    twins.finds(11, Wrong::Time).await;
}

#[tokio::test]
async fn each_organ_is_verified_and_one_that_is_spoilt_is_named() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    submit_all(&twins.intake, &organ("another"), (0..2_500).map(|n| asked(Command::add(1, n)))).await;
    twins.spoil("update entry set actor = 'somebody' where organ = 'another' and seq = 2345").await;
    let verified = verify(twins.intake.pool(), None).await.unwrap();
    let found: Vec<_> =
        verified.iter().map(|of| (of.organ.as_str(), of.upto.seq, of.fault.as_ref())).collect();
    let fault = Fault { seq: 2_345, what: Wrong::Edited };
    assert_eq!(found, [("another", 2_344, Some(&fault)), ("baoshan", 10, None)]);
}

/// A checkpoint of now, written and read again.
async fn signed(twins: &Twins) -> Vec<Checkpoint> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let taken =
        checkpoint(twins.intake.pool(), Service::Intake, &SystemClock::default(), &key).await.unwrap();
    let lines: Vec<String> = taken.iter().map(|line| serde_json::to_string(line).unwrap()).collect();
    let read = checkpoint::read(&lines.join("\n"), &key.verifying_key()).unwrap();
    assert_eq!(read, taken);
    read
}

async fn compared(twins: &Twins, checkpoints: &[Checkpoint]) -> Vec<(String, Fault)> {
    let faults = checkpoint::compare(twins.intake.pool(), Service::Intake, checkpoints).await.unwrap();
    faults.into_iter().map(|(organ, fault)| (organ.to_string(), fault)).collect()
}

#[tokio::test]
async fn a_cut_off_end_is_found_by_a_checkpoint() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    let checkpoints = signed(&twins).await;
    submit_all(&twins.intake, &twins.here, [asked(Command::add(1, "later"))]).await;
    assert_eq!(compared(&twins, &checkpoints).await, [], "a ledger that goes on is as it was signed");
    twins.spoil("delete from entry where seq > 8; update head set (seq, hash) = (select seq, hash from entry where seq = 8)").await;
    assert_eq!(twins.fault().await, None);
    let cut = Fault { seq: 10, what: Wrong::Missing };
    assert_eq!(compared(&twins, &checkpoints).await, [("baoshan".to_owned(), cut)]);
}

#[tokio::test]
async fn a_ledger_written_anew_is_found_by_a_checkpoint() {
    let world = World::new().await;
    let twins = Twins::new(&world).await;
    let checkpoints = signed(&twins).await;
    twins.forge(">= 5").await;
    twins.spoil("update head set hash = (select hash from entry where seq = 10)").await;
    assert_eq!(twins.fault().await, None, "it is sound in itself");
    let other = Fault { seq: 10, what: Wrong::Checkpoint };
    assert_eq!(compared(&twins, &checkpoints).await, [("baoshan".to_owned(), other)]);
    let of_routing = checkpoint::compare(twins.routing.pool(), Service::Routing, &checkpoints).await.unwrap();
    assert_eq!(of_routing, [], "the other service's are not its concern");
}

/// A ledger of more than one page, with something of everything.
async fn long(world: &World) -> (Writer<Intake>, Organ) {
    let (writer, here) = (world.intake().await, organ("baoshan"));
    let what = |n: u32| match n % 4 {
        0 => Does::Burst(30),
        1 => Does::Send(organ("elsewhere")),
        2 => Does::Add(i64::from(n)),
        _ => Does::Reject,
    };
    submit_all(&writer, &here, (0..200).map(|n| asked(Command::new((n % 11).into(), n, what(n))))).await;
    assert_eq!(sound(writer.pool(), &here).await.len(), 1_600);
    submit_all(&writer, &organ("another"), [asked(Command::add(1, "beside"))]).await;
    (writer, here)
}

async fn rebuilt(writer: &Writer<Intake>, here: &Organ, mode: Mode) -> Rebuilt {
    let mut rebuilt = rebuild(writer, here, mode).await.unwrap();
    assert_eq!((rebuilt.len(), rebuilt[0].table), (1, "counter"));
    rebuilt.remove(0)
}

#[tokio::test]
async fn a_projection_made_again_is_the_same() {
    let world = World::new().await;
    let (writer, here) = long(&world).await;
    assert_eq!(organs(&writer).await.unwrap(), [organ("another"), here.clone()]);
    for mode in [Mode::Check, Mode::Replace] {
        let rebuilt = rebuilt(&writer, &here, mode).await;
        assert_eq!((rebuilt.rows_before, rebuilt.rows_after, rebuilt.same), (11, 11, true));
        sound(writer.pool(), &here).await;
        sound(writer.pool(), &organ("another")).await;
    }
}

#[tokio::test]
async fn a_spoilt_projection_is_found_and_made_again() {
    let world = World::new().await;
    let (writer, here) = long(&world).await;
    let spoils = [
        (
            "update counter set total = total + 1 where case_id = '00000000-0000-0000-0000-000000000001' and organ = 'baoshan'",
            11,
        ),
        (
            "delete from counter where case_id = '00000000-0000-0000-0000-000000000002' and organ = 'baoshan'",
            10,
        ),
        (
            "insert into counter values ('baoshan', '00000000-0000-0000-0000-0000000000ff', 1, 1, 'nobody', 0)",
            12,
        ),
    ];
    for (spoil, rows) in spoils {
        let spoilt = sqlx::query(spoil).execute(writer.pool()).await.unwrap();
        assert_eq!(spoilt.rows_affected(), 1);
        for mode in [Mode::Check, Mode::Check, Mode::Replace] {
            let rebuilt = rebuilt(&writer, &here, mode).await;
            assert_eq!(
                (rebuilt.rows_before, rebuilt.rows_after, rebuilt.same),
                (rows, 11, false),
                "{mode:?}: {spoil}"
            );
        }
        assert!(rebuilt(&writer, &here, Mode::Check).await.same);
        sound(writer.pool(), &here).await;
    }
}

#[tokio::test]
async fn what_cannot_be_made_again_is_left_as_it_is() {
    let world = World::new().await;
    let (writer, here) = long(&world).await;
    let nowhere = rebuild(&writer, &organ("nowhere"), Mode::Replace).await;
    assert!(matches!(nowhere, Err(RebuildError::NoLedger(_))), "{nowhere:?}");
    let spoiler = world.spoiler().await;
    sqlx::query("update entry set body = '\\xff' where organ = 'baoshan' and seq = 1234")
        .execute(&spoiler)
        .await
        .unwrap();
    let unreadable = rebuild(&writer, &here, Mode::Replace).await;
    assert!(matches!(unreadable, Err(RebuildError::Unreadable { seq: 1_234, .. })), "{unreadable:?}");
    let rows: i64 = sqlx::query_scalar("select count(*) from counter where organ = 'baoshan'")
        .fetch_one(&spoiler)
        .await
        .unwrap();
    assert_eq!(rows, 11);
    // The lock is free again.
    assert!(submit_all(&writer, &here, [asked(Command::add(1, "after"))]).await[0].is_ok());
}
