//! Many complaints at once: each in once, whatever breaks.

use std::collections::BTreeMap;
use std::time::Duration;

use access::{Principal, Role};
use duban::client::Endpoint;
use duban::client::submit::{Item, Outcome, Settings, Tally, Unusable, submit};
use duban::place::Service;
use duban::samples;
use duban::testing::{TestInstance, TestSettings};

const SETTINGS: Settings = Settings { in_flight: 32, patience: Duration::from_secs(30) };

async fn instance() -> TestInstance {
    TestInstance::start(TestSettings::new().unwrap()).await.unwrap()
}

async fn desk(instance: &TestInstance) -> Endpoint {
    let desk = Principal::new("desk", "baoshan", [Role::Desk]);
    instance.call(Service::Intake, &desk).await.unwrap()
}

fn items(text: &str) -> Vec<Result<Item, Unusable>> {
    let item = |(index, text): (usize, &str)| {
        let line = index + 1;
        samples::requests_of(text, line, "baoshan")
            .map(|request| Item { line, request })
            .map_err(|error| Unusable { line, why: error.to_string() })
    };
    text.lines().enumerate().map(item).collect()
}

/// Submits, and gives what came out by line.
async fn outcomes(intake: Endpoint, items: Vec<Result<Item, Unusable>>) -> (Tally, BTreeMap<usize, Outcome>) {
    let mut heard = BTreeMap::new();
    let mut tell = |outcome: &Outcome| {
        let (Outcome::Received { line, .. } | Outcome::Rejected { line, .. }) = outcome;
        assert!(heard.insert(*line, outcome.clone()).is_none(), "line {line} is answered twice");
    };
    let tally = submit(intake, items.into_iter(), SETTINGS, &mut tell).await.unwrap();
    (tally, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_are_all_received_and_a_second_time_are_the_same_cases() {
    let instance = instance().await;
    let (tally, first) = outcomes(desk(&instance).await, items(samples::COMPLAINTS)).await;
    let rejected: Vec<_> = first.values().filter(|one| matches!(one, Outcome::Rejected { .. })).collect();
    assert_eq!((tally.received, tally.rejected), (142, 0), "{rejected:?}");
    let (_, second) = outcomes(desk(&instance).await, items(samples::COMPLAINTS)).await;
    assert_eq!(first, second);
    instance.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_wrong_concerns_itself_alone() {
    let instance = instance().await;
    let good = samples::COMPLAINTS.lines().next().unwrap();
    let other = samples::COMPLAINTS.lines().nth(1).unwrap().replacen(
        "\"channel\":\"visit\"",
        "\"channel\":\"pigeon\"",
        1,
    );
    let text = format!("{good}\n{{\"channel\": 7}}\n{good}\n{other}\n");
    let (tally, heard) = outcomes(desk(&instance).await, items(&text)).await;
    assert_eq!((tally.received, tally.rejected), (1, 3));
    let reason = |line: usize| match heard.get(&line) {
        Some(Outcome::Rejected { rejection, .. }) => rejection.reason.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((reason(2), reason(3), reason(4)), ("LINE".into(), "LINE".into(), "FIELD_VIOLATIONS".into()));
    instance.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_the_middle_loses_nothing_and_doubles_nothing() {
    let mut instance = instance().await;
    let all = items(samples::COMPLAINTS);
    let some: Vec<_> = items(samples::COMPLAINTS).into_iter().take(60).collect();
    let (_, before) = outcomes(desk(&instance).await, some).await;
    instance.restart().await.unwrap();
    let (tally, after) = outcomes(desk(&instance).await, all).await;
    assert_eq!(tally.received, 142);
    assert!(before.iter().all(|(line, outcome)| after.get(line) == Some(outcome)));
    instance.stop().await.unwrap();
}
