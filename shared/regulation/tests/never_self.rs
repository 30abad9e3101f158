//! Whatever the facts and whatever the rules say: nobody investigates themselves.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::sync::LazyLock;

use proptest::prelude::*;
use regulation::{
    ComplaintFacts, HomeFacts, HomeLevel, Rank, Regulation, RespondentFacts, RespondentKind, Route,
    RouteFacts, Target,
};

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");

static BAOSHAN: LazyLock<Regulation> = LazyLock::new(|| Regulation::parse(SOURCE, "baoshan.toml").unwrap());
static STUBBORN: LazyLock<Regulation> = LazyLock::new(stubborn);

fn respondent() -> impl Strategy<Value = RespondentFacts> {
    let kind = prop::sample::select(RespondentKind::ALL);
    let rank = prop::sample::select(Rank::ALL);
    (kind, rank, any::<[bool; 5]>()).prop_map(|(kind, rank, [head, managing, own, home, centre])| {
        RespondentFacts {
            kind,
            rank,
            is_head: head,
            has_managing_organ: managing,
            managing_organ_is_own: own,
            organ_is_home: home,
            organ_is_centre: centre,
        }
    })
}

fn facts() -> impl Strategy<Value = RouteFacts> {
    let level = prop::sample::select(HomeLevel::ALL);
    (prop::collection::vec(respondent(), 1..4), level, any::<[bool; 5]>()).prop_map(
        |(respondents, level, flags)| {
            let mut complaint = ComplaintFacts::complete("visit", "citizen");
            [
                complaint.leader_instruction,
                complaint.serious_harm,
                complaint.adverse_impact,
                complaint.special,
                complaint.complex,
            ] = flags;
            RouteFacts { complaint, respondents, home: HomeFacts { level } }
        },
    )
}

/// The target is the respondent's very own organ.
fn is_own(route: &Route<'_>, index: usize, respondent: &RespondentFacts) -> bool {
    match route.target {
        Target::Centre => respondent.organ_is_centre,
        // The managing organ meant is that of the respondent who decided.
        Target::ManagingOrgan => route.lead == index && respondent.managing_organ_is_own,
        Target::Home => respondent.organ_is_home,
        Target::Superior => false,
    }
}

/// A file whose every rule says that the case stays where it is.
fn stubborn() -> Regulation {
    let source = ["centre", "managing_organ", "superior"].iter().fold(SOURCE.to_owned(), |source, target| {
        source.replace(&format!("target = \"{target}\"\nhandling"), "target = \"home\"\nhandling")
    });
    Regulation::parse(&source, "stubborn.toml").unwrap()
}

proptest! {
    #[test]
    fn a_case_never_goes_to_the_organ_of_its_own_head(facts in facts()) {
        for regulation in [&*BAOSHAN, &*STUBBORN] {
            let route = regulation.route(&facts).unwrap();
            for route in std::iter::once(&route).chain(&route.alternatives) {
                for (index, respondent) in facts.respondents.iter().enumerate() {
                    let organ_or_head =
                        respondent.is_head || respondent.kind == RespondentKind::AdministrativeOrgan;
                    prop_assert!(!organ_or_head || !is_own(route, index, respondent), "{route:?}");
                }
            }
        }
    }

    #[test]
    fn the_lead_has_the_highest_rank(facts in facts()) {
        let (_, lead) = facts.lead().unwrap();
        let person = |respondent: &&RespondentFacts| respondent.kind == RespondentKind::Person;
        let highest = facts.respondents.iter().filter(person).map(|other| other.rank).min();
        prop_assert!(!person(&lead) || Some(lead.rank) == highest, "{:?}", lead);
    }
}

#[test]
fn without_a_respondent_there_is_no_route() {
    let complaint = ComplaintFacts::complete("visit", "citizen");
    let facts =
        RouteFacts { complaint, respondents: Vec::new(), home: HomeFacts { level: HomeLevel::Centre } };
    assert_eq!(BAOSHAN.route(&facts), Err(regulation::NoRoute::NoRespondent));
}
