//! Five organs on two levels in any order (issue 4): routes, returns, recalls, takeovers of terms and of homes, designations,
//! withdrawals, corrections, reopenings, and organs that are closed, homes and holders too; with mail that comes late, twice and
//! crossing. At each moment at most one organ numbers the terms, and in quiet exactly one; there exactly one organ is
//! responsible; every view is the home's; no case is stuck; none of what was done gets lost; and no clock starts again.
//!
//! Known gaps, which the model leaves out. What is told to an organ that does not know the case or the term is remembered nowhere;
//! told once more when it knows them, it is taken for news (a takeover that was refused is answered anew). That a case was filed
//! does not say of which round: told once more after the case was opened again, it files that, too. A question of
//! competence that a home before passes on twice, over two homes, may be void at the last. A correction that comes on the way of
//! the home may miss who holds the case, so none comes once a takeover was asked for or the home moved. And the last sub-centre is
//! not closed: if the organ complained about has come to the centre by then, nobody in the system may have the case.
//!
//! Nor does a home that moved for one reason (taken over, closed, reported up) move for another, or open the case again: a home before
//! may hear of the second late or not at all.
//!
//! 1,500 sequences of up to 90 steps, the same each time, so that what is said above of the rest fails nobody's change; others, and
//! more, by `PROPTEST_CASES=100000`.

mod people;
mod world;

use duban_proto::common::v1::{Action, CaseFacts, CaseState, Rank, RespondentKind, Weight};
use duban_proto::routing::v1::{TermState, VoidAct};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use routing::domain::{Act, Case, GiveBack, Handshake, Rejection, Tenure};

use crate::support::{
    CENTRE, INVESTIGATORS, LEADER, OTHER, TOWN, about, about_a_clerk, appointment, person, sealed,
    submission, whole, working_copy,
};
use world::{BRANCH, Did, ORGANS, World};

/// As many as anybody's change is tried with.
const SEQUENCES: u32 = 1500;

/// The same sequences each time, but where more are asked for.
fn seed() -> RngSeed {
    let given = ProptestConfig::default();
    if given.cases > SEQUENCES { given.rng_seed } else { RngSeed::Fixed(2009) }
}

/// What happens next; the numbers choose among what is possible then.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody does what the case allows.
    Does { which: usize, how: usize },
    /// Something that is on its way arrives.
    Arrives { which: usize },
    /// Something that arrived before arrives again.
    ArrivesAgain { which: usize },
    /// Hours go by: limits run out.
    TimeGoesBy { hours: i64 },
    /// The complainant withdraws; the centre may go on.
    Withdrawn { goes_on: bool },
    /// The complainant has the result.
    Replied,
    /// The facts are corrected where the case was registered.
    Corrected { complex: bool },
    /// The masks are confirmed, where they were not.
    Masked,
    /// An organ is closed, and another takes its place.
    Closes { closed: usize, into: usize },
    /// The worker looks at an organ's ledger.
    Follows { which: usize },
    /// An organ asks one below for the case, whatever it knows of it.
    AsksForIt { above: usize, below: usize, how: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        24 => (any::<usize>(), 0..1000_usize).prop_map(|(which, how)| Step::Does { which, how }),
        16 => any::<usize>().prop_map(|which| Step::Arrives { which }),
        6 => any::<usize>().prop_map(|which| Step::ArrivesAgain { which }),
        3 => (1..60_i64).prop_map(|hours| Step::TimeGoesBy { hours }),
        1 => any::<bool>().prop_map(|goes_on| Step::Withdrawn { goes_on }),
        1 => Just(Step::Replied),
        1 => any::<bool>().prop_map(|complex| Step::Corrected { complex }),
        1 => Just(Step::Masked),
        1 => (1..5_usize, 0..5_usize).prop_map(|(closed, into)| Step::Closes { closed, into }),
        3 => (0..5_usize).prop_map(|which| Step::Follows { which }),
        1 => (0..2_usize, 0..5_usize, any::<usize>())
            .prop_map(|(above, below, how)| Step::AsksForIt { above, below, how }),
    ]
}

/// Cases that the rules send down, keep, send up, and have nobody for.
fn facts() -> impl Strategy<Value = CaseFacts> {
    let registered = prop_oneof![2 => Just(CENTRE), 2 => Just(TOWN), 1 => Just(OTHER), 1 => Just(BRANCH)];
    (registered, 0..5_u8).prop_map(|(registering, kind)| match kind {
        0 | 1 => about_a_clerk(registering),
        2 => about(registering, whole(OTHER)),
        3 => about(registering, person(TOWN, Rank::Section, true)),
        _ => about(registering, person(CENTRE, Rank::Division, true)),
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(SEQUENCES),
        rng_seed: seed(),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn art_6_2_one_organ_is_responsible_whatever_happens(
        facts in facts(),
        masked in prop::bool::weighted(0.8),
        steps in prop::collection::vec(step(), 0..90),
    ) {
        let mut world = World::new(facts.clone(), masked);
        let mut seen = Seen::default();
        for step in steps {
            happens(&mut world, &step, &facts);
            seen.still_holds(&world, &facts);
        }
        masks(&mut world, &facts);
        world.becomes_quiet();
        seen.still_holds(&world, &facts);
        every_view_is_the_homes(&world);
        nothing_is_lost(&world);
        who_held_a_term_is_refused(&mut world);
        comes_to_an_end(&mut world);
        seen.still_holds(&world, &facts);
        every_view_is_the_homes(&world);
        nothing_is_lost(&world);
    }
}

fn happens(world: &mut World, step: &Step, facts: &CaseFacts) {
    let registering = ORGANS.into_iter().find(|organ| *organ == facts.registering_organ).unwrap();
    match *step {
        Step::Does { which, how } => {
            let chances = world.chances();
            if !chances.is_empty() {
                world.takes(&chances[which % chances.len()], how);
            }
        }
        Step::Arrives { which } => {
            let waiting = world.waiting();
            if !waiting.is_empty() {
                world.deliver(waiting[which % waiting.len()]);
            }
        }
        Step::ArrivesAgain { which } => world.deliver_again(which),
        Step::TimeGoesBy { hours } => world.now += SignedDuration::from_hours(hours),
        Step::Withdrawn { goes_on } => {
            world.story.push(format!("withdrawn, goes on: {goes_on}"));
            world.hears(registering, Act::NoteWithdrawal { goes_on });
        }
        Step::Replied => {
            let case = world.case(registering).unwrap();
            if case.concluded && case.state() == CaseState::Concluded {
                let at = world.now;
                world.story.push(format!("{registering} has told the complainant"));
                world.hears(registering, Act::NoteReply { at });
            }
        }
        // Known gap.
        Step::Corrected { .. } if world.is_on_its_way() => {}
        Step::Corrected { complex } => {
            let weights = if complex { vec![Weight::Complex.into()] } else { Vec::new() };
            let facts = Box::new(CaseFacts { weights, accepted_at: None, ..facts.clone() });
            world.hears(registering, Act::CorrectFacts { facts, from: None });
        }
        Step::Masked => masks(world, facts),
        // Known gap.
        Step::Closes { .. } if goes_up(facts) || world.was_asked_for() || world.was_reopened() => {}
        Step::AsksForIt { .. } if world.has_moved() || world.was_reopened() => {}
        Step::Closes { closed, into } => world.closes(ORGANS[closed], ORGANS[into]),
        Step::Follows { which } => world.follows(ORGANS[which]),
        Step::AsksForIt { above, below, how } => world.asks_for_it(ORGANS[above], ORGANS[below], how),
    }
}

/// Whether the rules send the case up from a sub-centre.
fn goes_up(facts: &CaseFacts) -> bool {
    facts.respondents.iter().any(|one| one.head || one.kind() != RespondentKind::Person)
}

/// The intake of the organ that registered the case confirms its masks, once.
fn masks(world: &mut World, facts: &CaseFacts) {
    let registering = ORGANS.into_iter().find(|organ| *organ == facts.registering_organ).unwrap();
    world.hears(registering, Act::NoteWorkingCopy(working_copy(1)));
}

/// What was seen of the home's terms before.
#[derive(Default)]
struct Seen {
    terms: Vec<(u32, String, i64)>,
}

impl Seen {
    /// What holds at every moment.
    fn still_holds(&mut self, world: &World, facts: &CaseFacts) {
        // On its way from one home to the next, nothing changes there.
        if let Some((home, case)) = world.home() {
            let told = || format!("at {home}:\n{}", world.story.join("\n"));
            for (index, tenure) in case.terms.iter().enumerate() {
                assert_eq!(tenure.term as usize, index + 1, "numbers without a gap {}", told());
                let last = index + 1 == case.terms.len();
                let earlier = tenure.state() == TermState::Concluded && tenure.reopenings < case.reopenings;
                assert_eq!(tenure.superseded_by == 0, last || earlier, "one organ is responsible {}", told());
                assert!(
                    last || earlier || tenure.state() == TermState::Superseded,
                    "and no other {}",
                    told()
                );
            }
            if case.state() == CaseState::InHandling {
                let current = case.current().unwrap_or_else(|| panic!("nobody is responsible {}", told()));
                assert_ne!(current.state(), TermState::Superseded, "whose term runs {}", told());
                assert!(!current.organ.is_empty());
            }
            let terms = case.terms.iter().map(|term| (term.term, term.organ.clone(), term.begun_at));
            let terms: Vec<_> = terms.collect();
            assert!(terms.starts_with(&self.terms), "a term changed afterwards {}", told());
            self.terms = terms;
        }
        let told = || world.story.join("\n");
        for organ in ORGANS {
            let Some(known) = world.case(organ) else { continue };
            let accepted_at = known.facts.as_ref().and_then(|facts| facts.accepted_at);
            assert_eq!(accepted_at, facts.accepted_at, "the case's clock started again at {organ}");
            for tenure in &known.terms {
                let begun = (tenure.term, tenure.organ.clone(), tenure.begun_at);
                assert!(self.terms.contains(&begun), "{organ} knows of a term that nobody gave {}", told());
            }
        }
    }
}

/// Quiet and connected, each organ sees its terms as the home does, and finds the home; which is open, and so is the holder.
fn every_view_is_the_homes(world: &World) {
    let (home, at_home) = world.settled();
    let closed = |organ: &str| world.directory.is_closed(organ);
    assert!(!at_home.is_kept_by(home) || !closed(home), "{home} is closed:\n{}", world.story.join("\n"));
    // Where nobody in its place may judge the case, the home takes it from the closed organ when somebody decides who has it.
    let own = at_home.facts.iter().flat_map(|facts| &facts.respondents).any(|one| one.organ == home);
    let left = at_home.holder().is_some_and(closed);
    assert!(!left || own, "its holder is closed:\n{}", world.story.join("\n"));
    for organ in ORGANS.into_iter().filter(|organ| *organ != home) {
        let Some(known) = world.case(organ) else { continue };
        let told = || format!("{organ} and {home}:\n{}", world.story.join("\n"));
        assert_eq!(world.found_from(organ), home, "{}", told());
        let holds = at_home.current().is_some_and(|tenure| tenure.organ == organ);
        let registered = at_home.registering_organ() == organ;
        if registered || at_home.holder() == Some(organ) {
            assert_eq!(known.home, home, "{}", told());
        }
        // Of what others hold, a home before knows what it was then.
        for tenure in known.terms.iter().filter(|tenure| tenure.organ == organ) {
            let there = &at_home.terms[tenure.term as usize - 1];
            let ended = |tenure: &Tenure| (tenure.superseded_by, tenure.left, tenure.superseded_because);
            assert_eq!(ended(tenure), ended(there), "{}", told());
            if at_home.state() == CaseState::InHandling && there.superseded_by == 0 {
                let asked = |tenure: &Tenure| (tenure.returned.clone(), tenure.recalls.clone());
                assert_eq!(asked(tenure), asked(there), "{}", told());
                assert_eq!(tenure.compulsory, there.compulsory, "{}", told());
                assert_eq!(tenure.return_by, there.return_by, "{}", told());
            }
        }
        if holds {
            assert_eq!(known.facts, at_home.facts, "{}", told());
        }
        let running = matches!(at_home.state(), CaseState::InHandling | CaseState::Withdrawn);
        // A withdrawal may have crossed a result that was opened again since.
        let before = known.state() == CaseState::Withdrawn && at_home.reopenings > 0 && !holds;
        if (holds || registered) && running && !before {
            assert_eq!(known.state(), at_home.state(), "{}", told());
        }
        // A withdrawal may have crossed the result.
        if registered && at_home.state() == CaseState::Concluded && known.state() != CaseState::Withdrawn {
            assert!(known.concluded && known.finding == at_home.finding, "{}", told());
        }
    }
}

/// Whoever held a term, and knows that it ended, does nothing under it any more.
fn who_held_a_term_is_refused(world: &mut World) {
    for organ in ORGANS {
        let Some(tenure) = world.case(organ).and_then(Case::current).cloned() else { continue };
        if tenure.organ != organ || tenure.superseded_by == 0 {
            continue;
        }
        let term = tenure.term;
        let give_back = GiveBack { term, ground: "not_competent".into(), reason: sealed(80), approves: true };
        let acts = [
            Act::Acknowledge { term },
            appointment(term, &INVESTIGATORS),
            submission(term),
            Act::Approve { term },
            Act::Transfer(Box::new(Handshake::Return(give_back))),
            Act::Transfer(Box::new(Handshake::AnswerRecall { term, kept: None })),
        ];
        for act in acts {
            let refused = world.does(organ, LEADER, act).expect_err("its term ended");
            let current = tenure.superseded_by;
            assert_eq!(refused, Rejection::Term { named: term, current });
        }
    }
}

/// What a holder did counts at the home, or is void there and listed; and what counts is not void.
fn nothing_is_lost(world: &World) {
    let (_, case) = world.settled();
    let late = |did: &Did| {
        let next = case.terms.get(did.term as usize);
        next.is_some_and(|next| did.at.as_microsecond() > next.begun_at)
    };
    for did in &world.did {
        let Did { organ, term, act, .. } = did;
        let is = |void: &&VoidAct| void.term == *term && void.organ == *organ && void.act == *act;
        let listed = case.void_acts.iter().filter(is).count();
        let told = || format!("{organ} did {act} under {term}:\n{}", world.story.join("\n"));
        if let Some(counts) = counts(case, did) {
            assert!(counts || listed > 0, "{}", told());
        } else {
            let same = |other: &&Did| other.term == *term && other.organ == *organ && other.act == *act;
            let void = world.did.iter().filter(same).filter(|other| late(other)).count();
            assert_eq!(listed, void, "{}", told());
        }
    }
}

/// Whether what a holder told the home is to be seen there; nothing where it does not tell it.
fn counts(case: &Case, did: &Did) -> Option<bool> {
    let tenure = &case.terms[did.term as usize - 1];
    Some(match did.act {
        "transfer_acknowledged" => tenure.acknowledged_at.is_some(),
        "transfer_returned" => tenure.returned.is_some(),
        "recall_answered" => tenure.recalls.iter().any(|recalled| recalled.answered.is_some()),
        "result_reported" => tenure.state() == TermState::Concluded,
        "designation_asked" => case.disputes.iter().any(|disputed| {
            let asked = disputed.asked.as_ref();
            asked.is_some_and(|asked| asked.term == did.term && asked.organ == did.organ)
        }),
        _ => return None,
    })
}

/// From wherever it has come to, the case can be brought to conclusion; there is always somebody who can go on with it.
fn comes_to_an_end(world: &mut World) {
    const ORDER: [(Action, &[usize]); 12] = [
        (Action::ApproveDisposition, &[0]),
        (Action::SubmitDisposition, &[0]),
        (Action::RecordInvestigation, &[0]),
        (Action::AppointInvestigators, &[0]),
        (Action::Acknowledge, &[0]),
        (Action::DecideSecondReturn, &[1]),
        (Action::DecideReturn, &[11]),
        (Action::AnswerRecall, &[1]),
        (Action::DecideDeparture, &[0, 1]),
        (Action::Route, &[7, 1, 2, 3, 4, 5]),
        (Action::Designate, &[0, 1, 2, 3, 4]),
        // Of a closed organ, at once.
        (Action::RequestRecall, &[0, 1, 2, 3, 4]),
    ];
    for _ in 0..40 {
        world.becomes_quiet();
        let (_, case) = world.settled();
        if !matches!(case.state(), CaseState::Accepted | CaseState::InHandling) {
            return;
        }
        let mut chances = world.chances();
        chances.retain(|chance| !world.directory.is_closed(chance.organ));
        let goes_on = ORDER.iter().any(|(action, hows)| {
            let chance = chances.iter().find(|chance| chance.action == *action);
            chance.is_some_and(|chance| hows.iter().any(|how| world.takes(chance, *how)))
        });
        assert!(goes_on, "a dead end:\n{chances:?}\n{}", world.story.join("\n"));
    }
    panic!("it goes on for ever:\n{}", world.story.join("\n"));
}
