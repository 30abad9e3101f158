//! Whatever happens in whatever order, a ledger is what the model says: gapless, chained, each command once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use jiff::SignedDuration;
use ledger::{Organ, Position, Submission, SubmitError, TurnedClock, Writer, WriterSettings};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sqlx::PgPool;

use crate::support::{
    Answer, At, Command, Does, How, Intake, Proxy, Told, World, in_time, organ, requested, sound, writer_with,
};

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// These are submitted at once, each to one of two writers and one of two organs.
    Submit(Vec<Ask>),
    /// The connections of one writer are to be cut.
    Cut(usize, At, How),
    /// The clock is turned, forward or back, by so many seconds.
    Turn(i64),
}

/// A request: what is asked depends on `request` and `variant` alone, as it does with a client that tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ask {
    writer: usize,
    organ: usize,
    request: u8,
    variant: u8,
}

impl Ask {
    fn submission(self, organs: &[Organ; 2]) -> Submission<Command> {
        let Self { organ, request, variant, .. } = self;
        let does = match (request % 8, variant) {
            (0, 0) => Does::Burst(3),
            (1, 0) => Does::Send(organs[1 - organ].clone()),
            (2, 0) => Does::Reject,
            (3, 0) => Does::Violate,
            (4, 0) => Does::Panic,
            (5, 0) => Does::PanicLate,
            (_, variant) => Does::Add(i64::from(variant) + 1),
        };
        let command = Command::new((request % 5).into(), format!("{request}/{variant}"), does);
        requested(request.into(), variant, command)
    }
}

fn step() -> impl Strategy<Value = Step> {
    let ask = (0..2_usize, 0..2_usize, 0..24_u8, prop_oneof![9 => Just(0_u8), 1 => Just(1_u8)])
        .prop_map(|(writer, organ, request, variant)| Ask { writer, organ, request, variant });
    let at = prop_oneof![3 => (0..60_u32).prop_map(At::Message), 1 => Just(At::Commit)];
    let how = prop_oneof![Just(How::Before), Just(How::After)];
    prop_oneof![
        6 => prop::collection::vec(ask, 1..12).prop_map(Step::Submit),
        3 => (0..2_usize, at, how).prop_map(|(writer, at, how)| Step::Cut(writer, at, how)),
        1 => (-100..100_i64).prop_map(Step::Turn),
    ]
}

/// What has to be so.
#[derive(Default)]
struct Model {
    /// What was acknowledged for each request of an organ: variant, place, answer.
    acknowledged: BTreeMap<(usize, u8), (u8, Position, Answer)>,
    /// What may or may not be there.
    open: BTreeSet<Ask>,
    /// The highest number that was acknowledged to each organ's clients.
    highest: [u64; 2],
}

impl Model {
    fn take(&mut self, asked: &[(Ask, Told)]) {
        let before = self.highest;
        for (ask, told) in asked {
            let key = (ask.organ, ask.request);
            match told {
                Ok(committed) => {
                    let said = (ask.variant, committed.position, committed.answer.clone());
                    let known = self.acknowledged.entry(key).or_insert_with(|| said.clone());
                    assert_eq!(*known, said, "{ask:?} is told what was told before");
                    if !committed.replayed {
                        assert!(
                            committed.position.seq > before[ask.organ],
                            "{ask:?} comes after what was there"
                        );
                    }
                    let highest = &mut self.highest[ask.organ];
                    *highest = committed.position.seq.max(*highest);
                }
                Err(SubmitError::RequestReused) => {
                    let other =
                        self.acknowledged.get(&key).is_some_and(|(variant, ..)| *variant != ask.variant);
                    let at_once = |of: &Ask| (of.organ, of.request) == key && of.variant != ask.variant;
                    let may_be = self.open.iter().chain(asked.iter().map(|(ask, _)| ask)).any(at_once);
                    assert!(other || may_be, "{ask:?} was not asked before");
                }
                Err(SubmitError::Rejected(_)) => assert_eq!((ask.request % 8, ask.variant), (2, 0)),
                Err(SubmitError::Refused(_)) => assert_eq!((ask.request % 8, ask.variant), (3, 0)),
                Err(SubmitError::Panicked) => {
                    assert!(matches!((ask.request % 8, ask.variant), (4 | 5, 0)), "{ask:?}");
                }
                Err(SubmitError::Unavailable(_) | SubmitError::OutcomeUnknown) => {
                    self.open.insert(*ask);
                }
                Err(SubmitError::Overloaded { .. } | SubmitError::Stopped) => panic!("{ask:?}: {told:?}"),
            }
        }
    }

    /// What is in the table is what was acknowledged.
    async fn check(&self, pool: &PgPool, organs: &[Organ; 2]) {
        for (organ, code) in organs.iter().enumerate() {
            let stored: BTreeMap<u128, i64> = sound(pool, code)
                .await
                .into_iter()
                .filter_map(|entry| Some((entry.request?.as_u128(), entry.seq)))
                .collect();
            let of_organ = self.acknowledged.iter().filter(|((of, _), _)| *of == organ);
            let told: BTreeMap<u128, i64> = of_organ
                .map(|((_, request), (_, position, _))| (u128::from(*request), position.seq.cast_signed()))
                .collect();
            assert_eq!(stored, told, "{code}");
        }
    }
}

/// Two writers of the same ledgers, each behind a proxy.
struct Stage {
    pool: PgPool,
    proxies: [Proxy; 2],
    writers: [Writer<Intake>; 2],
    clock: Arc<TurnedClock>,
}

impl Stage {
    async fn new(world: &World) -> Self {
        let clock = Arc::new(TurnedClock::standing("2026-03-02T01:00:00Z".parse().unwrap()));
        let settings = WriterSettings { resolve_within: Duration::from_secs(2), ..WriterSettings::default() };
        let proxies = [world.proxy(), world.proxy()];
        let one = world.pool_through(&proxies[0], "intake").await;
        let two = world.pool_through(&proxies[1], "intake").await;
        let writers = [one, two].map(|pool| writer_with(pool, clock.clone(), settings.clone()));
        Self { pool: world.pool("intake").await, proxies, writers, clock }
    }

    async fn play(&self, organs: [Organ; 2], steps: Vec<Step>) {
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Submit(asks) => self.submit(&mut model, &organs, asks).await,
                Step::Cut(writer, at, how) => self.proxies[writer].cut(at, how),
                Step::Turn(by) => self.clock.advance(SignedDuration::from_secs(by)),
            }
        }
        self.proxies.iter().for_each(Proxy::heal);
        // Clients try again until they know.
        while !model.open.is_empty() {
            let open = std::mem::take(&mut model.open).into_iter().collect();
            self.submit(&mut model, &organs, open).await;
        }
        model.check(&self.pool, &organs).await;
    }

    async fn submit(&self, model: &mut Model, organs: &[Organ; 2], asks: Vec<Ask>) {
        let submit = |ask: Ask| async move {
            let told = self.writers[ask.writer].submit(&organs[ask.organ], ask.submission(organs)).await;
            (ask, told)
        };
        let told = in_time(futures::future::join_all(asks.into_iter().map(submit))).await;
        model.take(&told);
    }
}

#[test]
fn any_interleaving_of_commands_retries_cuts_and_writers() {
    static CASES: AtomicU32 = AtomicU32::new(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    let stage = runtime.block_on(Stage::new(&world));
    let config = Config {
        cases: 64,
        max_shrink_iters: 200,
        max_shrink_time: 20_000,
        failure_persistence: None,
        ..Config::default()
    };
    let steps = prop::collection::vec(step(), 1..24);
    let played = TestRunner::new(config).run(&steps, |steps| {
        let case = CASES.fetch_add(1, Ordering::Relaxed);
        let organs = ["a", "b"].map(|name| organ(&format!("case-{case}.{name}")));
        runtime.block_on(stage.play(organs, steps));
        stage.proxies.iter().for_each(Proxy::heal);
        Ok(())
    });
    if let Err(failure) = played {
        panic!("{failure}");
    }
}
