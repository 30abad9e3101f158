//! Any closings, in any order with what organs tell each other: one home, one holder, no dead end (article 4).

use std::collections::BTreeMap;

use directory::Directory;
use duban_proto::common::v1::{CaseState, Organ, OrganKind};
use duban_proto::routing::v1::TermState;
use proptest::prelude::*;
use routing::domain::{Act, Departure, Fact, Route, Succession};

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, about_a_clerk, appointment, at, directory, organ,
    record, sealed, submission,
};

const THIRD: &str = "baoshan.gucun";
const BRANCH: &str = "baoshan.luodian.park";
const ORGANS: [&str; 5] = [CENTRE, TOWN, OTHER, THIRD, BRANCH];

/// What may happen next; numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    /// The first entry of one of the mailboxes is heard.
    Hear(usize),
    /// The worker looks at an organ's ledger.
    Follow(usize),
    /// An organ is closed, another takes its place.
    Close(usize, usize),
    /// An organ does what it may do next with its term.
    Work(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let any = || 0..ORGANS.len();
    prop_oneof![
        4 => (0..8_usize).prop_map(Step::Hear),
        3 => any().prop_map(Step::Follow),
        2 => (any(), any()).prop_map(|(closed, successor)| Step::Close(closed, successor)),
        3 => any().prop_map(Step::Work),
    ]
}

/// The district, and each mailbox in order.
struct Play {
    district: District,
    mail: BTreeMap<(String, String), Vec<Fact>>,
}

impl Play {
    /// A case of the town, which it handles itself or handed to the branch below it.
    fn begin(branch: bool) -> Self {
        let mut district = District::ready(about_a_clerk(TOWN));
        let more = [organ(THIRD, CENTRE, OrganKind::SubCentre), organ(BRANCH, TOWN, OrganKind::SubCentre)];
        district.directory = Directory::new(directory().iter().cloned().chain(more));
        let to = if branch { BRANCH } else { TOWN };
        let departure = Some(Departure { organ: to.into(), reason: sealed(40), stands: true });
        let version = district.case(TOWN).version;
        district.does(TOWN, LEADER, Act::Route(Box::new(Route { version, departure }))).unwrap();
        let mut play = Self { district, mail: BTreeMap::new() };
        play.post();
        play
    }

    fn post(&mut self) {
        for (from, fact) in self.district.take_mail() {
            let to = fact.audience.clone().unwrap();
            self.mail.entry((from, to)).or_default().push(fact);
        }
    }

    fn goes(&mut self, step: &Step) {
        match *step {
            Step::Hear(which) => self.hear(which),
            Step::Follow(which) => self.follow(ORGANS[which]),
            Step::Close(closed, successor) => self.close(ORGANS[closed], ORGANS[successor]),
            Step::Work(which) => self.work(ORGANS[which]),
        }
        self.post();
    }

    fn hear(&mut self, which: usize) {
        let full: Vec<_> =
            self.mail.iter().filter(|(_, mail)| !mail.is_empty()).map(|(key, _)| key.clone()).collect();
        let Some((from, to)) = full.get(which % full.len().max(1)).cloned() else { return };
        let fact = self.mail.get_mut(&(from.clone(), to.clone())).unwrap().remove(0);
        let act = Act::heard(fact.kind, &from, self.district.now).unwrap().expect("addressed, and heard");
        // What is told twice changes nothing.
        for again in [false, true] {
            let outcome = self.district.hears(&to, act.clone());
            assert!(!again || outcome.facts.is_empty() || self.passes(&to), "{outcome:?}");
        }
    }

    /// Who was closed passes on whatever comes; the next home sees that it came before.
    fn passes(&self, organ: &str) -> bool {
        self.district.case(organ).passed
    }

    fn follow(&mut self, organ: &str) {
        if self.district.knows(organ) {
            self.district.hears(organ, Act::from(Succession::Follow));
        }
    }

    fn close(&mut self, closed: &str, successor: &str) {
        let directory = &self.district.directory;
        let open = |code: &str| !directory.is_closed(code);
        if closed == CENTRE || closed == successor || !open(closed) || !open(successor) {
            return;
        }
        let mut organs: Vec<Organ> = directory.iter().cloned().collect();
        for organ in &mut organs {
            if organ.code == closed {
                organ.successor = successor.into();
            } else if organ.parent == closed {
                organ.parent = if organ.code == successor { CENTRE.into() } else { successor.into() };
            }
        }
        self.district.directory = Directory::new(organs);
    }

    fn work(&mut self, organ: &str) {
        if !self.district.knows(organ) {
            return;
        }
        let Some(tenure) = self.district.case(organ).current().cloned() else { return };
        let term = tenure.term;
        let act = match tenure.state() {
            TermState::Begun => Act::Acknowledge { term },
            TermState::Acknowledged => appointment(term, &INVESTIGATORS),
            TermState::Investigating if tenure.records.is_empty() => {
                Act::File(Box::new(record(term, &INVESTIGATORS)))
            }
            TermState::Investigating => submission(term),
            TermState::Submitted => Act::Approve { term },
            _ => return,
        };
        let who =
            if matches!(act, Act::Approve { .. } | Act::Appoint(_)) { LEADER } else { INVESTIGATORS[0] };
        // Who does not hold it is told so.
        let _ = self.district.does(organ, who, act);
    }

    /// All that is told is heard, and the worker has looked everywhere.
    fn quiet(&mut self) {
        for _ in 0..100 {
            while self.mail.values().any(|mail| !mail.is_empty()) {
                self.goes(&Step::Hear(0));
            }
            for organ in ORGANS {
                self.follow(organ);
            }
            self.post();
            if self.mail.values().all(Vec::is_empty) {
                return;
            }
        }
        panic!("it never comes to rest");
    }

    fn homes(&self) -> Vec<&'static str> {
        let known = ORGANS.into_iter().filter(|organ| self.district.knows(organ));
        known.filter(|organ| self.district.case(organ).is_kept_by(organ)).collect()
    }

    /// The home that `organ` finds, from one to the next.
    fn found_from(&self, organ: &str) -> String {
        let mut at = organ.to_owned();
        for _ in ORGANS {
            let home = self.district.case(&at).home.clone();
            if home == at {
                break;
            }
            at = home;
        }
        at
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn art_4_whatever_is_closed_in_whatever_order_each_case_has_one_home_and_one_holder(
        branch in any::<bool>(),
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut play = Play::begin(branch);
        for step in &steps {
            play.goes(step);
            prop_assert!(play.homes().len() <= 1, "{:?}", play.homes());
        }
        play.quiet();
        let homes = play.homes();
        let [home] = homes.as_slice() else { panic!("one home, got {homes:?}") };
        prop_assert!(!play.district.directory.is_closed(home));
        let case = play.district.case(home);
        if case.state() == CaseState::InHandling {
            let holder = case.current().unwrap().organ.clone();
            prop_assert!(!play.district.directory.is_closed(&holder), "{holder} holds it");
            let known = play.district.case(&holder).current_term();
            prop_assert_eq!(known, case.current_term(), "the holder knows");
            // No dead end: it goes on to its end from here.
            for _ in 0..6 {
                play.work(&holder);
                play.post();
                play.quiet();
            }
        }
        let case = play.district.case(home);
        prop_assert_eq!(case.state(), CaseState::Concluded);
        prop_assert!(case.concluded);
        for organ in ORGANS.into_iter().filter(|organ| play.district.knows(organ)) {
            prop_assert_eq!(play.found_from(organ), *home, "from {}", organ);
            let facts = play.district.case(organ).facts.clone().unwrap();
            let accepted_at = server::time::from_proto(&facts.accepted_at.unwrap());
            prop_assert_eq!(accepted_at, Some(at("2026-03-02 09:00")), "the case's clock never moved");
        }
        prop_assert_eq!(play.district.state(TOWN), CaseState::Concluded, "the door knows the result");
    }
}
