//! Five organs' ledgers and the mailboxes between each two of them: in order within a pair, in any order across pairs, late,
//! and twice.

use std::collections::BTreeMap;

use directory::Directory;
use duban_proto::common::v1::{CaseFacts, Organ, OrganKind};
use duban_proto::routing::v1::event::Kind;
use jiff::{SignedDuration, Timestamp};
use routing::domain::{Act, At, Book, Case, Command, Entry, Open, Outcome, Rejection, Succession, decide};

use crate::support::{ABOVE, CASE, CENTRE, OTHER, TOWN, UNIT, at, organ, rules, working_copy};

pub(super) const PARK: &str = "baoshan.park";
/// A sub-centre below the town.
pub(super) const BRANCH: &str = "baoshan.luodian.gulu";
/// The five; what is complained about is below or among them.
pub(super) const ORGANS: [&str; 5] = [CENTRE, TOWN, OTHER, PARK, BRANCH];

/// What one organ addressed to another, oldest first.
#[derive(Default)]
struct Mailbox {
    sent: Vec<(Kind, Timestamp)>,
    heard: usize,
    /// What was heard by an organ that knew nothing of the case, or of the term, and remembers nothing of it.
    strange: Vec<usize>,
}

/// Something a holder did under its term.
pub(super) struct Did {
    pub(super) organ: String,
    pub(super) term: u32,
    pub(super) act: &'static str,
    pub(super) at: Timestamp,
}

/// All that there is.
pub(super) struct World {
    pub(super) directory: Directory,
    pub(super) now: Timestamp,
    /// What holders did under their terms, wherever it has been told.
    pub(super) did: Vec<Did>,
    /// What was done, in words, for whoever has to find out why.
    pub(super) story: Vec<String>,
    books: BTreeMap<&'static str, Book>,
    mail: BTreeMap<(&'static str, &'static str), Mailbox>,
}

impl World {
    /// A case that its registering organ has accepted, with its masks confirmed or not.
    pub(super) fn new(facts: CaseFacts, masked: bool) -> Self {
        let above = |code: &str| if code == BRANCH { TOWN } else { CENTRE };
        let receives = |code: &&'static str| organ(code, above(code), OrganKind::SubCentre);
        let around = [
            organ(ABOVE, "", OrganKind::External),
            organ(CENTRE, ABOVE, OrganKind::Centre),
            organ(UNIT, TOWN, OrganKind::Unit),
        ];
        let directory = Directory::new(ORGANS[1..].iter().map(receives).chain(around));
        let mut world = Self {
            directory,
            now: at("2026-03-02 10:00"),
            did: Vec::new(),
            story: Vec::new(),
            books: BTreeMap::new(),
            mail: BTreeMap::new(),
        };
        let home = known(&facts.registering_organ);
        world.hears(home, Act::Open(Box::new(Open { facts, came_from: String::new() })));
        if masked {
            world.hears(home, Act::NoteWorkingCopy(working_copy(1)));
        }
        world
    }

    /// Decides, takes the entries in, and posts what is addressed to others.
    pub(super) fn does(&mut self, organ: &'static str, actor: &str, act: Act) -> Result<Outcome, Rejection> {
        self.now += SignedDuration::from_mins(1);
        let book = self.books.entry(organ).or_default();
        let command = Command { case_id: Some(CASE), act };
        let outcome = decide(rules(), &self.directory, book, &command, At { organ, now: self.now, actor })?;
        for fact in &outcome.facts {
            book.evolve(&Entry { organ, at: self.now, actor, case_id: Some(CASE), kind: &fact.kind });
            if let Some(audience) = &fact.audience {
                let mailbox = self.mail.entry((organ, known(audience))).or_default();
                mailbox.sent.push((fact.kind.clone(), self.now));
            }
        }
        if let (Some(told), Some(case)) = (&outcome.answer.case, self.case(organ)) {
            assert_eq!(told.version, case.version, "the answer is the case as it is");
        }
        let numbering = ORGANS.into_iter().filter(|organ| self.numbers_terms(organ)).count();
        assert!(numbering <= 1, "{numbering} organs number the terms:\n{}", self.story.join("\n"));
        Ok(outcome)
    }

    /// What is told is never rejected.
    pub(super) fn hears(&mut self, organ: &'static str, act: Act) -> Outcome {
        let told = format!("{act:?}");
        self.does(organ, "service:routing", act).unwrap_or_else(|rejection| {
            panic!("{organ} rejects {told}: {rejection}\n{}", self.story.join("\n"))
        })
    }

    fn numbers_terms(&self, organ: &str) -> bool {
        self.case(organ).is_some_and(|case| case.numbers_terms(organ))
    }

    pub(super) fn case(&self, organ: &str) -> Option<&Case> {
        self.books.get(organ)?.case(CASE)
    }

    /// The organ that numbers the terms now; none while the home is on its way to the next.
    pub(super) fn home(&self) -> Option<(&'static str, &Case)> {
        let home = ORGANS.into_iter().find(|organ| self.numbers_terms(organ))?;
        Some((home, self.case(home)?))
    }

    /// The same, once all is quiet.
    pub(super) fn settled(&self) -> (&'static str, &Case) {
        self.home().unwrap_or_else(|| panic!("a case has a home:\n{}", self.story.join("\n")))
    }

    /// The home that an organ finds, from one to the next.
    pub(super) fn found_from(&self, organ: &str) -> String {
        let mut at = organ.to_owned();
        for _ in ORGANS {
            match self.case(&at).map(|case| case.home.clone()) {
                Some(home) if home != at => at = home,
                _ => break,
            }
        }
        at
    }

    /// Whether the home moved, or was asked for or left.
    pub(super) fn is_on_its_way(&self) -> bool {
        let moves = |kind: &Kind| {
            matches!(kind, Kind::HomeTakeoverAsked(_) | Kind::HomeSucceeded(_) | Kind::ReportedUp(_))
        };
        self.mail.values().any(|mailbox| mailbox.sent.iter().any(|(kind, _)| moves(kind)))
    }

    /// Whether an organ above asked for the case.
    pub(super) fn was_asked_for(&self) -> bool {
        let asks = |kind: &Kind| matches!(kind, Kind::HomeTakeoverAsked(_));
        self.mail.values().any(|mailbox| mailbox.sent.iter().any(|(kind, _)| asks(kind)))
    }

    /// Whether the case was opened again.
    pub(super) fn was_reopened(&self) -> bool {
        ORGANS.into_iter().any(|organ| self.case(organ).is_some_and(|case| case.reopenings > 0))
    }

    /// Whether a home left the case for another reason, or an organ was closed.
    pub(super) fn has_moved(&self) -> bool {
        ORGANS.into_iter().any(|organ| self.directory.is_closed(organ))
            || self.is_on_its_way() && !self.was_asked_for()
    }

    /// The pairs for which something is on its way.
    pub(super) fn waiting(&self) -> Vec<(&'static str, &'static str)> {
        let waits = self.mail.iter().filter(|(_, mailbox)| mailbox.heard < mailbox.sent.len());
        waits.map(|(pair, _)| *pair).collect()
    }

    /// The next entry of this pair is heard.
    pub(super) fn deliver(&mut self, pair: (&'static str, &'static str)) {
        let unknown = self.case(pair.1).is_none();
        let mailbox = self.mail.entry(pair).or_default();
        let next = mailbox.heard;
        mailbox.heard += 1;
        let of_a_term = matches!(mailbox.sent[next].0, Kind::TermSuperseded(_) | Kind::RecallRequested(_));
        let changed = !self.tell(pair, next).facts.is_empty();
        let strange = (unknown && self.case(pair.1).is_none()) || (of_a_term && !changed);
        if let Some(mailbox) = self.mail.get_mut(&pair).filter(|_| strange) {
            mailbox.strange.push(next);
        }
    }

    /// An entry that was heard before is heard again. Facts as they were before others came are no news that comes twice, but
    /// an older one: of these, only what a pair heard last; and a withdrawal that came too late is none of what was opened again
    /// since. Not what came before the organ knew the case or the term, once it knows the case, nor that a case was filed that was
    /// opened again since, nor a question of competence at a home before (known gaps).
    pub(super) fn deliver_again(&mut self, choice: usize) {
        let mut heard = Vec::new();
        for (pair, mailbox) in &self.mail {
            let known = self.case(pair.1).is_some();
            let reopened = self.case(pair.1).is_some_and(|case| case.reopenings > 0);
            let again = |at: &usize| match mailbox.sent[*at].0 {
                Kind::FactsCorrected(_) => at + 1 == mailbox.heard,
                Kind::WithdrawalNoted(_) | Kind::CaseArchived(_) => !reopened,
                Kind::DesignationAsked(_) => self.case(pair.1).is_some_and(|case| case.is_home(pair.1)),
                _ => !(known && mailbox.strange.contains(at)),
            };
            heard.extend((0..mailbox.heard).filter(again).map(|at| (*pair, at)));
        }
        if heard.is_empty() {
            return;
        }
        let (pair, at) = heard[choice % heard.len()];
        let outcome = self.tell(pair, at);
        // Who left it to another passes on whatever comes, and the next home sees that it came before; who does not know the case
        // remembers nothing of it, and says so again.
        let greeted = matches!(self.mail[&pair].sent[at].0, Kind::HomeNoted(_) | Kind::PassedOn(_));
        let unknown = self.case(pair.1).is_none();
        let again = |kind: &Kind| match kind {
            Kind::PassedOn(_) => true,
            Kind::HomeTakeoverRefused(_) => unknown,
            // A holder that greets the home again is told again what it may not have understood.
            Kind::HomeNoted(_)
            | Kind::TermSuperseded(_)
            | Kind::RecallRequested(_)
            | Kind::FactsCorrected(_)
            | Kind::WithdrawalNoted(_) => greeted,
            _ => false,
        };
        let changed: Vec<_> = outcome.facts.iter().filter(|fact| !again(&fact.kind)).collect();
        assert!(changed.is_empty(), "told twice, changed twice: {changed:?}\n{}", self.story.join("\n"));
    }

    fn tell(&mut self, (from, to): (&'static str, &'static str), which: usize) -> Outcome {
        let (kind, recorded_at) = self.mail[&(from, to)].sent[which].clone();
        self.story.push(format!("{to} hears of {from}: {}", name(&kind)));
        let act = Act::heard(kind, from, recorded_at).unwrap().expect("addressed, and heard");
        self.hears(to, act)
    }

    /// Everything is delivered, and what comes of it; and the worker has looked everywhere.
    pub(super) fn becomes_quiet(&mut self) {
        for _ in 0..50 {
            while let Some(pair) = self.waiting().first() {
                self.deliver(*pair);
            }
            for organ in ORGANS {
                self.follows(organ);
            }
            if self.waiting().is_empty() {
                return;
            }
        }
        panic!("it never comes to rest:\n{}", self.story.join("\n"));
    }

    /// The worker looks at an organ's ledger, if there is something for it.
    pub(super) fn follows(&mut self, organ: &'static str) {
        let Some(case) = self.case(organ).filter(|case| case.is_kept_by(organ)) else { return };
        let closed = |organ: &str| self.directory.is_closed(organ);
        if closed(organ) || case.holder().is_some_and(closed) {
            self.story.push(format!("the worker looks at {organ}"));
            self.hears(organ, Act::from(Succession::Follow));
        }
    }

    /// An organ is closed, and another takes its place; what is below it comes under that one.
    ///
    /// Never the last sub-centre (a known gap): of what is about the centre by then, nobody in the system may judge.
    pub(super) fn closes(&mut self, closed: &'static str, into: &'static str) {
        let open = ORGANS[1..].iter().filter(|organ| !self.directory.is_closed(organ)).count();
        if open == 1
            || closed == CENTRE
            || closed == into
            || [closed, into].iter().any(|it| self.directory.is_closed(it))
        {
            return;
        }
        self.story.push(format!("{closed} is closed, {into} is in its place"));
        let mut all: Vec<Organ> = self.directory.iter().cloned().collect();
        for organ in &mut all {
            if organ.code == closed {
                into.clone_into(&mut organ.successor);
            } else if organ.parent == closed {
                organ.parent = if organ.code == into { CENTRE.into() } else { into.into() };
            }
        }
        self.directory = Directory::new(all);
    }
}

pub(super) fn name(kind: &Kind) -> &'static str {
    ledger::Event::kind(&routing::Event::new(kind.clone()))
}

fn known(code: &str) -> &'static str {
    ORGANS.into_iter().find(|organ| *organ == code).unwrap_or_else(|| panic!("{code} is none of the five"))
}
