//! The demo plays to its end, and no service refuses a step of it.

use std::sync::Arc;

use calendar::Calendar;
use directory::Directory;
use duban::client::Target;
use duban::demo::{self, Cast};
use duban::place::Service;
use duban::testing::{TestInstance, TestSettings};
use ledger::Clock as _;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_plays_without_a_step_refused() {
    let calendar = Arc::new(Calendar::bundled().unwrap());
    let period = demo::period("2026-04-20T02:00:00Z".parse().unwrap(), Arc::clone(&calendar));
    let settings = TestSettings::new().unwrap().start(period.start);
    let directory = Directory::new(settings.organs.clone());
    let instance = TestInstance::start(settings).await.unwrap();
    let places = instance.places();
    let to = async |service| Target::new(places.url(service)).channel().await.unwrap();
    let channels = [to(Service::Intake).await, to(Service::Routing).await, to(Service::Supervision).await];
    let cast = Cast::new(channels, instance.key().clone(), period.start);
    let clock = Arc::clone(instance.clock());
    let played = demo::play(cast, clock, &directory, calendar, period, &|_| {}).await.unwrap();
    let refused: Vec<_> =
        played.refused.iter().map(|one| format!("line {} {}: {}", one.line, one.step, one.fault)).collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert_eq!(played.complaints, 142);
    assert_eq!(instance.clock().now(), period.end);
    instance.stop().await.unwrap();
}
