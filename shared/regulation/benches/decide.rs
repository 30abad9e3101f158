//! What one decision costs: `admit`, `route`, and the deadline of one complaint. Prints nanoseconds a decision, and fails where all
//! three together take longer than they may.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use calendar::Calendar;
use jiff::Timestamp;
use regulation::{
    CaseFacts, ComplaintFacts, HomeFacts, HomeLevel, Rank, Regulation, RespondentFacts, RouteFacts, Stage,
};

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
const ROUNDS: u32 = 100_000;
/// The most that a decision may take, in nanoseconds.
const MOST: u128 = 20_000;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let regulation = Regulation::parse(SOURCE, "baoshan-2009-5.toml")?;
    let calendar = Calendar::bundled()?;
    let start: Timestamp = "2026-02-10T15:00:00+08:00".parse()?;
    let mut complaint = ComplaintFacts::complete("call", "citizen");
    complaint.grounds = vec!["8.2".to_owned(), "8.4".to_owned()];
    // Section level: all the rules before the one that decides are tried.
    let respondents = vec![RespondentFacts::person(Rank::Section)];
    let facts = RouteFacts { complaint, respondents, home: HomeFacts { level: HomeLevel::Centre } };
    let case = CaseFacts::default();
    let measure = |name: &str, decide: &dyn Fn()| {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            decide();
        }
        let each = start.elapsed().as_nanos() / u128::from(ROUNDS);
        println!("{name:>8}: {each:>6} ns");
        each
    };
    let admit = || drop(black_box(regulation.admit(black_box(&facts.complaint))));
    let route = || drop(black_box(regulation.route(black_box(&facts))));
    let deadline = || {
        let limit = regulation.limit_for(Stage::Case, black_box(&facts.complaint), &case);
        black_box(limit.map(|limit| calendar.due(black_box(start), limit.length, regulation.counting())));
    };
    measure("admit", &admit);
    measure("route", &route);
    measure("deadline", &deadline);
    let all = measure("decision", &|| {
        admit();
        route();
        deadline();
    });
    if all > MOST {
        eprintln!("a decision takes {all} ns; expected at most {MOST}");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
