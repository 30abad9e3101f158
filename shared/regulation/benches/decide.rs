//! What one decision costs: `admit`, `route` and `limit` for one complaint. Prints nanoseconds a decision.

use std::hint::black_box;
use std::time::Instant;

use regulation::{
    ComplaintFacts, Faults, HomeFacts, HomeLevel, Rank, Regulation, RespondentFacts, RouteFacts, Stage,
};

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
const ROUNDS: u32 = 100_000;

fn main() -> Result<(), Faults> {
    let regulation = Regulation::parse(SOURCE, "baoshan-2009-5.toml")?;
    let mut complaint = ComplaintFacts::complete("call", "citizen");
    complaint.grounds = vec!["8.2".to_owned(), "8.4".to_owned()];
    // Section level: all the rules before the one that decides are tried.
    let respondents = vec![RespondentFacts::person(Rank::Section)];
    let facts = RouteFacts { complaint, respondents, home: HomeFacts { level: HomeLevel::Centre } };
    let measure = |name: &str, decide: &dyn Fn()| {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            decide();
        }
        println!("{name:>8}: {:>6} ns", start.elapsed().as_nanos() / u128::from(ROUNDS));
    };
    let admit = || drop(black_box(regulation.admit(black_box(&facts.complaint))));
    let route = || drop(black_box(regulation.route(black_box(&facts))));
    measure("admit", &admit);
    measure("route", &route);
    measure("decision", &|| {
        admit();
        route();
        black_box(regulation.limit(Stage::Case));
    });
    Ok(())
}
