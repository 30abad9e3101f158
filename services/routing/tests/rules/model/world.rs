//! Five organs' ledgers and the mailboxes between each two of them: in order within a pair, in any order across pairs, late,
//! and twice.

use std::collections::BTreeMap;

use directory::Directory;
use duban_proto::common::v1::{CaseFacts, OrganKind};
use duban_proto::routing::v1::event::Kind;
use jiff::{SignedDuration, Timestamp};
use routing::domain::{Act, At, Book, Case, Command, Entry, Open, Rejection, decide};

use crate::support::{ABOVE, CASE, CENTRE, OTHER, TOWN, UNIT, at, organ, rules, working_copy};

pub(super) const PARK: &str = "baoshan.park";
pub(super) const STREET: &str = "baoshan.youyi";
/// The five; what is complained about is below or among them.
pub(super) const ORGANS: [&str; 5] = [CENTRE, TOWN, OTHER, PARK, STREET];

/// What one organ addressed to another, oldest first.
#[derive(Default)]
struct Mailbox {
    sent: Vec<(Kind, Timestamp)>,
    heard: usize,
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
    /// A case that its registering organ has accepted, with its masks confirmed.
    pub(super) fn new(facts: CaseFacts) -> Self {
        let receives = |code: &&'static str| organ(code, CENTRE, OrganKind::SubCentre);
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
        world.hears(home, Act::NoteWorkingCopy(working_copy(1)));
        world
    }

    /// Decides, takes the entries in, and posts what is addressed to others.
    pub(super) fn does(&mut self, organ: &'static str, actor: &str, act: Act) -> Result<(), Rejection> {
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
        Ok(())
    }

    /// What is told is never rejected.
    pub(super) fn hears(&mut self, organ: &'static str, act: Act) {
        let told = format!("{act:?}");
        self.does(organ, "service:routing", act)
            .unwrap_or_else(|rejection| panic!("{organ} rejects {told}: {rejection}"));
    }

    pub(super) fn case(&self, organ: &str) -> Option<&Case> {
        self.books.get(organ)?.case(CASE)
    }

    /// The organ that numbers the terms now: the centre, once the case has come up to it.
    pub(super) fn home(&self) -> (&'static str, &Case) {
        let home = ORGANS.into_iter().find(|organ| self.case(organ).is_some_and(|case| case.is_home(organ)));
        let home = home.expect("a case has a home");
        (home, self.case(home).expect("which knows it"))
    }

    /// The pairs for which something is on its way.
    pub(super) fn waiting(&self) -> Vec<(&'static str, &'static str)> {
        let waits = self.mail.iter().filter(|(_, mailbox)| mailbox.heard < mailbox.sent.len());
        waits.map(|(pair, _)| *pair).collect()
    }

    /// The next entry of this pair is heard.
    pub(super) fn deliver(&mut self, pair: (&'static str, &'static str)) {
        let mailbox = self.mail.entry(pair).or_default();
        let next = mailbox.heard;
        mailbox.heard += 1;
        self.tell(pair, next);
    }

    /// An entry that was heard before is heard again. Facts as they were before others came are no news that comes twice, but
    /// an older one: of these, only what a pair heard last.
    pub(super) fn deliver_again(&mut self, choice: usize) {
        let mut heard = Vec::new();
        for (pair, mailbox) in &self.mail {
            let again = |at: &usize| {
                let facts = matches!(mailbox.sent[*at].0, Kind::FactsCorrected(_));
                !facts || at + 1 == mailbox.heard
            };
            heard.extend((0..mailbox.heard).filter(again).map(|at| (*pair, at)));
        }
        if heard.is_empty() {
            return;
        }
        let (pair, at) = heard[choice % heard.len()];
        let before = self.case(pair.1).map(|case| case.version);
        self.tell(pair, at);
        assert_eq!(self.case(pair.1).map(|case| case.version), before, "told twice, changed twice");
    }

    fn tell(&mut self, (from, to): (&'static str, &'static str), which: usize) {
        let (kind, recorded_at) = self.mail[&(from, to)].sent[which].clone();
        self.story.push(format!("{to} hears of {from}: {}", name(&kind)));
        let act = Act::heard(kind, from, recorded_at).unwrap().expect("addressed, and heard");
        self.hears(to, act);
    }

    /// Everything is delivered, and what comes of it.
    pub(super) fn becomes_quiet(&mut self) {
        while let Some(pair) = self.waiting().first() {
            self.deliver(*pair);
        }
    }

    /// An organ is closed, and another takes its place in the directory: no case comes to it any more.
    pub(super) fn merges(&mut self, closed: &str, into: &str) {
        let mut all: Vec<_> = self.directory.iter().cloned().collect();
        for organ in all.iter_mut().filter(|organ| organ.code == closed) {
            into.clone_into(&mut organ.successor);
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
